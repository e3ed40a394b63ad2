//! Redirect URIs, with the app around them.

use diagnostic::Diagnostic;

use crate::field::Fault;
use crate::form::net::{Parts, is_loopback};
use crate::read::{Reader, shorten};
use crate::{App, Matching, Oidc, Redirect, form, rules};

pub(super) fn check(name: &str, app: &App, oidc: &Oidc, reader: &mut Reader) {
    for redirect in &oidc.redirect_uris {
        match redirect.matching.value {
            Matching::Strict => strict(name, app, redirect, reader),
            Matching::Regex => regex(redirect, reader),
        }
    }
}

fn strict(name: &str, app: &App, redirect: &Redirect, reader: &mut Reader) {
    match strict_redirect(redirect.url.as_str()) {
        Ok(Some(host)) => foreign(name, app, redirect, host, reader),
        Ok(None) => {}
        Err(fault) => reader.report(fault.at(redirect.url.span)),
    }
}

/// The host in `text`, a redirect URI that is compared as a whole; `None` if it has no host of the web.
///
/// # Errors
/// It is neither a path nor an absolute URI.
pub fn strict_redirect(text: &str) -> Result<Option<&str>, Fault> {
    let refuse = |message: String, help: String| Err(Fault::new(rules::INVALID_REDIRECT_URI, message).help(help));
    let shown = shorten(text);
    if text.contains(char::is_whitespace) {
        return refuse(format!("`{shown}` has a space, which a URI cannot have"), String::from("write `%20` for it"));
    }
    if text.starts_with('/') && !text.starts_with("//") {
        return Ok(None);
    }
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
    let web = scheme.is_some_and(|scheme| ["https", "http"].iter().any(|web| scheme.eq_ignore_ascii_case(web)));
    match Parts::of(text).filter(|_| web) {
        Some(parts) => match form::net::url(text) {
            Ok(()) => Ok(Some(parts.host)),
            Err(fault) => {
                refuse(fault.message, fault.help.unwrap_or_else(|| String::from("write `https://…` or a path")))
            }
        },
        None if scheme.is_some() && !web => Ok(None),
        None => {
            let bare = text.trim_start_matches('/');
            let host = bare.split('/').next().unwrap_or_default();
            let help = match bare {
                "*" | "" => String::from("write the path that the app gives, such as `/oauth/callback`"),
                _ if host.contains('.') => format!("write `https://{bare}`"),
                _ => format!("write `/{bare}`"),
            };
            refuse(format!("`{shown}` is neither a path nor an absolute URI"), help)
        }
    }
}

/// Hosts of other apps and of other people can be right; they are worth a look.
fn foreign(name: &str, app: &App, redirect: &Redirect, host: &str, reader: &mut Reader) {
    let own = app.url.host();
    if host.eq_ignore_ascii_case(own) || is_loopback(host) {
        return;
    }
    let message = format!("`{name}` has people sent back to `{host}`, which is not its host");
    let finding = Diagnostic::hint(rules::REDIRECT_FOREIGN_HOST, redirect.url.span, message);
    reader.report(finding.related(app.url.span, format!("people open it at `{own}`")));
}

fn is_scheme(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|next| next.is_ascii_alphanumeric() || "+-.".contains(next))
}

/// A dot that is not escaped in the host of a pattern admits foreign hosts.
fn regex(redirect: &Redirect, reader: &mut Reader) {
    let text = redirect.url.as_str();
    let Some(start) = ["://", r":\/\/"].iter().find_map(|mark| text.find(mark).map(|at| at + mark.len())) else {
        return;
    };
    let host = host_of_pattern(&text[start..]);
    let dots = literal_dots(host);
    if dots.is_empty() {
        return;
    }
    let (mut escaped, mut example, mut behind) = (String::new(), String::new(), 0);
    for dot in dots {
        escaped += &host[behind..dot];
        escaped += r"\.";
        if example.is_empty() {
            example = format!("{}X{}", &host[..dot], &host[dot + 1..]).replace('\\', "");
        }
        behind = dot + 1;
    }
    escaped += &host[behind..];
    let message = format!("a `.` in this pattern is not escaped, so the host `{}` matches too", shorten(&example));
    let finding = Diagnostic::warning(rules::REDIRECT_REGEX_UNESCAPED_DOT, redirect.url.span, message);
    reader.report(finding.help(format!("write `{escaped}` for the host; in double quotes each `\\` is doubled")));
}

/// The host of a pattern: up to a slash, a port or the end.
fn host_of_pattern(text: &str) -> &str {
    let end = text.find(['/', ':', '$', '|']).unwrap_or(text.len());
    text[..end].trim_end_matches('\\')
}

/// The places of dots that stand for a dot but match anything: not escaped, in no class, not repeated.
fn literal_dots(host: &str) -> Vec<usize> {
    let bytes = host.as_bytes();
    let (mut dots, mut class, mut at) = (Vec::new(), false, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'.' if !class && !matches!(bytes.get(at + 1), Some(b'*' | b'+' | b'?' | b'{')) => dots.push(at),
            _ => {}
        }
        at += 1;
    }
    dots
}
