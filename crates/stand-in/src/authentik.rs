//! `goauthentik/authentik`, and the server behind it.

mod builtin;
mod family;
mod filled;
mod lookup;
mod reading;
mod refusals;
mod relations;
mod unique;

use schema::{Kind, Mode, Provider, Release, Version};
use serde_json::Value as Json;

use crate::api::{Api, Refusal, Shapes};
use crate::shape::{Attribute, Shape};
use crate::store::Store;
use crate::text;
use crate::value::Object;

/// The outpost's list of providers, with one more in it.
const ATTACHMENT: &str = "authentik_outpost_provider_attachment";
/// The settings of the whole server: there is one, and it stays.
const SETTINGS: &str = "authentik_system_settings";

/// The provider at one of its releases.
#[derive(Debug)]
pub(crate) struct Authentik {
    release: Release<'static>,
    shapes: Shapes,
}

impl Authentik {
    /// The provider at the release of that number.
    pub(crate) fn at(release: &str) -> Result<Self, String> {
        let unknown = || format!("there is no release {release} of goauthentik/authentik");
        let version: Version = release.parse().map_err(|_| unknown())?;
        let release = Provider::authentik().release(&version).ok_or_else(unknown)?;
        let all = |kind| {
            let names = Provider::authentik().types(kind).filter(|name| release.has_type(kind, name));
            names.map(|name| (name.to_owned(), Shape::of(release, kind, name))).collect()
        };
        let text = || Attribute::text(Mode::Optional, false);
        let typed = |cty: &str| Attribute::typed(cty.into(), Mode::Optional, false);
        let provider = Shape::with(&[
            ("url", text()),
            ("token", text().secret()),
            ("insecure", typed("bool")),
            ("headers", Attribute::typed(serde_json::json!(["map", "string"]), Mode::Optional, false).secret()),
        ]);
        let (resources, data_sources) = (all(Kind::Resource), all(Kind::DataSource));
        Ok(Self { release, shapes: Shapes { provider, resources, data_sources, ephemerals: Default::default() } })
    }

    /// Whether this is that release or a later one.
    fn since(&self, release: &str) -> bool {
        release.parse::<Version>().is_ok_and(|release| release <= *self.release.version())
    }

    fn shape(&self, name: &str) -> Result<&Shape, Refusal> {
        self.shapes.resources.get(name).ok_or(format!("there is no resource type {name}"))
    }

    /// Keeps `object`, and its memberships with the groups.
    fn keep(&self, store: &mut Store, name: &str, id: &str, mut object: Object) -> Result<(), Refusal> {
        reading::as_the_server_keeps_it(self, name, &mut object);
        if name == "authentik_user"
            && let Some(groups) = object.remove("groups")
        {
            relations::set_groups(store, id, &groups)?;
        }
        store.put(name, id, object)
    }
}

impl Api for Authentik {
    fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    fn begin(&self, store: &mut Store) -> Result<(), Refusal> {
        if store.among(|name| name.starts_with("authentik_")).next().is_some() {
            return Ok(());
        }
        for (name, id, object) in builtin::objects() {
            store.put(&name, &id, object)?;
        }
        Ok(())
    }

    fn check(&self, shape: &Shape, written: &Object) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (name, value) in written {
            let Some(attribute) = shape.attributes.get(name) else { continue };
            let one = std::slice::from_ref(value);
            let words = value.as_array().map_or(one, Vec::as_slice).iter().filter_map(Json::as_str);
            for word in words.filter(|word| !attribute.values.is_empty() && !attribute.values.iter().any(|v| v == word))
            {
                refusals.push(format!("{name}: {word:?} is none of {}", attribute.values.join(", ")));
            }
            if let Some(text) = value.as_str()
                && refusals::is_duration(attribute)
                && !text::has_units(text)
            {
                refusals.push(format!("{name}: {text:?} is no duration, such as hours=1;minutes=30"));
            }
        }
        refusals
    }

    fn fixed(&self, name: &str) -> &'static [&'static str] {
        match name {
            ATTACHMENT => &["outpost", "protocol_provider"],
            "authentik_rbac_permission_role" => &["model", "object_id", "permission", "role"],
            _ => &[],
        }
    }

    fn create(&self, store: &mut Store, name: &str, given: &Object) -> Result<String, Refusal> {
        refusals::refuse(self, store, name, None, given)?;
        if name == ATTACHMENT {
            return relations::attach(store, given);
        }
        let mut object = given.clone();
        let id = filled::fill(self.shape(name)?, store, name, &mut object);
        self.keep(store, name, &id, object)?;
        Ok(id)
    }

    fn update(&self, store: &mut Store, name: &str, id: &str, given: &Object) -> Result<String, Refusal> {
        refusals::refuse(self, store, name, Some(id), given)?;
        let was = store.get(name, id).ok_or("404 Not Found")?.clone();
        let mut object = Object::new();
        for (attribute, fact) in &self.shape(name)?.attributes {
            let kept = fact.computed || reading::written_once(name, attribute);
            let value = match given.get(attribute) {
                Some(value) if !reading::written_once(name, attribute) => Some(value),
                _ if kept => was.get(attribute),
                _ => None,
            };
            if let Some(value) = value {
                object.insert(attribute.clone(), value.clone());
            }
        }
        let new = filled::id_after(name, id, &object);
        object.insert("id".to_owned(), new.as_str().into());
        self.keep(store, name, &new, object)?;
        if new != id {
            store.remove(name, id)?;
        }
        Ok(new)
    }

    fn read(&self, store: &Store, name: &str, id: &str, prior: &Object) -> Option<Object> {
        if name == ATTACHMENT {
            return relations::attached(store, id);
        }
        reading::read(self, store, name, id, prior)
    }

    fn delete(&self, store: &mut Store, name: &str, id: &str) -> Result<(), Refusal> {
        match name {
            SETTINGS => Ok(()),
            ATTACHMENT => relations::detach(store, id),
            _ => {
                relations::forget(store, name, id)?;
                store.remove(name, id)
            }
        }
    }

    fn look_up(&self, store: &Store, name: &str, given: &Object) -> Result<Object, Refusal> {
        lookup::look_up(self, store, name, given)
    }
}

/// The text of an attribute; empty where it has none.
fn word<'o>(object: &'o Object, name: &str) -> &'o str {
    object.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// What an id or a number is as text.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
