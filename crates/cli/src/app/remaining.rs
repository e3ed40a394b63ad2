//! What is left to do by hand, in order, with what to type.

use std::fmt::Write as _;

use inventory::{ClientType, SourceKind};
use lab::{App, Client, Lab, Protocol, Writer};

use super::change::After;
use crate::terminal::Terminal;

/// One thing to do.
#[derive(Debug)]
pub(super) struct Step {
    /// What it is for.
    what: String,
    /// What to type.
    commands: Vec<String>,
}

impl Step {
    pub(super) fn new(what: impl Into<String>, commands: impl IntoIterator<Item = String>) -> Self {
        Self { what: what.into(), commands: commands.into_iter().collect() }
    }
}

/// Prints the steps, numbered.
pub(super) fn show(steps: &[Step], terminal: &mut Terminal) {
    terminal.say("\nleft to do:");
    for (index, step) in steps.iter().enumerate() {
        terminal.say(format!("{:>3}. {}", index + 1, step.what));
        for command in &step.commands {
            let command = match command.strip_prefix("labtree ") {
                Some(rest) => format!("{} {rest}", terminal.program),
                None => command.clone(),
            };
            terminal.say(format!("       {command}"));
        }
    }
}

/// Prints what to bear in mind; nothing where there is nothing.
pub(super) fn show_notes(notes: &[String], terminal: &mut Terminal) {
    if !notes.is_empty() {
        terminal.say("\nmind:");
    }
    for note in notes {
        terminal.say(format!("  - {note}"));
    }
}

/// The change is looked at and committed.
pub(super) fn commit(after: &After, message: &str) -> Step {
    let touched: Vec<_> = after.touched.iter().map(String::as_str).collect();
    let commands = [
        format!("git add {}", touched.join(" ")),
        String::from("git diff --staged"),
        format!("git commit -m '{message}'"),
    ];
    Step::new("look at the change and commit it", commands)
}

/// The OpenTofu root is applied; `what` that does.
pub(super) fn apply(after: &After, what: &str) -> Step {
    let tofu = |rest: &str| format!("tofu -chdir={} {rest}", lab::TOFU_ROOT);
    let init = after.calls_more.then(|| tofu("init -backend-config=backend.pg.tfbackend"));
    let commands = init.into_iter().chain([tofu("plan -out plan.out"), tofu("apply plan.out")]);
    Step::new(format!("apply the OpenTofu root: {what}"), commands)
}

/// Flux is told that there is something new; `what` it does then.
pub(super) fn push(lab: &Lab<'_>, what: &str) -> Step {
    let source = &lab.inventory.flux.source;
    let kind = match source.kind.value {
        SourceKind::GitRepository => "git",
        SourceKind::OciRepository => "oci",
        SourceKind::Bucket => "bucket",
    };
    let commands = [String::from("git push"), format!("flux reconcile source {kind} {}", source.name.value)];
    Step::new(format!("push: {what}"), commands)
}

/// What is left to do once the app `name` was added.
pub(super) fn after_new(after: &After, name: &str) -> Vec<Step> {
    let lab = after.lab();
    let Some(app) = lab.apps.iter().find(|app| app.slug.value == name) else { return Vec::new() };
    let mut steps = vec![commit(after, &format!("Add {name}"))];
    let secrets = app.flux.iter().flat_map(|flux| &flux.secrets);
    for secret in secrets.filter(|secret| matches!(secret.vault.writer, Writer::Person)) {
        let what =
            format!("see that Vault has {} at `{}`", keys(secret.vault.keys), path(&lab, secret.vault.path.as_str()));
        steps.push(Step::new(what, [read(&lab, secret.vault.path.as_str())]));
    }
    let written = path(&lab, app.credentials().path.as_str());
    steps.push(apply(after, &format!("it makes `{name}` in authentik and writes `{written}` to Vault")));
    steps.push(commit_reaches(&lab, app));
    let in_values = app.client.as_ref().is_some_and(|client| client.in_values);
    match &app.flux {
        Some(_) if in_values => {}
        _ if is_public(app) => {
            steps.push(Step::new(format!("tell `{name}` its client ID, which is `{name}`; it needs no secret"), []));
        }
        Some(flux) => {
            let secret = flux.secrets.first().map_or("", |secret| secret.name.as_str());
            let namespace = &flux.namespace.value;
            let what = format!("give `{name}` its credentials from the Secret `{secret}` of `{namespace}`");
            steps.push(Step::new(what, []));
        }
        None => {
            let credentials = keys(app.credentials().keys);
            let what = format!("give `{name}` its credentials: {credentials}{}", host(app));
            steps.push(Step::new(what, [read(&lab, app.credentials().path.as_str())]));
        }
    }
    steps.extend(app.client.iter().flat_map(|client| by_hand(client, name)));
    steps
}

/// What the catalog says of the app itself: where it takes its settings, and what only a person can do.
fn by_hand(client: &Client<'_>, name: &str) -> Vec<Step> {
    let ways = client.ways();
    let settings = (!ways.is_empty())
        .then(|| Step::new(format!("find the settings of `{name}` in {}: {}", lab::PAGE, ways.join(", ")), []));
    settings.into_iter().chain(client.steps.iter().map(|step| Step::new(step.value.as_str(), []))).collect()
}

/// What to bear in mind about the app `name`: what goes wrong easily, and that groups can have roles in it.
pub(super) fn notes(after: &After, name: &str) -> Vec<String> {
    let lab = after.lab();
    let app = lab.apps.iter().find(|app| app.slug.value == name);
    let Some(client) = app.and_then(|app| app.client.as_ref()) else { return Vec::new() };
    let has_none = app.is_some_and(|app| app.entry.oidc.is_some() && app.entry.roles.is_empty());
    let roles = client.entry.facts.roles().filter(|_| has_none).map(|roles| {
        let names: Vec<_> = roles.names.iter().map(|role| role.name.as_str()).collect();
        let first = names.first().copied().unwrap_or("admin");
        format!("Groups can have roles in it, {}: write `roles: {{ {first}: [GROUP] }}` in its entry.", keys(&names))
    });
    client.traps.iter().map(|trap| trap.value.clone()).chain(roles).collect()
}

/// Whether it needs no secret: it could not keep one.
fn is_public(app: &App<'_>) -> bool {
    app.entry.oidc.as_ref().is_some_and(|oidc| oidc.client_type.value == ClientType::Public)
}

/// What a push brings about for an app.
fn commit_reaches(lab: &Lab<'_>, app: &App<'_>) -> Step {
    match &app.flux {
        Some(flux) => {
            let secrets: Vec<_> = flux.secrets.iter().map(|secret| format!("`{}`", secret.name.value)).collect();
            let many = if secrets.len() == 1 { "" } else { "s" };
            let mut what = format!(
                "Flux fills the Secret{many} {} in the namespace `{}`",
                secrets.join(" and "),
                flux.namespace.value
            );
            if let Some(release) = &app.entry.release {
                let _ = write!(what, " and installs the chart `{}`", release.chart.value);
            }
            push(lab, &what)
        }
        None => push(lab, "docs/authentik.md has its addresses then"),
    }
}

/// The host that an LDAP app reaches the directory under.
fn host(app: &App<'_>) -> String {
    match &app.protocol {
        Protocol::Ldap(ldap) => {
            ldap.host.as_ref().map_or(String::new(), |host| format!("; LDAP answers at `{}`", host.value))
        }
        Protocol::Oidc(_) => String::new(),
    }
}

/// `a`, `b` and `c`.
pub(super) fn keys(keys: &[&str]) -> String {
    let quoted: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => quoted.join(""),
    }
}

/// A path in Vault, with its mount.
pub(super) fn path(lab: &Lab<'_>, path: &str) -> String {
    format!("{}/{path}", lab.inventory.vault.mount.value)
}

fn read(lab: &Lab<'_>, path: &str) -> String {
    format!("vault kv get -mount={} {path}", lab.inventory.vault.mount.value)
}
