//! What the help of each command teaches by: commands to type, with what each does.

use clap::builder::StyledStr;
use clap::{Command, CommandFactory};

use crate::args::{Cli, STYLES};

/// A command, and lines that can be typed, each with what it does.
type Examples = (&'static str, &'static [(&'static str, &'static str)]);

/// Columns of the usual terminal. Where an example does not fit into them, what it does stands below it.
const TERMINAL: usize = 80;

/// Those of every command that does something.
pub(crate) const EXAMPLES: &[Examples] = &[
    (
        "init",
        &[
            ("labtree init lab", "a lab in the new folder lab"),
            ("labtree init lab --domain home.example.org", "with hosts below that domain"),
        ],
    ),
    (
        "generate",
        &[
            ("labtree generate --dry-run --diff", "show what would be written"),
            ("labtree generate", "write what changed"),
            ("labtree generate --check", "in CI: status 1 if something is out of date"),
        ],
    ),
    (
        "check",
        &[
            ("labtree check tofu flux/apps/grafana.yaml", "show only what is found there"),
            ("labtree check --staged", "judge the next commit; `labtree hook install` lets git do it"),
            ("labtree check --since origin/main", "judge a branch; `labtree ci` writes whole workflows"),
            ("labtree check --write-baseline", "keep silent about what is found now"),
        ],
    ),
    (
        "fmt",
        &[
            ("labtree fmt", "lay out every file"),
            ("labtree fmt --check --diff tofu", "show what would change in one folder"),
        ],
    ),
    (
        "explain",
        &[
            ("labtree explain shared-ldap-base-dn", "why it is found, and how to mend it"),
            ("labtree explain plain-secret --color always | less -R", "in colours, page by page"),
        ],
    ),
    (
        "rules",
        &[
            ("labtree rules", "all of them"),
            ("labtree rules flux", "those about Flux"),
            ("labtree rules --format json", "for a program"),
        ],
    ),
    (
        "why",
        &[
            ("labtree why docs/authentik.md:12", "which entry and which template line a line comes from"),
            ("labtree why tofu/tf-deploy/authentik/locals.tf:20:15", "of that column only"),
        ],
    ),
    (
        "templates",
        &[
            ("labtree templates", "list them"),
            ("labtree templates docs/authentik.md.j2 > templates/docs/authentik.md.j2", "start one of your own"),
        ],
    ),
    (
        "new app",
        &[
            ("labtree new app immich", "ask for what neither a flag nor the catalog says"),
            ("labtree new app photos --catalog immich --url https://photos.example.org --allow family", "ask nothing"),
            (
                "labtree new app blog --redirect-uri /cb --allow everyone --dry-run",
                "one that the catalog does not know",
            ),
            ("labtree new app --list", "what the catalog knows"),
        ],
    ),
    (
        "remove app",
        &[
            ("labtree remove app immich --dry-run", "show what would change"),
            ("labtree remove app immich", "remove it, and tell what else is to be done"),
        ],
    ),
    (
        "rename app",
        &[
            ("labtree rename app immich photos", "OpenTofu keeps what it made for immich"),
            ("labtree rename app photos immich", "take that back"),
        ],
    ),
    (
        "list apps",
        &[
            ("labtree list apps", "how they log people in, where they run, who may open them"),
            ("labtree list apps --format json", "for a program"),
        ],
    ),
    (
        "graph",
        &[
            ("labtree graph flux", "what waits for what, for a page in Markdown"),
            ("labtree graph flows --format dot | dot -Tsvg > flows.svg", "the stages of each flow, as a picture"),
            ("labtree graph apps", "which groups may open which application"),
        ],
    ),
    (
        "hook install",
        &[
            ("labtree hook install", "judge each commit of this repository before it is made"),
            ("labtree hook install --root lab", "only what lies in a folder of it"),
        ],
    ),
    (
        "hook uninstall",
        &[
            ("labtree hook uninstall", "remove what `labtree hook install` wrote"),
            ("labtree hook uninstall --root lab", "from elsewhere"),
        ],
    ),
    (
        "schema import",
        &[
            ("kubectl get crd -o yaml | labtree schema import -", "the kinds of your cluster"),
            ("tofu providers schema -json | labtree schema import -", "the providers of a root, in its folder"),
            ("labtree schema import schemas.json --lock tofu/.terraform.lock.hcl", "from a file"),
        ],
    ),
    (
        "schema list",
        &[
            ("labtree schema list", "what is known, and where it comes from"),
            ("labtree schema list --format json", "for a program"),
        ],
    ),
    (
        "config show",
        &[
            ("labtree config show", "the settings, and the rules that labtree.toml names"),
            ("labtree config show --all --format json", "with every rule, for a program"),
        ],
    ),
    (
        "ci",
        &[
            ("labtree ci github --git https://git.example.org/alex/labtree", "look at it"),
            ("labtree ci gitlab --git https://git.example.org/alex/labtree --write", "write .gitlab-ci.yml"),
        ],
    ),
    (
        "man",
        &[
            ("labtree man check", "print one page"),
            ("labtree man check | man -l -", "read it"),
            ("labtree man --to ~/.local/share/man/man1", "install all of them"),
        ],
    ),
    (
        "completions",
        &[
            ("labtree completions bash > ~/.local/share/bash-completion/completions/labtree", "for bash"),
            ("labtree completions fish > ~/.config/fish/completions/labtree.fish", "for fish"),
        ],
    ),
];

/// The command line, with examples in the help.
pub(crate) fn command() -> Command {
    EXAMPLES.iter().fold(Cli::command(), |command, (path, examples)| {
        add(command, &path.split(' ').collect::<Vec<_>>(), &text(examples))
    })
}

fn add(command: Command, path: &[&str], text: &StyledStr) -> Command {
    match path {
        [] => command.after_help(text.clone()),
        [first, rest @ ..] => command.mut_subcommand(*first, |command| add(command, rest, text)),
    }
}

fn text(examples: &[(&str, &str)]) -> StyledStr {
    let (header, literal) = (STYLES.get_header(), STYLES.get_literal());
    let width = examples.iter().map(|(line, _)| line.len()).max().unwrap_or_default();
    let are_beside = examples.iter().all(|(_, about)| 2 + width + 2 + about.len() <= TERMINAL);
    let mut text = format!("{header}Examples:{header:#}");
    for (line, about) in examples {
        let space = if are_beside { " ".repeat(width - line.len() + 2) } else { String::from("\n          ") };
        text.push_str(&format!("\n  {literal}{line}{literal:#}{space}{about}"));
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command that does something, by the words that lead to it.
    fn leaves(command: &Command, path: &str, found: &mut Vec<String>) {
        let mut below = command.get_subcommands().filter(|below| below.get_name() != "help").peekable();
        if below.peek().is_none() {
            found.push(path.trim_start().to_owned());
        }
        below.for_each(|below| leaves(below, &format!("{path} {}", below.get_name()), found));
    }

    #[test]
    fn every_command_has_two_to_four_examples() {
        let mut found = Vec::new();
        leaves(&Cli::command(), "", &mut found);
        assert_eq!(EXAMPLES.iter().map(|(path, _)| *path).collect::<Vec<_>>(), found);
        for (path, examples) in EXAMPLES {
            assert!((2..=4).contains(&examples.len()), "{path}");
        }
    }

    #[test]
    fn every_example_can_be_typed() {
        for (path, examples) in EXAMPLES {
            for (line, _) in *examples {
                let mut parts = line.split(['|', '>']).map(str::trim);
                let typed = parts.find(|part| part.starts_with(&format!("labtree {path}"))).expect(line);
                let parsed = command().try_get_matches_from(typed.split_whitespace());
                assert!(parsed.is_ok(), "{line}: {parsed:?}");
            }
        }
    }
}
