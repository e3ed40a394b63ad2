//! What stands behind a key of a new entry, and how it is laid out.

use std::fmt::Write as _;

use diagnostic::FileId;
use syntax::yaml::plain::is_text_everywhere;
use syntax::yaml::{self, Content, Node, Pair, Style};

/// A value to write into an inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text, quoted where it must be; of several lines it is written below `|`.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A list: on one line, if all its items are short texts.
    List(Vec<Part>),
    /// A mapping, in this order.
    Map(Vec<(String, Part)>),
    /// A value that is written already, comments and all, from the first column on and indented by two.
    Yaml(String),
}

/// How an entry is laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// In braces on one line, and how.
    pub(super) flow: Option<FlowStyle>,
    /// How many columns a level is indented.
    pub(super) unit: usize,
}

impl Layout {
    pub(super) fn block(unit: usize) -> Self {
        Self { flow: None, unit }
    }
}

/// How a mapping in braces is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FlowStyle {
    /// Whether blanks stand inside the braces.
    pub(super) spaced: bool,
    /// Whether keys and texts are quoted, as in JSON.
    pub(super) quoted: bool,
}

/// How long a line with a list may be.
const WIDTH: usize = 110;

impl Part {
    /// Writes the lines of the entry `name: self`, from `column` on.
    pub(super) fn entry(&self, out: &mut String, name: &str, column: usize, layout: Layout) {
        indent(out, column);
        match layout.flow {
            Some(style) => self.flow_entry(out, name, style),
            None => {
                key(out, name, false);
                self.block(out, column, layout.unit);
            }
        }
        out.push('\n');
    }

    /// Writes `name: self` in one line.
    pub(super) fn flow_entry(&self, out: &mut String, name: &str, style: FlowStyle) {
        key(out, name, style.quoted);
        out.push(' ');
        self.flow(out, style);
    }

    /// Writes what stands behind a colon at `column`, perhaps on lines below.
    fn block(&self, out: &mut String, column: usize, unit: usize) {
        match self {
            Part::Map(entries) if !entries.is_empty() => {
                for (name, part) in entries {
                    out.push('\n');
                    part.entry_at(out, name, column + unit, unit);
                }
            }
            Part::List(items) if !self.is_short(column) => {
                for item in items {
                    out.push('\n');
                    indent(out, column + unit);
                    out.push_str("- ");
                    item.flow(out, FlowStyle::default());
                }
            }
            Part::Text(text) if is_literal(text) => {
                out.push_str(if text.ends_with('\n') { " |" } else { " |-" });
                for line in text.lines() {
                    out.push('\n');
                    indent(out, if line.is_empty() { 0 } else { column + unit });
                    out.push_str(line);
                }
            }
            Part::Yaml(text) if !text.starts_with(['{', '[']) => {
                for line in text.trim_end().lines() {
                    out.push('\n');
                    indent(out, if line.is_empty() { 0 } else { column + unit });
                    out.push_str(line);
                }
            }
            _ => {
                out.push(' ');
                self.flow(out, FlowStyle::default());
            }
        }
    }

    fn entry_at(&self, out: &mut String, name: &str, column: usize, unit: usize) {
        indent(out, column);
        key(out, name, false);
        self.block(out, column, unit);
    }

    /// Whether a list fits on a line.
    fn is_short(&self, column: usize) -> bool {
        let Part::List(items) = self else { return true };
        let mut line = String::new();
        self.flow(&mut line, FlowStyle::default());
        items.iter().all(|item| matches!(item, Part::Text(_) | Part::Bool(_))) && column + line.len() <= WIDTH
    }

    fn flow(&self, out: &mut String, style: FlowStyle) {
        match self {
            Part::Text(text) => scalar(out, text, style.quoted),
            Part::Yaml(text) => match yaml::parse(FileId(0), text) {
                Ok(document) => written(&document.root).flow(out, style),
                Err(_) => out.push_str(text),
            },
            Part::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Part::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    item.flow(out, style);
                }
                out.push(']');
            }
            Part::Map(entries) => {
                let space = if style.spaced && !entries.is_empty() { " " } else { "" };
                let _ = write!(out, "{{{space}");
                for (index, (name, part)) in entries.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    part.flow_entry(out, name, style);
                }
                let _ = write!(out, "{space}}}");
            }
        }
    }
}

/// `node`, to be written anew.
fn written(node: &Node) -> Part {
    match &node.content {
        Content::Sequence(items) => Part::List(items.iter().map(written).collect()),
        Content::Mapping(pairs) => {
            let name = |pair: &Pair| pair.key.scalar().map_or_else(String::new, |scalar| scalar.text.clone());
            Part::Map(pairs.iter().map(|pair| (name(pair), written(&pair.value))).collect())
        }
        Content::Scalar(scalar) => match (scalar.style, scalar.text.as_str()) {
            (Style::Plain, "true") => Part::Bool(true),
            (Style::Plain, "false") => Part::Bool(false),
            (_, text) => Part::Text(text.to_owned()),
        },
    }
}

fn key(out: &mut String, name: &str, quoted: bool) {
    scalar(out, name, quoted);
    out.push(':');
}

fn scalar(out: &mut String, text: &str, quoted: bool) {
    if !quoted && is_plain(text) {
        out.push_str(text);
    } else if !quoted && text.contains(['\\', '"']) && !text.contains(|next: char| next.is_control() || next == '\'') {
        let _ = write!(out, "'{text}'");
    } else {
        // JSON's strings are YAML's too, but for one control character that they may hold as it is.
        let _ = write!(out, "{}", serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f"));
    }
}

/// Whether `text` can stand without quotes wherever a value can, in braces and brackets too.
fn is_plain(text: &str) -> bool {
    let fine = |next: char| next.is_alphanumeric() || " _-./:+@%()?=&~'!*;$|<>^`\"#".contains(next);
    is_text_everywhere(text)
        && text.chars().all(fine)
        && text.starts_with(|next: char| next.is_alphanumeric() || "/._(".contains(next))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
}

/// Whether `text` can stand below `|`.
fn is_literal(text: &str) -> bool {
    let fine =
        |next: char| next == '\n' || !(next.is_control() || matches!(next, '\u{2028}' | '\u{2029}' | '\u{feff}'));
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && text.chars().all(fine)
        && text.lines().all(|line| line.is_empty() || !line.trim().is_empty())
}

fn indent(out: &mut String, column: usize) {
    out.extend(std::iter::repeat_n(' ', column));
}
