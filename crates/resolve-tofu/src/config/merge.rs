//! Override files: a block in one changes the block that it names, argument by argument.

use std::collections::BTreeSet;

use diagnostic::Diagnostic;
use syntax::hcl::{Block, Body, Item};

/// Lets `change` override `base`: its arguments replace those of the same name, its blocks all of the same kind;
/// `lifecycle` is changed argument by argument. What OpenTofu does not let an override change is reported.
pub(super) fn merge_block(base: &mut Block, change: Block, found: &mut Vec<Diagnostic>) {
    let kind = base.kind.value.clone();
    let mut change = change.body;
    change.items.retain(|item| match item {
        Item::Attribute(attribute) if attribute.name.value == "depends_on" => {
            found.push(Diagnostic::error(
                "invalid-override",
                attribute.name.span,
                "an override file cannot change `depends_on`",
            ));
            false
        }
        // Conditions in an override are read and then left aside.
        Item::Block(block) => !(matches!(kind.as_str(), "variable" | "output") && is_condition(&block.kind.value)),
        Item::Attribute(_) => true,
    });
    merge_body(&mut base.body, change);
}

fn is_condition(kind: &str) -> bool {
    matches!(kind, "validation" | "precondition" | "postcondition")
}

/// [`merge_block`] without its exceptions.
pub(super) fn merge_body(base: &mut Body, change: Body) {
    let mut names = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    let mut items = Vec::new();
    for item in change.items {
        match item {
            Item::Attribute(attribute) => {
                names.insert(attribute.name.value.clone());
                items.push(Item::Attribute(attribute));
            }
            Item::Block(block) if block.kind.value == "lifecycle" => {
                let present = base.items.iter_mut().find_map(|item| match item {
                    Item::Block(present) if present.kind.value == "lifecycle" => Some(present),
                    _ => None,
                });
                match present {
                    Some(present) => {
                        let mut inner = block.body;
                        inner.items.retain(|item| !matches!(item, Item::Block(rule) if is_condition(&rule.kind.value)));
                        merge_body(&mut present.body, inner);
                    }
                    None => items.push(Item::Block(block)),
                }
            }
            Item::Block(block) => {
                kinds.insert(made(&block).to_owned());
                items.push(Item::Block(block));
            }
        }
    }
    base.items.retain(|item| match item {
        Item::Attribute(attribute) => !names.contains(&attribute.name.value),
        Item::Block(block) => !kinds.contains(made(block)),
    });
    base.items.extend(items);
}

/// The kind of block that `block` makes: `dynamic "port"` makes `port`.
fn made(block: &Block) -> &str {
    match block.labels.first() {
        Some(label) if block.kind.value == "dynamic" => &label.value,
        _ => &block.kind.value,
    }
}
