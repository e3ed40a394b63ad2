//! Blocks of the language as typed values: variables, outputs, module calls, and what plans move and import.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Spanned};
use syntax::hcl::{Block, Expression, Item, Kind};

use super::body::{Reader, Schema};
use super::{CheckRule, Import, Local, ModuleCall, Moved, Output, ProviderReference, Removed, Variable};
use crate::reference::{Target, references};

const VARIABLE: Schema = Schema {
    of: "a `variable` block",
    attributes: &["const", "default", "deprecated", "description", "ephemeral", "nullable", "sensitive", "type"],
    required: &[],
    blocks: &[("validation", 0)],
    open: false,
};

const OUTPUT: Schema = Schema {
    of: "an `output` block",
    attributes: &["depends_on", "deprecated", "description", "ephemeral", "sensitive", "value"],
    required: &["value"],
    blocks: &[("precondition", 0)],
    open: false,
};

const MODULE: Schema = Schema {
    of: "a `module` block",
    attributes: &["count", "depends_on", "for_each", "providers", "source", "version"],
    required: &["source"],
    blocks: &[("_", 0), ("lifecycle", 0), ("locals", 0), ("provider", 1)],
    open: true,
};

const MODULE_LIFECYCLE: Schema = Schema {
    of: "the `lifecycle` block of a module",
    attributes: &["enabled"],
    required: &[],
    blocks: &[],
    open: false,
};

const CHECK_RULE: Schema = Schema {
    of: "a condition",
    attributes: &["condition", "error_message"],
    required: &["condition", "error_message"],
    blocks: &[],
    open: false,
};

const MOVED: Schema =
    Schema { of: "a `moved` block", attributes: &["from", "to"], required: &["from", "to"], blocks: &[], open: false };

const IMPORT: Schema = Schema {
    of: "an `import` block",
    attributes: &["for_each", "id", "identity", "provider", "to"],
    required: &["to"],
    blocks: &[],
    open: false,
};

const REMOVED: Schema = Schema {
    of: "a `removed` block",
    attributes: &["from"],
    required: &["from"],
    blocks: &[("lifecycle", 0), ("provisioner", 1)],
    open: false,
};

const REMOVED_LIFECYCLE: Schema = Schema {
    of: "the `lifecycle` block of `removed`",
    attributes: &["destroy"],
    required: &[],
    blocks: &[],
    open: false,
};

pub(super) fn variable(block: Block, reader: &mut Reader<'_>) -> Variable {
    let name = label(&block, 0);
    reader.identifier(&name, "a variable");
    let reserved = MODULE.attributes.iter().copied().chain(MODULE.blocks.iter().map(|(kind, _)| *kind));
    if reserved.into_iter().any(|word| word == name.value) {
        let message = format!("a variable cannot be called `{}`, which means something else in `module`", name.value);
        reader.error("invalid-name", name.span, message);
    }
    let mut content = reader.content(block.body, block.header, &VARIABLE);
    let rules = content.take_blocks("validation");
    let nullable = reader.flag(&mut content, "nullable", true);
    let default = content.take("default");
    if let Some(Expression { kind: Kind::Null, span }) = default.as_ref().filter(|_| !nullable) {
        reader.error("invalid-variable-value", *span, "the default is null, and `nullable` is false");
    }
    let validations: Vec<CheckRule> = rules.into_iter().map(|rule| check_rule(rule, reader)).collect();
    for condition in validations.iter().filter_map(|rule| rule.condition.as_ref()) {
        let own = Target::Variable(name.value.clone());
        if !references(condition, &[]).iter().any(|reference| reference.target == own) {
            let message = format!("the condition does not refer to `var.{}`, which it is to hold", name.value);
            reader.error("invalid-argument", condition.span, message);
        }
    }
    Variable {
        name,
        description: reader.text(&mut content, "description"),
        constraint: content.take("type").map(|constraint| reader.plain(constraint)),
        default,
        sensitive: reader.flag(&mut content, "sensitive", false),
        ephemeral: reader.flag(&mut content, "ephemeral", false),
        nullable,
        constant: reader.flag(&mut content, "const", false),
        deprecated: reader.text(&mut content, "deprecated"),
        validations,
        header: block.header,
    }
}

pub(super) fn locals(block: Block, reader: &mut Reader<'_>) -> Vec<Local> {
    let schema = Schema { of: "a `locals` block", attributes: &[], required: &[], blocks: &[], open: true };
    let content = reader.content(block.body, block.header, &schema);
    let mut found = Vec::new();
    for item in content.rest {
        match item {
            Item::Attribute(attribute) => {
                reader.identifier(&attribute.name, "a local value");
                found.push(Local { name: attribute.name, value: attribute.value });
            }
            Item::Block(block) => {
                let message = format!("`locals` holds only `name = value`, and `{}` is a block", block.kind.value);
                reader.error("unknown-block", block.header, message);
            }
        }
    }
    found
}

pub(super) fn output(block: Block, reader: &mut Reader<'_>) -> Output {
    let name = label(&block, 0);
    reader.identifier(&name, "an output");
    let mut content = reader.content(block.body, block.header, &OUTPUT);
    let rules = content.take_blocks("precondition");
    Output {
        name,
        value: content.take("value"),
        description: reader.text(&mut content, "description"),
        sensitive: reader.flag(&mut content, "sensitive", false),
        ephemeral: reader.flag(&mut content, "ephemeral", false),
        deprecated: reader.text(&mut content, "deprecated"),
        depends_on: reader.references(&mut content, "depends_on"),
        preconditions: rules.into_iter().map(|rule| check_rule(rule, reader)).collect(),
        header: block.header,
    }
}

pub(super) fn module_call(block: Block, reader: &mut Reader<'_>) -> ModuleCall {
    let name = label(&block, 0);
    reader.identifier(&name, "a module");
    let mut content = reader.content(block.body, block.header, &MODULE);
    let mut enabled = None;
    if let Some(inner) = reader.once(&mut content, "lifecycle") {
        let mut lifecycle = reader.content(inner.body, inner.header, &MODULE_LIFECYCLE);
        enabled = lifecycle.take_attribute("enabled");
    }
    let mut inputs = BTreeMap::new();
    let escaped = reader.once(&mut content, "_").into_iter().flat_map(|block| block.body.items);
    for item in std::mem::take(&mut content.rest).into_iter().chain(escaped) {
        match item {
            Item::Attribute(attribute) => {
                inputs.insert(attribute.name.value.clone(), attribute);
            }
            Item::Block(block) => {
                let message = format!("a module has inputs, and `{}` is a block", block.kind.value);
                reader.found.push(
                    Diagnostic::error("unknown-block", block.header, message)
                        .help(format!("write `{} = {{ … }}`", block.kind.value)),
                );
            }
        }
    }
    for block in &content.blocks {
        reader.error("unknown-block", block.header, format!("`{}` is reserved in a module call", block.kind.value));
    }
    let repetition = reader.repetition(&mut content, enabled);
    ModuleCall {
        name,
        source: content.take("source"),
        version: content.take("version"),
        repetition,
        providers: content.take("providers").map(|value| passed_providers(&value, reader)).unwrap_or_default(),
        depends_on: reader.references(&mut content, "depends_on"),
        inputs,
        header: block.header,
    }
}

fn passed_providers(value: &Expression, reader: &mut Reader<'_>) -> Vec<(ProviderReference, ProviderReference)> {
    let Kind::Object(items) = &value.kind else {
        reader.error("invalid-argument", value.span, "`providers` takes a map from names in the module to names here");
        return Vec::new();
    };
    let mut found: Vec<(ProviderReference, ProviderReference)> = Vec::new();
    for item in items {
        let (Some(inside), Some(here)) = (reader.provider(&item.key), reader.provider(&item.value)) else { continue };
        let text = |provider: &ProviderReference| {
            (provider.name.value.clone(), provider.alias.as_ref().map(|alias| alias.value.clone()))
        };
        match found.iter().find(|(earlier, _)| text(earlier) == text(&inside)) {
            Some((earlier, _)) => reader.found.push(
                Diagnostic::error("duplicate-argument", item.key.span, "this provider is passed twice")
                    .related(earlier.span, "it is passed here already"),
            ),
            None => found.push((inside, here)),
        }
    }
    found
}

pub(super) fn check_rule(block: Block, reader: &mut Reader<'_>) -> CheckRule {
    let mut content = reader.content(block.body, block.header, &CHECK_RULE);
    let condition = content.take("condition");
    if let Some(condition) = condition.as_ref().filter(|condition| !matches!(condition.kind, Kind::Invalid))
        && block.kind.value != "validation"
        && references(condition, &[]).is_empty()
    {
        reader.error("invalid-argument", condition.span, "the condition refers to nothing, so it never changes");
    }
    CheckRule { condition, error_message: content.take("error_message"), header: block.header }
}

pub(super) fn moved(block: Block, reader: &mut Reader<'_>) -> Option<Moved> {
    let mut content = reader.content(block.body, block.header, &MOVED);
    let from = reader.address(content.take("from")?)?;
    let to = reader.address(content.take("to")?)?;
    if from.value.resource.is_some() != to.value.resource.is_some() {
        reader.error("moved-target", block.header, "`moved` leads from a module to a resource, or the other way");
        return None;
    }
    Some(Moved { from, to, header: block.header })
}

pub(super) fn import(block: Block, reader: &mut Reader<'_>) -> Option<Import> {
    let mut content = reader.content(block.body, block.header, &IMPORT);
    let id = content.take("id");
    let identity = content.take("identity");
    if id.is_some() == identity.is_some() {
        reader.error("missing-argument", block.header, "an `import` block takes either `id` or `identity`");
    }
    Some(Import {
        to: content.take("to")?,
        id,
        identity,
        for_each: content.take("for_each"),
        provider: content.take("provider").and_then(|value| reader.provider(&value)),
        header: block.header,
    })
}

pub(super) fn removed(block: Block, reader: &mut Reader<'_>) -> Option<Removed> {
    let mut content = reader.content(block.body, block.header, &REMOVED);
    let mut destroy = None;
    if let Some(inner) = reader.once(&mut content, "lifecycle") {
        destroy = reader.content(inner.body, inner.header, &REMOVED_LIFECYCLE).take("destroy");
    }
    let from = reader.address(content.take("from")?)?;
    let keyed = from.value.modules.iter().map(|(_, key)| key).chain(from.value.resource.iter().map(|(_, key)| key));
    if keyed.into_iter().any(|key| *key != super::AddressKey::None) {
        reader.error(
            "removed-target",
            from.span,
            "`removed` takes a whole resource or module, and this is one instance",
        );
    }
    Some(Removed { from, destroy, header: block.header })
}

/// The label `index` of `block`, which was found to have as many.
pub(super) fn label(block: &Block, index: usize) -> Spanned<String> {
    block.labels.get(index).cloned().unwrap_or_else(|| Spanned::new(String::new(), block.header))
}
