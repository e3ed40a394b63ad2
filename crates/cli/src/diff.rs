//! What differs between two texts, as people read it.

use std::ops::Range;

use similar::{ChangeTag, DiffOp, DiffTag, TextDiff};

/// How many lines around a change are shown.
const CONTEXT: usize = 2;

/// A stretch of two texts that differ, with some equal lines around.
pub(crate) struct Hunk {
    /// Its head, `@@ -3,4 +3,5 @@`, and its lines with ` `, `-` or `+` before them.
    pub lines: Vec<String>,
    /// Where its first change is in the old text.
    pub old: Side,
    /// Where its first change is in the new text.
    pub new: Side,
}

/// Where a change is in one of the two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    /// The changed lines, from 0; an empty range is the place before a line.
    pub lines: Range<usize>,
    /// The changed bytes: the lines without what they have in common with the other side at their ends.
    pub bytes: Range<usize>,
}

/// The hunks that lead from `old` to `new`. Bytes that are not UTF-8 are shown as `�`, and count as that.
pub(crate) fn hunks(old: &[u8], new: &[u8]) -> Vec<Hunk> {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    let starts = (line_starts(&old), line_starts(&new));
    let groups = diff.grouped_ops(CONTEXT);
    groups.iter().filter_map(|group| hunk(&diff, group, (&old, &starts.0), (&new, &starts.1))).collect()
}

/// The lines of the difference from `old` to `new`, the texts of the file `path`, as `patch` reads it.
pub(crate) fn unified(path: &str, old: &str, new: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(CONTEXT).header(path, path).to_string();
    // A line may end as it does on Windows; `patch` wants that as it is.
    let shown = |line: &str| match line.strip_suffix('\r') {
        Some(line) => visible(line) + "\r",
        None => visible(line),
    };
    text.trim_end_matches('\n').split('\n').map(shown).collect()
}

/// The offset of each line of `text`, and that behind the last.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.split_inclusive('\n').scan(0, |offset, line| {
        *offset += line.len();
        Some(*offset)
    });
    std::iter::once(0).chain(ends).collect()
}

fn hunk(diff: &TextDiff<'_, '_, str>, group: &[DiffOp], old: (&str, &[usize]), new: (&str, &[usize])) -> Option<Hunk> {
    let (first, last) = (group.first()?, group.last()?);
    let heads = (first.old_range().start + 1, last.old_range().end - first.old_range().start);
    let tails = (first.new_range().start + 1, last.new_range().end - first.new_range().start);
    let mut lines = vec![format!("@@ -{},{} +{},{} @@", heads.0, heads.1, tails.0, tails.1)];
    for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
        let sign = match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        lines.push(format!("{sign}{}", visible(change.value().trim_end_matches('\n'))));
    }
    let change = group.iter().find(|op| op.tag() != DiffTag::Equal)?;
    let bytes = |range: &Range<usize>, starts: &[usize]| starts[range.start]..starts[range.end];
    let (old_bytes, new_bytes) = (bytes(&change.old_range(), old.1), bytes(&change.new_range(), new.1));
    let (before, behind) = common_ends(&old.0[old_bytes.clone()], &new.0[new_bytes.clone()]);
    let side = |lines, bytes: Range<usize>| Side { lines, bytes: bytes.start + before..bytes.end - behind };
    Some(Hunk { lines, old: side(change.old_range(), old_bytes), new: side(change.new_range(), new_bytes) })
}

/// How many bytes two texts have in common at their start, and behind that at their end, in whole words.
fn common_ends(one: &str, other: &str) -> (usize, usize) {
    let before = common(one.chars(), other.chars());
    let behind = common(one[before..].chars().rev(), other[before..].chars().rev());
    (before, behind)
}

/// How many bytes the same characters have that both begin with, without a word that goes on in one of them.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.collect(), other.collect());
    let mut same = one.iter().zip(&other).take_while(|(left, right)| left == right).count();
    if [&one, &other].iter().any(|text| text.get(same).is_some_and(|next| next.is_alphanumeric())) {
        same -= one[..same].iter().rev().take_while(|last| last.is_alphanumeric()).count();
    }
    one[..same].iter().map(|character| character.len_utf8()).sum()
}

/// The line of `new` that line `line` of `old` became, both from 0; `None` if it was changed or taken out.
pub(crate) fn follow(old: &[u8], new: &[u8], line: usize) -> Option<usize> {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    diff.ops().iter().filter(|op| op.tag() == DiffTag::Equal).find_map(|op| {
        let range = op.old_range();
        range.contains(&line).then(|| op.new_range().start + line - range.start)
    })
}

/// `line` with control characters and those that turn the direction of text shown instead of done.
pub(crate) fn visible(line: &str) -> String {
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
        let hunks = hunks(b"a\nb\nc\nd\n", b"a\nb\nC\nd\n");
        assert_eq!(hunks.len(), 1);
        assert_eq!(hunks[0].lines, ["@@ -1,4 +1,4 @@", " a", " b", "-c", "+C", " d"]);
        assert_eq!(hunks[0].old, Side { lines: 2..3, bytes: 4..5 });
        assert_eq!(hunks[0].new, Side { lines: 2..3, bytes: 4..5 });
    }

    #[test]
    fn a_line_taken_out_leaves_a_place() {
        let hunks = hunks(b"a\nb\nc\n", b"a\nc\n");
        assert_eq!(hunks[0].new.lines, 1..1);
    }

    #[test]
    fn the_changed_bytes_leave_out_what_both_lines_have() {
        let hunks = hunks("- größe: 1 MB\n".as_bytes(), "- größe: 22 MB\n".as_bytes());
        assert_eq!((hunks[0].old.bytes.clone(), hunks[0].new.bytes.clone()), (11..12, 11..13));
    }

    #[test]
    fn a_word_is_changed_as_a_whole_and_what_follows_it_alone() {
        let changed = |old: &str, new: &str| {
            let hunks = hunks(old.as_bytes(), new.as_bytes());
            (old[hunks[0].old.bytes.clone()].to_owned(), new[hunks[0].new.bytes.clone()].to_owned())
        };
        assert_eq!(changed("v: 2026.5.33\n", "v: 2026.5.3\n"), ("33".to_owned(), "3".to_owned()));
        assert_eq!(changed("- `a`, `b` |\n", "- `a` |\n"), (", `b`".to_owned(), String::new()));
        assert_eq!(changed("xa y\n", "xb y\n"), ("xa".to_owned(), "xb".to_owned()));
    }

    #[test]
    fn control_characters_are_shown_and_not_done() {
        let hunks = hunks(b"\x1b[31mred\xff\r\n", b"plain\n");
        assert_eq!(hunks[0].lines[1], "-\\u{1b}[31mred\u{FFFD}\\u{d}");
    }

    #[test]
    fn the_difference_of_a_file_has_its_path_and_tells_a_missing_line_break() {
        let lines = unified("main.tf", "a=1\nb = 2", "a = 1\nb = 2");
        let expected = [
            "--- main.tf",
            "+++ main.tf",
            "@@ -1,2 +1,2 @@",
            "-a=1",
            "+a = 1",
            " b = 2",
            "\\ No newline at end of file",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_carriage_return_before_a_line_break_is_none_that_needs_to_be_shown() {
        let lines = unified("main.tf", "a=1 # \x1b\r\n", "a = 1 # \x1b\r\n");
        assert_eq!(lines[3..], ["-a=1 # \\u{1b}\r", "+a = 1 # \\u{1b}\r"]);
    }

    #[test]
    fn an_untouched_line_is_followed_past_a_change() {
        assert_eq!(follow(b"new\na\nb\n", b"a\nb\n", 2), Some(1));
        assert_eq!(follow(b"new\na\nb\n", b"a\nb\n", 0), None);
    }
}
