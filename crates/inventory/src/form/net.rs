//! Hosts, addresses, distinguished names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{first_bad, line, refuse_character};
use crate::field::Fault;
use crate::read::shorten;
use crate::rules;

/// What an address consists of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'t> {
    pub(crate) scheme: &'t str,
    /// `user` or `user:password`, without the `@`.
    pub(crate) user: Option<&'t str>,
    /// Without brackets around an IPv6 address.
    pub(crate) host: &'t str,
    pub(crate) port: Option<&'t str>,
    /// From the first `/`, `?` or `#` behind the host on.
    pub(crate) rest: &'t str,
}

impl<'t> Parts<'t> {
    /// Takes `scheme://…` apart; `None` for anything else.
    pub(crate) fn of(text: &'t str) -> Option<Self> {
        let (scheme, behind) = text.split_once("://")?;
        let mut characters = scheme.chars();
        let named = characters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && characters.all(|next| next.is_ascii_alphanumeric() || "+-.".contains(next));
        if !named {
            return None;
        }
        let (authority, rest) = behind.split_at(behind.find(['/', '?', '#']).unwrap_or(behind.len()));
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        let (host, port) = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
            Some((host, behind)) => (host, behind.strip_prefix(':')),
            None => host.rsplit_once(':').map_or((host, None), |(host, port)| (host, Some(port))),
        };
        Some(Self { scheme, user, host, port, rest })
    }
}

/// Whether `host` is this machine itself.
pub(crate) fn is_loopback(host: &str) -> bool {
    let localhost = host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost");
    localhost || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A DNS name or an IP address.
pub(crate) fn host(text: &str) -> Result<(), Fault> {
    line(text)?;
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    let fault = |message: String| Fault::new(rules::INVALID_HOST, message);
    if let Some(parts) = Parts::of(text) {
        return Err(fault(format!("`{}` is an address; a host name is wanted", shorten(text)))
            .help(format!("write `{}`", parts.host)));
    }
    if let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'))
        && inside.parse::<Ipv6Addr>().is_ok()
    {
        return Err(fault(format!("the host `{text}` has brackets")).help(format!("write `{inside}`")));
    }
    if let Some((name, port)) = text.rsplit_once(':')
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(fault(format!("the host `{}` has a port", shorten(text))).help(format!("write `{name}`")));
    }
    dns_name(text).map_err(|fault| Fault { rule: rules::INVALID_HOST, ..fault })
}

fn dns_name(text: &str) -> Result<(), Fault> {
    let fault = |message: String| Fault::new(rules::INVALID_HOST, message);
    if text.chars().any(|next| next.is_ascii_uppercase()) {
        return Err(fault(format!("the host `{}` has capital letters", shorten(text)))
            .help(format!("write `{}`", text.to_ascii_lowercase())));
    }
    let allowed = |next: char| next.is_ascii_lowercase() || next.is_ascii_digit() || "-.".contains(next);
    if let Some(character) = first_bad(text, allowed) {
        return Err(refuse_character(rules::INVALID_HOST, text, character, "a host name")
            .help("use letters, digits, `-` and `.`"));
    }
    let labels = text
        .split('.')
        .all(|label| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-'));
    if !labels || text.len() > 253 {
        return Err(
            fault(format!("`{}` is no host name", shorten(text))).help("write a name such as `auth.example.org`")
        );
    }
    let last = text.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<Ipv4Addr>().is_err() {
        return Err(fault(format!("`{}` is no IP address", shorten(text))).help("write four numbers from 0 to 255"));
    }
    Ok(())
}

/// An address of the web.
pub(crate) fn url(text: &str) -> Result<(), Fault> {
    address(text, &["https", "http"])
}

/// A Helm repository.
pub(crate) fn repository(text: &str) -> Result<(), Fault> {
    address(text, &["https", "http", "oci"])
}

fn address(text: &str, schemes: &[&str]) -> Result<(), Fault> {
    line(text)?;
    let fault = |message: String| Fault::new(rules::INVALID_URL, message);
    let shown = shorten(text);
    let Some(parts) = Parts::of(text) else {
        let bare = text.trim_start_matches("//");
        let likely = format!("https://{bare}");
        let likely = if address_parts(&likely).is_ok() { likely } else { String::from("https://grafana.example.org") };
        return Err(Fault::new(rules::URL_WITHOUT_SCHEME, format!("`{shown}` has no `https://`"))
            .help(format!("write `{likely}`")));
    };
    if !schemes.contains(&parts.scheme) {
        let list = crate::shape::alternatives(schemes.iter().copied());
        let lower = parts.scheme.to_ascii_lowercase();
        let help = if schemes.contains(&lower.as_str()) {
            format!("write it in lower case: `{lower}:`")
        } else {
            format!("it must be {list}")
        };
        return Err(fault(format!("`{shown}` starts with `{}:`", parts.scheme)).help(help));
    }
    address_parts(text)
}

/// Everything behind the scheme.
fn address_parts(text: &str) -> Result<(), Fault> {
    let fault = |message: String| Fault::new(rules::INVALID_URL, message);
    let shown = shorten(text);
    let Some(parts) = Parts::of(text) else { return Err(fault(format!("`{shown}` is no address"))) };
    match parts.user {
        Some(user) if user.contains(':') => {
            return Err(Fault::new(
                rules::WRITTEN_SECRET,
                "a secret cannot be written here: this address holds a password",
            )
            .help(format!("write `{}://{}{}`", parts.scheme, parts.host, parts.rest)));
        }
        Some(_) => return Err(fault(format!("`{shown}` holds a username")).help("delete everything up to the `@`")),
        None => {}
    }
    if parts.host.parse::<Ipv6Addr>().is_err() {
        if parts.host.is_empty() {
            return Err(fault(format!("`{shown}` has no host")).help("write one such as `https://grafana.example.org`"));
        }
        dns_name(&parts.host.to_ascii_lowercase()).map_err(|fault| Fault { rule: rules::INVALID_URL, ..fault })?;
    }
    if let Some(port) = parts.port
        && !port.parse::<u16>().is_ok_and(|number| number > 0 && !port.starts_with('+'))
    {
        return Err(fault(format!("`{shown}` has the port `{port}`")).help("a port is 1 to 65535"));
    }
    let bad = |next: char| next.is_whitespace() || "\"<>\\^`{|}".contains(next);
    if let Some(character) = first_bad(parts.rest, |next| !bad(next)) {
        return Err(refuse_character(rules::INVALID_URL, text, character, "an address")
            .help("write it with `%` and two digits, such as `%20` for a space"));
    }
    Ok(())
}

/// What every redirect URI must be, compared strictly or as a pattern. The rest is checked with the app around it.
pub(crate) fn redirect(text: &str) -> Result<(), Fault> {
    line(text)?;
    if text.trim() != text {
        return Err(Fault::new(
            rules::INVALID_REDIRECT_URI,
            format!("`{}` starts or ends with a blank", shorten(text)),
        )
        .help(format!("write `{}`", shorten(text.trim()))));
    }
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    if ["javascript", "data", "vbscript"].iter().any(|forbidden| scheme.eq_ignore_ascii_case(forbidden)) {
        let message = format!("authentik refuses redirect URIs that start with `{scheme}:`");
        return Err(
            Fault::new(rules::INVALID_REDIRECT_URI, message).help("write `https://…`, a path, or the scheme of an app")
        );
    }
    Ok(())
}

/// A path of the app, or an address.
pub(crate) fn logout(text: &str) -> Result<(), Fault> {
    line(text)?;
    if text.starts_with('/') && !text.starts_with("//") && !text.contains(char::is_whitespace) {
        return Ok(());
    }
    if text.contains("://") {
        return url(text);
    }
    let message = format!("`{}` is neither a path nor an address", shorten(text));
    Err(Fault::new(rules::INVALID_URL, message)
        .help(format!("write `/{}`", shorten(text.trim_start_matches('/').trim()))))
}

/// A distinguished name without spaces around its separators.
pub(crate) fn dn(text: &str) -> Result<(), Fault> {
    line(text)?;
    let fault = |message: String| Fault::new(rules::MALFORMED_BASE_DN, message);
    let shown = shorten(text);
    let tight: Vec<_> =
        text.split(',').map(|part| part.split('=').map(str::trim).collect::<Vec<_>>().join("=")).collect();
    let tight = tight.join(",");
    if tight != text {
        return Err(fault(format!("`{shown}` has spaces around `,` or `=`; authentik compares it letter by letter"))
            .help(format!("write `{tight}`")));
    }
    for part in text.split(',') {
        let Some((key, value)) = part.split_once('=') else {
            return Err(fault(format!("`{shown}` is no distinguished name: `{part}` is no `key=value`"))
                .help("write one such as `dc=ldap,dc=example,dc=org`"));
        };
        if !is_attribute(key) || value.is_empty() {
            return Err(fault(format!("`{shown}` is no distinguished name: `{part}` is no `key=value`"))
                .help("write one such as `dc=ldap,dc=example,dc=org`"));
        }
        if let Some(character) = value.chars().find(|&next| "+\"\\<>;=#".contains(next)) {
            return Err(refuse_character(rules::MALFORMED_BASE_DN, text, character, "a base DN")
                .help("use letters, digits and `-` in its parts"));
        }
    }
    Ok(())
}

/// A name such as `dc`, or numbers such as `2.5.4.11` (RFC 4512, section 1.4).
fn is_attribute(text: &str) -> bool {
    let name = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    name || (text.contains('.') && text.split('.').all(number))
}

/// An e-mail address.
pub(crate) fn email(text: &str) -> Result<(), Fault> {
    line(text)?;
    let fine = text.split_once('@').is_some_and(|(local, domain)| {
        let bad = |next: char| next.is_whitespace() || "<>@,;:\"()[]\\".contains(next);
        !local.is_empty() && !local.contains(bad) && host(&domain.to_ascii_lowercase()).is_ok()
    });
    if fine {
        return Ok(());
    }
    Err(Fault::new(rules::INVALID_EMAIL, format!("`{}` is no e-mail address", shorten(text)))
        .help("write one such as `alex@example.org`"))
}

/// A sender: an e-mail address, with a name before it or without.
pub(crate) fn mailbox(text: &str) -> Result<(), Fault> {
    line(text)?;
    let address = match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((_, address)) => address,
        None => text,
    };
    email(address).map_err(|_| {
        Fault::new(rules::INVALID_EMAIL, format!("`{}` is no sender", shorten(text)))
            .help("write `auth@example.org` or `Lab <auth@example.org>`")
    })
}
