//! Resources, data sources and ephemeral resources, providers, and checks, as typed values.

use diagnostic::Span;
use syntax::hcl::{Attribute, Block, Body, Item, Kind};

use super::body::{Content, Reader, Schema};
use super::decode::{check_rule, label};
use super::{Check, Mode, Provider, Repetition, Resource};
use crate::reference::{Target, references};

const RESOURCE: Schema = Schema {
    of: "a `resource` block",
    attributes: &["count", "depends_on", "for_each", "provider"],
    required: &[],
    blocks: &[("_", 0), ("connection", 0), ("lifecycle", 0), ("locals", 0), ("provisioner", 1)],
    open: true,
};

const DATA: Schema = Schema {
    of: "a `data` block",
    attributes: RESOURCE.attributes,
    required: &[],
    blocks: &[("_", 0), ("lifecycle", 0), ("locals", 0)],
    open: true,
};

const LIFECYCLE: Schema = Schema {
    of: "the `lifecycle` block of a resource",
    attributes: &[
        "create_before_destroy",
        "destroy",
        "enabled",
        "ignore_changes",
        "prevent_destroy",
        "replace_triggered_by",
    ],
    required: &[],
    blocks: &[("postcondition", 0), ("precondition", 0)],
    open: false,
};

const DATA_LIFECYCLE: Schema = Schema {
    of: "the `lifecycle` block of a data source or ephemeral resource",
    attributes: &["enabled"],
    required: &[],
    blocks: LIFECYCLE.blocks,
    open: false,
};

const PROVIDER: Schema = Schema {
    of: "a `provider` block",
    attributes: &["alias", "count", "depends_on", "for_each", "source", "version"],
    required: &[],
    blocks: &[("_", 0), ("lifecycle", 0), ("locals", 0)],
    open: true,
};

const CHECK: Schema = Schema {
    of: "a `check` block",
    attributes: &[],
    required: &[],
    blocks: &[("assert", 0), ("data", 2)],
    open: false,
};

pub(super) fn resource(mode: Mode, block: Block, reader: &mut Reader<'_>) -> Resource {
    let (kind, name) = (label(&block, 0), label(&block, 1));
    reader.identifier(&kind, "a resource type");
    reader.identifier(&name, "a resource");
    let (schema, lifecycle_schema) = match mode {
        Mode::Managed => (&RESOURCE, &LIFECYCLE),
        Mode::Data | Mode::Ephemeral => (&DATA, &DATA_LIFECYCLE),
    };
    let span = block.body.span;
    let mut content = reader.content(block.body, block.header, schema);
    let mut enabled = None;
    let (mut lifecycle, mut preconditions, mut postconditions) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(inner) = reader.once(&mut content, "lifecycle") {
        let mut inner = reader.content(inner.body, inner.header, lifecycle_schema);
        enabled = inner.take_attribute("enabled");
        let rules = |kind: &str, inner: &mut Content, reader: &mut Reader<'_>| {
            inner.take_blocks(kind).into_iter().map(|rule| check_rule(rule, reader)).collect()
        };
        preconditions = rules("precondition", &mut inner, reader);
        postconditions = rules("postcondition", &mut inner, reader);
        let own = Target::Resource(super::ResourceName { mode, kind: kind.value.clone(), name: name.value.clone() });
        let preconditions: &Vec<super::CheckRule> = &preconditions;
        for condition in preconditions.iter().chain(&postconditions).filter_map(|rule| rule.condition.as_ref()) {
            for reference in references(condition, &[]).into_iter().filter(|reference| reference.target == own) {
                reader.error("invalid-argument", reference.span, "a condition calls its own resource `self`");
            }
        }
        lifecycle = LIFECYCLE.attributes.iter().filter_map(|name| inner.take_attribute(name)).collect();
        lifecycle.iter().for_each(|attribute| lifecycle_value(attribute, reader));
    }
    let provisioners = provisioners(&mut content, reader);
    let body = provider_body(&mut content, span, reader);
    let repetition = reader.repetition(&mut content, enabled);
    Resource {
        mode,
        kind,
        name,
        repetition,
        provider: content.take("provider").and_then(|value| reader.provider(&value)),
        depends_on: reader.references(&mut content, "depends_on"),
        preconditions,
        postconditions,
        lifecycle,
        provisioners,
        body,
        check: None,
        header: block.header,
        span: block.span,
    }
}

/// Reports a value in `lifecycle` that OpenTofu does not take there.
fn lifecycle_value(attribute: &Attribute, reader: &mut Reader<'_>) {
    let (name, value) = (attribute.name.value.as_str(), &attribute.value);
    let refused = match (name, &value.kind) {
        ("create_before_destroy", Kind::Bool(_) | Kind::Invalid) => None,
        ("create_before_destroy", Kind::Text(text)) if text == "true" || text == "false" => None,
        ("create_before_destroy", _) => Some("`create_before_destroy` is `true` or `false`, written out"),
        ("ignore_changes", Kind::Variable(word)) if word == "all" => None,
        ("ignore_changes", Kind::Text(word)) if word == "all" && reader.is_json(value.span) => None,
        ("ignore_changes", Kind::Tuple(elements)) => elements
            .iter()
            .any(|element| matches!(&element.kind, Kind::Text(star) if star == "*"))
            .then_some("`[\"*\"]` is no longer read; write `ignore_changes = all`"),
        ("ignore_changes", Kind::Invalid) => None,
        ("ignore_changes", _) => Some("`ignore_changes` takes a list of arguments, or `all`"),
        _ => None,
    };
    if let Some(message) = refused {
        reader.error("invalid-argument", value.span, message);
    }
}

fn provisioners(content: &mut Content, reader: &mut Reader<'_>) -> Vec<Block> {
    let mut found: Vec<Block> = reader.once(content, "connection").into_iter().collect();
    found.extend(content.take_blocks("provisioner"));
    found
}

/// What is left for the provider, with what stands in the block `_`; reserved blocks are reported.
fn provider_body(content: &mut Content, span: Span, reader: &mut Reader<'_>) -> Body {
    let escaped = reader.once(content, "_").into_iter().flat_map(|block| block.body.items);
    let items: Vec<Item> = std::mem::take(&mut content.rest).into_iter().chain(escaped).collect();
    for block in &content.blocks {
        reader.error("unknown-block", block.header, format!("`{}` is reserved here", block.kind.value));
    }
    Body { items, span }
}

pub(super) fn provider(block: Block, reader: &mut Reader<'_>) -> Provider {
    let name = label(&block, 0);
    reader.provider_name(&name);
    let span = block.body.span;
    let mut content = reader.content(block.body, block.header, &PROVIDER);
    for reserved in ["count", "depends_on", "source"] {
        if let Some(attribute) = content.take_attribute(reserved) {
            let message = format!("`{reserved}` is reserved in a `provider` block");
            reader.error("unknown-argument", attribute.name.span, message);
        }
    }
    let alias = reader.text(&mut content, "alias");
    if let Some(alias) = &alias {
        reader.identifier(alias, "a provider configuration");
    }
    let for_each = content.take("for_each");
    if let (Some(for_each), None) = (&for_each, &alias) {
        reader.error("missing-argument", for_each.span, "a provider with `for_each` needs an `alias`");
    }
    Provider {
        name,
        alias,
        version: content.take("version"),
        for_each,
        body: provider_body(&mut content, span, reader),
        header: block.header,
    }
}

/// A `check` block, and the data source in it.
pub(super) fn check(block: Block, reader: &mut Reader<'_>) -> (Check, Option<Resource>) {
    let name = label(&block, 0);
    reader.identifier(&name, "a check");
    let mut content = reader.content(block.body, block.header, &CHECK);
    let mut data = None;
    if let Some(inner) = reader.once(&mut content, "data") {
        let mut resource = resource(Mode::Data, inner, reader);
        if let Repetition::Count(value) | Repetition::ForEach(value) | Repetition::Enabled(value) = &resource.repetition
        {
            reader.error("unknown-argument", value.span, "a data source in a `check` block cannot be repeated");
        }
        resource.check = Some(name.value.clone());
        data = Some(resource);
    }
    let asserts: Vec<_> = content.take_blocks("assert").into_iter().map(|rule| check_rule(rule, reader)).collect();
    if asserts.is_empty() {
        reader.error("missing-block", block.header, "a `check` block lacks an `assert` block");
    }
    let check = Check { name, data: data.as_ref().map(Resource::resource_name), asserts, header: block.header };
    (check, data)
}
