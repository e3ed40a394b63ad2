//! The identity provider: its host, its mail server, the slugs of its flows.

use std::net::IpAddr;

use diagnostic::{Diagnostic, Spanned};

use super::{Known, cluster_exists};
use crate::form::net::is_loopback;
use crate::read::Reader;
use crate::{Email, Encryption, Host, Inventory, Label, rules};

pub(super) fn check(inventory: &Inventory, known: &Known<'_>, reader: &mut Reader) {
    let identity = &inventory.identity;
    if let Some(cluster) = &identity.cluster {
        cluster_exists(cluster, known, reader);
    }
    named(&identity.host, &inventory.lab.domain, reader);
    email(&identity.email, reader);
    let (enrollment, recovery) = (&identity.enrollment.slug, &identity.recovery.slug);
    for (slug, other) in [(enrollment, "invitation-enrollment"), (recovery, "password-recovery")] {
        reserved(slug, other, reader);
    }
    if enrollment.value == recovery.value {
        let message = format!("the recovery flow has the slug `{}` of the enrollment flow", recovery.as_str());
        let finding = Diagnostic::error(rules::SHARED_SLUG, recovery.span, message);
        reader.report(
            finding.related(enrollment.span, "the enrollment flow has it here").help("write `password-recovery`"),
        );
    }
}

/// An ingress needs a name.
fn named(host: &Spanned<Host>, domain: &Spanned<Host>, reader: &mut Reader) {
    if host.as_str().parse::<IpAddr>().is_ok() {
        let message = format!("people log in at `{}`, which is no name; an ingress needs one", host.as_str());
        let finding = Diagnostic::error(rules::INVALID_HOST, host.span, message);
        reader.report(finding.help(format!("write a DNS name such as `auth.{}`", domain.as_str())));
    }
}

/// authentik's own flows are written again by its blueprints.
fn reserved(slug: &Spanned<Label>, other: &str, reader: &mut Reader) {
    if slug.as_str().starts_with("default-") || slug.as_str() == "initial-setup" {
        let message = format!("the slug `{}` belongs to authentik's own flows", slug.as_str());
        reader.report(Diagnostic::error(rules::RESERVED_NAME, slug.span, message).help(format!("write `{other}`")));
    }
}

/// 465 speaks TLS from the first byte, 587 and 25 begin in the clear.
fn email(email: &Email, reader: &mut Reader) {
    let (port, encryption, host) = (&email.port, &email.encryption, &email.host);
    let number = port.number();
    let help = match (number, encryption.value) {
        (465, Encryption::Starttls | Encryption::None) => "write `encryption: ssl`, or `port: 587` with `starttls`",
        (587 | 25, Encryption::Ssl) => "write `encryption: starttls`, or `port: 465` with `ssl`",
        (587 | 25, Encryption::None) if !is_near(host.as_str()) => {
            let message = format!("mails and the SMTP password go to `{}` in the clear", host.as_str());
            let finding = Diagnostic::hint(rules::EMAIL_PORT_ENCRYPTION_MISMATCH, encryption.span, message);
            reader.report(finding.help("write `encryption: starttls`"));
            return;
        }
        _ => return,
    };
    let message = format!("port {number} is not the usual one for `{}`", encryption.as_str());
    let finding = Diagnostic::warning(rules::EMAIL_PORT_ENCRYPTION_MISMATCH, encryption.span, message);
    reader.report(finding.related(port.span, "the port").help(help));
}

/// Whether a host is a relay on this machine, in the cluster or in the house.
fn is_near(host: &str) -> bool {
    let private = host.parse::<IpAddr>().is_ok_and(|address| match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    });
    let inside = [".svc", ".local", ".lan", ".internal", ".home.arpa"].iter().any(|end| host.ends_with(end));
    private || inside || is_loopback(host) || !host.contains(['.', ':'])
}
