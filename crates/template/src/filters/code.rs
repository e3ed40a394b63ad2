//! `code`: a code span of a Markdown page, also in a table cell.

use super::characters::visible;
use super::markdown::reference;

/// Writes `text` as a code span: between enough backticks, on one line.
///
/// A `|` would end a table cell even there, its escape `\|` is one inside a table only, and `{{`, `{%` and `{#`
/// would be taken by Jinja before Markdown sees them. Such text goes into a `<code>` element with character
/// references instead, which means the same in every place.
pub(super) fn write(out: &mut String, text: &str) {
    let text = visible(text);
    if text.is_empty() || text.contains('|') || ["{{", "{%", "{#"].iter().any(|start| text.contains(start)) {
        return element(out, &text);
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    for part in [&fence, space, &text, space, &fence] {
        out.push_str(part);
    }
}

fn element(out: &mut String, text: &str) {
    out.push_str("<code>");
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            reference(out, character);
        } else {
            out.push(character);
        }
    }
    out.push_str("</code>");
}

#[cfg(test)]
mod tests;
