//! Text with something to fill in: in quotes, as a heredoc, or a whole file.

use std::ops::Range;

use diagnostic::Spanned;

use super::scan::Token;
use super::{Expression, Kind, MAX_NESTING, Parser, Read, Segment, Strip};

/// A template before its directives are matched.
enum Part {
    Literal { text: String, range: Range<usize> },
    Interpolation { value: Expression, strip: Strip, range: Range<usize> },
    Open(Open, Range<usize>),
    Else(Range<usize>),
    End(&'static str, Range<usize>),
}

enum Open {
    If { condition: Expression },
    For { key: Option<Spanned<String>>, value: Spanned<String>, collection: Expression },
}

/// A directive that waits for its end.
struct Waiting {
    open: Open,
    range: Range<usize>,
    yes: Option<Vec<Segment>>,
    /// What stood before it.
    outer: Vec<Segment>,
}

impl Parser<'_> {
    /// The rest of a template that started at `start`, up to `closer`. `indented` is for `<<-`.
    pub(super) fn template(&mut self, closer: Token, start: usize, indented: bool) -> Read<Expression> {
        let (mut parts, height) = self.parts(closer)?;
        self.height = height;
        let end = self.last_end();
        let end = start + self.text[start..end].trim_end().len();
        let range = if closer == Token::End { 0..self.text.len() } else { start..end.max(start) };
        if indented {
            take_indentation(&mut parts);
        }
        let segments = self.tree(parts)?;
        if segments.iter().all(|segment| matches!(segment, Segment::Literal(_))) {
            let text = segments.into_iter().map(|segment| match segment {
                Segment::Literal(literal) => literal.value,
                _ => String::new(),
            });
            return self.made(Kind::Text(text.collect()), range);
        }
        self.made(Kind::Template(segments), range)
    }

    fn parts(&mut self, closer: Token) -> Read<(Vec<Part>, usize)> {
        let (mut parts, mut height) = (Vec::new(), 0);
        let (mut trim_next, mut behind_literal) = (false, false);
        loop {
            let piece = self.newlines(false, |parser| Ok(parser.next()))?;
            let range = piece.range;
            let trims = std::mem::take(&mut trim_next);
            let literal_before = std::mem::take(&mut behind_literal);
            if matches!(piece.token, Token::Interpolation | Token::Directive)
                && literal_before
                && self.text[range.clone()].ends_with('~')
                && let Some(Part::Literal { text, .. }) = parts.last_mut()
            {
                text.truncate(text.trim_end().len());
            }
            match piece.token {
                token if token == closer => return Ok((parts, height)),
                Token::QuotedText | Token::PlainText => {
                    let mut text = self.decode(range.clone(), piece.token == Token::QuotedText);
                    if trims {
                        text = text.trim_start().to_owned();
                    }
                    parts.push(Part::Literal { text, range });
                    behind_literal = true;
                }
                Token::Interpolation => {
                    self.height = 0;
                    let value = self.newlines(true, Self::expression)?;
                    height = self.height.max(height);
                    let (end, behind) = self.sequence_end("${", &range)?;
                    trim_next = behind;
                    let strip = Strip { before: self.text[range.clone()].ends_with('~'), behind };
                    parts.push(Part::Interpolation { value, strip, range: range.start..end });
                }
                Token::Directive => {
                    self.height = 0;
                    let part = self.newlines(true, |parser| parser.directive(range.clone()))?;
                    height = self.height.max(height);
                    let (end, behind) = self.sequence_end("%{", &range)?;
                    trim_next = behind;
                    parts.push(match part {
                        Part::Open(open, range) => Part::Open(open, range.start..end),
                        Part::Else(range) => Part::Else(range.start..end),
                        Part::End(word, range) => Part::End(word, range.start..end),
                        literal => literal,
                    });
                }
                _ => return Err(self.fault(range, "the text ends here")),
            }
        }
    }

    /// The `}` of what was opened at `open`: where it ends, and whether it is `~}`.
    fn sequence_end(&mut self, opener: &str, open: &Range<usize>) -> Read<(usize, bool)> {
        let (token, range) = self.newlines(true, |parser| Ok((parser.peek(), parser.peek_range())))?;
        if token != Token::SequenceEnd {
            return Err(match token {
                Token::End => self.fault(open.clone(), format!("this `{opener}` is never closed")),
                _ => {
                    let sign = &opener[..1];
                    let message =
                        format!("the `}}` of `{opener}` has to stand here; a literal one is `{sign}{opener}`");
                    self.fault(range, message)
                }
            });
        }
        self.newlines(true, |parser| Ok(parser.next()))?;
        Ok((range.end, self.text[range].starts_with('~')))
    }

    fn directive(&mut self, range: Range<usize>) -> Read<Part> {
        let word = self.peek_word();
        if !["if", "else", "endif", "for", "endfor"].contains(&word) {
            return Err(self.fault_here(
                "`if`, `else`, `endif`, `for` or `endfor` has to follow `%{`; for a literal `%{` write `%%{`",
            ));
        }
        self.next();
        Ok(match word {
            "if" => Part::Open(Open::If { condition: self.expression()? }, range),
            "for" => {
                let (key, value, collection) = self.names_and_collection()?;
                Part::Open(Open::For { key, value, collection }, range)
            }
            "else" => Part::Else(range),
            "endif" => Part::End("endif", range),
            _ => Part::End("endfor", range),
        })
    }

    /// Puts the parts between a directive and its end into it.
    fn tree(&mut self, parts: Vec<Part>) -> Read<Vec<Segment>> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut deepest = 0;
        for part in parts {
            match part {
                Part::Literal { text, range } => match segments.last_mut() {
                    Some(Segment::Literal(literal)) => {
                        literal.value.push_str(&text);
                        literal.span = literal.span.to(self.span(range));
                    }
                    _ => segments.push(Segment::Literal(Spanned::new(text, self.span(range)))),
                },
                Part::Interpolation { value, strip, range } => {
                    segments.push(Segment::Interpolation { value, strip, span: self.span(range) });
                }
                Part::Open(open, range) => {
                    if waiting.len() >= MAX_NESTING - self.depth.min(MAX_NESTING) {
                        return Err(self.too_deep(range));
                    }
                    waiting.push(Waiting { open, range, yes: None, outer: std::mem::take(&mut segments) });
                    deepest = deepest.max(waiting.len());
                }
                Part::Else(range) => match waiting.last_mut() {
                    Some(Waiting { open: Open::If { .. }, yes: yes @ None, .. }) => {
                        *yes = Some(std::mem::take(&mut segments));
                    }
                    _ => return Err(self.fault(range, "this `else` belongs to no `if`")),
                },
                Part::End(word, range) => {
                    let Some(Waiting { open, range: opened, yes, outer }) = waiting.pop() else {
                        return Err(self.fault(range, format!("this `{word}` ends nothing")));
                    };
                    let inner = std::mem::replace(&mut segments, outer);
                    let span = self.span(opened.start..range.end);
                    segments.push(match (open, word) {
                        (Open::If { condition }, "endif") => {
                            let (yes, no) = match yes {
                                Some(yes) => (yes, inner),
                                None => (inner, Vec::new()),
                            };
                            Segment::If { condition, yes, no, span }
                        }
                        (Open::For { key, value, collection }, "endfor") => {
                            Segment::For { key, value, collection, body: inner, span }
                        }
                        _ => return Err(self.fault(range, format!("this `{word}` ends something else"))),
                    });
                }
            }
        }
        self.height += deepest;
        match waiting.pop() {
            None => Ok(segments),
            Some(Waiting { open: Open::If { .. }, range, .. }) => Err(self.fault(range, "this `if` has no `endif`")),
            Some(Waiting { range, .. }) => Err(self.fault(range, "this `for` has no `endfor`")),
        }
    }
}

/// Takes the white space away that all lines of a `<<-` heredoc start with. It is counted in what is written, not in
/// what is filled in; a line of blanks does not count.
fn take_indentation(parts: &mut [Part]) {
    let (mut least, mut line_start) = (usize::MAX, true);
    let mut starts = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let Part::Literal { text, .. } = part else {
            if std::mem::take(&mut line_start) {
                least = 0;
            }
            continue;
        };
        if std::mem::take(&mut line_start) {
            let blanks = text.chars().take_while(|character| character.is_whitespace()).count();
            if !(text.trim().is_empty() && text.ends_with('\n')) {
                least = least.min(blanks);
                starts.push(index);
            }
        }
        line_start = text.ends_with('\n');
    }
    for index in starts {
        if let Part::Literal { text, .. } = &mut parts[index] {
            *text = text.chars().skip(least).collect();
        }
    }
}
