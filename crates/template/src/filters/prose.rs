//! `prose`: a sentence of Markdown in which what stands in backticks is code.

use super::characters::visible;
use super::{code, markdown};

/// Writes `text` with what stands in backticks as code, and everything else such that a reader sees it as it is. A
/// backtick without another stands for itself.
pub(super) fn write(out: &mut String, text: &str) {
    let text = visible(text);
    let pieces: Vec<_> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) || pieces.iter().skip(1).step_by(2).any(|code| code.trim().is_empty()) {
        return markdown::write(out, &text);
    }
    for (at, piece) in pieces.iter().enumerate() {
        if at % 2 == 1 {
            code::write(out, piece);
            continue;
        }
        // Each writer leaves out the blanks at the ends, which stand between the words here.
        let blank = piece.trim().is_empty();
        out.push_str(if piece.starts_with(' ') { " " } else { "" });
        markdown::write(out, piece);
        out.push_str(if piece.ends_with(' ') && !blank { " " } else { "" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn prose(text: &str, expected: &str) {
        let mut out = String::new();
        write(&mut out, text);
        assert_eq!(out, expected);
    }

    #[test]
    fn what_stands_in_backticks_is_code_and_the_rest_is_text() {
        prose("set `root_url` to *it*", r"set `root_url` to \*it\*");
        prose("`a` `b`, <c>", "`a` `b`, &lt;c&gt;");
    }

    #[test]
    fn a_backtick_without_another_stands_for_itself() {
        prose("a ` b", r"a \` b");
        prose("a `` b", r"a \`\` b");
    }
}
