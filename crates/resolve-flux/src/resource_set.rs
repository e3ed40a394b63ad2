//! The ResourceSets of the Flux Operator, as far as their inputs are written in them: [ResourceSet API].
//!
//! Each resource is written as YAML, filled in as a template with `<<` and `>>`, and read again, once for each set of
//! inputs. Templates that do more than to place an input are known to the operator only.
//!
//! [ResourceSet API]: https://fluxoperator.dev/docs/crd/resourceset/

use manifest::{Content, Identity, Value, read};
use syntax::yaml::{self, plain};

use crate::substitute::Writing;

/// The API group of the Flux Operator.
const GROUP: &str = "fluxcd.controlplane.io";

/// What a ResourceSet makes.
pub(crate) struct Made {
    /// The objects, each once.
    pub(crate) objects: Vec<Value>,
    /// Whether these are all.
    pub(crate) is_complete: bool,
}

/// What `object` makes, if it is a ResourceSet.
pub(crate) fn make(object: &Value) -> Option<Made> {
    let group = object.text_at("apiVersion").map(|version| manifest::split_api_version(version).0);
    if object.text_at("kind") != Some("ResourceSet") || group != Some(GROUP) {
        return None;
    }
    let spec = object.get("spec")?;
    let given = |key: &str| spec.get(key).is_some_and(|value| !value.is_null());
    let mut made = Made { objects: Vec::new(), is_complete: !given("inputsFrom") && !given("resourcesTemplate") };
    if given("inputsFrom") {
        return Some(made);
    }
    let none = Value::new(Content::Map(Vec::new()), spec.span);
    let inputs = match spec.items_at("inputs") {
        [] => vec![&none],
        inputs => inputs.iter().collect(),
    };
    for input in inputs {
        for resource in spec.items_at("resources") {
            let Some(mut filled) = fill(resource, input) else {
                made.is_complete = false;
                continue;
            };
            add_namespace(&mut filled, object);
            let identity = Identity::of(&filled);
            if identity.is_none() || !made.objects.iter().any(|known| Identity::of(known) == identity) {
                made.objects.push(filled);
            }
        }
    }
    Some(made)
}

/// `value` with the inputs in their places; `None` where the template does more than that.
fn fill(value: &Value, input: &Value) -> Option<Value> {
    let content = match &value.content {
        Content::Text(text) if text.contains("<<") => {
            let writing = Writing::of(text);
            let made = fill_text(&writing.written(text), input)?;
            return match writing {
                Writing::Block => Some(Value::of_text(made, value.span)),
                _ => {
                    let document = yaml::parse(value.span.file, &format!("value: {made}\n")).ok()?;
                    Some(read(document.root.get("value")?, plain::kubernetes).placed_at(value.span))
                }
            };
        }
        Content::List(items) => Content::List(items.iter().map(|item| fill(item, input)).collect::<Option<_>>()?),
        Content::Map(entries) => {
            let mut filled = entries.clone();
            for entry in &mut filled {
                if entry.key.value.contains("<<") {
                    entry.key.value = fill_text(&entry.key.value, input)?;
                }
                entry.value = fill(&entry.value, input)?;
            }
            Content::Map(filled)
        }
        other => other.clone(),
    };
    Some(Value::new(content, value.span))
}

/// `text` with each `<< inputs.path >>` replaced, with or without one of the plain filters behind it.
fn fill_text(text: &str, input: &Value) -> Option<String> {
    let mut made = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        let (expression, behind) = after.split_once(">>")?;
        made.push_str(before);
        let mut steps = expression.split('|').map(str::trim);
        let path = steps.next()?.strip_prefix("inputs.")?;
        let is_path = path.chars().all(|next| next.is_alphanumeric() || matches!(next, '_' | '.'));
        let value = is_path.then(|| input.at(&path.split('.').collect::<Vec<_>>()))??;
        let mut placed = match &value.content {
            Content::Text(text) => text.clone(),
            Content::Number(number) => number.to_string(),
            Content::Bool(is) => is.to_string(),
            Content::Unknown | Content::Null | Content::List(_) | Content::Map(_) => return None,
        };
        for step in steps {
            placed = match step {
                "quote" => Writing::Double.written(&placed),
                "squote" => format!("'{placed}'"),
                "lower" => placed.to_lowercase(),
                "upper" => placed.to_uppercase(),
                _ => return None,
            };
        }
        made.push_str(&placed);
        rest = behind;
    }
    made.push_str(rest);
    Some(made)
}

/// An object without a namespace lies in that of its ResourceSet, unless its kind lies in none.
fn add_namespace(object: &mut Value, set: &Value) {
    let Some(namespace) = set.get("metadata").and_then(|metadata| metadata.entry("namespace")).cloned() else { return };
    let is_cluster_wide = kustomize::is_cluster_wide(
        object.text_at("apiVersion").unwrap_or_default(),
        object.text_at("kind").unwrap_or_default(),
    );
    if let Some(metadata) = object.get_mut("metadata").filter(|_| !is_cluster_wide)
        && metadata.get("namespace").is_none()
    {
        metadata.set(namespace.key, namespace.value);
    }
}
