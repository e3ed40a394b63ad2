//! How deep a text nests, counted from its tokens before anything recurses over it.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// What the tokens of a text say about its nesting.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    /// No tree of the text is deeper than this.
    pub(crate) deepest: usize,
    /// How many brackets are open at once.
    pub(crate) brackets: usize,
    /// How many blocks are open at once.
    pub(crate) blocks: usize,
}

/// One bracket, or the statement around all of them.
#[derive(Default)]
struct Level {
    /// Each operator and keyword may nest what follows it.
    operators: usize,
    /// The commas of a `lambda`'s parameters do not end what nests.
    lambda: bool,
    /// What stands behind `else` nests in the condition, whatever operators are in it.
    condition: bool,
}

/// Counts. A tree needs a token for each step down, so brackets, blocks and the operators between two commas are
/// never fewer than the steps. The sides of `and` and `or` lie side by side, so they count from there.
pub(crate) fn of(text: &str) -> Nesting {
    let mut nesting = Nesting::default();
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut levels = vec![Level::default()];
    let (mut total, mut blocks) = (0, 0_usize);
    loop {
        let kind = lexer.next_token();
        let is_inside = levels.len() > 1;
        let top = levels.last_mut().expect("the statement's level is never taken off");
        match kind {
            TokenKind::EndOfFile => break,
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Newline | TokenKind::Semi | TokenKind::Comma if !top.lambda || kind == TokenKind::Newline => {
                total -= std::mem::take(top).operators;
            }
            TokenKind::And | TokenKind::Or if !top.lambda && !top.condition => {
                total = total - top.operators + 2;
                top.operators = 2;
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                top.operators += 1;
                total += 1;
                levels.push(Level::default());
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace if is_inside => {
                total -= levels.pop().map_or(0, |level| level.operators);
            }
            kind if begins_statement(kind) => {
                // No bracket holds a statement, so the parser has given up on those that are open.
                levels.truncate(1);
                levels[0] = Level::default();
                total = 0;
            }
            kind if is_leaf(kind) => {}
            kind => {
                top.lambda |= kind == TokenKind::Lambda;
                top.condition |= kind == TokenKind::If && top.operators > 0;
                top.operators += 1;
                total += 1;
            }
        }
        nesting.deepest = nesting.deepest.max(total + blocks);
        nesting.brackets = nesting.brackets.max(levels.len() - 1);
        nesting.blocks = nesting.blocks.max(blocks);
    }
    nesting
}

/// Whether a keyword stands at the beginning of a statement and nowhere else.
fn begins_statement(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Assert
            | TokenKind::Break
            | TokenKind::Class
            | TokenKind::Continue
            | TokenKind::Def
            | TokenKind::Del
            | TokenKind::Global
            | TokenKind::Import
            | TokenKind::Nonlocal
            | TokenKind::Pass
            | TokenKind::Raise
            | TokenKind::Return
            | TokenKind::Try
            | TokenKind::While
            | TokenKind::With
    )
}

/// Whether a token holds nothing below it.
fn is_leaf(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::TStringMiddle
            | TokenKind::TStringEnd
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::None
            | TokenKind::True
            | TokenKind::False
            | TokenKind::Ellipsis
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_side_by_side_does_not_nest() {
        for (text, deepest) in [
            ("", 0),
            ("a = b\nc = d\n", 1),
            ("[1, -2, -3, [4]]", 2),
            ("f(a)(b)", 2),
            ("if a:\n    if b:\n        c\n", 3),
            ("not not not a", 3),
            ("lambda a, b: lambda c, d: 1", 6),
            ("f'{a}{b}'", 3),
            ("a or b and c or d", 2),
            ("a if b or c else d if e or f else g", 6),
        ] {
            assert_eq!(of(text).deepest, deepest, "{text:?}");
        }
    }
}
