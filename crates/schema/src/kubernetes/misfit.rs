//! What does not fit the schema of a kind.

use diagnostic::Span;

/// Something in an object that its kind does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// What sort it is.
    pub sort: Sort,
    /// Where a person edits.
    pub span: Span,
    /// Where in the object it is, or what is missing would be: `spec.containers[0].image`; empty for the whole of it.
    pub path: String,
    /// The one sentence: lower case, no final dot, values in backticks.
    pub message: String,
    /// What to type instead.
    pub help: Option<String>,
}

/// The sorts of misfits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A field that the kind does not have.
    UnknownField,
    /// A value of another type than is wanted.
    WrongType,
    /// A field that must be written is not.
    Missing,
    /// A value of the right type that is not allowed: by a list, a pattern, a bound, or because it stands there twice.
    NotAllowed,
    /// What a rule in CEL refuses.
    BrokenRule,
}
