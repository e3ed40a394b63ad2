//! The tree. It keeps what was written, in the order it was written; what it means is decided elsewhere.

use diagnostic::{Span, Spanned};

/// What a file, or the braces of a block, hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Attributes and blocks, in order.
    pub items: Vec<Item>,
    /// The whole file, or what stands between the braces.
    pub span: Span,
}

/// One of the things in a [`Body`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `name = value`
    Attribute(Attribute),
    /// `kind "label" { … }`
    Block(Block),
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// What stands before the equals sign.
    pub name: Spanned<String>,
    /// What stands behind it.
    pub value: Expression,
    /// From the name to the end of the value.
    pub span: Span,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its first word: `resource`.
    pub kind: Spanned<String>,
    /// The labels, decoded; a span includes the quotes.
    pub labels: Vec<Spanned<String>>,
    /// What the braces hold.
    pub body: Body,
    /// From the kind to the last label: the place to show when the block as a whole is meant.
    pub header: Span,
    /// From the kind to the closing brace.
    pub span: Span,
}

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub kind: Kind,
    /// From its first byte to behind its last. A heredoc goes from `<<` to the end of its closing word.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as it was written: `1e3`. In JSON it may have a sign.
    Number(String),
    /// Text without anything to fill in, decoded: quoted, a heredoc, or a literal part of one.
    Text(String),
    /// Text with something to fill in, quoted or a heredoc. A single [`Segment::Interpolation`] and nothing else is
    /// not text: its value is passed on as it is.
    Template(Vec<Segment>),
    /// `[a, b]`
    Tuple(Vec<Expression>),
    /// `{ a = b }`; keys may repeat, the last one counts.
    Object(Vec<ObjectItem>),
    /// `[for …]`, `{for …}`
    For(Box<For>),
    /// A name at the head of a reference: `var`, `local`, `each`, `aws_instance`.
    Variable(String),
    /// `of.name`, `of[key]`, `of.0`: one step from a value to a part of it.
    Access(Box<Expression>, Box<Step>),
    /// `of.*` or `of[*]` with the steps behind it that are taken for each element. They are an expression in which
    /// [`Kind::Element`] stands for the element.
    Splat {
        /// The list, or the one value.
        of: Box<Expression>,
        /// What is made of each element.
        each: Box<Expression>,
        /// The place of `.*` or `[*]`.
        marker: Span,
    },
    /// The element that the nearest [`Kind::Splat`] is at.
    Element,
    /// `name(argument, …)`
    Call {
        /// The function, with its namespace: `provider::x::y`.
        name: Spanned<String>,
        /// The arguments.
        arguments: Vec<Expression>,
        /// Whether the last argument is followed by `...`.
        expand: bool,
    },
    /// `condition ? yes : no`
    Conditional {
        /// Before `?`.
        condition: Box<Expression>,
        /// Behind `?`.
        yes: Box<Expression>,
        /// Behind `:`.
        no: Box<Expression>,
    },
    /// `left + right`
    Binary(Box<Expression>, Spanned<BinaryOperator>, Box<Expression>),
    /// `-of`, `!of`
    Unary(Spanned<UnaryOperator>, Box<Expression>),
    /// `(of)`
    Parentheses(Box<Expression>),
    /// What could not be read; the parser has said so. Its value is unknown.
    Invalid,
}

/// `key = value` or `key : value` in an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectItem {
    /// The key. A bare word is [`Kind::Text`]; a reference must be in parentheses, and then it is
    /// [`Kind::Parentheses`].
    pub key: Expression,
    /// The value.
    pub value: Expression,
}

/// A step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`
    Attribute(Spanned<String>),
    /// `[key]`, and `.0`, whose key is a number.
    Index(Expression),
}

/// `[for key, value in collection : result if condition]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct For {
    /// The first of two names.
    pub key: Option<Spanned<String>>,
    /// The only name, or the second.
    pub value: Spanned<String>,
    /// What is gone through.
    pub collection: Expression,
    /// What is made for each element.
    pub result: ForResult,
    /// Behind `if`.
    pub condition: Option<Expression>,
}

/// What a `for` makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForResult {
    /// `[for … : element]`
    Tuple(Expression),
    /// `{for … : key => value}`; with `...` behind the value, the values of one key are gathered.
    Object {
        /// Before `=>`.
        key: Expression,
        /// Behind it.
        value: Expression,
        /// Whether `...` follows.
        group: bool,
    },
}

/// Which white space an interpolation or a directive takes away: `~` at its start, at its end. The parser has already
/// taken it out of the neighbouring literals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// `${~`
    pub before: bool,
    /// `~}`
    pub behind: bool,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Decoded text; the span is of what was written for it.
    Literal(Spanned<String>),
    /// `${value}`
    Interpolation {
        /// What is filled in.
        value: Expression,
        /// Its `~`.
        strip: Strip,
        /// From `${` to `}`.
        span: Span,
    },
    /// `%{ if condition }…%{ else }…%{ endif }`
    If {
        /// Behind `if`.
        condition: Expression,
        /// Up to `else` or `endif`.
        yes: Vec<Segment>,
        /// From `else`, if there is one.
        no: Vec<Segment>,
        /// From the first `%{` to the last `}`.
        span: Span,
    },
    /// `%{ for key, value in collection }…%{ endfor }`
    For {
        /// The first of two names.
        key: Option<Spanned<String>>,
        /// The only name, or the second.
        value: Spanned<String>,
        /// What is gone through.
        collection: Expression,
        /// What is repeated.
        body: Vec<Segment>,
        /// From the first `%{` to the last `}`.
        span: Span,
    },
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}

/// Operators before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

impl Expression {
    /// Calls `visit` with this expression and with every one in it, outer ones first.
    pub fn walk<'e>(&'e self, visit: &mut impl FnMut(&'e Expression)) {
        visit(self);
        match &self.kind {
            Kind::Template(segments) => walk_segments(segments, visit),
            Kind::Tuple(items) => items.iter().for_each(|item| item.walk(visit)),
            Kind::Object(items) => {
                for item in items {
                    item.key.walk(visit);
                    item.value.walk(visit);
                }
            }
            Kind::For(of) => {
                of.collection.walk(visit);
                match &of.result {
                    ForResult::Tuple(element) => element.walk(visit),
                    ForResult::Object { key, value, .. } => {
                        key.walk(visit);
                        value.walk(visit);
                    }
                }
                of.condition.iter().for_each(|condition| condition.walk(visit));
            }
            Kind::Access(of, step) => {
                of.walk(visit);
                if let Step::Index(key) = step.as_ref() {
                    key.walk(visit);
                }
            }
            Kind::Splat { of, each, .. } => {
                of.walk(visit);
                each.walk(visit);
            }
            Kind::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.walk(visit)),
            Kind::Conditional { condition, yes, no } => {
                [condition, yes, no].into_iter().for_each(|part| part.walk(visit));
            }
            Kind::Binary(left, _, right) => [left, right].into_iter().for_each(|part| part.walk(visit)),
            Kind::Unary(_, of) | Kind::Parentheses(of) => of.walk(visit),
            Kind::Null
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Variable(_)
            | Kind::Element
            | Kind::Invalid => {}
        }
    }
}

fn walk_segments<'e>(segments: &'e [Segment], visit: &mut impl FnMut(&'e Expression)) {
    for segment in segments {
        match segment {
            Segment::Literal(_) => {}
            Segment::Interpolation { value, .. } => value.walk(visit),
            Segment::If { condition, yes, no, .. } => {
                condition.walk(visit);
                walk_segments(yes, visit);
                walk_segments(no, visit);
            }
            Segment::For { collection, body, .. } => {
                collection.walk(visit);
                walk_segments(body, visit);
            }
        }
    }
}
