//! What the inventory pins.

use diagnostic::Severity;

use sample::Sample;

use crate::support::{example_at, example_with, try_render};

#[track_caller]
fn the_finding(rendered: &Sample) -> (&str, Severity, &str, Option<&str>, &str) {
    let [found] = rendered.found.as_slice() else { panic!("{:#?}", rendered.found) };
    let written = rendered.sources.slice(found.primary.span);
    (found.rule, found.severity, &found.message, found.help.as_deref(), written)
}

#[test]
fn a_release_that_nobody_knows_is_refused_with_the_newest() {
    let rendered = try_render(&example_at("~> 2026.8.0"));
    assert!(rendered.tree.is_empty());
    assert_eq!(
        the_finding(&rendered),
        (
            "unknown-provider-release",
            Severity::Error,
            "`~> 2026.8.0` allows no release of the authentik provider that labtree knows",
            Some("write `~> 2026.5.0`, the newest that labtree knows"),
            "\"~> 2026.8.0\"",
        )
    );
}

#[test]
fn a_release_that_is_too_old_is_refused() {
    let rendered = try_render(&example_at("~> 2025.8.0"));
    assert!(rendered.tree.is_empty());
    assert_eq!(
        the_finding(&rendered),
        (
            "unsupported-provider-release",
            Severity::Error,
            "labtree renders for provider 2025.10.0 and newer",
            Some("write `~> 2026.5.0`, the newest that labtree knows"),
            "\"~> 2025.8.0\"",
        )
    );
    assert_eq!(rendered.found[0].primary.text, "the newest release that it allows is 2025.8.1");
}

#[test]
fn an_opentofu_that_may_be_too_old_is_said() {
    let rendered = try_render(&example_with("required_version: \">= 1.7.0\"", "required_version: \">= 1.6\""));
    assert!(!rendered.tree.is_empty());
    let (rule, severity, message, help, written) = the_finding(&rendered);
    assert_eq!((rule, severity, written), ("unsupported-opentofu", Severity::Warning, "\">= 1.6\""));
    assert_eq!(message, "`>= 1.6` allows OpenTofu before 1.7.0");
    assert_eq!(help, Some("write `>= 1.7.0`, or a later version"));
}
