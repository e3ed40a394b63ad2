//! The git repository around the root: what its next commit will hold, and what its commits hold.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{
    Commit, ConfigLevel, Error, ErrorCode, Index, IndexEntry, IndexEntryExtendedFlag, Oid, Repository,
    RepositoryOpenFlags,
};
use tree::Found;

use crate::disk::{Checkout, Disk as _, GitDisk, RealDisk};
use crate::failure::Failure;

/// So many unmerged files are named.
const NAMED: usize = 5;

/// A git repository with a working tree, as seen from a folder in it.
pub(crate) struct Git {
    repository: Repository,
    /// Where the root lies in it: `""`, or with a `/` behind.
    folder: String,
}

impl Git {
    /// The repository around `root`, an absolute path. What git tells a hook in the environment counts: for
    /// `git commit FILE`, the index is another one than usual.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub(crate) fn around(root: &Utf8Path) -> Result<Self, Failure> {
        // As git does itself: what lies in its database is hashed when it is put there, and by `git fsck`.
        git2::opts::strict_hash_verification(false);
        let opened = match std::env::var_os("GIT_DIR") {
            Some(_) => Repository::open_from_env(),
            None => Repository::open_ext(root, RepositoryOpenFlags::FROM_ENV, [] as [&OsStr; 0]),
        };
        let repository = opened.map_err(|error| match error.code() {
            ErrorCode::NotFound => Failure::usage(
                format!("`{root}` lies in no git repository"),
                "go into one, or name a folder in one with `--root`",
            ),
            ErrorCode::Owner => Failure::usage(
                format!("git trusts only your own repositories: {}", error.message()),
                format!("`git config --global --add safe.directory {root}` makes it one of them"),
            ),
            _ => cannot_read(&error),
        })?;
        if repository.workdir().is_none() {
            return Err(Failure::usage(
                format!("the git repository `{}` has no working tree", repository.path().display()),
                "go into one, or name a folder in one with `--root`",
            ));
        }
        let top = repository.workdir().and_then(|top| top.canonicalize().ok());
        let folder =
            top.as_deref().and_then(|top| root.as_std_path().strip_prefix(top).ok()).and_then(|below| below.to_str());
        let Some(folder) = folder else {
            let repository = repository.path().display();
            return Err(Failure::usage(
                format!("the root `{root}` lies outside of the working tree of `{repository}`"),
                "name a folder in it with `--root`",
            ));
        };
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(Self { repository, folder })
    }

    /// Where the root lies in the working tree: `""`, or with a `/` behind.
    pub(crate) fn folder(&self) -> &str {
        &self.folder
    }

    /// The folder that git runs hooks from, which need not be there.
    ///
    /// # Errors
    /// It is one for all repositories of this person, or its path is not UTF-8.
    pub(crate) fn hooks(&self) -> Result<Utf8PathBuf, Failure> {
        let config = self.repository.config().and_then(|mut config| config.snapshot());
        let config = config.map_err(|error| cannot_read(&error))?;
        let folder = match (config.get_path("core.hooksPath"), config.get_entry("core.hooksPath")) {
            (Ok(folder), Ok(entry)) if matches!(entry.level(), ConfigLevel::Local | ConfigLevel::Worktree) => {
                self.repository.workdir().unwrap_or(Path::new("")).join(folder)
            }
            (Ok(folder), _) => {
                let message = format!("`core.hooksPath` is `{}` for all of your repositories", folder.display());
                let help = "add `labtree check --staged --quiet` to the hook there, or run `git config core.hooksPath .git/hooks` for one in this repository";
                return Err(Failure::usage(message, help));
            }
            _ => self.repository.commondir().join("hooks"),
        };
        Utf8PathBuf::from_path_buf(folder).map_err(|folder| {
            let help = "set `core.hooksPath` to another folder";
            Failure::usage(format!("the path of the hooks is not UTF-8: {}", folder.display()), help)
        })
    }

    /// `path`, from the top of the working tree on if it lies below.
    pub(crate) fn shown(&self, path: &Utf8Path) -> String {
        let top = self.repository.workdir().unwrap_or(Path::new("/"));
        path.as_std_path().strip_prefix(top).unwrap_or(path.as_std_path()).display().to_string()
    }

    /// What the next commit will hold.
    ///
    /// # Errors
    /// A conflict is not resolved yet, of which git makes no commit; or git's database cannot be read.
    pub(crate) fn staged(&self) -> Result<GitDisk<'_>, Failure> {
        let index = self.repository.index().map_err(|error| cannot_read(&error))?;
        let is_unmerged = |flags: u16| flags & 0x3000 != 0;
        let unmerged = index.iter().filter(|entry| is_unmerged(entry.flags));
        let below = unmerged.filter_map(|entry| {
            let path = entry.path.strip_prefix(self.folder.as_bytes())?;
            Some(format!("`{}`", String::from_utf8_lossy(path)))
        });
        let paths: BTreeSet<String> = below.collect();
        if paths.is_empty() {
            return self.disk(index.iter());
        }
        let are = if paths.len() == 1 { "is" } else { "are" };
        let more = if paths.len() > NAMED { format!(" and {} more", paths.len() - NAMED) } else { String::new() };
        let named = paths.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        let help = "resolve the conflicts and `git add` the files: git makes no commit of them before";
        Err(Failure::usage(format!("{named}{more} {are} not merged yet"), help))
    }

    /// The commits that the next one will follow: one, several while a merge is under way, or none yet.
    ///
    /// # Errors
    /// Git's database cannot be read.
    pub(crate) fn parents(&mut self) -> Result<Vec<Oid>, Failure> {
        let mut parents = Vec::from_iter(self.head()?.map(|head| head.id()));
        let merged = self.repository.mergehead_foreach(|id| {
            parents.push(*id);
            true
        });
        match merged {
            Err(error) if error.code() != ErrorCode::NotFound => Err(cannot_read(&error)),
            _ => Ok(parents),
        }
    }

    /// The last commit that this branch has in common with `rev`.
    ///
    /// # Errors
    /// `rev` names no commit, or one that has nothing in common with this branch.
    pub(crate) fn fork(&self, rev: &str) -> Result<Oid, Failure> {
        let named = self.repository.revparse_single(rev).and_then(|named| named.peel_to_commit());
        let named = named.map_err(|_| {
            let help = match self.repository.is_shallow() {
                true => "the clone is shallow: `git fetch --unshallow` brings the commits that it lacks",
                false => "name a branch, a tag or a commit; `git fetch` brings those of the remote",
            };
            Failure::usage(format!("`{rev}` names no commit here"), help)
        })?;
        let head = self.head()?.ok_or_else(|| {
            Failure::usage("there is no commit on this branch yet", "leave out `--since`: everything is new")
        })?;
        self.repository.merge_base(named.id(), head.id()).map_err(|error| match error.code() {
            ErrorCode::NotFound => Failure::usage(
                format!("this branch has no commit in common with `{rev}`"),
                "if the clone is shallow, `git fetch --unshallow` brings the rest",
            ),
            _ => cannot_read(&error),
        })
    }

    /// What `commit` holds.
    ///
    /// # Errors
    /// Git's database cannot be read.
    pub(crate) fn commit(&self, commit: Oid) -> Result<GitDisk<'_>, Failure> {
        let read = || {
            let mut index = Index::new()?;
            index.read_tree(&self.repository.find_commit(commit)?.tree()?)?;
            Ok(index)
        };
        self.disk(read().map_err(|error| cannot_read(&error))?.iter())
    }

    /// What is part of the working tree and lies elsewhere: the files that a sparse checkout leaves out, and the file
    /// `.git/info/exclude` of a second working tree.
    ///
    /// # Errors
    /// The checkout is sparse, and git's index cannot be read.
    fn kept_elsewhere(&self) -> Result<GitDisk<'_>, Failure> {
        let is_sparse = self.repository.config().and_then(|config| config.get_bool("core.sparseCheckout"));
        let mut disk = match is_sparse {
            Ok(true) => {
                let is_left_out =
                    |entry: &IndexEntry| entry.flags_extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() != 0;
                let index = self.repository.index().map_err(|error| cannot_read(&error))?;
                self.disk(index.iter().filter(is_left_out))?
            }
            _ => self.disk([])?,
        };
        if self.folder.is_empty()
            && let Some(common) = Utf8Path::from_path(self.repository.commondir())
            && let Ok(common) = RealDisk::open(common)
            && let Ok(Found::File(exclude)) = common.read("info/exclude".into())
        {
            disk.replace_file(".git/info/exclude", Some(exclude));
        }
        Ok(disk)
    }

    fn disk(&self, entries: impl IntoIterator<Item = IndexEntry>) -> Result<GitDisk<'_>, Failure> {
        let database = self.repository.odb().map_err(|error| cannot_read(&error))?;
        Ok(GitDisk::new(database, entries, &self.folder))
    }

    fn head(&self) -> Result<Option<Commit<'_>>, Failure> {
        match self.repository.head().and_then(|head| head.peel_to_commit()) {
            Ok(head) => Ok(Some(head)),
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            Err(error) => Err(cannot_read(&error)),
        }
    }
}

/// `disk`, which is a working tree of `git`, if it is in one, as git sees it.
///
/// # Errors
/// The checkout is sparse, and git's index cannot be read.
pub(crate) fn checkout<'a, D>(disk: &'a D, git: Option<&'a Git>) -> Result<Checkout<'a, D>, Failure> {
    let kept = git.map(Git::kept_elsewhere).transpose()?;
    // A file that is only announced stands in the working tree already.
    let as_added = |entry: IndexEntry| IndexEntry { flags_extended: 0, ..entry };
    let tracked = move || git.and_then(|git| git.disk(git.repository.index().ok()?.iter().map(as_added)).ok());
    Ok(Checkout::new(disk, kept, tracked))
}

fn cannot_read(error: &Error) -> Failure {
    let message = error.message();
    let help = if message.contains("mandatory extension") {
        "labtree reads no split and no sparse index: `git update-index --no-split-index`, `git sparse-checkout reapply --no-sparse-index`"
    } else if message.contains("extension") || message.contains("object format") {
        "labtree reads repositories in git's usual format only; `labtree check` without `--staged` and `--since` reads the files"
    } else {
        "`git fsck` looks for damage"
    };
    Failure::usage(format!("cannot read the git repository: {message}"), help)
}
