//! A root as rules see it: every resource instance with its address, and every argument with its value and its place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use diagnostic::{Diagnostic, Span, Spanned};

use crate::config::{Mode, Module, ResourceName};
use crate::eval::{Evaluator, ModuleId, Scope};
use crate::files::Files;
use crate::modules::Modules;
use crate::value::{self, Provenance, Value};

/// What tells the instances of one block apart; as text, what stands behind the name in an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The block is not repeated.
    None,
    /// By `count`.
    Number(u64),
    /// By `for_each`.
    Text(String),
    /// How many instances there are is unknown, and this stands for all of them.
    Unknown,
}

impl Key {
    /// The key that a value between brackets is.
    pub(crate) fn of(found: &Value) -> Option<Self> {
        if let Some(text) = value::text(found) {
            return Some(Key::Text(text.to_owned()));
        }
        let number = value::to_number(found).ok().flatten()?;
        (number >= 0.0 && number.fract() == 0.0).then_some(Key::Number(number as u64))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::None => Ok(()),
            Key::Number(number) => write!(f, "[{number}]"),
            Key::Text(text) => write!(f, "[\"{}\"]", text.replace('\\', "\\\\").replace('"', "\\\"")),
            Key::Unknown => write!(f, "[…]"),
        }
    }
}

/// A root, evaluated.
#[derive(Debug)]
pub struct Root<'a> {
    /// What its folder declares.
    pub module: &'a Module,
    /// Every resource, data source and ephemeral resource of the root and the modules below it, in order of address.
    pub instances: Vec<Instance<'a>>,
    /// The values of the root's outputs by name.
    pub outputs: BTreeMap<String, Value>,
    /// The configurations of providers in the root.
    pub providers: Vec<Configured<'a>>,
    /// Whether everything was evaluated; if not, the root is too large, and the rest is unknown.
    pub complete: bool,
    by_address: BTreeMap<String, usize>,
    by_kind: BTreeMap<(Mode, &'a str), Vec<usize>>,
}

/// A resource instance.
#[derive(Debug)]
pub struct Instance<'a> {
    /// The block that declares it.
    pub resource: &'a crate::config::Resource,
    /// The folder of the module that the block stands in.
    pub folder: &'a str,
    /// The module instance it belongs to: `module.apps["jellyfin"]`, or empty in the root.
    pub module_address: String,
    /// What tells it from the other instances of its block.
    pub key: Key,
    /// Its arguments and blocks.
    pub content: Content,
    /// Whether there is such an instance. If not, it stands for instances whose number is unknown, maybe none.
    pub certain: bool,
    address: String,
}

/// A provider configuration.
#[derive(Debug)]
pub struct Configured<'a> {
    /// The block.
    pub provider: &'a crate::config::Provider,
    /// Its arguments and blocks.
    pub content: Content,
}

/// The arguments and blocks of a block.
#[derive(Clone, Debug)]
pub struct Content {
    /// What is written as `name = value`.
    pub arguments: BTreeMap<String, Argument>,
    /// The blocks in it, those of `dynamic` too.
    pub blocks: Vec<Nested>,
    /// Whether `blocks` are all; if not, a `dynamic` block makes an unknown number of them.
    pub complete: bool,
}

/// An argument that is written.
#[derive(Clone, Debug)]
pub struct Argument {
    /// What stands before the equals sign.
    pub name: Spanned<String>,
    /// Its value.
    pub value: Value,
    /// The expression.
    pub span: Span,
}

/// A block in a block.
#[derive(Clone, Debug)]
pub struct Nested {
    /// Its first word, or the label of the `dynamic` block that makes it.
    pub kind: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// What it holds.
    pub content: Content,
    /// From its first word to its last label.
    pub header: Span,
    /// Whether there is such a block; if not, it stands for an unknown number.
    pub certain: bool,
}

impl Content {
    /// The argument `name`, if it is written.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.get(name)
    }

    /// The text of the argument `name`, if it is written and known, with the place that a person edits: the literal
    /// or map entry that made it, wherever that stands.
    pub fn known_string(&self, name: &str) -> Option<Spanned<String>> {
        let argument = self.argument(name)?;
        let text = value::text(&argument.value)?;
        Some(Spanned::new(text.to_owned(), argument.origin()))
    }

    /// The blocks of `kind`.
    pub fn blocks<'c>(&'c self, kind: &'c str) -> impl Iterator<Item = &'c Nested> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

impl Argument {
    /// The place that a person edits to change the value.
    pub fn origin(&self) -> Span {
        value::made_by(&self.value).unwrap_or(self.span)
    }
}

impl<'a> Instance<'a> {
    /// Where it stands in the root: `module.ldap["jellyfin"].authentik_provider_ldap.this`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its type: `authentik_provider_ldap`.
    pub fn kind(&self) -> &'a str {
        &self.resource.kind.value
    }

    /// The argument `name`, if it is written.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.content.argument(name)
    }

    /// [`Content::known_string`] of its arguments.
    pub fn known_string(&self, name: &str) -> Option<Spanned<String>> {
        self.content.known_string(name)
    }

    /// Where the values in the argument `name` come from that only an apply brings: for
    /// `protocol_provider = authentik_provider_ldap.this.id` that provider, however many local values, inputs,
    /// outputs, lists and conversions lie between. Empty where it is not written, or computed.
    pub fn provenance(&self, name: &str) -> Vec<std::sync::Arc<Provenance>> {
        self.argument(name).map(|argument| value::provenance_within(&argument.value)).unwrap_or_default()
    }
}

impl<'a> Root<'a> {
    /// The instances of the resource type `kind`.
    pub fn of<'r>(&'r self, kind: &'r str) -> impl Iterator<Item = &'r Instance<'a>> {
        self.in_mode(Mode::Managed, kind)
    }

    /// The instances of the data source `kind`.
    pub fn data<'r>(&'r self, kind: &'r str) -> impl Iterator<Item = &'r Instance<'a>> {
        self.in_mode(Mode::Data, kind)
    }

    fn in_mode<'r>(&'r self, mode: Mode, kind: &'r str) -> impl Iterator<Item = &'r Instance<'a>> {
        let of_kind = self.by_kind.get(&(mode, kind)).map(Vec::as_slice).unwrap_or_default();
        of_kind.iter().map(|index| &self.instances[*index])
    }

    /// The instance at `address`.
    pub fn instance(&self, address: &str) -> Option<&Instance<'a>> {
        self.by_address.get(address).map(|index| &self.instances[*index])
    }

    /// The resource instances that the argument `name` of `instance` refers to, and which attribute of each.
    pub fn references(&self, instance: &Instance<'_>, name: &str) -> Vec<(&Instance<'a>, String)> {
        instance
            .provenance(name)
            .iter()
            .filter_map(|provenance| Some((self.instance(provenance.address()?)?, provenance.path.join("."))))
            .collect()
    }
}

/// Evaluates the root in `folder`. What fails is pushed to `found`, each fault once.
pub fn evaluate<'a>(
    files: &'a Files<'a>,
    modules: &'a Modules,
    folder: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<Root<'a>> {
    // Expressions may lie in each other deeper than the stack of any thread that calls this.
    std::thread::scope(|scope| {
        let work =
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || run(files, modules, folder, found));
        let work = work.expect("a thread can be started");
        work.join().expect("evaluation does not panic")
    })
}

/// The stack of an evaluation, for as many levels as it goes down.
const STACK: usize = 512 << 20;

fn run<'a>(files: &'a Files<'a>, modules: &'a Modules, folder: &str, found: &mut Vec<Diagnostic>) -> Option<Root<'a>> {
    let module = modules.get(folder)?;
    let evaluator = Evaluator::new(files, modules, module);
    let mut instances = Vec::new();
    let mut next: Vec<ModuleId> = vec![0];
    while let Some(id) = next.pop() {
        let instance = evaluator.instance(id);
        for resource in instance.module.resources.values() {
            let name = resource.resource_name();
            let expansion = evaluator.expansion(id, resource, resource.header);
            for (key, repeated) in expansion.instances() {
                let mut scope = Scope::of(id, repeated);
                let content = evaluator.content(&resource.body, &mut scope, 0, &mut |attribute, scope| {
                    evaluator
                        .argument(id, &name, &key, &attribute.name.value, attribute.name.span)
                        .unwrap_or_else(|| evaluator.value(&attribute.value, scope))
                });
                conditions(&evaluator, id, resource, &name, &key, &mut scope);
                instances.push(Instance {
                    resource,
                    folder: &instance.module.folder,
                    module_address: instance.address.clone(),
                    address: evaluator.address(id, &name, &key),
                    certain: instance.certain && key != Key::Unknown,
                    content,
                    key,
                });
            }
        }
        for call in instance.module.calls.values() {
            let expansion = evaluator.call_expansion(id, call, call.header);
            for (key, _) in expansion.instances() {
                next.extend(evaluator.child_instance(id, &call.name.value, &key));
            }
        }
        evaluator.validate(id);
        for output in instance.module.outputs.values() {
            evaluator.output(id, &output.name.value, output.header);
        }
        for local in instance.module.locals.values() {
            evaluator.local(id, &local.name.value, local.name.span);
        }
    }
    let outputs = module
        .outputs
        .values()
        .map(|output| (output.name.value.clone(), evaluator.output(0, &output.name.value, output.header)));
    let outputs = outputs.collect();
    let providers = module.providers.iter().map(|provider| {
        let mut scope = Scope::of(0, crate::eval::Repeated::default());
        let content = evaluator
            .content(&provider.body, &mut scope, 0, &mut |attribute, scope| evaluator.value(&attribute.value, scope));
        Configured { provider, content }
    });
    let providers = providers.collect();
    instances.sort_by(|left, right| left.address.cmp(&right.address));
    let by_address = instances.iter().enumerate().map(|(index, instance)| (instance.address.clone(), index)).collect();
    let complete = !evaluator.is_exhausted();
    let known: BTreeSet<(&str, Span)> = found.iter().map(|fault| (fault.rule, fault.primary.span)).collect();
    let mut faults = evaluator.into_found();
    faults.retain(|fault| !known.contains(&(fault.rule, fault.primary.span)));
    found.extend(faults);
    let mut by_kind = BTreeMap::<_, Vec<_>>::new();
    for (index, instance) in instances.iter().enumerate() {
        by_kind.entry((instance.resource.mode, instance.kind())).or_default().push(index);
    }
    Some(Root { module, instances, outputs, providers, complete, by_address, by_kind })
}

/// Holds a resource instance against its `precondition` and `postcondition` blocks.
fn conditions(
    evaluator: &Evaluator<'_>,
    id: ModuleId,
    resource: &crate::config::Resource,
    name: &ResourceName,
    key: &Key,
    scope: &mut Scope,
) {
    let address = evaluator.address(id, name, key);
    let place =
        |rule: &crate::config::CheckRule| rule.condition.as_ref().map_or(rule.header, |condition| condition.span);
    for rule in &resource.preconditions {
        evaluator.hold(rule, scope, "failed-condition", place(rule), &format!("`{address}`"));
    }
    scope.this = Some(value::unknown_of(Provenance::resource(id, name.clone(), key.clone(), address.clone())));
    for rule in &resource.postconditions {
        evaluator.hold(rule, scope, "failed-condition", place(rule), &format!("`{address}`"));
    }
}
