//! Takes a block apart by what may stand in it, and reports what may not; JSON is read as the blocks that it means.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, FileId, Span, did_you_mean};
use syntax::hcl::{Attribute, Block, Body, Expression, Item, Kind};

/// What may stand in a block.
pub(crate) struct Schema {
    /// What the block is called in a message: "a `moved` block".
    pub(crate) of: &'static str,
    /// The names of its arguments.
    pub(crate) attributes: &'static [&'static str],
    /// Those of them that must be written.
    pub(crate) required: &'static [&'static str],
    /// The blocks in it, with how many labels each has.
    pub(crate) blocks: &'static [(&'static str, usize)],
    /// Whether anything else may stand in it too.
    pub(crate) open: bool,
}

/// A block taken apart.
#[derive(Default)]
pub(crate) struct Content {
    attributes: BTreeMap<&'static str, Attribute>,
    /// The blocks that the schema names, in order.
    pub(crate) blocks: Vec<Block>,
    /// What the schema does not name.
    pub(crate) rest: Vec<Item>,
}

impl Content {
    /// Takes the argument `name` out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Expression> {
        self.attributes.remove(name).map(|attribute| attribute.value)
    }

    /// Takes the argument `name` out, with its name.
    pub(crate) fn take_attribute(&mut self, name: &str) -> Option<Attribute> {
        self.attributes.remove(name)
    }

    /// Takes all blocks of `kind` out.
    pub(crate) fn take_blocks(&mut self, kind: &str) -> Vec<Block> {
        let (taken, left) = std::mem::take(&mut self.blocks).into_iter().partition(|block| block.kind.value == kind);
        self.blocks = left;
        taken
    }
}

/// Where findings go while files are read, and which of them are JSON.
pub(crate) struct Reader<'a> {
    pub(crate) json: &'a BTreeSet<FileId>,
    pub(crate) found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Adds a finding.
    pub(crate) fn error(&mut self, rule: &'static str, span: Span, message: impl Into<String>) {
        self.found.push(Diagnostic::error(rule, span, message));
    }

    /// Whether `span` lies in a JSON file.
    pub(crate) fn is_json(&self, span: Span) -> bool {
        self.json.contains(&span.file)
    }

    /// Takes `body` apart; `header` is the place for what is missing.
    pub(crate) fn content(&mut self, body: Body, header: Span, schema: &Schema) -> Content {
        let mut content = Content::default();
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        for item in body.items {
            match item {
                Item::Attribute(attribute) => {
                    let name = attribute.name.clone();
                    let json = self.is_json(name.span);
                    if let Some((kind, labels)) = schema.blocks.iter().find(|(kind, _)| *kind == name.value) {
                        if json {
                            self.json_blocks(&attribute, kind, *labels, &mut content.blocks);
                        } else {
                            self.found.push(
                                Diagnostic::error(
                                    "misplaced-argument",
                                    name.span,
                                    format!("`{kind}` is a block, and is written as an argument"),
                                )
                                .help(format!("write `{kind} {{ … }}` without the equals sign")),
                            );
                        }
                        continue;
                    }
                    if json && name.value == "//" {
                        continue;
                    }
                    if let Some(earlier) = first.get(&name.value) {
                        self.found.push(
                            Diagnostic::error(
                                "duplicate-argument",
                                name.span,
                                format!("`{}` is written twice", name.value),
                            )
                            .related(*earlier, "it is written here already"),
                        );
                        continue;
                    }
                    first.insert(name.value.clone(), name.span);
                    match schema.attributes.iter().find(|known| **known == name.value) {
                        Some(known) => {
                            content.attributes.insert(known, attribute);
                        }
                        None => {
                            if !schema.open {
                                self.unknown("unknown-argument", &name.value, name.span, schema);
                            }
                            content.rest.push(Item::Attribute(attribute));
                        }
                    }
                }
                Item::Block(block) => match schema.blocks.iter().find(|(kind, _)| *kind == block.kind.value) {
                    Some((_, labels)) => {
                        if self.labels_fit(&block, *labels) {
                            content.blocks.push(block);
                        }
                    }
                    None if schema.attributes.contains(&block.kind.value.as_str()) => {
                        let name = &block.kind.value;
                        let message = format!("`{name}` is an argument, and is written as a block");
                        self.found.push(
                            Diagnostic::error("misplaced-argument", block.header, message)
                                .help(format!("write `{name} = …`")),
                        );
                    }
                    None => {
                        if !schema.open {
                            self.unknown("unknown-block", &block.kind.value, block.header, schema);
                        }
                        content.rest.push(Item::Block(block));
                    }
                },
            }
        }
        for name in schema.required {
            if !content.attributes.contains_key(name) {
                self.error("missing-argument", header, format!("{} lacks `{name}`", schema.of));
            }
        }
        content
    }

    fn unknown(&mut self, rule: &'static str, name: &str, span: Span, schema: &Schema) {
        let candidates = schema.attributes.iter().copied().chain(schema.blocks.iter().map(|(kind, _)| *kind));
        let near = did_you_mean(name, candidates);
        let what = if rule == "unknown-block" { "block" } else { "argument" };
        self.error(rule, span, format!("{} has no {what} `{name}`{near}", schema.of));
    }

    /// Whether `block` has `labels` labels; reported if not.
    pub(crate) fn labels_fit(&mut self, block: &Block, labels: usize) -> bool {
        let written = block.labels.len();
        if written != labels {
            let message = format!("a `{}` block has {} here, and takes {labels}", block.kind.value, count(written));
            self.error("wrong-labels", block.header, message);
        }
        written == labels
    }

    /// The blocks of `kind` that a property of a JSON object means: objects below one object for each label, each of
    /// which may be a list.
    pub(crate) fn json_blocks(&mut self, attribute: &Attribute, kind: &str, labels: usize, blocks: &mut Vec<Block>) {
        let head = attribute.name.clone().map(|_| kind.to_owned());
        let mut open = vec![(&attribute.value, Vec::new())];
        // A stack that is emptied from its end keeps the order when children are pushed in reverse.
        while let Some((value, path)) = open.pop() {
            match &value.kind {
                Kind::Tuple(elements) => {
                    open.extend(elements.iter().rev().map(|element| (element, path.clone())));
                }
                Kind::Null => {}
                Kind::Object(items) if path.len() < labels => {
                    for item in items.iter().rev() {
                        let Some(label) = text_of(&item.key) else { continue };
                        if label == "//" {
                            continue;
                        }
                        let mut below: Vec<diagnostic::Spanned<String>> = path.clone();
                        below.push(diagnostic::Spanned::new(label, item.key.span));
                        open.push((&item.value, below));
                    }
                }
                Kind::Object(_) => {
                    let header = path.last().map_or(head.span, |label| label.span);
                    let body = json_body(value).unwrap_or_else(|| Body { items: Vec::new(), span: value.span });
                    blocks.push(Block { kind: head.clone(), labels: path, body, header, span: value.span });
                }
                Kind::Invalid => {}
                _ => {
                    let message = format!("`{kind}` takes an object here, or a list of objects");
                    self.error("misplaced-argument", value.span, message);
                }
            }
        }
    }
}

/// The properties of a JSON object as arguments.
pub(crate) fn json_body(value: &Expression) -> Option<Body> {
    let Kind::Object(items) = &value.kind else { return None };
    let items = items
        .iter()
        .filter_map(|item| {
            let name = diagnostic::Spanned::new(text_of(&item.key)?, item.key.span);
            let span = item.key.span.to(item.value.span);
            Some(Item::Attribute(Attribute { name, value: item.value.clone(), span }))
        })
        .filter(|item| !matches!(item, Item::Attribute(attribute) if attribute.name.value == "//"))
        .collect();
    Some(Body { items, span: value.span })
}

/// What a literal text says.
pub(crate) fn text_of(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn count(labels: usize) -> String {
    match labels {
        0 => "no label".to_owned(),
        1 => "one label".to_owned(),
        more => format!("{more} labels"),
    }
}
