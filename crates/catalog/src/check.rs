//! What an entry must be beyond the form of its values.

use diagnostic::{Derived, Diagnostic, Span, Value, did_you_mean};
use document::read::Reader;
use document::written_at;

use crate::placeholder::{Part, Placeholder, Protocol, Reach, parts};
use crate::{Client, Facts, rules};

/// Checks everything; `start` is the place of what is missing as a whole.
pub(crate) fn all(facts: &Facts, start: Span, reader: &mut Reader) {
    let clients = facts.clients();
    if clients.is_empty() {
        let fault = Diagnostic::error(rules::ENTRY_WITHOUT_PROTOCOL, start, "the entry has neither `oidc` nor `ldap`");
        reader.report(fault.help("add `oidc:` or `ldap:` with `identity` and `client`"));
    }
    let besides = facts.roles().map(|roles| (Protocol::Oidc, &roles.client));
    for (protocol, client) in clients.into_iter().chain(besides) {
        texts(protocol, client, reader);
        if let Some(values) = client.values.as_ref().filter(|_| facts.release.is_none()) {
            let message =
                format!("`{}.client.values` are written, but not the chart that takes them", protocol.as_str());
            let fault = Diagnostic::error(rules::VALUES_WITHOUT_RELEASE, written_at(values), message);
            reader.report(fault.help("add `release:` with `repository`, `chart` and `version`"));
        }
    }
    sources(facts, reader);
}

/// The placeholders of every text of `client`.
fn texts(protocol: Protocol, client: &Client, reader: &mut Reader) {
    let mut check = |text: &str, span: Span, holds: &[Reach], place: &str| {
        for part in parts(text) {
            if let Part::Named(name, _) = part {
                placeholder(protocol, name, span, holds, place, reader);
            }
        }
    };
    let (in_cluster, by_hand) = ([Reach::Anywhere, Reach::Cluster], [Reach::Anywhere, Reach::Secret]);
    for key in client.secret.iter().flat_map(|secret| &secret.value.keys) {
        check(key.value.as_str(), key.value.span, &[Reach::Anywhere, Reach::Cluster, Reach::Secret], "a Secret");
    }
    for label in client.secret.iter().flat_map(|secret| &secret.value.labels) {
        check(label.value.as_str(), label.value.span, &in_cluster, "a label");
    }
    if let Some(values) = &client.values {
        leaves(values, &mut |text, span| check(text, span, &in_cluster, "the values of a chart"));
    }
    for variable in &client.environment {
        check(variable.value.as_str(), variable.value.span, &by_hand, "an environment variable");
    }
    for file in &client.files {
        check(file.text.as_str(), file.text.span, &by_hand, "a file");
    }
    for field in client.settings.iter().flat_map(|page| &page.fields) {
        check(field.value.as_str(), field.value.span, &by_hand, "a field of a form");
    }
    for line in client.steps.iter().chain(&client.traps) {
        check(line.as_str(), line.span, &in_cluster, "a sentence");
    }
}

/// Calls `visit` with every key and text of `value`.
fn leaves(value: &Derived<Value>, visit: &mut dyn FnMut(&str, Span)) {
    match &value.value {
        Value::Text(text) => visit(text, written_at(value)),
        Value::List(items) => items.iter().for_each(|item| leaves(item, visit)),
        Value::Map(pairs) => {
            for (key, value) in pairs {
                visit(key, written_at(key));
                leaves(value, visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}

fn placeholder(protocol: Protocol, name: &str, span: Span, holds: &[Reach], place: &str, reader: &mut Reader) {
    let fits = |placeholder: &Placeholder| placeholder.protocol().is_none_or(|its| its == protocol);
    let known =
        || Placeholder::ALL.iter().filter(|placeholder| fits(placeholder)).map(|placeholder| placeholder.name());
    let Some(found) = Placeholder::named(name).filter(fits) else {
        let near = did_you_mean(name, known());
        let message = format!("unknown placeholder `%{{{name}}}` for `{}`{near}", protocol.as_str());
        let names: Vec<_> = known().map(|name| format!("`{name}`")).collect();
        let fault = Diagnostic::error(rules::UNKNOWN_PLACEHOLDER, span, message);
        reader.report(fault.help(format!("there are {}; write `%%{{` for a `%{{` that is none", names.join(", "))));
        return;
    };
    if holds.contains(&found.reach()) {
        return;
    }
    let message = format!("`%{{{name}}}` cannot stand in {place}");
    let help = match found.reach() {
        Reach::Secret => "refer to the key of the Secret that holds it",
        _ => "only a Secret and the values of a chart have it",
    };
    reader.report(Diagnostic::error(rules::MISPLACED_PLACEHOLDER, span, message).help(help));
}

/// Every part is covered by a source, and every source covers a part.
fn sources(facts: &Facts, reader: &mut Reader) {
    let parts = parts_of(facts);
    let below =
        |part: &str, path: &str| part.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    for path in facts.sources.iter().flat_map(|source| &source.covers) {
        if !parts.iter().any(|(part, _)| below(part, path.as_str())) {
            let near = did_you_mean(path.as_str(), parts.iter().map(|(part, _)| part.as_str()));
            let message = format!("the entry has no `{}`{near}", path.as_str());
            let written: Vec<_> = parts.iter().map(|(part, _)| format!("`{part}`")).collect();
            let fault = Diagnostic::error(rules::FACT_WITHOUT_SOURCE, path.span, message);
            reader.report(fault.help(format!("there are {}", written.join(", "))));
        }
    }
    for (part, span) in &parts {
        if !facts.sources.iter().flat_map(|source| &source.covers).any(|path| below(part, path.as_str())) {
            let message = format!("no source covers `{part}`");
            let fault = Diagnostic::error(rules::FACT_WITHOUT_SOURCE, *span, message);
            reader.report(fault.help(format!("add `{part}` to `covers` of the source that it was read in")));
        }
    }
}

/// The parts of an entry that need a source, each with its place.
fn parts_of(facts: &Facts) -> Vec<(String, Span)> {
    let mut parts = Vec::new();
    let mut top = |name: &str, span: Option<Span>| parts.extend(span.map(|span| (name.to_owned(), span)));
    top("path", facts.path.as_ref().map(|path| path.span));
    top("smtp", facts.smtp.value.then_some(facts.smtp.span));
    top("release", facts.release.as_ref().map(|release| release.span));
    top("oidc.identity", facts.oidc.as_ref().map(|oidc| oidc.span));
    top("oidc.roles", facts.roles().map(|roles| roles.span));
    top("ldap.identity", facts.ldap.as_ref().map(|ldap| ldap.span));
    for (protocol, client) in facts.clients() {
        let mut part = |name: &str, span: Option<Span>| {
            parts.extend(span.map(|span| (format!("{}.client.{name}", protocol.as_str()), span)));
        };
        part("secret", client.secret.as_ref().map(|secret| secret.span));
        part("values", client.values.as_ref().map(written_at));
        part("environment", client.environment.first().map(|first| first.name.span));
        part("files", client.files.first().map(|first| first.span));
        part("settings", client.settings.first().map(|first| first.span));
        part("steps", client.steps.first().map(|first| first.span));
        part("traps", client.traps.first().map(|first| first.span));
    }
    parts
}
