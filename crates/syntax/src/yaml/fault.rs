//! The parser's errors in words that say what to type.

use std::ops::Range;

use diagnostic::{Diagnostic, FileId, Span};
use granit_parser::ErrorKind;

use super::{MAX_NESTING, YAML_ALIAS, YAML_NESTING, YAML_SYNTAX, YAML_TAB};
use crate::merge;

/// What is known where an error happened.
pub(super) struct Around<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    /// The `[` or `{` that is still open.
    pub(super) open_flow: Option<usize>,
    /// The unquoted value that was read last.
    pub(super) last_plain: Option<Range<usize>>,
    /// Where the value that was read last ended.
    pub(super) last_end: usize,
}

/// A document that nests too deep, at what opens the level that is too much.
pub(super) fn nesting(span: Span) -> Diagnostic {
    Diagnostic::error(YAML_NESTING, span, format!("nested more than {MAX_NESTING} levels deep"))
}

/// The error at `at` in labtree's words.
pub(super) fn explain(error: &ErrorKind, at: usize, around: &Around<'_>) -> Diagnostic {
    let syntax = |at: usize, message: &str| Diagnostic::error(YAML_SYNTAX, around.word(at), message);
    if let Some(conflict) = around.conflict(at) {
        return conflict;
    }
    match error {
        ErrorKind::RecursionLimitExceeded => nesting(around.word(at)),
        ErrorKind::UnknownAnchor => {
            let span = around.token(at);
            let written = around.text[span.range()].trim_end_matches(':');
            let span = around.span(span.range().start..span.range().start + written.len());
            Diagnostic::error(YAML_ALIAS, span, format!("`{written}` refers to an anchor that is not defined above"))
                .help(format!(
                    "define it as `&{}`, or quote the text: `\"{written}\"`",
                    written.trim_start_matches('*')
                ))
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => around.tab(at),
        _ if around.open_flow.is_none() && around.indenting_tab(at).is_some() => around.tab(at),
        ErrorKind::MappingValueNotAllowed => around.second_colon(at),
        ErrorKind::ExpectedBlockMappingKey if around.line(at).trim_start().starts_with("- ") => {
            syntax(at, "a list item cannot stand beside keys").help("indent it below the key it belongs to")
        }
        ErrorKind::ExpectedBlockMappingKey if !around.starts_line(at) => {
            syntax(at, "nothing can stand behind the value before it").help("put the whole value in quotes")
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            syntax(at, "the indentation fits no line above").help("align it with the key it belongs beside")
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            syntax(at, "a key cannot stand beside list items").help("indent it, or start the line with `- `")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            let span = around.word(at);
            let word = &around.text[span.range()];
            let help = match around.text_above(at) {
                Some(line) => format!("indent it like the text below line {line}, which ends here otherwise"),
                None => format!("write `{word}: …`, or indent it below its key"),
            };
            syntax(at, "this line is no `key: value`").help(help)
        }
        ErrorKind::BlockSequenceEntryNotAllowed => syntax(at, "a list cannot start on the line of its key")
            .help("put the `- ` on a line of its own, or write `[…]`"),
        ErrorKind::UnexpectedCharacter { character } => {
            syntax(at, &format!("a value cannot start with `{character}`")).help("put the value in quotes")
        }
        ErrorKind::UnclosedQuotedScalar => {
            let quote = around.text[at..].chars().next().unwrap_or('"');
            Diagnostic::error(YAML_SYNTAX, around.character(at), format!("this `{quote}` is never closed"))
                .help(format!("add the closing `{quote}`"))
        }
        ErrorKind::DocumentIndicatorInQuotedScalar => {
            let message = "this quote is not closed before the next document starts";
            Diagnostic::error(YAML_SYNTAX, around.character(at), message).help("add the closing quote")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => {
            around.behind_quote(at, '\'', "put the whole value in quotes; a `'` inside them is written `''`")
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            around.behind_quote(at, '"', "put the whole value in quotes; a `\"` inside them is written `\\\"`")
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            let span = around.bad_escape(at);
            let written = &around.text[span.range()];
            Diagnostic::error(YAML_SYNTAX, span, format!("`{written}` is no escape of YAML"))
                .help("write `\\\\` for a backslash, or use single quotes")
        }
        ErrorKind::CommentInterceptedScalar => {
            syntax(at, "a comment interrupts this text").help("put the text in quotes, or the comment above it")
        }
        ErrorKind::CommentNotSeparated => syntax(at, "a comment needs a space before its `#`"),
        ErrorKind::BomInsideDocument => {
            Diagnostic::error(YAML_SYNTAX, around.character(at), "a byte-order mark in the middle of the file")
                .help("delete this invisible character")
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            let closing = if *open == '{' { '}' } else { ']' };
            Diagnostic::error(YAML_SYNTAX, around.character(at), format!("this `{open}` is never closed"))
                .help(format!("add the closing `{closing}`"))
        }
        ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::ExpectedNodeContent
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::MismatchedFlowCollectionEnd { .. } => around.flow(at, error),
        ErrorKind::InvalidBlockScalarHeader => {
            syntax(at, "text behind `|` or `>`").help("start the text on the next line")
        }
        ErrorKind::InvalidBlockScalarIndent => {
            syntax(at, "the lines of this text are indented unevenly").help("indent its first line as the others")
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            syntax(at, "this bracket closes nothing").help("delete it, or put the value in quotes")
        }
        ErrorKind::UnexpectedEofBlockMapping if around.text[at..].starts_with(',') => {
            syntax(at, "a value cannot start with `,`").help("put the value in quotes")
        }
        ErrorKind::MissingAnchorOrAliasName => {
            syntax(at, "a name must follow `&` and `*`").help("put the value in quotes")
        }
        ErrorKind::UndeclaredTagHandle | ErrorKind::UnclosedVerbatimTag | ErrorKind::InvalidTagTerminator => {
            syntax(at, "a value that starts with `!` is a tag, and this is none").help("put the value in quotes")
        }
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => syntax(at, "an escape in this text is no character")
            .help("write the character itself, or `\\\\` for a backslash"),
        ErrorKind::ExpectedDocumentStart | ErrorKind::InvalidDocumentEnd => {
            syntax(at, "this stands outside the document").help("put the value in quotes, or delete it")
        }
        kind => syntax(at, &kind.to_string()),
    }
}

impl Around<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    /// The character at `at`; nothing at the end of a line.
    fn character(&self, at: usize) -> Span {
        let length =
            self.text[at..].chars().next().filter(|next| !matches!(next, '\n' | '\r')).map_or(0, char::len_utf8);
        self.span(at..at + length)
    }

    /// From `at` to the next blank, comma, bracket or colon, at least a character.
    fn word(&self, at: usize) -> Span {
        let rest = &self.text[at..];
        let length = rest.find([' ', '\t', '\n', '\r', ',', ']', '}', ':']).unwrap_or(rest.len());
        if length == 0 { self.character(at) } else { self.span(at..at + length) }
    }

    /// From `at` to the next blank or separator.
    fn token(&self, at: usize) -> Span {
        let rest = &self.text[at..];
        let length = rest.find([' ', '\t', '\n', '\r', ',', ']', '}']).unwrap_or(rest.len());
        self.span(at..at + length)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Whether nothing but blanks stands before `at` on its line.
    fn starts_line(&self, at: usize) -> bool {
        self.text[self.line_start(at)..at].trim().is_empty()
    }

    /// The line that `at` lies on.
    fn line(&self, at: usize) -> &str {
        self.text[self.line_start(at)..].lines().next().unwrap_or_default()
    }

    /// The line that begins, by `|` or `>`, the text that ends right above `at`; from 1.
    fn text_above(&self, at: usize) -> Option<usize> {
        let above: Vec<&str> = self.text[..self.line_start(at)].lines().collect();
        let mut outermost = usize::MAX;
        for (index, line) in above.iter().enumerate().rev().filter(|(_, line)| !line.trim().is_empty()) {
            let indentation = line.len() - line.trim_start().len();
            if indentation >= outermost {
                continue;
            }
            outermost = indentation;
            let last = line.trim_end().rsplit([' ', '\t']).next().unwrap_or_default();
            let is_indicator = |rest: &str| rest.bytes().all(|byte| b"+-123456789".contains(&byte));
            if last.strip_prefix(['|', '>']).is_some_and(is_indicator) {
                return Some(index + 1);
            }
        }
        None
    }

    /// The tab in the indentation of the line that `at` lies on.
    fn indenting_tab(&self, at: usize) -> Option<usize> {
        let line = self.line(at);
        let indentation = line.len() - line.trim_start().len();
        Some(self.line_start(at) + line[..indentation].find('\t')?)
    }

    /// The parser points at the value before the tab: the first indentation with a tab from there on is meant.
    fn tab(&self, at: usize) -> Diagnostic {
        let mut start = self.line_start(at);
        let mut found = self.text[at..].find('\t').map_or(at, |offset| at + offset);
        for line in self.text[start..].split_inclusive('\n') {
            if let Some(tab) = self.indenting_tab(start) {
                found = tab;
                break;
            }
            start += line.len();
        }
        let rest = &self.text[found..];
        let tabs = rest.len() - rest.trim_start_matches('\t').len();
        Diagnostic::error(YAML_TAB, self.span(found..found + tabs), "a tab in the indentation").help("use spaces")
    }

    fn second_colon(&self, at: usize) -> Diagnostic {
        let last = self.last_plain.clone().filter(|last| last.end <= at);
        let text = last.clone().and_then(|last| self.text.get(last)).unwrap_or_default();
        if let (Some(last), Some(newline)) = (last, text.rfind('\n')) {
            let key = last.start + newline + 1 + (text[newline + 1..].len() - text[newline + 1..].trim_start().len());
            let message =
                format!("`{}` reads on from the line above, so it cannot be a key", &self.text[key..last.end]);
            return Diagnostic::error(YAML_SYNTAX, self.span(key..last.end), message)
                .related(
                    self.span(last.start..last.start + text.trim_end().find(['\n', '\r']).unwrap_or(text.len())),
                    "the text starts here",
                )
                .help("align it with the key it belongs beside; a key needs a `:` and a space behind it");
        }
        Diagnostic::error(YAML_SYNTAX, self.character(at), "a second `:` on this line").help("put the value in quotes")
    }

    fn flow(&self, at: usize, kind: &ErrorKind) -> Diagnostic {
        let (bracket, closing) = match self.open_flow.and_then(|open| self.text[open..].chars().next()) {
            Some('{') => ('{', '}'),
            _ => ('[', ']'),
        };
        let message = match kind {
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => format!("`{open}` is closed by `{close}`"),
            _ => format!("expected `,` or `{closing}`"),
        };
        let found = Diagnostic::error(YAML_SYNTAX, self.word(at), message);
        match self.open_flow {
            Some(open) => found.related(self.character(open), format!("inside this `{bracket}`")),
            None => found,
        }
        .help(format!("close the `{bracket}`, or put a text that holds `{{`, `}}`, `[`, `]`, `,` or `: ` in quotes"))
    }

    /// Text behind a quoted text. Where that began on another line, its closing quote was forgotten there, and a later
    /// quote was taken for it.
    fn behind_quote(&self, at: usize, quote: char, help: &str) -> Diagnostic {
        let behind = Diagnostic::error(YAML_SYNTAX, self.word(at), "text behind the closing quote").help(help);
        let mut start = self.last_end;
        for line in self.text[start..at].split_inclusive('\n') {
            let code = line.find(" #").map_or(line, |comment| &line[..comment]);
            if let Some(open) = code.find(quote) {
                let open = start + open;
                if self.line_start(open) == self.line_start(at) {
                    break;
                }
                let message = format!("this `{quote}` is not closed on its line");
                return Diagnostic::error(YAML_SYNTAX, self.character(open), message)
                    .related(self.word(at), "its text is taken to end before this")
                    .help(format!("add the closing `{quote}`"));
            }
            start += line.len();
        }
        behind
    }

    /// What git wrote where two sides of a merge differ, on the line of `at` or on the one before it.
    fn conflict(&self, at: usize) -> Option<Diagnostic> {
        let here = self.line_start(at);
        let above = self.line_start(here.saturating_sub(1));
        [here, above].into_iter().find_map(|start| merge::conflict(YAML_SYNTAX, self.file, self.text, start))
    }

    /// The first escape behind the quote at `at` that YAML does not know.
    fn bad_escape(&self, at: usize) -> Span {
        let mut characters = self.text[at..].char_indices();
        while let Some((offset, character)) = characters.next() {
            if character == '\\'
                && let Some((_, escape)) = characters.next()
                && !"0abt\tnvfre \"/\\N_LPxuU\n\r".contains(escape)
            {
                return self.span(at + offset..at + offset + 1 + escape.len_utf8());
            }
        }
        self.character(at)
    }
}
