//! What is written for the authentik provider, beside what its releases take.

use diagnostic::Spanned;
use resolve_tofu::{Mode, Module, Resource, Type};
use schema::{Allowed, Kind, Share};
use syntax::hcl::{Body, Item};

use crate::Repo;

/// A resource or data source of the provider in a module of a root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written<'r> {
    /// The block.
    pub(crate) resource: &'r Resource,
    /// What it is for.
    pub(crate) kind: Kind,
    /// The releases that the root may run with.
    pub(crate) releases: &'r Allowed<'static>,
}

/// Everything of the provider in the roots of `repo`, with the releases of each root, and in the modules of no root that
/// say themselves which releases they are for.
pub(crate) fn written<'r>(repo: &'r Repo<'_>) -> Vec<Written<'r>> {
    let mut all = Vec::new();
    for root in &repo.tofu.roots {
        let Some(releases) = root.releases() else { continue };
        for module in &root.modules {
            all.extend(of_module(module, releases));
        }
    }
    for (module, provider) in &repo.tofu.modules_alone {
        all.extend(provider.allowed.iter().flat_map(|releases| of_module(module, releases)));
    }
    all
}

fn of_module<'r>(module: &'r Module, releases: &'r Allowed<'static>) -> impl Iterator<Item = Written<'r>> {
    module.resources.values().filter_map(move |resource| {
        let kind = match resource.mode {
            Mode::Managed => Kind::Resource,
            Mode::Data => Kind::DataSource,
            Mode::Ephemeral => return None,
        };
        let is_ours = resource.kind.value.starts_with("authentik_");
        is_ours.then_some(Written { resource, kind, releases })
    })
}

impl<'r> Written<'r> {
    /// The name of its type.
    pub(crate) fn name(self) -> &'r str {
        &self.resource.kind.value
    }

    /// Whether any release that may run has its type; if not, that is what there is to say.
    pub(crate) fn is_known(self) -> bool {
        !matches!(self.releases.has_type(self.kind, self.name()), Share::None)
    }

    /// What is written in it: each argument with its place, and whether it is written as a block.
    pub(crate) fn arguments(self) -> Vec<(&'r Spanned<String>, bool)> {
        arguments(&self.resource.body)
    }

    /// The releases that may run: `2026.5.0`, `2025.10.0 to 2026.5.0`.
    pub(crate) fn releases_in_words(self) -> String {
        let newest = self.releases.newest().version();
        match self.releases.releases().next() {
            Some(oldest) if self.releases.only().is_none() => format!("{} to {newest}", oldest.version()),
            _ => newest.to_string(),
        }
    }
}

pub(crate) fn arguments(body: &Body) -> Vec<(&Spanned<String>, bool)> {
    body.items
        .iter()
        .filter_map(|item| match item {
            Item::Attribute(attribute) => Some((&attribute.name, false)),
            Item::Block(block) if block.kind.value == "dynamic" => Some((block.labels.first()?, true)),
            Item::Block(block) => Some((&block.kind, true)),
        })
        .collect()
}

/// The type that the schema writes as `text`: `list(map(string))`.
pub(crate) fn type_of(text: &str) -> Type {
    let within = |open: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(')'));
    match text {
        "string" => Type::String,
        "number" => Type::Number,
        "bool" => Type::Bool,
        _ => {
            if let Some(of) = within("list(") {
                Type::List(Box::new(type_of(of)))
            } else if let Some(of) = within("set(") {
                Type::Set(Box::new(type_of(of)))
            } else if let Some(of) = within("map(") {
                Type::Map(Box::new(type_of(of)))
            } else {
                Type::Any
            }
        }
    }
}
