//! OpenTofu's language as a tree with byte spans: blocks and attributes, and the expressions in them.
//!
//! [`parse`] reads a file, [`parse_expression`] and [`parse_template`] a part of one. A fault never ends the reading:
//! what is broken becomes [`Kind::Invalid`], and what stands behind it is still there.

mod ast;
mod body;
mod expression;
mod layout;
mod literal;
mod scan;
mod template;
#[cfg(test)]
mod tests;

use std::ops::Range;

use diagnostic::{Diagnostic, FileId, Span, Spanned};

use self::scan::{Fault, Piece, Token};
use crate::merge;

pub use self::layout::{format, layout};
pub use ast::{
    Attribute, BinaryOperator, Block, Body, Expression, For, ForResult, Item, Kind, ObjectItem, Segment, Step, Strip,
    UnaryOperator,
};

/// How many levels deep a tree may be. Everything that walks one may recurse.
pub const MAX_NESTING: usize = 200;

/// What can be wrong with OpenTofu's language, by rule id.
pub const RULES: &[(&str, &str)] = &[
    (TOFU_NESTING, "An expression or a block of OpenTofu's language is nested too deep."),
    (TOFU_SYNTAX, "A text is not OpenTofu's language."),
];

pub(crate) const TOFU_NESTING: &str = "tofu-nesting";
pub(crate) const TOFU_SYNTAX: &str = "tofu-syntax";

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Everything that could be read.
    pub body: Body,
    /// The comments as they were written, `#` included, line break not.
    pub comments: Vec<Spanned<String>>,
    /// What is wrong, in the order of the text.
    pub found: Vec<Diagnostic>,
}

/// Reads `text`, which is the source `file`.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut parser = Parser::new(file, text, false);
    let body = parser.file();
    Parsed { body, comments: std::mem::take(&mut parser.comments), found: parser.faults() }
}

/// Reads `text`, which is the source `file`, as one expression; line breaks mean nothing.
pub fn parse_expression(file: FileId, text: &str) -> (Expression, Vec<Diagnostic>) {
    let mut parser = Parser::new(file, text, false);
    parser.skip_newlines = true;
    let expression = parser.expression().and_then(|expression| match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.fault_here("nothing can stand behind the expression")),
    });
    let expression = expression.unwrap_or_else(|Broken| parser.invalid(0..text.len()));
    (expression, parser.faults())
}

/// Reads `text`, which is the source `file`, as a template without quotes around it, such as `templatefile` reads.
pub fn parse_template(file: FileId, text: &str) -> (Expression, Vec<Diagnostic>) {
    let mut parser = Parser::new(file, text, true);
    let expression = parser.template(Token::End, 0, false).unwrap_or_else(|Broken| parser.invalid(0..text.len()));
    (expression, parser.faults())
}

/// Something could not be read, and that has been said.
#[derive(Debug)]
struct Broken;

type Read<T> = Result<T, Broken>;

struct Parser<'t> {
    file: FileId,
    text: &'t str,
    /// Without comments; line breaks that follow each other are one.
    pieces: Vec<Piece>,
    at: usize,
    skip_newlines: bool,
    depth: usize,
    /// How many levels the expression has that was read last.
    height: usize,
    /// A block was not closed, so a word that starts its line and heads a block of a file closes all blocks.
    unbalanced: bool,
    comments: Vec<Spanned<String>>,
    found: Vec<Diagnostic>,
}

impl<'t> Parser<'t> {
    fn new(file: FileId, text: &'t str, template: bool) -> Self {
        let (scanned, scan_faults) = scan::scan(text, template);
        let mut pieces: Vec<Piece> = Vec::with_capacity(scanned.len());
        let mut comments = Vec::new();
        let mut found: Vec<Diagnostic> = scan_faults.into_iter().map(|fault| explain(file, text, fault)).collect();
        for mut piece in scanned {
            if piece.token == Token::Comment {
                let written = text[piece.range.clone()].trim_end_matches(['\n', '\r']);
                let end = piece.range.start + written.len();
                comments.push(Spanned::new(written.to_owned(), Span::new(file, piece.range.start..end)));
                if !text[piece.range.clone()].ends_with('\n') {
                    continue;
                }
                piece = Piece { token: Token::Newline, range: end..piece.range.end };
            }
            if let Some(message) = unusable(piece.token, &text[piece.range.clone()]) {
                found.push(Diagnostic::error(TOFU_SYNTAX, Span::new(file, piece.range.clone()), message));
            }
            let repeated = pieces.last().is_some_and(|last| last.token == Token::Newline);
            if piece.token != Token::Newline || !repeated {
                pieces.push(piece);
            }
        }
        let (at, depth, height) = (0, 0, 0);
        Self { file, text, pieces, at, skip_newlines: false, depth, height, unbalanced: false, comments, found }
    }

    fn faults(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|diagnostic| diagnostic.primary.span);
        self.found.dedup_by_key(|diagnostic| diagnostic.primary.span);
        let line = |fault: &Diagnostic| {
            let at = fault.primary.span.range().start;
            self.text[..at].rfind('\n').map_or(0, |end| end + 1)
        };
        // Of a conflict, whatever else is wrong follows.
        let conflict =
            self.found.iter().find_map(|fault| merge::conflict(TOFU_SYNTAX, self.file, self.text, line(fault)));
        conflict.map_or(self.found, |conflict| vec![conflict])
    }

    fn index(&self) -> usize {
        let newline = self.skip_newlines && self.pieces[self.at].token == Token::Newline;
        self.at + usize::from(newline)
    }

    fn peek(&self) -> Token {
        self.pieces[self.index()].token
    }

    fn peek_range(&self) -> Range<usize> {
        self.pieces[self.index()].range.clone()
    }

    fn peek_word(&self) -> &'t str {
        if self.peek() == Token::Word { &self.text[self.peek_range()] } else { "" }
    }

    fn next(&mut self) -> Piece {
        let index = self.index();
        self.at = (index + 1).min(self.pieces.len() - 1);
        self.pieces[index].clone()
    }

    /// Where the piece that was read last ended.
    fn last_end(&self) -> usize {
        if self.at == 0 { 0 } else { self.pieces[self.at - 1].range.end }
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == Token::Sign(sign);
        if found {
            self.next();
        }
        found
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    fn invalid(&self, range: Range<usize>) -> Expression {
        Expression { kind: Kind::Invalid, span: self.span(range) }
    }

    fn fault(&mut self, range: Range<usize>, message: impl Into<String>) -> Broken {
        let span = self.span(range);
        self.found.push(Diagnostic::error(TOFU_SYNTAX, span, message));
        Broken
    }

    fn fault_here(&mut self, message: impl Into<String>) -> Broken {
        self.fault(self.peek_range(), message)
    }

    /// Reads one level deeper, or says that this is too deep.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_NESTING {
            return Err(self.too_deep(self.peek_range()));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&mut self, range: Range<usize>) -> Broken {
        let message = format!("nested more than {MAX_NESTING} levels deep");
        self.found.push(Diagnostic::error(TOFU_NESTING, self.span(range), message));
        Broken
    }

    /// Reads with other rules for line breaks.
    fn newlines<T>(&mut self, skip: bool, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let before = std::mem::replace(&mut self.skip_newlines, skip);
        let result = read(self);
        self.skip_newlines = before;
        result
    }
}

/// What is wrong with a character that OpenTofu has no use for.
fn unusable(token: Token, written: &str) -> Option<String> {
    match token {
        Token::Sign("&" | "|") => Some(format!("`{written}` is no operator; write `{written}{written}`")),
        Token::Sign("`" | "'") => Some(format!("text stands in double quotes, not in `{written}`")),
        Token::Sign(";") => Some(String::from("`;` separates nothing; start a new line")),
        Token::Sign("^" | "~") => Some(format!("`{written}` is no operator")),
        Token::Invalid => Some(format!("the character `{}` means nothing here", written.escape_debug())),
        _ => None,
    }
}

fn explain(file: FileId, text: &str, fault: Fault) -> Diagnostic {
    let (range, help) = match fault {
        Fault::Comment(range) => (range, String::from("add `*/`")),
        Fault::Quote(range) => (range, String::from("add the closing `\"` on the same line")),
        Fault::Sequence(range) => (range, String::from("add `}`; for a literal `${` write `$${`")),
        Fault::Heredoc(range) => {
            let word = text[range.clone()].trim_start_matches(['<', '-']).trim();
            let help = format!("put `{word}` on a line of its own below the text, with a line break behind it");
            (range, help)
        }
    };
    let written = text[range.clone()].trim();
    Diagnostic::error(TOFU_SYNTAX, Span::new(file, range), format!("this `{written}` is never closed")).help(help)
}
