//! Characters that nobody sees or that turn text around, which are never written as they are.

/// What makes a character one that is escaped in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    /// C0 and C1 controls, DEL, the line and paragraph separator.
    Control,
    /// The characters that turn the direction of text around (Unicode TR 9; CVE-2021-42574), and the byte
    /// order mark.
    Format,
    /// Code points that Unicode promises never to assign.
    Noncharacter,
}

/// Whether `character` must not be written as it is. The line break and the tab are controls.
pub(super) fn hidden(character: char) -> Option<Hidden> {
    match character {
        ' '..='~' => None,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' => Some(Hidden::Control),
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => {
            Some(Hidden::Format)
        }
        '\u{FDD0}'..='\u{FDEF}' => Some(Hidden::Noncharacter),
        other if u32::from(other) & 0xFFFE == 0xFFFE => Some(Hidden::Noncharacter),
        _ => None,
    }
}

/// How the digits of an escape are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hex {
    /// As Python's `repr` does.
    Lower,
    /// As YAML writers do.
    Upper,
}

/// `text` in double quotes, with the escapes that Python and YAML share: `\n`, `\xXX`, `\uXXXX`, `\UXXXXXXXX`.
pub(super) fn quoted(out: &mut String, text: &str, hex: Hex) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if hidden(character).is_none() => out.push(character),
            _ => {
                let code = u32::from(character);
                let (letter, digits) = match code {
                    0..=0xFF => ("\\x", format!("{code:02x}")),
                    0x100..=0xFFFF => ("\\u", format!("{code:04x}")),
                    _ => ("\\U", format!("{code:08x}")),
                };
                out.push_str(letter);
                out.push_str(&if hex == Hex::Upper { digits.to_uppercase() } else { digits });
            }
        }
    }
    out.push('"');
}

/// `text` on one line for people: white space as single spaces, none at the ends, and hidden characters by
/// their number, so that they can be seen.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for character in word.chars() {
            match hidden(character) {
                Some(_) => out.push_str(&format!("U+{:04X}", u32::from(character))),
                None => out.push(character),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_the_number_of_a_character_that_turns_text_around() {
        assert_eq!(visible("a\u{202E}b\n\t c\u{0}\u{7F} "), "aU+202Eb cU+0000U+007F");
    }

    #[test]
    fn letters_of_all_scripts_and_emoji_are_left_alone() {
        let text = "größe 日本 עברית 👩\u{200D}🚀 می\u{200C}خواهم";
        assert_eq!(visible(text), text);
    }

    #[test]
    fn the_last_two_code_points_of_every_plane_are_noncharacters() {
        for character in ['\u{FFFE}', '\u{FFFF}', '\u{1FFFE}', '\u{10FFFF}'] {
            assert_eq!(hidden(character), Some(Hidden::Noncharacter));
        }
        assert_eq!(hidden('\u{FFFD}'), None);
    }
}
