//! The folder of authentik: its Helm release, with the database, the mail server, the ingress, and the Secrets that
//! its pods read.

use diagnostic::Diagnostic;
use inventory::{Encryption, Version};
use lab::{Lab, SecretReference};
use template::{Place, Placed, Templates, Value, context};
use tree::Tree;

use crate::{keep, release, text};

const FOLDER: &str = "flux/infrastructure/base/authentik";

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let identity = &lab.identity;
    let settings = identity.settings;
    let release = release::context_of(
        Placed::fixed(identity.release),
        text(&settings.namespace),
        &settings.release.repository,
        &settings.release.chart,
        &settings.release.version,
    );
    let mut keep = |file: &str, context| {
        keep(tree, templates.render(&format!("{FOLDER}/{file}.j2"), &[], context, found));
    };
    keep(
        "kustomization.yaml",
        context! { secret_files => Placed::list(identity.secrets().map(SecretReference::file)) },
    );
    keep("helmrepository.yaml", context! { release => release.clone() });
    let version = &settings.release.version;
    let tls = &settings.ingress.tls;
    let email = &settings.email;
    let is_encrypted_by = |wanted: Encryption| (email.encryption.value == wanted).place(&[email.encryption.span]);
    let context = context! {
        release,
        secret_env => secret_env(lab),
        has_base_url => is_at_least(version, 2026, 8),
        base_url => Placed::text(&identity.url),
        has_redis => !is_at_least(version, 2025, 10),
        database => context! {
            host => text(&settings.database.host),
            port => settings.database.port.number().place(&[settings.database.port.span]),
            name => text(&settings.database.name),
            user => text(&settings.database.user),
            sslmode => Placed::text(&settings.database.sslmode.derive(|mode| mode.as_str())),
        },
        email => context! {
            host => text(&email.host),
            port => email.port.number().place(&[email.port.span]),
            use_tls => is_encrypted_by(Encryption::Starttls),
            use_ssl => is_encrypted_by(Encryption::Ssl),
            from => text(&email.from),
            timeout => email.timeout.value.place(&[email.timeout.span]),
        },
        ingress => context! {
            class => text(&settings.ingress.class),
            host => text(&settings.host),
            tls_secret => Placed::text(&identity.tls_secret),
            has_issuer => tls.issuer.is_some(),
            issuer => tls.issuer.as_ref().map(|issuer| Value::from(text(issuer))),
        },
    };
    keep("helmrelease.yaml", context);
}

/// The environment variables that come from Secrets: authentik's name of each, its Secret and the key in it.
fn secret_env(lab: &Lab<'_>) -> Vec<Value> {
    let identity = &lab.identity;
    [
        ("AUTHENTIK_SECRET_KEY", &identity.config, "secret_key"),
        ("AUTHENTIK_POSTGRESQL__PASSWORD", &identity.postgres, "password"),
        ("AUTHENTIK_EMAIL__USERNAME", &identity.smtp, "username"),
        ("AUTHENTIK_EMAIL__PASSWORD", &identity.smtp, "password"),
        ("AUTHENTIK_BOOTSTRAP_TOKEN", &identity.token, "token"),
    ]
    .map(|(name, secret, key)| {
        debug_assert!(secret.vault.keys.contains(&key), "`{}` has no key `{key}`", secret.name.value);
        context! {
            name => Placed::fixed(name),
            secret => Placed::text(&secret.name),
            key => Placed::fixed(key),
        }
    })
    .to_vec()
}

/// Whether the chart, whose version is authentik's, is of release `year.month` or a later one. A version that is
/// none is the inventory's to report; it counts as the newest.
fn is_at_least(version: &Version, year: u64, month: u64) -> bool {
    semver::Version::parse(version.as_str()).map_or(true, |version| (version.major, version.minor) >= (year, month))
}
