//! `labtree.toml`: how labtree behaves in a lab.

mod definition;
mod schema;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use diagnostic::{Diagnostic, FileId, Severity, Span, Spanned, did_you_mean};
use globset::{Glob, GlobBuilder};
use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

use crate::catalogue;
use definition::{SETTINGS, Setting, Shape};
pub use schema::schema_text;

/// The name of the file, which stands in the root.
pub(crate) const SETTINGS_PATH: &str = "labtree.toml";

/// The name of the baseline in the root, unless the settings name another one.
const BASELINE_PATH: &str = "labtree.baseline";
/// The folder of schemas that a person imported, unless a setting names another.
const SCHEMAS_FOLDER: &str = "schemas";

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Hint];
/// What turns a rule off.
const OFF: &str = "off";

/// The settings of a lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The least severity of a finding that ends a run with status 1.
    pub fail_on: Severity,
    /// The severity of rules that are to have another one; `None` for a rule that is off.
    pub levels: BTreeMap<String, Option<Severity>>,
    /// Which paths `check` does not look at.
    pub exclude: Vec<Glob>,
    /// The file that keeps what was found before labtree came; `None` for the usual one.
    pub baseline: Option<Spanned<String>>,
    /// The folder of the schemas that a person imported; `None` for the usual one.
    pub schemas: Option<Spanned<String>>,
    /// The folders that are OpenTofu's root modules; `None` leaves it to labtree to tell.
    pub tofu_roots: Option<Vec<Spanned<String>>>,
    /// The folders that Flux begins at, one for each cluster; `None` leaves it to labtree to tell.
    pub flux_roots: Option<Vec<Spanned<String>>>,
    /// Where each setting is written that is, by its whole name: `tofu.roots`, `rules.plain-secret`.
    pub written: BTreeMap<String, Span>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fail_on: Severity::Error,
            levels: BTreeMap::new(),
            exclude: Vec::new(),
            baseline: None,
            schemas: None,
            tofu_roots: None,
            flux_roots: None,
            written: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// The settings in `text`, the source `file`. Faults are pushed to `found`; what is at fault keeps its default.
    pub fn parse(text: &str, file: FileId, found: &mut Vec<Diagnostic>) -> Self {
        let mut reader = Reader { settings: Self::default(), file, found };
        match DeTable::parse(text) {
            Ok(table) => reader.table(table.get_ref(), SETTINGS, ""),
            Err(error) => {
                let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1));
                let conflict =
                    lines.filter_map(|line| syntax::merge::conflict("settings-syntax", file, text, line)).next();
                let message = format!("this is not TOML: {}", error.message());
                let span = Span::new(file, error.span().unwrap_or_default());
                reader.found.push(conflict.unwrap_or_else(|| Diagnostic::error("settings-syntax", span, message)));
            }
        }
        reader.settings
    }

    /// Every setting but those of rules, in the order in which they are documented, with its value; null where labtree
    /// tells it from the files.
    pub(crate) fn values(&self) -> Vec<(&'static str, Json)> {
        let folders = |folders: &Option<Vec<Spanned<String>>>| match folders {
            Some(folders) => folders.iter().map(|folder| folder.value.as_str()).collect(),
            None => Json::Null,
        };
        vec![
            ("fail-on", self.fail_on.name().into()),
            ("exclude", self.exclude.iter().map(Glob::glob).collect()),
            ("baseline", self.baseline_path().into()),
            ("schemas", self.schemas().as_str().into()),
            ("flux.roots", folders(&self.flux_roots)),
            ("tofu.roots", folders(&self.tofu_roots)),
        ]
    }

    /// Where the baseline lies.
    pub(crate) fn baseline_path(&self) -> &str {
        self.baseline.as_ref().map_or(BASELINE_PATH, |path| &path.value)
    }

    /// The folder of the schemas that a person imported.
    pub(crate) fn schemas(&self) -> Utf8PathBuf {
        self.schemas.as_ref().map_or(SCHEMAS_FOLDER, |folder| &folder.value).into()
    }

    /// The folders that are OpenTofu's root modules, as modules are called; `None` leaves it to labtree to tell.
    pub(crate) fn tofu_folders(&self) -> Option<Vec<String>> {
        let roots = self.tofu_roots.as_ref()?;
        Some(roots.iter().map(|root| root.value.trim_start_matches('.').to_owned()).collect())
    }
}

type Value<'t> = toml::Spanned<DeValue<'t>>;

struct Reader<'f> {
    settings: Settings,
    file: FileId,
    found: &'f mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, rule: &'static str, at: std::ops::Range<usize>, message: String) -> &mut Diagnostic {
        self.found.push_mut(Diagnostic::error(rule, Span::new(self.file, at), message))
    }

    /// The keys of a table whose own keys, with a dot behind, are `above`.
    fn table(&mut self, table: &DeTable<'_>, known: &'static [Setting], above: &str) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            match known.iter().find(|setting| setting.key == name) {
                Some(setting) => {
                    let name = format!("{above}{name}");
                    let faults = self.found.len();
                    self.value(value, setting, &name);
                    let keeps_default =
                        matches!(setting.shape, Shape::Severity | Shape::Path) && self.found.len() > faults;
                    if !matches!(setting.shape, Shape::Table(_) | Shape::Levels) && !keeps_default {
                        self.settings.written.insert(name, Span::new(self.file, value.span()));
                    }
                }
                None => {
                    let names: Vec<_> = known.iter().map(|setting| setting.key).collect();
                    let near = did_you_mean(name, names.iter().copied());
                    let help = format!("the settings are: `{above}{}`", names.join(&format!("`, `{above}")));
                    let unknown =
                        self.report("unknown-setting", key.span(), format!("unknown setting `{above}{name}`{near}"));
                    unknown.help = Some(help);
                }
            }
        }
    }

    fn value(&mut self, value: &Value<'_>, setting: &Setting, name: &str) {
        match (setting.shape, value.get_ref()) {
            (Shape::Table(known), DeValue::Table(table)) => self.table(table, known, &format!("{name}.")),
            (Shape::Severity, _) => {
                if let Some(severity) = self.severity(value, name) {
                    self.settings.fail_on = severity;
                }
            }
            (Shape::Levels, DeValue::Table(table)) => self.levels(table),
            (Shape::Globs, DeValue::Array(items)) => {
                for item in items.iter() {
                    let Some(text) = self.text(item, name) else { continue };
                    match GlobBuilder::new(text.trim_end_matches('/')).literal_separator(true).build() {
                        Ok(glob) => self.settings.exclude.push(glob),
                        Err(error) => {
                            self.report(
                                "bad-pattern",
                                item.span(),
                                format!("`{text}` is no pattern: {}", error.kind()),
                            );
                        }
                    }
                }
            }
            (Shape::Path, DeValue::String(text)) => match name {
                "baseline" => {
                    let example = "write a path from the root on, such as `\"labtree.baseline\"`";
                    self.settings.baseline = self.path(text, value, example);
                }
                _ => {
                    let example = "write a folder from the root on, such as `\"schemas\"`";
                    self.settings.schemas = self.path(text.trim_end_matches('/'), value, example);
                }
            },
            (Shape::Folders, DeValue::Array(items)) => {
                let mut folders = Vec::new();
                for item in items.iter() {
                    let Some(text) = self.text(item, name) else { continue };
                    let text = text.trim_end_matches('/');
                    if text == "." {
                        folders.push(Spanned::new(text.to_owned(), Span::new(self.file, item.span())));
                        continue;
                    }
                    folders.extend(self.path(text, item, "write a folder from the root on, such as `\"tofu/home\"`"));
                }
                match name {
                    "flux.roots" => self.settings.flux_roots = Some(folders),
                    _ => self.settings.tofu_roots = Some(folders),
                }
            }
            (Shape::Table(_) | Shape::Levels, _) => self.wrong(value, name, "a table"),
            (Shape::Path, _) => self.wrong(value, name, "a text"),
            (Shape::Globs | Shape::Folders, _) => self.wrong(value, name, "a list of texts"),
        }
    }

    /// `text` as a path below the root.
    fn path(&mut self, text: &str, value: &Value<'_>, help: &str) -> Option<Spanned<String>> {
        if let Some(fault) = tree::path_fault(text) {
            let wrong = self.report("wrong-setting", value.span(), format!("the path `{text}` {fault}"));
            wrong.help = Some(help.to_owned());
            return None;
        }
        Some(Spanned::new(text.to_owned(), Span::new(self.file, value.span())))
    }

    fn wrong(&mut self, value: &Value<'_>, name: &str, wanted: &str) {
        self.report("wrong-setting", value.span(), format!("`{name}` takes {wanted}"));
    }

    fn text<'v>(&mut self, item: &'v Value<'_>, name: &str) -> Option<&'v str> {
        let text = item.get_ref().as_str();
        if text.is_none() {
            self.wrong(item, name, "a list of texts");
        }
        text
    }

    fn levels(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let id: &str = key.get_ref();
            if !catalogue::known().has(id) {
                let near = did_you_mean(id, catalogue::known().iter());
                let unknown = self.report("unknown-rule", key.span(), format!("unknown rule `{id}`{near}"));
                unknown.help = Some("`labtree rules` lists every id".to_owned());
                continue;
            }
            let level = match value.get_ref().as_str() {
                Some(OFF) => Some(None),
                _ => self.severity(value, id).map(Some),
            };
            if let Some(level) = level {
                self.settings.levels.insert(id.to_owned(), level);
                self.settings.written.insert(format!("rules.{id}"), Span::new(self.file, value.span()));
            }
        }
    }

    /// The severity in `value`, of the key `name`; where that is a rule, `off` is a word too.
    fn severity(&mut self, value: &Value<'_>, name: &str) -> Option<Severity> {
        let word = value.get_ref().as_str();
        let known = SEVERITIES.into_iter().find(|severity| Some(severity.name()) == word);
        if known.is_none() {
            let off = (name != "fail-on").then_some(OFF);
            let words: Vec<_> = SEVERITIES.map(Severity::name).into_iter().chain(off).collect();
            let message = match word {
                Some(word) => format!("unknown severity `{word}`{}", did_you_mean(word, words.iter().copied())),
                None => format!("`{name}` takes a text"),
            };
            let (last, others) = words.split_last().expect("there are severities");
            let help = format!("write `\"{}\"` or `\"{last}\"`", others.join("\"`, `\""));
            self.report("unknown-severity", value.span(), message).help = Some(help);
        }
        known
    }
}

#[cfg(test)]
mod tests;
