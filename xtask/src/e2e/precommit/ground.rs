//! Repositories with pre-commit in them.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::Bench;
use crate::{Failure, repository, say};

/// Where the hooks come from, and where pre-commit keeps what it built.
pub(super) struct Ground<'b> {
    bench: &'b Bench,
    /// A virtual environment with pre-commit.
    environment: Utf8PathBuf,
    /// A repository of this checkout as it is, with one commit.
    source: Utf8PathBuf,
    commit: String,
}

/// A repository, or another working tree of one.
pub(super) struct Repo<'b> {
    ground: &'b Ground<'b>,
    pub(super) folder: Utf8PathBuf,
}

/// What a run of git left.
pub(super) struct Ran {
    /// Whether it ended with status 0.
    pub(super) made: bool,
    /// All it printed.
    pub(super) said: String,
}

impl<'b> Ground<'b> {
    /// Makes the repository that the hooks come from, and has pre-commit build them.
    pub(super) fn new(bench: &'b Bench) -> Result<Self, Failure> {
        let environment = bench.tools.pre_commit()?;
        let source = bench.tools.kept("pre-commit-source");
        let mut ground = Self { bench, environment, source, commit: String::new() };
        ground.copy_checkout()?;
        let (home, built) = (bench.tools.kept("pre-commit-home"), bench.tools.kept("pre-commit-built"));
        if home.exists() && fs::read_to_string(&built).ok().as_ref() != Some(&ground.commit) {
            // Cargo knows a package by its place in the workspace: while an older clone lies there, what it looks at to
            // tell whether something changed is that.
            fs::remove_dir_all(&home)?;
        }
        say("building the hooks …");
        let repo = ground.repo("build")?;
        let mut install = ground.command("pre-commit", &repo.folder);
        let done = install.args(["install", "--install-hooks"]).output()?;
        if !done.status.success() {
            return Err(format!("pre-commit cannot build the hooks: {done:?}").into());
        }
        fs::write(built, &ground.commit)?;
        Ok(ground)
    }

    /// The files of this checkout as one commit, which is the same as long as they are.
    fn copy_checkout(&mut self) -> Result<(), Failure> {
        if self.source.exists() {
            fs::remove_dir_all(&self.source)?;
        }
        fs::create_dir_all(&self.source)?;
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(repository())
            .output()?;
        for path in String::from_utf8(listed.stdout)?.split_terminator('\0') {
            let (from, to) = (repository().join(path), self.source.join(path));
            if from.is_file() {
                fs::create_dir_all(to.parent().unwrap_or(&self.source))?;
                fs::copy(from, to)?;
            }
        }
        let run = |arguments: &[&str]| checked(self.git(&self.source, arguments), arguments);
        run(&["init", "--quiet", "--initial-branch", "main"])?;
        run(&["add", "--all"])?;
        run(&["commit", "--quiet", "--no-verify", "--message", "As it is"])?;
        self.commit = run(&["rev-parse", "HEAD"])?.said.trim().to_owned();
        Ok(())
    }

    /// A repository without a commit in which pre-commit is installed.
    pub(super) fn repo(&self, name: &str) -> Result<Repo<'_>, Failure> {
        let repo = Repo { ground: self, folder: self.bench.folder(name)? };
        repo.git(&["init", "--quiet", "--initial-branch", "main", "--template="])?;
        repo.configure(&[("labtree-check", "")])?;
        let done = self.command("pre-commit", &repo.folder).arg("install").output()?;
        if done.status.success() { Ok(repo) } else { Err(format!("`pre-commit install`: {done:?}").into()) }
    }

    /// The same with a commit in which nothing is wrong.
    pub(super) fn begun(&self, name: &str) -> Result<Repo<'_>, Failure> {
        let repo = self.repo(name)?;
        repo.unchecked()?;
        Ok(repo)
    }

    /// `program` in `folder`, with nobody's settings of git.
    fn command(&self, program: &str, folder: &Utf8Path) -> Command {
        let own = self.environment.join("bin");
        let program = if own.join(program).exists() { own.join(program).into_string() } else { program.to_owned() };
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.current_dir(folder).env("PATH", format!("{own}:{path}"));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_EDITOR", "true");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Alex").env(format!("GIT_{who}_EMAIL"), "alex@example.org");
            command.env(format!("GIT_{who}_DATE"), "2026-01-01T00:00:00Z");
        }
        let tools = &self.bench.tools;
        command.env("PRE_COMMIT_HOME", tools.kept("pre-commit-home"));
        command.env("CARGO_TARGET_DIR", tools.kept("pre-commit-target")).env("MATURIN_PEP517_ARGS", "--profile dev");
        command
    }

    fn git(&self, folder: &Utf8Path, arguments: &[&str]) -> Result<Ran, Failure> {
        let mut git = self.command("git", folder);
        let done = git.args(["-c", "protocol.file.allow=always"]).args(arguments).output()?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        Ok(Ran { made: done.status.success(), said })
    }
}

/// A run that must have succeeded.
fn checked(ran: Result<Ran, Failure>, arguments: &[&str]) -> Result<Ran, Failure> {
    let ran = ran?;
    if ran.made { Ok(ran) } else { Err(format!("git {}: {}", arguments.join(" "), ran.said).into()) }
}

impl<'b> Repo<'b> {
    /// Runs git, which must succeed.
    pub(super) fn git(&self, arguments: &[&str]) -> Result<(), Failure> {
        checked(self.try_git(arguments), arguments).map(drop)
    }

    /// Runs git, which may fail.
    pub(super) fn try_git(&self, arguments: &[&str]) -> Result<Ran, Failure> {
        self.ground.git(&self.folder, arguments)
    }

    /// `git commit` with `arguments`, through the hooks.
    pub(super) fn commit(&self, arguments: &[&str]) -> Result<Ran, Failure> {
        self.try_git(&[&["commit", "--message", "A change"], arguments].concat())
    }

    /// Commits what is staged and asks nobody.
    pub(super) fn unchecked(&self) -> Result<(), Failure> {
        self.git(&["commit", "--quiet", "--no-verify", "--message", "A change"])
    }

    pub(super) fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        Ok(fs::write(path, text)?)
    }

    /// Writes a file and stages it.
    pub(super) fn stage(&self, path: &str, text: &str) -> Result<(), Failure> {
        self.write(path, text)?;
        self.git(&["add", "--", path])
    }

    /// Stages a configuration of pre-commit with these hooks and their arguments.
    pub(super) fn configure(&self, hooks: &[(&str, &str)]) -> Result<(), Failure> {
        let Ground { source, commit, .. } = self.ground;
        let hooks: String =
            hooks.iter().map(|(id, arguments)| format!("      - id: {id}\n        args: [{arguments}]\n")).collect();
        let text = format!("repos:\n  - repo: {source}\n    rev: {commit}\n    hooks:\n{hooks}");
        self.stage(".pre-commit-config.yaml", &text)
    }

    /// Another working tree of it.
    pub(super) fn tree(&self, name: &str) -> Result<Repo<'b>, Failure> {
        let folder = self.ground.bench.folder(name)?;
        self.git(&["worktree", "add", "--quiet", "--force", folder.as_str()])?;
        Ok(Repo { ground: self.ground, folder })
    }
}
