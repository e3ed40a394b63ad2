//! How it is deployed: the parts of the identity provider, and how each is set.

use inventory::{AvatarMode, Encryption, SecretOperator};
use lab::{Cluster, KustomizationFile, Lab};
use template::{Place, Placed, Value, context};

use crate::apps::below_mount;
use crate::text;
use crate::vault::vault_put;
use crate::words::{and, duration, size};

/// Mail servers of Google, which take app passwords.
const GMAIL: [&str; 2] = ["smtp.gmail.com", "smtp.googlemail.com"];

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let settings = lab.identity.settings;
    let state = &lab.inventory.tofu.state;
    let tls = &settings.ingress.tls;
    context! {
        release => context! {
            repository => text(&settings.release.repository),
            chart => text(&settings.release.chart),
            version => text(&settings.release.version),
            label => Placed::text(&settings.release.version.derive(|version| format!("authentik {version}"))),
            namespace => text(&settings.namespace),
            cluster => Placed::text(&lab.identity.cluster),
        },
        ingress => context! {
            class => text(&settings.ingress.class),
            tls_secret => Placed::text(&lab.identity.tls_secret),
            has_issuer => tls.issuer.is_some(),
            issuer => tls.issuer.as_ref().map(|issuer| Value::from(text(issuer))),
        },
        database => context! {
            label => Placed::text(&settings.database.host.derive(|host| format!("PostgreSQL on {host}"))),
            host => text(&settings.database.host),
            port => settings.database.port.number().place(&[settings.database.port.span]),
            name => text(&settings.database.name),
            user => text(&settings.database.user),
            sslmode => Placed::text(&settings.database.sslmode.derive(|mode| mode.as_str())),
        },
        secrets => secrets(lab),
        state => context! {
            host => text(&state.host),
            port => state.port.number().place(&[state.port.span]),
            database => text(&state.database),
            schema => text(&state.schema),
        },
        clusters => lab.clusters.iter().map(cluster).collect::<Vec<_>>(),
        email => email(lab),
        recovery => context! { link_valid_for => Placed::text(&duration(&settings.recovery.link_valid_for)) },
        otp => context! {
            name => text(&settings.email_otp.name),
            code_valid_for => Placed::text(&duration(&settings.email_otp.code_valid_for)),
        },
        avatars => avatars(lab),
    }
}

fn secrets(lab: &Lab<'_>) -> Value {
    let flux = &lab.inventory.flux;
    let operator = flux.secrets.derive(|operator| match operator {
        SecretOperator::ExternalSecrets => "External Secrets",
        SecretOperator::VaultSecretsOperator => "Vault Secrets Operator",
    });
    context! {
        operator => Placed::text(&operator),
        store_kind => Placed::text(&lab.store.entry.kind.derive(|kind| kind.as_str())),
        store => Placed::text(&lab.store.reference),
    }
}

fn cluster(cluster: &Cluster) -> Value {
    let (apps, others): (Vec<_>, Vec<_>) =
        cluster.kustomizations.iter().partition(|kustomization| kustomization.file == KustomizationFile::Apps);
    let apps = match apps.len() {
        0 => "no app".to_owned(),
        1 => "one app".to_owned(),
        number => format!("{number} apps"),
    };
    context! {
        name => Placed::text(&cluster.name),
        kustomizations => Placed::list(others.iter().map(|kustomization| Placed::text(&kustomization.name))),
        apps => Placed::fixed(apps),
    }
}

fn email(lab: &Lab<'_>) -> Value {
    let email = &lab.identity.settings.email;
    let smtp = &lab.identity.smtp.vault.path;
    let command = vault_put(lab, smtp, r#"username='…' password="$PASSWORD""#);
    let namespace = &lab.identity.settings.namespace;
    let restart = namespace.derive(|namespace| {
        let release = lab.identity.release;
        format!(
            "kubectl --namespace {namespace} rollout restart deployment/{release}-server deployment/{release}-worker"
        )
    });
    context! {
        host => text(&email.host),
        port => email.port.number().place(&[email.port.span]),
        is_starttls => email.encryption.value == Encryption::Starttls,
        is_ssl => email.encryption.value == Encryption::Ssl,
        from => text(&email.from),
        timeout => email.timeout.value.place(&[email.timeout.span]),
        is_gmail => GMAIL.contains(&email.host.as_str().to_lowercase().as_str()),
        vault_path => Placed::text(&below_mount(lab, smtp)),
        command => Placed::text(&command),
        restart => Placed::text(&restart),
    }
}

fn avatars(lab: &Lab<'_>) -> Value {
    let avatars = &lab.identity.settings.avatars;
    let types: Vec<_> = avatars
        .types
        .iter()
        .map(|image| image.as_str().rsplit('/').next().unwrap_or_default().to_uppercase().replace("WEBP", "WebP"))
        .collect();
    let mode = |mode: &AvatarMode| match mode {
        AvatarMode::Gravatar => "the picture that Gravatar has for your e-mail address",
        AvatarMode::Initials => "your initials",
        AvatarMode::None => "a picture that is the same for everybody",
    };
    context! {
        types => and(&types).place(&avatars.types.iter().map(|image| image.span).collect::<Vec<_>>()),
        max_size => Placed::text(&size(&avatars.max_size)),
        then => Placed::list(avatars.then.iter().map(|then| Placed::text(&then.derive(mode)))),
        has_gravatar => avatars.then.iter().any(|then| then.value == AvatarMode::Gravatar),
    }
}
