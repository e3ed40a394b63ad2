//! The body of a block: its arguments, the blocks in it, and those that `dynamic` makes.

use std::collections::BTreeMap;

use syntax::hcl::{Attribute, Block, Body, Expression, Item, Kind};

use super::{Evaluator, Scope};
use crate::root::{Argument, Content, Nested};
use crate::value::{self, Entries, Value};

/// How deep blocks may lie in each other.
const DEPTH: usize = 100;

/// The attribute `name` of `body`.
pub(crate) fn attribute_of<'a>(body: &'a Body, name: &str) -> Option<&'a Attribute> {
    body.items.iter().find_map(|item| match item {
        Item::Attribute(attribute) if attribute.name.value == name => Some(attribute),
        _ => None,
    })
}

impl<'a> Evaluator<'a> {
    /// Evaluates `body`; `argument` gives the value of an attribute of the body itself.
    pub(crate) fn content(
        &self,
        body: &'a Body,
        scope: &mut Scope,
        depth: usize,
        argument: &mut dyn FnMut(&'a Attribute, &mut Scope) -> Value,
    ) -> Content<'a> {
        let mut content =
            Content { arguments: Vec::with_capacity(body.items.len()), blocks: Vec::new(), complete: true };
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    let value = argument(attribute, scope);
                    content.arguments.push(Argument { name: &attribute.name, value, span: attribute.value.span });
                }
                Item::Block(_) if depth >= DEPTH => content.complete = false,
                Item::Block(block) if block.kind.value == "dynamic" => self.dynamic(block, scope, depth, &mut content),
                Item::Block(block) => {
                    let labels = block.labels.iter().map(|label| label.value.clone()).collect();
                    self.nested(block, &block.kind.value, labels, true, scope, depth, &mut content);
                }
            }
        }
        content.arguments.sort_by_key(|argument| &argument.name.value);
        // Of what is written twice, which is a fault of its own, the last counts.
        content.arguments.dedup_by(|later, earlier| {
            let is_same = later.name.value == earlier.name.value;
            if is_same {
                std::mem::swap(later, earlier);
            }
            is_same
        });
        content
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a block that `dynamic` makes has its kind and labels from elsewhere"
    )]
    fn nested(
        &self,
        block: &'a Block,
        kind: &'a str,
        labels: Vec<String>,
        certain: bool,
        scope: &mut Scope,
        depth: usize,
        into: &mut Content<'a>,
    ) {
        let content =
            self.content(&block.body, scope, depth + 1, &mut |attribute, scope| self.value(&attribute.value, scope));
        let nested = Nested { kind, labels, content, header: block.header, certain };
        into.blocks.push(nested);
    }

    fn dynamic(&self, block: &'a Block, scope: &mut Scope, depth: usize, into: &mut Content<'a>) {
        let Some(kind) = block.labels.first().filter(|_| block.labels.len() == 1) else {
            self.fault("wrong-labels", block.header, "a `dynamic` block takes one label: the block that it makes");
            return;
        };
        let mut contents = block.body.items.iter().filter_map(|item| match item {
            Item::Block(inner) if inner.kind.value == "content" => Some(inner),
            _ => None,
        });
        let Some(content) = contents.next() else {
            self.fault("missing-block", block.header, "a `dynamic` block lacks its `content` block");
            return;
        };
        let Some(for_each) = attribute_of(&block.body, "for_each").map(|attribute| &attribute.value) else {
            self.fault("missing-argument", block.header, "a `dynamic` block lacks `for_each`");
            return;
        };
        let iterator = match attribute_of(&block.body, "iterator").map(|attribute| &attribute.value) {
            None => kind.value.clone(),
            Some(Expression { kind: Kind::Variable(name), .. }) => name.clone(),
            Some(other) => {
                self.fault("invalid-argument", other.span, "`iterator` takes a name without quotes");
                kind.value.clone()
            }
        };
        let collection = self.value(for_each, scope);
        let (entries, certain) = match value::entries(&collection) {
            Entries::Items(entries) if !value::is_null(&collection) => (entries, true),
            Entries::Unknown => (vec![(value::dynamic(), value::dynamic())], false),
            _ => {
                let what = value::kind(&collection);
                let message = format!("`for_each` of a `dynamic` block takes a collection, and this is {what}");
                self.fault("invalid-for-each", for_each.span, message);
                into.complete = false;
                return;
            }
        };
        into.complete &= certain;
        for (key, element) in entries {
            if !self.spend(1) {
                into.complete = false;
                return;
            }
            let key = if value::is_set(&collection) { element.clone() } else { key };
            let each = value::object(BTreeMap::from([("key".to_owned(), key), ("value".to_owned(), element)]));
            scope.names.push((iterator.clone(), each));
            let labels = attribute_of(&block.body, "labels").map(|labels| self.value(&labels.value, scope));
            let labels = match labels.as_ref().map(value::entries) {
                Some(Entries::Items(labels)) => {
                    labels.iter().filter_map(|(_, label)| value::text(label).map(str::to_owned)).collect()
                }
                _ => Vec::new(),
            };
            self.nested(content, &kind.value, labels, certain, scope, depth, into);
            scope.names.pop();
        }
    }
}
