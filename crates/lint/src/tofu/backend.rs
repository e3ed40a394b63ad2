//! Where a root keeps its state.

use diagnostic::Span;
use resolve_tofu::Module;
use syntax::hcl::{Body, Expression, Item, Kind};

use crate::{Content, File, Files, Kind as FileKind};

/// Where a root keeps the state of the workspace `default`.
#[derive(Clone, Debug)]
pub struct State {
    /// The backend: `s3`.
    pub backend: &'static str,
    /// The place there: equal for two roots that share one.
    pub place: Vec<String>,
    /// The argument that is each root's own: `key`.
    pub own: &'static str,
    /// What it says, or means where it is not written.
    pub text: String,
    /// What it says elsewhere around the name of the root.
    pub around: (&'static str, &'static str),
    /// Where that argument is written, or else the backend.
    pub span: Span,
}

/// How a backend is told where to keep a state: which arguments say so, each with what it is when it is not written;
/// without that, it comes from somewhere else, and nothing is known. Then the argument that is each root's own, and
/// what to write around the root's name. As `internal/backend/remote-state` of OpenTofu has them.
type Told = (&'static str, &'static [(&'static str, Option<&'static str>)], &'static str, (&'static str, &'static str));

const TOLD: [Told; 8] = [
    ("azurerm", &[("storage_account_name", None), ("container_name", None), ("key", None)], "key", ("", ".tfstate")),
    ("consul", &[("address", Some("")), ("datacenter", Some("")), ("path", None)], "path", ("tofu/", "")),
    ("gcs", &[("bucket", None), ("prefix", Some(""))], "prefix", ("", "")),
    ("http", &[("address", None)], "address", ("https://…/", "")),
    ("kubernetes", KUBERNETES, "secret_suffix", ("", "")),
    ("local", &[("path", Some("terraform.tfstate"))], "path", ("", ".tfstate")),
    (
        "pg",
        &[("conn_str", None), ("schema_name", Some("terraform_remote_state")), ("table_name", Some("states"))],
        "schema_name",
        ("", ""),
    ),
    (
        "s3",
        &[("endpoint", Some("")), ("endpoints", Some("")), ("bucket", None), ("key", None)],
        "key",
        ("", "/terraform.tfstate"),
    ),
];

const KUBERNETES: &[(&str, Option<&str>)] = &[
    ("host", Some("")),
    ("config_path", Some("")),
    ("config_paths", Some("")),
    ("config_context", Some("")),
    ("config_context_cluster", Some("")),
    ("namespace", Some("default")),
    ("secret_suffix", None),
];

impl State {
    /// Where `module`, which is a root, keeps its state; `None` where that is not written out, or the backend is none
    /// of those that are known.
    pub fn of(module: &Module, files: &Files) -> Option<Self> {
        let written = module.backend.as_ref()?;
        let (backend, arguments, own, around) = TOLD.iter().find(|told| told.0 == written.kind.value)?;
        let bodies = [given_to_init(files, module)?, Some(&written.body)];
        let mut state =
            Self { backend, place: Vec::new(), own, text: String::new(), around: *around, span: written.header };
        for (name, default) in *arguments {
            let (text, span) = match argument(bodies, name) {
                None => ((*default)?.to_owned(), written.header),
                Some(value) => (text_of(value?)?, value?.span),
            };
            state.place.push(comparable(backend, name, &text, module));
            if name == own {
                (state.text, state.span) = (text, span);
            }
        }
        Some(state)
    }

    /// Whether each workspace has a state of its own there.
    pub fn has_workspaces(&self) -> bool {
        self.backend != "http"
    }
}

/// The argument `name` where it is written first; `Some(None)` where it is a block.
fn argument<'b>(bodies: [Option<&'b Body>; 2], name: &str) -> Option<Option<&'b Expression>> {
    bodies.into_iter().flatten().flat_map(|body| &body.items).find_map(|item| match item {
        Item::Attribute(attribute) if attribute.name.value == name => Some(Some(&attribute.value)),
        Item::Block(block) if block.kind.value == name => Some(None),
        _ => None,
    })
}

/// A text that is written out; of `endpoints`, the one of S3.
fn text_of(value: &Expression) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Object(items) => {
            let is_s3 = |key: &Expression| matches!(&key.kind, Kind::Variable(name) | Kind::Text(name) if name == "s3");
            match items.iter().find(|item| is_s3(&item.key)) {
                Some(item) => text_of(&item.value),
                None => Some(String::new()),
            }
        }
        _ => None,
    }
}

/// What is written in the form in which two for one place are equal.
fn comparable(backend: &str, name: &str, text: &str, module: &Module) -> String {
    match (backend, name) {
        ("pg", "conn_str") => database(text),
        ("local", "path") if !text.starts_with('/') => from(&module.folder, text),
        ("gcs", "prefix") | ("s3", "endpoint" | "endpoints") | ("consul", "address") => {
            text.trim_matches('/').to_owned()
        }
        _ => text.to_owned(),
    }
}

/// The file beside the module that `init` is given, if there is one; `None` where there are several to choose from.
fn given_to_init<'r>(files: &'r Files, module: &Module) -> Option<Option<&'r Body>> {
    let is_here = |file: &&File| file.path.parent().is_some_and(|folder| folder == module.folder.as_str());
    let mut files = files.of(FileKind::Tfbackend).filter(is_here);
    match (files.next().map(|file| &file.content), files.next()) {
        (None, _) => Some(None),
        (Some(Content::Hcl(parsed)), None) => Some(Some(&parsed.body)),
        _ => None,
    }
}

/// The path `path`, as it is written in `folder`, from the repository's root.
fn from(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')).filter(|part| !["", "."].contains(part)) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// A connection without the user, the password and the options of an address.
fn database(connection: &str) -> String {
    let Some((_, address)) = connection.split_once("://") else { return connection.to_owned() };
    let address = address.split('?').next().unwrap_or_default();
    let start = address[..address.find('/').unwrap_or(address.len())].rfind('@').map_or(0, |at| at + 1);
    address[start..].replacen(":5432/", "/", 1).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_database_has_several_addresses() {
        let one = database("postgres://nas.example.org/tofu");
        for other in
            ["postgresql://tofu@NAS.example.org:5432/tofu", "postgres://a:b@nas.example.org/tofu?sslmode=require"]
        {
            assert_eq!(database(other), one, "{other}");
        }
        assert_ne!(database("postgres://nas.example.org/other"), one);
    }

    #[test]
    fn a_path_is_taken_from_where_it_is_written() {
        let table = [
            ("tofu/dns", "../state", "tofu/state"),
            ("", "./a/../state", "state"),
            ("dns", "../../state/x", "../state/x"),
        ];
        for (folder, path, found) in table {
            assert_eq!(from(folder, path), found, "{folder} {path}");
        }
    }
}
