//! What differs between two texts, as people read it.

use std::ops::Range;

use similar::{ChangeTag, TextDiff};

/// How many lines around a change are shown.
const CONTEXT: usize = 2;

/// A stretch of two texts that differ, with some equal lines around.
pub struct Hunk {
    /// Its head, `@@ -3,4 +3,5 @@`, and its lines with ` `, `-` or `+` before them.
    pub lines: Vec<String>,
    /// The changed lines of the new text, from 0. Where lines were only taken out, the place between two lines.
    pub changed: Range<usize>,
}

/// The hunks that lead from `old` to `new`. Text that is not UTF-8 is shown with `�`.
pub fn hunks(old: &[u8], new: &str) -> Vec<Hunk> {
    let old = String::from_utf8_lossy(old);
    let diff = TextDiff::from_lines(old.as_ref(), new);
    let mut hunks = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        let mut lines = Vec::new();
        let (mut first, mut last) = (usize::MAX, 0);
        for op in &group {
            if op.tag() != similar::DiffTag::Equal {
                first = first.min(op.new_range().start);
                last = last.max(op.new_range().end);
            }
            for change in diff.iter_changes(op) {
                let sign = match change.tag() {
                    ChangeTag::Equal => ' ',
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                };
                lines.push(format!("{sign}{}", visible(change.value().trim_end_matches('\n'))));
            }
        }
        let (Some(head), Some(tail)) = (group.first(), group.last()) else { continue };
        let old = head.old_range().start..tail.old_range().end;
        let new = head.new_range().start..tail.new_range().end;
        lines.insert(0, format!("@@ -{},{} +{},{} @@", old.start + 1, old.len(), new.start + 1, new.len()));
        hunks.push(Hunk { lines, changed: first.min(last)..last });
    }
    hunks
}

/// The line of `new` that line `line` of `old` became, both from 0; `None` if it was changed or taken out.
pub fn follow(old: &[u8], new: &str, line: usize) -> Option<usize> {
    let old = String::from_utf8_lossy(old);
    let diff = TextDiff::from_lines(old.as_ref(), new);
    diff.ops().iter().filter(|op| op.tag() == similar::DiffTag::Equal).find_map(|op| {
        let range = op.old_range();
        range.contains(&line).then(|| op.new_range().start + line - range.start)
    })
}

/// `line` with control characters and those that turn the direction of text shown instead of done.
fn visible(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for character in line.chars() {
        let turns = matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if character == '\t' || !(character.is_control() || turns) {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_between_its_neighbours() {
        let hunks = hunks(b"a\nb\nc\nd\n", "a\nb\nC\nd\n");
        assert_eq!(hunks.len(), 1);
        assert_eq!(hunks[0].lines, ["@@ -1,4 +1,4 @@", " a", " b", "-c", "+C", " d"]);
        assert_eq!(hunks[0].changed, 2..3);
    }

    #[test]
    fn a_line_taken_out_leaves_a_place() {
        let hunks = hunks(b"a\nb\nc\n", "a\nc\n");
        assert_eq!(hunks[0].changed, 1..1);
    }

    #[test]
    fn control_characters_are_shown_and_not_done() {
        let hunks = hunks(b"\x1b[31mred\xff\r\n", "plain\n");
        assert_eq!(hunks[0].lines[1], "-\\u{1b}[31mred\u{FFFD}\\u{d}");
    }

    #[test]
    fn an_untouched_line_is_followed_past_a_change() {
        assert_eq!(follow(b"new\na\nb\n", "a\nb\n", 2), Some(1));
        assert_eq!(follow(b"new\na\nb\n", "a\nb\n", 0), None);
    }
}
