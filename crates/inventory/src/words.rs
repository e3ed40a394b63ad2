//! Values that are one of a few words.

use document::words;

words! {
    /// The kind of the Flux source that holds the repository.
    pub enum SourceKind {
        /// A git repository, as `flux bootstrap` sets it up.
        GitRepository = "GitRepository",
        /// An OCI artifact.
        OciRepository = "OCIRepository",
        /// A bucket.
        Bucket = "Bucket",
    }

    /// Which operator turns Vault paths into Secrets.
    pub enum SecretOperator {
        /// External Secrets Operator: `ExternalSecret` of `external-secrets.io/v1`.
        ExternalSecrets = "external-secrets",
        /// Vault Secrets Operator: `VaultStaticSecret` of `secrets.hashicorp.com/v1beta1`.
        VaultSecretsOperator = "vault-secrets-operator",
    }

    /// The kind of object that says how the operator reaches Vault.
    pub enum StoreKind {
        /// External Secrets Operator, for all namespaces.
        ClusterSecretStore = "ClusterSecretStore",
        /// External Secrets Operator, one of that name in each namespace.
        SecretStore = "SecretStore",
        /// Vault Secrets Operator.
        VaultAuth = "VaultAuth",
    }

    /// The backend that keeps OpenTofu's state.
    pub enum StateBackend {
        /// PostgreSQL.
        Pg = "pg",
    }

    /// How a connection to PostgreSQL is secured (libpq's words).
    pub enum SslMode {
        /// Never encrypted.
        Disable = "disable",
        /// Unencrypted where the server lets it.
        Allow = "allow",
        /// Encrypted where the server can.
        Prefer = "prefer",
        /// Encrypted, whoever the server is.
        Require = "require",
        /// Encrypted, by a certificate of a known authority.
        VerifyCa = "verify-ca",
        /// Encrypted, by a certificate of a known authority for that host.
        VerifyFull = "verify-full",
    }

    /// How OpenTofu's connection to its state is secured. Its PostgreSQL library knows these only: it cannot try
    /// encryption and go on without it.
    pub enum StateSslMode {
        /// Never encrypted: for a server without TLS.
        Disable = "disable",
        /// Encrypted, whoever the server is.
        Require = "require",
        /// Encrypted, by a certificate of a known authority.
        VerifyCa = "verify-ca",
        /// Encrypted, by a certificate of a known authority for that host.
        VerifyFull = "verify-full",
    }

    /// How mail is handed over.
    pub enum Encryption {
        /// Plain at first, then STARTTLS; the usual one on port 587.
        Starttls = "starttls",
        /// TLS from the first byte; the usual one on port 465.
        Ssl = "ssl",
        /// In the clear: for a relay on the same host or in the cluster.
        None = "none",
    }

    /// Who runs the LDAP outpost.
    pub enum OutpostService {
        /// authentik itself, in its own cluster, by its built-in service connection `Local Kubernetes Cluster`.
        Kubernetes = "kubernetes",
        /// The person, with the container image and the outpost's token.
        Manual = "manual",
    }

    /// The type of the Service in front of the LDAP outpost.
    pub enum ServiceType {
        /// Reachable in the cluster only.
        ClusterIp = "ClusterIP",
        /// Reachable on an address of the load balancer.
        LoadBalancer = "LoadBalancer",
        /// Reachable on a port of every node.
        NodePort = "NodePort",
    }

    /// An image type that a person may upload as avatar. SVG is left out on purpose: it can carry scripts.
    pub enum ImageType {
        /// PNG.
        Png = "image/png",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// WebP.
        Webp = "image/webp",
        /// GIF.
        Gif = "image/gif",
    }

    /// What authentik shows for a person without an avatar of their own.
    pub enum AvatarMode {
        /// The picture that gravatar.com has for the e-mail address; asks a server outside the lab.
        Gravatar = "gravatar",
        /// A picture of the initials; always answers.
        Initials = "initials",
        /// A static picture; always answers.
        None = "none",
    }

    /// How a redirect URI is compared.
    pub enum Matching {
        /// Byte for byte.
        Strict = "strict",
        /// As a Python regular expression over the whole of it.
        Regex = "regex",
    }

    /// What a redirect URI is for.
    pub enum RedirectKind {
        /// The end of a login.
        Authorization = "authorization",
        /// The end of a logout; from provider 2026.5.0 on.
        Logout = "logout",
    }

    /// Who tells an app that a person has logged out.
    pub enum LogoutMethod {
        /// authentik itself, which must reach the app.
        Backchannel = "backchannel",
        /// The person's browser.
        Frontchannel = "frontchannel",
    }

    /// Whether an OIDC client can keep a secret.
    pub enum ClientType {
        /// A server that keeps it.
        Confidential = "confidential",
        /// A browser or phone app that cannot.
        Public = "public",
    }

    /// What becomes the `sub` claim.
    pub enum SubjectMode {
        /// A hash of the user's id.
        HashedUserId = "hashed_user_id",
        /// The user's id.
        UserId = "user_id",
        /// The user's UUID.
        UserUuid = "user_uuid",
        /// The username.
        UserUsername = "user_username",
        /// The e-mail address.
        UserEmail = "user_email",
        /// The `upn` attribute.
        UserUpn = "user_upn",
    }

    /// How an LDAP request is answered.
    pub enum LdapMode {
        /// Asks authentik each time.
        Direct = "direct",
        /// Remembers for a while: removed access lingers.
        Cached = "cached",
    }

    /// A scope mapping that authentik brings with it.
    pub enum BuiltinScope {
        /// Required by OpenID Connect.
        Openid = "openid",
        /// `email`; `email_verified` is false since authentik 2025.10.
        Email = "email",
        /// Names and `groups`.
        Profile = "profile",
        /// `entitlements` and `roles`.
        Entitlements = "entitlements",
        /// Lets the client have refresh tokens.
        OfflineAccess = "offline_access",
    }
}
