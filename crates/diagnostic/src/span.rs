//! Spans, and values that know theirs.

use std::ops::{Deref, Range};

/// The number of a source in its [`Sources`](crate::Sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of a source, in bytes; `start == end` is a place between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Span {
    /// The stretch `range` of `file`. Sources are far below 4 GiB; a larger offset is cut to the largest one.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let offset = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        Self { file, start: offset(range.start), end: offset(range.end) }
    }

    /// The stretch as a range to slice its source with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the start of `self` to the end of `other`, which lies in the same source.
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start, end: other.end.max(self.start) }
    }
}

/// A value with the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands. A default that nobody wrote has the place of the nearest key that was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Another value for the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }

    /// The value as one that follows from this place alone.
    pub fn derive<U>(&self, change: impl FnOnce(&T) -> U) -> Derived<U> {
        Derived { value: change(&self.value), from: vec![self.span] }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A value that follows from places in the inventory: the first is the one to edit, the others took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived<T> {
    /// The value.
    pub value: T,
    /// The places it follows from; none for what labtree itself decides.
    pub from: Vec<Span>,
}

impl<T> Derived<T> {
    /// A value that labtree decides whatever the inventory says.
    pub fn fixed(value: T) -> Self {
        Self { value, from: Vec::new() }
    }

    /// `value`, which follows from `from`.
    pub fn new(value: T, from: impl IntoIterator<Item = Span>) -> Self {
        Self { value, from: from.into_iter().collect() }
    }
}

impl<T> Deref for Derived<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
