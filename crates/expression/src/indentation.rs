//! Tabs and spaces before statements, measured as Python's tokenizer does.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange};

/// A tab reaches the next multiple of this; how many it is worth must not matter, so it is measured as one, too.
const TAB: usize = 8;

/// The first statement whose place depends on how wide a tab is, or that returns to a place where nothing stands.
pub(crate) fn inconsistent(tokens: &Tokens, source: &str) -> Option<TextRange> {
    let mut open = vec![(0, 0)];
    let mut is_first = true;
    for token in tokens {
        match token.kind() {
            TokenKind::Newline => is_first = true,
            TokenKind::Indent | TokenKind::Dedent | TokenKind::Comment | TokenKind::NonLogicalNewline => {}
            _ if !std::mem::replace(&mut is_first, false) => {}
            TokenKind::EndOfFile => break,
            _ => {
                let before = &source[..token.start().to_usize()];
                let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
                let (column, narrow) = width(&before[line..]);
                let depth = open.len();
                open.truncate(open.partition_point(|(outer, _)| *outer <= column).max(1));
                let (outer, outer_narrow) = open.last().copied().unwrap_or_default();
                let returns = open.len() < depth;
                let agrees = if column == outer { narrow == outer_narrow } else { narrow > outer_narrow && !returns };
                if !agrees {
                    return Some(token.range());
                }
                if column > outer {
                    open.push((column, narrow));
                }
            }
        }
    }
    None
}

/// How far white space reaches, with wide tabs and with narrow ones.
fn width(white: &str) -> (usize, usize) {
    white.chars().fold((0, 0), |(wide, narrow), character| match character {
        '\t' => ((wide / TAB + 1) * TAB, narrow + 1),
        '\u{c}' => (0, 0),
        _ => (wide + 1, narrow + 1),
    })
}
