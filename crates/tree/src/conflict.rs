//! The marks that git leaves in a text of which it could not merge two versions.

/// A line that git puts around the sides of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// `<<<<<<<`: our side follows.
    Ours,
    /// `|||||||`: the version that both sides started from follows; not in every style.
    Base,
    /// `=======`: their side follows.
    Theirs,
    /// `>>>>>>>`: the conflict is over.
    End,
}

/// The marker that `line`, without its break, is.
pub(crate) fn marker(line: &str) -> Option<Marker> {
    let (mark, rest) = line.split_at_checked(7)?;
    let marker = match mark {
        "<<<<<<<" => Marker::Ours,
        "|||||||" => Marker::Base,
        "=======" => Marker::Theirs,
        ">>>>>>>" => Marker::End,
        _ => return None,
    };
    (rest.is_empty() || rest.starts_with(' ')).then_some(marker)
}

/// The versions that git put side by side in `bytes`: ours, theirs, and the base where it is shown. `None` if
/// there is no conflict or if its marks are not in order; then every line may be a person's.
pub(crate) fn sides(bytes: &[u8]) -> Option<Vec<String>> {
    let text = str::from_utf8(bytes).ok()?;
    let mut sides = [String::new(), String::new(), String::new()];
    let (ours, base, theirs) = (0, 1, 2);
    let mut inside = None;
    let (mut conflicts, mut bases) = (0, 0);
    for line in text.split_inclusive('\n') {
        let marker = marker(line.trim_end_matches(['\n', '\r']));
        inside = match (inside, marker) {
            (None, Some(Marker::Ours)) => Some(ours),
            (Some(0), Some(Marker::Base)) => {
                bases += 1;
                Some(base)
            }
            (Some(0 | 1), Some(Marker::Theirs)) => Some(theirs),
            (Some(2), Some(Marker::End)) => {
                conflicts += 1;
                None
            }
            (_, Some(_)) => return None,
            (None, None) => {
                sides.iter_mut().for_each(|side| side.push_str(line));
                None
            }
            (Some(side), None) => {
                sides[side].push_str(line);
                Some(side)
            }
        };
    }
    let [ours, base, theirs] = sides;
    match (inside, conflicts, bases) {
        (Some(_), ..) | (_, 0, _) => None,
        (None, _, 0) => Some(vec![ours, theirs]),
        (None, _, shown) => (shown == conflicts).then(|| vec![ours, base, theirs]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_conflict_are_found() {
        let text = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> branch\nd\n<<<<<<< HEAD\n=======\ne\n>>>>>>> branch\n";
        assert_eq!(sides(text.as_bytes()), Some(vec!["a\nb\nd\n".to_owned(), "a\nc\nd\ne\n".to_owned()]));
    }

    #[test]
    fn the_base_is_a_third_version_where_it_is_shown() {
        let text = "<<<<<<< HEAD\nb\n||||||| 1234\na\n=======\nc\n>>>>>>> branch\nd\n";
        assert_eq!(sides(text.as_bytes()), Some(vec!["b\nd\n".to_owned(), "a\nd\n".to_owned(), "c\nd\n".to_owned()]));
    }

    #[test]
    fn marks_out_of_order_are_no_conflict_so_no_line_is_passed_over() {
        for text in [
            "a\n",
            "a\n|||||||\nmy notes\n",
            "Title\n=======\n",
            "<<<<<<< HEAD\nb\n",
            "<<<<<<< HEAD\nb\n=======\nc\n",
            "<<<<<<< HEAD\nb\n>>>>>>> branch\n",
            "<<<<<<< HEAD\nb\n=======\nc\n=======\nd\n>>>>>>> branch\n",
            "<<<<<<< A\nb\n||||||| B\na\n=======\nc\n>>>>>>> C\n<<<<<<< A\nb\n=======\nc\n>>>>>>> C\n",
            "<<<<<<<HEAD\nb\n=======\nc\n>>>>>>> branch\n",
        ] {
            assert_eq!(sides(text.as_bytes()), None, "{text}");
        }
        assert_eq!(sides(b"<<<<<<< A\n\xff\n=======\n>>>>>>> B\n"), None);
    }
}
