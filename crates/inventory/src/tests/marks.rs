//! Inventories with the findings written under what they mark.
//!
//! ```text
//! vault: { address: vault.example.org, mount: infra }
//! #                 ^^^^^^^^^^^^^^^^^ error[url-without-scheme]: `vault.example.org` has no `https://`
//! # help: write `https://vault.example.org`
//! ```
//! A mark belongs to the line above it; `#^^^` marks from the `#` on, and `#<` marks the first character. A help line belongs to the line of the
//! finding. `#- path` starts another file. Whatever the text does not have is taken from a complete inventory.

use std::fmt::Write as _;

use diagnostic::{FileId, Sources, Span};
use syntax::yaml;

use crate::{Inventory, InventoryFile, parse};

/// What a test does not write itself, by section.
const REST: &[(&str, &[&str])] = &[
    ("lab", &["name: hdhomelab", "domain: example.org"]),
    ("vault", &["address: https://vault.example.org", "mount: infra"]),
    (
        "flux",
        &[
            "clusters: [home]",
            "source: { name: flux-system }",
            "secrets: external-secrets",
            "store: { kind: ClusterSecretStore, name: vault }",
        ],
    ),
    (
        "tofu",
        &[
            "required_version: '>= 1.7.0'",
            "providers: { authentik: ~> 2026.5.0, vault: ~> 5.0 }",
            "state: { host: 192.168.1.7, database: tofu, schema: authentik }",
        ],
    ),
    (
        "identity",
        &[
            "host: auth.example.org",
            "namespace: infra",
            "release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }",
            "ingress: { class: traefik, tls: { secret: auth-tls } }",
            "database: { host: 192.168.1.7, name: authentik, user: authentik }",
            "email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }",
            "ldap: { suffix: 'dc=ldap,dc=example,dc=org' }",
        ],
    ),
    ("groups", &["family: {}", "admins: {}"]),
];

/// Reads `text` and holds what is found against its marks.
#[track_caller]
pub(super) fn check(text: &str) -> Option<Inventory> {
    run(text, true)
}

/// As [`check`], with nothing but `text`.
#[track_caller]
pub(super) fn check_alone(text: &str) -> Option<Inventory> {
    run(text, false)
}

#[track_caller]
fn run(text: &str, complete: bool) -> Option<Inventory> {
    let (mut files, mut expected) = files(text);
    if complete {
        let rest = rest(&files);
        files.push(InventoryFile { path: String::from("inventory/rest.yaml"), bytes: rest.into_bytes() });
    }
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let inventory = parse(&mut sources, &files, &mut found);
    assert_eq!(inventory.is_none(), diagnostic::any_error(&found), "an inventory comes out unless there is an error");
    let mut actual = Vec::new();
    for finding in &found {
        let (severity, rule) = (finding.severity.name(), finding.rule);
        actual.push(place(&sources, finding.primary.span, &format!("{severity}[{rule}]: {}", finding.message)));
        for label in &finding.related {
            actual.push(place(&sources, label.span, &format!("related: {}", label.text)));
        }
        if let Some(help) = &finding.help {
            let line = sources.location(finding.primary.span).line;
            actual.push(format!("{}:{line} help: {help}", sources.path(finding.primary.span)));
        }
    }
    let mut message = String::new();
    actual.retain(|line| match expected.iter().position(|expected| expected == line) {
        Some(index) => {
            expected.remove(index);
            false
        }
        None => true,
    });
    for line in &expected {
        let _ = writeln!(message, "missing:    {line}");
    }
    for line in &actual {
        let _ = writeln!(message, "unexpected: {line}");
    }
    assert!(message.is_empty(), "\n{message}");
    inventory
}

/// `path:line:column+length text`; a place over several lines is cut to its first, an empty one is a character long.
fn place(sources: &Sources, span: Span, text: &str) -> String {
    let at = sources.location(span);
    let line = sources.line(span.file, at.line).map_or(1, |line| sources.slice(line).chars().count() + 1);
    let end = if at.end_line > at.line { line } else { at.end_column };
    format!("{}:{}:{}+{} {text}", sources.path(span), at.line, at.column, end.saturating_sub(at.column).max(1))
}

/// The files in `text` without their marks, and the marks.
fn files(text: &str) -> (Vec<InventoryFile>, Vec<String>) {
    let (mut files, mut expected) = (vec![(String::from("inventory.yaml"), String::new())], Vec::new());
    let mut lines = 0;
    for line in text.strip_prefix('\n').unwrap_or(text).split_inclusive('\n') {
        let comment = line.trim().strip_prefix('#');
        let file = files.last_mut().expect("there is a file");
        if let Some(path) = comment.and_then(|comment| comment.strip_prefix("- ")) {
            if file.1.is_empty() {
                file.0 = path.to_owned();
            } else {
                files.push((path.to_owned(), String::new()));
            }
            lines = 0;
        } else if let Some(help) = comment.and_then(|comment| comment.trim().strip_prefix("help: ")) {
            expected.push(format!("{}:{} help: {help}", file.0, lines.max(1)));
        } else if let Some(text) = comment.and_then(|comment| comment.strip_prefix("< ")) {
            expected.push(format!("{}:{}:1+1 {}", file.0, lines.max(1), text.trim()));
        } else if let Some(mark) = comment.filter(|comment| comment.trim().starts_with('^')) {
            let text = mark.trim_start().trim_start_matches('^');
            let from_hash = mark.starts_with('^');
            let column = line.chars().take_while(|&next| next != if from_hash { '#' } else { '^' }).count() + 1;
            let length = mark.trim_start().len() - text.len() + usize::from(from_hash);
            expected.push(format!("{}:{}:{column}+{length} {}", file.0, lines.max(1), text.trim()));
        } else {
            file.1 += line;
            lines += 1;
        }
    }
    (files.into_iter().map(|(path, text)| InventoryFile { path, bytes: text.into_bytes() }).collect(), expected)
}

/// What the files do not have of a complete inventory.
fn rest(files: &[InventoryFile]) -> String {
    let mut written = Vec::new();
    for file in files {
        let text = std::str::from_utf8(&file.bytes).unwrap_or_default();
        let Ok(document) = yaml::parse(FileId(0), text) else { continue };
        for section in document.root.mapping().unwrap_or_default() {
            let Some(name) = section.key.scalar() else { continue };
            written.push((name.text.clone(), String::new()));
            for pair in section.value.mapping().unwrap_or_default() {
                let key = pair.key.scalar().map(|key| key.text.clone()).unwrap_or_default();
                written.push((name.text.clone(), key));
            }
        }
    }
    let mut rest = String::new();
    for (section, lines) in REST {
        let scalar = written.iter().any(|(name, _)| name == section)
            && !written.iter().any(|(name, key)| name == section && !key.is_empty());
        if scalar && *section != "groups" {
            continue;
        }
        let missing: Vec<_> = lines
            .iter()
            .filter(|line| !written.iter().any(|(name, key)| name == section && line.split(':').next() == Some(key)))
            .collect();
        if !missing.is_empty() {
            let _ = writeln!(rest, "{section}:");
            for line in missing {
                let _ = writeln!(rest, "  {line}");
            }
        }
    }
    rest
}
