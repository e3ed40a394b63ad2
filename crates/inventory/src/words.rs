//! Values that are one of a few words.

use serde_json::Value as Json;
use syntax::yaml;

use crate::field::{Fault, Scalar};
use crate::read::{Reader, shorten};
use crate::rules;
use crate::shape::{Shape, WordsInfo, alternatives};

/// A type of a few words: from one definition come the enum, its reader and its part of schema and reference page.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ pub enum $name:ident {
        $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)*
    })*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $word_doc])+ $variant,)*
        }

        impl $name {
            /// Every word, in the order of the reference page.
            pub const WORDS: &'static [(&'static str, $name)] = &[$(($word, $name::$variant),)*];

            /// The word as it is written.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }

        impl Scalar for $name {
            fn shape() -> Shape {
                static INFO: WordsInfo = WordsInfo {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    words: &[$(($word, concat!($($word_doc, "\n"),+)),)*],
                };
                Shape::Words(&INFO)
            }

            fn read(scalar: &yaml::Scalar, reader: &mut Reader) -> Result<Self, Fault> {
                word(&scalar.text, $name::WORDS, reader)
            }

            fn stand_in(_text: &str) -> Self {
                $name::WORDS[0].1
            }

            fn json(&self) -> Json {
                Json::from(self.as_str())
            }
        }
    )*};
}

fn word<T: Copy>(text: &str, words: &[(&str, T)], reader: &mut Reader) -> Result<T, Fault> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*value);
    }
    let near = reader.did_you_mean(text, words.iter().map(|(word, _)| *word));
    let list = alternatives(words.iter().map(|(word, _)| *word));
    Err(Fault::new(rules::UNKNOWN_WORD, format!("unknown word `{}`{near}", shorten(text)))
        .help(format!("write {list}")))
}

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
