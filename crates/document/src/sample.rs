//! A complete document as a source of examples: what a person would write at a place.

use diagnostic::FileId;
use syntax::yaml::{self, Content, Node, Style};

/// How long an example may be that is shown on one line.
const LONGEST: usize = 100;

/// A complete document, which is YAML.
#[derive(Debug)]
pub struct Sample {
    text: &'static str,
    root: Node,
}

impl Sample {
    /// The document `text`.
    ///
    /// # Panics
    /// The text is not YAML.
    pub fn new(text: &'static str) -> Self {
        Self { text, root: yaml::parse(FileId(0), text).expect("the example is YAML").root }
    }

    /// What it has at the keys `path`, if it fits on a line. A key that it does not have stands for any entry that has
    /// the rest.
    pub fn at(&self, path: &[&str]) -> Option<&'static str> {
        let node = find(&self.root, path)?;
        let text = self.text.get(node.span.range())?;
        let flow = match node.scalar() {
            Some(scalar) => !matches!(scalar.style, Style::Literal | Style::Folded | Style::Empty),
            None => text.starts_with(['[', '{']),
        };
        (flow && !text.contains('\n') && text.len() <= LONGEST).then_some(text)
    }
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
