//! A part of a document that is copied as it is written.

use diagnostic::{Sources, Span};
use serde_json::Value as Json;
use syntax::yaml::Node;

use crate::read::{At, Field, Reader};
use crate::shape::Shape;

/// A value, and the place of all of its text: of the mapping itself, where a mapping's own `span` is its key's.
#[derive(Clone, Debug)]
pub struct Section<T> {
    /// What is written there.
    pub value: T,
    /// Where all of it stands.
    pub span: Span,
}

impl<T> Section<T> {
    /// The text as it is written, its comments too, moved to the first column. It ends without a line break.
    pub fn text(&self, sources: &Sources) -> String {
        text_at(sources, self.span)
    }
}

/// The text of the value at `span` as it is written, its comments too, moved to the first column.
pub fn text_at(sources: &Sources, span: Span) -> String {
    let source = &sources.get(span.file).text;
    let start = span.start as usize;
    let column = start - source[..start].rfind('\n').map_or(0, |at| at + 1);
    let moved = |line: &str| match line.split_at_checked(column) {
        Some((before, behind)) if before.trim().is_empty() => behind.to_owned(),
        _ => line.trim_start().to_owned(),
    };
    let mut lines = sources.slice(span).trim_end().lines();
    let first = lines.next().map(str::to_owned);
    first.into_iter().chain(lines.map(moved)).collect::<Vec<_>>().join("\n")
}

impl<T: Field> Field for Section<T> {
    type Default = T::Default;

    fn shape() -> Shape {
        T::shape()
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        Self { value: T::read(node, at, reader), span: node.span }
    }

    fn absent(_near: Span) -> Option<Self> {
        None
    }

    fn stand_in() -> Self {
        Self { value: T::stand_in(), span: crate::read::NOWHERE }
    }

    fn from_default(default: Self::Default, near: Span) -> Self {
        Self { value: T::from_default(default, near), span: near }
    }

    fn show(default: &Self::Default) -> Json {
        T::show(default)
    }
}
