//! What Python refuses to compile.

use std::ops::Range;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_parser::semantic_errors::{SemanticSyntaxError, SemanticSyntaxErrorKind};
use ruff_python_parser::{ParseError, Parsed};
use ruff_text_size::TextRange;

use crate::depth::Nesting;
use crate::indentation::inconsistent;
use crate::refusals::Refusal;
use crate::text::Wrapped;

/// How many brackets, and how many blocks, Python's tokenizer keeps open at once.
const MAX_BRACKETS: usize = 200;
const MAX_BLOCKS: usize = 99;

/// A reason why authentik refuses the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, for a person.
    pub message: String,
    /// Where.
    pub range: Range<usize>,
}

/// A text without a statement.
pub(crate) fn of_nothing(length: usize) -> Fault {
    Fault { message: "an expression needs a statement, such as `return True`".to_owned(), range: 0..length }
}

/// Nesting that Python's tokenizer refuses.
pub(crate) fn of_nesting(nesting: &Nesting, length: usize) -> Option<Fault> {
    let message = if nesting.brackets > MAX_BRACKETS {
        format!("Python opens no more than {MAX_BRACKETS} brackets inside each other")
    } else if nesting.blocks > MAX_BLOCKS {
        format!("Python indents no deeper than {MAX_BLOCKS} blocks")
    } else {
        return None;
    };
    Some(Fault { message, range: 0..length })
}

/// What the parser found. A bracket that is never closed explains whatever was found behind it.
pub(crate) fn of_parser<T>(parsed: &Parsed<T>, text: &Wrapped) -> Vec<Fault> {
    let errors: Vec<_> = parsed.errors().iter().filter(|error| !is_bare_raise(error, &text.text)).collect();
    let Some(first) = errors.iter().map(|error| error.location.start()).min() else {
        let newer = parsed.unsupported_syntax_errors().iter();
        let mixed = inconsistent(parsed.tokens(), &text.text).into_iter();
        let newer = newer.map(|error| fault(error.to_string(), error.range, text));
        return sorted(
            newer.chain(mixed.map(|range| fault("tabs and spaces are mixed before this".to_owned(), range, text))),
        );
    };
    match open_bracket(parsed.tokens()).filter(|(_, range)| range.start() <= first) {
        Some((kind, range)) => vec![fault(format!("`{}` is never closed", bracket(kind)), range, text)],
        None => sorted(errors.iter().map(|error| fault(error.error.to_string(), error.location, text))),
    }
}

/// The parser wants a value in `raise;`, and Python does not.
fn is_bare_raise(error: &ParseError, source: &str) -> bool {
    let (before, after) = source.split_at(error.location.start().to_usize());
    after.starts_with(';') && before.trim_end_matches([' ', '\t']).ends_with("raise")
}

/// The innermost bracket that is open at the end.
fn open_bracket(tokens: &Tokens) -> Option<(TokenKind, TextRange)> {
    let mut open = Vec::new();
    for token in tokens {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(token.as_tuple()),
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// What the compiler's checks found.
pub(crate) fn of_checks(errors: &[SemanticSyntaxError], refusals: &[Refusal], text: &Wrapped) -> Vec<Fault> {
    let checked = errors.iter().map(|error| {
        let message = match error.kind {
            SemanticSyntaxErrorKind::LateFutureImport => {
                "`from __future__` works at the top of a module only, and an expression is the body of a function"
                    .to_owned()
            }
            SemanticSyntaxErrorKind::NonModuleImportStar(_) => {
                "`import *` works at the top of a module only, and an expression is the body of a function".to_owned()
            }
            _ => error.to_string(),
        };
        fault(message, error.range, text)
    });
    sorted(checked.chain(refusals.iter().map(|(message, range)| fault(message.clone(), *range, text))))
}

fn sorted(faults: impl Iterator<Item = Fault>) -> Vec<Fault> {
    let mut faults: Vec<_> = faults.collect();
    faults.sort_by_key(|fault| fault.range.start);
    faults.dedup();
    faults
}

fn fault(message: String, range: TextRange, text: &Wrapped) -> Fault {
    Fault { message: lower_case(message), range: text.written(range) }
}

/// The parser's messages begin like sentences; ours go on after a place.
fn lower_case(message: String) -> String {
    let mut characters = message.chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            format!("{}{}", first.to_lowercase(), &message[first.len_utf8()..])
        }
        _ => message,
    }
}

fn bracket(kind: TokenKind) -> char {
    match kind {
        TokenKind::Lsqb => '[',
        TokenKind::Lbrace => '{',
        _ => '(',
    }
}
