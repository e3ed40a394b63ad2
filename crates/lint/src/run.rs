//! All rules, and what becomes of what they found.

use std::collections::{HashMap, HashSet};

use diagnostic::{Diagnostic, Label, Span};
use tree::{Origin, SourceMap};

use crate::allow::Allowed;
use crate::rules::{RULES, unused_allow};
use crate::threads::side_by_side;
use crate::{Findings, Repo, Rule};

/// So many rules are worth a thread.
const FEW_RULES: usize = 32;
/// How many findings of one rule are told of one file.
const MOST: usize = 100;

/// Runs every rule on `repo`. What was found elsewhere, `found`, is settled with it: the settings may change its
/// severity or turn it off, its place is where a person can edit, and a comment there may allow it.
pub fn run(repo: &Repo<'_>, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_last = |rule: &Rule| rule.id == unused_allow::RULE.id;
    let rules: Vec<&'static Rule> = RULES.iter().copied().filter(|rule| !is_last(rule)).collect();
    found.extend(side_by_side(&rules, FEW_RULES, |rule| check(repo, rule)).into_iter().flatten());
    let mut kept = settle(repo, found);
    let mut last = Vec::new();
    (unused_allow::RULE.check)(repo, &mut Findings::of(&unused_allow::RULE, &mut last));
    kept.extend(settle(repo, last));
    without_many(repo, each_place_once(kept))
}

fn check(repo: &Repo<'_>, rule: &'static Rule) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut findings = Findings::of(rule, &mut found);
    (rule.check)(repo, &mut findings);
    findings.end(repo.flux.clusters.len());
    found
}

/// What is said twice of one place, as of a module that is called twice, is told once.
fn each_place_once(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen: HashSet<(&str, Span, String)> = HashSet::new();
    found.retain(|finding| seen.insert((finding.rule, finding.primary.span, finding.message.clone())));
    found
}

/// What is wrong again and again in one file is told so often, and then counted.
fn without_many(repo: &Repo<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut seen: HashMap<(&str, &str), (usize, usize)> = HashMap::new(); // how many, and which was the last kept
    for finding in found {
        let (count, last) = seen.entry((repo.sources.path(finding.primary.span), finding.rule)).or_default();
        *count += 1;
        if *count <= MOST {
            *last = kept.len();
            kept.push(finding);
        }
    }
    for (count, last) in seen.into_values().filter(|(count, _)| *count > MOST) {
        let more = format!("{} more places of this file break `{}`", count - MOST, kept[last].rule);
        let help = &mut kept[last].help;
        *help = Some(help.take().map_or(more.clone(), |help| format!("{help}; {more}")));
    }
    kept
}

/// What the settings and the comments of `repo` leave of `found`, each at the place where a person edits.
pub fn settle(repo: &Repo<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept = Vec::new();
    let allowed = Allowed::of(repo.sources, repo.allows);
    for mut finding in found {
        match repo.levels.get(finding.rule) {
            Some(None) => continue,
            Some(Some(severity)) => finding.severity = *severity,
            None => {}
        }
        let finding = where_a_person_edits(repo, finding);
        if !allowed.allows(finding.rule, finding.primary.span) {
            kept.push(finding);
        }
    }
    kept
}

/// A finding in a rendered file is moved to the entry of the inventory that the text there follows from. Where it
/// follows from none, the template alone wrote it, and the finding says which.
fn where_a_person_edits(repo: &Repo<'_>, mut finding: Diagnostic) -> Diagnostic {
    let span = finding.primary.span;
    let Some(file) = repo.files.by_id(span.file) else { return finding };
    let Origin::Rendered { map, .. } = &file.origin else { return finding };
    match entry(map, span) {
        Some(entry) => {
            let text = std::mem::take(&mut finding.primary.text);
            let text = if text.is_empty() { "rendered here".to_owned() } else { text };
            finding.primary = Label { span: entry, text: "this follows from here".to_owned() };
            finding.related.insert(0, Label { span, text });
        }
        None => {
            let line = repo.sources.location(span).line;
            let template = map.lines.get(line - 1).and_then(|at| repo.sources.line(at.template, at.line as usize));
            if let Some(template) = template {
                finding.related.push(Label { span: template, text: "this template line renders it".to_owned() });
            }
        }
    }
    finding
}

/// The entry behind the narrowest value around `span`, or behind the first value in it.
fn entry(map: &SourceMap, span: Span) -> Option<Span> {
    let around = map.values.iter().filter(|(range, _)| range.start <= span.start && span.end <= range.end);
    // A value that follows from several entries has one line for each, the one to edit first.
    let narrowest = around.min_by_key(|(range, _)| range.end - range.start);
    let inside = || map.values.iter().find(|(range, _)| span.start <= range.start && range.end <= span.end);
    narrowest.or_else(inside).map(|(_, entry)| *entry)
}
