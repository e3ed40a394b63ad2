//! Places in source text, and what there is to say about them.
//!
//! Everything that labtree reads is a *source* with a [`FileId`]; every value that it decodes remembers the
//! [`Span`] it was written at; and every finding is a [`Diagnostic`] that points at spans. Lines and columns
//! appear only in `report`, which asks [`Sources::location`].

mod near;
mod source;
mod span;
mod value;

pub use near::{did_you_mean, nearest};
pub use source::{Location, Source, Sources};
pub use span::{Derived, FileId, Span, Spanned};
pub use value::Value;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Tidiness; never fails a run unless it is asked to.
    Hint,
    /// It works today, for the wrong reason.
    Warning,
    /// It will fail or is unsafe, and that can be proved.
    Error,
}

impl Severity {
    /// The word that people read: `hint`, `warning`, `error`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place with a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said there; may be empty.
    pub text: String,
}

/// One finding: what is wrong, where a person edits, and what to type there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The id of what was broken, in kebab case: `unknown-key`.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The one sentence, if only one thing can be shown: lower case, no final dot, values in backticks.
    pub message: String,
    /// Where a person edits.
    pub primary: Label,
    /// The other half of the story.
    pub related: Vec<Label>,
    /// What to type instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error of the rule `rule` at `span`.
    pub fn error(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, rule, span, message)
    }

    /// A warning of the rule `rule` at `span`.
    pub fn warning(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, rule, span, message)
    }

    /// A hint of the rule `rule` at `span`.
    pub fn hint(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Hint, rule, span, message)
    }

    fn new(severity: Severity, rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            help: None,
        }
    }

    /// With a word under the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// With one more place that belongs to the story.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// With what to type instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Whether any of `found` is an error.
pub fn any_error(found: &[Diagnostic]) -> bool {
    found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
