//! Expressions: operators by precedence, then terms and the steps behind them.

use std::ops::Range;

use diagnostic::Spanned;

use super::scan::Token;
use super::{
    BinaryOperator, Expression, For, ForResult, Kind, MAX_NESTING, ObjectItem, Parser, Read, Step, UnaryOperator,
};

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Read<Expression> {
        self.deeper(|parser| {
            let condition = parser.binary(1)?;
            if !parser.take("?") {
                return Ok(condition);
            }
            let height = parser.height;
            let yes = parser.expression()?;
            let height = height.max(parser.height);
            if !parser.take(":") {
                return Err(parser.fault_here("a `?` needs a `:` and what to take otherwise"));
            }
            let no = parser.expression()?;
            parser.height = height.max(parser.height);
            let range = start(&condition)..end(&no);
            let (condition, yes, no) = (Box::new(condition), Box::new(yes), Box::new(no));
            parser.made(Kind::Conditional { condition, yes, no }, range)
        })
    }

    /// An expression one level higher than the one that was read last.
    pub(super) fn made(&mut self, kind: Kind, range: Range<usize>) -> Read<Expression> {
        self.height += 1;
        if self.height > MAX_NESTING {
            return Err(self.too_deep(range));
        }
        Ok(Expression { kind, span: self.span(range) })
    }

    fn leaf(&mut self, kind: Kind, range: Range<usize>) -> Expression {
        self.height = 1;
        Expression { kind, span: self.span(range) }
    }

    fn binary(&mut self, least: u8) -> Read<Expression> {
        let mut left = self.unary()?;
        while let Token::Sign(sign) = self.peek()
            && let Some((operator, precedence)) = operator(sign)
            && precedence >= least
        {
            let height = self.height;
            let range = self.next().range;
            let right = self.binary(precedence + 1)?;
            self.height = self.height.max(height);
            let whole = start(&left)..end(&right);
            let operator = Spanned::new(operator, self.span(range));
            left = self.made(Kind::Binary(Box::new(left), operator, Box::new(right)), whole)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Read<Expression> {
        let operator = match self.peek() {
            Token::Sign("-") => UnaryOperator::Negate,
            Token::Sign("!") => UnaryOperator::Not,
            _ => {
                let term = self.term()?;
                return self.steps(term);
            }
        };
        let range = self.next().range;
        let of = self.deeper(Self::unary)?;
        let whole = range.start..end(&of);
        self.made(Kind::Unary(Spanned::new(operator, self.span(range)), Box::new(of)), whole)
    }

    fn steps(&mut self, mut of: Expression) -> Read<Expression> {
        loop {
            let from = start(&of);
            match self.peek() {
                Token::Sign(".") => {
                    let dot = self.next().range;
                    if self.peek() == Token::Sign("*") {
                        let marker = dot.start..self.next().range.end;
                        let height = self.height;
                        let mut each = self.leaf(Kind::Element, marker.clone());
                        while self.take(".") {
                            if self.peek() == Token::Sign("*") {
                                return Err(self.fault_here("a `.*` cannot follow another; write `[*]` for both"));
                            }
                            each = self.dotted(each)?;
                        }
                        of = self.splat(of, height, each, marker)?;
                    } else {
                        of = self.dotted(of)?;
                    }
                }
                Token::Sign("[") => {
                    let open = self.next().range;
                    if self.take("*") {
                        let close = self.peek_range();
                        if !self.take("]") {
                            return Err(self.fault(close, "a `]` has to follow `[*`"));
                        }
                        let marker = open.start..close.end;
                        let height = self.height;
                        let element = self.leaf(Kind::Element, marker.clone());
                        let each = self.deeper(|parser| parser.steps(element))?;
                        of = self.splat(of, height, each, marker)?;
                    } else {
                        let height = self.height;
                        let key = self.newlines(true, |parser| {
                            let key = parser.expression()?;
                            if parser.take("]") { Ok(key) } else { Err(parser.unclosed(&open, "[", "]")) }
                        })?;
                        self.height = self.height.max(height);
                        let range = from..self.last_end();
                        of = self.made(Kind::Access(Box::new(of), Box::new(Step::Index(key))), range)?;
                    }
                }
                _ => return Ok(of),
            }
        }
    }

    fn splat(&mut self, of: Expression, height: usize, each: Expression, marker: Range<usize>) -> Read<Expression> {
        self.height = self.height.max(height);
        let range = start(&of)..end(&each);
        let marker = self.span(marker);
        self.made(Kind::Splat { of: Box::new(of), each: Box::new(each), marker }, range)
    }

    /// `name` or `0` behind a dot.
    fn dotted(&mut self, of: Expression) -> Read<Expression> {
        let step = match self.peek() {
            Token::Word => Step::Attribute(self.name()),
            Token::Number => {
                let range = self.peek_range();
                if let Some((first, second)) = self.text[range.clone()].split_once('.') {
                    let message = format!("two indexes cannot be chained with dots; write `[{first}][{second}]`");
                    return Err(self.fault(range, message));
                }
                self.next();
                let height = self.height;
                let number = self.number(range)?;
                self.height = height;
                Step::Index(number)
            }
            _ => return Err(self.fault_here("a name has to follow the dot")),
        };
        let range = start(&of)..self.last_end();
        self.made(Kind::Access(Box::new(of), Box::new(step)), range)
    }

    fn number(&mut self, range: Range<usize>) -> Read<Expression> {
        let written = &self.text[range.clone()];
        if written.parse::<f64>().is_err() {
            return Err(self.fault(range, format!("`{written}` is no number")));
        }
        Ok(self.leaf(Kind::Number(written.to_owned()), range))
    }

    /// What was opened at `open` is not closed by what stands here.
    fn unclosed(&mut self, open: &Range<usize>, opener: &str, closer: &str) -> super::Broken {
        match self.peek() {
            Token::End | Token::Sign("}" | "]" | ")") | Token::SequenceEnd | Token::CloseQuote => {
                self.fault(open.clone(), format!("this `{opener}` is never closed"))
            }
            _ => self.fault_here(format!("`{closer}` or the next part of the expression has to stand here")),
        }
    }

    fn term(&mut self) -> Read<Expression> {
        let range = self.peek_range();
        match self.peek() {
            Token::Sign("(") => {
                self.next();
                let inner = self.newlines(true, |parser| {
                    let inner = parser.expression()?;
                    if parser.take(")") { Ok(inner) } else { Err(parser.unclosed(&range, "(", ")")) }
                })?;
                let whole = range.start..self.last_end();
                self.made(Kind::Parentheses(Box::new(inner)), whole)
            }
            Token::Number => {
                self.next();
                self.number(range)
            }
            Token::Word => {
                let name = self.name();
                if matches!(self.peek(), Token::Sign("(" | "::")) {
                    return self.call(name);
                }
                let kind = match name.value.as_str() {
                    "true" => Kind::Bool(true),
                    "false" => Kind::Bool(false),
                    "null" => Kind::Null,
                    _ => Kind::Variable(name.value),
                };
                Ok(self.leaf(kind, range))
            }
            Token::OpenQuote => {
                self.next();
                self.template(Token::CloseQuote, range.start, false)
            }
            Token::OpenHeredoc => {
                self.next();
                let indented = self.text[range.clone()].starts_with("<<-");
                self.template(Token::CloseHeredoc, range.start, indented)
            }
            Token::Sign("[") => self.newlines(true, Self::tuple),
            Token::Sign("{") => self.object(),
            Token::End => Err(self.fault_here("the file ends where a value has to stand")),
            Token::Newline => Err(self.fault_here("the line ends where a value has to stand")),
            Token::Sign(sign) => Err(self.fault(range, format!("a value has to stand here, not `{sign}`"))),
            _ => Err(self.fault(range, "a value has to stand here")),
        }
    }

    fn call(&mut self, mut name: Spanned<String>) -> Read<Expression> {
        while self.take("::") {
            if self.peek() != Token::Word {
                return Err(self.fault_here("the name of a function has to follow `::`"));
            }
            let part = self.name();
            name.value = format!("{}::{}", name.value, part.value);
            name.span = name.span.to(part.span);
        }
        let open = self.peek_range();
        if !self.take("(") {
            return Err(self.fault(open, format!("the function `{}` needs its arguments in `(…)`", name.value)));
        }
        let (arguments, expand) = self.newlines(true, |parser| {
            let (mut arguments, mut height) = (Vec::new(), 0);
            loop {
                if parser.take(")") {
                    parser.height = height;
                    return Ok((arguments, false));
                }
                arguments.push(parser.expression()?);
                height = parser.height.max(height);
                parser.height = height;
                if parser.take(")") {
                    return Ok((arguments, false));
                }
                if parser.take("...") {
                    return if parser.take(")") {
                        Ok((arguments, true))
                    } else {
                        Err(parser.fault_here("only `)` can follow `...`"))
                    };
                }
                if !parser.take(",") {
                    return Err(parser.unclosed(&open, "(", ","));
                }
            }
        })?;
        let range = name.span.range().start..self.last_end();
        self.made(Kind::Call { name, arguments, expand }, range)
    }

    fn tuple(&mut self) -> Read<Expression> {
        let open = self.next().range;
        if self.peek_word() == "for" {
            return self.for_expression(&open, "[", "]");
        }
        let (mut elements, mut height) = (Vec::new(), 0);
        while !self.take("]") {
            elements.push(self.expression()?);
            height = self.height.max(height);
            if !self.take(",") && self.peek() != Token::Sign("]") {
                return Err(self.unclosed(&open, "[", ","));
            }
        }
        self.height = height;
        let range = open.start..self.last_end();
        self.made(Kind::Tuple(elements), range)
    }

    fn object(&mut self) -> Read<Expression> {
        let open = self.next().range;
        let is_for = self.newlines(true, |parser| Ok(parser.peek_word() == "for"))?;
        if is_for {
            return self.newlines(true, |parser| parser.for_expression(&open, "{", "}"));
        }
        self.newlines(false, |parser| {
            let (mut items, mut height) = (Vec::new(), 0);
            loop {
                if parser.peek() == Token::Newline {
                    parser.next();
                    continue;
                }
                if parser.take("}") {
                    break;
                }
                if parser.peek() == Token::End {
                    return Err(parser.fault(open.clone(), "this `{` is never closed"));
                }
                let mut key = parser.expression()?;
                height = parser.height.max(height);
                let bare = key.span.range();
                if matches!(key.kind, Kind::Variable(_) | Kind::Null | Kind::Bool(_)) {
                    key.kind = Kind::Text(parser.text[bare].to_owned());
                }
                if !parser.take("=") && !parser.take(":") {
                    return Err(parser.fault_here("a key needs `=` and a value behind it"));
                }
                let value = parser.expression()?;
                height = parser.height.max(height);
                items.push(ObjectItem { key, value });
                if parser.peek() == Token::Newline {
                    parser.next();
                } else if !parser.take(",") && parser.peek() != Token::Sign("}") {
                    return Err(parser.unclosed(&open, "{", ","));
                }
            }
            parser.height = height;
            let range = open.start..parser.last_end();
            parser.made(Kind::Object(items), range)
        })
    }

    /// `key, value in collection`, behind `for`.
    pub(super) fn names_and_collection(&mut self) -> Read<(Option<Spanned<String>>, Spanned<String>, Expression)> {
        let one = |parser: &mut Self| match parser.peek() {
            Token::Word => Ok(parser.name()),
            _ => Err(parser.fault_here("a `for` needs a name for each element")),
        };
        let (mut key, mut value) = (None, one(self)?);
        if self.take(",") {
            key = Some(std::mem::replace(&mut value, one(self)?));
        }
        if self.peek_word() != "in" {
            return Err(self.fault_here("`in` and what to go through have to stand here"));
        }
        self.next();
        Ok((key, value, self.expression()?))
    }

    fn for_expression(&mut self, open: &Range<usize>, opener: &str, closer: &'static str) -> Read<Expression> {
        self.next();
        let (key, value, collection) = self.names_and_collection()?;
        let mut height = self.height;
        if !self.take(":") {
            return Err(self.fault_here("a `:` and what to make of each element have to stand here"));
        }
        let mut first = self.expression()?;
        height = self.height.max(height);
        let mut result_key = None;
        if self.take("=>") {
            result_key = Some(std::mem::replace(&mut first, self.expression()?));
            height = self.height.max(height);
        }
        let dots = self.peek_range();
        let group = self.take("...");
        let mut condition = None;
        if self.peek_word() == "if" {
            self.next();
            condition = Some(self.expression()?);
            height = self.height.max(height);
        }
        if !self.take(closer) {
            return Err(self.unclosed(open, opener, closer));
        }
        let result = match (opener, result_key) {
            ("[", None) if group => return Err(self.fault(dots, "a list cannot gather with `...`; use `{for …}`")),
            ("[", None) => ForResult::Tuple(first),
            ("[", Some(key)) => return Err(self.fault(key.span.range(), "a list has no keys; use `{for …}`")),
            (_, Some(key)) => ForResult::Object { key, value: first, group },
            (_, None) => return Err(self.fault(first.span.range(), "an object needs `key => value`")),
        };
        self.height = height;
        let range = open.start..self.last_end();
        self.made(Kind::For(Box::new(For { key, value, collection, result, condition })), range)
    }
}

fn start(expression: &Expression) -> usize {
    expression.span.range().start
}

fn end(expression: &Expression) -> usize {
    expression.span.range().end
}

/// The operator that `sign` is and how tight it binds.
fn operator(sign: &str) -> Option<(BinaryOperator, u8)> {
    use BinaryOperator as Operator;
    Some(match sign {
        "||" => (Operator::Or, 1),
        "&&" => (Operator::And, 2),
        "==" => (Operator::Equal, 3),
        "!=" => (Operator::NotEqual, 3),
        "<" => (Operator::Less, 4),
        "<=" => (Operator::LessOrEqual, 4),
        ">" => (Operator::Greater, 4),
        ">=" => (Operator::GreaterOrEqual, 4),
        "+" => (Operator::Add, 5),
        "-" => (Operator::Subtract, 5),
        "*" => (Operator::Multiply, 6),
        "/" => (Operator::Divide, 6),
        "%" => (Operator::Modulo, 6),
        _ => return None,
    })
}
