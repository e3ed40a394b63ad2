//! What the inventory pins, and what follows from it for the arguments that are rendered.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Spanned};
use inventory::Constraint as Written;
use lab::Lab;
use schema::{Constraint, Provider, Release, Version};
use template::{Placed, Value, context};

use crate::text;

/// The oldest release of the authentik provider that can be rendered for.
const OLDEST: &str = "2025.10.0";
/// From here on the provider reads and writes `redirect_uri_type`, which its schema, a map of text, does not tell.
const REDIRECT_TYPES: &str = "2026.5.0";
/// From here on OpenTofu looks up the `id` of an `import` block.
const IMPORT_LOOKUP: &str = "1.7.0";
/// From here on OpenTofu and the Vault provider have ephemeral resources.
const EPHEMERAL: (&str, &str) = ("1.11.0", "5.0.0");

/// Arguments that not every release has and that templates ask for, as `has.group.parents`.
const GATED: &[(&str, &str)] = &[
    ("group", "parents"),
    ("provider_oauth2", "grant_types"),
    ("stage_identification", "webauthn_stage"),
    ("system_settings", "pagination_default_page_size"),
];

/// The versions that a lab pins.
#[derive(Debug)]
pub(crate) struct Pins {
    /// The release of the authentik provider that is rendered for: the newest that is allowed.
    pub(crate) release: Release<'static>,
    /// Whether the token of authentik can be read without a trace in the state.
    pub(crate) ephemeral: bool,
    /// Whether a redirect URI says what it is for.
    pub(crate) redirect_types: bool,
    /// The constraints, as they were written.
    pub(crate) required_version: Placed,
    pub(crate) authentik: Placed,
    pub(crate) vault: Placed,
}

impl Pins {
    /// What `lab` pins; `None` where there is no release of the authentik provider to render for, which is said.
    ///
    /// Errors: `bad-constraint`, `unknown-provider-release`, `unsupported-provider-release`. A warning:
    /// `unsupported-opentofu`.
    pub(crate) fn of(lab: &Lab<'_>, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let tofu = &lab.inventory.tofu;
        let opentofu = parse(&tofu.required_version, found);
        let vault = parse(&tofu.providers.vault, found);
        let authentik = parse(&tofu.providers.authentik, found);
        if opentofu.as_ref().is_some_and(|opentofu| !opentofu.allows_only_from(&version(IMPORT_LOOKUP))) {
            found.push(
                Diagnostic::warning(
                    "unsupported-opentofu",
                    tofu.required_version.span,
                    format!("`{}` allows OpenTofu before {IMPORT_LOOKUP}", tofu.required_version.value),
                )
                .label("the `import` blocks of the root look their ids up, which those cannot")
                .help(format!("write `>= {IMPORT_LOOKUP}`, or a later version")),
            );
        }
        let release = release(&tofu.providers.authentik, &authentik?, found)?;
        newer_than_server(lab, &release, found);
        let (opentofu, vault) = (opentofu?, vault?);
        Some(Self {
            release,
            redirect_types: *release.version() >= version(REDIRECT_TYPES),
            ephemeral: opentofu.allows_only_from(&version(EPHEMERAL.0))
                && vault.allows_only_from(&version(EPHEMERAL.1)),
            required_version: text(&tofu.required_version),
            authentik: text(&tofu.providers.authentik),
            vault: text(&tofu.providers.vault),
        })
    }

    /// What a template asks as `has.<type without authentik_>.<argument>`.
    pub(crate) fn has(&self) -> Value {
        let mut answers = BTreeMap::<&str, BTreeMap<&str, bool>>::new();
        for (resource, argument) in GATED {
            let found = self.release.has(&format!("authentik_{resource}"), argument);
            answers.entry(resource).or_default().insert(argument, found);
        }
        answers.into()
    }

    /// The versions as `versions.tf` and `meta.tf` want them.
    pub(crate) fn versions(&self) -> Value {
        context! {
            required_version => &self.required_version,
            authentik_version => &self.authentik,
            vault_version => &self.vault,
        }
    }
}

/// A provider that is newer than the server asks for what the server does not send: one release ahead it may do,
/// two ahead no plan can be made (seen running).
fn newer_than_server(lab: &Lab<'_>, release: &Release<'static>, found: &mut Vec<Diagnostic>) {
    let chart = &lab.inventory.identity.release.version;
    let Ok(server) = chart.as_str().parse::<Version>() else { return };
    let minor = |version: &Version| version.segments().iter().take(2).copied().collect::<Vec<_>>();
    let between: BTreeSet<_> = Provider::authentik()
        .releases()
        .map(|known| minor(known.version()))
        .filter(|known| minor(&server) < *known && *known <= minor(release.version()))
        .collect();
    let written = &lab.inventory.tofu.providers.authentik;
    let message = format!("the provider {} is newer than authentik {}", release.version(), chart.as_str());
    let finding = match between.len() {
        0 => return,
        1 => Diagnostic::warning("provider-newer-than-server", written.span, message),
        _ => Diagnostic::error("provider-newer-than-server", written.span, message)
            .label("it cannot read what so old a server answers"),
    };
    let own: Vec<_> = minor(&server).iter().map(u64::to_string).collect();
    found.push(
        finding
            .related(chart.span, "the chart is of this version")
            .help(format!("write `~> {}.0`, or a newer version of the chart", own.join("."))),
    );
}

fn parse(written: &Spanned<Written>, found: &mut Vec<Diagnostic>) -> Option<Constraint> {
    match written.as_str().parse() {
        Ok(constraint) => Some(constraint),
        Err(error) => {
            found.push(
                Diagnostic::error("bad-constraint", written.span, error.to_string())
                    .help("write it as `~> 2026.5.0` or `>= 1.7.0, < 2.0.0`"),
            );
            None
        }
    }
}

fn release(written: &Spanned<Written>, allowed: &Constraint, found: &mut Vec<Diagnostic>) -> Option<Release<'static>> {
    let provider = Provider::authentik();
    let newest = provider.newest().version();
    let pin = format!("write `~> {newest}`, the newest that labtree knows");
    let Some(release) = provider.newest_allowed(allowed) else {
        found.push(
            Diagnostic::error(
                "unknown-provider-release",
                written.span,
                format!("`{}` allows no release of the authentik provider that labtree knows", written.value),
            )
            .help(pin),
        );
        return None;
    };
    if *release.version() < version(OLDEST) {
        found.push(
            Diagnostic::error(
                "unsupported-provider-release",
                written.span,
                format!("labtree renders for provider {OLDEST} and newer"),
            )
            .label(format!("the newest release that it allows is {}", release.version()))
            .help(pin),
        );
        return None;
    }
    Some(release)
}

fn version(text: &str) -> Version {
    text.parse().expect("it is a version")
}
