//! The `terraform` and `language` blocks: backend, required providers, versions.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Spanned};
use syntax::hcl::{Block, Expression, Item, Kind};

use super::body::{Reader, Schema, text_of};
use super::decode::label;
use super::{Backend, ProviderReference, RequiredProvider};

const TERRAFORM: Schema = Schema {
    of: "a `terraform` block",
    attributes: &["experiments", "language", "required_version"],
    required: &[],
    blocks: &[("backend", 1), ("cloud", 0), ("encryption", 0), ("provider_meta", 1), ("required_providers", 0)],
    open: false,
};

const LANGUAGE: Schema = Schema {
    of: "a `language` block",
    attributes: &["edition", "experiments"],
    required: &[],
    blocks: &[("compatible_with", 0)],
    open: false,
};

const COMPATIBLE_WITH: Schema =
    Schema { of: "a `compatible_with` block", attributes: &["opentofu"], required: &[], blocks: &[], open: true };

const REQUIRED_PROVIDERS: Schema =
    Schema { of: "a `required_providers` block", attributes: &[], required: &[], blocks: &[], open: true };

/// What the `terraform` and `language` blocks of one file say.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) backends: Vec<Backend>,
    pub(super) clouds: Vec<Block>,
    pub(super) encryptions: Vec<Block>,
    pub(super) provider_metas: Vec<Block>,
    pub(super) required_providers: Vec<(Block, BTreeMap<String, RequiredProvider>)>,
    pub(super) required_versions: Vec<Expression>,
}

pub(super) fn terraform(block: Block, settings: &mut Settings, reader: &mut Reader<'_>) {
    let mut content = reader.content(block.body, block.header, &TERRAFORM);
    settings.required_versions.extend(content.take("required_version"));
    for inner in content.blocks {
        match inner.kind.value.as_str() {
            "backend" => {
                let kind = label(&inner, 0);
                settings.backends.push(Backend { kind, body: inner.body, header: inner.header });
            }
            "cloud" => settings.clouds.push(inner),
            "encryption" => settings.encryptions.push(inner),
            "provider_meta" => settings.provider_metas.push(inner),
            _ => {
                let providers = required_providers(inner.clone(), reader);
                settings.required_providers.push((inner, providers));
            }
        }
    }
}

pub(super) fn language(block: Block, settings: &mut Settings, reader: &mut Reader<'_>) {
    let mut content = reader.content(block.body, block.header, &LANGUAGE);
    if let Some(edition) = content.take("edition")
        && !matches!(&edition.kind, Kind::Variable(word) if word == "tofu2024")
    {
        reader.error("invalid-argument", edition.span, "the only edition of the language is `tofu2024`");
    }
    if let Some(experiments) = content.take("experiments")
        && !matches!(&experiments.kind, Kind::Tuple(elements) if elements.is_empty())
    {
        reader.error("invalid-argument", experiments.span, "OpenTofu has no language experiments");
    }
    if let Some(inner) = reader.once(&mut content, "compatible_with") {
        let mut inner = reader.content(inner.body, inner.header, &COMPATIBLE_WITH);
        settings.required_versions.extend(inner.take("opentofu"));
    }
}

fn required_providers(block: Block, reader: &mut Reader<'_>) -> BTreeMap<String, RequiredProvider> {
    let content = reader.content(block.body, block.header, &REQUIRED_PROVIDERS);
    let mut found = BTreeMap::new();
    for item in content.rest {
        let attribute = match item {
            Item::Attribute(attribute) => attribute,
            Item::Block(block) => {
                let name = &block.kind.value;
                reader.found.push(
                    Diagnostic::error("unknown-block", block.header, format!("`{name}` is written as a block"))
                        .help(format!("write `{name} = {{ … }}`")),
                );
                continue;
            }
        };
        let mut provider = RequiredProvider {
            name: attribute.name.clone(),
            source: None,
            version: None,
            aliases: Vec::new(),
            span: attribute.span,
        };
        match &attribute.value.kind {
            Kind::Text(version) => provider.version = Some(Spanned::new(version.clone(), attribute.value.span)),
            Kind::Object(items) => {
                for item in items {
                    requirement(&item.key, &item.value, &mut provider, reader);
                }
            }
            Kind::Invalid => {}
            _ => {
                let message = format!("`{}` takes `source` and `version` in braces", attribute.name.value);
                reader.error("invalid-argument", attribute.value.span, message);
            }
        }
        found.insert(attribute.name.value, provider);
    }
    found
}

fn requirement(key: &Expression, value: &Expression, provider: &mut RequiredProvider, reader: &mut Reader<'_>) {
    let Some(name) = text_of(key) else {
        reader.error(
            "invalid-argument",
            key.span,
            "a required provider has `source`, `version`, `configuration_aliases`",
        );
        return;
    };
    let text = text_of(value).map(|text| Spanned::new(text, value.span));
    let expected = match name.as_str() {
        "source" => {
            provider.source = text.clone();
            text.is_some()
        }
        "version" => {
            provider.version = text.clone();
            text.is_some()
        }
        "configuration_aliases" => match &value.kind {
            Kind::Tuple(elements) => {
                let aliases: Vec<ProviderReference> =
                    elements.iter().filter_map(|element| reader.provider(element)).collect();
                for alias in &aliases {
                    if alias.name.value != provider.name.value {
                        let message = format!("an alias of this provider reads `{}.name`", provider.name.value);
                        reader.error("invalid-argument", alias.span, message);
                    }
                }
                provider.aliases = aliases;
                true
            }
            _ => false,
        },
        other => {
            let near = diagnostic::did_you_mean(other, ["source", "version", "configuration_aliases"]);
            reader.error("unknown-argument", key.span, format!("a required provider has no `{other}`{near}"));
            true
        }
    };
    if !expected && !matches!(value.kind, Kind::Invalid) {
        let what =
            if name == "configuration_aliases" { "a list of `name.alias`" } else { "text without anything to fill in" };
        reader.error("invalid-argument", value.span, format!("`{name}` is {what}"));
    }
}
