//! What an inventory place is called: `apps.grafana.url`.

use std::collections::BTreeMap;

use diagnostic::{FileId, Sources, Span};
use syntax::yaml::{Content, Document, Node, parse};

/// Finds names; each text is read once.
#[derive(Default)]
pub(crate) struct Names {
    documents: BTreeMap<FileId, Option<Document>>,
}

impl Names {
    /// The keys that lead to the innermost value or key around `span`, with `.` between them and `[2]` for the
    /// third item of a list; `None` where `span` lies in no entry, or in a text that is no YAML.
    pub(crate) fn name_of(&mut self, sources: &Sources, span: Span) -> Option<String> {
        let read = || parse(span.file, &sources.get(span.file).text).ok();
        let document = self.documents.entry(span.file).or_insert_with(read).as_ref()?;
        let mut name = String::new();
        let mut node = &document.root;
        while let Some(below) = step(node, span, &mut name) {
            node = below;
        }
        (!name.is_empty()).then_some(name)
    }

    /// `entry `apps.grafana.url` (inventory.yaml:103:10)`, to be read in a line of text.
    pub(crate) fn entry(&mut self, sources: &Sources, span: Span) -> String {
        let at = place(sources, span);
        match self.name_of(sources, span) {
            Some(name) => format!("entry `{name}` ({at})"),
            None => at,
        }
    }
}

/// `inventory.yaml:103:10`.
pub(crate) fn place(sources: &Sources, span: Span) -> String {
    let location = sources.location(span);
    format!("{}:{}:{}", sources.path(span), location.line, location.column)
}

/// One step towards `span`; the step's name is put behind `name`.
fn step<'n>(node: &'n Node, span: Span, name: &mut String) -> Option<&'n Node> {
    match &node.content {
        Content::Scalar(_) => None,
        Content::Sequence(items) => {
            let (index, item) = items.iter().enumerate().find(|(_, item)| holds(item.span, span))?;
            name.push_str(&format!("[{index}]"));
            Some(item)
        }
        Content::Mapping(pairs) => {
            let pair = pairs.iter().find(|pair| holds(pair.key.span, span) || holds(pair.value.span, span))?;
            let key = pair.key.scalar().map_or("?", |scalar| scalar.text.as_str());
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(key);
            holds(pair.value.span, span).then_some(&pair.value)
        }
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, word: &str) -> Option<String> {
        let mut sources = Sources::default();
        let file = sources.add("inventory.yaml", text);
        let start = text.find(word).expect("the word stands in the text");
        Names::default().name_of(&sources, Span::new(file, start..start + word.len()))
    }

    const TEXT: &str = "# a lab\napps:\n  grafana:\n    allow: [family, friends]\n    url: https://g.example.org\n";

    #[test]
    fn a_value_a_key_and_an_item_have_names() {
        assert_eq!(name(TEXT, "https://g.example.org").as_deref(), Some("apps.grafana.url"));
        assert_eq!(name(TEXT, "grafana").as_deref(), Some("apps.grafana"));
        assert_eq!(name(TEXT, "friends").as_deref(), Some("apps.grafana.allow[1]"));
    }

    #[test]
    fn a_comment_has_no_name() {
        assert_eq!(name(TEXT, "a lab"), None);
    }
}
