//! Where secrets lie in Vault, who writes them and which Secrets read them.

use diagnostic::Derived;

/// Who writes a Vault path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// A person, before the first apply.
    Person,
    /// The app's OpenTofu module, at apply.
    Module,
}

/// A secret in Vault: a path below the mount, and its keys.
#[derive(Clone, Debug)]
pub struct VaultSecret {
    /// The path below the mount: `authentik/smtp`.
    pub path: Derived<String>,
    /// Its keys.
    pub keys: &'static [&'static str],
    /// Who writes it.
    pub writer: Writer,
}

/// A Secret of Kubernetes that an operator fills from a path in Vault.
#[derive(Clone, Debug)]
pub struct SecretReference {
    /// The name of the Secret, of the object that fills it, and of the file `<name>.yaml` of that object.
    pub name: Derived<String>,
    /// Its namespace.
    pub namespace: Derived<String>,
    /// Where the values lie.
    pub vault: VaultSecret,
    /// What it is made of; `None` where its keys are those of the path.
    pub template: Option<SecretTemplate>,
}

/// What a Secret is made of that does not have the keys of its path in Vault.
#[derive(Clone, Debug)]
pub struct SecretTemplate {
    /// Its keys.
    pub keys: Vec<TemplateKey>,
    /// Its labels, each with its value.
    pub labels: Vec<(Derived<String>, Derived<String>)>,
}

/// A key of such a Secret.
#[derive(Clone, Debug)]
pub struct TemplateKey {
    /// Its name.
    pub name: Derived<String>,
    /// What it holds.
    pub text: Vec<TextPart>,
}

/// A part of a text of a Secret.
#[derive(Clone, Debug)]
pub enum TextPart {
    /// Text.
    Text(Derived<String>),
    /// The value of a key of the path in Vault.
    Key(&'static str),
}

impl SecretReference {
    /// The file of the object that fills it, in the folder of who reads it: `grafana-oidc.yaml`.
    pub fn file(&self) -> Derived<String> {
        crate::file_of(&self.name)
    }
}
