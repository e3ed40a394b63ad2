//! The example inventory as a source of examples: what a person would write at a place.

use std::sync::LazyLock;

use diagnostic::FileId;
use syntax::yaml::{self, Content, Node, Style};

use crate::form;

/// A complete inventory: where the examples of messages and of the reference page come from.
pub const EXAMPLE: &str = include_str!("example.yaml");

static ROOT: LazyLock<Node> = LazyLock::new(|| yaml::parse(FileId(0), EXAMPLE).expect("the example is YAML").root);

/// How long an example may be that is shown on one line.
const LONGEST: usize = 100;

/// What the example has at the keys `path`, if it fits on a line. A key that it does not have stands for any entry
/// that has the rest.
pub(crate) fn at(path: &[&str]) -> Option<&'static str> {
    let node = find(&ROOT, path)?;
    let text = EXAMPLE.get(node.span.range())?;
    let flow = match node.scalar() {
        Some(scalar) => !matches!(scalar.style, Style::Literal | Style::Folded | Style::Empty),
        None => text.starts_with(['[', '{']),
    };
    (flow && !text.contains('\n') && text.len() <= LONGEST).then_some(text)
}

fn find<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    let Some((key, rest)) = path.split_first() else { return Some(node) };
    match &node.content {
        Content::Mapping(pairs) => {
            match pairs.iter().find(|pair| pair.key.scalar().is_some_and(|scalar| scalar.text == *key)) {
                Some(pair) => find(&pair.value, rest),
                None if rest.is_empty() => None,
                None => pairs.iter().find_map(|pair| find(&pair.value, rest)),
            }
        }
        Content::Sequence(items) => items.iter().find_map(|item| find(item, path)),
        Content::Scalar(_) => None,
    }
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
