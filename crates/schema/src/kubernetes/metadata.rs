//! What every object has: a name, labels and annotations.

use std::sync::LazyLock;

use diagnostic::Span;
use manifest::Value;
use regex::Regex;

use super::Sort;
use super::check::Check;

/// The fields that an object has whatever its kind; the first two must be there.
pub(super) const OF_EVERY_OBJECT: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Parts of a domain name.
static SUBDOMAIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$").expect("it is one")
});
/// The name behind the prefix of a label's key, and the value of a label.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$").expect("it is one"));

/// Kinds whose names are one part of a domain name.
const LABELS: &[(&str, &str)] = &[("", "Namespace"), ("", "Service")];
/// Groups whose kinds may have any name that fits in a path.
const FREE: &[&str] = &["rbac.authorization.k8s.io"];
/// Kinds that are asked and not kept: they have no name; and those whose names have rules of their own.
const UNNAMED: &[&str] = &["authentication.k8s.io", "authorization.k8s.io", "certificates.k8s.io"];

/// Judges the name of an object of that group and kind.
///
/// Source: `k8s.io/apimachinery/pkg/api/validation` and the validation of each kind in `k8s.io/kubernetes/pkg/apis`.
pub(super) fn check_name(check: &mut Check<'_>, group: &str, kind: &str, object: &Value) {
    if UNNAMED.contains(&group) || object.is_unknown() {
        return;
    }
    let place = object.get("kind").unwrap_or(object).span;
    let Some(metadata) = object.entry("metadata") else { return say_name(check, Sort::Missing, place, "is missing") };
    if check.is_hidden(&metadata.value) || metadata.value.get("generateName").is_some() {
        return;
    }
    match metadata.value.get("name") {
        None => say_name(check, Sort::Missing, metadata.key.span, "is missing"),
        Some(name) if name.is_null() => say_name(check, Sort::Missing, name.span, "is missing"),
        Some(name) if check.is_hidden(name) => {}
        Some(name) => {
            if let Some(wrong) = name.text().and_then(|text| wrong_name(group, kind, text)) {
                say_name(check, Sort::NotAllowed, name.span, &wrong);
            }
        }
    }
}

fn say_name(check: &mut Check<'_>, sort: Sort, span: Span, wrong: &str) {
    check.say(sort, span, format!("`metadata.name` {wrong}")).path = "metadata.name".to_owned();
}

fn wrong_name(group: &str, kind: &str, name: &str) -> Option<String> {
    if FREE.contains(&group) {
        let fits = !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '%']);
        return (!fits).then(|| format!("is `{name}`, which does not fit in a path"));
    }
    if LABELS.contains(&(group, kind)) {
        let fits = name.len() <= 63 && SUBDOMAIN.is_match(name) && !name.contains('.');
        return (!fits)
            .then(|| format!("is `{name}`, where up to 63 lower case letters, digits and inner `-` are wanted"));
    }
    let fits = name.len() <= 253 && SUBDOMAIN.is_match(name);
    (!fits).then(|| format!("is `{name}`, where lower case letters, digits and inner `-` and `.` are wanted"))
}

/// Judges the keys of labels and annotations, and the values of labels.
pub(super) fn check_keys<'v>(check: &mut Check<'v>, metadata: &'v Value) {
    for (field, is_label) in [("labels", true), ("annotations", false)] {
        let Some(map) = metadata.get(field) else { continue };
        for entry in map.entries() {
            let key = entry.key.value.as_str();
            if let Some(wrong) = wrong_key(key) {
                let message = format!("`{}` has the key `{key}`, {wrong}", check.path_to(field));
                check.say(Sort::NotAllowed, entry.key.span, message);
            }
            let value = entry.value.text().filter(|_| is_label && !check.is_hidden(&entry.value));
            if let Some(value) = value.filter(|value| !value.is_empty() && !is_word(value)) {
                let message = format!(
                    "the label `{key}` is `{value}`, where up to 63 letters, digits, `-`, `_` and `.` are wanted"
                );
                check.say(Sort::NotAllowed, entry.value.span, message);
            }
        }
    }
}

fn wrong_key(key: &str) -> Option<&'static str> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if prefix.is_some_and(|prefix| prefix.len() > 253 || !SUBDOMAIN.is_match(&prefix.to_lowercase())) {
        return Some("whose part before the `/` is no domain name");
    }
    (!is_word(name)).then_some("where up to 63 letters, digits, `-`, `_` and `.` are wanted")
}

fn is_word(text: &str) -> bool {
    text.len() <= 63 && WORD.is_match(text)
}
