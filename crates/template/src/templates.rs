//! All templates of a run: loading them, and rendering one into the file it names.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use diagnostic::{Diagnostic, FileId, Sources, Span, did_you_mean};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Object;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};
use tree::{File, Origin};

use crate::{Placed, failure, filters, mark, path, placed, scan};

/// Who wrote a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// It comes with labtree.
    BuiltIn,
    /// It is in the lab's own `templates/` folder.
    Own,
}

/// All templates of a run, by their paths under `templates/`.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    entries: BTreeMap<Cow<'static, str>, Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    provider: Provider,
    file: FileId,
    /// Whether it was loaded without a fault; each fault is in `found` already.
    sound: bool,
}

impl Templates {
    /// Takes in the templates that come with labtree, and the lab's `own` in their place: path under
    /// `templates/` (`flux/apps/base/__app__/kustomization.yaml.j2`) and text. Each one that is used becomes a
    /// source of the path `templates/…`.
    ///
    /// Errors, pushed to `found`: `unknown-template` for a path in `own` that labtree has no template of;
    /// `invalid-template` for a text that does not parse, that uses an unknown filter, or that does what would go
    /// wrong silently: compare values, join text, end lines with carriage returns.
    pub fn load<P: Into<Cow<'static, str>>, T: Into<Cow<'static, str>>>(
        sources: &mut Sources,
        builtin: impl IntoIterator<Item = (P, T)>,
        own: impl IntoIterator<Item = (String, String)>,
        found: &mut Vec<Diagnostic>,
    ) -> Templates {
        let mut texts: BTreeMap<Cow<'static, str>, (Provider, Cow<'static, str>)> =
            builtin.into_iter().map(|(path, text)| (path.into(), (Provider::BuiltIn, text.into()))).collect();
        for (path, text) in own {
            if texts.contains_key(path.as_str()) {
                texts.insert(path.into(), (Provider::Own, text.into()));
            } else {
                let near = did_you_mean(&path, texts.keys().map(AsRef::as_ref));
                let message = format!("unknown template `{path}`{near}");
                let file = sources.add(format!("templates/{path}"), text);
                found.push(
                    Diagnostic::error("unknown-template", Span::new(file, 0..0), message)
                        .help("give it the path of the template that it is to replace, or delete it"),
                );
            }
        }
        let mut templates = Templates { environment: environment(), entries: BTreeMap::new() };
        for (path, (provider, text)) in texts {
            let file = sources.add(format!("templates/{path}"), text.as_ref());
            let sound = templates.add(path.clone(), text, file, found);
            templates.entries.insert(path, Entry { provider, file, sound });
        }
        templates
    }

    /// Compiles `text`; whether it has no fault.
    fn add(
        &mut self,
        path: Cow<'static, str>,
        text: Cow<'static, str>,
        file: FileId,
        found: &mut Vec<Diagnostic>,
    ) -> bool {
        let faults = scan::faults(&text);
        if let Err(error) = self.environment.add_template_owned(path.clone(), text) {
            found.push(failure::diagnostic("invalid-template", &error, file, |_| None));
            return false;
        }
        for fault in &faults {
            let span = Span::new(file, fault.range.clone());
            found.push(Diagnostic::error("invalid-template", span, fault.message.clone()).help(fault.help));
        }
        if !faults.is_empty() {
            self.environment.remove_template(&path);
        }
        faults.is_empty()
    }

    /// All templates in the order of their paths, parts too.
    pub fn list(&self) -> impl Iterator<Item = (&str, Provider)> {
        self.entries.iter().map(|(path, entry)| (path.as_ref(), entry.provider))
    }

    /// The text of the template at `path`, as a source: the lab's own where it replaces the built-in one.
    pub fn source(&self, path: &str) -> Option<FileId> {
        self.entries.get(path).map(|entry| entry.file)
    }

    /// Renders `template` into the file that its path names: `.j2` dropped, `__name__` replaced from `names`.
    /// Beside `context`, the template sees `header`: one line that says where the file comes from, for a comment
    /// at its top. One that renders to white space only gives a file all the same: it is for the caller to leave it
    /// out. `None` if it fails.
    ///
    /// Errors, pushed to `found`: `failed-template` at the place in the template, where a variable is undefined,
    /// a filter does not take its value, text passed no filter, or the path lacks a name. One that is there
    /// already is not pushed again. A template that did not load is silent: that was said.
    ///
    /// # Panics
    /// If there is no template of the path `template`.
    pub fn render(
        &self,
        template: &str,
        names: &[(&str, &str)],
        context: Value,
        found: &mut Vec<Diagnostic>,
    ) -> Option<(Utf8PathBuf, File)> {
        let Some(entry) = self.entries.get(template) else { panic!("there is no template `{template}`") };
        if !entry.sound {
            return None;
        }
        match self.try_render(template, *entry, names, context) {
            Ok(file) => file,
            Err(diagnostic) => {
                if !found.contains(&diagnostic) {
                    found.push(*diagnostic);
                }
                None
            }
        }
    }

    fn try_render(
        &self,
        template: &str,
        entry: Entry,
        names: &[(&str, &str)],
        context: Value,
    ) -> Result<Option<(Utf8PathBuf, File)>, Box<Diagnostic>> {
        let start = Span::new(entry.file, 0..0);
        let failed = |message: String| Diagnostic::error("failed-template", start, message);
        let path = path::output(template, names).map_err(failed)?;
        placed::misuse();
        let compiled = self.environment.get_template(template);
        let root = Value::from_object(Root::new(template, context.clone()));
        let rendered = compiled.and_then(|compiled| compiled.render_with_spans(root));
        if let Some(value) = placed::misuse() {
            return Err(misused(failed, &value).into());
        }
        let (marked, spans) = match rendered {
            Ok(rendered) => rendered,
            Err(error) if self.is_known(&error) => return Ok(None),
            Err(error) => {
                let mut failed = failure::diagnostic("failed-template", &error, entry.file, |name| self.file(name));
                if let Some(name) = failure::undefined(&error) {
                    failed.message += &near_name(name, &context);
                }
                return Err(failed.into());
            }
        };
        let (text, map) = mark::strip(&marked, &spans, |name| self.file(name).unwrap_or(entry.file));
        let origin = Origin::Rendered { template: template.to_owned(), map };
        Ok(Some((path, File { text, origin })))
    }

    fn file(&self, template: &str) -> Option<FileId> {
        self.entries.get(template).map(|entry| entry.file)
    }

    /// Whether `error` only repeats that an included template did not load.
    fn is_known(&self, error: &Error) -> bool {
        failure::is_missing_template(error) && self.entries.values().any(|entry| !entry.sound)
    }
}

/// "Did you mean" for an undefined `name` among the variables and, behind a dot, the keys of `context`.
fn near_name(name: &str, context: &Value) -> String {
    let (parent, name) = name.rsplit_once('.').map_or((None, name), |(parent, name)| (Some(parent), name));
    let parent = parent
        .into_iter()
        .flat_map(|parent| parent.split('.'))
        .try_fold(context.clone(), |value, key| value.get_attr(key));
    let keys: Vec<Value> = parent.and_then(|value| value.try_iter().map(Iterator::collect)).unwrap_or_default();
    did_you_mean(name, keys.iter().filter_map(Value::as_str))
}

/// An error without a place: minijinja asks a value for its truth without a way to refuse.
fn misused(failed: impl Fn(String) -> Diagnostic, value: &Placed) -> Diagnostic {
    let what = match value.as_text() {
        Some(text) => format!("the text `{text}`"),
        None => format!("a {} from the lab", value.kind()),
    };
    let mut diagnostic = failed(format!("the template uses {what} as a condition"))
        .help("decide in Rust and pass a boolean: `#% if app.has_release %#`");
    for from in &value.from {
        diagnostic = diagnostic.related(*from, "the value follows from here");
    }
    diagnostic
}

/// An environment without any of minijinja's own filters, tests and functions: what they make has lost its places.
fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    let syntax = SyntaxConfig::builder()
        .block_delimiters("#%", "%#")
        .variable_delimiters("#{", "}#")
        .comment_delimiters("#|", "|#")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .expect("the delimiters differ");
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Errors know their range only then.
    environment.set_debug(true);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom(Cow::Borrowed("labtree")));
    environment.set_formatter(format);
    environment.set_path_join_callback(join);
    filters::register(&mut environment);
    environment
}

/// Writes what came out of a filter, and numbers that the template counts itself.
fn format(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if let Some(text) = value.as_str().filter(|_| value.is_safe()) {
        return Ok(out.write_str(text)?);
    }
    if value.is_number() && value.is_integer() {
        return Ok(write!(out, "{value}")?);
    }
    if value.is_undefined() {
        let message = "an `if` without `else` gives nothing to place; write `#% if … %#` around it";
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    let what = match value.downcast_object_ref::<Placed>() {
        Some(placed) => format!("{} from the lab", placed.kind()),
        None => value.kind().to_string(),
    };
    let message = format!("a {what} is placed without a filter; write `| yaml`, `| hcl` or the like");
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

/// The path of the template that `parent` includes as `name`: beside it if it starts with `./` or `../`.
fn join<'a>(name: &'a str, parent: &'a str) -> Cow<'a, str> {
    if !(name.starts_with("./") || name.starts_with("../")) {
        return name.into();
    }
    let mut segments: Vec<_> = parent.split('/').collect();
    segments.pop();
    for segment in name.split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    segments.join("/").into()
}

/// The context of a rendering and the header of its file.
#[derive(Debug)]
struct Root {
    context: Value,
    header: Value,
}

impl Root {
    fn new(template: &str, context: Value) -> Self {
        let header =
            format!("rendered by labtree from templates/{template}; edit inventory.yaml and run `labtree generate`");
        Self { context, header: Value::from_safe_string(header) }
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match key {
            "header" => Some(self.header.clone()),
            _ => self.context.get_attr(key).ok().filter(|value| !value.is_undefined()),
        }
    }
}

#[cfg(test)]
mod tests;
