//! The page of an entry, and the list of all.

use std::fmt::Write as _;

use diagnostic::Sources;
use document::{text_at, written_at};

use crate::{Client, Entry, FOLDER, Protocol, Roles};

/// The text of `docs/catalog/README.md`.
pub fn index<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> String {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|entry| (entry.facts.category.as_str(), entry.key.as_str()));
    let mut page = Page::new("Apps of the catalog");
    page.line("What is known of each, with its sources. [The format](../catalog.md) says how to add one.\n");
    page.line(
        "Roles are what `roles` of the inventory can give to groups by a claim; by LDAP there is always `admin`.",
    );
    let mut category = "";
    for entry in entries {
        let facts = &entry.facts;
        if facts.category.as_str() != category {
            category = facts.category.as_str();
            page.line(format!("\n## {}\n", cell(category)));
            page.line("| app | what it is | logs in by | settings come by | roles |\n| --- | --- | --- | --- | --- |");
        }
        let protocols: Vec<_> = facts.clients().iter().map(|(protocol, _)| spoken(*protocol)).collect();
        let mut ways: Vec<_> = facts.clients().iter().flat_map(|(_, client)| ways(client)).collect();
        ways.sort_unstable();
        ways.dedup();
        let roles: Vec<_> =
            facts.roles().iter().flat_map(|roles| &roles.names).map(|role| code(role.name.as_str())).collect();
        let roles = if roles.is_empty() { String::from("–") } else { roles.join(", ") };
        let name = format!("[{}]({}.md)", cell(facts.name.as_str()), entry.key);
        let cells = [name, cell(facts.description.as_str()), protocols.join(", "), ways.join(", "), roles];
        page.line(format!("| {} |", cells.join(" | ")));
    }
    page.text
}

/// The text of `docs/catalog/<app>.md`.
pub fn page(entry: &Entry, sources: &Sources) -> String {
    let facts = &entry.facts;
    let mut page = Page::new(facts.name.as_str());
    page.line(format!(
        "{}. `labtree new app {}` adds it to an inventory.\n",
        cell(facts.description.as_str()),
        entry.key
    ));
    page.line("`%{…}` stands for [what only a lab knows](../catalog.md#placeholders).");
    if let Some(path) = &facts.path {
        page.line(format!("\nPeople open it at `{}` of its host.", path.as_str()));
    }
    if facts.smtp.value {
        page.line("\nIt sends mail of its own: `smtp: true` gives it the SMTP credentials.");
    }
    if let Some(release) = &facts.release {
        page.line(format!(
            "\nIts chart is `{}` {} of `{}`.",
            release.chart.as_str(),
            release.version.as_str(),
            release.repository.as_str()
        ));
    }
    let texts = [(Protocol::Oidc, entry.oidc_text(sources)), (Protocol::Ldap, entry.ldap_text(sources))];
    for (protocol, text) in texts {
        if let (Some(client), Some(text)) = (facts.client(protocol), text) {
            page.protocol(protocol, &text, client, sources);
        }
        if let Some(roles) = facts.roles().filter(|_| protocol == Protocol::Oidc) {
            page.roles(roles, sources);
        }
    }
    page.line("\n## Sources\n");
    for source in &facts.sources {
        let covers: Vec<_> = source.covers.iter().map(|path| format!("`{}`", path.as_str())).collect();
        let (what, url, version) = (cell(source.what.as_str()), source.url.as_str(), source.version.as_str());
        page.line(format!("- [{what}]({url}), {version}: {}", covers.join(", ")));
    }
    page.line(format!("\nAll of this is said in `{FOLDER}/{}.yaml`.", entry.key));
    page.text
}

struct Page {
    text: String,
}

impl Page {
    fn new(title: &str) -> Self {
        let made = "<!-- Made by `cargo xtask docs` from the folder catalog; do not edit. -->";
        Self { text: format!("{made}\n# {title}\n\n") }
    }

    fn line(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    fn code(&mut self, language: &str, text: &str) {
        self.line(format!("\n```{language}\n{}\n```", text.trim_end()));
    }

    fn protocol(&mut self, protocol: Protocol, identity: &str, client: &Client, sources: &Sources) {
        self.line(format!("\n## {}\n", spoken(protocol)));
        self.line("In the inventory:");
        let inventory = match identity.starts_with('{') {
            true => format!("{}: {identity}", protocol.as_str()),
            false => format!("{}:\n{}", protocol.as_str(), indented(identity)),
        };
        self.code("yaml", &inventory);
        self.client(client, sources);
    }

    fn roles(&mut self, roles: &Roles, sources: &Sources) {
        self.line("\n### Roles\n");
        let list = if *roles.list { ", a list" } else { "" };
        self.line(format!(
            "With `roles` in the inventory, `roles: {{ {}: [admins] }}`, the claim `{}`{list} says who has which:\n",
            roles.names.first().map_or("admin", |first| first.name.as_str()),
            roles.claim.as_str(),
        ));
        self.line("| role | claim |\n| --- | --- |");
        for role in &roles.names {
            self.line(format!("| `{}` | {} |", role.name.as_str(), code(role.value.as_str())));
        }
        if let Some(otherwise) = &roles.otherwise {
            self.line(format!("| none of them | {} |", code(otherwise.as_str())));
        }
        self.client(&roles.client, sources);
    }

    /// What an app is told.
    fn client(&mut self, client: &Client, sources: &Sources) {
        if let Some(secret) = &client.secret {
            self.line("\nIts Secret:");
            self.code("yaml", &secret.text(sources));
        }
        if let Some(values) = &client.values {
            self.line("\nThe values of its chart:");
            self.code("yaml", &text_at(sources, written_at(values)));
        }
        if !client.environment.is_empty() {
            self.line("\nIts environment:\n\n| variable | value |\n| --- | --- |");
            for variable in &client.environment {
                self.line(format!("| `{}` | {} |", variable.name.as_str(), code(variable.value.as_str())));
            }
        }
        for file in &client.files {
            self.line(format!("\nIn {}:", cell(file.path.as_str())));
            self.code(language(file.path.as_str()), file.text.as_str());
        }
        for settings in &client.settings {
            self.line(format!("\n{}:\n\n| field | value |\n| --- | --- |", cell(settings.page.as_str())));
            for field in &settings.fields {
                self.line(format!("| {} | {} |", cell(field.name.as_str()), code(field.value.as_str())));
            }
        }
        if !client.steps.is_empty() {
            self.line("\nWhat only a person can do:\n");
            for (number, step) in (1..).zip(&client.steps) {
                self.line(format!("{number}. {}", step.as_str()));
            }
        }
        if !client.traps.is_empty() {
            self.line("\nWhat goes wrong easily:\n");
            for trap in &client.traps {
                self.line(format!("- {}", trap.as_str()));
            }
        }
    }
}

fn spoken(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Oidc => "OpenID Connect",
        Protocol::Ldap => "LDAP",
    }
}

/// How the settings get into the app.
fn ways(client: &Client) -> Vec<&'static str> {
    let ways = [
        (client.values.is_some(), "chart"),
        (!client.environment.is_empty(), "environment"),
        (!client.files.is_empty(), "file"),
        (!client.settings.is_empty(), "form"),
    ];
    ways.into_iter().filter(|(there, _)| *there).map(|(_, way)| way).collect()
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("  {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// Text in a cell of a table, or in a line of its own.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<")
}

fn code(text: &str) -> String {
    let line = text.trim_end().replace('\n', " ").replace('|', "\\|");
    if line.contains('`') { format!("`` {line} ``") } else { format!("`{line}`") }
}

fn language(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("yaml" | "yml") => "yaml",
        Some("json") => "json",
        Some("toml") => "toml",
        Some("ini" | "cfg" | "conf") => "ini",
        Some("py") => "python",
        Some("xml") => "xml",
        _ => "text",
    }
}
