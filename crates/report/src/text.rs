//! Findings for the terminal, as `rustc` shows its own.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use diagnostic::{Diagnostic, FileId, Label, Severity, Sources};

/// Whether text carries colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// None: for files, pipes and tests.
    Plain,
    /// ANSI colours.
    Coloured,
}

/// How many lines around a labelled place are handed to the renderer, which walks all that it is given.
const LINES_AROUND: usize = 3;

/// `found` one after the other, in the order given, each with the source it points at and a blank line behind. What one
/// edit at one place mends is shown together.
pub fn text(sources: &Sources, found: &[Diagnostic], style: Style) -> String {
    let renderer = renderer(style);
    let mut text = String::new();
    for findings in found.chunk_by(are_one) {
        text.push_str(&one(sources, &together(findings), &renderer));
        text.push_str("\n\n");
    }
    text
}

/// Whether two findings differ only in what follows from the place that both point at.
fn are_one(one: &Diagnostic, other: &Diagnostic) -> bool {
    let edit = |finding: &Diagnostic| (finding.rule, finding.severity, finding.primary.span);
    edit(one) == edit(other) && one.help == other.help && !other.related.is_empty()
}

/// The first of `findings`, with the places of the others and what is said of them.
fn together(findings: &[Diagnostic]) -> Diagnostic {
    let mut first = findings[0].clone();
    for other in &findings[1..] {
        let mut related = other.related.clone();
        if other.message != first.message
            && let Some(place) = related.first_mut()
        {
            place.text.clone_from(&other.message);
        }
        related.retain(|label| !first.related.contains(label));
        first.related.extend(related);
    }
    first
}

fn renderer(style: Style) -> Renderer {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    renderer.decor_style(DecorStyle::Ascii)
}

/// A remark that is no finding: `title`, and the places that `labels` name, the first file first.
pub fn note(sources: &Sources, title: &str, labels: &[Label], style: Style) -> String {
    let mut group = Group::with_title(Level::NOTE.primary_title(title));
    let labels = labels.iter().map(|label| (AnnotationKind::Primary, label));
    for window in windows(sources, labels) {
        group = group.element(window.snippet());
    }
    renderer(style).render(&[group])
}

fn one(sources: &Sources, finding: &Diagnostic, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let mut group = Group::with_title(level.primary_title(&finding.message).id(finding.rule));
    let labels = std::iter::once((AnnotationKind::Primary, &finding.primary))
        .chain(finding.related.iter().map(|label| (AnnotationKind::Context, label)));
    for window in windows(sources, labels) {
        group = group.element(window.snippet());
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// The lines of one file that a finding points at, and what it says there.
struct Window<'s> {
    path: &'s str,
    text: &'s str,
    offset: usize,
    first_line: usize,
    labels: Vec<(AnnotationKind, &'s Label)>,
}

impl<'s> Window<'s> {
    fn snippet(&self) -> Snippet<'s, Annotation<'s>> {
        let mut snippet = Snippet::source(self.text).line_start(self.first_line).path(self.path).fold(true);
        for (kind, label) in &self.labels {
            let range = label.span.range();
            let inside = range.start - self.offset..range.end.max(range.start) - self.offset;
            snippet = snippet.annotation(kind.span(inside).label(&label.text));
        }
        snippet
    }
}

/// One window for each file that is pointed into, in the order in which the files occur.
fn windows<'s>(
    sources: &'s Sources,
    labels: impl Iterator<Item = (AnnotationKind, &'s Label)>,
) -> impl Iterator<Item = Window<'s>> {
    let mut by_file: Vec<(FileId, Vec<_>)> = Vec::new();
    for (kind, label) in labels {
        let file = label.span.file;
        match by_file.iter_mut().find(|(known, _)| *known == file) {
            Some((_, labels)) => labels.push((kind, label)),
            None => by_file.push((file, vec![(kind, label)])),
        }
    }
    by_file.into_iter().map(|(file, labels)| window(sources, file, labels))
}

fn window<'s>(sources: &'s Sources, file: FileId, labels: Vec<(AnnotationKind, &'s Label)>) -> Window<'s> {
    let source = sources.get(file);
    let text: &str = &source.text;
    let first = labels.iter().map(|(_, label)| label.span.range().start).min().unwrap_or(0).min(text.len());
    let last = labels.iter().map(|(_, label)| label.span.range().end).max().unwrap_or(0).clamp(first, text.len());
    let start = text[..first].rmatch_indices('\n').nth(LINES_AROUND).map_or(0, |(newline, _)| newline + 1);
    let end = text[last..].match_indices('\n').nth(LINES_AROUND).map_or(text.len(), |(newline, _)| last + newline);
    Window {
        path: &source.path,
        text: &text[start..end],
        offset: start,
        first_line: text[..start].matches('\n').count() + 1,
        labels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn findings_show_their_source() {
        let (sources, found) = samples::all();
        insta::assert_snapshot!(text(&sources, &found, Style::Plain));
    }

    #[test]
    fn a_place_deep_in_a_large_file_is_shown_with_its_line_number() {
        let mut sources = Sources::default();
        let long = "a: b\n".repeat(100_000) + "bad: c\n" + &"a: b\n".repeat(100);
        let start = long.find("bad").expect("the text has it");
        let file = sources.add("inventory.yaml", long);
        let finding =
            Diagnostic::error("unknown-key", diagnostic::Span::new(file, start..start + 3), "unknown key `bad`");
        let shown = text(&sources, &[finding], Style::Plain);
        assert!(shown.contains("inventory.yaml:100001:1"), "{shown}");
    }

    #[test]
    fn what_one_edit_mends_is_shown_together() {
        let mut sources = Sources::default();
        let inventory = sources.add("inventory.yaml", "after: [traefk]\n");
        let rendered = sources.add("apps.yaml", "name: gitea\nafter: traefk\n---\nname: wiki\nafter: traefk\n");
        let entry = diagnostic::Span::new(inventory, 8..14);
        let waits = |app: &str, at: std::ops::Range<usize>| {
            Diagnostic::error("missing-dependency", entry, format!("`{app}` waits for ever"))
                .label("this follows from here")
                .related(diagnostic::Span::new(rendered, at), "rendered here")
                .help("did you mean `traefik`?")
        };
        let elsewhere = Diagnostic::error("unknown-key", entry, "another finding at the same place");
        let found = [waits("gitea", 19..25), waits("wiki", 48..54), elsewhere];
        insta::assert_snapshot!(text(&sources, &found, Style::Plain), @"
        error[missing-dependency]: `gitea` waits for ever
         --> inventory.yaml:1:9
          |
        1 | after: [traefk]
          |         ^^^^^^ this follows from here
          |
         ::: apps.yaml:2:8
          |
        2 | after: traefk
          |        ------ rendered here
        ...
        5 | after: traefk
          |        ------ `wiki` waits for ever
          |
          = help: did you mean `traefik`?

        error[unknown-key]: another finding at the same place
         --> inventory.yaml:1:9
          |
        1 | after: [traefk]
          |         ^^^^^^
        ");
    }

    #[test]
    fn an_empty_source_can_be_pointed_at() {
        let mut sources = Sources::default();
        let file = sources.add("inventory.yaml", "");
        let finding = Diagnostic::error("missing-key", diagnostic::Span::new(file, 0..0), "the inventory is empty");
        assert!(text(&sources, &[finding], Style::Plain).contains("inventory.yaml:1:1"));
    }
}
