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
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use diagnostic::{Diagnostic, Span, did_you_mean};
use rustc_hash::FxHashMap;

use crate::config::{Module, ModuleCall, ResourceName};
use crate::files::Files;
use crate::modules::Modules;
use crate::root::Key;
use crate::value::{Subject, Value};

pub(crate) use call::{HERE, OF_FILE};
pub(crate) use repetition::Expansion;
use types::Constraint;

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
    /// What of it is worked out. Each instance has a small table of its own: one of all would be too large to be near.
    things: RefCell<FxHashMap<Thing<'a>, State>>,
    /// What references to its resource instances are parts of.
    subjects: RefCell<FxHashMap<(&'a ResourceName, Key), Arc<Subject>>>,
}

impl<'a> ModuleInstance<'a> {
    pub(crate) fn new(module: &'a Module, parent: Option<Parent<'a>>, address: String, certain: bool) -> Self {
        Self { module, parent, address, certain, things: RefCell::default(), subjects: RefCell::default() }
    }
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Thing<'a> {
    Variable(&'a str),
    Local(&'a str),
    Output(&'a str),
    Argument(&'a ResourceName, Key, &'a str),
    Resource(&'a ResourceName),
    Call(&'a str),
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
    running: RefCell<Vec<(ModuleId, Thing<'a>)>>,
    /// The types of variables, by the places of those.
    constraints: RefCell<FxHashMap<Span, Rc<Constraint>>>,
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
    /// Whether nobody will read what goes wrong, only that it does.
    unread: Cell<bool>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(files: &'a Files<'a>, modules: &'a Modules, root: &'a Module) -> Self {
        let instance = ModuleInstance::new(root, None, String::new(), true);
        let mut evaluator = Self {
            files,
            modules,
            instances: RefCell::new(vec![Rc::new(instance)]),
            children: RefCell::default(),
            running: RefCell::default(),
            constraints: RefCell::default(),
            circles: RefCell::default(),
            faults: RefCell::default(),
            found: RefCell::default(),
            given: BTreeMap::new(),
            work: Cell::new(0),
            depth: Cell::new(0),
            exhausted: Cell::new(false),
            unread: Cell::new(false),
        };
        evaluator.given = evaluator.values_from_files();
        evaluator
    }

    /// Whether the limits were reached, so that what would be known is not.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.exhausted.get()
    }

    /// Everything that went wrong.
    pub(crate) fn into_found(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.extend(self.faults.into_inner());
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

    /// Runs `work` and hands back whether anything went wrong in it.
    pub(crate) fn attempted(&self, work: impl FnOnce() -> Value) -> (Value, bool) {
        let before = self.unread.replace(true);
        let (done, faults) = self.aside(work);
        self.unread.set(before);
        (done, !faults.is_empty())
    }

    /// `, did you mean …`, for a message that there is no `name` in `of`.
    pub(crate) fn near(&self, name: &str, of: &Value) -> String {
        match of.as_entries() {
            Some(entries) if !self.unread.get() => did_you_mean(name, entries.keys().map(String::as_str)),
            _ => String::new(),
        }
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
    pub(crate) fn once(&self, module: ModuleId, thing: Thing<'a>, span: Span, work: impl FnOnce() -> Value) -> Value {
        self.worked_out((module, thing), span, true, work)
    }

    /// The same for what is not kept for whoever asks next.
    pub(crate) fn unremembered(
        &self,
        module: ModuleId,
        thing: Thing<'a>,
        span: Span,
        work: impl FnOnce() -> Value,
    ) -> Value {
        self.worked_out((module, thing), span, false, work)
    }

    fn worked_out(&self, key: (ModuleId, Thing<'a>), span: Span, is_kept: bool, work: impl FnOnce() -> Value) -> Value {
        match self.begin(&key, span) {
            Some(State::Value(value)) => return value,
            Some(_) => return crate::value::dynamic(),
            None => {}
        }
        let (value, faults) = self.to_be_read(|| self.deeper(work));
        let value = if crate::value::is_oversized(&value) { crate::value::dynamic() } else { value };
        self.end(key, is_kept.then(|| State::Value(value.clone())), faults);
        value
    }

    /// [`Self::once`] for the instances of a block.
    pub(crate) fn once_expanded(
        &self,
        module: ModuleId,
        thing: Thing<'a>,
        span: Span,
        work: impl FnOnce() -> Expansion,
    ) -> Rc<Expansion> {
        let key = (module, thing);
        match self.begin(&key, span) {
            Some(State::Expansion(expansion)) => return expansion,
            Some(_) => return Rc::new(Expansion::Unknown),
            None => {}
        }
        let (expansion, faults) = self.to_be_read(work);
        let expansion = Rc::new(expansion);
        self.end(key, Some(State::Expansion(Rc::clone(&expansion))), faults);
        expansion
    }

    fn begin(&self, key: &(ModuleId, Thing<'a>), span: Span) -> Option<State> {
        match self.instance(key.0).things.borrow_mut().entry(key.1.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(State::Running);
                self.running.borrow_mut().push(key.clone());
                return None;
            }
            Entry::Occupied(entry) if !matches!(entry.get(), State::Running) => return Some(entry.get().clone()),
            Entry::Occupied(_) => {}
        }
        self.circle(key, span);
        Some(State::Running)
    }

    /// Ends what was begun, and keeps `state` for whoever asks next.
    fn end(&self, (module, thing): (ModuleId, Thing<'a>), state: Option<State>, faults: Vec<Diagnostic>) {
        self.running.borrow_mut().pop();
        let instance = self.instance(module);
        match state {
            Some(state) => instance.things.borrow_mut().insert(thing, state),
            None => instance.things.borrow_mut().remove(&thing),
        };
        self.found.borrow_mut().extend(faults);
    }

    /// [`Self::aside`] for faults that are told, whatever asked for the work.
    fn to_be_read<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
        let before = self.unread.replace(false);
        let done = self.aside(work);
        self.unread.set(before);
        done
    }

    /// Reports the circle that `key` closes, once, whichever of its members was asked for first.
    fn circle(&self, key: &(ModuleId, Thing<'a>), span: Span) {
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

    fn named(&self, module: ModuleId, thing: &Thing<'a>) -> String {
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
