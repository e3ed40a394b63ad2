//! Hosts in URLs, and the part of a regular expression that stands for one.

use std::net::Ipv4Addr;
use std::ops::Range;

use regex::Regex;
use regex_syntax::ast::{Ast, parse};

/// Where a URL goes.
#[derive(Debug)]
pub(crate) struct Place {
    /// `http`, `https` or an app's own, in small letters.
    pub(crate) scheme: String,
    /// The name or address, in small letters.
    pub(crate) host: String,
    /// The port, if one is written.
    pub(crate) port: Option<u16>,
}

/// Where `url` goes; `None` where it names no host, as `app:///callback`.
pub(crate) fn of(url: &str) -> Option<Place> {
    let uri: http::Uri = url.parse().ok()?;
    let host = uri.host().filter(|host| !host.is_empty())?;
    Some(Place { scheme: uri.scheme_str()?.to_lowercase(), host: host.to_lowercase(), port: uri.port_u16() })
}

/// Whether `host` is the machine that the browser runs on.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// Whether `host` is a name that no public DNS knows: without a dot, or below a domain that is kept for local use.
pub(crate) fn is_local(host: &str) -> bool {
    let ending = host.rsplit_once('.').map(|(_, ending)| ending);
    !host.starts_with('[') && ending.is_none_or(|ending| LOCAL.contains(&ending))
}

/// Top-level domains that nobody can register.
const LOCAL: [&str; 9] = ["corp", "home", "internal", "intranet", "lab", "lan", "local", "localdomain", "private"];

/// The host part of a pattern for URLs.
#[derive(Debug)]
pub(crate) struct HostPattern {
    /// It, as written: `app\.example\.org(:\d+)?`.
    pub(crate) source: String,
    /// Whether `http` may stand before it.
    pub(crate) takes_http: bool,
    /// Whether `https` may stand before it.
    pub(crate) takes_https: bool,
    /// The dots in it that stand for any one character, as bytes of the whole pattern.
    pub(crate) dots: Vec<usize>,
    /// The plain text that it begins with.
    prefix: String,
    /// The plain text that it ends with.
    suffix: String,
    /// Whether it is nothing but plain text.
    is_plain: bool,
    regex: Regex,
}

/// What a pattern admits beside the hosts that it is meant for, the worst first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// This host, which anybody could have registered.
    Foreign(String),
    /// A URL whose own host is written where the pattern takes anything before the right domain.
    Around(String),
}

/// The host parts of `pattern`, one for each of its alternatives that has one. Nothing is said of what cannot be read,
/// as patterns with look-around.
pub(crate) fn of_pattern(pattern: &str) -> Vec<HostPattern> {
    let Ok(ast) = parse::Parser::new().parse(pattern) else { return Vec::new() };
    let mut all = Vec::new();
    collect(&ast, pattern, &mut all);
    all
}

/// Whether `pattern`, which may have no host part at all, matches URLs of any site.
pub(crate) fn admits_anything(pattern: &str) -> bool {
    let sites = ["https://attacker.test/callback", "https://www.attacker.invalid/callback"];
    whole(pattern).is_some_and(|regex| sites.iter().all(|site| regex.is_match(site)))
}

fn whole(pattern: &str) -> Option<Regex> {
    Regex::new(&format!(r"\A(?:{pattern})\z")).ok()
}

fn collect(ast: &Ast, pattern: &str, all: &mut Vec<HostPattern>) {
    match ast {
        Ast::Alternation(alternation) => alternation.asts.iter().for_each(|ast| collect(ast, pattern, all)),
        Ast::Group(group) => collect(&group.ast, pattern, all),
        Ast::Concat(concat) => {
            let items: Vec<&Ast> = concat.asts.iter().filter(|item| !matches!(item, Ast::Assertion(_))).collect();
            match items.as_slice() {
                [Ast::Group(group)] => collect(&group.ast, pattern, all),
                items => all.extend(host(items, pattern)),
            }
        }
        _ => {}
    }
}

/// The host part of a sequence of items: from `://` to the first slash.
fn host(items: &[&Ast], pattern: &str) -> Option<HostPattern> {
    let is = |item: &Ast, wanted: char| literal(item) == Some(wanted);
    let mark = items.windows(3).position(|window| is(window[0], ':') && is(window[1], '/') && is(window[2], '/'))?;
    let (scheme, rest) = (&items[..mark], &items[mark + 3..]);
    let end = rest.iter().position(|item| begins_path(item, pattern)).unwrap_or(rest.len());
    let host = &rest[..end];
    let source = &pattern[span(host)?];
    let scheme = whole(&pattern[span(scheme)?])?;
    let plain = |item: &&Ast| text_of(item, pattern);
    let prefix: String = host.iter().map_while(plain).collect();
    let mut suffix: Vec<char> = host.iter().rev().map_while(plain).collect();
    suffix.reverse();
    let mut dots = Vec::new();
    host.iter().for_each(|item| find_dots(item, &mut dots));
    Some(HostPattern {
        takes_http: scheme.is_match("http"),
        takes_https: scheme.is_match("https"),
        dots,
        is_plain: prefix.chars().count() == host.len(),
        prefix,
        suffix: suffix.into_iter().collect(),
        regex: whole(source)?,
        source: source.to_owned(),
    })
}

/// The bytes that `items` are written in.
fn span(items: &[&Ast]) -> Option<Range<usize>> {
    Some(items.first()?.span().start.offset..items.last()?.span().end.offset)
}

/// Whether an item is behind the host: a `/`, `?` or `#`, or something that has one.
fn begins_path(item: &Ast, pattern: &str) -> bool {
    match item {
        Ast::Literal(literal) => ['/', '?', '#'].contains(&literal.c),
        Ast::Repetition(repetition) => begins_path(&repetition.ast, pattern),
        Ast::Group(group) => pattern[group.ast.span().start.offset..group.ast.span().end.offset].contains('/'),
        _ => false,
    }
}

fn literal(item: &Ast) -> Option<char> {
    match item {
        Ast::Literal(literal) => Some(literal.c),
        _ => None,
    }
}

/// The character that an item is meant to be; a dot alone is meant to be one.
fn text_of(item: &Ast, pattern: &str) -> Option<char> {
    let is_dot = matches!(item, Ast::Dot(_)) || &pattern[item.span().start.offset..item.span().end.offset] == "[.]";
    if is_dot { Some('.') } else { literal(item) }
}

/// The dots that are not repeated.
fn find_dots(item: &Ast, dots: &mut Vec<usize>) {
    match item {
        Ast::Dot(span) => dots.push(span.start.offset),
        Ast::Group(group) => find_dots(&group.ast, dots),
        Ast::Concat(concat) => concat.asts.iter().for_each(|ast| find_dots(ast, dots)),
        Ast::Alternation(alternation) => alternation.asts.iter().for_each(|ast| find_dots(ast, dots)),
        Ast::Repetition(repetition) if !matches!(&*repetition.ast, Ast::Dot(_)) => find_dots(&repetition.ast, dots),
        _ => {}
    }
}

impl HostPattern {
    /// The host, where it is plain text, in small letters and without its port.
    pub(crate) fn plain(&self) -> Option<String> {
        self.is_plain.then(|| without_port(&self.prefix).to_lowercase())
    }

    /// Whether it is the address of a machine, and no name.
    pub(crate) fn is_address(&self) -> bool {
        without_port(&self.prefix).parse::<Ipv4Addr>().is_ok()
    }

    /// Whether it is meant for the machine that the browser runs on.
    pub(crate) fn is_loopback(&self) -> bool {
        let admits = |host: &&str| self.regex.is_match(host) || self.regex.is_match(&format!("{host}:8080"));
        self.plain().is_some_and(|host| is_loopback(&host))
            || is_loopback(without_port(&self.prefix))
            || ["localhost", "127.0.0.1", "[::1]"].iter().any(admits) && self.reach().is_none()
    }

    /// What it admits beside what it is meant for.
    pub(crate) fn reach(&self) -> Option<Reach> {
        let admits = |host: &String| self.regex.is_match(host);
        // Text in front of it belongs to a domain of two labels or more, or to a local one.
        let domain = without_port(&self.suffix).split_once('.').map(|(_, domain)| domain);
        let mut shapes = vec!["attacker.TLD".to_owned(), "www.attacker.TLD".to_owned()];
        if !self.prefix.is_empty() && !self.prefix.contains(':') {
            shapes.push(format!("{}.attacker.TLD", self.prefix.trim_end_matches('.')));
        }
        let both = |shape: &String| ["test", "invalid"].iter().all(|tld| admits(&shape.replace("TLD", tld)));
        if let Some(shape) = shapes.into_iter().find(both) {
            return Some(Reach::Foreign(shape.replace("TLD", "test")));
        }
        let beside = format!("attacker{}", self.suffix);
        if domain.is_some_and(|domain| !domain.contains('.') && !LOCAL.contains(&domain)) && admits(&beside) {
            return Some(Reach::Foreign(beside));
        }
        // Behind a plain beginning, what matches may be a name and a password.
        let before = if self.prefix.is_empty() { vec![""] } else { vec!["@", ":@"] };
        let around = before.iter().flat_map(|before| {
            ["/", "?", "#"].map(|after| format!("{}{before}attacker.test{after}{}", self.prefix, self.suffix))
        });
        around.into_iter().find(admits).map(Reach::Around)
    }
}

/// `host:8080` as `host`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(pattern: &str) -> Option<Reach> {
        of_pattern(pattern).iter().filter_map(HostPattern::reach).min()
    }

    #[test]
    fn what_a_pattern_admits_beside_its_hosts() {
        let foreign = |host: &str| Some(Reach::Foreign(host.to_owned()));
        let around = |host: &str| Some(Reach::Around(host.to_owned()));
        let table = [
            (r"https://.*", foreign("attacker.test")),
            (r"https://[^/]*/callback", foreign("attacker.test")),
            (r"^https?:\/\/.+\/callback$", foreign("attacker.test")),
            (r"https://[a-z]+\.[a-z]+/", foreign("attacker.test")),
            (r"https://app\.example\.org.*", foreign("app.example.org.attacker.test")),
            (r"https://app\..*/callback", foreign("app.attacker.test")),
            (r"https://.*example\.org/", foreign("attackerexample.org")),
            (r"https://.*\.org/", foreign("attacker.org")),
            (r"https://a\.example\.org/|https://.*/", foreign("attacker.test")),
            (r"https://.*\.example\.org/", around("attacker.test/.example.org")),
            (r"https://.*.example.org/", around("attacker.test/.example.org")),
            (r"https://[^/]+\.example\.org/", around("attacker.test?.example.org")),
            (r"https://app-.*\.example\.org/", around("app-@attacker.test/.example.org")),
            (r"https://.*\.lan/", around("attacker.test/.lan")),
            (r"http://localhost:.*", around("localhost:@attacker.test/")),
            (r"http://127.0.0.1(:.*)?", around("127.0.0.1:@attacker.test/")),
            (r"https://[a-z0-9-]+\.example\.org/.*", None),
            (r"https://app\.example\.org(:\d+)?/.*", None),
            (r"https://app\.example\.org(/.*)?", None),
            (r"https://(app|web)\.example\.org/.*", None),
            (r"https://app.example.org/.*", None),
            (r"http://localhost:\d+/.*", None),
            (r"https://(?!evil).*", None),
        ];
        for (pattern, expected) in table {
            assert_eq!(reach(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn the_dots_of_a_host_are_those_that_stand_for_one_character() {
        let dots = |pattern: &str| of_pattern(pattern).iter().flat_map(|host| host.dots.clone()).collect::<Vec<_>>();
        assert_eq!(dots(r"https://app.example\.org/a.b"), [11]);
        assert_eq!(dots(r"^https://(a.b|c[.]d)\.org"), [11]);
        assert_eq!(dots(r"https://.*\.example\.org/"), [0; 0]);
    }

    #[test]
    fn the_host_of_a_url_is_told_from_its_port_and_its_user() {
        let of = |url: &str| of(url).map(|place| format!("{} {}", place.scheme, place.host));
        assert_eq!(of("HTTP://Pve.example.org:8006"), Some("http pve.example.org".to_owned()));
        assert_eq!(of("http://[::1]:8080/cb"), Some("http [::1]".to_owned()));
        assert_eq!(of("app.immich:///oauth-callback"), None);
        assert_eq!(of("not a url"), None);
    }
}
