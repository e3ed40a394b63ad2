//! The names that an app had before, where it is renamed.

use std::ops::Range;

use diagnostic::Diagnostic;
use syntax::yaml::{Node, Pair};

use super::lines::{Lines, line_break};
use super::{find, flow, pairs, refuse_alias, uneditable};

const FORMERLY: &str = "formerly";

/// Stretches of `text` and what stands there instead, so that the app `pair` says that it was called `old`, or no longer
/// says that it was called `new` and what came after that.
pub(super) fn edits<'t>(
    text: &str,
    lines: impl FnOnce() -> Lines<'t>,
    pair: &Pair,
    old: &str,
    new: &str,
) -> Result<Vec<(Range<usize>, String)>, Diagnostic> {
    let app = &pair.value;
    let Some(formerly) = find(app, FORMERLY) else {
        return Ok(vec![insert(text, lines().column_of(pair), pair, old)?]);
    };
    refuse_alias(&formerly.value)?;
    let names = formerly.value.sequence().ok_or_else(|| uneditable(formerly.key.span))?;
    let back = names.iter().position(|name| name.scalar().is_some_and(|scalar| scalar.text == new));
    let edit = match back {
        None => append(text, &formerly.value, names, old)?,
        Some(0) => (whole(text, &lines(), app, formerly), String::new()),
        Some(kept) => (tail(text, names, kept, &formerly.value), String::new()),
    };
    Ok(vec![edit])
}

/// `formerly: [old]` as the first key of the app.
fn insert(text: &str, column: usize, pair: &Pair, old: &str) -> Result<(Range<usize>, String), Diagnostic> {
    let app = &pair.value;
    let first = pairs(app).first().ok_or_else(|| uneditable(pair.key.span))?;
    let start = first.key.used_at().start as usize;
    if flow::is_flow(text, app) {
        let quote = if flow::style(text, app).quoted { "\"" } else { "" };
        return Ok((start..start, format!("{quote}{FORMERLY}{quote}: [{quote}{old}{quote}], ")));
    }
    let line = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let key = pair.key.span.end as usize;
    let indent = &text[line(start)..start];
    let below = text[key..].find('\n').map_or(text.len(), |newline| key + newline + 1);
    let is_indented = indent.len() > column && indent.bytes().all(|byte| byte == b' ');
    if !is_indented || below > start {
        return Err(uneditable(first.key.used_at()));
    }
    Ok((below..below, format!("{indent}{FORMERLY}: [{old}]{}", line_break(text))))
}

/// One name more.
fn append(text: &str, list: &Node, names: &[Node], old: &str) -> Result<(Range<usize>, String), Diagnostic> {
    let is_flow = text[list.span.start as usize..].starts_with('[');
    let Some(last) = names.last() else {
        let inside = list.span.start as usize + 1..list.span.end as usize - 1;
        return Ok((inside, old.to_owned()));
    };
    let (start, end) = (last.used_at().start as usize, last.used_at().end as usize);
    if is_flow {
        let quote = if text[start..].starts_with('"') { "\"" } else { "" };
        return Ok((end..end, format!(", {quote}{old}{quote}")));
    }
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let below = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
    match text[line..start].trim_start_matches(' ').strip_prefix('-') {
        Some(blanks) if blanks.trim().is_empty() => {
            Ok((below..below, format!("{}{old}{}", &text[line..start], line_break(text))))
        }
        _ => Err(uneditable(last.used_at())),
    }
}

/// The key `formerly` with its list.
fn whole(text: &str, lines: &Lines<'_>, app: &Node, formerly: &Pair) -> Range<usize> {
    if flow::is_flow(text, app) {
        let is_it = |pair: &Pair| pair.key.span == formerly.key.span;
        return flow::extent(app, pairs(app).iter().position(is_it).unwrap_or_default());
    }
    let end = formerly.value.used_at().end.max(formerly.key.span.end) as usize;
    lines.start(lines.at(formerly.key.span.start as usize))..lines.start(lines.at(end.saturating_sub(1)) + 1)
}

/// The names from `kept` on.
fn tail(text: &str, names: &[Node], kept: usize, list: &Node) -> Range<usize> {
    let end = |index: usize| names[index].used_at().end as usize;
    let range = end(kept - 1)..end(names.len() - 1);
    if text[list.span.start as usize..].starts_with('[') {
        return range;
    }
    let below = |at: usize| text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1);
    below(range.start)..below(range.end)
}
