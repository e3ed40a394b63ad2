//! What a template is searched for before it is compiled: things that minijinja lets pass and that would go
//! wrong without a word.

use std::ops::Range;

use diagnostic::did_you_mean;

use crate::filters;
use crate::mark;

/// A fault of a template's text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The bytes to point at.
    pub(crate) range: Range<usize>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: &'static str,
}

/// All faults of `text`, in order.
pub(crate) fn faults(text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let fault = |range: Range<usize>, message: &str, help| Fault { range, message: message.to_owned(), help };
    if text.starts_with('\u{FEFF}') {
        faults.push(fault(0..3, "the template starts with a byte order mark", "save it as UTF-8 without one"));
    }
    if let Some(at) = text.find('\r') {
        faults.push(fault(at..at + 1, "the template has a carriage return", "end its lines with a line feed alone"));
    }
    if let Some(range) = mark::find(text) {
        faults.push(fault(range, "the template holds a noncharacter", "take it out"));
    }
    for tag in tags(text) {
        faults_of_tag(text, tag, &mut faults);
    }
    faults
}

/// The insides of all `#{ }#` and `#% %#` of `text`; comments and `raw` blocks hold none.
fn tags(text: &str) -> Vec<Range<usize>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('#').map(|found| at + found) {
        let end = match text.as_bytes().get(found + 1) {
            Some(b'|') => "|#",
            Some(b'{') => "}#",
            Some(b'%') => "%#",
            _ => {
                at = found + 1;
                continue;
            }
        };
        let start = found + 2;
        let length = if end == "|#" { text[start..].find(end) } else { end_of_tag(&text[start..], end) };
        let Some(length) = length else { break };
        let inside = start..start + length;
        at = inside.end + end.len();
        if end == "%#" && text[inside.clone()].trim_matches(['-', '+', ' ', '\n', '\t']) == "raw" {
            at = end_of_raw(text, at);
        } else if end != "|#" {
            tags.push(inside);
        }
    }
    tags
}

/// Where `end` stands in `rest` outside of a string.
fn end_of_tag(rest: &str, end: &str) -> Option<usize> {
    let mut at = 0;
    while at < rest.len() {
        match rest.as_bytes()[at] {
            quote @ (b'"' | b'\'') => at = end_of_string(rest, at, quote),
            _ if rest.as_bytes()[at..].starts_with(end.as_bytes()) => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// Where the string that `quote` opens at `at` is over.
fn end_of_string(rest: &str, mut at: usize, quote: u8) -> usize {
    at += 1;
    while let Some(byte) = rest.as_bytes().get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Where the `endraw` behind `at` starts.
fn end_of_raw(text: &str, mut at: usize) -> usize {
    while let Some(found) = text[at..].find("#%").map(|found| at + found) {
        let inside = text[found + 2..].trim_start_matches(['-', '+']).trim_start();
        if inside.starts_with("endraw") {
            return found;
        }
        at = found + 2;
    }
    text.len()
}

/// Comparisons, joined text and unknown filters in the tag at `tag`.
fn faults_of_tag(text: &str, tag: Range<usize>, faults: &mut Vec<Fault>) {
    let inside = &text[tag.clone()];
    // The first `in` of a loop is its own; every other one compares.
    let mut loop_in = inside.trim_start_matches(['-', '+']).split_whitespace().next() == Some("for");
    let mut at = 0;
    while at < inside.len() {
        let rest = &inside[at..];
        let (length, problem) = match rest.as_bytes()[0] {
            quote @ (b'"' | b'\'') => (end_of_string(inside, at, quote) - at, None),
            b'=' | b'!' if rest[1..].starts_with('=') => (2, Some(COMPARED)),
            b'<' | b'>' => (1, Some(COMPARED)),
            b'~' => (1, Some(JOINED)),
            b'|' => {
                unknown_filter(text, tag.start + at + 1, faults);
                (1, None)
            }
            byte if is_word(byte) => {
                let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
                let word = &rest[..length];
                let compares = word == "is" || word == "in" && !std::mem::take(&mut loop_in);
                (length, compares.then_some(COMPARED))
            }
            _ => (rest.chars().next().map_or(1, char::len_utf8), None),
        };
        if let Some((message, help)) = problem {
            let range = tag.start + at..tag.start + at + length;
            faults.push(Fault { range, message: message.to_owned(), help });
        }
        at += length;
    }
}

const COMPARED: (&str, &str) =
    ("the template compares values, which is false for every value from the lab", "compare in Rust and pass a boolean");
const JOINED: (&str, &str) = ("the template joins text", "join it in Rust, where its places stay known");

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A filter of an unknown name behind the `|` before `at`: minijinja would tell only when it gets there.
fn unknown_filter(text: &str, at: usize, faults: &mut Vec<Fault>) {
    let rest = text[at..].trim_start();
    let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
    let (name, start) = (&rest[..length], text.len() - rest.len());
    if length > 0 && !filters::NAMES.contains(&name) {
        let near = did_you_mean(name, filters::NAMES.iter().copied());
        let message = format!("unknown filter `{name}`{near}");
        faults.push(Fault { range: start..start + length, message, help: "use a filter of labtree" });
    }
}

#[cfg(test)]
mod tests;
