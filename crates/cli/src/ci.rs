//! `labtree ci`: the workflow that runs `labtree check` where a repository is hosted.

use camino::Utf8Path;
use tree::Found;

use crate::Outcome;
use crate::args::{Ci, Host};
use crate::disk::{Disk, DiskError, Doing, RealDisk, write_new};
use crate::failure::Failure;
use crate::standing::Standing;
use crate::terminal::Terminal;

impl Host {
    /// Where it looks for the workflow, from the root of the git repository on.
    fn path(self) -> &'static str {
        match self {
            Host::Github => ".github/workflows/labtree.yml",
            Host::Gitlab => ".gitlab-ci.yml",
            Host::Forgejo => ".forgejo/workflows/labtree.yml",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Host::Github => include_str!("ci/github.yml"),
            Host::Gitlab => include_str!("ci/gitlab.yml"),
            Host::Forgejo => include_str!("ci/forgejo.yml"),
        }
    }
}

/// Prints or writes the workflow for the lab or repository that the person stands in.
///
/// # Errors
/// The place is taken, or a name cannot stand in a workflow.
pub(crate) fn run(standing: &Standing, arguments: &Ci, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let below = standing.folder_in_repository();
    let text = workflow(arguments.host, &arguments.git, &below)?;
    if !arguments.write {
        terminal.write(&text);
        return Ok(Outcome::Clean);
    }
    let root = standing.root.as_str().strip_suffix(below.trim_end_matches('/')).unwrap_or(standing.root.as_str());
    let disk = RealDisk::open(Utf8Path::new(root))
        .map_err(|error| Failure::from(DiskError::at(Doing::Read, Utf8Path::new(root))(error)))?;
    let path = Utf8Path::new(arguments.host.path());
    match disk.read(path).map_err(DiskError::at(Doing::Read, path))? {
        Found::Absent => {
            write_new(&disk, path, &text)?;
            terminal.say(format!("wrote {path}; commit it"));
        }
        Found::File(bytes) if bytes == text.as_bytes() => terminal.say(format!("{path} is there already")),
        _ => {
            let help = "run this without `--write`, and take what it prints into your own file";
            return Err(Failure::usage(format!("`{path}` is there already, with something else in it"), help));
        }
    }
    Ok(Outcome::Clean)
}

/// The workflow for a lab in the folder `below` of its repository, which installs this version from the repository
/// `git`.
fn workflow(host: Host, git: &str, below: &str) -> Result<String, Failure> {
    let root = if below.is_empty() { "." } else { below.trim_end_matches('/') };
    for (what, text) in [("address", git), ("path", root)] {
        if let Some(sign) = text.chars().find(|sign| !sign.is_alphanumeric() && !"/:.@_-+~%=,".contains(*sign)) {
            let message = format!("the {what} `{}` cannot stand in a workflow: it holds {sign:?}", text.escape_debug());
            return Err(Failure::usage(
                message,
                "a shell reads it there; use one of letters, digits and `/:.@_-+~%=,`",
            ));
        }
    }
    if git.split_once("://").is_none_or(|(scheme, rest)| scheme.is_empty() || rest.is_empty()) {
        // As git takes it and cargo does not: `git@git.example.org:alex/labtree`.
        let host =
            git.split_once(':').filter(|(host, path)| !host.is_empty() && !host.contains('/') && !path.is_empty());
        let whole = host.map(|(host, path)| format!("ssh://{host}/{}", path.trim_start_matches('/')));
        let help = whole.unwrap_or_else(|| String::from("https://git.example.org/alex/labtree"));
        let message = format!("cargo installs from no `{git}`: it is no address with `https://` or `ssh://`");
        return Err(Failure::usage(message, format!("for example `--git {help}`")));
    }
    let template = host.template();
    Ok(template.replace("@version@", env!("CARGO_PKG_VERSION")).replace("@git@", git).replace("@root@", root))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: [Host; 3] = [Host::Github, Host::Gitlab, Host::Forgejo];

    #[test]
    fn every_workflow_is_filled_in_and_pinned() {
        for host in HOSTS {
            let text = workflow(host, "https://git.example.org/alex/labtree", "home/lab/").expect("it can be made");
            assert!(text.contains("check --root home/lab"), "{text}");
            assert!(text.contains(&format!(
                "--git https://git.example.org/alex/labtree --tag v{} labtree",
                env!("CARGO_PKG_VERSION")
            )));
            let left = ["@version@", "@git@", "@root@"].into_iter().find(|place| text.contains(place));
            assert_eq!(left, None, "{text}");
            for line in text.lines().filter(|line| line.contains("uses: ")) {
                let pinned = line.split_once('@').is_some_and(|(_, version)| {
                    let (commit, comment) = version.split_once(" # v").unwrap_or_default();
                    commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) && comment.contains('.')
                });
                assert!(pinned, "{line}");
            }
        }
    }

    #[test]
    fn what_a_shell_would_read_otherwise_is_refused() {
        for (git, below) in
            [("https://x.example.org/a b", ""), ("$(id)", ""), ("x", "a;b/"), ("x", "a\nb/"), ("x", "${{/")]
        {
            for host in HOSTS {
                assert!(workflow(host, git, below).is_err(), "{git} {below}");
            }
        }
    }
}
