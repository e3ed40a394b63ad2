//! Paths in a kustomization: those inside the repository, and those that lead elsewhere.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// `path` as seen from `folder`, without `.` and `..`; `None` if it leads out of the repository.
pub(crate) fn join(folder: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
    let mut joined = folder.to_owned();
    for part in Utf8Path::new(path).components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                if !joined.pop() {
                    return None;
                }
            }
            Utf8Component::Normal(name) => joined.push(name),
            Utf8Component::RootDir | Utf8Component::Prefix(_) => return None,
        }
    }
    Some(joined)
}

/// Whether `path` is fetched over the network as a file.
pub(crate) fn is_remote_file(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.starts_with("http://") || path.starts_with("https://")
}

/// Whether kustomize takes `path` for a repository that is cloned: it has a scheme, a user, or is one of GitHub.
pub(crate) fn is_repository(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let path = lower.strip_prefix("git::").unwrap_or(&lower);
    let path = path.split('?').next().unwrap_or_default();
    let has_scheme = ["ssh://", "https://", "http://", "file://"].iter().any(|scheme| path.starts_with(scheme));
    let is_github = ["github.com/", "github.com:", "gh:"].iter().any(|host| path.starts_with(host));
    let is_scp = path
        .split_once('@')
        .is_some_and(|(user, rest)| !user.is_empty() && !user.contains(['/', ':']) && rest.split_once(':').is_some());
    has_scheme || is_github || is_scp
}

/// Whether a part of `path` has `..` inside a longer name, which is what two list items of one line look like.
pub(crate) fn is_ambiguous(path: &str) -> bool {
    path.split('/').any(|part| part != ".." && part.contains(".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_joined_as_the_disk_would() {
        let cases = [
            ("apps/web", "../base", Some("apps/base")),
            ("apps/web", "./web.yaml", Some("apps/web/web.yaml")),
            ("apps", "..", Some("")),
            ("apps", "../..", None),
            ("apps", "/etc", None),
        ];
        for (folder, path, joined) in cases {
            assert_eq!(join(Utf8Path::new(folder), path).as_deref(), joined.map(Utf8Path::new), "{path} from {folder}");
        }
    }

    #[test]
    fn a_repository_is_told_from_a_folder() {
        let far =
            ["https://example.org/a/b", "git@example.org:a/b", "github.com/a/b?ref=v1", "ssh://git@example.org/a"];
        for path in far {
            assert!(is_repository(path), "{path}");
        }
        for path in ["../base", "github.com", "apps/a@b", "a:b"] {
            assert!(!is_repository(path), "{path}");
        }
        assert!(is_ambiguous("../base - ../other") && !is_ambiguous("../../base"));
    }
}
