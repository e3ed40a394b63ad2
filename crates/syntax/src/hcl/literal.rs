//! What is written between quotes → the text that it means.

use std::ops::Range;

/// `written` decoded; what is no escape is told as its place in `written` and what is wrong.
pub(super) fn decode(written: &str, quoted: bool, faults: &mut Vec<(Range<usize>, String)>) -> String {
    let mut text = String::with_capacity(written.len());
    let mut at = 0;
    while let Some(first) = written[at..].chars().next() {
        let rest = &written[at..];
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            text.push_str(&rest[1..3]);
            at += 3;
        } else if quoted && first == '\\' {
            at += escape(rest, at, &mut text, faults);
        } else {
            text.push(first);
            at += first.len_utf8();
        }
    }
    text
}

/// Reads the escape that `rest` starts with; gives its length.
fn escape(rest: &str, at: usize, text: &mut String, faults: &mut Vec<(Range<usize>, String)>) -> usize {
    let Some(selector) = rest[1..].chars().next() else {
        faults.push((at..at + 1, String::from("`\\` starts an escape, and nothing follows")));
        return 1;
    };
    let length = 1 + selector.len_utf8();
    match selector {
        'n' => text.push('\n'),
        'r' => text.push('\r'),
        't' => text.push('\t'),
        '"' | '\\' => text.push(selector),
        'u' | 'U' => {
            let wanted = if selector == 'u' { 4 } else { 8 };
            let digits = rest[2..].bytes().take(wanted).take_while(u8::is_ascii_hexdigit).count();
            let end = 2 + digits;
            let number = u32::from_str_radix(&rest[2..end], 16).ok().filter(|_| digits == wanted);
            match number.map(char::from_u32) {
                Some(Some(character)) => text.push(character),
                Some(None) => faults.push((at..at + end, format!("`{}` is no character of Unicode", &rest[..end]))),
                None => {
                    let count = if wanted == 4 { "four" } else { "eight" };
                    faults.push((at..at + end, format!("`\\{selector}` needs {count} hexadecimal digits")));
                }
            }
            return end;
        }
        other => {
            faults.push((at..at + length, format!("`\\{other}` is no escape of OpenTofu")));
            text.push(other);
        }
    }
    length
}
