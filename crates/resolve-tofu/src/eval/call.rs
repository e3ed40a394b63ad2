//! Calls of functions. Those that look at files, at the text of their arguments, or at the clock are answered here;
//! all others are pure, and are answered by `value`.

use std::collections::BTreeMap;

use diagnostic::{Span, Spanned, did_you_mean};
use syntax::hcl::Expression;

use super::{Evaluator, Repeated, Scope};
use crate::files::join;
use crate::parse;
use crate::value::{self, Entries, Type, Value};

/// Functions that are answered here, and the type of what they give of arguments that are unknown.
pub(crate) const HERE: &[(&str, Type)] = &[
    ("can", Type::Bool),
    ("fileexists", Type::Bool),
    ("fileset", Type::Any),
    ("templatefile", Type::Any),
    ("templatestring", Type::Any),
    ("try", Type::Any),
];
/// Functions that read a file, and the pure function that their result is of the text.
pub(crate) const OF_FILE: &[(&str, Option<&str>)] = &[
    ("file", None),
    ("filebase64", Some("base64encode")),
    ("filebase64sha256", Some("base64sha256")),
    ("filebase64sha512", Some("base64sha512")),
    ("filemd5", Some("md5")),
    ("filesha1", Some("sha1")),
    ("filesha256", Some("sha256")),
    ("filesha512", Some("sha512")),
];

/// What stands at a path.
enum Found<'a> {
    Text(diagnostic::FileId, &'a str),
    /// A file that is no text, or a place outside of the repository.
    Unknown,
    Missing(String),
}

impl<'a> Evaluator<'a> {
    /// The value of `name(arguments)`.
    pub(crate) fn call(
        &self,
        name: &Spanned<String>,
        arguments: &[Expression],
        expand: bool,
        span: Span,
        scope: &mut Scope,
    ) -> Value {
        let function = name.value.strip_prefix("core::").unwrap_or(&name.value);
        if function.contains("::") {
            // A function of a provider; its arguments may still be wrong.
            arguments.iter().for_each(|argument| drop(self.value(argument, scope)));
            if !function.starts_with("provider::") {
                self.fault("unknown-function", name.span, format!("there is no function `{}`", name.value));
            }
            return value::dynamic();
        }
        match function {
            "try" => return self.attempt(arguments, span, scope),
            "can" => return self.can(arguments, span, scope),
            "templatestring" => return self.template_string(arguments, span, scope),
            _ => {}
        }
        let before = self.faults.borrow().len();
        let mut given: Vec<Value> = arguments.iter().map(|argument| self.value(argument, scope)).collect();
        if self.faults.borrow().len() > before {
            return value::dynamic();
        }
        if expand {
            let last = given.pop().unwrap_or_else(value::dynamic);
            match value::entries(&last) {
                Entries::Items(entries) if value::is_sequence(&last) && !value::is_null(&last) => {
                    given.extend(entries.into_iter().map(|(_, element)| element));
                }
                Entries::Unknown => return value::dynamic(),
                _ => {
                    let at = arguments.last().map_or(span, |last| last.span);
                    let what = value::kind(&last);
                    self.fault("invalid-expression", at, format!("`...` takes a list, and this is {what}"));
                    return value::dynamic();
                }
            }
        }
        let size = given.iter().map(value::length).sum::<u64>();
        if !self.spend(size) {
            return value::dynamic();
        }
        let paths = match function {
            "fileset" => 2,
            "fileexists" | "templatefile" => 1,
            _ => usize::from(OF_FILE.iter().any(|(known, _)| *known == function)),
        };
        for argument in given.iter_mut().take(paths) {
            match value::text_argument(argument) {
                Ok(path) => *argument = path,
                Err(message) => {
                    self.fault("invalid-expression", span, format!("`{function}`: {message}"));
                    return value::dynamic();
                }
            }
        }
        match function {
            "fileexists" => self.file_exists(&given, span),
            "fileset" => self.file_set(&given, span),
            "templatefile" => self.template_file(&given, span),
            _ => match OF_FILE.iter().find(|(known, _)| *known == function) {
                Some((_, pure)) => self.of_file(*pure, &given, span),
                None => self.pure(function, &given, name, span),
            },
        }
    }

    fn pure(&self, function: &str, given: &[Value], name: &Spanned<String>, span: Span) -> Value {
        match value::call(function, given) {
            Some(found) => self.or_fault(found.map_err(|message| format!("`{function}`: {message}")), span),
            None => {
                let known = value::functions();
                let here = HERE.iter().map(|(known, _)| *known).chain(OF_FILE.iter().map(|(known, _)| *known));
                let near = did_you_mean(function, known.into_iter().chain(here));
                self.fault("unknown-function", name.span, format!("there is no function `{function}`{near}"));
                value::dynamic()
            }
        }
    }

    /// The first of `arguments` that does not fail. An unknown one does not fail.
    fn attempt(&self, arguments: &[Expression], span: Span, scope: &mut Scope) -> Value {
        for argument in arguments {
            let (found, failed) = self.attempted(|| self.value(argument, scope));
            if !failed {
                return found;
            }
        }
        self.fault("invalid-expression", span, "every argument of `try` fails");
        value::dynamic()
    }

    fn can(&self, arguments: &[Expression], span: Span, scope: &mut Scope) -> Value {
        let [argument] = arguments else {
            self.fault("invalid-expression", span, "`can` takes one argument");
            return value::dynamic();
        };
        let (found, failed) = self.attempted(|| self.value(argument, scope));
        match (failed, value::is_known(&found)) {
            (true, _) => value::boolean(false),
            (false, true) => value::boolean(true),
            // What is unknown now may fail later.
            (false, false) => value::unknown_bool(),
        }
    }

    /// What stands at `path`, which is relative to the root that is run.
    fn look_up(&self, path: &Value) -> Option<Found<'a>> {
        let path = value::text(path)?;
        if path.starts_with(['/', '~', '\\']) || path.contains(':') {
            return Some(Found::Unknown);
        }
        let Some(path) = join(&self.instance(0).module.folder, path) else { return Some(Found::Unknown) };
        if path.split('/').any(|part| part == ".terraform") {
            return Some(Found::Unknown);
        }
        Some(match self.files.text(&path) {
            Some((id, text)) => Found::Text(id, text),
            None if self.files.exists(&path) || self.files.is_ignored(&path) => Found::Unknown,
            None => Found::Missing(path),
        })
    }

    fn missing(&self, path: &str, at: &Value, span: Span) {
        self.fault("missing-file", value::made_by(at).unwrap_or(span), format!("there is no file `{path}`"));
    }

    fn of_file(&self, pure: Option<&str>, given: &[Value], span: Span) -> Value {
        let [path] = given else {
            self.fault("invalid-expression", span, "the function takes the path of a file");
            return value::dynamic();
        };
        match self.look_up(path) {
            Some(Found::Text(_, text)) => match pure {
                None => value::string(text),
                Some(pure) => match value::call(pure, &[value::string(text)]) {
                    Some(found) => self.or_fault(found, span),
                    None => value::unknown_string(),
                },
            },
            Some(Found::Missing(missing)) => {
                self.missing(&missing, path, span);
                value::unknown_string()
            }
            Some(Found::Unknown) | None => value::unknown_string(),
        }
    }

    fn file_exists(&self, given: &[Value], span: Span) -> Value {
        let [path] = given else {
            self.fault("invalid-expression", span, "`fileexists` takes the path of a file");
            return value::dynamic();
        };
        match self.look_up(path) {
            Some(Found::Text(..)) => value::boolean(true),
            Some(Found::Missing(folder)) if self.files.is_folder(&folder) => {
                self.fault("invalid-expression", span, format!("`fileexists`: `{folder}` is a folder"));
                value::unknown_bool()
            }
            // The file may be one that the repository does not keep.
            Some(Found::Missing(_)) => value::boolean(false),
            Some(Found::Unknown) | None => value::unknown_bool(),
        }
    }

    fn file_set(&self, given: &[Value], span: Span) -> Value {
        let [folder, pattern] = given else {
            self.fault("invalid-expression", span, "`fileset` takes a folder and a pattern");
            return value::dynamic();
        };
        let (Some(folder), Some(pattern)) = (value::text(folder), value::text(pattern)) else {
            return value::dynamic();
        };
        if folder.starts_with(['/', '~']) {
            return value::dynamic();
        }
        let Some(folder) = join(&self.instance(0).module.folder, folder) else { return value::dynamic() };
        if self.files.is_partly_closed(&folder) {
            return value::dynamic();
        }
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build();
        let Ok(glob) = glob else {
            self.fault("invalid-expression", span, format!("`{pattern}` is not a pattern of file names"));
            return value::dynamic();
        };
        let matcher = glob.compile_matcher();
        let names = self.files.below(&folder).filter(|name| matcher.is_match(name)).map(value::string);
        value::string_set(names.collect())
    }

    fn template_file(&self, given: &[Value], span: Span) -> Value {
        let [path, names] = given else {
            self.fault("invalid-expression", span, "`templatefile` takes a path and a map of names");
            return value::dynamic();
        };
        match self.look_up(path) {
            Some(Found::Text(id, _)) => {
                let template = parse::template(self.files, id, &mut self.faults.borrow_mut());
                self.in_names(names, span, |scope| self.template(&template, scope))
            }
            Some(Found::Missing(missing)) => {
                self.missing(&missing, path, span);
                value::dynamic()
            }
            Some(Found::Unknown) | None => value::dynamic(),
        }
    }

    fn template_string(&self, arguments: &[Expression], span: Span, scope: &mut Scope) -> Value {
        let [text, names] = arguments else {
            self.fault("invalid-expression", span, "`templatestring` takes a template and a map of names");
            return value::dynamic();
        };
        let (found, names) = (self.value(text, scope), self.value(names, scope));
        let found =
            self.or_fault(value::text_argument(&found).map_err(|message| format!("`templatestring`: {message}")), span);
        let Some(text) = value::text(&found) else { return value::dynamic() };
        let at = value::made_by(&found).unwrap_or(span);
        let template = parse::template_text(text, at, &mut self.faults.borrow_mut());
        self.in_names(&names, span, |scope| self.template(&template, scope))
    }

    /// Runs `work` where only `names` exist.
    fn in_names(&self, names: &Value, span: Span, work: impl FnOnce(&mut Scope) -> Value) -> Value {
        let entries = match value::entries(names) {
            Entries::Items(entries) if value::is_keyed(names) && !value::is_null(names) => entries,
            Entries::Unknown => return value::dynamic(),
            _ => {
                let what = value::kind(names);
                self.fault(
                    "invalid-expression",
                    span,
                    format!("the names of a template are a map, and this is {what}"),
                );
                return value::dynamic();
            }
        };
        let names: BTreeMap<String, Value> =
            entries.into_iter().filter_map(|(name, found)| Some((value::text(&name)?.to_owned(), found))).collect();
        let mut inner = Scope { names: names.into_iter().collect(), closed: true, ..Scope::of(0, Repeated::default()) };
        work(&mut inner)
    }
}
