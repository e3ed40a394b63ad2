//! What the files of one module folder declare, typed, before anything is evaluated.

mod address;
mod body;
mod decode;
mod folder;
mod load;
mod merge;
mod read;
mod resource;
mod settings;

use std::collections::BTreeMap;
use std::fmt;

use diagnostic::{FileId, Span, Spanned};
use syntax::hcl::{Attribute, Block, Body, Expression};

pub use address::{Address, AddressKey, address};
pub(crate) use folder::{is_config_file, is_config_folder};
pub use load::load;

/// A module folder: what its files declare together.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The folder, relative to the repository's root; the root itself is empty.
    pub folder: String,
    /// The configuration files that were read, in order: overrides last.
    pub files: Vec<FileId>,
    /// `variable` blocks by name.
    pub variables: BTreeMap<String, Variable>,
    /// The attributes of all `locals` blocks by name.
    pub locals: BTreeMap<String, Local>,
    /// `output` blocks by name.
    pub outputs: BTreeMap<String, Output>,
    /// `module` blocks by name.
    pub calls: BTreeMap<String, ModuleCall>,
    /// `resource`, `data` and `ephemeral` blocks, those in `check` blocks too.
    pub resources: BTreeMap<ResourceName, Resource>,
    /// `provider` blocks.
    pub providers: Vec<Provider>,
    /// What `required_providers` says, by local name.
    pub required_providers: BTreeMap<String, RequiredProvider>,
    /// Each `required_version`, and each `compatible_with` of OpenTofu.
    pub required_versions: Vec<Expression>,
    /// The `backend` block.
    pub backend: Option<Backend>,
    /// The `cloud` block.
    pub cloud: Option<Block>,
    /// The `encryption` block.
    pub encryption: Option<Block>,
    /// `provider_meta` blocks.
    pub provider_metas: Vec<Block>,
    /// `moved` blocks.
    pub moved: Vec<Moved>,
    /// `import` blocks.
    pub imports: Vec<Import>,
    /// `removed` blocks.
    pub removed: Vec<Removed>,
    /// `check` blocks by name.
    pub checks: BTreeMap<String, Check>,
}

impl Module {
    /// The resource, data source or ephemeral resource `kind.name`.
    pub fn resource(&self, mode: Mode, kind: &str, name: &str) -> Option<&Resource> {
        self.resources.get(&ResourceName { mode, kind: kind.to_owned(), name: name.to_owned() })
    }

    /// The `provider` block of `name`, with `alias` or without.
    pub fn provider(&self, name: &str, alias: Option<&str>) -> Option<&Provider> {
        self.providers.iter().find(|provider| {
            provider.name.value == name && provider.alias.as_ref().map(|alias| alias.value.as_str()) == alias
        })
    }
}

/// `variable "name" { … }`.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its label.
    pub name: Spanned<String>,
    /// `description`, if it is plain text.
    pub description: Option<Spanned<String>>,
    /// `type`.
    pub constraint: Option<Expression>,
    /// `default`.
    pub default: Option<Expression>,
    /// `sensitive`.
    pub sensitive: bool,
    /// `ephemeral`.
    pub ephemeral: bool,
    /// `nullable`, which is true where it is not written.
    pub nullable: bool,
    /// `const`: it must be known when modules are installed.
    pub constant: bool,
    /// `deprecated`.
    pub deprecated: Option<Spanned<String>>,
    /// `validation` blocks.
    pub validations: Vec<CheckRule>,
    /// From `variable` to its label.
    pub header: Span,
}

/// `name = value` in `locals`.
#[derive(Clone, Debug)]
pub struct Local {
    /// What stands before the equals sign.
    pub name: Spanned<String>,
    /// What stands behind it.
    pub value: Expression,
}

/// `output "name" { … }`.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its label.
    pub name: Spanned<String>,
    /// `value`; missing where it was not written, which was reported.
    pub value: Option<Expression>,
    /// `description`, if it is plain text.
    pub description: Option<Spanned<String>>,
    /// `sensitive`.
    pub sensitive: bool,
    /// `ephemeral`.
    pub ephemeral: bool,
    /// `deprecated`.
    pub deprecated: Option<Spanned<String>>,
    /// `depends_on`, each a reference.
    pub depends_on: Vec<Expression>,
    /// `precondition` blocks.
    pub preconditions: Vec<CheckRule>,
    /// From `output` to its label.
    pub header: Span,
}

/// `condition` and `error_message`: a `validation`, `precondition`, `postcondition` or `assert`.
#[derive(Clone, Debug)]
pub struct CheckRule {
    /// What must be true; missing where it was not written, which was reported.
    pub condition: Option<Expression>,
    /// What is said when it is not.
    pub error_message: Option<Expression>,
    /// The block's first word.
    pub header: Span,
}

/// How many instances a block declares.
#[derive(Clone, Debug, Default)]
pub enum Repetition {
    /// One, without a key.
    #[default]
    Once,
    /// `count`
    Count(Expression),
    /// `for_each`
    ForEach(Expression),
    /// `lifecycle { enabled = … }`: none or one, without a key.
    Enabled(Expression),
}

/// What kind of block declares a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// `resource`
    Managed,
    /// `data`
    Data,
    /// `ephemeral`
    Ephemeral,
}

/// What a resource is called in its module; as text, what a reference begins with: `data.vault_kv.token`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceName {
    /// Which block declares it.
    pub mode: Mode,
    /// The first label.
    pub kind: String,
    /// The second label.
    pub name: String,
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.mode {
            Mode::Managed => "",
            Mode::Data => "data.",
            Mode::Ephemeral => "ephemeral.",
        };
        write!(f, "{prefix}{}.{}", self.kind, self.name)
    }
}

/// `resource`, `data` or `ephemeral`, `"kind" "name" { … }`.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Which block declares it.
    pub mode: Mode,
    /// The first label.
    pub kind: Spanned<String>,
    /// The second label.
    pub name: Spanned<String>,
    /// `count`, `for_each` or `enabled`.
    pub repetition: Repetition,
    /// `provider`.
    pub provider: Option<ProviderReference>,
    /// `depends_on`, each a reference.
    pub depends_on: Vec<Expression>,
    /// `precondition` blocks.
    pub preconditions: Vec<CheckRule>,
    /// `postcondition` blocks.
    pub postconditions: Vec<CheckRule>,
    /// `prevent_destroy`, `ignore_changes` and the like, as they are written.
    pub lifecycle: Vec<Attribute>,
    /// `connection` and `provisioner` blocks.
    pub provisioners: Vec<Block>,
    /// What belongs to the provider.
    pub body: Body,
    /// The `check` block that it stands in.
    pub check: Option<String>,
    /// From the first word to the last label.
    pub header: Span,
    /// The whole block.
    pub span: Span,
}

impl Resource {
    /// What it is called.
    pub fn resource_name(&self) -> ResourceName {
        ResourceName { mode: self.mode, kind: self.kind.value.clone(), name: self.name.value.clone() }
    }

    /// The local name of its provider: as `provider` says, or the first word of its kind.
    pub fn provider_name(&self) -> &str {
        match &self.provider {
            Some(provider) => &provider.name.value,
            None => self.kind.value.split('_').next().unwrap_or_default(),
        }
    }
}

/// `name` or `name.alias`, with a key where the provider has `for_each`.
#[derive(Clone, Debug)]
pub struct ProviderReference {
    /// The provider's local name.
    pub name: Spanned<String>,
    /// Behind the dot.
    pub alias: Option<Spanned<String>>,
    /// Between brackets.
    pub key: Option<Expression>,
    /// All of it.
    pub span: Span,
}

/// `module "name" { … }`.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// Its label.
    pub name: Spanned<String>,
    /// `source`; missing where it was not written, which was reported.
    pub source: Option<Expression>,
    /// `version`.
    pub version: Option<Expression>,
    /// `count`, `for_each` or `enabled`.
    pub repetition: Repetition,
    /// `providers`: what it is called in the module, and here.
    pub providers: Vec<(ProviderReference, ProviderReference)>,
    /// `depends_on`, each a reference.
    pub depends_on: Vec<Expression>,
    /// The variables that it gives, by name.
    pub inputs: BTreeMap<String, Attribute>,
    /// From `module` to its label.
    pub header: Span,
}

/// `provider "name" { … }`.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its label.
    pub name: Spanned<String>,
    /// `alias`.
    pub alias: Option<Spanned<String>>,
    /// `version`, which is deprecated.
    pub version: Option<Expression>,
    /// `for_each`.
    pub for_each: Option<Expression>,
    /// What belongs to the provider.
    pub body: Body,
    /// From `provider` to its label.
    pub header: Span,
}

/// `name = { source = …, version = … }` in `required_providers`.
#[derive(Clone, Debug)]
pub struct RequiredProvider {
    /// Its local name.
    pub name: Spanned<String>,
    /// `source`.
    pub source: Option<Spanned<String>>,
    /// `version`.
    pub version: Option<Spanned<String>>,
    /// `configuration_aliases`.
    pub aliases: Vec<ProviderReference>,
    /// All of it.
    pub span: Span,
}

/// `backend "kind" { … }`.
#[derive(Clone, Debug)]
pub struct Backend {
    /// Its label.
    pub kind: Spanned<String>,
    /// What it is configured with.
    pub body: Body,
    /// From `backend` to its label.
    pub header: Span,
}

/// `moved { … }`.
#[derive(Clone, Debug)]
pub struct Moved {
    /// `from`.
    pub from: Spanned<Address>,
    /// `to`.
    pub to: Spanned<Address>,
    /// The block's first word.
    pub header: Span,
}

/// `import { … }`.
#[derive(Clone, Debug)]
pub struct Import {
    /// `to`: an address whose keys may be expressions.
    pub to: Expression,
    /// `id`.
    pub id: Option<Expression>,
    /// `identity`.
    pub identity: Option<Expression>,
    /// `for_each`.
    pub for_each: Option<Expression>,
    /// `provider`.
    pub provider: Option<ProviderReference>,
    /// The block's first word.
    pub header: Span,
}

/// `removed { … }`.
#[derive(Clone, Debug)]
pub struct Removed {
    /// `from`.
    pub from: Spanned<Address>,
    /// `lifecycle { destroy = … }`.
    pub destroy: Option<Expression>,
    /// The block's first word.
    pub header: Span,
}

/// `check "name" { … }`.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its label.
    pub name: Spanned<String>,
    /// The data source in it, which is among the module's resources.
    pub data: Option<ResourceName>,
    /// `assert` blocks.
    pub asserts: Vec<CheckRule>,
    /// From `check` to its label.
    pub header: Span,
}
