//! What the objects of clusters say of authentik, in whichever text it stands: the URLs of its applications, and what is
//! set beside them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use diagnostic::{Sources, Span, Spanned};
use manifest::{Content, Value};
use regex::Regex;
use resolve_flux::Object;

use super::address;
use crate::Repo;

/// Paths below `/application/o/` that are no application's: `authentik/providers/oauth2/urls.py`.
pub(crate) const ENDPOINTS: [&str; 6] = ["authorize", "device", "introspect", "revoke", "token", "userinfo"];

/// A text in an object, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'f> {
    /// The text.
    pub(crate) text: &'f str,
    /// Where it is written.
    pub(crate) span: Span,
    /// What it is called: the key that it stands behind, or the name of the variable.
    pub(crate) key: Option<&'f str>,
    /// The map or the list that it stands in, with what else is set there.
    pub(crate) around: Option<&'f Value>,
}

/// A text that names an application of authentik by a URL.
#[derive(Debug)]
pub(crate) struct Mention<'f> {
    /// The object that it stands in.
    pub(crate) object: &'f Object,
    /// The text.
    pub(crate) text: Text<'f>,
    /// The slug in the URL.
    pub(crate) slug: Spanned<String>,
}

impl Mention<'_> {
    /// The object, as people call it: ``HelmRelease `grafana` ``.
    pub(crate) fn by(&self) -> String {
        format!("{} `{}`", self.object.kind(), self.object.name())
    }
}

/// Every URL of an application of the repository's authentik in the clusters, each place once. What a template or a
/// variable has a part in is none.
pub(crate) fn mentions<'f>(repo: &Repo<'f>) -> Vec<Mention<'f>> {
    static URL: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"https?://([A-Za-z0-9.-]+)(?::[0-9]+)?/application/o/([-A-Za-z0-9_]+)(/|[\s"'`?#,;)]|$)"#;
        Regex::new(pattern).expect("the pattern is right")
    });
    let hosts = address::known(repo);
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for object in repo.flux.clusters.iter().flat_map(|cluster| &cluster.objects).filter(|_| !hosts.is_empty()) {
        texts(object, &mut |text| {
            if !text.text.contains("/application/o/") {
                return;
            }
            for url in URL.captures_iter(text.text) {
                let (host, slug) = (&url[1], &url[2]);
                if !hosts.contains(&host.to_lowercase()) || ENDPOINTS.contains(&slug) {
                    continue;
                }
                let place = within(repo.sources, text.span, &format!("/application/o/{slug}"), slug);
                if seen.insert((place, slug.to_owned())) {
                    found.push(Mention { object, text, slug: Spanned::new(slug.to_owned(), place) });
                }
            }
        });
    }
    found
}

/// The objects that log in at the repository's authentik: those that name any of its endpoints for OAuth2, once per object.
pub(crate) fn clients<'f>(repo: &Repo<'f>) -> Vec<&'f Object> {
    static URL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"https?://([A-Za-z0-9.-]+)(?::[0-9]+)?/application/o/").expect("the pattern is right")
    });
    let hosts = address::known(repo);
    let objects = repo.flux.clusters.iter().flat_map(|cluster| &cluster.objects).filter(|_| !hosts.is_empty());
    let is_client = |object: &&Object| {
        let mut is_one = false;
        texts(object, &mut |text| {
            is_one |= text.text.contains("/application/o/")
                && URL.captures_iter(text.text).any(|url| hosts.contains(&url[1].to_lowercase()));
        });
        is_one
    };
    objects.filter(is_client).collect()
}

/// Every text in `object`.
pub(crate) fn texts<'f>(object: &'f Object, see: &mut impl FnMut(Text<'f>)) {
    walk(&object.value, None, None, see);
}

fn walk<'f>(value: &'f Value, key: Option<&'f str>, around: Option<&'f Value>, see: &mut impl FnMut(Text<'f>)) {
    match &value.content {
        Content::Text(text) => see(Text { text, span: value.span, key, around }),
        Content::List(items) => {
            for item in items {
                // A variable: it is called by its name, and stands among the others of its list.
                let name = item.text_at("name").filter(|_| item.get("value").is_some());
                for entry in item.entries() {
                    match name.filter(|_| entry.key.value == "value") {
                        Some(name) => walk(&entry.value, Some(name), Some(value), see),
                        None => walk(&entry.value, Some(&entry.key.value), Some(item), see),
                    }
                }
                if item.entries().is_empty() {
                    walk(item, key, Some(value), see);
                }
            }
        }
        Content::Map(entries) => {
            entries.iter().for_each(|entry| walk(&entry.value, Some(&entry.key.value), Some(value), see));
        }
        _ => {}
    }
}

/// What is set in `around`: the entries of a map, the variables of a list, the options of a command.
pub(crate) fn settings(around: &Value) -> Vec<(&str, Spanned<&str>)> {
    let entries = around.entries().iter();
    let mut all: Vec<_> = entries
        .filter_map(|entry| Some((entry.key.value.as_str(), Spanned::new(entry.value.text()?, entry.value.span))))
        .collect();
    for item in around.items() {
        if let (Some(name), Some(value)) = (item.text_at("name"), item.get("value")) {
            all.extend(value.text().map(|text| (name, Spanned::new(text, value.span))));
        } else if let Some((option, text)) = item.text().and_then(|text| text.split_once('=')) {
            all.push((option, Spanned::new(text, item.span)));
        }
    }
    all
}

/// The place of `part` in what is written at `span`, where it stands in `before`; the whole where it is not written so.
pub(crate) fn within(sources: &Sources, span: Span, before: &str, part: &str) -> Span {
    let inside = before.rfind(part).unwrap_or_default();
    let written = sources.slice(span);
    let ends = |at: usize| {
        let next = written[at + before.len()..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric() && !['-', '_'].contains(&next))
    };
    let Some((at, _)) = written.match_indices(before).find(|(at, _)| ends(*at)) else { return span };
    let start = span.start as usize + at + inside;
    Span::new(span.file, start..start + part.len())
}
