//! LDAP providers, and which outpost serves them.

use diagnostic::Spanned;
use resolve_tofu::Instance;

use super::applications;
use crate::tofu::{Lead, Root};

/// The resource type of an LDAP provider.
pub(crate) const PROVIDER: &str = "authentik_provider_ldap";
/// What puts a provider on an outpost from outside of it.
pub(crate) const ATTACHMENT: &str = "authentik_outpost_provider_attachment";
/// The resource type of an outpost.
pub(crate) const OUTPOST: &str = "authentik_outpost";

/// An LDAP provider on an outpost, with a base DN that is known.
#[derive(Clone, Debug)]
pub(crate) struct Served<'r, 'a> {
    /// The provider.
    pub(crate) provider: &'r Instance<'a>,
    /// Its name, by which the outpost orders providers; empty if it is unknown.
    pub(crate) name: String,
    /// Its base DN, as written.
    pub(crate) base_dn: Spanned<String>,
}

impl Served<'_, '_> {
    /// How it is called in messages.
    pub(crate) fn called(&self) -> String {
        applications::called(self.provider)
    }
}

/// A provider on an outpost.
#[derive(Clone, Debug)]
pub(crate) struct Membership<'r, 'a> {
    /// The outpost, or what leads to it.
    pub(crate) outpost: String,
    /// Where the provider leads.
    pub(crate) provider: Lead<'r, 'a>,
}

/// Which providers are on which outposts; `None` stands for a list that is not known.
pub(crate) fn memberships<'r, 'a>(root: &'r Root<'a>) -> Vec<Option<Membership<'r, 'a>>> {
    let mut all = Vec::new();
    for outpost in root.of(OUTPOST) {
        match root.leads(outpost, "protocol_providers") {
            Some(leads) => all.extend(
                leads
                    .into_iter()
                    .map(|(provider, _)| Some(Membership { outpost: outpost.address().to_owned(), provider })),
            ),
            None => all.push(None),
        }
    }
    for attachment in root.of(ATTACHMENT) {
        let outpost = match root.lead(attachment, "outpost") {
            Lead::To(led) => led.instance.address().to_owned(),
            Lead::Literal(id) => id,
            Lead::Nowhere | Lead::Unknown => {
                all.push(None);
                continue;
            }
        };
        all.push(Some(Membership { outpost, provider: root.lead(attachment, "protocol_provider") }));
    }
    all
}

/// The LDAP providers of each outpost, those of which name, base DN and outpost are known.
pub(crate) fn served_together<'r, 'a>(root: &'r Root<'a>) -> Vec<Vec<Served<'r, 'a>>> {
    let mut outposts: Vec<(String, Vec<Served<'r, 'a>>)> = Vec::new();
    for Membership { outpost, provider } in memberships(root).into_iter().flatten() {
        let Some(provider) = provider.managed(PROVIDER).filter(|provider| provider.certain) else { continue };
        let Some(base_dn) = provider.known_string("base_dn") else { continue };
        let name = provider.known_string("name").map(|name| name.value).unwrap_or_default();
        let served = Served { provider, name, base_dn };
        match outposts.iter_mut().find(|(known, _)| *known == outpost) {
            Some((_, all)) if all.iter().any(|one| one.provider.address() == provider.address()) => {}
            Some((_, all)) => all.push(served),
            None => outposts.push((outpost, vec![served])),
        }
    }
    outposts.into_iter().map(|(_, served)| served).collect()
}
