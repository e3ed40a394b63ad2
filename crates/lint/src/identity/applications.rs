//! Applications, the providers that they open, and what may refer to either from where nobody sees it.

use diagnostic::Spanned;
use resolve_tofu::{Instance, Mode, Modules};

use super::redirects;
use crate::Repo;
use crate::tofu::{Lead, Root};

/// The resource type of an application.
pub(crate) const APPLICATION: &str = "authentik_application";

/// How an application, or a provider, is called in messages: by its name, or by its address where that is unknown.
pub(crate) fn called(instance: &Instance<'_>) -> String {
    let name = instance.known_string("name").map(|name| name.value).filter(|name| !name.is_empty());
    format!("`{}`", name.as_deref().unwrap_or(instance.address()))
}

/// Whether both are made on one server, for all that is written: by one configuration of the provider.
pub(crate) fn are_of_one_server(one: &Instance<'_>, other: &Instance<'_>, modules: &Modules) -> bool {
    let configuration = |instance: &Instance<'_>| {
        let provider = instance.resource.provider.as_ref();
        let alias = provider.and_then(|provider| provider.alias.as_ref()).map(|alias| alias.value.clone());
        let is_chosen_by_key = provider.is_some_and(|provider| provider.key.is_some());
        (!is_chosen_by_key).then(|| (instance.resource.provider_name().to_owned(), alias))
    };
    // A module that is called with `providers` may mean another one by the same name.
    let is_handed = |instance: &Instance<'_>| {
        let calls = modules.iter().flat_map(|module| module.calls.values());
        calls.filter(|call| !call.providers.is_empty()).any(|call| instance.module_address.contains(&call.name.value))
    };
    let is_known = one.module_address == other.module_address || !is_handed(one) && !is_handed(other);
    is_known && configuration(one).is_some_and(|one| configuration(other).is_some_and(|other| one == other))
}

/// Every instance of the resource type `kind`, with its root.
pub(crate) fn everywhere<'r, 'a>(
    roots: &'r [Root<'a>],
    kind: &'r str,
) -> impl Iterator<Item = (&'r Root<'a>, &'r Instance<'a>)> {
    roots.iter().flat_map(move |root| root.of(kind).map(move |instance| (root, instance)))
}

/// Whether one of `referrers`, of whichever root, may lead to `instance` of `root` by its argument `name`.
pub(crate) fn may_be_named<'r, 'a: 'r>(
    referrers: impl IntoIterator<Item = (&'r Root<'a>, &'r Instance<'a>)>,
    name: &str,
    root: &'r Root<'a>,
    instance: &Instance<'_>,
) -> bool {
    referrers.into_iter().any(|(of, referrer)| {
        of.all_leads(referrer, name).iter().any(|lead| match lead {
            _ if std::ptr::eq(of, root) => lead.may_be(instance),
            Lead::Nowhere => false,
            Lead::Literal(_) | Lead::Unknown => true,
            Lead::To(led) => led.instance.resource.mode != Mode::Managed,
        })
    })
}

/// Whether an instance of the resource type `kind`, of any of `roots`, may lead to `instance` of `root` by its argument
/// `name`.
pub(crate) fn may_be_named_by<'a>(
    roots: &[Root<'a>],
    (kind, name): (&'static str, &'static str),
    root: &Root<'a>,
    instance: &Instance<'_>,
) -> bool {
    let others = everywhere(roots, kind).filter(|(of, _)| !std::ptr::eq(*of, root));
    !root.leading_to(kind, name, instance).is_empty() || may_be_named(others, name, root, instance)
}

/// An application that OpenTofu makes, with a slug that is known.
#[derive(Debug)]
pub(crate) struct Made<'r, 'a> {
    /// The application.
    pub(crate) application: &'r Instance<'a>,
    /// Its slug.
    pub(crate) slug: Spanned<String>,
    /// Its OAuth2 provider, if it is known to have one.
    pub(crate) provider: Option<&'r Instance<'a>>,
}

/// Every application of `repo`; `None` where there may be more, and where OpenTofu makes none: they are made elsewhere.
pub(crate) fn all<'r, 'a>(repo: &'r Repo<'a>) -> Option<Vec<Made<'r, 'a>>> {
    let is_whole = repo.is_complete && repo.tofu.roots.iter().all(|root| root.is_whole);
    let all: Option<Vec<_>> = everywhere(&repo.tofu.roots, APPLICATION)
        .filter(|_| is_whole)
        .map(|(root, application)| {
            let slug = application.known_string("slug").filter(|_| application.certain)?;
            let provider = root.lead(application, "protocol_provider").managed(redirects::PROVIDER);
            Some(Made { application, slug, provider: provider.filter(|provider| provider.certain) })
        })
        .collect();
    all.filter(|all| !all.is_empty())
}
