//! Entries of a mapping in braces.

use std::ops::Range;

use syntax::yaml::{Content, Node, Pair};

use super::pairs;
use super::part::{FlowStyle, Part};

/// Whether `node` is a mapping in braces.
pub(super) fn is_flow(text: &str, node: &Node) -> bool {
    matches!(node.content, Content::Mapping(_)) && text[node.span.start as usize..].starts_with('{')
}

/// How the mapping `node` is written.
pub(super) fn style(text: &str, node: &Node) -> FlowStyle {
    let written = &text[node.span.range()];
    let quoted = pairs(node).last().is_some_and(|pair| text[pair.key.span.start as usize..].starts_with('"'));
    FlowStyle { spaced: written.starts_with("{ "), quoted }
}

/// The text with one entry more behind the last of `node`.
pub(super) fn add(text: &str, node: &Node, name: &str, part: &Part) -> String {
    let style = style(text, node);
    let mut entry = String::new();
    part.flow_entry(&mut entry, name, style);
    let inside = node.span.start as usize + 1..node.span.end as usize - 1;
    let (range, more) = match pairs(node) {
        [] if style.spaced => (inside, format!(" {entry} ")),
        [] => (inside, entry),
        [.., last] => {
            let end = end(last);
            (end..end, separator(text, node) + &entry)
        }
    };
    [&text[..range.start], &more, &text[range.end..]].concat()
}

/// What stands between the last two entries, or would.
fn separator(text: &str, node: &Node) -> String {
    let written = match pairs(node) {
        [.., before, last] => text[end(before)..start(last)].to_owned(),
        [only] => format!(",{}", &text[node.span.start as usize + 1..start(only)]),
        [] => String::new(),
    };
    match written.trim_end() {
        "," if written.len() > 1 => written,
        _ => ", ".to_owned(),
    }
}

/// The text without the entry `index` of `node`.
pub(super) fn remove(text: &str, node: &Node, index: usize) -> String {
    let range = extent(node, index);
    [&text[..range.start], &text[range.end..]].concat()
}

/// What goes with the entry `index` of `node`: itself, and the comma that parted it from a neighbour.
pub(super) fn extent(node: &Node, index: usize) -> Range<usize> {
    let pairs = pairs(node);
    match (index.checked_sub(1), pairs.get(index + 1)) {
        (_, Some(next)) => start(&pairs[index])..start(next),
        (Some(before), None) => end(&pairs[before])..end(&pairs[index]),
        (None, None) => node.span.start as usize + 1..node.span.end as usize - 1,
    }
}

fn start(pair: &Pair) -> usize {
    pair.key.used_at().start as usize
}

fn end(pair: &Pair) -> usize {
    let key = pair.key.used_at().end;
    if pair.value.is_empty() { key as usize } else { pair.value.used_at().end.max(key) as usize }
}
