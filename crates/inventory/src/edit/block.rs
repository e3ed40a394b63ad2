//! Entries of a mapping that is written below its key, one to a line or more.

use diagnostic::Diagnostic;
use syntax::yaml::{Node, Pair, Style};

use super::lines::{Kind, Lines};
use super::part::{Layout, Part};
use super::{flow, pairs, uneditable};

/// How far a level is indented where nothing says so.
const UNIT: usize = 2;

/// A mapping in block style, or one that is to become that.
pub(super) struct Block<'t> {
    lines: Lines<'t>,
    /// The first line that may be an entry's.
    first: usize,
    entries: Vec<Entry>,
    /// The line behind the last that may be an entry's.
    end: usize,
    /// Where the keys start.
    column: usize,
    layout: Layout,
}

/// An entry: the line of its key, and where that starts.
#[derive(Clone, Copy)]
struct Entry {
    line: usize,
    column: usize,
}

impl<'t> Block<'t> {
    /// The top of a file.
    pub(super) fn root(lines: Lines<'t>, root: &Node) -> Result<Self, Diagnostic> {
        let (first, end) = (0, end_of_document(&lines, root));
        let layout = Layout::block(unit(&lines, root));
        Self::of(lines, root, first, end, 0, layout)
    }

    /// What stands below the key of `pair`, which is one of `root`'s.
    pub(super) fn below(lines: Lines<'t>, root: &Node, pair: &Pair) -> Result<Self, Diagnostic> {
        let next = pairs(root).iter().find(|other| other.key.span.start > pair.key.span.start);
        let end = next.map_or_else(|| end_of_document(&lines, root), |next| lines.at(next.key.span.start as usize));
        let first = lines.at(pair.key.span.start as usize) + 1;
        let (usual, last) = (unit(&lines, root), pairs(&pair.value).last());
        let layout = last.map_or(Layout::block(usual), |last| layout_of(&lines, last, usual));
        Self::of(lines, &pair.value, first, end, usual, layout)
    }

    fn of(
        lines: Lines<'t>,
        node: &Node,
        first: usize,
        end: usize,
        usual: usize,
        layout: Layout,
    ) -> Result<Self, Diagnostic> {
        let entries = pairs(node).iter().map(|pair| entry(&lines, &pair.key)).collect::<Result<Vec<_>, _>>()?;
        let column = entries.last().map_or(usual, |entry| entry.column);
        Ok(Self { lines, first, entries, end, column, layout })
    }

    /// The text with one entry more behind the last, as far from it as that is from the one before.
    pub(super) fn add(&self, name: &str, part: &Part, heading: Option<&str>) -> Result<String, Diagnostic> {
        let at = match self.entries.len() {
            0 => self.end,
            count => self.end_of(count - 1),
        };
        let mut more = "\n".repeat(self.spacing(at));
        if let Some(heading) = heading {
            more.extend([heading, "\n"]);
        }
        let layout = if heading.is_some() { Layout { flow: None, ..self.layout } } else { self.layout };
        part.entry(&mut more, name, self.column, layout);
        Ok(self.lines.with(at, &more))
    }

    /// How many blank lines separate a new entry at the line `at` from the last one.
    fn spacing(&self, at: usize) -> usize {
        match self.entries.len() {
            0 => usize::from(at > self.first && self.lines.kind(at - 1) != Kind::Blank),
            1 => usize::from(at - self.entries[0].line > 1),
            count => self.lines.blanks_before(self.start_of(count - 1), self.end_of(count - 2)),
        }
    }

    /// The text with a first entry below the key of `pair`, which holds nothing.
    pub(super) fn fill(&self, pair: &Pair, name: &str, part: &Part) -> Result<String, Diagnostic> {
        let colon = self.behind_colon(pair)?;
        let end = match pair.value.scalar() {
            Some(scalar) if scalar.style == Style::Empty => colon,
            _ => pair.value.span.end as usize,
        };
        let nothing = self.lines.text.get(colon..end).ok_or_else(|| uneditable(pair.key.span))?;
        if nothing.contains('\n') || pair.value.properties.is_some() {
            return Err(uneditable(pair.value.span));
        }
        let mut more = String::new();
        part.entry(&mut more, name, self.column, self.layout);
        let mut filled = self.lines.with(self.end_of_comments(self.first, self.column), &more);
        filled.replace_range(colon..end, "");
        Ok(filled)
    }

    /// The text without the only entry below the key of `pair`.
    pub(super) fn clear(&self, pair: &Pair) -> Result<String, Diagnostic> {
        let colon = self.behind_colon(pair)?;
        let mut cleared = self.remove(0);
        cleared.insert_str(colon, " {}");
        Ok(cleared)
    }

    /// The text without the entry `index`: blank lines stay where they separate others.
    pub(super) fn remove(&self, index: usize) -> String {
        let (start, end) = (self.start_of(index), self.end_of(index));
        let before = self.lines.blanks_before(start, self.first);
        let after = self.lines.blanks_from(end);
        let leads = start - before == self.first;
        let others = self.entries.len() > 1;
        match (leads, others) {
            (true, true) => self.lines.without(start..end + after),
            (true, false) if before.min(after) == 0 => self.lines.without(start..end),
            _ => self.lines.without(start - before..end),
        }
    }

    /// The comment directly above the entry `index`, if it is one line.
    pub(super) fn heading(&self, index: usize) -> Option<&'t str> {
        let line = self.entries[index].line;
        (line - self.start_of(index) == 1).then(|| self.lines.trimmed(line - 1))
    }

    /// The first line of the entry `index`: comments directly above its key, in its column, are its own.
    fn start_of(&self, index: usize) -> usize {
        let Entry { line, column } = self.entries[index];
        let first = index.checked_sub(1).map_or(self.first, |before| self.entries[before].line + 1);
        let own = (first..line).rev().take_while(|line| self.lines.kind(*line) == Kind::Comment(column));
        line - own.count()
    }

    /// The line behind the entry `index`: comments behind it that are indented deeper are its own.
    fn end_of(&self, index: usize) -> usize {
        let Entry { line, column } = self.entries[index];
        let end = self.entries.get(index + 1).map_or(self.end, |next| next.line);
        let last = (line..end).rev().find(|line| self.lines.kind(*line) == Kind::Content).unwrap_or(line);
        self.end_of_comments(last + 1, column)
    }

    /// The line behind the comments from `line` on that are indented deeper than `column`.
    fn end_of_comments(&self, line: usize, column: usize) -> usize {
        let deep = |line: &usize| match self.lines.kind(*line) {
            Kind::Blank => true,
            Kind::Comment(at) => at > column,
            Kind::Content => false,
        };
        let own = (line..self.end).take_while(deep).filter(|line| self.lines.kind(*line) != Kind::Blank).last();
        own.map_or(line, |last| last + 1)
    }

    /// Where the value of `pair` may start.
    fn behind_colon(&self, pair: &Pair) -> Result<usize, Diagnostic> {
        let end = pair.key.span.end as usize;
        let rest = &self.lines.text[end..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        match rest[blanks..].starts_with(':') {
            true => Ok(end + blanks + 1),
            false => Err(uneditable(pair.key.span)),
        }
    }
}

/// The place of a key that starts its line.
fn entry(lines: &Lines<'_>, key: &Node) -> Result<Entry, Diagnostic> {
    let start = key.used_at().start as usize;
    let line = lines.at(start);
    let before = &lines.text[lines.start(line)..start];
    match before.trim_start_matches('\u{feff}').bytes().all(|byte| byte == b' ') {
        true => Ok(Entry { line, column: before.len() }),
        false => Err(uneditable(key.used_at())),
    }
}

/// How the entries beside `last` are laid out.
fn layout_of(lines: &Lines<'_>, last: &Pair, usual: usize) -> Layout {
    let value = &last.value;
    if flow::is_flow(lines.text, value) && !lines.text[value.span.range()].contains('\n') {
        return Layout { flow: Some(flow::style(lines.text, value)), unit: usual };
    }
    let child = pairs(value).first().filter(|_| !flow::is_flow(lines.text, value));
    let column = |node: &Node| entry(lines, node).ok().map(|entry| entry.column);
    let unit = child.and_then(|child| column(&child.key)?.checked_sub(column(&last.key)?)).filter(|unit| *unit > 0);
    Layout::block(unit.unwrap_or(usual))
}

/// How far the sections of a file are indented.
fn unit(lines: &Lines<'_>, root: &Node) -> usize {
    let first = |pair: &Pair| {
        let child = pairs(&pair.value).first().filter(|_| !flow::is_flow(lines.text, &pair.value))?;
        entry(lines, &child.key).ok().map(|entry| entry.column).filter(|column| *column > 0)
    };
    pairs(root).iter().find_map(first).unwrap_or(UNIT)
}

/// The line `...`, or the one behind the last.
fn end_of_document(lines: &Lines<'_>, root: &Node) -> usize {
    let start = lines.at(root.span.start as usize);
    (start..lines.len()).find(|line| lines.text[lines.start(*line)..].starts_with("...")).unwrap_or(lines.len())
}
