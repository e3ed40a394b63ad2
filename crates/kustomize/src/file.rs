//! A kustomization as it is written: found in its folder, and checked.

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Span, Spanned};
use manifest::{Content, Value};
use syntax::yaml::plain;

use crate::files::Known;
use crate::run::Run;
use crate::shape::{self, KUSTOMIZATION};
use crate::{EMPTY_KUSTOMIZATION, KUSTOMIZATION_KIND, SEVERAL_KUSTOMIZATIONS};

/// What a kustomization may be called.
pub const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A kustomization.
#[derive(Clone, Debug)]
pub(crate) struct Kustomization {
    /// The folder that it lies in.
    pub(crate) folder: Utf8PathBuf,
    /// Its file.
    pub(crate) path: Utf8PathBuf,
    /// What it says; no field of it has another type than kustomize wants.
    pub(crate) value: Value,
}

/// The path of the kustomization in `folder`, if there is one.
pub(crate) fn find(run: &Run<'_>, folder: &Utf8Path) -> Option<Utf8PathBuf> {
    NAMES.iter().map(|name| folder.join(name)).find(|path| run.files.is_file(path))
}

/// What the kustomization at `path` says, before it is checked; `None` if it cannot be read.
pub(crate) fn written(run: &mut Run<'_>, path: &Utf8Path) -> Option<Value> {
    let parsed;
    let (id, documents) = match run.files.get(path)? {
        Known::Yaml(id, documents) => (id, documents),
        Known::Text(id) => {
            parsed = run.parse(id)?;
            (id, parsed.as_slice())
        }
        Known::Broken(_) | Known::Opaque => return None,
    };
    let start = Span::new(id, 0..0);
    let root = documents.first().map(|document| manifest::read(&document.root, plain::kubernetes));
    Some(root.unwrap_or_else(|| Value::new(Content::Null, start)))
}

impl Kustomization {
    /// The kustomization in `folder`; the faults of its file go to `run`.
    pub(crate) fn read(run: &mut Run<'_>, folder: &Utf8Path) -> Option<Self> {
        let path = find(run, folder)?;
        run.uses(&path);
        let value = written(run, &path);
        if value.is_none() {
            run.is_open = true;
        }
        Self::check(run, folder, path, value?)
    }

    /// The kustomization at `path` that says `value`.
    pub(crate) fn check(run: &mut Run<'_>, folder: &Utf8Path, path: Utf8PathBuf, value: Value) -> Option<Self> {
        let span = value.span;
        for other in NAMES.iter().map(|name| folder.join(name)).filter(|other| *other != path) {
            if run.files.is_file(&other) {
                let message = format!("the folder has `{}` too", other.file_name().unwrap_or_default());
                let start = Span::new(span.file, 0..0);
                run.found.push(Diagnostic::error(SEVERAL_KUSTOMIZATIONS, start, message).help("delete one of them"));
            }
        }
        let is_null = value.is_null();
        let count = run.found.len();
        let value = shape::fit(value, &KUSTOMIZATION, &mut run.found);
        run.is_open |= run.found.len() > count;
        if value.is_none() && !is_null {
            return None;
        }
        let value = value.unwrap_or_else(|| Value::new(Content::Map(Vec::new()), span));
        if says_nothing(&value) {
            let fault = Diagnostic::error(EMPTY_KUSTOMIZATION, span, "the kustomization says nothing");
            run.found.push(fault.help("name what belongs to it: `resources: [...]`"));
        }
        let kustomization = Self { folder: folder.to_owned(), path, value };
        kustomization.check_kind(run);
        Some(kustomization)
    }

    fn check_kind(&self, run: &mut Run<'_>) {
        let kind = self.value.text_at("kind").unwrap_or_default();
        let known = ["Kustomization", "Component"];
        if !kind.is_empty() && !known.contains(&kind) {
            let span = self.value.get("kind").map_or(self.value.span, |kind| kind.span);
            let near = diagnostic::did_you_mean(kind, known);
            let message = format!("a kustomization is of the kind `Kustomization` or `Component`, not `{kind}`{near}");
            run.found.push(Diagnostic::error(KUSTOMIZATION_KIND, span, message));
        }
        let wanted = match kind {
            "Component" => "kustomize.config.k8s.io/v1alpha1",
            _ => "kustomize.config.k8s.io/v1beta1",
        };
        if let Some(written) = self.value.get("apiVersion")
            && written.text().is_some_and(|written| written != wanted && !written.is_empty())
        {
            let kind = if kind.is_empty() { "Kustomization" } else { kind };
            let message = format!("a {kind} is of `{wanted}`, not `{}`", written.text().unwrap_or_default());
            run.found
                .push(Diagnostic::error(KUSTOMIZATION_KIND, written.span, message).help(format!("write `{wanted}`")));
        }
    }

    /// Whether it is a component.
    pub(crate) fn is_component(&self) -> bool {
        self.value.text_at("kind") == Some("Component")
    }

    /// The text behind `key`, unless it is empty.
    pub(crate) fn text(&self, key: &str) -> Option<Spanned<String>> {
        text_at(&self.value, key)
    }

    /// The texts behind `key`.
    pub(crate) fn texts(&self, key: &str) -> Vec<Spanned<String>> {
        texts(self.value.items_at(key))
    }

    /// The items behind `key`.
    pub(crate) fn items(&self, key: &str) -> &[Value] {
        self.value.items_at(key)
    }

    /// Where the first field of those is written, for what is to be said of it as a whole.
    pub(crate) fn place(&self, key: &str) -> Span {
        self.value.entry(key).map_or(self.value.span, |entry| entry.key.span)
    }
}

/// The text behind `key`, unless it is empty.
pub(crate) fn text_at(value: &Value, key: &str) -> Option<Spanned<String>> {
    let value = value.get(key)?;
    let text = value.text().filter(|text| !text.is_empty())?;
    Some(Spanned::new(text.to_owned(), value.span))
}

/// The texts among `items`.
pub(crate) fn texts(items: &[Value]) -> Vec<Spanned<String>> {
    items.iter().filter_map(|item| Some(Spanned::new(item.text()?.to_owned(), item.span))).collect()
}

/// Whether nothing stands in it but its kind.
fn says_nothing(value: &Value) -> bool {
    value.entries().iter().all(|entry| match entry.key.value.as_str() {
        "apiVersion" | "kind" => true,
        "bases" | "imageTags" => entry.value.items().is_empty(),
        _ => entry.value.text() == Some(""),
    })
}
