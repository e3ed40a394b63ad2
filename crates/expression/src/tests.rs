//! Expressions with marks under what there is to know about them.

mod calls;
mod checks;
mod endings;
mod examples;
mod hostile;
mod keys;
mod names;
mod syntax;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::{Context, Expression, Kind, ServerVersion};

/// Facts with their places, in words.
type Facts = Vec<(Range<usize>, String)>;

fn policy(text: &str) -> Expression {
    read(text, Kind::Policy)
}

fn read(text: &str, kind: Kind) -> Expression {
    Expression::parse(text, Context { kind, server: None })
}

fn on(text: &str, kind: Kind, year: u16, month: u8) -> Expression {
    Expression::parse(text, Context { kind, server: Some(ServerVersion { year, month }) })
}

/// Compares facts about a policy with the marks under its lines: `#   ^^^^ what is said`. A mark begins no earlier
/// than the second column, so marked texts are indented as a whole.
#[track_caller]
fn check(facts: fn(&Expression) -> Facts, text: &str) {
    check_as(Kind::Policy, facts, text);
}

/// The same for another kind of expression.
#[track_caller]
fn check_as(kind: Kind, facts: fn(&Expression) -> Facts, text: &str) {
    let expression = read(text, kind);
    let found: BTreeSet<String> =
        facts(&expression).into_iter().map(|(range, fact)| place(text, &range, &fact)).collect();
    let marked = marks(text);
    let missing: Vec<_> = marked.difference(&found).collect();
    let unexpected: Vec<_> = found.difference(&marked).collect();
    assert!(
        missing.is_empty() && unexpected.is_empty(),
        "missing: {missing:#?}\nunexpected: {unexpected:#?}\nfaults: {:?}",
        expression.faults()
    );
}

/// What the marks say, each with the line and the columns that it stands under.
fn marks(text: &str) -> BTreeSet<String> {
    let mut marked = 0;
    let mut marks = BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        let label = line.strip_prefix('#').map(|rest| rest.trim_start_matches(' '));
        let Some(label) = label.filter(|label| label.starts_with('^')) else {
            marked = number;
            continue;
        };
        let start = line.len() - label.len();
        let fact = label.trim_start_matches('^');
        let end = line.len() - fact.len();
        marks.insert(format!("{}:{start}-{end} {}", marked + 1, fact.trim()));
    }
    marks
}

fn place(text: &str, range: &Range<usize>, fact: &str) -> String {
    let line = text[..range.start].matches('\n').count();
    let start = range.start - text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = start + text[range.clone()].lines().next().map_or(0, str::len).max(1);
    format!("{}:{start}-{end} {fact}", line + 1)
}
