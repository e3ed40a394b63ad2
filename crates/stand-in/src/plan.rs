//! What will become of a resource, as the provider tells before anything is done.

use rmpv::Value;

use crate::shape::{Attribute, Shape};
use crate::text;
use crate::value::{get, json, pack, unknown};

/// What is planned, and which attributes force the resource to be made again.
#[derive(Debug, PartialEq)]
pub(crate) struct Planned {
    pub(crate) state: Value,
    pub(crate) replaces: Vec<String>,
}

/// The plan for a resource that is written as `config`, and was `prior`: nil where it is new.
pub(crate) fn plan(shape: &Shape, fixed: &[&str], prior: &Value, config: &Value) -> Planned {
    let mut replaces = Vec::new();
    let mut pairs = Vec::new();
    for (name, attribute) in &shape.attributes {
        let was = get(prior, name);
        let will = planned(name, attribute, prior.is_nil(), was, get(config, name));
        if !prior.is_nil() && will != *was && fixed.contains(&name.as_str()) {
            replaces.push(name.clone());
        }
        pairs.push((Value::from(name.as_str()), will));
    }
    Planned { state: Value::Map(pairs), replaces }
}

fn planned(name: &str, attribute: &Attribute, new: bool, was: &Value, written: &Value) -> Value {
    if !written.is_nil() {
        let same = json(written).zip(json(was)).is_some_and(|(written, was)| text::alike(name, &written, &was));
        return if same { was.clone() } else { written.clone() };
    }
    match &attribute.default {
        Some(default) => {
            let same = json(was).is_some_and(|was| text::alike(name, default, &was));
            if same { was.clone() } else { pack(default) }
        }
        None if attribute.computed => {
            if new {
                unknown()
            } else {
                was.clone()
            }
        }
        // To the provider, what is not written is the same as empty, 0 or false.
        None => {
            if is_zero(was) {
                was.clone()
            } else {
                Value::Nil
            }
        }
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Nil | Value::Boolean(false) => true,
        Value::Integer(number) => number.as_i64() == Some(0),
        Value::String(text) => text.as_bytes().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Map(pairs) => pairs.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use schema::{Kind, Provider};
    use serde_json::{Value as Json, json};

    use super::*;

    fn planned(name: &str, fixed: &[&str], prior: Json, config: Json) -> Planned {
        plan(&Shape::of(Provider::authentik().newest(), Kind::Resource, name), fixed, &pack(&prior), &pack(&config))
    }

    #[test]
    fn a_new_resource_has_its_defaults_and_what_only_the_server_knows_is_unknown() {
        let plan = planned("authentik_user", &[], json!(null), json!({ "username": "alex" }));
        assert_eq!(get(&plan.state, "path"), &Value::from("users"));
        assert_eq!(get(&plan.state, "attributes"), &Value::from("{}"));
        assert_eq!(get(&plan.state, "id"), &unknown());
        assert_eq!(get(&plan.state, "groups"), &unknown());
        assert_eq!(get(&plan.state, "email"), &Value::Nil);
    }

    #[test]
    fn memberships_that_are_not_written_are_left_alone_and_an_empty_list_removes_them() {
        let prior = json!({ "id": "7", "username": "alex", "groups": ["g"] });
        let plan = planned("authentik_user", &[], prior.clone(), json!({ "username": "alex" }));
        assert_eq!(json(get(&plan.state, "groups")), Some(json!(["g"])));
        let plan = planned("authentik_user", &[], prior, json!({ "username": "alex", "groups": [] }));
        assert_eq!(json(get(&plan.state, "groups")), Some(json!([])));
    }

    #[test]
    fn what_is_left_out_of_an_import_is_a_difference_unless_it_is_nothing() {
        let name = "authentik_stage_identification";
        let prior = json!({ "id": "u", "name": "s", "case_insensitive_matching": true, "enable_remember_me": false });
        let plan = planned(name, &[], prior, json!({ "name": "s" }));
        assert_eq!(get(&plan.state, "case_insensitive_matching"), &Value::Nil);
        assert_eq!(get(&plan.state, "enable_remember_me"), &Value::Boolean(false));
    }

    #[test]
    fn an_attribute_that_is_fixed_makes_the_resource_again() {
        let prior = json!({ "id": "1", "role": "r", "permission": "authentik_core.view_user" });
        let config = |permission: &str| json!({ "role": "r", "permission": permission });
        let name = "authentik_rbac_permission_role";
        let plan = |permission| planned(name, &["permission"], prior.clone(), config(permission)).replaces;
        assert_eq!(plan("view_user"), ["permission"]);
        assert!(plan("authentik_core.view_user").is_empty());
    }

    #[test]
    fn a_value_that_is_not_known_yet_is_planned_as_such() {
        let shape = Shape::of(Provider::authentik().newest(), Kind::Resource, "authentik_user");
        let config = Value::Map(vec![("username".into(), unknown())]);
        assert_eq!(get(&plan(&shape, &[], &Value::Nil, &config).state, "username"), &unknown());
    }
}
