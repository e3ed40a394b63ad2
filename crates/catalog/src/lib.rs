//! The catalog: the apps that homelabs run, how each logs people in, and where it takes the settings for that.
//!
//! A file `catalog/<app>.yaml` is an [`Entry`]. labtree brings its own, and a lab can have more, which win over those
//! of the same name. The identity side of an entry is copied into the inventory, the client side is rendered.

mod builtin;
mod check;
mod model;
mod page;
mod placeholder;
mod reference;
mod rules;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use diagnostic::{Diagnostic, FileId, Sources, Span, any_error};
use document::keys::Record;
use document::read::{At, Document, Field, Reader};
use document::schema;
use inventory::AppName;
use serde_json::Value as Json;
use syntax::yaml;

pub use builtin::builtin;
pub use model::*;
pub use page::{index, page};
pub use placeholder::{Part, Placeholder, Protocol, Reach, parts};
pub use reference::reference;
pub use rules::RULES;
pub use text::{ClaimName, EnvironmentName, KeyPath, LabelName, SecretKey, UrlPath};

/// The folder of the entries, in labtree's repository and in a lab.
pub const FOLDER: &str = "catalog";

static DOCUMENT: Document = Document {
    name: "the entry",
    start: "start with `name:`; `docs/catalog.md` has a complete example",
    example: |path| reference::at(path).map(String::from),
    refusal: |_, _| None,
};

/// An app of the catalog.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, which is that of its file: `grafana`. An app of the inventory refers to it by `catalog: grafana`.
    pub key: String,
    /// Its file.
    pub file: FileId,
    /// Whether it is the lab's own.
    pub own: bool,
    /// What the file says.
    pub facts: Facts,
}

/// The apps that are known.
#[derive(Debug, Default)]
pub struct Catalog {
    files: BTreeMap<String, File>,
}

/// An entry that is read when it is first asked for: a run needs few of them.
#[derive(Debug)]
struct File {
    id: FileId,
    text: Arc<str>,
    own: bool,
    read: OnceLock<Option<Entry>>,
}

impl Facts {
    /// What the app is told, by the protocol that it is about.
    pub fn clients(&self) -> Vec<(Protocol, &Client)> {
        let oidc = self.oidc.as_ref().map(|oidc| (Protocol::Oidc, &oidc.client));
        oidc.into_iter().chain(self.ldap.as_ref().map(|ldap| (Protocol::Ldap, &ldap.client))).collect()
    }

    /// The roles that it takes from a claim.
    pub fn roles(&self) -> Option<&Roles> {
        self.oidc.as_ref().and_then(|oidc| oidc.roles.as_ref())
    }

    /// What the app is told if it logs people in by `protocol`.
    pub fn client(&self, protocol: Protocol) -> Option<&Client> {
        self.clients().into_iter().find(|(its, _)| *its == protocol).map(|(_, client)| client)
    }
}

impl Entry {
    /// What is copied below `oidc:` of an app of the inventory: the text as the file has it, comments too, from the
    /// first column on and without a line break at its end.
    pub fn oidc_text(&self, sources: &Sources) -> Option<String> {
        self.facts.oidc.as_ref().map(|oidc| oidc.identity.text(sources))
    }

    /// What is copied below `ldap:`, likewise. It may be `{}`.
    pub fn ldap_text(&self, sources: &Sources) -> Option<String> {
        self.facts.ldap.as_ref().map(|ldap| ldap.identity.text(sources))
    }
}

impl Catalog {
    /// The entries of `builtin` and of `own`, each the name of a file below `catalog/` with its text. An entry of
    /// `own` wins over one of the same name. Its faults are pushed to `found`; built-in ones have none.
    pub fn load<'t>(
        sources: &mut Sources,
        builtin: impl IntoIterator<Item = (&'t str, &'t str)>,
        own: impl IntoIterator<Item = (String, String)>,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut files = BTreeMap::new();
        let mut add = |name: &str, text: &str, own: bool| {
            let text = Arc::<str>::from(text);
            let id = sources.add(format!("{FOLDER}/{name}"), Arc::clone(&text));
            let key = name.trim_end_matches(".yaml").to_owned();
            files.insert(key, File { id, text, own, read: OnceLock::new() });
        };
        for (name, text) in builtin {
            add(name, text, false);
        }
        for (name, text) in own {
            add(&name, &text, true);
        }
        for (key, file) in files.iter_mut().filter(|(_, file)| file.own) {
            file.read = OnceLock::from(read(key, file, found));
        }
        Self { files }
    }

    /// The entry of this name; `None` if there is none, or if its file has a fault.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        let (key, file) = self.files.get_key_value(key)?;
        file.read.get_or_init(|| read(key, file, &mut Vec::new())).as_ref()
    }

    /// Whether there is an entry of this name, faulty or not.
    pub fn knows(&self, key: &str) -> bool {
        self.files.contains_key(key)
    }

    /// Whether the lab has entries of its own.
    pub fn has_own(&self) -> bool {
        self.files.values().any(|file| file.own)
    }

    /// The names of all entries, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// All entries, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.files.keys().filter_map(|key| self.get(key))
    }
}

/// Reads one entry; `None` if it has a fault, which is pushed to `found`.
fn read(key: &str, file: &File, found: &mut Vec<Diagnostic>) -> Option<Entry> {
    let start = Span::new(file.id, 0..0);
    if let Err(fault) = AppName::new(key) {
        found.push(fault.at(start));
        return None;
    }
    let root = match yaml::parse(file.id, &file.text) {
        Ok(document) => document.root,
        Err(fault) => {
            found.push(fault);
            return None;
        }
    };
    let mut reader = Reader::default();
    let facts = Facts::read(&root, &At::top(&DOCUMENT, start), &mut reader);
    if !any_error(&reader.found) {
        check::all(&facts, start, &mut reader);
    }
    let sound = !any_error(&reader.found);
    found.append(&mut reader.found);
    sound.then(|| Entry { key: key.to_owned(), file: file.id, own: file.own, facts })
}

/// The JSON Schema of an entry.
pub fn json_schema() -> Json {
    schema::json_schema("labtree catalog entry", Facts::info())
}

/// The text of `schemas/catalog.schema.json`.
pub fn schema_text() -> String {
    schema::schema_text(&json_schema())
}
