//! `labtree init`: a complete lab to start from, which is the example lab under names of one's own.

use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::did_you_mean;

use crate::Outcome;
use crate::args::{Format, Generate, Init};
use crate::disk::{Disk, DiskError, Doing, RealDisk, write_new};
use crate::failure::Failure;
use crate::generate;
use crate::standing::Standing;
use crate::terminal::Terminal;

/// A file of the example lab: its path, and its text.
macro_rules! example {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../fixtures/hdhomelab/", $path)))
    };
}

/// What a person writes in a lab, as the example lab has it. Everything else is rendered, and `flux bootstrap`
/// writes the folder `flux-system`.
const FILES: &[(&str, &str)] = &[
    example!(".gitignore"),
    example!("README.md"),
    example!("inventory.yaml"),
    example!("labtree.toml"),
    example!("flux/clusters/home/infrastructure.yaml"),
    example!("flux/infrastructure/base/external-secrets/helmrelease.yaml"),
    example!("flux/infrastructure/base/external-secrets/helmrepository.yaml"),
    example!("flux/infrastructure/base/external-secrets/kustomization.yaml"),
    example!("flux/infrastructure/base/external-secrets/namespace.yaml"),
    example!("flux/infrastructure/base/traefik/helmrelease.yaml"),
    example!("flux/infrastructure/base/traefik/helmrepository.yaml"),
    example!("flux/infrastructure/base/traefik/kustomization.yaml"),
    example!("flux/infrastructure/base/traefik/namespace.yaml"),
];

/// The names of the example lab, which are replaced.
const EXAMPLE_DOMAIN: &str = "hdhomelab.com";
const EXAMPLE_SUFFIX: &str = "dc=hdhomelab,dc=com";
const EXAMPLE_NAME: &str = "hdhomelab";

/// Makes the lab that `arguments` ask for and renders it.
///
/// # Errors
/// The folder is not empty, a name is none, or the disk refuses. What was written until then stays.
pub(crate) fn run(arguments: &Init, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let folder = &arguments.folder;
    let name = name(arguments)?;
    let domain = domain(&arguments.domain)?;
    make(folder)?;
    let disk = RealDisk::open(folder).map_err(|error| Failure::from(DiskError::at(Doing::Read, folder)(error)))?;
    refuse_full(&disk, folder)?;
    for (path, text) in FILES {
        write_new(&disk, Utf8Path::new(path), &personal(text, &name, &domain))?;
    }
    let quiet = std::mem::replace(&mut terminal.quiet, true);
    let outcome = generate::run(&disk, &Generate { format: Format::Text, ..Generate::default() }, terminal);
    terminal.quiet = quiet;
    let outcome = outcome?;
    let (this, below, there) = match folder.as_str() {
        "." => ("this folder", String::new(), String::new()),
        path => (path, format!("{path}/"), format!(" in {path}")),
    };
    terminal.say(format!("{this} is a lab now: edit {below}inventory.yaml, then run `labtree generate`{there}"));
    terminal.say(format!("{below}README.md tells the next three steps: Vault, Flux, OpenTofu"));
    if !terminal.quiet && !Standing::at(folder).folder_in_repository().is_empty() {
        let why = "Flux looks for its paths from the root of one: give it a repository of its own";
        terminal.note(format!("note: {this} lies inside a git repository, and {why}"));
    }
    Ok(outcome)
}

fn make(folder: &Utf8Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let help = match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "a file stands there; name another folder",
            _ => "name a folder where you may write",
        };
        Failure::usage(DiskError::at(Doing::CreateFolder, folder)(error).to_string(), help)
    })
}

/// A folder is taken for empty with nothing but `.git` in it: `git init` may come first.
fn refuse_full(disk: &impl Disk, folder: &Utf8Path) -> Result<(), Failure> {
    let root = Utf8Path::new("");
    let entries = disk.list(root).map_err(DiskError::at(Doing::Read, root))?;
    match entries.iter().find(|entry| entry.name != ".git") {
        None => Ok(()),
        Some(entry) => Err(Failure::usage(
            format!("`{folder}` is not empty: it holds `{}`", entry.name),
            "name a new folder; for a repository of your own, take the inventory.yaml of a new lab, and run `labtree generate`",
        )),
    }
}

/// The lab's name: the one asked for, or the folder's.
fn name(arguments: &Init) -> Result<String, Failure> {
    let of_folder = || {
        let folder = std::path::absolute(&arguments.folder).ok().and_then(|path| Utf8PathBuf::from_path_buf(path).ok());
        folder.and_then(|folder| folder.file_name().map(str::to_lowercase)).unwrap_or_default()
    };
    let name = arguments.name.clone().unwrap_or_else(of_folder);
    if is_label(&name) {
        return Ok(name);
    }
    let tidy = name.to_lowercase().replace(|sign: char| !sign.is_ascii_alphanumeric(), "-");
    let example = Some(tidy.trim_matches('-')).filter(|tidy| is_label(tidy)).unwrap_or("home");
    Err(Failure::usage(
        format!("`{}` is no name for a lab", name.escape_debug()),
        format!("give one of lower-case letters, digits and `-`, such as `--name {example}`"),
    ))
}

fn domain(domain: &str) -> Result<String, Failure> {
    let labels: Vec<_> = domain.split('.').collect();
    let numeric = labels.last().is_none_or(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    if labels.len() >= 2 && labels.iter().all(|label| is_label(label)) && !numeric {
        return Ok(domain.to_owned());
    }
    let near = did_you_mean(
        domain,
        [domain.trim_end_matches('.').to_lowercase().as_str()].into_iter().filter(|tidy| *tidy != domain),
    );
    Err(Failure::usage(format!("`{domain}` is no domain{near}"), "give one such as `home.example.org` with `--domain`"))
}

fn is_label(text: &str) -> bool {
    let letters = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    letters && (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

/// A text of the example lab under other names, which are labels and need no quoting anywhere.
fn personal(text: &str, name: &str, domain: &str) -> String {
    let suffix = domain.split('.').map(|label| format!("dc={label}")).collect::<Vec<_>>().join(",");
    let mut personal = String::with_capacity(text.len());
    let mut rest = text;
    let named = [(EXAMPLE_SUFFIX, suffix.as_str()), (EXAMPLE_DOMAIN, domain), (EXAMPLE_NAME, name)];
    while let Some(at) = named.iter().filter_map(|(old, _)| rest.find(old)).min() {
        personal.push_str(&rest[..at]);
        rest = &rest[at..];
        let (old, new) = named.iter().find(|(old, _)| rest.starts_with(old)).expect("one of them was found here");
        personal.push_str(new);
        rest = &rest[old.len()..];
    }
    personal.push_str(rest);
    personal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_s_own_names_give_the_example() {
        for (path, text) in FILES {
            assert_eq!(personal(text, EXAMPLE_NAME, EXAMPLE_DOMAIN), *text, "{path}");
        }
    }

    #[test]
    fn a_name_that_holds_the_example_s_is_replaced_once() {
        let text = "name: hdhomelab\nhost: auth.hdhomelab.com\nsuffix: dc=ldap,dc=hdhomelab,dc=com\n";
        let personal = personal(text, "hdhomelab2", "hdhomelab.com.example.org");
        let suffix = "dc=ldap,dc=hdhomelab,dc=com,dc=example,dc=org";
        assert_eq!(personal, format!("name: hdhomelab2\nhost: auth.hdhomelab.com.example.org\nsuffix: {suffix}\n"));
    }

    #[test]
    fn no_name_of_the_example_is_left() {
        for (path, text) in FILES {
            assert!(!personal(text, "attic", "lab.example.org").contains(EXAMPLE_NAME), "{path}");
        }
    }

    #[test]
    fn an_address_and_a_bare_name_are_no_domain() {
        for text in ["192.0.2.1", "local", "", "a..b", "UPPER.example.org", "x y.org"] {
            assert!(domain(text).is_err(), "{text}");
        }
        assert!(domain("home.example.org").is_ok());
    }
}
