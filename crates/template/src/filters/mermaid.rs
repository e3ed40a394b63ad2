//! `mermaid`: the text of a quoted label in a mermaid diagram.

use super::characters::visible;

/// Writes `text` for a place between the quotes of `["…"]`, on one line.
///
/// What mermaid takes for the end of the label, for an entity, a comment or directive (`%%`), Markdown or
/// KaTeX, and what closes the fence around the diagram, becomes one of mermaid's own entities
/// (<https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>).
pub(super) fn write(out: &mut String, text: &str) {
    let text = visible(text);
    for (at, character) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + character.len_utf8()..]);
        let harmless = match character {
            ' ' | ',' | '/' | ':' | '@' | '\'' | '=' | '?' | '!' => true,
            // `1. text` and `- text` at the start of a label are refused as "Unsupported markdown: list".
            '.' => !before.bytes().all(|byte| byte.is_ascii_digit()),
            '-' | '+' => !before.is_empty(),
            // Only a `_` inside a word is never emphasis.
            '_' => before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric),
            other => !other.is_ascii_punctuation(),
        };
        match character {
            '"' => out.push_str("#quot;"),
            _ if harmless => out.push(character),
            _ => out.push_str(&format!("#{};", u32::from(character))),
        }
    }
}

#[cfg(test)]
mod tests;
