//! The document, from its top down.

use diagnostic::{Derived, Spanned};
use document::record;

use crate::{
    Allow, AppName, AttributeKey, AvatarMode, BuiltinScope, ClientType, Constraint, Dn, Duration, EmailAddress,
    Encryption, Entries, Entry, GroupName, Host, ImageType, Label, LdapMode, Line, LogoutMethod, LogoutUri, Mailbox,
    Matching, ObjectName, OutpostService, Port, RedirectKind, RedirectUri, RepositoryUrl, ScopeName, SecretOperator,
    ServiceType, Size, SourceKind, SqlName, SslMode, StateBackend, StateSslMode, StoreKind, SubjectMode, Text, Url,
    UserName, UserPath, Value, VaultPath, Version,
};

record! {
    /// A lab: its identity provider, its apps, its groups and its people.
    pub struct Inventory {
        /// The lab itself.
        lab: LabSettings,
        /// The Vault that holds every secret.
        vault: Vault,
        /// What Flux is told.
        flux: Flux,
        /// What OpenTofu is told.
        tofu: Tofu,
        /// authentik, the identity provider.
        identity: Identity,
        /// Groups that people are in and that apps are opened to.
        groups: Entries<GroupName, Group> = Vec::new(),
        /// People that OpenTofu creates. Who enrols by an invitation is not written here.
        users: Entries<UserName, User> = Vec::new(),
        /// Apps that people log in to.
        apps: Entries<AppName, App> = Vec::new(),
    }

    /// The lab itself.
    pub struct LabSettings {
        /// A short name for the lab, shown on its page.
        name: Spanned<Label>,
        /// The domain that the lab's hosts lie under.
        domain: Spanned<Host>,
    }

    /// The Vault that holds every secret.
    pub struct Vault {
        /// Where it answers.
        address: Spanned<Url>,
        /// The KV version 2 mount that all paths are below.
        mount: Spanned<VaultPath>,
    }

    /// What Flux is told.
    pub struct Flux {
        /// The clusters of this repository: each has a folder `flux/clusters/<name>`.
        clusters: Vec<Spanned<Label>>,
        /// The source that holds this repository.
        source: FluxSource,
        /// Flux Kustomizations that exist already and that must be ready before: the operator of the secrets, Traefik.
        after: Vec<Spanned<ObjectName>> = Vec::new(),
        /// Namespaces that something else creates already; labtree renders the others.
        existing_namespaces: Vec<Spanned<Label>> = Vec::new(),
        /// The operator that turns Vault paths into Secrets.
        secrets: Spanned<SecretOperator>,
        /// The object that says how that operator reaches Vault.
        store: Store,
    }

    /// The source that holds this repository, in the namespace `flux-system`.
    pub struct FluxSource {
        /// Its kind.
        kind: Spanned<SourceKind> = SourceKind::GitRepository,
        /// Its name.
        name: Spanned<ObjectName>,
    }

    /// The object that says how the operator of the secrets reaches Vault.
    pub struct Store {
        /// Its kind; `VaultAuth` goes with the Vault Secrets Operator, the others with External Secrets.
        kind: Spanned<StoreKind>,
        /// Its name.
        name: Spanned<ObjectName>,
        /// Its namespace; for `VaultAuth` only, which other namespaces refer to.
        namespace: Option<Spanned<Label>>,
        /// The mount that a store of External Secrets has in its `path`. Where the store has none, leave it out:
        /// keys then start with the mount.
        path: Option<Spanned<VaultPath>>,
        /// How it logs in to Vault. Written: labtree renders the store itself. Left out: the store exists already.
        auth: Option<StoreAuth>,
    }

    /// How the store logs in to Vault: the Kubernetes auth method.
    pub struct StoreAuth {
        /// Where the auth method is mounted in Vault.
        mount: Spanned<VaultPath>,
        /// Where those of further clusters are mounted, by cluster: one trusts the tokens of one cluster only. A
        /// cluster that is not named here has `mount`.
        mounts: Entries<Label, Spanned<VaultPath>> = Vec::new(),
        /// The Vault role to log in with.
        role: Spanned<Line>,
        /// The service account whose token is shown to Vault.
        service_account: ServiceAccount,
    }

    /// A service account of Kubernetes.
    pub struct ServiceAccount {
        /// Its name.
        name: Spanned<ObjectName>,
        /// Its namespace.
        namespace: Spanned<Label>,
    }

    /// What OpenTofu is told.
    pub struct Tofu {
        /// The OpenTofu versions that may apply the root.
        required_version: Spanned<Constraint>,
        /// The versions of the providers.
        providers: Providers,
        /// Where the state is kept.
        state: State,
    }

    /// Version constraints of the providers.
    pub struct Providers {
        /// `goauthentik/authentik`. The newest release that it allows decides which arguments are rendered.
        authentik: Spanned<Constraint>,
        /// `hashicorp/vault`.
        vault: Spanned<Constraint>,
    }

    /// Where the state is kept. The user and the password come from `PGUSER` and `PGPASSWORD`.
    pub struct State {
        /// The backend.
        backend: Spanned<StateBackend> = StateBackend::Pg,
        /// The host of the database server.
        host: Spanned<Host>,
        /// Its port.
        port: Spanned<Port> = Port(5432),
        /// The database; it must exist.
        database: Spanned<SqlName>,
        /// The schema in it, one for each root.
        schema: Spanned<SqlName>,
        /// How the connection is secured. Where it is left out, `PGSSLMODE` says so, and without it `require`.
        sslmode: Option<Spanned<StateSslMode>>,
    }

    /// authentik, the identity provider.
    pub struct Identity {
        /// The host that people log in at: `auth.example.org`.
        host: Spanned<Host>,
        /// The cluster that runs it; the first of `flux.clusters` where it is left out.
        cluster: Option<Spanned<Label>>,
        /// The namespace it runs in.
        namespace: Spanned<Label>,
        /// The Helm chart it is installed from.
        release: ChartRelease,
        /// How people reach it.
        ingress: Ingress,
        /// Its PostgreSQL database, outside the cluster or at least outside the chart.
        database: Database,
        /// The mail server it sends through.
        email: Email,
        /// LDAP for apps that cannot do OIDC.
        ldap: Option<Ldap>,
        /// How people enrol by an invitation.
        enrollment: Enrollment,
        /// How people set a new password by mail.
        recovery: Recovery,
        /// Codes by mail as a second factor.
        email_otp: EmailOtp,
        /// Pictures that people upload.
        avatars: Avatars,
        /// authentik's system settings. What is not written has the server's default, and is rendered all the same.
        settings: Settings,
    }

    /// The Helm chart of authentik.
    pub struct ChartRelease {
        /// The Helm repository.
        repository: Spanned<RepositoryUrl>,
        /// The chart in it.
        chart: Spanned<Line>,
        /// Its exact version, which is authentik's version too.
        version: Spanned<Version>,
    }

    /// How people reach authentik.
    pub struct Ingress {
        /// The ingress class: `traefik`.
        class: Spanned<Label>,
        /// The certificate.
        tls: Tls,
    }

    /// The certificate of a host: `secret` names one that exists, `issuer` has cert-manager make one.
    pub struct Tls either secret or issuer {
        /// A Secret of type `kubernetes.io/tls` in authentik's namespace.
        secret: Option<Spanned<ObjectName>>,
        /// A cert-manager ClusterIssuer.
        issuer: Option<Spanned<ObjectName>>,
    }

    /// authentik's PostgreSQL database. The password lies in Vault.
    pub struct Database {
        /// The host of the database server.
        host: Spanned<Host>,
        /// Its port.
        port: Spanned<Port> = Port(5432),
        /// The database; it must exist, in UTF8.
        name: Spanned<SqlName>,
        /// The user.
        user: Spanned<SqlName>,
        /// How the connection is secured.
        sslmode: Spanned<SslMode> = SslMode::Prefer,
    }

    /// The mail server that authentik sends through. Username and password lie in Vault.
    pub struct Email {
        /// Its host.
        host: Spanned<Host>,
        /// Its port: 587 with `starttls`, 465 with `ssl`.
        port: Spanned<Port>,
        /// How mail is handed over.
        encryption: Spanned<Encryption>,
        /// The sender.
        from: Spanned<Mailbox>,
        /// How many seconds to wait for the server.
        timeout: Spanned<u32> = 30,
    }

    /// LDAP for apps that cannot do OIDC.
    pub struct Ldap {
        /// The suffix that every app's base DN `ou=<app>,<suffix>` lies under.
        suffix: Spanned<Dn>,
        /// The host name under which apps outside the cluster reach the outpost.
        host: Option<Spanned<Host>>,
        /// The outpost, which answers LDAP.
        outpost: Outpost,
    }

    /// The LDAP outpost.
    pub struct Outpost {
        /// Who runs it.
        service: Spanned<OutpostService> = OutpostService::Kubernetes,
        /// The type of its Service.
        service_type: Spanned<ServiceType> = ServiceType::ClusterIp,
    }

    /// How people enrol by an invitation.
    pub struct Enrollment {
        /// The slug of the flow; invitation links hold it.
        slug: Spanned<Label> = Label(String::from("invitation-enrollment")),
    }

    /// How people set a new password by mail.
    pub struct Recovery {
        /// The slug of the flow; links in mails hold it.
        slug: Spanned<Label> = Label(String::from("password-recovery")),
        /// How long a link is valid.
        link_valid_for: Spanned<Duration> = Duration(String::from("minutes=30")),
    }

    /// Codes by mail as a second factor.
    pub struct EmailOtp {
        /// What people see in the list of their second factors.
        name: Spanned<Line> = Line(String::from("Email codes")),
        /// How long a code is valid.
        code_valid_for: Spanned<Duration> = Duration(String::from("minutes=30")),
    }

    /// Pictures that people upload.
    pub struct Avatars {
        /// The image types that are accepted.
        types: Vec<Spanned<ImageType>> = vec![ImageType::Png, ImageType::Jpeg, ImageType::Webp, ImageType::Gif],
        /// The largest picture that is accepted. It travels with every listing of users, so keep it small.
        max_size: Spanned<Size> = Size(512 * 1024),
        /// What is shown for a person without a picture, the first that answers.
        then: Vec<Spanned<AvatarMode>> = vec![AvatarMode::Gravatar, AvatarMode::Initials],
    }

    /// authentik's system settings.
    pub struct Settings {
        /// Whether people may change their name.
        default_user_change_name: Spanned<bool> = true,
        /// Whether people may change their e-mail address.
        default_user_change_email: Spanned<bool> = false,
        /// Whether people may change their username.
        default_user_change_username: Spanned<bool> = false,
        /// How long events are kept.
        event_retention: Spanned<Duration> = Duration(String::from("days=365")),
        /// Links at the foot of the pages of authentik.
        footer_links: Vec<FooterLink> = Vec::new(),
        /// Whether a person's events go when the person goes.
        gdpr_compliance: Spanned<bool> = true,
        /// Whether superusers may act as another person.
        impersonation: Spanned<bool> = true,
        /// How long a new token is valid.
        default_token_duration: Spanned<Duration> = Duration(String::from("minutes=30")),
        /// How many characters a new token has.
        default_token_length: Spanned<u32> = 60,
        /// The lowest reputation that an account or address can fall to.
        reputation_lower_limit: Spanned<i32> = -5,
        /// The highest reputation that an account or address can rise to.
        reputation_upper_limit: Spanned<i32> = 5,
        /// How many objects a page of the API has.
        pagination_default_page_size: Spanned<u32> = 20,
        /// How many objects a page of the API may have.
        pagination_max_page_size: Spanned<u32> = 100,
        /// Switches of authentik.
        flags: Flags,
    }

    /// A link at the foot of the pages of authentik.
    pub struct FooterLink {
        /// Its text.
        name: Spanned<Line>,
        /// Where it leads.
        href: Spanned<Url>,
    }

    /// Switches of authentik. Those that the pinned provider does not know are not rendered.
    pub struct Flags {
        /// Whether an app without any binding is open to everyone.
        core_default_app_access: Spanned<bool> = false,
        /// Enterprise: whether audit events hold what changed.
        enterprise_audit_include_expanded_diff: Spanned<bool> = false,
        /// Whether a login in one tab goes on in the others.
        flows_continuous_login: Spanned<bool> = false,
        /// Whether other tabs are loaded again after a login.
        flows_refresh_others: Spanned<bool> = false,
        /// Whether the page that waits for a policy is shown.
        policies_buffered_access_view: Spanned<bool> = false,
    }

    /// A group.
    pub struct Group {
        /// Whether its members may do everything. Members of the groups under it may too.
        superuser: Spanned<bool> = false,
        /// Whether an invitation may give it.
        invite: Spanned<bool> = false,
        /// The groups it lies under: its members count as theirs.
        parents: Vec<Spanned<GroupName>> = Vec::new(),
        /// Attributes that members get on themselves, such as the libraries they see: for apps that read them.
        library: Entries<AttributeKey, Vec<Spanned<Line>>> = Vec::new(),
    }

    /// A person that OpenTofu creates.
    pub struct User {
        /// The name that is shown.
        name: Spanned<Line>,
        /// The e-mail address; recovery needs it.
        email: Spanned<EmailAddress>,
        /// The groups. Written, even empty: exactly these. Left out: whatever was set elsewhere stays.
        groups: Option<Spanned<Vec<Spanned<GroupName>>>>,
        /// The path the person lives under in authentik.
        path: Spanned<UserPath> = UserPath(String::from("users")),
    }

    /// An app that people log in to: by `oidc` or by `ldap`.
    pub struct App either oidc or ldap {
        /// Where people open it.
        url: Spanned<Url>,
        /// The entry of the catalog that says what it is told: which keys its Secret has, and what the values of its
        /// release hold below its own. Left out: the Secret has the keys that lie in Vault.
        catalog: Option<Spanned<AppName>>,
        /// The name that people see; the key with capital letters where it is left out.
        name: Option<Spanned<Line>>,
        /// The keys that it had before, the oldest first: `labtree rename app` writes them. OpenTofu moves what it made
        /// under the old one, instead of destroying it. Once every root is applied they may go.
        formerly: Vec<Spanned<AppName>> = Vec::new(),
        /// The namespace it runs in; its Secrets are rendered there. Left out: it runs outside the clusters, on
        /// the NAS for instance, and Flux has no part in it.
        namespace: Option<Spanned<Label>>,
        /// The clusters it runs on; all of them where it is left out.
        clusters: Option<Spanned<Vec<Spanned<Label>>>>,
        /// The heading it stands under in the list of apps.
        category: Option<Spanned<Line>>,
        /// A sentence on what it is.
        description: Option<Spanned<Line>>,
        /// Its picture: an address, or `fa://fa-…`.
        icon: Option<Spanned<Line>>,
        /// Who may open it.
        allow: Allow,
        /// Which groups have which role in it, by the names that its entry of the catalog has for roles; with LDAP there
        /// is `admin`. Left out: roles are given in the app. With LDAP the superusers are `admin` then.
        roles: Entries<Label, Vec<Spanned<GroupName>>> = Vec::new(),
        /// It logs people in by OpenID Connect.
        oidc: Option<Oidc>,
        /// It logs people in by LDAP.
        ldap: Option<LdapApp>,
        /// The Helm chart it is installed from; needs `namespace`. Left out: somebody else installs it.
        release: Option<AppRelease>,
        /// Whether it needs the SMTP credentials as a Secret; needs `namespace`.
        smtp: Spanned<bool> = false,
    }

    /// How an app logs people in by OpenID Connect.
    pub struct Oidc {
        /// Where the app may have people sent back to.
        redirect_uris: Vec<Redirect>,
        /// The scope mappings of authentik that the app may ask for.
        default_scopes: Vec<Spanned<BuiltinScope>> = vec![BuiltinScope::Openid, BuiltinScope::Email, BuiltinScope::Profile],
        /// Scopes of its own: the name, and the Python that returns the claims as a dict.
        scopes: Entries<ScopeName, Spanned<Text>> = Vec::new(),
        /// Whether it can keep a secret.
        client_type: Spanned<ClientType> = ClientType::Confidential,
        /// What becomes the `sub` claim.
        sub_mode: Spanned<SubjectMode> = SubjectMode::HashedUserId,
        /// Where authentik tells the app that a person has logged out.
        logout: Option<Logout>,
        /// How long an access token is valid.
        access_token_valid_for: Spanned<Duration> = Duration(String::from("minutes=10")),
        /// How long a refresh token is valid.
        refresh_token_valid_for: Spanned<Duration> = Duration(String::from("days=30")),
    }

    /// Where an app may have people sent back to: written as the URI alone, or as a mapping.
    pub struct Redirect short url never none: crate::rules::REDIRECT_URI_EMPTY, ": authentik would trust the first one that it sees" {
        /// The URI: a path from `/` on, which is joined to the app's `url`, or an absolute URI taken as written.
        url: Spanned<RedirectUri>,
        /// How it is compared.
        matching: Spanned<Matching> = Matching::Strict,
        /// What it is for.
        kind: Spanned<RedirectKind> = RedirectKind::Authorization,
    }

    /// Where authentik tells an app that a person has logged out: written as the URI alone, or as a mapping.
    pub struct Logout short uri {
        /// The URI: a path from `/` on, which is joined to the app's `url`, or an address.
        uri: Spanned<LogoutUri>,
        /// Who tells it.
        method: Spanned<LogoutMethod> = LogoutMethod::Backchannel,
    }

    /// How an app logs people in by LDAP.
    pub struct LdapApp {
        /// Its base DN, one for each app; `ou=<app>,<suffix>` where it is left out.
        base_dn: Option<Spanned<Dn>>,
        /// How a bind is answered.
        bind_mode: Spanned<LdapMode> = LdapMode::Direct,
        /// How a search is answered.
        search_mode: Spanned<LdapMode> = LdapMode::Direct,
    }

    /// The Helm chart that an app is installed from.
    pub struct AppRelease {
        /// The Helm repository.
        repository: Spanned<RepositoryUrl>,
        /// The chart in it.
        chart: Spanned<Line>,
        /// Its exact version.
        version: Spanned<Version>,
        /// The chart's values, handed on as they are. Secrets of the app are referred to by name.
        values: Option<Derived<Value>>,
    }
}

impl Inventory {
    /// The group of this name.
    pub fn group(&self, name: &str) -> Option<&Entry<GroupName, Group>> {
        self.groups.iter().find(|entry| entry.name.as_str() == name)
    }

    /// The app of this name.
    pub fn app(&self, name: &str) -> Option<&Entry<AppName, App>> {
        self.apps.iter().find(|entry| entry.name.as_str() == name)
    }
}
