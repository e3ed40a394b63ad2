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

#[cfg(test)]
mod tests {
    use super::*;

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
