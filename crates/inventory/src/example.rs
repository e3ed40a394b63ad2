//! The example inventory as a source of examples: what a person would write at a place.

use std::sync::LazyLock;

use document::Sample;

use crate::form;

/// A complete inventory: where the examples of messages and of the reference page come from.
pub const EXAMPLE: &str = include_str!("example.yaml");

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| Sample::new(EXAMPLE));

/// What the example has at the keys `path`, if it fits on a line.
pub(crate) fn at(path: &[&str]) -> Option<&'static str> {
    SAMPLE.at(path)
}

/// An app's own address; anywhere else what the example has, under a domain that is nobody's.
pub(crate) fn fitting(path: &[&str]) -> Option<String> {
    if let ["apps", app, "url"] = path {
        let url = format!("https://{app}.example.org");
        if form::net::url(&url).is_ok() {
            return Some(url);
        }
    }
    at(path)
        .map(|text| text.replace("hdhomelab.com", "example.org").replace("dc=hdhomelab,dc=com", "dc=example,dc=org"))
}
