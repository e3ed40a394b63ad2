//! Comments that allow something: `# labtree: allow(rule-id, rule-id): why`.
//!
//! On a line with code, it is about that line. On a line of its own, it is about the next line that is no comment,
//! which must follow without a blank line. In the comment at the head of a file, with a blank line behind, it is about
//! the whole file. A finding is on the line that its primary place begins on.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use diagnostic::{Sources, Span, Spanned};

use crate::comments::ADDRESS;
use crate::{File, Files};

/// A comment that speaks to labtree.
#[derive(Debug)]
pub struct Allow {
    /// From its `#` to the end of the line.
    pub span: Span,
    /// The rules that it allows to be broken.
    pub ids: Vec<Id>,
    /// Where.
    pub scope: Scope,
    /// What is wrong with how it is written.
    pub fault: Option<Fault>,
}

/// A rule that is allowed to be broken.
#[derive(Debug)]
pub struct Id {
    /// The id, as written.
    pub name: Spanned<String>,
    /// Whether that kept a finding from being reported.
    pub used: AtomicBool,
}

/// What a comment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The line that begins at this byte.
    Line(usize),
    /// The whole file.
    File,
    /// Nothing: a blank line follows.
    Nothing,
}

/// What can be wrong with how a comment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not `allow(…)`.
    Form,
    /// Nothing stands in the parentheses.
    NoRule,
    /// No reason follows.
    NoReason,
}

/// Every comment of `files` that speaks to labtree, in order of paths and places.
pub fn allows(sources: &Sources, files: &Files) -> Vec<Allow> {
    let of_file = |file: &File| -> Vec<Allow> {
        let text = &sources.get(file.id).text;
        let read = |(span, scope): (&Span, Scope)| {
            let (ids, fault) = ids(&text[span.range()], *span);
            Allow { span: *span, ids, scope, fault }
        };
        file.comments.iter().zip(scopes(text, &file.comments)).map(read).collect()
    };
    files.iter().flat_map(of_file).collect()
}

/// Comments by what they are about. A text may be a source twice, as the inventory and as a file: paths tell.
pub(crate) struct Allowed<'r> {
    sources: &'r Sources,
    /// By path, then by where the line begins; with where it ends.
    lines: HashMap<&'r str, BTreeMap<usize, (usize, Vec<&'r Allow>)>>,
    files: HashMap<&'r str, Vec<&'r Allow>>,
}

impl<'r> Allowed<'r> {
    pub(crate) fn of(sources: &'r Sources, allows: &'r [Allow]) -> Self {
        let mut allowed = Self { sources, lines: HashMap::new(), files: HashMap::new() };
        for allow in allows {
            let path = sources.path(allow.span);
            match allow.scope {
                Scope::Line(start) => {
                    let line = &sources.get(allow.span.file).text[start..];
                    let end = || start + line.find('\n').unwrap_or(line.len());
                    let lines = allowed.lines.entry(path).or_default();
                    lines.entry(start).or_insert_with(|| (end(), Vec::new())).1.push(allow);
                }
                Scope::File => allowed.files.entry(path).or_default().push(allow),
                Scope::Nothing => {}
            }
        }
        allowed
    }

    /// Whether a comment allows a finding of `rule` at `span`; all that do are then used.
    pub(crate) fn allows(&self, rule: &str, span: Span) -> bool {
        let path = self.sources.path(span);
        let at = span.start as usize;
        let line = self.lines.get(path).and_then(|lines| lines.range(..=at).next_back());
        let line = line.filter(|(_, (end, _))| at <= *end).map(|(_, (_, allows))| allows);
        let about = [line, self.files.get(path)];
        let mut is_allowed = false;
        for id in about.into_iter().flatten().flatten().flat_map(|allow| &allow.ids) {
            if id.name.value == rule {
                id.used.store(true, Relaxed);
                is_allowed = true;
            }
        }
        is_allowed
    }
}

/// The ids in a comment, and what is wrong with it.
fn ids(comment: &str, span: Span) -> (Vec<Id>, Option<Fault>) {
    let words = comment.find(ADDRESS).map_or("", |at| &comment[at + ADDRESS.len()..]);
    let Some(list) = words.trim_start().strip_prefix("allow").and_then(|rest| rest.trim_start().strip_prefix('('))
    else {
        return (Vec::new(), Some(Fault::Form));
    };
    let Some((list, behind)) = list.split_once(')') else { return (Vec::new(), Some(Fault::Form)) };
    let offset = |part: &str| span.start as usize + (part.as_ptr() as usize - comment.as_ptr() as usize);
    let ids: Vec<_> = list
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(|id| {
            let place = Span::new(span.file, offset(id)..offset(id) + id.len());
            Id { name: Spanned::new(id.to_owned(), place), used: AtomicBool::new(false) }
        })
        .collect();
    let reason = behind.trim_start().strip_prefix(':').map(str::trim).unwrap_or_default();
    let fault = match () {
        () if ids.is_empty() => Some(Fault::NoRule),
        () if reason.is_empty() => Some(Fault::NoReason),
        () => None,
    };
    (ids, fault)
}

/// What each of `comments`, which are in order, is about. They are looked at from the last to the first: where a block
/// of comments leads to another one, it leads where that does, and no line is read twice.
fn scopes(text: &str, comments: &[Span]) -> Vec<Scope> {
    let head = if comments.is_empty() { 0 } else { head(text) };
    let mut scopes = Vec::new();
    let mut below: Option<(usize, Scope)> = None;
    for comment in comments.iter().rev() {
        let at = comment.start as usize;
        let start = line_start(text, at);
        let scope = match () {
            () if !text[start..at].trim().is_empty() => Scope::Line(start),
            () if start < head => Scope::File,
            () => {
                let scope = next_code(text, start, below.as_ref());
                below = Some((start, scope.clone()));
                scope
            }
        };
        scopes.push(scope);
    }
    scopes.reverse();
    scopes
}

/// The line that the comment on the line at `start` stands above. `below` is what the next such comment is about.
fn next_code(text: &str, start: usize, below: Option<&(usize, Scope)>) -> Scope {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        match below {
            Some((known, scope)) if *known == at => return scope.clone(),
            _ => {}
        }
        let code = line.trim();
        if code.is_empty() {
            break;
        }
        if !is_comment(code) {
            return Scope::Line(at);
        }
        at += line.len();
    }
    Scope::Nothing
}

/// Where the comment at the head of a file ends; 0 if there is none, or if no blank line stands behind it. The start of
/// a YAML document may stand before it.
fn head(text: &str) -> usize {
    let mut end = 0;
    let mut is_begun = false;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        match () {
            () if is_comment(code) => is_begun = true,
            () if code.is_empty() && is_begun => return end,
            () if code.is_empty() || (code == "---" && !is_begun) => {}
            () => return 0,
        }
        end += line.len();
    }
    end
}

fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1)
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}
