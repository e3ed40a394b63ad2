//! What a type is like: its attributes, as OpenTofu is told them.

use std::collections::BTreeMap;

use schema::{Kind, Mode, Release};
use serde_json::{Value as Json, json};

use crate::wire;

/// A resource type, a data source, or the provider's own arguments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) attributes: BTreeMap<String, Attribute>,
}

/// An attribute.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    /// As OpenTofu's JSON writes types: `["list","string"]`.
    pub(crate) cty: Json,
    pub(crate) mode: Mode,
    /// Whether the server fills in one that is not written.
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) deprecated: bool,
    /// The only values that it takes; any if there are none.
    pub(crate) values: Vec<String>,
    /// What the provider sends where it is not written.
    pub(crate) default: Option<Json>,
}

impl Shape {
    /// The type of that name at `release`, with the `id` that every type has.
    pub(crate) fn of(release: Release<'_>, kind: Kind, name: &str) -> Self {
        let facts: BTreeMap<&str, &schema::Attribute> = release.attributes(kind, name).collect();
        let mut shape = Self::default();
        for (name, fact) in facts.iter().filter(|(name, _)| !name.contains('.')) {
            let cty = cty(&fact.type_expression, name, &facts);
            let default = fact.default.as_deref().map(|text| default(&cty, text));
            let attribute = Attribute {
                mode: fact.mode,
                computed: fact.computed || fact.mode == Mode::Computed,
                sensitive: fact.sensitive,
                deprecated: fact.deprecated,
                values: fact.values.clone(),
                default,
                cty,
            };
            shape.attributes.insert((*name).to_owned(), attribute);
        }
        // Only this one is looked up by what it is, too.
        let id = if kind == Kind::DataSource && name == "authentik_outpost" { Mode::Optional } else { Mode::Computed };
        shape.attributes.insert("id".to_owned(), Attribute::text(id, true));
        shape
    }

    /// A type with those attributes.
    pub(crate) fn with(attributes: &[(&str, Attribute)]) -> Self {
        Self { attributes: attributes.iter().map(|(name, one)| ((*name).to_owned(), one.clone())).collect() }
    }

    /// As OpenTofu is told it.
    pub(crate) fn to_wire(&self) -> wire::Schema {
        let attributes = self.attributes.iter().map(|(name, attribute)| wire::Attribute {
            name: name.clone(),
            r#type: attribute.cty.to_string().into_bytes(),
            required: attribute.mode == Mode::Required,
            optional: attribute.mode == Mode::Optional,
            computed: attribute.computed,
            sensitive: attribute.sensitive,
            deprecated: attribute.deprecated,
        });
        wire::Schema { version: 0, block: Some(wire::Block { attributes: attributes.collect() }) }
    }
}

impl Attribute {
    /// Text.
    pub(crate) fn text(mode: Mode, computed: bool) -> Self {
        Self::typed(json!("string"), mode, computed)
    }

    /// An attribute of the type `cty`.
    pub(crate) fn typed(cty: Json, mode: Mode, computed: bool) -> Self {
        Self { cty, mode, computed, sensitive: false, deprecated: false, values: Vec::new(), default: None }
    }

    /// Hidden in plans.
    pub(crate) fn secret(self) -> Self {
        Self { sensitive: true, ..self }
    }
}

/// `list(map(string))` as `["list",["map","string"]]`; an object has the facts whose names begin with its own.
fn cty(expression: &str, path: &str, facts: &BTreeMap<&str, &schema::Attribute>) -> Json {
    match expression.split_once('(') {
        Some((outer, inner)) => json!([outer, cty(inner.strip_suffix(')').unwrap_or(inner), path, facts)]),
        None if expression == "object" => {
            let children = facts.iter().filter_map(|(name, fact)| {
                let child = name.strip_prefix(path)?.strip_prefix('.').filter(|child| !child.contains('.'))?;
                Some((child.to_owned(), cty(&fact.type_expression, name, facts)))
            });
            json!(["object", Json::Object(children.collect())])
        }
        None => json!(expression),
    }
}

/// A default, of which the facts tell the text.
fn default(cty: &Json, text: &str) -> Json {
    match cty.as_str() {
        Some("string") => text.into(),
        _ => serde_json::from_str(text).unwrap_or_else(|error| panic!("the default `{text}`: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use schema::Provider;

    use super::*;

    #[test]
    fn every_type_of_every_supported_release_has_a_shape() {
        let oldest: schema::Version = "2025.10.0".parse().unwrap();
        for release in Provider::authentik().releases().filter(|release| *release.version() >= oldest) {
            for kind in [Kind::Resource, Kind::DataSource] {
                for name in Provider::authentik().types(kind).filter(|name| release.has_type(kind, name)) {
                    assert!(Shape::of(release, kind, name).attributes.len() > 1, "{name}");
                }
            }
        }
    }

    #[test]
    fn types_are_written_as_opentofu_reads_them() {
        let newest = Provider::authentik().newest();
        let shape = |kind, name| Shape::of(newest, kind, name).attributes;
        let oauth2 = shape(Kind::Resource, "authentik_provider_oauth2");
        assert_eq!(oauth2["allowed_redirect_uris"].cty, json!(["list", ["map", "string"]]));
        assert_eq!(oauth2["client_type"].default, Some(json!("confidential")));
        assert_eq!(oauth2["include_claims_in_id_token"].default, Some(json!(true)));
        let groups = shape(Kind::DataSource, "authentik_groups");
        let object = &groups["groups"].cty[1];
        assert_eq!(object[0], "object");
        assert_eq!(object[1]["parents"], json!(["list", "string"]));
        assert_eq!(object[1]["users_obj"][1][1]["username"], "string");
        assert!(!groups.contains_key("groups.name"));
    }
}
