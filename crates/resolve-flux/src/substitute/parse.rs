//! The expressions of a substitution, read as [`github.com/fluxcd/pkg/envsubst`] reads them.
//!
//! [`github.com/fluxcd/pkg/envsubst`]: https://github.com/fluxcd/pkg/tree/main/envsubst

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text that stays, `$$` read as `$`.
    Text(String),
    /// `${NAME}`, with or without an operation.
    Call(Call),
}

/// `${NAME}`, or `${NAME OPERATION ARGUMENTS}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The variable.
    pub(crate) name: String,
    /// What is done with its value: `:=`, `//`, `^^`; empty for nothing.
    pub(crate) operation: String,
    /// What the operation takes; each a list of pieces.
    pub(crate) arguments: Vec<Vec<Piece>>,
    /// As it is written.
    pub(crate) written: String,
}

/// Why a text is refused, and the expression that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What is wrong with it.
    pub(crate) why: &'static str,
    /// From its `${` on, a line of it.
    pub(crate) written: String,
}

/// The pieces of `text`.
///
/// # Errors
/// An expression in it is none: Flux fails the whole build.
pub(crate) fn parse(text: &str) -> Result<Vec<Piece>, Refused> {
    let mut reader = Reader { text, at: 0 };
    let mut pieces = Vec::new();
    let mut plain = String::new();
    while let Some(next) = reader.peek() {
        if reader.rest().starts_with("${") {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Call(reader.call()?));
        } else {
            let escaped = reader.rest().starts_with("$$");
            reader.at += if escaped { 2 } else { next.len_utf8() };
            plain.push(next);
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes as long as `is_part` holds.
    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|next| !is_part(next)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let is_there = self.rest().starts_with(wanted);
        self.at += if is_there { wanted.len() } else { 0 };
        is_there
    }

    /// What begins with `${` here.
    fn call(&mut self) -> Result<Call, Refused> {
        let start = self.at;
        let refused = |why| Refused { why, written: line(&self.text[start..]) };
        self.at += 2;
        let read = self.inside();
        let mut call = read.map_err(|fault| match fault {
            Fault::Of(why) => refused(why),
            Fault::Inner(refused) => refused,
        })?;
        call.written = self.text[start..self.at].to_owned();
        Ok(call)
    }

    fn inside(&mut self) -> Result<Call, Fault> {
        let is_length = self.eat("#");
        let name = self.take(|next| next.is_alphanumeric() || next == '_').to_owned();
        if name.is_empty() {
            return Err(Fault::Of("no name of a variable stands behind `${`"));
        }
        let mut call = Call { name, operation: String::new(), arguments: Vec::new(), written: String::new() };
        if is_length {
            "#".clone_into(&mut call.operation);
            return self.close(call);
        }
        match self.peek() {
            Some(':') if self.rest()[1..].starts_with(['=', '-', '?', '+']) => self.fallback(call, 2),
            Some(':') => self.part(call),
            Some('=') => self.fallback(call, 1),
            Some(',' | '^') => {
                call.operation = self.operation(|next| matches!(next, ',' | '^'), 2);
                self.close(call)
            }
            Some('/') => self.replacement(call),
            Some(sign @ ('#' | '%')) => {
                call.operation = self.operation(|next| next == sign, 2);
                let pattern = self.argument(|next| next != '}', false)?;
                call.arguments.push(pattern);
                self.close(call)
            }
            Some('}') => self.close(call),
            _ => Err(Fault::Of("the brace is not closed behind the name")),
        }
    }

    /// `${NAME:=word}` and its like: the word may hold further expressions.
    fn fallback(&mut self, mut call: Call, length: usize) -> Result<Call, Fault> {
        call.operation = self.operation(|_| true, length);
        let mut word = Vec::new();
        while !self.rest().starts_with('}') {
            word.extend(self.argument(|next| next != '}', false)?);
        }
        call.arguments.push(word);
        self.close(call)
    }

    /// `${NAME:position}` and `${NAME:position:length}`.
    fn part(&mut self, mut call: Call) -> Result<Call, Fault> {
        call.operation = self.operation(|next| next == ':', 1);
        let position = self.argument(|next| next != ':' && next != '}', false)?;
        call.arguments.push(position);
        if !self.take(|next| next == ':').is_empty() {
            let length = self.argument(|next| next != '}', false)?;
            call.arguments.push(length);
        }
        self.close(call)
    }

    /// `${NAME/old/new}` and its like.
    fn replacement(&mut self, mut call: Call) -> Result<Call, Fault> {
        self.at += 1;
        let kind = self.operation(|next| matches!(next, '/' | '#' | '%'), 1);
        call.operation = format!("/{kind}");
        let old = self.argument(|next| next != '/', true)?;
        call.arguments.push(old);
        if self.take(|next| next == '/').is_empty() {
            return Err(Fault::Of("`/` and the new text are missing"));
        }
        if !self.rest().starts_with('}') {
            let new = self.argument(|next| next != '}', true)?;
            call.arguments.push(new);
        }
        self.close(call)
    }

    /// At most `most` characters that are part of an operation.
    fn operation(&mut self, is_part: impl Fn(char) -> bool, most: usize) -> String {
        let operation: String = self.rest().chars().take(most).take_while(|next| is_part(*next)).collect();
        self.at += operation.len();
        operation
    }

    /// One argument: an expression, or text up to where `is_part` ends or an expression begins.
    fn argument(&mut self, is_part: impl Fn(char) -> bool, has_escapes: bool) -> Result<Vec<Piece>, Fault> {
        if self.rest().starts_with("${") {
            return self.call().map(|call| vec![Piece::Call(call)]).map_err(Fault::Inner);
        }
        let mut text = String::new();
        while let Some(next) = self.peek().filter(|_| !self.rest().starts_with("${")) {
            let is_escape = has_escapes && ["$$", "\\/", "\\\\"].iter().any(|escape| self.rest().starts_with(escape));
            if is_escape {
                text.extend(self.rest()[1..].chars().next());
                self.at += 2;
            } else if is_part(next) {
                text.push(next);
                self.at += next.len_utf8();
            } else {
                break;
            }
        }
        match text.is_empty() {
            true => Err(Fault::Of("a part of the expression is missing")),
            false => Ok(vec![Piece::Text(text)]),
        }
    }

    fn close(&mut self, call: Call) -> Result<Call, Fault> {
        if self.eat("}") { Ok(call) } else { Err(Fault::Of("the brace is not closed")) }
    }
}

enum Fault {
    /// Of the expression that is being read.
    Of(&'static str),
    /// Of one inside it.
    Inner(Refused),
}

/// The expression at the start of `text`, as far as a person recognises it.
fn line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let end = line.find('}').map_or(line.len(), |brace| brace + 1);
    line[..end].chars().take(60).collect()
}
