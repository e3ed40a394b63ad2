//! Names: what Kubernetes, authentik, Vault and PostgreSQL take.

use super::{first_bad, line, no_hidden, refuse_character};
use crate::field::Fault;
use crate::read::shorten;
use crate::rules;

/// How long a DNS label may be.
const LABEL: usize = 63;

/// How long the name of an object may be.
const OBJECT: usize = 253;

/// How long an app's name may be, so that `<app>-oidc`, `<app>-ldap` and `<app>-smtp` are labels.
const APP: usize = LABEL - "-oidc".len();

/// Slugs that are parts of authentik's own paths below `/application/o/`.
const RESERVED_SLUGS: [&str; 6] = ["authorize", "token", "device", "userinfo", "introspect", "revoke"];

/// What has a meaning in a distinguished name.
const DN_SPECIAL: &str = ",+\"\\<>;=#";

/// A DNS label.
pub(crate) fn label(text: &str) -> Result<(), Fault> {
    label_of(text, LABEL)
}

/// DNS labels with dots between them.
pub(crate) fn object(text: &str) -> Result<(), Fault> {
    if text.len() > OBJECT {
        let message = format!("`{}` has {} characters; {OBJECT} are allowed", shorten(text), text.len());
        return Err(Fault::new(rules::INVALID_NAME, message).help("choose a shorter name"));
    }
    text.split('.').try_for_each(label)
}

fn label_of(text: &str, longest: usize) -> Result<(), Fault> {
    let fault = |message: String| {
        let near = near_label(text, longest);
        let fault = Fault::new(rules::INVALID_NAME, message);
        if near.is_empty() {
            fault.help("use lower-case letters, digits and `-`")
        } else {
            fault.help(format!("write `{near}`"))
        }
    };
    line(text)?;
    if let Some(character) = first_bad(text, |next| next.is_ascii_lowercase() || next.is_ascii_digit() || next == '-') {
        let refused = refuse_character(rules::INVALID_NAME, text, character, "a name in Kubernetes");
        return Err(fault(refused.message));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err(fault(format!("`{}` starts or ends with `-`", shorten(text))));
    }
    if text.len() > longest {
        let message = format!("`{}` has {} characters; {longest} are allowed", shorten(text), text.len());
        return Err(Fault::new(rules::INVALID_NAME, message).help("choose a shorter name"));
    }
    Ok(())
}

/// The label that was probably meant.
fn near_label(text: &str, longest: usize) -> String {
    let mut near = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            'ä' => near.push_str("ae"),
            'ö' => near.push_str("oe"),
            'ü' => near.push_str("ue"),
            'ß' => near.push_str("ss"),
            'a'..='z' | '0'..='9' => near.push(character),
            _ if near.ends_with('-') => {}
            _ => near.push('-'),
        }
    }
    let near = near.trim_matches('-');
    near.get(..longest).unwrap_or(near).trim_matches('-').to_owned()
}

/// An app's key.
pub(crate) fn app(text: &str) -> Result<(), Fault> {
    if RESERVED_SLUGS.contains(&text) {
        return Err(Fault::new(rules::RESERVED_NAME, format!("the slug `{text}` is taken by authentik itself"))
            .help(format!("write `{text}-app`")));
    }
    label_of(text, APP)
}

/// A group's name.
pub(crate) fn group(text: &str) -> Result<(), Fault> {
    directory_name(text, "a group's name")?;
    if ["authentik admins", "authentik read-only"].contains(&text.to_lowercase().as_str()) {
        return Err(Fault::new(rules::RESERVED_NAME, format!("the group `{text}` comes with authentik"))
            .help("choose another name: a group of your own with `superuser: true` does the same"));
    }
    Ok(())
}

/// A username.
pub(crate) fn user(text: &str) -> Result<(), Fault> {
    directory_name(text, "a username")?;
    if let Some(space) = text.chars().find(|next| next.is_whitespace()) {
        return Err(
            refuse_character(rules::INVALID_NAME, text, space, "a username").help("write `.` or `-` in its place")
        );
    }
    if text.chars().count() > 150 {
        return Err(Fault::new(rules::INVALID_NAME, format!("`{}` has more than 150 characters", shorten(text))));
    }
    if text.eq_ignore_ascii_case("akadmin") {
        return Err(Fault::new(rules::RESERVED_NAME, format!("the user `{text}` comes with authentik"))
            .help("choose another username: authentik makes `akadmin` at its first start"));
    }
    Ok(())
}

/// A name that becomes part of a distinguished name, where authentik does not escape it.
fn directory_name(text: &str, what: &str) -> Result<(), Fault> {
    line(text)?;
    no_hidden(text)?;
    if let Some(character) = text.chars().find(|&next| DN_SPECIAL.contains(next)) {
        return Err(refuse_character(rules::INVALID_NAME, text, character, &format!("{what} in LDAP"))
            .help("use letters, digits, `-`, `_` and `.`"));
    }
    if text.trim() != text {
        return Err(Fault::new(rules::INVALID_NAME, format!("`{text}` starts or ends with a blank"))
            .help(format!("write `{}`", text.trim())));
    }
    Ok(())
}

/// A Vault mount, or a path below one.
pub(crate) fn vault_path(text: &str) -> Result<(), Fault> {
    path(text)?;
    let allowed = |next: char| next.is_ascii_alphanumeric() || "-_./".contains(next);
    if let Some(character) = first_bad(text, allowed) {
        return Err(refuse_character(rules::INVALID_PATH, text, character, "a path in Vault")
            .help("use letters, digits, `-`, `_` and `.`"));
    }
    Ok(())
}

/// The path that a user lives under.
pub(crate) fn user_path(text: &str) -> Result<(), Fault> {
    no_hidden(text)?;
    path(text)
}

fn path(text: &str) -> Result<(), Fault> {
    line(text)?;
    let parts: Vec<_> = text.split('/').filter(|part| !part.is_empty() && !matches!(*part, "." | "..")).collect();
    if parts.join("/") == text {
        return Ok(());
    }
    let fault = Fault::new(rules::INVALID_PATH, format!("`{}` has a `/` at an end, or an empty part", shorten(text)));
    Err(if parts.is_empty() { fault } else { fault.help(format!("write `{}`", parts.join("/"))) })
}

/// A name that PostgreSQL takes without quoting.
pub(crate) fn sql(text: &str) -> Result<(), Fault> {
    line(text)?;
    if let Some(character) = first_bad(text, |next| next.is_ascii_alphanumeric() || next == '_') {
        return Err(refuse_character(rules::INVALID_NAME, text, character, "a name in PostgreSQL")
            .help("use letters, digits and `_`"));
    }
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(Fault::new(rules::INVALID_NAME, format!("`{}` starts with a digit", shorten(text)))
            .help(format!("write `_{text}`")));
    }
    if text.len() > LABEL {
        return Err(Fault::new(rules::INVALID_NAME, format!("`{}` has more than {LABEL} characters", shorten(text))));
    }
    Ok(())
}

/// An OAuth scope that is also a file name.
pub(crate) fn scope(text: &str) -> Result<(), Fault> {
    line(text)?;
    if let Some(character) = first_bad(text, |next| next.is_ascii_alphanumeric() || "-_.:".contains(next)) {
        return Err(refuse_character(rules::INVALID_NAME, text, character, "a scope that is a file name too")
            .help("use letters, digits, `-`, `_`, `.` and `:`"));
    }
    if text.starts_with(['.', '-']) {
        return Err(Fault::new(rules::INVALID_NAME, format!("the scope `{}` starts with `.` or `-`", shorten(text))));
    }
    Ok(())
}

/// A key of a user's attributes.
pub(crate) fn attribute(text: &str) -> Result<(), Fault> {
    line(text)?;
    if ["avatar", "settings"].contains(&text) {
        return Err(Fault::new(rules::RESERVED_NAME, format!("the attribute `{text}` is authentik's own"))
            .help(format!("write `app_{text}`")));
    }
    if let Some(character) = first_bad(text, |next| next.is_ascii_alphanumeric() || "-_".contains(next)) {
        return Err(refuse_character(rules::INVALID_NAME, text, character, "the key of an attribute")
            .help("use letters, digits, `_` and `-`"));
    }
    Ok(())
}
