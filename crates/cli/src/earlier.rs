//! Findings that were there before, and which of those of now they are.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use diagnostic::{Diagnostic, Sources};
use git2::Oid;
use tree::{Digest, Found, LOCK_PATH};

use crate::check::{Judged, judge};
use crate::disk::{Disk, GitDisk};
use crate::failure::Failure;
use crate::git::Git;
use crate::input::read;
use crate::settings::SETTINGS_PATH;
use crate::{baseline, builtin};

/// How many hexadecimal digits of a line's digest tell it from the others that say the same.
pub(crate) const DIGITS: usize = 16;

/// The commits that are compared with.
pub(crate) struct Before<'g> {
    /// Their repository.
    pub git: &'g Git,
    /// What one of them had was there before.
    pub commits: Vec<Oid>,
}

impl Before<'_> {
    /// Takes out of `judged`, which is what `disk` holds, what was found in the commits too; how much that was.
    ///
    /// # Errors
    /// Git's database, or the settings on `disk`, cannot be read.
    pub(crate) fn take_from(&self, disk: &impl Disk, judged: &mut Judged, program: &str) -> Result<usize, Failure> {
        let count = judged.found.len();
        let mut earlier = Earlier::default();
        for commit in &self.commits {
            if judged.found.is_empty() {
                break;
            }
            let mut disk_then = self.git.commit(*commit)?;
            // By the settings of now: that a rule is turned on brings nothing that it finds.
            disk_then.replace_file(SETTINGS_PATH, read(disk, Utf8Path::new(SETTINGS_PATH))?);
            if !may_have_had(&disk_then, judged) {
                continue;
            }
            let mut then = match judge(&disk_then, program) {
                Ok(then) => then,
                Err(_) if disk_then.lacks_files() => {
                    let message = format!("this clone lacks files of the commit {commit}");
                    return Err(Failure::usage(message, "clone without `--filter`, which leaves old files out"));
                }
                Err(_) => continue, // where nothing can be judged, all is new
            };
            earlier = earlier.or(Earlier::of(&then.sources, &then.found));
            if baseline::apply(&disk_then, &mut then, program).is_ok() {
                earlier = earlier.or(Earlier::of(&then.sources, &then.found));
            }
        }
        earlier.take_from(&judged.sources, &judged.files.names, &mut judged.found);
        Ok(count - judged.found.len())
    }
}

/// Whether any of what was found in `judged` may be found in `then`, which takes as long again to tell. A finding is known
/// by its line: it is new if `then` has none like it, neither in that file nor in one that is gone. A finding may also
/// point into what labtree itself writes: a built-in text, or the lock; or at nothing, which every text holds.
fn may_have_had(then: &GitDisk<'_>, judged: &Judged) -> bool {
    // None where it cannot be read, and may hold anything.
    let text = |path: &str| match then.read(Utf8Path::new(path)) {
        Ok(Found::File(bytes)) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Ok(Found::Absent | Found::Obstacle(_)) => Some(String::new()),
        Err(_) => None,
    };
    let is_gone = |path: &&str| !judged.files.names.contains(*path);
    let gone = LazyCell::new(|| then.files().filter(is_gone).map(text).collect::<Vec<_>>());
    let built_in: Vec<_> = builtin::templates().into_iter().chain(catalog::builtin()).collect();
    judged.found.iter().map(|finding| finding.primary.span).any(|span| {
        let (path, line) = (judged.sources.path(span), judged.sources.line_at(span).trim());
        let has_line = |text: &Option<String>| text.as_ref().is_none_or(|text| text.contains(line));
        let is_built_in = || built_in.iter().any(|(_, text)| text.contains(line));
        path == LOCK_PATH || has_line(&text(path)) || gone.iter().any(has_line) || is_built_in()
    })
}

/// What a finding is known by while lines move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// The path of the file that it points into.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// The first digits of the SHA-256 of the line that it points at, without the blanks around it.
    pub line: String,
    /// What it says.
    pub message: String,
}

impl Mark {
    /// The mark of `finding`.
    pub(crate) fn of(sources: &Sources, finding: &Diagnostic) -> Self {
        let span = finding.primary.span;
        let mut line = Digest::of(sources.line_at(span).trim()).to_string();
        line.truncate(DIGITS);
        Self {
            path: sources.path(span).to_owned(),
            rule: finding.rule.to_owned(),
            line,
            message: finding.message.clone(),
        }
    }

    /// The same for a file of any name.
    fn anywhere(&self) -> Self {
        let message = self.message.replace(&format!("`{}`", self.path), "``");
        Self { path: String::new(), message, ..self.clone() }
    }
}

/// Findings with how many there are of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Earlier(BTreeMap<Mark, usize>);

impl Earlier {
    /// Those that were found.
    pub(crate) fn of(sources: &Sources, found: &[Diagnostic]) -> Self {
        let mut earlier = Self::default();
        for finding in found {
            *earlier.0.entry(Mark::of(sources, finding)).or_default() += 1;
        }
        earlier
    }

    /// As many of each as `self` or `other` has.
    pub(crate) fn or(mut self, other: Self) -> Self {
        for (mark, count) in other.0 {
            self.add(mark, count);
        }
        self
    }

    /// At least `count` of `mark`.
    pub(crate) fn add(&mut self, mark: Mark, count: usize) {
        let known = self.0.entry(mark).or_default();
        *known = (*known).max(count);
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Mark, usize)> {
        self.0.iter().map(|(mark, count)| (mark, *count))
    }

    /// Takes out of `found` what was there before, and leaves in `self` what is there no more. A file that is not
    /// among `names` any more may have another name now, with the same findings on the same lines.
    pub(crate) fn take_from(&mut self, sources: &Sources, names: &BTreeSet<String>, found: &mut Vec<Diagnostic>) {
        let here = std::mem::take(found).into_iter().map(|finding| (Mark::of(sources, &finding), finding));
        let mut rest: Vec<_> = here.filter(|(mark, _)| !take(&mut self.0, mark)).collect();
        let is_gone = |path: &str| !names.contains(path);
        let mut moved = BTreeMap::<Mark, Vec<Mark>>::new();
        for (mark, count) in self.iter().filter(|(mark, _)| is_gone(&mark.path)) {
            moved.entry(mark.anywhere()).or_default().extend(std::iter::repeat_n(mark.clone(), count));
        }
        if !moved.is_empty() {
            rest.retain(|(mark, _)| match moved.get_mut(&mark.anywhere()).and_then(Vec::pop) {
                Some(was) => !take(&mut self.0, &was),
                None => true,
            });
        }
        *found = rest.into_iter().map(|(_, finding)| finding).collect();
    }
}

/// Takes one `mark` out of `marks`, if there is one.
fn take(marks: &mut BTreeMap<Mark, usize>, mark: &Mark) -> bool {
    let Some(count) = marks.get_mut(mark) else { return false };
    *count -= 1;
    if *count == 0 {
        marks.remove(mark);
    }
    true
}

#[cfg(test)]
mod tests {
    use diagnostic::Span;

    use super::*;

    /// One finding at each place of `word`, with what is said.
    fn found(files: &[(&str, &str)], word: &str) -> (Sources, BTreeSet<String>, Vec<Diagnostic>) {
        let (mut sources, mut found) = (Sources::default(), Vec::new());
        for (path, text) in files {
            let file = sources.add(*path, *text);
            let at = |(start, word): (usize, &str)| Span::new(file, start..start + word.len());
            let message = format!("`{path}` holds `{word}`");
            found.extend(text.match_indices(word).map(|place| Diagnostic::error("bad-word", at(place), &*message)));
        }
        (sources, files.iter().map(|(path, _)| (*path).to_owned()).collect(), found)
    }

    /// The lines that are new in `now`, and how many findings of `before` are gone.
    fn new(before: &[(&str, &str)], now: &[(&str, &str)]) -> (Vec<String>, usize) {
        let (sources, _, was) = found(before, "bad");
        let mut earlier = Earlier::of(&sources, &was);
        let (sources, names, mut is) = found(now, "bad");
        earlier.take_from(&sources, &names, &mut is);
        let lines = is.iter().map(|finding| {
            let span = finding.primary.span;
            format!("{}:{}", sources.path(span), sources.location(span).line)
        });
        (lines.collect(), earlier.iter().map(|(_, count)| count).sum())
    }

    #[test]
    fn what_moved_to_another_line_or_depth_is_not_new() {
        assert_eq!(new(&[("a", "x: bad\n")], &[("a", "y: 1\nz:\n  x: bad\n")]), (vec![], 0));
    }

    #[test]
    fn one_more_of_the_same_is_new() {
        assert_eq!(new(&[("a", "bad\n")], &[("a", "bad\nbad\n")]), (vec!["a:2".to_owned()], 0));
    }

    #[test]
    fn the_same_words_on_another_line_are_new() {
        assert_eq!(new(&[("a", "x: bad\n")], &[("a", "y: bad\n")]), (vec!["a:1".to_owned()], 1));
    }

    #[test]
    fn a_file_of_another_name_keeps_its_findings() {
        assert_eq!(new(&[("a", "x: bad\n")], &[("b", "x: bad\ny: bad\n")]), (vec!["b:2".to_owned()], 0));
    }

    #[test]
    fn a_copy_has_findings_of_its_own() {
        let copy = [("a", "x: bad\n"), ("b", "x: bad\n")];
        assert_eq!(new(&copy[..1], &copy), (vec!["b:1".to_owned()], 0));
    }

    #[test]
    fn a_merge_brings_what_neither_side_had() {
        let (sources, _, was) = found(&[("a", "bad\n")], "bad");
        let (other_sources, _, other) = found(&[("a", "bad\nx: bad\n")], "bad");
        let mut earlier = Earlier::of(&sources, &was).or(Earlier::of(&other_sources, &other));
        let (sources, names, mut is) = found(&[("a", "bad\nx: bad\ny: bad\n")], "bad");
        earlier.take_from(&sources, &names, &mut is);
        assert_eq!(is.len(), 1);
        assert_eq!(sources.location(is[0].primary.span).line, 3);
    }
}
