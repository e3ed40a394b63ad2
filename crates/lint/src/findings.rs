//! Where a rule puts what it found.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Severity, Span};
use resolve_flux::Cluster;

use crate::Rule;

/// What one rule has found.
#[derive(Debug)]
pub struct Findings<'a> {
    rule: &'static Rule,
    found: &'a mut Vec<Diagnostic>,
    /// What was found in one cluster: which finding, and the name of the cluster.
    in_clusters: Vec<(usize, String)>,
}

impl<'a> Findings<'a> {
    pub(crate) fn of(rule: &'static Rule, found: &'a mut Vec<Diagnostic>) -> Self {
        Self { rule, found, in_clusters: Vec::new() }
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

    /// The same of what `cluster` runs. Where another cluster of the repository runs it without a fault, the message will
    /// say which one it is about.
    pub fn report_in(&mut self, cluster: &Cluster, span: Span, message: impl Into<String>) -> Report<'_> {
        self.in_clusters.push((self.found.len(), cluster.name.clone()));
        self.report(span, message)
    }

    /// Ends the rule: of what holds in some of the `count` clusters only, the message says in which.
    pub(crate) fn end(self, count: usize) {
        let mut same: BTreeMap<(Span, String), (BTreeSet<String>, Vec<usize>)> = BTreeMap::new();
        for (at, cluster) in self.in_clusters {
            let finding = &self.found[at];
            let (clusters, all) = same.entry((finding.primary.span, finding.message.clone())).or_default();
            clusters.insert(format!("`{cluster}`"));
            all.push(at);
        }
        for (clusters, all) in same.into_values().filter(|(clusters, _)| clusters.len() < count) {
            let names: Vec<_> = clusters.into_iter().collect();
            let names = match names.as_slice() {
                [one] => format!("cluster {one}"),
                [most @ .., last] => format!("clusters {} and {last}", most.join(", ")),
                [] => continue,
            };
            all.into_iter().for_each(|at| self.found[at].message.push_str(&format!(" in the {names}")));
        }
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
