//! Which releases of the authentik provider a root may run with.

use diagnostic::{Span, Spanned};
use resolve_tofu::Module;
use schema::{Allowed, Constraint, Version};
use syntax::hcl::{Item, Kind};

use crate::{Content, Files};

/// The namespace and name of the provider whose schema is known.
const AUTHENTIK: &str = "goauthentik/authentik";

/// What a root says about the authentik provider.
#[derive(Debug)]
pub struct Provider {
    /// The releases that it may run with, as far as they are known.
    pub allowed: Option<Allowed<'static>>,
    /// The version in its lock file.
    pub locked: Option<Spanned<Version>>,
    /// What the root and its modules require.
    pub pins: Vec<Pin>,
}

/// An entry of `required_providers`.
#[derive(Debug)]
pub struct Pin {
    /// The folder of the module that it stands in.
    pub folder: String,
    /// The whole entry.
    pub span: Span,
    /// Its `version`, as written and as read.
    pub version: Option<(Spanned<String>, Constraint)>,
}

impl Provider {
    /// What the root in `folder` and the modules below it say.
    pub(super) fn of(folder: &str, below: &[&Module], files: &Files) -> Self {
        let (pins, is_ours) = pins(below);
        let locked = locked(folder, files, is_authentik);
        let constraints: Vec<_> =
            pins.iter().filter_map(|pin| pin.version.as_ref()).map(|(_, constraint)| constraint.clone()).collect();
        let version = locked.as_ref().map(|locked| &locked.value);
        let allowed = is_ours.then(|| Allowed::new(schema::Provider::authentik(), version, &constraints)).flatten();
        Self { allowed, locked, pins }
    }

    /// Whether something says which releases it may be: a lock file or a constraint.
    pub fn is_pinned(&self) -> bool {
        self.locked.is_some() || self.pins.iter().any(|pin| pin.version.is_some())
    }
}

/// What the modules require, and whether all of them mean the provider that is known.
fn pins(modules: &[&Module]) -> (Vec<Pin>, bool) {
    let (mut pins, mut is_ours) = (Vec::new(), true);
    for module in modules {
        let Some(required) = module.required_providers.get("authentik") else { continue };
        let source = required.source.as_ref().map_or("authentik", |source| source.value.as_str());
        is_ours &= is_authentik(source);
        let version = required.version.clone();
        let version = version.and_then(|text| text.value.parse().ok().map(|constraint| (text, constraint)));
        pins.push(Pin { folder: module.folder.clone(), span: required.span, version });
    }
    (pins, is_ours)
}

/// Whether `source` names it: in any registry, or short as OpenTofu's documentation shows it, which cannot be
/// installed, but by which nothing else is meant.
fn is_authentik(source: &str) -> bool {
    source == AUTHENTIK || source.ends_with(&format!("/{AUTHENTIK}")) || source == "authentik"
}

/// The version of a provider in the lock file of the root in `folder`.
pub(super) fn locked(folder: &str, files: &Files, is_it: impl Fn(&str) -> bool) -> Option<Spanned<Version>> {
    let file = files.get(camino::Utf8Path::new(folder).join(".terraform.lock.hcl"))?;
    let Content::Hcl(parsed) = &file.content else { return None };
    parsed.body.items.iter().find_map(|item| {
        let Item::Block(block) = item else { return None };
        let is_meant = block.labels.first().is_some_and(|label| is_it(&label.value));
        if block.kind.value != "provider" || !is_meant {
            return None;
        }
        block.body.items.iter().find_map(|item| match item {
            Item::Attribute(attribute) if attribute.name.value == "version" => match &attribute.value.kind {
                Kind::Text(text) => Some(Spanned::new(text.parse().ok()?, attribute.value.span)),
                _ => None,
            },
            _ => None,
        })
    })
}
