//! What the expressions of a module name, as it is written.

use std::collections::BTreeMap;

use diagnostic::Span;
use resolve_tofu::Module;
use syntax::hcl::{Body, Expression, Item, Kind, Step};

use crate::{Content, Files};

/// A chain of names in an expression: `data.vault_kv_secret_v2.token.id`. Keys between brackets are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The names.
    pub names: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

/// Every chain of names in the files of `module`; `None` where one of them is no text in OpenTofu's language.
pub fn reads(files: &Files, module: &Module) -> Option<Vec<Read>> {
    let mut found = Vec::new();
    for id in &module.files {
        let Content::Hcl(parsed) = &files.by_id(*id)?.content else { return None };
        in_body(&parsed.body, &mut found);
    }
    Some(found)
}

/// Nested blocks are as deep as the parser lets them be.
fn in_body(body: &Body, found: &mut Vec<Read>) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => found.extend(reads_of(&attribute.value)),
            Item::Block(block) => in_body(&block.body, found),
        }
    }
}

/// Every chain of names in `expression`.
pub fn reads_of(expression: &Expression) -> Vec<Read> {
    // A chain comes before its parts, which begin where it begins.
    let mut starts: BTreeMap<u32, Read> = BTreeMap::new();
    expression.walk(&mut |part| {
        if !starts.contains_key(&part.span.start)
            && let Some(names) = names(part)
        {
            starts.insert(part.span.start, Read { names, span: part.span });
        }
    });
    starts.into_values().collect()
}

/// The names of a chain that begins with a name.
fn names(expression: &Expression) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut open = vec![expression];
    while let Some(part) = open.pop() {
        match &part.kind {
            Kind::Variable(name) => names.push(name.clone()),
            Kind::Access(of, step) => {
                if let Step::Attribute(name) = step.as_ref() {
                    names.push(name.value.clone());
                }
                open.push(of);
            }
            // What is taken of each element stands behind the list.
            Kind::Splat { of, each, .. } => open.extend([of.as_ref(), each.as_ref()]),
            Kind::Element => {}
            _ => return None,
        }
    }
    names.reverse();
    Some(names)
}
