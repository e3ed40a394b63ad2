//! An app: what it is called on each side, and where its credentials lie.

use catalog::Catalog;
use diagnostic::{Derived, Diagnostic, Spanned, Value};
use inventory::{AppName, Entry, Inventory};

use crate::client::{self, Client, Told};
use crate::filter::member_of;
use crate::hierarchy::Hierarchy;
use crate::identity::Identity;
use crate::oidc::OidcApp;
use crate::people::{Group, sorted};
use crate::role::{self, LDAP_ADMIN, ROLES_SCOPE, Roles};
use crate::secret::{SecretReference, SecretTemplate, VaultSecret, Writer};
use crate::values;
use crate::{APPS, named};

/// An app with its names.
#[derive(Debug)]
pub struct App<'i> {
    /// What the inventory says.
    pub entry: &'i inventory::App,
    /// Its key: the slug in authentik, the name of its provider, the `client_id`, the key in `locals.tf`.
    pub slug: Derived<String>,
    /// The slugs that it had before, the oldest first.
    pub former: Vec<Derived<String>>,
    /// The name that people see.
    pub name: Derived<String>,
    /// The groups that may open it; `None` is everyone.
    pub allow: Option<Vec<Derived<String>>>,
    /// Where Flux finds it; `None` where it runs outside the clusters.
    pub flux: Option<FluxApp>,
    /// How it logs people in.
    pub protocol: Protocol<'i>,
    /// The roles in it that groups have.
    pub roles: Roles<'i>,
    /// What it is told, if the catalog says so.
    pub client: Option<Client<'i>>,
    /// The values of its release: its own, and below them those of the catalog. `None` where there are none.
    pub values: Option<Derived<Value>>,
}

/// What an app is seen in.
pub(crate) struct Around<'a, 'i> {
    pub(crate) inventory: &'i Inventory,
    pub(crate) identity: &'a Identity<'i>,
    pub(crate) catalog: &'i Catalog,
    pub(crate) groups: &'a [Group<'i>],
    pub(crate) hierarchy: &'a Hierarchy<'i>,
}

/// What Flux does for an app.
#[derive(Debug)]
pub struct FluxApp {
    /// Its namespace.
    pub namespace: Derived<String>,
    /// The folder of its objects: `flux/apps/base/grafana`.
    pub folder: Derived<String>,
    /// The name of its Flux Kustomization: `apps-grafana`.
    pub kustomization: Derived<String>,
    /// The clusters it runs on, by name.
    pub clusters: Vec<Derived<String>>,
    /// Its Secrets, in the order of their files.
    pub secrets: Vec<SecretReference>,
}

/// How an app logs people in.
#[derive(Debug)]
pub enum Protocol<'i> {
    /// By OpenID Connect.
    Oidc(Box<OidcApp<'i>>),
    /// By LDAP.
    Ldap(Box<LdapApp<'i>>),
}

/// An app that logs people in by LDAP.
#[derive(Debug)]
pub struct LdapApp<'i> {
    /// What the inventory says.
    pub entry: &'i inventory::LdapApp,
    /// The base DN that its outpost answers for it.
    pub base_dn: Derived<String>,
    /// The username of its service account: `ldap-jellyfin`.
    pub bind_account: Derived<String>,
    /// The DN that it binds with.
    pub bind_dn: Derived<String>,
    /// The private group and the role that let the service account search: `ldap-search-jellyfin`.
    pub search_group: Derived<String>,
    /// The host name it reaches LDAP under; `None` where nothing says how.
    pub host: Option<Derived<String>>,
    /// The filter that finds the members of the groups that may open it; `None` where it is open to all or to nobody.
    pub members: Option<Derived<String>>,
    /// The filter that finds who has the role `admin`, or the superusers where nobody says who that is; `None` where
    /// there are none.
    pub admins: Option<Derived<String>>,
    /// Where the module writes `bind_dn`, `bind_password` and `base_dn`.
    pub credentials: VaultSecret,
}

impl<'i> App<'i> {
    pub(crate) fn of(
        around: &Around<'_, 'i>,
        entry: &'i Entry<AppName, inventory::App>,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let app = &entry.value;
        let protocol = Protocol::of(around, &entry.name, app);
        let slug = entry.name.derive(ToString::to_string);
        let name = match &app.name {
            Some(name) => name.derive(ToString::to_string),
            None => named(&entry.name, title),
        };
        let known = client::facts(app, protocol.kind(), around.catalog, found);
        let roles = match &protocol {
            Protocol::Ldap(_) => role::by_ldap(app, found),
            // That the catalog has no such entry is said already.
            Protocol::Oidc(_) if app.catalog.is_some() && known.is_none() => Roles::default(),
            Protocol::Oidc(_) => role::by_oidc(app, known.map(|(named, entry, _)| (named, entry)), found),
        };
        let told = known.map(|(named, known, facts)| Told {
            named,
            entry: known,
            facts,
            besides: roles.claim.as_ref().map(|claim| &claim.facts.client),
            app,
            slug: &slug,
            name: &name,
            secret: secret_name(&entry.name, protocol.kind().as_str()),
            protocol: &protocol,
            identity: around.identity,
        });
        let below = told.as_ref().and_then(|told| told.values(found));
        let own = app.release.as_ref().and_then(|release| release.values.as_ref());
        let own = own.filter(|own| own.value != Value::Null).cloned();
        let client = told.as_ref().map(|told| told.client(below.is_some()));
        let flux = app.namespace.as_ref().map(|namespace| {
            let template = told.as_ref().and_then(|told| told.secret_template(protocol.credentials().keys, found));
            FluxApp::of(around, &entry.name, namespace, app, &protocol, template)
        });
        Self {
            entry: app,
            slug,
            former: app.formerly.iter().map(|former| former.derive(ToString::to_string)).collect(),
            name,
            allow: match &app.allow {
                inventory::Allow::Everyone(_) => None,
                inventory::Allow::Groups(groups) => Some(sorted(&groups.value)),
            },
            flux,
            client,
            values: match (own, below) {
                (Some(own), Some(below)) => Some(values::merged(own, below)),
                (own, below) => own.or(below),
            },
            protocol,
            roles,
        }
    }

    /// From one slug to the next, up to the one that it has: an app that was renamed twice may still be known under the
    /// first, or under the second already.
    pub fn moves(&self) -> impl Iterator<Item = (&Derived<String>, &Derived<String>)> {
        self.former.iter().zip(self.former.iter().skip(1).chain([&self.slug]))
    }

    /// The scopes of its own, by name: those of the inventory, and the one that says which roles people have.
    pub fn scopes(&self) -> Vec<Derived<String>> {
        let Protocol::Oidc(oidc) = &self.protocol else { return Vec::new() };
        let of_roles = self
            .roles
            .claim
            .as_ref()
            .map(|claim| Derived::new(ROLES_SCOPE.to_owned(), claim.name.from.iter().copied()));
        let mut scopes: Vec<_> = oidc.scopes.iter().map(|scope| scope.scope.clone()).chain(of_roles).collect();
        scopes.sort_by(|one, other| one.value.cmp(&other.value));
        scopes
    }

    /// Where its credentials lie in Vault.
    pub fn credentials(&self) -> &VaultSecret {
        self.protocol.credentials()
    }
}

impl<'i> Protocol<'i> {
    fn of(around: &Around<'_, 'i>, key: &Spanned<AppName>, app: &'i inventory::App) -> Self {
        match (&app.oidc, &app.ldap) {
            (Some(oidc), _) => Protocol::Oidc(Box::new(OidcApp::of(around.identity, key, &app.url, oidc))),
            (None, ldap) => {
                let settings = ldap.as_ref().expect("the inventory refuses an app with neither `oidc` nor `ldap`");
                Protocol::Ldap(Box::new(LdapApp::of(around, key, app, settings)))
            }
        }
    }

    fn kind(&self) -> catalog::Protocol {
        match self {
            Protocol::Oidc(_) => catalog::Protocol::Oidc,
            Protocol::Ldap(_) => catalog::Protocol::Ldap,
        }
    }

    pub(crate) fn credentials(&self) -> &VaultSecret {
        match self {
            Protocol::Oidc(oidc) => &oidc.credentials,
            Protocol::Ldap(ldap) => &ldap.credentials,
        }
    }
}

impl FluxApp {
    fn of(
        around: &Around<'_, '_>,
        key: &Spanned<AppName>,
        namespace: &Spanned<inventory::Label>,
        app: &inventory::App,
        protocol: &Protocol<'_>,
        template: Option<SecretTemplate>,
    ) -> Self {
        let namespace = namespace.derive(ToString::to_string);
        let mut secrets = Vec::new();
        let mut secret = |kind: &str, vault: &VaultSecret, template: Option<SecretTemplate>| {
            let (name, namespace) = (secret_name(key, kind), namespace.clone());
            secrets.push(SecretReference { name, namespace, vault: vault.clone(), template });
        };
        secret(protocol.kind().as_str(), protocol.credentials(), template);
        if app.smtp.value {
            secret("smtp", &around.identity.smtp.vault, None);
        }
        let written = app.clusters.as_ref().map_or(&around.inventory.flux.clusters, |clusters| &clusters.value);
        Self {
            namespace,
            folder: named(key, |key| format!("{APPS}/{key}")),
            kustomization: named(key, |key| format!("apps-{key}")),
            clusters: sorted(written),
            secrets,
        }
    }
}

impl<'i> LdapApp<'i> {
    fn of(
        around: &Around<'_, 'i>,
        key: &Spanned<AppName>,
        app: &inventory::App,
        entry: &'i inventory::LdapApp,
    ) -> Self {
        let service = around.identity.ldap.as_ref().expect("the inventory refuses an LDAP app without `identity.ldap`");
        let base_dn = match &entry.base_dn {
            Some(written) => written.derive(ToString::to_string),
            None => {
                let suffix = &service.settings.suffix;
                Derived::new(format!("ou={},{}", key.value, suffix.value), [key.span, suffix.span])
            }
        };
        let bind_account = named(key, |key| format!("ldap-{key}"));
        let bind_dn = Derived::new(
            format!("cn={},ou=users,{}", bind_account.value, base_dn.value),
            [key.span].into_iter().chain(base_dn.from.iter().copied()),
        );
        let admins = match app.roles.iter().find(|role| role.name.as_str() == LDAP_ADMIN) {
            Some(role) => sorted(&role.value),
            None => around.groups.iter().filter(|group| group.superuser).map(|group| group.name.clone()).collect(),
        };
        let members = match &app.allow {
            inventory::Allow::Everyone(_) => None,
            inventory::Allow::Groups(groups) => member_of(&sorted(&groups.value), &base_dn, around.hierarchy),
        };
        let inside = app.namespace.is_some().then(|| service.cluster_host.clone()).flatten();
        Self {
            entry,
            bind_account,
            bind_dn,
            search_group: named(key, |key| format!("ldap-search-{key}")),
            host: inside.or_else(|| service.outside_host.clone()),
            credentials: ldap_credentials(key),
            members,
            admins: member_of(&admins, &base_dn, around.hierarchy),
            base_dn,
        }
    }

    /// The filter that finds the people who may open it.
    pub fn user_filter(&self) -> Derived<String> {
        self.members.clone().unwrap_or_else(|| Derived::fixed("(objectClass=user)".to_owned()))
    }
}

fn secret_name(key: &Spanned<AppName>, kind: &str) -> Derived<String> {
    named(key, |key| format!("{key}-{kind}"))
}

fn ldap_credentials(key: &Spanned<AppName>) -> VaultSecret {
    VaultSecret {
        path: named(key, |key| format!("apps/{key}/ldap")),
        keys: &["bind_dn", "bind_password", "base_dn"],
        writer: Writer::Module,
    }
}

/// A key as people read it: `argo-cd` is `Argo Cd`.
pub fn title(key: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in key.split('-') {
        let mut letters = word.chars();
        words.extend(letters.next().map(|first| first.to_uppercase().chain(letters).collect()));
    }
    words.join(" ")
}
