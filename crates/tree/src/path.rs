//! Which paths a rendered file may have, and where it is put down first.

use camino::{Utf8Path, Utf8PathBuf};

use crate::Digest;

/// The name of the lock, which stands in the root.
pub const LOCK_PATH: &str = "labtree.lock";

/// Why no rendered file may stand at `path`; `None` if one may.
///
/// A path that passes stays inside the root, is written in only one way, fits on one line of the lock, and is
/// neither the lock itself nor anything of git's.
pub fn path_fault(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if path.starts_with('/') {
        return Some("is absolute");
    }
    if path.bytes().any(|byte| byte == b'\\') {
        return Some("holds a backslash");
    }
    if path.bytes().any(|byte| byte.is_ascii_control()) || !path.is_ascii() && path.chars().any(char::is_control) {
        return Some("holds a control character");
    }
    if path == LOCK_PATH {
        return Some("is the lock itself");
    }
    path.split('/').find_map(|name| match name {
        "" => Some("has an empty name between two slashes"),
        "." => Some("has a `.` in it"),
        ".." => Some("leads out of its folder with `..`"),
        _ if name.eq_ignore_ascii_case(".git") => Some("lies in git's own folder"),
        _ => None,
    })
}

/// Where the text of this digest is put down before it is renamed to `path`. The digest in the name says whose work
/// it is: together with the pending digest in the lock, what a stopped run left cannot be taken for a person's file,
/// nor a person's for that.
pub fn draft_path(path: &Utf8Path, digest: Digest) -> Utf8PathBuf {
    let digest = digest.to_string();
    path.with_file_name(format!(".{}.{}.labtree~", path.file_name().unwrap_or_default(), &digest[..8]))
}

/// Whether `name` is what `draft_path` calls the draft of a file that is called `of`, whatever the text.
pub fn is_draft(name: &str, of: &str) -> bool {
    let rest = name.strip_prefix('.').and_then(|name| name.strip_prefix(of));
    let digest = rest.and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".labtree~"));
    digest.is_some_and(|digest| digest.len() == 8 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_told_by_its_name() {
        let draft = draft_path("a/b.yaml".into(), Digest::of("text"));
        let name = draft.file_name().expect("a draft has a name");
        assert!(is_draft(name, "b.yaml"), "{name}");
        assert!(!is_draft(name, "b"), "{name}");
        for other in
            ["b.yaml", ".b.yaml.labtree~", ".b.yaml.mine.labtree~", ".b.yaml.01234567", ".ab.yaml.01234567.labtree~"]
        {
            assert!(!is_draft(other, "b.yaml"), "{other}");
        }
    }

    #[test]
    fn a_path_that_leaves_the_root_or_the_tree_is_refused() {
        for path in [
            "",
            "/etc/passwd",
            "..",
            "../a",
            "a/../b",
            "a/..",
            "./a",
            "a//b",
            "a/",
            "a\\b",
            "a\nb",
            "a\tb",
            "a\0",
            ".git",
            ".git/config",
            "a/.GIT/hooks/x",
            "labtree.lock",
        ] {
            assert!(path_fault(path).is_some(), "{path}");
        }
    }

    #[test]
    fn an_ordinary_path_is_left_alone() {
        for path in
            ["a", "flux/apps/base/jellyfin/kustomization.yaml", ".gitignore", "a..b/..c", "größe/x y", "x/labtree.lock"]
        {
            assert_eq!(path_fault(path), None, "{path}");
        }
    }
}
