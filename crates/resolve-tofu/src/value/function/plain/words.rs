//! Letters and characters, as people count them.

use unicode_segmentation::UnicodeSegmentation;

use super::super::{Outcome, exactly, text, whole};
use super::of_text;
use crate::value::{self, Value, unknown_string};

/// The one letter of the other case; one that would become several stays as it is.
fn simple(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (c, mapped.next(), mapped.next()) {
        ('İ', ..) => 'i',
        (_, Some(single), None) => single,
        _ => c,
    }
}

fn capital(c: char) -> char {
    if c == 'İ' { c } else { simple(c, c.to_uppercase()) }
}

pub(in super::super) fn upper(given: &[Value]) -> Outcome {
    of_text(given, |text| text.chars().map(capital).collect())
}

pub(in super::super) fn lower(given: &[Value]) -> Outcome {
    of_text(given, |text| text.chars().map(|c| simple(c, c.to_lowercase())).collect())
}

pub(in super::super) fn title(given: &[Value]) -> Outcome {
    of_text(given, |text| {
        let mut before = ' ';
        text.chars()
            .map(|c| {
                let starts = match before {
                    '_' => false,
                    before if before.is_ascii() => !before.is_ascii_alphanumeric(),
                    before => !before.is_alphanumeric() && before.is_whitespace(),
                };
                before = c;
                if starts { title_letter(c) } else { c }
            })
            .collect()
    })
}

/// The digraphs have a letter of their own for the start of a word.
fn title_letter(c: char) -> char {
    match c {
        'Ǆ' | 'ǅ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǈ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǋ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǲ' | 'ǳ' => 'ǲ',
        c => capital(c),
    }
}

pub(in super::super) fn str_rev(given: &[Value]) -> Outcome {
    of_text(given, |text| text.graphemes(true).rev().collect())
}

pub(in super::super) fn sub_str(given: &[Value]) -> Outcome {
    let [found, from, count] = exactly(given)?;
    let (Some(found), Some(from), Some(count)) = (text(found)?, whole(from)?, whole(count)?) else {
        return Ok(unknown_string());
    };
    let letters: Vec<&str> = found.graphemes(true).collect();
    let size = letters.len() as i64;
    let from = if from < 0 { (size + from).max(0) } else { from.min(size) };
    let to = if count < 0 { size } else { from.saturating_add(count).min(size) };
    Ok(value::string(&letters[from as usize..to as usize].concat()))
}
