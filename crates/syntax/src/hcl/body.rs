//! Attributes and blocks, and the way back after a fault.

use std::collections::HashSet;
use std::ops::Range;

use diagnostic::Spanned;

use super::scan::Token;
use super::{Attribute, Block, Body, Broken, Expression, Item, Parser, Read, literal};

/// What only the top of a file holds.
const FILE_BLOCKS: &[&str] = &[
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "run",
    "terraform",
    "variable",
];

impl Parser<'_> {
    pub(super) fn file(&mut self) -> Body {
        let mut items = Vec::new();
        loop {
            items.extend(self.items().0);
            if self.peek() == Token::End {
                return Body { items, span: self.span(0..self.text.len()) };
            }
            if self.peek() == Token::Sign("}") {
                self.fault_here("this `}` closes nothing");
                self.next();
            }
        }
    }

    /// Items up to the end of a body, and how many of them started below the head of another file's block.
    fn items(&mut self) -> (Vec<Item>, Option<(usize, usize, usize)>) {
        let (mut items, mut names) = (Vec::new(), HashSet::new());
        let mut first_file_block = None;
        loop {
            match self.peek() {
                Token::Newline => {
                    self.next();
                }
                Token::End | Token::Sign("}") => return (items, first_file_block),
                _ => {
                    if self.depth > 0 && self.heads_file_block(self.at) {
                        if self.unbalanced {
                            return (items, first_file_block);
                        }
                        first_file_block.get_or_insert((self.at, items.len(), self.found.len()));
                    }
                    let start = self.at;
                    match self.item() {
                        Ok(item) => {
                            if let Item::Attribute(attribute) = &item
                                && !names.insert(attribute.name.value.clone())
                            {
                                let message = format!("`{}` is set twice", attribute.name.value);
                                self.fault(attribute.name.span.range(), message);
                            }
                            items.push(item);
                        }
                        Err(Broken) => self.skip_item(start),
                    }
                }
            }
        }
    }

    /// Whether the piece at `at` starts its line and a block that only the top of a file holds.
    fn heads_file_block(&self, at: usize) -> bool {
        let Some(next) = self.pieces.get(at + 1) else { return false };
        let range = self.pieces[at].range.clone();
        self.pieces[at].token == Token::Word
            && matches!(next.token, Token::OpenQuote | Token::Sign("{"))
            && self.text[..range.start].ends_with('\n')
            && FILE_BLOCKS.contains(&&self.text[range])
    }

    /// From anywhere in a broken item to the start of what follows it.
    fn skip_item(&mut self, start: usize) {
        let mut open = Vec::new();
        self.at = start;
        loop {
            let token = self.pieces[self.at].token;
            match token {
                Token::End => return,
                Token::Newline if open.is_empty() || self.heads_file_block(self.at + 1) => return,
                Token::Sign("{" | "[" | "(")
                | Token::OpenQuote
                | Token::OpenHeredoc
                | Token::Interpolation
                | Token::Directive => open.push(token),
                Token::Sign("}" | "]" | ")") | Token::CloseQuote | Token::CloseHeredoc | Token::SequenceEnd => {
                    match open.iter().rposition(|opener| closes(token, *opener)) {
                        Some(opener) => open.truncate(opener),
                        None if token == Token::Sign("}") && self.at > start => return,
                        None => {}
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn item(&mut self) -> Read<Item> {
        if self.peek() != Token::Word {
            let message = match self.peek() {
                Token::OpenQuote => "the name of an argument has no quotes",
                _ => "an argument or a block has to start here",
            };
            return Err(self.fault_here(message));
        }
        let name = self.name();
        match self.peek() {
            Token::Sign("=") => {
                let attribute = self.attribute(name);
                if !matches!(self.peek(), Token::Newline | Token::End) && attribute.value.kind != super::Kind::Invalid {
                    let end = self.peek_range();
                    let message = match self.peek() {
                        Token::Sign(",") => String::from("arguments are separated by line breaks, not by commas"),
                        _ => format!("the value of `{}` ends before this; start a new line", attribute.name.value),
                    };
                    self.fault(end, message);
                    let start = self.at;
                    self.skip_item(start);
                }
                Ok(Item::Attribute(attribute))
            }
            Token::OpenQuote | Token::Sign("{") | Token::Word => self.block(name).map(Item::Block),
            _ => {
                let message = format!("`{}` is neither `name = value` nor the head of a block", name.value);
                Err(self.fault(name.span.range(), message))
            }
        }
    }

    pub(super) fn name(&mut self) -> Spanned<String> {
        let piece = self.next();
        Spanned::new(self.text[piece.range.clone()].to_owned(), self.span(piece.range))
    }

    /// `= value` behind `name`; what can't be read is invalid and skipped.
    fn attribute(&mut self, name: Spanned<String>) -> Attribute {
        let start = self.at;
        self.next();
        let value = self.expression().unwrap_or_else(|Broken| {
            self.skip_item(start);
            self.placeholder(start)
        });
        let span = name.span.to(value.span);
        Attribute { name, value, span }
    }

    /// An invalid value for all that was skipped since the piece `start`, which was the equals sign.
    fn placeholder(&self, start: usize) -> Expression {
        let from = self.pieces[start].range.end;
        self.invalid(from..self.last_end().max(from))
    }

    fn block(&mut self, kind: Spanned<String>) -> Read<Block> {
        let mut labels: Vec<Spanned<String>> = Vec::new();
        let open = loop {
            match self.peek() {
                Token::Sign("{") => break self.next().range,
                Token::Word => labels.push(self.name()),
                Token::OpenQuote => labels.push(self.label()?),
                Token::Newline | Token::End => {
                    let message = format!("the block `{}` needs its `{{` on this line", kind.value);
                    return Err(self.fault(kind.span.range(), message));
                }
                Token::Sign("=") => {
                    return Err(self.fault_here("an argument has one word before its `=`, a block has no `=`"));
                }
                _ => return Err(self.fault_here("a label in quotes or the `{` of the block has to stand here")),
            }
        };
        let header = labels.last().map_or(kind.span, |last| kind.span.to(last.span));
        let body = self.deeper(|parser| parser.newlines(false, |parser| parser.braces(open)))?;
        let span = self.span(kind.span.range().start..self.last_end());
        if !matches!(self.peek(), Token::Newline | Token::End) && !self.heads_file_block(self.at) {
            self.fault_here("a block ends its line; start a new one behind its `}`");
            let start = self.at;
            self.skip_item(start);
        }
        Ok(Block { kind, labels, body, header, span })
    }

    /// What the braces of a block hold, and the closing one.
    fn braces(&mut self, open: Range<usize>) -> Read<Body> {
        if !matches!(self.peek(), Token::Newline | Token::End | Token::Sign("}")) {
            return self.one_line(open);
        }
        let (mut items, file_block) = self.items();
        let end = self.peek_range().start;
        if self.peek() == Token::Sign("}") {
            self.next();
        } else if let Some((at, count, found)) = file_block {
            // The end of the file came first, and the head of another block stands in this one: it ends there.
            self.unbalanced = true;
            self.at = at;
            items.truncate(count);
            self.found.truncate(found);
            self.fault(open.clone(), "this `{` is never closed");
        } else {
            self.fault(open.clone(), "this `{` is never closed");
        }
        let end = end.min(self.peek_range().start.max(open.end));
        Ok(Body { items, span: self.span(open.end..end) })
    }

    /// `name = value }`
    fn one_line(&mut self, open: Range<usize>) -> Read<Body> {
        if self.peek() != Token::Word {
            return Err(self.fault_here("an argument has to start here"));
        }
        let name = self.name();
        if self.peek() != Token::Sign("=") {
            return Err(self.fault(name.span.range(), "a block on one line holds one `name = value`"));
        }
        let attribute = self.attribute(name);
        let end = self.peek_range();
        if !self.take("}") {
            let message = match self.peek() {
                Token::End => return Err(self.fault(open, "this `{` is never closed")),
                Token::Newline => "a block that starts with an argument on its line ends on that line",
                _ => "a block on one line holds one argument and no comma",
            };
            return Err(self.fault(end, message));
        }
        Ok(Body { items: vec![Item::Attribute(attribute)], span: self.span(open.end..end.start) })
    }

    /// A label in quotes.
    fn label(&mut self) -> Read<Spanned<String>> {
        let open = self.next().range;
        let mut label = String::new();
        loop {
            let piece = self.next();
            match piece.token {
                Token::QuotedText => label.push_str(&self.decode(piece.range, true)),
                Token::CloseQuote => return Ok(Spanned::new(label, self.span(open.start..piece.range.end))),
                _ => return Err(self.fault(piece.range, "a label is plain text; nothing can be filled in")),
            }
        }
    }

    pub(super) fn decode(&mut self, range: Range<usize>, quoted: bool) -> String {
        let mut faults = Vec::new();
        let text = literal::decode(&self.text[range.clone()], quoted, &mut faults);
        for (place, message) in faults {
            self.fault(range.start + place.start..range.start + place.end, message);
        }
        text
    }
}

fn closes(closer: Token, opener: Token) -> bool {
    match closer {
        Token::Sign("}") => opener == Token::Sign("{"),
        Token::Sign("]") => opener == Token::Sign("["),
        Token::Sign(")") => opener == Token::Sign("("),
        Token::CloseQuote => opener == Token::OpenQuote,
        Token::CloseHeredoc => opener == Token::OpenHeredoc,
        Token::SequenceEnd => matches!(opener, Token::Interpolation | Token::Directive),
        _ => false,
    }
}
