//! Text → tokens, as OpenTofu divides it. The parser, the comments and the layout all start from them.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A character or several that stand for themselves: `[`, `==`, `...`.
    Sign(&'static str),
    Word,
    Number,
    /// `#` and `//` take their line break with them.
    Comment,
    Newline,
    OpenQuote,
    CloseQuote,
    /// `<<EOT` with its line break.
    OpenHeredoc,
    /// The line of the closing word, without its line break.
    CloseHeredoc,
    QuotedText,
    /// Text in a heredoc or a bare template; at most a line.
    PlainText,
    /// `${`, `${~`
    Interpolation,
    /// `%{`, `%{~`
    Directive,
    /// `}`, `~}` at the end of one of the two.
    SequenceEnd,
    /// What no token starts with.
    Invalid,
    End,
}

/// Something that can't be told by the tokens alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Comment(Range<usize>),
    Quote(Range<usize>),
    Sequence(Range<usize>),
    Heredoc(Range<usize>),
}

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) token: Token,
    pub(super) range: Range<usize>,
}

/// What the scanner is inside of.
enum Frame<'t> {
    Code { braces: usize, open: Range<usize>, line: usize },
    Quoted { open: Range<usize>, line: usize },
    Heredoc { marker: &'t str, line_start: bool, open: Range<usize> },
    Bare,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    frames: Vec<Frame<'t>>,
    pieces: Vec<Piece>,
    faults: Vec<Fault>,
    no_more_comment_ends: bool,
}

/// Two and three characters before one: the longest wins.
const SIGNS: &[&str] = &[
    "...", "==", "!=", ">=", "<=", "&&", "||", "::", "=>", "[", "]", "(", ")", ".", ",", "*", "/", "%", "+", "-", "=",
    "<", ">", "!", "?", ":", "&", "|", "~", "^", ";", "`", "'",
];

/// The tokens of `text`, [`Token::End`] last. What is never closed is closed by tokens without length, and told.
pub(super) fn scan(text: &str, template: bool) -> (Vec<Piece>, Vec<Fault>) {
    let mut scanner = Scanner {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        line: 0,
        frames: if template { vec![Frame::Bare] } else { Vec::new() },
        pieces: Vec::with_capacity(text.len() / 4),
        faults: Vec::new(),
        no_more_comment_ends: false,
    };
    while scanner.at < text.len() {
        match scanner.frames.last() {
            None | Some(Frame::Code { .. }) => scanner.code(),
            Some(Frame::Quoted { .. }) => scanner.quoted(),
            Some(Frame::Heredoc { .. } | Frame::Bare) => scanner.plain(),
        }
    }
    scanner.close_from(0);
    scanner.push(Token::End, 0);
    (scanner.pieces, scanner.faults)
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn push(&mut self, token: Token, length: usize) -> Range<usize> {
        let range = self.at..self.at + length;
        self.at = range.end;
        self.pieces.push(Piece { token, range: range.clone() });
        range
    }

    fn code(&mut self) {
        let rest = self.rest();
        let first = rest.chars().next().expect("the text has not ended");
        match first {
            ' ' | '\t' => self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len(),
            '\n' => self.newline(1),
            '\r' if rest.starts_with("\r\n") => self.newline(2),
            '0'..='9' => {
                self.push(Token::Number, number(rest));
            }
            '#' => self.line_comment(),
            '/' if rest.starts_with("//") => self.line_comment(),
            '/' if rest.starts_with("/*") => self.block_comment(),
            '"' => {
                let open = self.push(Token::OpenQuote, 1);
                self.frames.push(Frame::Quoted { open, line: self.line });
            }
            '<' if heredoc(rest).is_some() => self.open_heredoc(),
            '{' => {
                if let Some(Frame::Code { braces, .. }) = self.frames.last_mut() {
                    *braces += 1;
                }
                self.push(Token::Sign("{"), 1);
            }
            '}' => self.close_brace(1),
            '~' if rest.starts_with("~}") => self.close_brace(2),
            _ => {
                let length = word(rest);
                if length > 0 {
                    self.push(Token::Word, length);
                } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                    self.push(Token::Sign(sign), sign.len());
                } else {
                    self.push(Token::Invalid, first.len_utf8());
                }
            }
        }
    }

    fn newline(&mut self, length: usize) {
        self.push(Token::Newline, length);
        self.line += 1;
    }

    fn line_comment(&mut self) {
        let length = self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
        self.push(Token::Comment, length);
        self.line += 1;
    }

    fn block_comment(&mut self) {
        let end = if self.no_more_comment_ends { None } else { self.rest()[2..].find("*/") };
        if let Some(end) = end {
            self.line += self.rest()[..end + 4].bytes().filter(|byte| *byte == b'\n').count();
            self.push(Token::Comment, end + 4);
        } else {
            self.no_more_comment_ends = true;
            self.faults.push(Fault::Comment(self.at..self.at + 2));
            let length = self.rest().find('\n').unwrap_or(self.rest().len());
            self.push(Token::Comment, length);
        }
    }

    fn close_brace(&mut self, length: usize) {
        match self.frames.last_mut() {
            Some(Frame::Code { braces: 0, .. }) => {
                self.frames.pop();
                self.push(Token::SequenceEnd, length);
            }
            Some(Frame::Code { braces, .. }) => {
                *braces -= 1;
                self.push(if length == 1 { Token::Sign("}") } else { Token::SequenceEnd }, length);
            }
            _ => {
                self.push(if length == 1 { Token::Sign("}") } else { Token::SequenceEnd }, length);
            }
        }
    }

    fn open_heredoc(&mut self) {
        let (marker, length) = heredoc(self.rest()).expect("the caller has looked");
        let open = self.at..self.at + self.rest().find('\n').unwrap_or(length);
        self.push(Token::OpenHeredoc, length);
        self.line += 1;
        self.frames.push(Frame::Heredoc { marker, line_start: true, open });
    }

    fn open_sequence(&mut self) -> bool {
        let rest = self.rest();
        let token = if rest.starts_with("${") {
            Token::Interpolation
        } else if rest.starts_with("%{") {
            Token::Directive
        } else {
            return false;
        };
        if let Some(Frame::Heredoc { line_start, .. }) = self.frames.last_mut() {
            *line_start = false;
        }
        let open = self.push(token, if rest[2..].starts_with('~') { 3 } else { 2 });
        self.frames.push(Frame::Code { braces: 0, open, line: self.line });
        true
    }

    fn quoted(&mut self) {
        let rest = self.rest();
        if self.open_sequence() {
            return;
        }
        match rest.as_bytes()[0] {
            b'"' => {
                self.frames.pop();
                self.push(Token::CloseQuote, 1);
            }
            // A quoted text never goes over a line's end, so the quote that is missing is missed here, and everything
            // that was opened on this line ends with it.
            b'\n' | b'\r' => {
                let same_line = |frame: &Frame<'_>| match frame {
                    Frame::Code { line, .. } | Frame::Quoted { line, .. } => *line == self.line,
                    Frame::Heredoc { .. } | Frame::Bare => false,
                };
                let keep = self.frames.iter().rposition(|frame| !same_line(frame)).map_or(0, |last| last + 1);
                self.close_from(keep.min(self.frames.len() - 1));
                if rest.starts_with('\r') && !rest.starts_with("\r\n") {
                    self.at += 1;
                }
            }
            b'$' | b'%' => {
                self.push(Token::QuotedText, special(rest));
            }
            _ => {
                let mut length = 0;
                let mut characters = rest.char_indices();
                while let Some((at, character)) = characters.next() {
                    if matches!(character, '"' | '$' | '%' | '\n' | '\r') {
                        break;
                    }
                    length = at + character.len_utf8();
                    if character == '\\' {
                        match characters.next() {
                            Some((at, next)) if !matches!(next, '\n' | '\r') => length = at + next.len_utf8(),
                            _ => break,
                        }
                    }
                }
                self.push(Token::QuotedText, length);
            }
        }
    }

    fn plain(&mut self) {
        if self.open_sequence() {
            return;
        }
        let rest = self.rest();
        let mut length = match rest.as_bytes()[0] {
            b'$' | b'%' => special(rest),
            _ => rest.find(['$', '%', '\n']).unwrap_or(rest.len()),
        };
        let ends_line = rest[length..].starts_with('\n') || rest[length..].starts_with("\r\n");
        if ends_line {
            length += if rest[length..].starts_with('\n') { 1 } else { 2 };
            self.line += 1;
        }
        if let Some(Frame::Heredoc { marker, line_start, .. }) = self.frames.last_mut() {
            let line = &rest[..length];
            if ends_line && *line_start && line.trim() == *marker {
                let newline = if line.ends_with("\r\n") { 2 } else { 1 };
                self.frames.pop();
                self.push(Token::CloseHeredoc, length - newline);
                self.push(Token::Newline, newline);
                return;
            }
            *line_start = ends_line;
        }
        self.push(Token::PlainText, length);
    }

    /// Closes every frame from number `keep` on; the innermost is what a person forgot to close.
    fn close_from(&mut self, keep: usize) {
        let mut told = false;
        while self.frames.len() > keep {
            let (token, fault) = match self.frames.pop().expect("there are more frames than are kept") {
                Frame::Bare => continue,
                Frame::Code { open, .. } => (Token::SequenceEnd, Fault::Sequence(open)),
                Frame::Quoted { open, .. } => (Token::CloseQuote, Fault::Quote(open)),
                Frame::Heredoc { open, .. } => (Token::CloseHeredoc, Fault::Heredoc(open)),
            };
            // In `"${a"` the last quote is meant to close the first: the sequence between them is what is open.
            let closes_outer = matches!((&fault, self.frames.last()), (Fault::Quote(open), Some(Frame::Code { .. }))
                if open.end == self.at);
            if !told && !closes_outer {
                self.faults.push(fault);
                told = true;
            }
            self.push(token, 0);
        }
    }
}

/// The length of `$`, `$${`, `$${~` and the same with `%`.
fn special(rest: &str) -> usize {
    let escaped = rest.starts_with("$${") || rest.starts_with("%%{");
    match escaped {
        true if rest[3..].starts_with('~') => 4,
        true => 3,
        false => 1,
    }
}

/// The closing word and the length up to the line break, if a heredoc starts here.
fn heredoc(rest: &str) -> Option<(&str, usize)> {
    let behind = rest.strip_prefix("<<")?;
    let behind = behind.strip_prefix('-').unwrap_or(behind);
    let length = word(behind);
    let newline = match &behind[length..] {
        line if line.starts_with('\n') => 1,
        line if line.starts_with("\r\n") => 2,
        _ => return None,
    };
    (length > 0).then(|| (&behind[..length], rest.len() - behind.len() + length + newline))
}

/// The length of the word that `rest` starts with.
fn word(rest: &str) -> usize {
    let mut characters = rest.char_indices();
    match characters.next() {
        Some((_, first)) if first == '_' || unicode_ident::is_xid_start(first) => {}
        _ => return 0,
    }
    characters
        .find(|(_, character)| *character != '-' && !unicode_ident::is_xid_continue(*character))
        .map_or(rest.len(), |(at, _)| at)
}

/// The length of the number that `rest` starts with. It takes in what is no number, such as `1.2.3`.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut at, mut end) = (1, 1);
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => at += 1,
            Some(b'.') => {
                at += 1;
                continue;
            }
            Some(b'e' | b'E') if digit(at + 1) => at += 2,
            Some(b'e' | b'E') if matches!(bytes.get(at + 1), Some(b'+' | b'-')) && digit(at + 2) => at += 3,
            _ => return end,
        }
        end = at;
    }
}
