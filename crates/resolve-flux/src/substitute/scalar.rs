//! How a text is written when Flux writes an object anew: the choices of go-yaml v2's emitter.

use syntax::yaml::{Plain, plain};

/// How a text stands behind its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Without quotes.
    Plain,
    /// In `'…'`.
    Single,
    /// In `"…"`.
    Double,
    /// Below `|`.
    Block,
}

impl Writing {
    /// How `text` is written: `stringv` in go-yaml's `encode.go`, then `yaml_emitter_analyze_scalar`.
    pub(crate) fn of(text: &str) -> Self {
        let is_special = text.chars().any(|next| next.is_control() && next != '\n' || next == '\u{feff}');
        if text.contains('\n') {
            let ends_bare = text.lines().any(|line| line.ends_with(' ')) || text.starts_with(' ');
            return if is_special || ends_bare { Self::Double } else { Self::Block };
        }
        if is_special || plain::kubernetes(text) != Plain::Text || is_base_60(text) {
            return Self::Double;
        }
        if needs_quotes(text) { Self::Single } else { Self::Plain }
    }

    /// The text as it is written so; for a block, its lines.
    pub(crate) fn written(self, text: &str) -> String {
        match self {
            Self::Plain | Self::Block => text.to_owned(),
            Self::Single => format!("'{}'", text.replace('\'', "''")),
            Self::Double => {
                let mut written = String::from("\"");
                for next in text.chars() {
                    match next {
                        '"' | '\\' => written.extend(['\\', next]),
                        '\n' => written.push_str("\\n"),
                        '\t' => written.push_str("\\t"),
                        '\r' => written.push_str("\\r"),
                        _ if next.is_control() => written.push_str(&format!("\\u{:04x}", u32::from(next))),
                        _ => written.push(next),
                    }
                }
                written + "\""
            }
        }
    }
}

/// Whether it would not be read as this text, or as text at all, without quotes in block style.
fn needs_quotes(text: &str) -> bool {
    let first = text.chars().next();
    let begins_as_other = first.is_none_or(|first| "#,[]{}&*!|>'\"%@`".contains(first));
    let second_is_blank = text.chars().nth(1).is_none_or(char::is_whitespace);
    begins_as_other
        || (first.is_some_and(|first| "?:-".contains(first)) && second_is_blank)
        || text.starts_with("---")
        || text.starts_with("...")
        || text.starts_with(' ')
        || text.ends_with(' ')
        || text.contains(": ")
        || text.ends_with(':')
        || text.contains(" #")
}

/// What YAML 1.1 took for a number of base 60: `1:30`.
fn is_base_60(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.contains(':')
        && digits.starts_with(|next: char| next.is_ascii_digit())
        && digits.chars().all(|next| next.is_ascii_digit() || matches!(next, ':' | '_' | '.'))
}
