//! Comments that allow something: `# labtree: allow(rule-id, rule-id): why`.
//!
//! On a line with code, it is about that line. On a line of its own, it is about the next line that is no comment,
//! which must follow without a blank line. In the comment at the head of a file, with a blank line behind, it is about
//! the whole file. A finding is on the line that its primary place begins on.

use std::cell::Cell;
use std::ops::Range;

use diagnostic::{FileId, Sources, Span, Spanned};

use crate::comments::ADDRESS;
use crate::{File, Files};

/// A comment that speaks to labtree.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
pub struct Id {
    /// The id, as written.
    pub name: Spanned<String>,
    /// Whether that kept a finding from being reported.
    pub used: Cell<bool>,
}

/// What a comment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The line with these bytes.
    Line(Range<usize>),
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

impl Allow {
    /// Whether it is about what begins at `span`.
    fn covers(&self, span: Span) -> bool {
        match &self.scope {
            Scope::Line(line) => line.contains(&(span.start as usize)) || line.end == span.start as usize,
            Scope::File => true,
            Scope::Nothing => false,
        }
    }
}

/// Every comment of `files` that speaks to labtree, in order of paths and places.
pub fn allows(sources: &Sources, files: &Files) -> Vec<Allow> {
    let of_file = |file: &File| -> Vec<Allow> {
        let text = &sources.get(file.id).text;
        file.comments.iter().map(|span| read(text, *span)).collect()
    };
    files.iter().flat_map(of_file).collect()
}

/// Whether one of `allows` allows a finding of `rule` at `span`; it is then used.
pub(crate) fn is_allowed(allows: &[Allow], same_file: impl Fn(FileId) -> bool, rule: &str, span: Span) -> bool {
    let mut is_allowed = false;
    for allow in allows.iter().filter(|allow| same_file(allow.span.file) && allow.covers(span)) {
        for id in allow.ids.iter().filter(|id| id.name.value == rule) {
            id.used.set(true);
            is_allowed = true;
        }
    }
    is_allowed
}

fn read(text: &str, span: Span) -> Allow {
    let comment = &text[span.range()];
    let (ids, fault) = ids(comment, span);
    Allow { span, ids, scope: scope(text, span), fault }
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
            Id { name: Spanned::new(id.to_owned(), place), used: Cell::new(false) }
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

fn scope(text: &str, span: Span) -> Scope {
    let start = text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    if !text[start..span.start as usize].trim().is_empty() {
        return Scope::Line(start..span.end as usize);
    }
    let mut next = start;
    for line in text[start..].split_inclusive('\n') {
        let code = line.trim();
        if code.is_empty() {
            break;
        }
        if !is_comment(code) {
            return Scope::Line(next..next + line.trim_end().len());
        }
        next += line.len();
    }
    if is_head(&text[..start]) { Scope::File } else { Scope::Nothing }
}

/// Whether nothing stands in `before` but blank lines, the start of a document, and one block of comments at its end.
fn is_head(before: &str) -> bool {
    let lines = before.lines().map(str::trim).skip_while(|line| line.is_empty() || *line == "---");
    lines.into_iter().all(is_comment)
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}
