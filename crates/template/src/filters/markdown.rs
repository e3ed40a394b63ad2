//! `markdown`: inline text of a Markdown page, also in a table cell.

use super::characters::visible;

/// Writes `text` such that a reader sees it as it is: on one line, with everything escaped that CommonMark,
/// GitHub's tables and mathematics, HTML, Python-Markdown with the extensions of mkdocs-material, or Jinja would
/// take for markup. It may stand anywhere in a line, also at its start.
///
/// Python-Markdown knows fewer backslash escapes than CommonMark, so only those that both have are used; the
/// rest are character references, which both leave alone.
pub(super) fn write(out: &mut String, text: &str) {
    let text = visible(text);
    for (at, character) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + character.len_utf8()..]);
        match character {
            // Jinja reads the page first, and a backslash does not hold it back.
            '{' if after.starts_with(['%', '#']) => reference(out, character),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' => out.extend(['\\', character]),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' | '~' | '^' | '$' => reference(out, character),
            // A heading, a list, a quotation, an admonition: only at the start of a line.
            '#' | '+' | '-' | '!' if before.is_empty() => out.extend(['\\', character]),
            '=' | '?' | ':' if before.is_empty() => reference(out, character),
            '.' | ')' if ordered(before) => out.extend(['\\', character]),
            // `==marked==` and `++inserted++`.
            '=' | '+' if before.ends_with(character) || after.starts_with(character) => reference(out, character),
            ':' if shortcode(after) => reference(out, character),
            _ => out.push(character),
        }
    }
}

/// Writes `character` as a numeric character reference.
pub(super) fn reference(out: &mut String, character: char) {
    out.push_str(&format!("&#{};", u32::from(character)));
}

/// Whether a dot behind `before` would start an ordered list.
fn ordered(before: &str) -> bool {
    !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a colon before `after` would start an emoji: `:smile:`.
fn shortcode(after: &str) -> bool {
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_+-".contains(byte);
    let length = after.bytes().take_while(of_name).count();
    length > 0 && after[length..].starts_with(':')
}

#[cfg(test)]
mod tests;
