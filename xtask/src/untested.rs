//! `cargo xtask untested`: rendered files that no test makes an assertion about.
//!
//! A test says what it is about in a line above it: `// covers: docs/authentik.md`. A segment `__app__` stands for
//! any name.

use std::fs;

use camino::Utf8Path;

use crate::{Failure, lab, repository, say};

/// Lists them; `true` if there is none.
pub(crate) fn run() -> Result<bool, Failure> {
    let mut covered = Vec::new();
    collect(&repository().join("crates"), &mut covered)?;
    let lock = fs::read_to_string(lab().join("labtree.lock"))?;
    let rendered = lock.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once("  "));
    let mut all = true;
    for (_, path) in rendered {
        if !covered.iter().any(|pattern| matches(pattern, path)) {
            say(path);
            all = false;
        }
    }
    Ok(all)
}

/// The patterns behind `// covers: ` in all Rust files below `folder`.
fn collect(folder: &Utf8Path, covered: &mut Vec<String>) -> Result<(), Failure> {
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(entry.path(), covered)?;
        } else if entry.path().extension() == Some("rs") {
            let text = fs::read_to_string(entry.path())?;
            let lines = text.lines().filter_map(|line| line.trim().strip_prefix("// covers: "));
            covered.extend(lines.map(|pattern| pattern.trim().to_owned()));
        }
    }
    Ok(())
}

/// Whether `path` is what `pattern` names.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once("__").and_then(|(before, rest)| Some((before, rest.split_once("__")?.1))) {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            let end = rest.find('/').unwrap_or(rest.len());
            (1..=end).any(|name| rest.is_char_boundary(name) && matches(after, &rest[name..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_pattern_stands_for_one_segment_or_a_part_of_it() {
        assert!(matches("flux/apps/base/__app__/__secret__.yaml", "flux/apps/base/gitea/gitea-oidc.yaml"));
        assert!(matches("docs/authentik.md", "docs/authentik.md"));
        assert!(!matches("flux/apps/base/__app__/kustomization.yaml", "flux/apps/base/a/b/kustomization.yaml"));
        assert!(!matches("flux/apps/base/__app__.yaml", "flux/apps/base/.yaml"));
    }
}
