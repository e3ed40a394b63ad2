//! Values that are handed on to a chart hold no secret: they would stand in the repository in the clear.

use diagnostic::{Derived, Diagnostic, Span};

use crate::read::Reader;
use crate::secret::snake;
use crate::{Value, rules, written_at};

pub(super) fn check(value: &Derived<Value>, reader: &mut Reader) {
    match &value.value {
        Value::Map(pairs) => {
            let refers = pairs.iter().any(|(key, _)| refers_to_secret(&snake(key)));
            for (key, value) in pairs {
                leaf(key, value, refers, reader);
                check(value, reader);
            }
            // `env: [{ name: ADMIN_PASSWORD, value: … }]`
            let find = |wanted: &str| pairs.iter().find(|(key, _)| key.value == wanted).map(|(_, value)| value);
            if let (Some(Value::Text(name)), Some(value)) = (find("name").map(|name| &name.value), find("value")) {
                leaf(name, value, false, reader);
            }
        }
        Value::List(items) => items.iter().for_each(|item| check(item, reader)),
        Value::Text(text) if holds_password(text) => {
            let message = "a secret cannot be written here: this address holds a password";
            report(written_at(value), String::from(message), reader);
        }
        _ => {}
    }
}

fn leaf(key: &str, value: &Derived<Value>, refers: bool, reader: &mut Reader) {
    let words = snake(key);
    let written = match &value.value {
        Value::Text(text) => is_secret(&words, text, refers),
        Value::Integer(_) => words.ends_with("password") || words.ends_with("passwd"),
        _ => false,
    };
    if written {
        report(written_at(value), format!("a secret cannot be written here: `{key}` holds the value itself"), reader);
    }
}

fn report(span: Span, message: String, reader: &mut Reader) {
    let help =
        "put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it";
    reader.report(Diagnostic::error(rules::WRITTEN_SECRET, span, message).help(help));
}

/// Last words of keys that hold a secret whatever stands before them.
const SECRET_WORDS: [&str; 8] = ["apikey", "credentials", "pass", "passphrase", "passwd", "password", "pwd", "token"];

/// What makes a `…_key` a secret key.
const SECRET_KEYS: [&str; 9] = ["access", "api", "auth", "encryption", "jwt", "master", "private", "secret", "signing"];

/// What makes a `…_secret` a secret and not the name of a Secret.
const SECRET_SECRETS: [&str; 15] = [
    "api",
    "app",
    "client",
    "consumer",
    "cookie",
    "csrf",
    "encryption",
    "hmac",
    "jwt",
    "oauth",
    "oidc",
    "session",
    "shared",
    "signing",
    "webhook",
];

/// Whether `text` behind a key of these words is a secret in the clear.
fn is_secret(words: &str, text: &str, refers: bool) -> bool {
    let words: Vec<_> = words.split('_').filter(|word| !word.is_empty()).collect();
    if is_reference(text) || words.contains(&"existing") {
        return false;
    }
    match words.as_slice() {
        [.., before, "key"] if SECRET_KEYS.contains(before) => !refers && !names_key(text),
        [.., before, "secret"] if SECRET_SECRETS.contains(before) => true,
        [.., "secret"] => !is_object_name(text),
        [.., last] => SECRET_WORDS.contains(last),
        [] => false,
    }
}

/// Whether a value says where the secret is, instead of being it.
fn is_reference(text: &str) -> bool {
    let text = text.trim();
    let starts = ["$", "%", "env:", "file:", "vault:", "ref+", "secretref", "ENC[", "<", "/"];
    text.is_empty()
        || ["true", "false", "null", "none"].contains(&text.to_ascii_lowercase().as_str())
        || starts.iter().any(|start| text.starts_with(start))
        || ["${", "$(", "{{"].iter().any(|mark| text.contains(mark))
}

/// Whether a key names a Secret, so that its neighbours name keys in it.
fn refers_to_secret(words: &str) -> bool {
    words.contains("existing_secret")
        || words.ends_with("secret_name")
        || words.ends_with("_ref")
        || words == "secret_ref"
}

/// Whether a text is itself the name of a key in a Secret: `client_secret`, `admin-password`.
fn names_key(text: &str) -> bool {
    let words = snake(text);
    let last = words.rsplit('_').next().unwrap_or_default();
    text.len() <= 40 && (SECRET_WORDS.contains(&last) || ["key", "secret"].contains(&last))
}

/// Whether a text could be the name of an object of Kubernetes.
fn is_object_name(text: &str) -> bool {
    text.len() <= 63
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
}

/// `scheme://user:password@host`, with a password that is no reference.
fn holds_password(text: &str) -> bool {
    text.match_indices("://").any(|(at, mark)| {
        let behind = &text[at + mark.len()..];
        let authority = &behind[..behind.find(['/', '?', '#', ' ', '\n', '"', '\'', ',']).unwrap_or(behind.len())];
        authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'))
            .is_some_and(|(_, password)| !is_reference(password) && !password.contains('*'))
    })
}
