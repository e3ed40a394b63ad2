//! `labtree hook`: git's hook that judges each commit before it is made.

use camino::{Utf8Path, Utf8PathBuf};
use tree::Found;

use crate::Outcome;
use crate::args::Hook;
use crate::disk::{Disk, DiskError, Doing, RealDisk, reason, write_new};
use crate::failure::Failure;
use crate::git::Git;
use crate::standing::Standing;
use crate::terminal::Terminal;

/// The hook that git runs before it makes a commit; a commit is made only if it ends with status 0.
const NAME: &str = "pre-commit";

const HEAD: &str = "\
#!/bin/sh
# Written by `labtree hook install`; `labtree hook uninstall` removes it.
if ! command -v labtree >/dev/null; then
  echo 'labtree is not on the PATH; `git commit --no-verify` commits without it' >&2
  exit 1
fi
";

const CHECK: &str = "labtree check --staged --quiet";

/// Writes the hook for the lab or repository that the person stands in, or removes it.
///
/// # Errors
/// There is no git repository, or another hook stands there.
pub(crate) fn run(standing: &Standing, what: &Hook, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let git = Git::around(&standing.root)?;
    let folder = git.hooks()?;
    let file = Utf8PathBuf::from_iter([folder.file_name().unwrap_or_default(), NAME]);
    let (above, shown) = (folder.parent().unwrap_or(&folder), git.shown(&folder.join(NAME)));
    let disk = RealDisk::open(above).map_err(|error| {
        let message = format!("cannot open the folder `{above}`, in which git looks for hooks: {}", reason(&error));
        Failure::usage(message, "make it, or change `core.hooksPath`")
    })?;
    let found = disk.read(&file).map_err(DiskError::at(Doing::Read, &file))?;
    match what {
        Hook::Install => install(&disk, &file, &found, &script(git.folder()), &shown, terminal),
        Hook::Uninstall => uninstall(&disk, &file, &found, &shown, terminal),
    }
}

fn install(
    disk: &impl Disk,
    file: &Utf8Path,
    found: &Found,
    script: &str,
    shown: &str,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    match found {
        Found::Absent => {
            write_new(disk, file, script)?;
            disk.allow_running(file).map_err(DiskError::at(Doing::Write, file))?;
            terminal.say(format!("wrote {shown}: git judges each commit before it is made"));
            Ok(Outcome::Clean)
        }
        Found::File(bytes) if bytes == script.as_bytes() => {
            terminal.say(format!("{shown} is there already"));
            Ok(Outcome::Clean)
        }
        Found::File(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            let check = script.lines().last().unwrap_or(CHECK).trim_start_matches("exec ");
            let help = if text.contains("pre-commit.com") {
                "it is that of pre-commit: add the hook `labtree-check` to `.pre-commit-config.yaml`".to_owned()
            } else if text.contains("lefthook") {
                format!("it is that of lefthook: let a command of `pre-commit` in `lefthook.yml` run `{check}`")
            } else {
                format!("add this line to it: `{check}`")
            };
            Err(Failure::usage(format!("there is a hook already: `{shown}`"), help))
        }
        Found::Obstacle(by) => Err(Failure::usage(format!("`{shown}` {by}"), "move it away")),
    }
}

fn uninstall(
    disk: &impl Disk,
    file: &Utf8Path,
    found: &Found,
    shown: &str,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    match found {
        Found::Absent => terminal.say(format!("there is no {shown}")),
        Found::File(bytes) if is_ours(bytes) => {
            disk.remove_file(file).map_err(DiskError::at(Doing::Remove, file))?;
            terminal.say(format!("removed {shown}"));
        }
        Found::File(_) | Found::Obstacle(_) => {
            return Err(Failure::usage(
                format!("`{shown}` is not as `labtree hook install` wrote it"),
                "take out what runs labtree by hand",
            ));
        }
    }
    Ok(Outcome::Clean)
}

/// The hook for a lab in the folder `below` of its repository. Git runs it at the top of the working tree.
fn script(below: &str) -> String {
    let root = match below.trim_end_matches('/') {
        "" => String::new(),
        below => format!(" --root '{}'", below.replace('\'', r"'\''")),
    };
    format!("{HEAD}exec {CHECK}{root}\n")
}

/// Whether `install` wrote it, for whatever folder.
fn is_ours(bytes: &[u8]) -> bool {
    let line = str::from_utf8(bytes).ok().and_then(|text| text.strip_prefix(HEAD));
    let root = line.and_then(|line| line.strip_prefix("exec ")?.strip_prefix(CHECK)?.strip_suffix('\n'));
    root.is_some_and(|root| root.is_empty() || (root.starts_with(" --root '") && root.ends_with('\'')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_known_again_for_whatever_folder_and_not_once_it_was_changed() {
        for below in ["", "lab/", "a lab/it's/"] {
            assert!(is_ours(script(below).as_bytes()), "{below}");
            assert!(!is_ours((script(below) + "make test\n").as_bytes()), "{below}");
        }
        assert!(script("a lab/it's/").ends_with("exec labtree check --staged --quiet --root 'a lab/it'\\''s'\n"));
        assert!(!is_ours(b"#!/bin/sh\n"));
    }
}
