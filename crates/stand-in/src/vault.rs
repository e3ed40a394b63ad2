//! `hashicorp/vault`: secrets of a KV version 2 mount.

use schema::Mode;
use serde_json::{Value as Json, json};

use crate::api::{Api, Refusal, Shapes};
use crate::shape::{Attribute, Shape};
use crate::store::Store;
use crate::text;
use crate::value::Object;

/// The only type that there is, as a resource, a data source and an ephemeral resource.
const SECRET: &str = "vault_kv_secret_v2";

/// The provider.
#[derive(Debug)]
pub(crate) struct Vault {
    shapes: Shapes,
}

impl Vault {
    /// A provider of the fifth major release.
    pub(crate) fn new() -> Self {
        let text = Attribute::text;
        let (required, optional, computed) = (Mode::Required, Mode::Optional, Mode::Computed);
        let typed = |cty: Json, mode: Mode| Attribute::typed(cty, mode, mode == Mode::Computed);
        let map = || json!(["map", "string"]);
        let resource = Shape::with(&[
            ("id", text(computed, true)),
            ("mount", text(required, false)),
            ("name", text(required, false)),
            ("namespace", text(optional, false)),
            ("data_json", text(optional, false).secret()),
            ("cas", typed(json!("number"), optional)),
            ("delete_all_versions", typed(json!("bool"), optional)),
            ("disable_read", typed(json!("bool"), optional)),
            ("options", typed(map(), optional)),
            ("path", text(computed, true)),
            ("metadata", typed(map(), computed)),
        ]);
        let found = [
            ("mount", text(required, false)),
            ("name", text(required, false)),
            ("namespace", text(optional, false)),
            ("version", typed(json!("number"), optional)),
            ("data", typed(map(), computed).secret()),
            ("data_json", text(computed, true).secret()),
            ("path", text(computed, true)),
            ("created_time", text(computed, true)),
            ("destroyed", typed(json!("bool"), computed)),
        ];
        let mut data_source = Shape::with(&found);
        data_source.attributes.insert("id".to_owned(), text(computed, true));
        let mut ephemeral = Shape::with(&found);
        ephemeral.attributes.insert("mount_id".to_owned(), text(optional, false));
        let provider = Shape::with(&[
            ("address", text(optional, false)),
            ("token", text(optional, false)),
            ("namespace", text(optional, false)),
            ("skip_child_token", typed(json!("bool"), optional)),
        ]);
        let one = |shape| [(SECRET.to_owned(), shape)].into();
        let shapes =
            Shapes { provider, resources: one(resource), data_sources: one(data_source), ephemerals: one(ephemeral) };
        Self { shapes }
    }
}

impl Api for Vault {
    fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    fn begin(&self, _: &mut Store) -> Result<(), Refusal> {
        Ok(())
    }

    fn check(&self, _: &Shape, written: &Object) -> Vec<Refusal> {
        let path = written.get("name").and_then(Json::as_str).unwrap_or("a");
        let mut refusals = Vec::new();
        if path.starts_with('/') || path.ends_with('/') {
            refusals.push(format!("cannot write to a path that begins or ends in '/': {path}"));
        }
        if let Some(json) = written.get("data_json").and_then(Json::as_str)
            && serde_json::from_str::<Object>(json).is_err()
        {
            refusals.push("data_json is no JSON object".to_owned());
        }
        refusals
    }

    fn fixed(&self, _: &str) -> &'static [&'static str] {
        &["mount", "name", "namespace"]
    }

    fn create(&self, store: &mut Store, name: &str, given: &Object) -> Result<String, Refusal> {
        let id = path(given);
        let mut object = given.clone();
        object.insert("id".to_owned(), id.as_str().into());
        object.insert("path".to_owned(), id.as_str().into());
        store.put(name, &id, object)?;
        Ok(id)
    }

    fn update(&self, store: &mut Store, name: &str, _: &str, given: &Object) -> Result<String, Refusal> {
        self.create(store, name, given)
    }

    fn read(&self, store: &Store, name: &str, id: &str, prior: &Object) -> Option<Object> {
        let mut object = store.get(name, id)?.clone();
        if let Some((was, is)) = prior.get("data_json").zip(object.get("data_json"))
            && text::alike("data_json", was, is)
        {
            object.insert("data_json".to_owned(), was.clone());
        }
        Some(object)
    }

    fn delete(&self, store: &mut Store, name: &str, id: &str) -> Result<(), Refusal> {
        store.remove(name, id)
    }

    fn look_up(&self, store: &Store, name: &str, given: &Object) -> Result<Object, Refusal> {
        let path = path(given);
        let secret = store.get(name, &path).ok_or(format!("no secret found at \"{path}\""))?;
        let json = secret.get("data_json").and_then(Json::as_str).unwrap_or("{}");
        let data: Object = serde_json::from_str(json).map_err(|error| format!("{path}: {error}"))?;
        let words = data.iter().map(|(key, value)| {
            let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (key.clone(), Json::String(word))
        });
        let mut found = given.clone();
        found.insert("data".to_owned(), Json::Object(words.collect()));
        found.insert("data_json".to_owned(), json.into());
        found.insert("path".to_owned(), path.as_str().into());
        found.insert("id".to_owned(), path.as_str().into());
        found.insert("destroyed".to_owned(), false.into());
        Ok(found)
    }
}

/// Where a secret lies, which is its id too.
fn path(given: &Object) -> String {
    let word = |name: &str| given.get(name).and_then(Json::as_str).unwrap_or_default();
    format!("{}/data/{}", word("mount"), word("name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: Json) -> Object {
        json.as_object().unwrap().clone()
    }

    #[test]
    fn a_secret_that_was_written_is_found_and_one_that_was_not_is_refused() {
        let (vault, mut store) = (Vault::new(), Store::default());
        let place = object(json!({ "mount": "infra", "name": "authentik/token" }));
        assert_eq!(
            vault.look_up(&store, SECRET, &place),
            Err("no secret found at \"infra/data/authentik/token\"".to_owned())
        );
        let mut given = place.clone();
        given.insert("data_json".to_owned(), r#"{"token":"t","port":25}"#.into());
        let id = vault.create(&mut store, SECRET, &given).unwrap();
        assert_eq!(id, "infra/data/authentik/token");
        assert_eq!(vault.look_up(&store, SECRET, &place).unwrap()["data"], json!({ "token": "t", "port": "25" }));
        vault.delete(&mut store, SECRET, &id).unwrap();
        assert!(vault.read(&store, SECRET, &id, &place).is_none());
    }
}
