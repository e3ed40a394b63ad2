//! Comments that speak to labtree: in YAML, in OpenTofu's language, in Python, and in texts inside other texts.

use std::collections::BTreeSet;
use std::ops::Range;

use diagnostic::{FileId, Span};
use syntax::hcl::{Body, Item, Kind as Hcl};
use syntax::yaml::{Content as Yaml, Node, Style};

use crate::{Content, Kind};

/// What such a comment begins with, behind its `#`.
pub(crate) const ADDRESS: &str = "labtree:";

/// The comments of a file that begin with `labtree:`, from their first character to the end of their line, in order.
pub(crate) fn to_labtree(kind: Kind, content: &Content, file: FileId, text: &str) -> Vec<Span> {
    if !text.contains(ADDRESS) {
        return Vec::new();
    }
    let mut found = BTreeSet::new();
    match (kind, content) {
        (_, Content::Yaml(documents)) => {
            for document in documents {
                found.extend(document.comments.iter().map(|comment| comment.span));
                in_blocks(&document.root, text, &mut found);
            }
        }
        (_, Content::Hcl(parsed)) => {
            found.extend(parsed.comments.iter().map(|comment| comment.span));
            in_heredocs(&parsed.body, text, &mut found);
        }
        (Kind::Python, _) => found.extend(hash_comments(text, 0..text.len()).map(|range| Span::new(file, range))),
        _ => {}
    }
    found.retain(|span| text.get(span.range()).is_some_and(speaks_to_labtree));
    found.into_iter().collect()
}

/// Whether the comment `text` is for labtree.
fn speaks_to_labtree(text: &str) -> bool {
    text.trim_start_matches(['#', '/']).trim_start().starts_with(ADDRESS)
}

/// Texts of several lines are often code of another language. The tree nests no deeper than YAML may.
fn in_blocks(node: &Node, text: &str, found: &mut BTreeSet<Span>) {
    match &node.content {
        Yaml::Scalar(scalar) if matches!(scalar.style, Style::Literal | Style::Folded) => {
            found.extend(hash_comments(text, node.span.range()).map(|range| Span::new(node.span.file, range)));
        }
        Yaml::Scalar(_) => {}
        Yaml::Sequence(items) => items.iter().for_each(|item| in_blocks(item, text, found)),
        Yaml::Mapping(pairs) => pairs.iter().for_each(|pair| in_blocks(&pair.value, text, found)),
    }
}

/// The text of a heredoc is often Python.
fn in_heredocs(body: &Body, text: &str, found: &mut BTreeSet<Span>) {
    for item in &body.items {
        match item {
            Item::Block(block) => in_heredocs(&block.body, text, found),
            Item::Attribute(attribute) => attribute.value.walk(&mut |expression| {
                let is_text = matches!(expression.kind, Hcl::Text(_) | Hcl::Template(_));
                if is_text && text[expression.span.range()].starts_with("<<") {
                    let comments = hash_comments(text, expression.span.range());
                    found.extend(comments.map(|range| Span::new(expression.span.file, range)));
                }
            }),
        }
    }
}

/// The comments in `within` of a text whose quotes are Python's or a shell's: `#` in a quoted text begins none. A text
/// in single quote characters ends with its line at the latest, so that an apostrophe hides one line and no more.
pub(crate) fn hash_comments(text: &str, within: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let bytes = &text.as_bytes()[..within.end.min(text.len())];
    let mut at = within.start;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            match bytes[at] {
                b'#' => {
                    let start = at;
                    at = line_end(bytes, at);
                    return Some(start..at);
                }
                quote @ (b'"' | b'\'') => at = behind_quoted(bytes, at, quote),
                _ => at += 1,
            }
        }
        None
    })
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    length.map_or(bytes.len(), |length| at + length)
}

/// The place behind the text that begins with the quote at `at`.
fn behind_quoted(bytes: &[u8], at: usize, quote: u8) -> usize {
    let triple = bytes[at..].starts_with(&[quote; 3]);
    let mut next = at + if triple { 3 } else { 1 };
    while next < bytes.len() {
        match bytes[next] {
            b'\\' => next += 1,
            b'\n' if !triple => return next,
            byte if byte == quote && !triple => return next + 1,
            byte if byte == quote && bytes[next..].starts_with(&[quote; 3]) => return next + 3,
            _ => {}
        }
        next += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_in_a_quoted_text_begins_no_comment() {
        let text =
            "a = 'x # no' # one\nb = \"\\\" # no\" # two\nc = \"\"\"\n# no\n\"\"\" # three\nit's fine # no\n# four";
        let found: Vec<_> = hash_comments(text, 0..text.len()).map(|range| &text[range]).collect();
        assert_eq!(found, ["# one", "# two", "# three", "# four"]);
    }

    #[test]
    fn only_what_lies_within_is_looked_at() {
        let text = "# one\n# two\n# three\n";
        let found: Vec<_> = hash_comments(text, 6..12).map(|range| &text[range]).collect();
        assert_eq!(found, ["# two"]);
    }
}
