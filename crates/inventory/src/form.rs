//! What a text must look like. Each function says what is wrong, and what to type.

pub(crate) mod name;
pub(crate) mod net;
pub(crate) mod version;

use crate::field::Fault;
use crate::read::shorten;
use crate::rules;

/// One line that is more than blanks.
pub(crate) fn line(text: &str) -> Result<(), Fault> {
    if text.contains(['\n', '\r']) {
        return Err(Fault::new(rules::INVALID_TEXT, "a line break cannot stand in this text")
            .help("write it on one line; after `|` or `>` use `|-` or `>-`"));
    }
    no_control(text, &[])?;
    more_than_blanks(text)
}

/// Lines that are more than blanks.
pub(crate) fn text(text: &str) -> Result<(), Fault> {
    no_control(text, &['\n', '\t'])?;
    more_than_blanks(text)
}

fn more_than_blanks(text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() {
        Err(Fault::new(rules::INVALID_TEXT, "this text is nothing but blanks"))
    } else {
        Ok(())
    }
}

fn no_control(text: &str, but: &[char]) -> Result<(), Fault> {
    let control = |character: &char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    match text.chars().find(|character| control(character) && !but.contains(character)) {
        Some('\t') => Err(Fault::new(rules::INVALID_TEXT, "a tab cannot stand in this text").help("use spaces")),
        Some(character) => {
            let message = format!("the control character U+{:04X} cannot stand in this text", u32::from(character));
            Err(Fault::new(rules::INVALID_TEXT, message).help("delete it"))
        }
        None => Ok(()),
    }
}

/// A name that people compare by eye: no character that is invisible or that turns the direction of writing.
fn no_hidden(text: &str) -> Result<(), Fault> {
    let hidden = |character: &char| matches!(u32::from(*character), 0x61c | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 | 0xfeff | 0xad);
    match text.chars().find(hidden) {
        Some(character) => {
            let message = format!("the invisible character U+{:04X} cannot stand in a name", u32::from(character));
            Err(Fault::new(rules::INVALID_NAME, message).help("delete it"))
        }
        None => Ok(()),
    }
}

/// The first character that is none of the allowed ones, for messages.
fn first_bad(text: &str, allowed: impl Fn(char) -> bool) -> Option<char> {
    text.chars().find(|&character| !allowed(character))
}

/// `` `Größe` has `ö` `` for a name with a character that is not allowed.
fn refuse_character(rule: &'static str, text: &str, character: char, what: &str) -> Fault {
    let shown = match character {
        ' ' => String::from("a space"),
        other if other.is_control() => format!("U+{:04X}", u32::from(other)),
        other => format!("`{other}`"),
    };
    Fault::new(rule, format!("`{}` has {shown}, which {what} cannot have", shorten(text)))
}
