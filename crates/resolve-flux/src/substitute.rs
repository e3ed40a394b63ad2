//! What `postBuild` makes of a built object: `${NAME}` replaced in the text of the object, which is read anew then.
//!
//! Flux writes the object as YAML, replaces in that text, and reads it again; so a value is typed after the
//! substitution, and `"${PORT}"`, which needs no quotes when it is written again, may become a number. Source:
//! [`kustomize_varsub.go`] of Flux.
//!
//! [`kustomize_varsub.go`]: https://github.com/fluxcd/pkg/blob/main/kustomize/kustomize_varsub.go

mod call;
mod parse;
mod scalar;

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Severity, Sources, Span};
use manifest::{Content, Value, read};
use syntax::yaml::{self, plain};

use self::parse::{Call, Piece, parse};
pub(crate) use self::scalar::Writing;
use crate::rules::{BROKEN_SUBSTITUTION, UNSET_VARIABLE};

/// The label or annotation that keeps an object as it is built.
const SWITCH: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// The variables of a Flux Kustomization.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// What each is; `None` for one that only the cluster knows.
    pub values: BTreeMap<String, Option<String>>,
    /// Whether there may be more of them than are known.
    pub are_open: bool,
    /// Whether a variable that is not set fails the build, where that is known: Flux 2.9 and later does, unless it is
    /// told otherwise; before, nothing stands in its place.
    pub are_required: Option<bool>,
}

/// What a text becomes.
enum Made {
    Text(String),
    /// It holds a variable that only the cluster knows.
    Unknown,
}

/// Replaces what `object` names of `variables`. Expressions that Flux refuses are pushed to `found`, each with its place.
pub(crate) fn substitute(object: &mut Value, variables: &Variables, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let is_off = |part: &str| object.at(&["metadata", part, SWITCH]).and_then(Value::text) == Some("disabled");
    if (variables.values.is_empty() && !variables.are_open) || is_off("labels") || is_off("annotations") {
        return;
    }
    let mut work = Work { variables, sources, found, told: BTreeSet::new() };
    work.value(object);
}

/// Whether YAML has `text` as a plain scalar, wherever it stands: nothing in it means anything to YAML.
fn is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./:-".contains(&byte))
        && !text.ends_with(':')
}

struct Work<'w> {
    variables: &'w Variables,
    sources: &'w Sources,
    found: &'w mut Vec<Diagnostic>,
    told: BTreeSet<(Span, String)>,
}

impl Work<'_> {
    fn value(&mut self, value: &mut Value) {
        match &mut value.content {
            Content::Text(text) if text.contains('$') => {
                if let Some(content) = self.text(text, value.span) {
                    value.content = content;
                }
            }
            Content::List(items) => items.iter_mut().for_each(|item| self.value(item)),
            Content::Map(entries) => {
                for entry in entries {
                    if entry.key.value.contains('$')
                        && let Some(Content::Text(key)) = self.text(&entry.key.value, entry.key.span)
                    {
                        entry.key.value = key;
                    }
                    self.value(&mut entry.value);
                }
            }
            _ => {}
        }
    }

    /// What the scalar `text`, written at `span`, becomes; `None` where it stays.
    fn text(&mut self, text: &str, span: Span) -> Option<Content> {
        let writing = Writing::of(text);
        let pieces = match parse(&writing.written(text)) {
            Ok(pieces) => pieces,
            Err(refused) => {
                let message = format!("Flux cannot read `{}`: {}", refused.written, refused.why);
                let help = "write `$$` for a dollar sign that is no substitution, or annotate the object with \
                            `kustomize.toolkit.fluxcd.io/substitute: disabled`";
                self.tell(BROKEN_SUBSTITUTION, span, &refused.written, message, help.to_owned());
                return None;
            }
        };
        match self.pieces(&pieces, span)? {
            Made::Unknown => Some(Content::Unknown),
            Made::Text(made) if writing == Writing::Block => Some(Content::Text(made)),
            Made::Text(made) => self.read(&made, text, span),
        }
    }

    /// What the scalar reads as once it is `made`.
    fn read(&mut self, made: &str, before: &str, span: Span) -> Option<Content> {
        if is_plain(made) {
            return Some(manifest::scalar(made, plain::kubernetes));
        }
        let document = yaml::parse(span.file, &format!("value: {made}\n"));
        let value =
            document.ok().and_then(|document| document.root.get("value").map(|node| read(node, plain::kubernetes)));
        let Some(value) = value else {
            let message = format!("`{before}` is no YAML any more once its variables are replaced: `{made}`");
            let help = "put quotes into the value of the variable, or take from it what YAML reads as its own";
            self.tell(BROKEN_SUBSTITUTION, span, before, message, help.to_owned());
            return None;
        };
        Some(value.placed_at(span).content)
    }

    fn pieces(&mut self, pieces: &[Piece], span: Span) -> Option<Made> {
        let mut made = String::new();
        let mut is_unknown = false;
        for piece in pieces {
            match piece {
                Piece::Text(text) => made.push_str(text),
                Piece::Call(call) => match self.call(call, span)? {
                    Made::Text(text) => made.push_str(&text),
                    Made::Unknown => is_unknown = true,
                },
            }
        }
        Some(if is_unknown { Made::Unknown } else { Made::Text(made) })
    }

    /// What `call` gives; `None` where Flux fails over it.
    fn call(&mut self, call: &Call, span: Span) -> Option<Made> {
        let mut arguments = Vec::new();
        for argument in &call.arguments {
            match self.pieces(argument, span)? {
                Made::Text(text) => arguments.push(text),
                Made::Unknown => return Some(Made::Unknown),
            }
        }
        let value = match self.variables.values.get(&call.name) {
            Some(Some(value)) => value.as_str(),
            Some(None) => return Some(Made::Unknown),
            None if self.variables.are_open => return Some(Made::Unknown),
            None if call::has_default(&call.operation) => "",
            None => {
                self.unset(call, span);
                match self.variables.are_required {
                    Some(true) => return None,
                    Some(false) => "",
                    None => return Some(Made::Unknown),
                }
            }
        };
        Some(Made::Text(call::apply(&call.operation, value, &arguments)))
    }

    fn unset(&mut self, call: &Call, span: Span) {
        let is_required = self.variables.are_required == Some(true);
        let becomes = if is_required { "Flux fails over it" } else { "nothing stands in its place" };
        let message = format!("the variable `{}` is not set: {becomes}", call.name);
        let known = self.variables.values.keys().map(String::as_str);
        let near = diagnostic::nearest(&call.name, known).map(|near| format!("did you mean `{near}`?"));
        let set = || format!("set it below `spec.postBuild`, or give it a default: `${{{}:=…}}`", call.name);
        let severity = if is_required { Severity::Error } else { Severity::Warning };
        self.tell(UNSET_VARIABLE, span, &call.written, message, near.unwrap_or_else(set));
        if let Some(last) = self.found.last_mut().filter(|last| last.rule == UNSET_VARIABLE) {
            last.severity = severity;
        }
    }

    /// Reports at `part` of what is written at `span`, once.
    fn tell(&mut self, rule: &'static str, span: Span, part: &str, message: String, help: String) {
        if !self.told.insert((span, part.to_owned())) {
            return;
        }
        let place = match self.sources.slice(span).find(part) {
            Some(at) => {
                let start = span.start as usize + at;
                Span::new(span.file, start..start + part.len())
            }
            None => span,
        };
        self.found.push(Diagnostic::error(rule, place, message).help(help));
    }
}
