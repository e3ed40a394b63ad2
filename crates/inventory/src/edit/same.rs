//! Whether nothing but what was asked for happened to a document.

use syntax::yaml::{Content, Node, Pair, Scalar, Style};

use super::{APPS, find, is_named, pairs};

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change<'n> {
    /// An app more, behind the others.
    Added(&'n str),
    /// An app less.
    Removed(&'n str),
    /// An app of another name, and with other former ones.
    Renamed(&'n str, &'n str),
}

/// Whether `after` is `before` but for `change`, wherever things are written.
pub(super) fn but_for(before: &Node, after: &Node, change: &Change<'_>) -> bool {
    let others = |root| pairs(root).iter().filter(|pair| !is_named(pair, APPS));
    let apps = |root| find(root, APPS).map_or(&[][..], |apps| pairs(&apps.value));
    let (was, is) = (apps(before), apps(after));
    equal(others(before), others(after))
        && match *change {
            Change::Added(name) => {
                let Some((last, rest)) = is.split_last() else { return false };
                is_named(last, name) && equal(was.iter(), rest.iter())
            }
            Change::Removed(name) => equal(was.iter().filter(|pair| !is_named(pair, name)), is.iter()),
            Change::Renamed(old, new) => {
                was.len() == is.len()
                    && was.iter().zip(is).all(|(was, is)| {
                        if !is_named(was, old) {
                            return same_pair(was, is);
                        }
                        let rest = |pair| pairs(pair).iter().filter(|pair| !is_named(pair, "formerly"));
                        is_named(is, new) && equal(rest(&was.value), rest(&is.value))
                    })
            }
        }
}

fn equal<'n>(before: impl Iterator<Item = &'n Pair>, after: impl Iterator<Item = &'n Pair>) -> bool {
    let (before, after): (Vec<_>, Vec<_>) = (before.collect(), after.collect());
    before.len() == after.len() && before.into_iter().zip(after).all(|(one, other)| same_pair(one, other))
}

fn same_pair(one: &Pair, other: &Pair) -> bool {
    same(&one.key, &other.key) && same(&one.value, &other.value)
}

fn same(one: &Node, other: &Node) -> bool {
    let tag = |node: &Node| node.tag().map(|tag| tag.value.clone());
    tag(one) == tag(other)
        && match (&one.content, &other.content) {
            (Content::Scalar(one), Content::Scalar(other)) => one.style == other.style && text(one) == text(other),
            (Content::Sequence(one), Content::Sequence(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
            }
            (Content::Mapping(one), Content::Mapping(other)) => equal(one.iter(), other.iter()),
            _ => false,
        }
}

/// The text of a scalar. Below `|` its last line break is there or not, as the file has one at its end.
fn text(scalar: &Scalar) -> &str {
    match scalar.style {
        Style::Literal | Style::Folded => scalar.text.strip_suffix('\n').unwrap_or(&scalar.text),
        _ => &scalar.text,
    }
}
