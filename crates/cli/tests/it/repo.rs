//! Git repositories in temporary folders.

use std::process::{Command, Output};

use camino::Utf8Path;

use crate::lab::{Lab, Ran, labtree, run};

/// A git repository with a working tree.
pub(crate) struct Repo {
    pub(crate) lab: Lab,
}

/// `git` in `folder` as nobody in particular, with no settings of this machine.
pub(crate) fn git_command(folder: &Utf8Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    let settings = ["-c", "user.name=Alex", "-c", "user.email=alex@example.org", "-c", "protocol.file.allow=always"];
    command.args(settings).args(arguments).current_dir(folder).env_clear();
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("HOME", "/nonexistent");
    command.env("GIT_EDITOR", "true").env("LC_ALL", "C");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

impl Repo {
    /// A repository without a commit.
    pub(crate) fn new() -> Self {
        Self::of(Lab::empty())
    }

    /// The folder of `lab` as a repository without a commit.
    pub(crate) fn of(lab: Lab) -> Self {
        let repo = Self { lab };
        repo.git(&["init", "--quiet", "--initial-branch", "main", "--template="]);
        repo
    }

    pub(crate) fn root(&self) -> &Utf8Path {
        self.lab.root()
    }

    /// Runs git, which must succeed; what it prints.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs git, which may fail.
    pub(crate) fn try_git(&self, arguments: &[&str]) -> Output {
        git_command(self.root(), arguments).output().unwrap()
    }

    /// Writes a file and stages it.
    pub(crate) fn stage(&self, path: &str, text: &str) {
        self.lab.write(path, text);
        self.git(&["add", "--", path]);
    }

    /// Commits what is staged.
    pub(crate) fn commit(&self) {
        self.git(&["commit", "--quiet", "--allow-empty", "--no-verify", "--message", "A change"]);
    }

    /// Puts `script` in the place of git's hook.
    pub(crate) fn hook(&self, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.root().join(".git/hooks/pre-commit");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What `labtree check --staged` finds.
    #[track_caller]
    pub(crate) fn staged(&self) -> Vec<String> {
        self.found(&["--staged"])
    }

    /// What `labtree check` finds with `arguments`: the place and the rule of each.
    #[track_caller]
    pub(crate) fn found(&self, arguments: &[&str]) -> Vec<String> {
        places(&self.lab.run(&[&["check", "--format", "json", "--fail-on", "error"], arguments].concat()))
    }
}

/// The places and rules in a JSON document.
#[track_caller]
pub(crate) fn places(ran: &Ran) -> Vec<String> {
    assert!(ran.status < 2, "{ran}");
    let document = ran.json();
    let findings = document["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| format!("{}:{} {}", text(&finding["path"]), finding["line"], text(&finding["rule"])))
        .collect()
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap()
}

/// Runs the binary in `folder`.
pub(crate) fn run_in(folder: &Utf8Path, arguments: &[&str]) -> Ran {
    run(&mut labtree(folder, arguments))
}
