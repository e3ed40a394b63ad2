//! Findings about a person's edits in rendered files, which labtree leaves alone.

use diagnostic::{Diagnostic, FileId, Sources, Span};
use tree::{Change, File, Plan, Tree};

use crate::diff;
use crate::entry::Names;
use crate::origin::{LineOrigin, of_change, without_blanks};

/// How many places of one file are told.
const PLACES: usize = 3;

/// One finding for each edited place: the entry or the template line to change instead, and the edit.
pub(crate) fn refusals(sources: &mut Sources, wanted: &Tree, plan: &Plan<'_>, program: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut names = Names::default();
    let steps: Vec<_> = plan.refused().map(|step| (step.path, step.change.clone())).collect();
    for (path, change) in steps {
        match change {
            Change::Edited { text: Some(_), was } => {
                let text = String::from_utf8_lossy(was).into_owned();
                let edited = Edited { path: path.as_str(), was, file: sources.add(path.as_str(), text), program };
                let rendered = wanted.get(path).expect("what is to be written is wanted");
                found.extend(edited.places(sources, rendered, &mut names));
            }
            Change::Edited { text: None, was } => {
                let span = start_of(sources, path.as_str(), was);
                let message = format!("`{path}` is no longer rendered, but was edited by hand; it is left alone");
                let help = format!("keep it, delete it, or run `{program} generate --force`, which deletes it");
                found.push(Diagnostic::error("edited-rendered-file", span, message).help(help));
            }
            Change::Foreign { was, .. } => {
                let span = start_of(sources, path.as_str(), was);
                let message =
                    format!("`{path}` was not written by labtree, and a rendered file belongs there; it is left alone");
                let help = format!("move it away, or run `{program} generate --force`, which overwrites it");
                found.push(Diagnostic::error("foreign-file", span, message).help(help));
            }
            Change::Replaced { by } => {
                let span = start_of(sources, path.as_str(), b"");
                let message = format!("`{path}` is no longer rendered, but {by}; it is left alone");
                found.push(Diagnostic::error("foreign-file", span, message).help(by.help()));
            }
            _ => {}
        }
    }
    found
}

fn start_of(sources: &mut Sources, path: &str, was: &[u8]) -> Span {
    let file = sources.add(path, String::from_utf8_lossy(was).into_owned());
    sources.line(file, 1).unwrap_or(Span::new(file, 0..0))
}

/// A rendered file that a person edited.
struct Edited<'e> {
    path: &'e str,
    was: &'e [u8],
    /// What stands on the disk, as a source.
    file: FileId,
    program: &'e str,
}

impl Edited<'_> {
    fn places(&self, sources: &Sources, rendered: &File, names: &mut Names) -> Vec<Diagnostic> {
        let hunks = diff::hunks(rendered.text.as_bytes(), self.was);
        let mut found: Vec<_> =
            hunks.iter().take(PLACES).map(|hunk| self.place(sources, rendered, hunk, names)).collect();
        if let (Some(last), more @ 1..) = (found.last_mut(), hunks.len().saturating_sub(PLACES)) {
            let help = last.help.take().unwrap_or_default();
            last.help = Some(format!("{help}; `{} generate --check --diff` shows {more} more places", self.program));
        }
        found
    }

    fn place(&self, sources: &Sources, rendered: &File, hunk: &diff::Hunk, names: &mut Names) -> Diagnostic {
        let LineOrigin { values, template } = of_change(sources, rendered, &hunk.old);
        let edited = &hunk.new.lines;
        let line = |line| sources.line(self.file, line).map(|span| without_blanks(sources, span));
        let first = line(edited.start + 1).unwrap_or(Span::new(self.file, self.was.len()..self.was.len()));
        let edit = first.to(line(edited.end).filter(|last| last.start >= first.start).unwrap_or(first));
        let message = format!("`{}` was edited by hand; it is left alone", self.path);
        let said = if edited.is_empty() { "lines were taken out before this one" } else { "this is not as rendered" };
        let force = format!("`{} generate --force` overwrites the edit", self.program);
        match (values.first(), template) {
            (Some(value), _) => {
                let entry = names.name_of(sources, *value).map_or("this entry".to_owned(), |name| format!("`{name}`"));
                // Part of a difference may be an entry that changed since: nobody knows what was rendered then.
                Diagnostic::error("edited-rendered-file", *value, message)
                    .label("the rendered text follows from here")
                    .related(edit, said)
                    .help(format!("the text follows from {entry}: change it there; {force}"))
            }
            (None, Some(template)) => Diagnostic::error("edited-rendered-file", edit, message)
                .label(said)
                .related(template, "this template line renders it")
                .help(format!(
                    "put a template of your own at `{}` of the lab to change it; {force}",
                    sources.path(template)
                )),
            (None, None) => Diagnostic::error("edited-rendered-file", edit, message).label(said).help(force),
        }
    }
}
