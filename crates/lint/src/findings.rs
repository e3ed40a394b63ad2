//! Where a rule puts what it found.

use diagnostic::{Diagnostic, Severity, Span};

use crate::Rule;

/// What one rule has found.
#[derive(Debug)]
pub struct Findings<'a> {
    rule: &'static Rule,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(crate) fn of(rule: &'static Rule, found: &'a mut Vec<Diagnostic>) -> Self {
        Self { rule, found }
    }

    /// Reports `message` at `span`, with the rule's severity; what is returned takes the rest of the story.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> Report<'_> {
        let finding = match self.rule.severity {
            Severity::Error => Diagnostic::error(self.rule.id, span, message),
            Severity::Warning => Diagnostic::warning(self.rule.id, span, message),
            Severity::Hint => Diagnostic::hint(self.rule.id, span, message),
        };
        Report(self.found.push_mut(finding))
    }

    /// Takes a finding that was made while a file was read, with its own id.
    pub fn pass_on(&mut self, finding: Diagnostic) {
        self.found.push(finding);
    }
}

/// A finding that is being told.
#[derive(Debug)]
pub struct Report<'f>(&'f mut Diagnostic);

impl Report<'_> {
    /// A word under the primary place.
    pub fn label(self, text: impl Into<String>) -> Self {
        self.0.primary.text = text.into();
        self
    }

    /// One more place that belongs to the story.
    pub fn related(self, span: Span, text: impl Into<String>) -> Self {
        self.0.related.push(diagnostic::Label { span, text: text.into() });
        self
    }

    /// What to type instead.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Another weight than the rule's, where less can be proved.
    pub fn severity(self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }
}
