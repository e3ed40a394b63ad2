//! A pattern for redirect URIs that is no regular expression.

use regex_syntax::ast::{Error, ErrorKind, parse};

use crate::identity::redirects::{Matching, known};
use crate::{Findings, Repo};

crate::rule! {
    /// A pattern for redirect URIs is not a regular expression of Python.
    ///
    /// ## Why
    /// The server compiles it when the provider is saved and refuses one that does not compile, so the apply fails; a
    /// release that takes it only logs the fault, and no login ever matches
    /// ([`views/authorize.py`](https://github.com/goauthentik/authentik/blob/main/authentik/providers/oauth2/views/authorize.py)).
    /// What labtree cannot judge, as look-around, is left alone.
    ///
    /// ## Fix
    /// Mend the pattern. `*` alone is a wildcard in shells; here it is `.*`, and within one label of a host
    /// `[a-z0-9-]+`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "regex", url = "https://grafana\\.example\\.org/(login" },
    /// #                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[redirect-regex-invalid]: `https://grafana\.example\.org/(login` is no regular expression: a `(` is not closed
    ///   ]
    /// }
    /// ```
    ///
    /// Closed:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "regex", url = "https://grafana\\.example\\.org/(login|link)" },
    ///   ]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: no URI matches it.
    "redirect-regex-invalid", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for uri in known(repo).into_iter().filter(|uri| uri.matching == Matching::Regex) {
        let Err(error) = parse::Parser::new().parse(&uri.url.value) else { continue };
        let Some(fault) = fault(&error) else { continue };
        let message = format!("`{}` is no regular expression: {fault}", uri.url.value);
        findings.report(uri.url.span, message).help("write a regular expression of Python, or the URI as `strict`");
    }
}

/// What is wrong for Python too. Of the faults that only Rust's syntax has, nothing is said.
fn fault(error: &Error) -> Option<String> {
    let (pattern, span) = (error.pattern(), error.span());
    let at = &pattern[span.start.offset..];
    let first = at.chars().next().unwrap_or_default();
    match error.kind() {
        ErrorKind::GroupUnclosed => Some("a `(` is not closed".to_owned()),
        ErrorKind::GroupUnopened => Some("a `)` closes nothing".to_owned()),
        ErrorKind::RepetitionMissing if "*+?".contains(first) => {
            Some(format!("before `{first}` there is nothing to repeat"))
        }
        ErrorKind::RepetitionCountInvalid => Some("a repetition has more at least than at most".to_owned()),
        ErrorKind::EscapeUnexpectedEof => Some("it ends in a backslash".to_owned()),
        ErrorKind::ClassUnclosed if has_open_class(pattern) => Some("a `[` is not closed".to_owned()),
        ErrorKind::ClassRangeInvalid => Some("a range in `[…]` ends before it begins".to_owned()),
        ErrorKind::EscapeUnrecognized => {
            let letter = pattern[..span.end.offset].chars().next_back()?;
            let is_pythons = "abABdDfnNrsStuUvwWxZ".contains(letter) || !letter.is_ascii_alphabetic();
            (!is_pythons).then(|| format!("Python knows no `\\{letter}`"))
        }
        _ => None,
    }
}

/// Whether a `[` is not closed, as Python reads it: it knows no sets in sets.
fn has_open_class(pattern: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => _ = rest.next(),
            '[' => {
                rest.next_if_eq(&'^');
                rest.next_if_eq(&']');
                loop {
                    match rest.next() {
                        None => return true,
                        Some(']') => break,
                        Some('\\') => _ = rest.next(),
                        Some(_) => {}
                    }
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use regex_syntax::ast::parse;

    use super::fault;
    use crate::tests::check_rule;

    /// Each judged by CPython's `re.compile`.
    #[test]
    fn what_python_refuses_is_told_and_what_it_takes_is_not() {
        let faults = |pattern: &str| parse::Parser::new().parse(pattern).err().and_then(|error| fault(&error));
        for refused in ["*.example.org", "(a", "(?:a", "a)", "[a", "a\\", "[z-a]", "+a", "a|*", r"\d{2,1}", r"\q"] {
            assert!(faults(refused).is_some(), "{refused}");
        }
        let taken = [
            "a{",
            "a{,3}",
            "[[]",
            "a?+",
            r"\Z",
            "(?P<x>a)(?P=x)",
            "(?i)a",
            "(?#c)a",
            "[]a]",
            "(?<!a)b",
            "(?=a)b",
            r"(a)\1",
            r"\/",
            r"\-",
            "[a&&b]",
            "{x",
            r"\N{DIGIT ONE}",
            r"\u0041",
        ];
        for taken in taken {
            assert_eq!(faults(taken), None, "{taken}");
        }
    }

    #[test]
    fn a_wildcard_of_shells_is_told_of_and_look_around_is_left_alone() {
        check_rule(
            "redirect-regex-invalid",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "regex", url = "*.example.org/callback" },
#                                    ^^^^^^^^^^^^^^^^^^^^^^^^ error[redirect-regex-invalid]: `*.example.org/callback` is no regular expression: before `*` there is nothing to repeat
    { matching_mode = "regex", url = "https://(?!internal)[a-z]+\\.example\\.org/(?<=/)callback" },
    { matching_mode = "strict", url = "https://wiki.example.org/(" },
  ]
}
"#,
        );
    }
}
