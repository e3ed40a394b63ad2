//! What Flux leaves out of the source that it makes of a repository: what the files `.sourceignore` say.
//!
//! source-controller reads such a file in every folder, the outer before the inner. Of all the patterns that fit a path
//! or a folder around it the last one decides, so that, unlike with git, a file comes back out of a folder that is left
//! out. Source: the package `sourceignore` of [fluxcd/pkg], and [Excluding files].
//!
//! [fluxcd/pkg]: https://github.com/fluxcd/pkg/tree/main/sourceignore
//! [Excluding files]: https://fluxcd.io/flux/components/source/gitrepositories/#excluding-files

use std::collections::{BTreeSet, HashMap};

use camino::Utf8Path;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use tree::Found;

use crate::disk::{Disk, DiskError, Doing};
use crate::failure::Failure;

const NAME: &str = ".sourceignore";

/// Those of `names`, the paths of all files of a repository, that are left out.
///
/// # Errors
/// The disk fails.
pub(crate) fn left_out(disk: &impl Disk, names: &BTreeSet<String>) -> Result<BTreeSet<String>, Failure> {
    let mut files: Vec<_> = names.iter().map(Utf8Path::new).filter(|path| path.file_name() == Some(NAME)).collect();
    files.sort_unstable(); // part by part, so that the outer come first
    let mut rules = Rules::default();
    for path in files {
        if let Found::File(bytes) = disk.read(path).map_err(DiskError::at(Doing::Read, path))? {
            rules.add(path.parent().unwrap_or(Utf8Path::new("")), &String::from_utf8_lossy(&bytes));
        }
    }
    if rules.patterns.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names = names.iter().map(String::as_str);
    Ok(names.filter(|path| rules.leave_out(Utf8Path::new(*path))).map(str::to_owned).collect())
}

/// The patterns, in the order in which they are read.
#[derive(Default)]
struct Rules<'p> {
    patterns: Vec<Pattern<'p>>,
    /// Which is the last that fits a folder, or one around it.
    of_folders: HashMap<&'p Utf8Path, Option<usize>>,
}

struct Pattern<'p> {
    /// The folder that it counts in.
    folder: &'p Utf8Path,
    glob: Gitignore,
}

impl<'p> Rules<'p> {
    fn add(&mut self, folder: &'p Utf8Path, text: &str) {
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let mut builder = GitignoreBuilder::new("");
            // A line that is no pattern fits nothing.
            if builder.add_line(None, line).is_ok()
                && let Ok(glob) = builder.build()
            {
                self.patterns.push(Pattern { folder, glob });
            }
        }
    }

    fn leave_out(&mut self, file: &'p Utf8Path) -> bool {
        let last = self.last(file, false);
        last.is_some_and(|at| self.patterns[at].glob.num_ignores() > 0)
    }

    /// The last pattern that fits `path` or a folder around it.
    fn last(&mut self, path: &'p Utf8Path, is_folder: bool) -> Option<usize> {
        if path == "" {
            return None;
        }
        if let Some(known) = self.of_folders.get(path) {
            return *known;
        }
        let around = path.parent().and_then(|around| self.last(around, true));
        let fits = |pattern: &Pattern<'_>| {
            let below = path.strip_prefix(pattern.folder);
            below.is_ok_and(|below| below != "" && !pattern.glob.matched(below, is_folder).is_none())
        };
        let last = self.patterns.iter().rposition(fits).max(around);
        if is_folder {
            self.of_folders.insert(path, last);
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::MemoryDisk;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let names = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let found = left_out(&MemoryDisk::of(files.iter().copied()), &names).expect("the disk can be read");
        assert_eq!(found.into_iter().filter(|path| !path.ends_with(NAME)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn all_but_some_folders_can_be_left_out() {
        let rules = "# only these\n/*\n!/apps/\n!/clusters/\n";
        let files =
            [(NAME, rules), ("README.md", ""), ("apps/a/b.yaml", ""), ("clusters/c.yaml", ""), ("x/apps/y", "")];
        check(&files, &["README.md", "x/apps/y"]);
    }

    #[test]
    fn the_last_pattern_that_fits_decides_also_below_a_folder_that_is_left_out() {
        let rules = "docs/\n*.yaml\n!docs/keep.md\n!/apps/\n*.draft.yaml\n";
        let files = [
            (NAME, rules),
            ("apps/a.draft.yaml", ""),
            ("apps/a.yaml", ""),
            ("docs/keep.md", ""),
            ("docs/other.md", ""),
            ("docs", ""),
            ("web.yaml", ""),
        ];
        check(&files, &["apps/a.draft.yaml", "docs/other.md", "web.yaml"]);
    }

    #[test]
    fn an_inner_file_counts_in_its_folder_and_goes_before_the_outer() {
        let files = [
            (NAME, "*.md\n"),
            ("apps/.sourceignore", "!keep.md\n/local/\n"),
            ("apps/keep.md", ""),
            ("apps/local/a.yaml", ""),
            ("keep.md", ""),
            ("local/a.yaml", ""),
        ];
        check(&files, &["apps/local/a.yaml", "keep.md"]);
    }
}
