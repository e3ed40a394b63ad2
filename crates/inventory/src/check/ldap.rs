//! Each LDAP app has a base DN of its own: the outpost finds the app of a bind by the end of its DN.

use std::collections::HashMap;

use diagnostic::{Diagnostic, Span};

use crate::read::Reader;
use crate::{Inventory, rules};

/// An app's claim to a base DN.
struct Claim<'i> {
    app: &'i str,
    span: Span,
    /// As authentik compares it.
    folded: String,
    written: bool,
}

pub(super) fn check(inventory: &Inventory, reader: &mut Reader) {
    let Some(ldap) = &inventory.identity.ldap else {
        missing(inventory, reader);
        return;
    };
    let suffix = &ldap.suffix;
    let claims: Vec<_> = inventory
        .apps
        .iter()
        .filter_map(|entry| {
            let app = entry.name.as_str();
            let claim = match &entry.value.ldap.as_ref()?.base_dn {
                Some(dn) => Claim { app, span: dn.span, folded: dn.folded(), written: true },
                None => {
                    let folded = format!("ou={app},{}", suffix.folded());
                    Claim { app, span: entry.name.span, folded, written: false }
                }
            };
            Some(claim)
        })
        .collect();
    let mut first: HashMap<&str, &Claim<'_>> = HashMap::new();
    for claim in &claims {
        let Some(other) = first.get(claim.folded.as_str()) else {
            first.insert(&claim.folded, claim);
            continue;
        };
        let message = format!("`{}` uses the LDAP base DN of `{}`", claim.app, other.app);
        let finding = Diagnostic::error(rules::SHARED_LDAP_BASE_DN, claim.span, message);
        let own = if claim.written { claim.app } else { other.app };
        reader.report(
            finding
                .related(other.span, format!("`{}` claims it here", other.app))
                .help(format!("use `ou={own},{}` for `{own}`", suffix.as_str())),
        );
    }
    nested(first.into_values().collect(), suffix.as_str(), reader);
}

/// Turned around, a DN that ends in another one starts with it: sorted, it stands behind it.
fn nested(claims: Vec<&Claim<'_>>, suffix: &str, reader: &mut Reader) {
    let mut turned: Vec<_> =
        claims.into_iter().map(|claim| (claim.folded.chars().rev().collect::<String>(), claim)).collect();
    turned.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut outer: Vec<&(String, &Claim<'_>)> = Vec::new();
    for claim in &turned {
        while outer.last().is_some_and(|last| !claim.0.starts_with(&last.0)) {
            outer.pop();
        }
        if let Some((_, around)) = outer.last() {
            let (inner, around) = (claim.1, *around);
            let message = format!("the LDAP base DN of `{}` ends in the base DN of `{}`", inner.app, around.app);
            let wrong = if around.written { around.app } else { inner.app };
            let finding = Diagnostic::error(rules::NESTED_LDAP_BASE_DN, inner.span, message);
            reader.report(
                finding
                    .related(around.span, format!("the base DN of `{}`", around.app))
                    .help(format!("use `ou={wrong},{suffix}` for `{wrong}`")),
            );
        }
        outer.push(claim);
    }
}

fn missing(inventory: &Inventory, reader: &mut Reader) {
    for entry in &inventory.apps {
        let Some(ldap) = &entry.value.ldap else { continue };
        let domain = inventory.lab.domain.as_str().split('.').map(|label| format!("dc={label}")).collect::<Vec<_>>();
        let message = format!("`{}` logs in by LDAP, but `identity` has no `ldap`", entry.name.as_str());
        let finding = Diagnostic::error(rules::LDAP_MISSING, ldap.span, message);
        reader.report(
            finding
                .related(inventory.identity.span, "it belongs in here")
                .help(format!("add `ldap: {{ suffix: dc=ldap,{} }}` under `identity`", domain.join(","))),
        );
    }
}
