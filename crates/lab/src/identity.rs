//! authentik: its addresses, the names of its objects, and its secrets.

use diagnostic::Derived;
use inventory::{Inventory, Label, OutpostService, ServiceType};

use crate::secret::{SecretReference, VaultSecret, Writer};

/// The name of authentik's HelmRelease, and so of its Services: `authentik-server`.
const RELEASE: &str = "authentik";
/// The name of the LDAP outpost in authentik.
const OUTPOST: &str = "ldap";

/// authentik with its names.
#[derive(Debug)]
pub struct Identity<'i> {
    /// What the inventory says.
    pub settings: &'i inventory::Identity,
    /// `https://<host>`, without a slash at its end.
    pub url: Derived<String>,
    /// The cluster that runs it.
    pub cluster: Derived<String>,
    /// The name of its HelmRelease and HelmRepository, and of its Flux Kustomization.
    pub release: &'static str,
    /// The Secret with the certificate of its host.
    pub tls_secret: Derived<String>,
    /// The address of an invitation, to which the token is appended.
    pub invitation_url: Derived<String>,
    /// The recovery page.
    pub recovery_url: Derived<String>,
    /// The Secret with `secret_key`.
    pub config: SecretReference,
    /// The Secret with the `password` of the database.
    pub postgres: SecretReference,
    /// The Secret with `username` and `password` of the mail server.
    pub smtp: SecretReference,
    /// The Secret with the bootstrap `token`, which OpenTofu logs in with too.
    pub token: SecretReference,
    /// How LDAP is reached; `None` where the inventory has no `identity.ldap`.
    pub ldap: Option<LdapService<'i>>,
}

/// How LDAP is reached.
#[derive(Debug)]
pub struct LdapService<'i> {
    /// What the inventory says.
    pub settings: &'i inventory::Ldap,
    /// The outpost's name in authentik.
    pub outpost: &'static str,
    /// The host name for apps of the cluster that runs authentik; `None` where a person runs the outpost.
    pub cluster_host: Option<Derived<String>>,
    /// The host name for apps outside that cluster; `None` where the inventory names none.
    pub outside_host: Option<Derived<String>>,
}

impl<'i> Identity<'i> {
    pub(crate) fn of(inventory: &'i Inventory) -> Self {
        let settings = &inventory.identity;
        let host = &settings.host;
        let url = host.derive(|host| format!("https://{host}"));
        let flow = |slug: &diagnostic::Spanned<Label>, rest: &str| {
            Derived::new(format!("{}/if/flow/{slug}/{rest}", url.value, slug = slug.value), [host.span, slug.span])
        };
        let secret = |name: &str, path: &str, keys| SecretReference {
            name: Derived::fixed(name.to_owned()),
            namespace: settings.namespace.derive(ToString::to_string),
            vault: VaultSecret { path: Derived::fixed(path.to_owned()), keys, writer: Writer::Person },
            template: None,
        };
        Self {
            settings,
            cluster: match &settings.cluster {
                Some(cluster) => cluster.derive(ToString::to_string),
                None => inventory
                    .flux
                    .clusters
                    .first()
                    .map_or_else(|| Derived::fixed(String::new()), |first| first.derive(ToString::to_string)),
            },
            release: RELEASE,
            tls_secret: match &settings.ingress.tls.secret {
                Some(secret) => secret.derive(ToString::to_string),
                None => Derived::new(format!("{RELEASE}-tls"), [settings.ingress.tls.span]),
            },
            invitation_url: flow(&settings.enrollment.slug, "?itoken="),
            recovery_url: flow(&settings.recovery.slug, ""),
            config: secret("authentik-config", "authentik/config", &["secret_key"]),
            postgres: secret("authentik-postgres", "authentik/postgres", &["password"]),
            smtp: secret("authentik-smtp-credentials", "authentik/smtp", &["username", "password"]),
            token: secret("authentik-token", "authentik/token", &["token"]),
            ldap: settings.ldap.as_ref().map(|ldap| LdapService::of(ldap, settings)),
            url,
        }
    }

    /// The Secrets that authentik's pods read, in the order of their files.
    pub fn secrets(&self) -> [&SecretReference; 4] {
        [&self.config, &self.postgres, &self.smtp, &self.token]
    }

    /// The page of authentik at `path`, which starts without a slash: `if/user/#/settings`.
    pub fn page(&self, path: &str) -> Derived<String> {
        Derived::new(format!("{}/{path}", self.url.value), self.url.from.clone())
    }

    /// The addresses that all apps share in OpenID Connect, with what each is called.
    pub fn oidc_endpoints(&self) -> [(&'static str, Derived<String>); 3] {
        let endpoint = |name: &'static str| (name, self.page(&format!("application/o/{name}/")));
        [endpoint("authorize"), endpoint("token"), endpoint("userinfo")]
    }

    /// The Vault paths that a person fills before the first apply.
    pub fn vault_secrets(&self) -> [&VaultSecret; 4] {
        self.secrets().map(|secret| &secret.vault)
    }
}

impl<'i> LdapService<'i> {
    /// A managed outpost's Service is `ak-outpost-<outpost>` in authentik's own namespace (authentik,
    /// `object_naming_template`).
    fn of(settings: &'i inventory::Ldap, identity: &'i inventory::Identity) -> Self {
        let outpost = &settings.outpost;
        Self {
            settings,
            outpost: OUTPOST,
            cluster_host: (outpost.service.value == OutpostService::Kubernetes).then(|| {
                identity.namespace.derive(|namespace| format!("ak-outpost-{OUTPOST}.{namespace}.svc.cluster.local"))
            }),
            outside_host: settings.host.as_ref().map(|host| host.derive(ToString::to_string)),
        }
    }

    /// Whether something outside the cluster can reach the outpost at all.
    pub fn reachable_from_outside(&self) -> bool {
        let outpost = &self.settings.outpost;
        outpost.service.value == OutpostService::Manual || outpost.service_type.value != ServiceType::ClusterIp
    }
}
