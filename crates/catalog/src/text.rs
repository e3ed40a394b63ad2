//! Texts of the catalog that have a form.

use document::field::Fault;
use document::texts;

use crate::rules;

texts! {
    /// A key of a Secret: letters, digits, `-`, `_` and `.`.
    pub struct SecretKey {
        check: secret_key,
        pattern: "^[-._a-zA-Z0-9]+$",
        examples: ["client_id", "OIDC_ISSUER_URL"],
    }

    /// The name of an environment variable.
    pub struct EnvironmentName {
        check: environment_name,
        pattern: "^[A-Za-z_][A-Za-z0-9_.]*$",
        examples: ["OIDC_CLIENT_ID"],
    }

    /// The name of a claim: letters, digits, `-` and `_`.
    pub struct ClaimName {
        check: claim_name,
        pattern: "^[-_A-Za-z0-9]+$",
        examples: ["grafana_role"],
    }

    /// The name of a label of Kubernetes, with its prefix if it has one.
    pub struct LabelName {
        check: label_name,
        pattern: "^([a-z0-9.-]+/)?[A-Za-z0-9][-A-Za-z0-9_.]*$",
        examples: ["app.kubernetes.io/part-of"],
    }

    /// A path of an address, from `/` on.
    pub struct UrlPath {
        check: url_path,
        pattern: "^/\\S+$",
        examples: ["/audiobookshelf"],
    }

    /// Keys of an entry from the top down, with `.` between them.
    pub struct KeyPath {
        check: key_path,
        pattern: "^[a-z_]+(\\.[a-z_]+)*$",
        examples: ["oidc.client.values", "release"],
    }
}

fn form(text: &str, good: bool, what: &str, help: &str) -> Result<(), Fault> {
    let fault = || Fault::new(rules::INVALID_CATALOG_TEXT, format!("`{text}` is no {what}")).help(help);
    if good { Ok(()) } else { Err(fault()) }
}

fn secret_key(text: &str) -> Result<(), Fault> {
    let good = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    form(text, good, "key of a Secret", "it takes letters, digits, `-`, `_` and `.`")
}

fn environment_name(text: &str) -> Result<(), Fault> {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || b"_.".contains(&byte);
    let good = text.bytes().all(rest)
        && !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    form(text, good, "name of an environment variable", "it takes letters, digits and `_`, not first a digit")
}

fn claim_name(text: &str) -> Result<(), Fault> {
    let good = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    form(text, good, "name of a claim", "it takes letters, digits, `-` and `_`")
}

fn label_name(text: &str) -> Result<(), Fault> {
    let (prefix, name) = text.rsplit_once('/').unwrap_or(("x", text));
    let prefix_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let good = !prefix.is_empty()
        && prefix.bytes().all(prefix_byte)
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(name_byte);
    form(text, good, "name of a label", "for example `app.kubernetes.io/part-of`")
}

fn url_path(text: &str) -> Result<(), Fault> {
    let good = text.len() > 1 && text.starts_with('/') && !text.contains(char::is_whitespace);
    form(text, good, "path of an address", "write it from `/` on; leave it out for the root")
}

fn key_path(text: &str) -> Result<(), Fault> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    form(text, text.split('.').all(part), "path of keys", "for example `oidc.client.values`")
}
