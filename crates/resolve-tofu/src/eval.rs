//! Evaluation of a root: every name once, when it is first asked for.

mod body;
mod call;
mod collection;
mod expression;
mod name;
mod reference;
mod repetition;
mod template;
mod types;
mod variable;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use diagnostic::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use crate::config::{Module, ModuleCall, ResourceName};
use crate::files::Files;
use crate::modules::Modules;
use crate::root::Key;
use crate::value::Value;

pub(crate) use call::{HERE, OF_FILE};
pub(crate) use repetition::Expansion;

/// How many expressions and elements may be evaluated for one root. A real root takes thousands.
const WORK: u64 = 20_000_000;
/// How deep expressions and names may lie in each other.
const DEPTH: u32 = 1_000;

/// One module as it is called: the root, or an instance of a `module` block.
pub(crate) struct ModuleInstance<'a> {
    pub(crate) module: &'a Module,
    pub(crate) parent: Option<Parent<'a>>,
    /// `module.apps["jellyfin"]`; the root's is empty.
    pub(crate) address: String,
    /// Whether all keys on the way are known.
    pub(crate) certain: bool,
}

/// Who calls a module.
pub(crate) struct Parent<'a> {
    pub(crate) id: ModuleId,
    pub(crate) call: &'a ModuleCall,
    /// What `each` and `count` are in the call.
    pub(crate) repeated: Repeated,
}

/// The number of a [`ModuleInstance`].
pub(crate) type ModuleId = usize;

/// What `each` and `count` stand for.
#[derive(Clone, Default)]
pub(crate) struct Repeated {
    pub(crate) each: Option<(Value, Value)>,
    pub(crate) count: Option<Value>,
}

/// What an expression may name besides what its module declares.
pub(crate) struct Scope {
    pub(crate) module: ModuleId,
    pub(crate) repeated: Repeated,
    /// `self`
    pub(crate) this: Option<Value>,
    /// The names of `for`, of `dynamic` blocks and of template files, the nearest last.
    pub(crate) names: Vec<(String, Value)>,
    /// The elements of the splats around, the nearest last.
    pub(crate) elements: Vec<Value>,
    /// Whether only `names` exist, as in a template file.
    pub(crate) closed: bool,
}

impl Scope {
    pub(crate) fn of(module: ModuleId, repeated: Repeated) -> Self {
        Self { module, repeated, this: None, names: Vec::new(), elements: Vec::new(), closed: false }
    }
}

/// What is evaluated once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Thing {
    Variable(String),
    Local(String),
    Output(String),
    Argument(ResourceName, Key, String),
    Resource(ResourceName),
    Call(String),
}

#[derive(Clone)]
enum State {
    Running,
    Value(Value),
    Expansion(Rc<Expansion>),
}

/// The evaluation of one root.
pub(crate) struct Evaluator<'a> {
    pub(crate) files: &'a Files<'a>,
    pub(crate) modules: &'a Modules,
    pub(crate) instances: RefCell<Vec<Rc<ModuleInstance<'a>>>>,
    children: RefCell<FxHashMap<(ModuleId, String, Key), Option<ModuleId>>>,
    things: RefCell<FxHashMap<(ModuleId, Rc<Thing>), State>>,
    running: RefCell<Vec<(ModuleId, Rc<Thing>)>>,
    circles: RefCell<BTreeSet<Vec<String>>>,
    /// What went wrong in the expression that is being evaluated.
    faults: RefCell<Vec<Diagnostic>>,
    /// What went wrong in those that are done.
    found: RefCell<Vec<Diagnostic>>,
    /// The values that files give to the root's variables.
    given: BTreeMap<String, Value>,
    work: Cell<u64>,
    depth: Cell<u32>,
    exhausted: Cell<bool>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(files: &'a Files<'a>, modules: &'a Modules, root: &'a Module) -> Self {
        let instance = ModuleInstance { module: root, parent: None, address: String::new(), certain: true };
        let mut evaluator = Self {
            files,
            modules,
            instances: RefCell::new(vec![Rc::new(instance)]),
            children: RefCell::default(),
            things: RefCell::default(),
            running: RefCell::default(),
            circles: RefCell::default(),
            faults: RefCell::default(),
            found: RefCell::default(),
            given: BTreeMap::new(),
            work: Cell::new(0),
            depth: Cell::new(0),
            exhausted: Cell::new(false),
        };
        evaluator.given = evaluator.values_from_files();
        evaluator
    }

    /// Whether the limits were reached, so that what would be known is not.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.exhausted.get()
    }

    /// Everything that went wrong, each fault once.
    pub(crate) fn into_found(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.extend(self.faults.into_inner());
        let mut seen = BTreeSet::new();
        // A module that is called ten times has its faults once; the first call tells the story.
        found.retain(|fault| seen.insert((fault.rule, fault.primary.span)));
        found
    }

    pub(crate) fn instance(&self, id: ModuleId) -> Rc<ModuleInstance<'a>> {
        Rc::clone(&self.instances.borrow()[id])
    }

    /// Reports a fault in the expression that is being evaluated.
    pub(crate) fn fault(&self, rule: &'static str, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(rule, span, message));
    }

    /// [`Self::fault`] with more to say.
    pub(crate) fn push(&self, fault: Diagnostic) {
        self.faults.borrow_mut().push(fault);
    }

    /// Runs `work` and hands back what went wrong in it, instead of reporting it.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
        let before = std::mem::take(&mut *self.faults.borrow_mut());
        let done = work();
        let faults = std::mem::replace(&mut *self.faults.borrow_mut(), before);
        (done, faults)
    }

    /// Counts `amount` of work; whether there may be more.
    pub(crate) fn spend(&self, amount: u64) -> bool {
        let work = self.work.get().saturating_add(amount);
        self.work.set(work);
        if work > WORK {
            self.exhausted.set(true);
        }
        !self.exhausted.get()
    }

    /// Runs `work` one level deeper; unknown if that is too deep.
    pub(crate) fn deeper(&self, work: impl FnOnce() -> Value) -> Value {
        let depth = self.depth.get();
        if depth >= DEPTH {
            self.exhausted.set(true);
            return crate::value::dynamic();
        }
        self.depth.set(depth + 1);
        let done = work();
        self.depth.set(depth);
        done
    }

    /// The value of `thing`, worked out when it is first asked for. A value that depends on itself is unknown, and
    /// reported at `span`.
    pub(crate) fn once(&self, module: ModuleId, thing: Thing, span: Span, work: impl FnOnce() -> Value) -> Value {
        let thing = Rc::new(thing);
        match self.begin(module, &thing, span) {
            Some(State::Value(value)) => return value,
            Some(_) => return crate::value::dynamic(),
            None => {}
        }
        let (value, faults) = self.aside(|| self.deeper(work));
        let value = if crate::value::is_oversized(&value) { crate::value::dynamic() } else { value };
        self.end(module, thing, State::Value(value.clone()), faults);
        value
    }

    /// [`Self::once`] for the instances of a block.
    pub(crate) fn once_expanded(
        &self,
        module: ModuleId,
        thing: Thing,
        span: Span,
        work: impl FnOnce() -> Expansion,
    ) -> Rc<Expansion> {
        let thing = Rc::new(thing);
        match self.begin(module, &thing, span) {
            Some(State::Expansion(expansion)) => return expansion,
            Some(_) => return Rc::new(Expansion::Unknown),
            None => {}
        }
        let (expansion, faults) = self.aside(work);
        let expansion = Rc::new(expansion);
        self.end(module, thing, State::Expansion(Rc::clone(&expansion)), faults);
        expansion
    }

    fn begin(&self, module: ModuleId, thing: &Rc<Thing>, span: Span) -> Option<State> {
        let key = (module, Rc::clone(thing));
        let state = self.things.borrow().get(&key).cloned();
        match state {
            None => {
                self.things.borrow_mut().insert(key.clone(), State::Running);
                self.running.borrow_mut().push(key);
                None
            }
            Some(State::Running) => {
                self.circle(&key, span);
                Some(State::Running)
            }
            done => done,
        }
    }

    fn end(&self, module: ModuleId, thing: Rc<Thing>, state: State, faults: Vec<Diagnostic>) {
        self.running.borrow_mut().pop();
        self.things.borrow_mut().insert((module, thing), state);
        self.found.borrow_mut().extend(faults);
    }

    /// Reports the circle that `key` closes, once, whichever of its members was asked for first.
    fn circle(&self, key: &(ModuleId, Rc<Thing>), span: Span) {
        let running = self.running.borrow();
        let Some(at) = running.iter().position(|other| other == key) else { return };
        let names: Vec<String> = running[at..].iter().map(|(module, thing)| self.named(*module, thing)).collect();
        let mut sorted = names.clone();
        sorted.sort();
        if self.circles.borrow_mut().insert(sorted) {
            let first = names.first().cloned();
            let path: Vec<String> = names.into_iter().chain(first).map(|name| format!("`{name}`")).collect();
            let message = format!("the value depends on itself: {}", path.join(" → "));
            self.found.borrow_mut().push(Diagnostic::error("reference-cycle", span, message));
        }
    }

    fn named(&self, module: ModuleId, thing: &Thing) -> String {
        let address = self.instance(module).address.clone();
        let name = match thing {
            Thing::Variable(name) => format!("var.{name}"),
            Thing::Local(name) => format!("local.{name}"),
            Thing::Output(name) => format!("output.{name}"),
            Thing::Argument(resource, key, name) => format!("{resource}{key}.{name}"),
            Thing::Resource(resource) => resource.to_string(),
            Thing::Call(name) => format!("module.{name}"),
        };
        if address.is_empty() { name } else { format!("{address}.{name}") }
    }
}
