//! The tree.

use diagnostic::{Span, Spanned};

use super::plain::{self, Plain};

/// One document of a YAML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its content.
    pub root: Node,
    /// The comments in and around it, in the order of the text.
    pub comments: Vec<Comment>,
    /// The line `---` that starts it; zero-width where there is none.
    pub start: Span,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What stands behind the `#`.
    pub text: String,
    /// From the `#` to the end of the line, without the line break.
    pub span: Span,
}

/// A value, wherever it stands: as document, item, key or behind a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub content: Content,
    /// Where it is written, without anchor and tag. An expanded alias has the place of what it stands for;
    /// [`Node::alias`] knows where the alias is.
    pub span: Span,
    /// Anchor, tag and alias, where there is any of them.
    pub properties: Option<Box<Properties>>,
}

/// What is written beside a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// The name behind `&`.
    pub anchor: Option<Spanned<String>>,
    /// The tag, resolved: `tag:yaml.org,2002:str` for `!!str`.
    pub tag: Option<Spanned<String>>,
    /// The name behind `*`, for a node that an alias stands for.
    pub alias: Option<Spanned<String>>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A single value, not interpreted yet.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping in the order written, keys that occur twice included.
    Mapping(Vec<Pair>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The key.
    pub key: Node,
    /// What stands behind it.
    pub value: Node,
}

/// A single value as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, escapes and folding undone.
    pub text: String,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Nothing at all is written: `key:`. The span is zero-width.
    Empty,
    /// Without quotes.
    Plain,
    /// In `'…'`.
    SingleQuoted,
    /// In `"…"`.
    DoubleQuoted,
    /// Below `|`.
    Literal,
    /// Below `>`.
    Folded,
}

impl Scalar {
    /// What the scalar is by YAML 1.2's core schema: only a plain one can be anything but text.
    pub fn plain(&self) -> Plain {
        match self.style {
            Style::Empty => Plain::Null,
            Style::Plain => plain::core(&self.text),
            _ => Plain::Text,
        }
    }
}

impl Node {
    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The pairs, if it is a mapping.
    pub fn mapping(&self) -> Option<&[Pair]> {
        match &self.content {
            Content::Mapping(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// What stands behind `key`, if it is a mapping that has it; of a key that is written twice, the first.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let is_meant = |pair: &&Pair| pair.key.scalar().is_some_and(|scalar| scalar.text == key);
        self.mapping()?.iter().find(is_meant).map(|pair| &pair.value)
    }

    /// The items, if it is a sequence.
    pub fn sequence(&self) -> Option<&[Node]> {
        match &self.content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Whether nothing is written here.
    pub fn is_empty(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.style == Style::Empty)
    }

    /// The tag, resolved.
    pub fn tag(&self) -> Option<&Spanned<String>> {
        self.properties.as_ref()?.tag.as_ref()
    }

    /// The alias that this node stands behind.
    pub fn alias(&self) -> Option<&Spanned<String>> {
        self.properties.as_ref()?.alias.as_ref()
    }

    /// Where the node is used: the alias if there is one, otherwise the place it is written at.
    pub fn used_at(&self) -> Span {
        self.alias().map_or(self.span, |alias| alias.span)
    }
}
