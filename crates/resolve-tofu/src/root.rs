//! A root as rules see it: every resource instance with its address, and every argument with its value and its place.

mod run;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use diagnostic::{Span, Spanned};
use rustc_hash::FxHashMap;

use crate::config::{Mode, Module};
use crate::value::{self, Provenance, Subject, Value};
pub use run::evaluate;

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
    by_address: FxHashMap<String, usize>,
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
    pub content: Content<'a>,
    /// Whether there is such an instance. If not, it stands for instances whose number is unknown, maybe none.
    pub certain: bool,
    subject: Arc<Subject>,
}

/// A provider configuration.
#[derive(Debug)]
pub struct Configured<'a> {
    /// The block.
    pub provider: &'a crate::config::Provider,
    /// Its arguments and blocks.
    pub content: Content<'a>,
}

/// The arguments and blocks of a block.
#[derive(Clone, Debug)]
pub struct Content<'a> {
    /// What is written as `name = value`, in order of the names.
    pub arguments: Vec<Argument<'a>>,
    /// The blocks in it, those of `dynamic` too.
    pub blocks: Vec<Nested<'a>>,
    /// Whether `blocks` are all; if not, a `dynamic` block makes an unknown number of them.
    pub complete: bool,
}

/// An argument that is written.
#[derive(Clone, Debug)]
pub struct Argument<'a> {
    /// What stands before the equals sign.
    pub name: &'a Spanned<String>,
    /// Its value.
    pub value: Value,
    /// The expression.
    pub span: Span,
}

/// A block in a block.
#[derive(Clone, Debug)]
pub struct Nested<'a> {
    /// Its first word, or the label of the `dynamic` block that makes it.
    pub kind: &'a str,
    /// Its labels.
    pub labels: Vec<String>,
    /// What it holds.
    pub content: Content<'a>,
    /// From its first word to its last label.
    pub header: Span,
    /// Whether there is such a block; if not, it stands for an unknown number.
    pub certain: bool,
}

impl<'a> Content<'a> {
    /// The argument `name`, if it is written.
    pub fn argument(&self, name: &str) -> Option<&Argument<'a>> {
        let at = self.arguments.binary_search_by(|argument| argument.name.value.as_str().cmp(name)).ok()?;
        self.arguments.get(at)
    }

    /// The text of the argument `name`, if it is written and known, with the place that a person edits: the literal
    /// or map entry that made it, wherever that stands.
    pub fn known_string(&self, name: &str) -> Option<Spanned<String>> {
        let argument = self.argument(name)?;
        let text = value::text(&argument.value)?;
        Some(Spanned::new(text.to_owned(), argument.origin()))
    }

    /// The blocks of `kind`.
    pub fn blocks<'c>(&'c self, kind: &'c str) -> impl Iterator<Item = &'c Nested<'a>> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

impl Argument<'_> {
    /// The place that a person edits to change the value.
    pub fn origin(&self) -> Span {
        value::made_by(&self.value).unwrap_or(self.span)
    }
}

impl<'a> Instance<'a> {
    /// Where it stands in the root: `module.ldap["jellyfin"].authentik_provider_ldap.this`.
    pub fn address(&self) -> &str {
        self.subject.address().unwrap_or_default()
    }

    /// Its type: `authentik_provider_ldap`.
    pub fn kind(&self) -> &'a str {
        &self.resource.kind.value
    }

    /// The argument `name`, if it is written.
    pub fn argument(&self, name: &str) -> Option<&Argument<'a>> {
        self.content.argument(name)
    }

    /// [`Content::known_string`] of its arguments.
    pub fn known_string(&self, name: &str) -> Option<Spanned<String>> {
        self.content.known_string(name)
    }

    /// Where the values in the argument `name` come from that only an apply brings: for
    /// `protocol_provider = authentik_provider_ldap.this.id` that provider, however many local values, inputs,
    /// outputs, lists and conversions lie between. Empty where it is not written, or computed.
    pub fn provenance(&self, name: &str) -> Vec<Arc<Provenance>> {
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
