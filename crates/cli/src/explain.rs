//! `labtree explain` and `labtree rules`: what the rules are.

use anstyle::AnsiColor;
use diagnostic::did_you_mean;
use report::Style;
use serde_json::{Value, json};

use crate::Outcome;
use crate::args::{Explain, Format, Rules};
use crate::catalogue::{self, Entry};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Prints the page of a rule.
///
/// # Errors
/// There is no such rule.
pub(crate) fn page(arguments: &Explain, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let id = arguments.rule.as_str();
    let Some(entry) = catalogue::all().iter().find(|entry| entry.id == id) else {
        let near = did_you_mean(id, catalogue::known().iter());
        return Err(Failure::usage(format!("there is no rule `{id}`{near}"), "`labtree rules` lists them all"));
    };
    terminal.write(&match terminal.style {
        Style::Plain => entry.text(),
        Style::Coloured => coloured(&entry.text(), terminal),
    });
    Ok(Outcome::Clean)
}

/// Lists the rules.
pub(crate) fn list(arguments: &Rules, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let is_asked_for = |entry: &&Entry| arguments.family.as_deref().is_none_or(|family| entry.family.name() == family);
    let mut entries: Vec<_> = catalogue::all().iter().filter(is_asked_for).collect();
    entries.sort_by_key(|entry| entry.family); // stable: by id in each
    match arguments.format {
        Format::Json => {
            let rules: Value = entries.iter().map(|entry| json(entry)).collect();
            terminal.print(json!({ "version": 1, "rules": rules }).to_string());
        }
        Format::Text => {
            let width =
                |name: fn(&Entry) -> &str| entries.iter().map(|entry| name(entry).len()).max().unwrap_or_default();
            let (ids, families) = (width(|entry| entry.id), width(|entry| entry.family.name()));
            for entry in &entries {
                let id = terminal.paint(AnsiColor::Cyan, &format!("{:ids$}", entry.id));
                let family = entry.family.name();
                terminal.print(format!("{id}  {:7}  {family:families$}  {}", entry.weight(), entry.title()));
            }
        }
    }
    Ok(Outcome::Clean)
}

fn json(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "severity": entry.severity.map(diagnostic::Severity::name),
        "family": entry.family.name(),
        "title": entry.title(),
    })
}

/// A page in Markdown with the same characters, in colours.
fn coloured(page: &str, terminal: &Terminal) -> String {
    let mut is_code = false;
    let mut text = String::new();
    for line in page.lines() {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        text.push_str(&match () {
            () if is_fence => terminal.paint(AnsiColor::BrightBlack, line),
            () if is_code && is_mark(line) => terminal.paint(AnsiColor::Red, line),
            () if is_code => terminal.paint(AnsiColor::Cyan, line),
            () if line.starts_with('#') => terminal.paint(AnsiColor::Green, line),
            () => inline(line, terminal),
        });
        text.push('\n');
    }
    text
}

/// Whether a line of an example says what is found above it.
fn is_mark(line: &str) -> bool {
    line.trim_start_matches(['#', ' ']).starts_with('^')
}

/// `code` in a colour.
fn inline(line: &str, terminal: &Terminal) -> String {
    let parts = line.split('`').enumerate();
    let painted = parts.map(|(index, part)| match index % 2 {
        0 => part.to_owned(),
        _ => terminal.paint(AnsiColor::Cyan, part),
    });
    painted.collect::<Vec<_>>().join("`")
}
