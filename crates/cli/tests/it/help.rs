//! What a new user meets: help, mistyped commands, completions, pipes.

use std::io::Read as _;
use std::process::Stdio;

use clap::{Command, CommandFactory as _};

use crate::lab::{Lab, example_inventory};

/// Every command, by the words that lead to it; labtree itself first.
fn commands() -> Vec<String> {
    fn add(command: &Command, path: &str, found: &mut Vec<String>) {
        found.push(path.trim_start().to_owned());
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            add(below, &format!("{path} {}", below.get_name()), found);
        }
    }
    let mut found = Vec::new();
    add(&labtree::Cli::command(), "", &mut found);
    found
}

#[test]
fn help_is_there_for_everything() {
    let lab = Lab::empty();
    for command in commands() {
        let arguments: Vec<_> = command.split(' ').chain(["--help"]).filter(|argument| !argument.is_empty()).collect();
        let ran = lab.run(&arguments).ended(0);
        assert_eq!(ran.stderr, "");
        let name = format!("help {command}").trim_end().replace(' ', "_");
        insta::assert_snapshot!(name, ran.stdout);
        let short = lab.run(&[&arguments[..arguments.len() - 1], &["-h"]].concat()).ended(0);
        assert!(short.stdout.contains("Usage: labtree"), "{short}");
    }
}

#[test]
fn without_arguments_the_commands_are_listed() {
    let ran = Lab::empty().run(&[]).ended(2);
    assert_eq!(ran.stdout, "");
    for command in commands().into_iter().filter(|command| !command.is_empty() && !command.contains(' ')) {
        assert!(ran.stderr.contains(&format!("\n  {command} ")), "{ran}");
    }
}

#[test]
fn a_mistyped_command_or_option_is_told_with_the_nearest() {
    let lab = Lab::empty();
    let said: String = [
        &["generat"][..],
        &["chekc"],
        &["check", "--format", "xml"],
        &["check", "--fail-on", "warn"],
        &["explain"],
        &["explain", "unused-alow"],
        &["rules", "falx"],
        &["generate", "--chek"],
        &["generate", "--format", "yaml"],
        &["generate", "--check", "--force"],
        &["generate", "--color", "maybe"],
        &["init"],
        &["why"],
        &["completions", "tcsh"],
    ]
    .into_iter()
    .map(|arguments| format!("$ labtree {}\n{}\n", arguments.join(" "), lab.run(arguments).ended(2).stderr))
    .collect();
    insta::assert_snapshot!("mistyped", said);
}

#[test]
fn the_version_is_told() {
    let lab = Lab::empty();
    let expected = format!("labtree {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(lab.run(&["--version"]).ended(0).stdout, expected);
    assert_eq!(lab.run(&["-V"]).ended(0).stdout, expected);
}

#[test]
fn completions_name_every_command_in_every_shell() {
    let lab = Lab::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = lab.run(&["completions", shell]).ended(0).stdout;
        for word in ["generate", "check", "fmt", "explain", "rules", "templates", "completions", "dry-run", "fail-on"] {
            assert!(script.contains(word), "{shell}: {script}");
        }
    }
}

#[test]
fn a_place_without_a_lab_is_told_with_what_to_do() {
    let lab = Lab::empty();
    let said: String = [&["generate"][..], &["why", "a:1"], &["templates"]]
        .into_iter()
        .map(|arguments| lab.run(arguments).ended(2).stderr.replace(lab.root().as_str(), "/home/alex"))
        .collect();
    insta::assert_snapshot!(said, @"
    error: neither `/home/alex` nor a folder above it holds an inventory.yaml
     help: `labtree init DIR` makes a lab; `--root DIR` names one elsewhere
    error: neither `/home/alex` nor a folder above it holds an inventory.yaml
     help: `labtree init DIR` makes a lab; `--root DIR` names one elsewhere
    error: neither `/home/alex` nor a folder above it holds an inventory.yaml
     help: `labtree init DIR` makes a lab; `--root DIR` names one elsewhere
    ");
}

#[test]
fn a_lab_is_found_from_a_folder_in_it() {
    let lab = Lab::example();
    for folder in ["flux/apps/base/gitea", "docs", "."] {
        let ran = lab.run_in(folder, &["generate", "--check"]).ended(0);
        assert!(ran.stdout.starts_with("nothing to do: "), "{ran}");
    }
    let elsewhere = Lab::empty();
    elsewhere.run(&["generate", "--check", "--root", lab.root().as_str()]).ended(0);
    let above = lab.root().parent().unwrap();
    let relative = lab.root().file_name().unwrap();
    crate::lab::run(&mut crate::lab::labtree(above, &["--root", relative, "generate", "--check"])).ended(0);
}

#[test]
fn exit_statuses_tell_clean_findings_and_could_not_run() {
    let lab = Lab::example();
    lab.run(&["generate"]).ended(0);
    lab.run(&["generate", "--check"]).ended(0);
    lab.write("inventory.yaml", example_inventory().replace("allow: [admins]", "alow: [admins]"));
    lab.run(&["generate"]).ended(1);
    lab.remove("inventory.yaml");
    lab.run(&["generate"]).ended(2);
}

#[test]
fn what_is_piped_is_plain() {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "allow: [admins]", "alow: [admins]");
    let commands = [
        &["generate"][..],
        &["templates"],
        &["check"],
        &["explain", "drift"],
        &["--help"],
        &["generat"],
        &["why", "x"],
    ];
    for arguments in commands {
        let ran = lab.run(arguments);
        assert!(!(ran.stdout.clone() + &ran.stderr).contains('\u{1b}'), "{ran}");
    }
    let colored = lab.run(&["generate", "--color", "always"]);
    assert!(colored.stderr.contains("\u{1b}["), "{colored}");
}

#[test]
fn results_that_cannot_be_printed_are_no_success() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let lab = Lab::example();
    for arguments in
        [&["generate"][..], &["templates", "docs/authentik.md.j2"], &["completions", "zsh"], &["check"], &["rules"]]
    {
        let output = lab.command(arguments).stdout(full.try_clone().unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with("error: cannot print the results: no space left on device\n"), "{stderr}");
    }
}

#[test]
fn a_pipe_that_is_closed_ends_nothing() {
    let lab = Lab::example();
    lab.write("docs/authentik.md", "");
    for arguments in [
        &["generate", "--check", "--diff"][..],
        &["generate", "--check", "--format", "json"],
        &["templates"],
        &["templates", "tofu/modules/authentik-oidc/variables.tf.j2"],
        &["why", "tofu/tf-deploy/authentik/locals.tf:3"],
        &["check"],
        &["check", "--format", "sarif"],
        &["check", "--format", "github"],
        &["explain", "unused-allow"],
        &["rules"],
        &["completions", "zsh"],
        &["--help"],
    ] {
        let mut child = lab.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = child.wait().unwrap();
        assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
        assert!(status.code().is_some_and(|code| code <= 1), "{arguments:?}: {status}: {stderr}");
    }
}
