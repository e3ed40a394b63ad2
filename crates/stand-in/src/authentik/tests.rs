//! What the server makes of objects, over plain JSON.

use serde_json::{Value as Json, json};

use super::*;

/// A fresh server, and the provider at a release.
struct Server {
    authentik: Authentik,
    store: Store,
}

fn object(json: Json) -> Object {
    json.as_object().cloned().unwrap()
}

impl Server {
    fn at(release: &str) -> Self {
        let authentik = Authentik::at(release).unwrap();
        let mut store = Store::default();
        authentik.begin(&mut store).unwrap();
        Self { authentik, store }
    }

    /// Makes an object with the defaults of its type, as the provider sends them.
    fn try_create(&mut self, name: &str, given: Json) -> Result<Object, Refusal> {
        let mut given = object(given);
        for (attribute, fact) in &self.authentik.shapes.resources[name].attributes {
            if let (Some(default), false) = (&fact.default, given.contains_key(attribute)) {
                given.insert(attribute.clone(), default.clone());
            }
        }
        let id = self.authentik.create(&mut self.store, name, &given)?;
        Ok(self.authentik.read(&self.store, name, &id, &given).unwrap())
    }

    #[track_caller]
    fn create(&mut self, name: &str, given: Json) -> Object {
        self.try_create(&format!("authentik_{name}"), given).unwrap()
    }

    /// The fault of an object that is refused.
    #[track_caller]
    fn refuses(&mut self, name: &str, given: Json, why: &str) {
        let refusal = self.try_create(&format!("authentik_{name}"), given).unwrap_err();
        assert!(refusal.contains(why), "{refusal}");
    }

    fn read(&self, name: &str, object: &Object) -> Option<Object> {
        self.authentik.read(&self.store, &format!("authentik_{name}"), word(object, "id"), object)
    }

    #[track_caller]
    fn update(&mut self, name: &str, object: &Object, changes: Json) -> Object {
        let mut given = object.clone();
        given.extend(changes.as_object().cloned().unwrap());
        let name = format!("authentik_{name}");
        let id = self.authentik.update(&mut self.store, &name, word(object, "id"), &given).unwrap();
        self.authentik.read(&self.store, &name, &id, &given).unwrap()
    }

    fn flow(&self, slug: &str) -> String {
        word(&self.find("flow", json!({ "slug": slug })), "id").to_owned()
    }

    #[track_caller]
    fn find(&self, name: &str, given: Json) -> Object {
        self.authentik.look_up(&self.store, &format!("authentik_{name}"), &object(given)).unwrap()
    }

    fn oauth2(&self, name: &str) -> Json {
        json!({ "name": name, "client_id": name,
            "authorization_flow": self.flow("default-provider-authorization-implicit-consent"),
            "invalidation_flow": self.flow("default-provider-invalidation-flow"),
            "allowed_redirect_uris": [{ "matching_mode": "strict", "url": "https://app.example.org/" }] })
    }

    fn ldap(&self, name: &str) -> Json {
        let flow = self.flow("default-authentication-flow");
        json!({ "name": name, "base_dn": "dc=a", "bind_flow": flow, "unbind_flow": flow })
    }
}

fn with(json: Json, name: &str, value: Json) -> Json {
    let mut object = object(json);
    object.insert(name.to_owned(), value);
    Json::Object(object)
}

#[test]
fn a_fresh_server_has_what_is_built_in() {
    let server = Server::at("2026.5.0");
    assert!(text::is_uuid(&server.flow("default-invalidation-flow")));
    assert!(text::is_uuid(word(&server.find("stage", json!({ "name": "default-user-settings" })), "id")));
    let scope = json!({ "managed": "goauthentik.io/providers/oauth2/scope-openid" });
    assert!(text::is_uuid(word(&server.find("property_mapping_provider_scope", scope), "id")));
    let pair = json!({ "name": "authentik Self-signed Certificate", "fetch_key": false, "fetch_certificate": true });
    let pair = server.find("certificate_key_pair", pair);
    assert_eq!((word(&pair, "key_data"), word(&pair, "certificate_data").is_empty()), ("", false));
    assert_eq!(server.find("brand", json!({ "domain": "authentik-default" }))["default"], true);
    assert_eq!(
        server.authentik.look_up(&server.store, "authentik_stage", &object(json!({ "name": "nope" }))),
        Err("No matching stages found".to_owned())
    );
}

#[test]
fn ids_are_slugs_numbers_or_uuids() {
    let mut server = Server::at("2026.5.0");
    let provider = server.create("provider_oauth2", server.oauth2("grafana"));
    assert!(word(&provider, "id").parse::<i64>().is_ok());
    assert_eq!(word(&provider, "client_secret").len(), 128);
    let flow = json!({ "name": "a", "title": "a", "slug": "bind", "designation": "authentication" });
    let flow = server.create("flow", flow);
    assert_eq!(word(&flow, "id"), "bind");
    assert!(text::is_uuid(word(&flow, "uuid")));
    let user = server.create("user", json!({ "username": "alex" }));
    assert!(word(&user, "id").parse::<i64>().is_ok());
    let number = word(&user, "id").parse::<i64>().unwrap();
    let token = json!({ "identifier": "t", "user": number, "intent": "app_password" });
    assert_eq!(word(&server.create("token", token.clone()), "key"), "");
    let token = with(with(token, "identifier", json!("other")), "retrieve_key", json!(true));
    assert_eq!(word(&server.create("token", token), "key").len(), 60);
    assert!(text::is_uuid(word(&server.create("group", json!({ "name": "family" })), "id")));
}

#[test]
fn references_are_looked_up() {
    let mut server = Server::at("2026.5.0");
    let oauth2 = server.oauth2("a");
    let slug = with(oauth2.clone(), "authorization_flow", json!("default-authentication-flow"));
    server.refuses("provider_oauth2", slug, "is not a valid UUID");
    let nobody = with(oauth2, "signing_key", json!(text::uuid()));
    server.refuses("provider_oauth2", nobody, "object does not exist");
    let stage = word(&server.create("stage_user_login", json!({ "name": "login" })), "id").to_owned();
    let group = word(&server.create("group", json!({ "name": "g" })), "id").to_owned();
    let on_a_stage = json!({ "target": stage, "group": group, "order": 0 });
    server.refuses("policy_binding", on_a_stage, "object does not exist");
    server.refuses("token", json!({ "identifier": "t", "user": 99 }), "object does not exist");
}

#[test]
fn bindings_name_one_of_three_and_are_evaluated_at_some_time() {
    let mut server = Server::at("2026.5.0");
    let flow = server.flow("default-authentication-flow");
    let binding = json!({ "target": flow, "order": 0 });
    server.refuses("policy_binding", binding.clone(), "must be set");
    let group = server.create("group", json!({ "name": "g" }));
    let both = with(with(binding.clone(), "group", group["id"].clone()), "user", json!(1));
    server.refuses("policy_binding", both, "Only one of");
    server.create("policy_binding", with(binding.clone(), "group", group["id"].clone()));
    server.create("policy_binding", with(binding, "group", group["id"].clone()));
    let stage = server.find("stage", json!({ "name": "default-authentication-login" }));
    let bound = json!({ "target": flow, "stage": stage["id"], "order": 1,
        "evaluate_on_plan": false, "re_evaluate_policies": false });
    server.refuses("flow_stage_binding", bound.clone(), "must be enabled");
    let bound = with(bound, "evaluate_on_plan", json!(true));
    server.create("flow_stage_binding", bound.clone());
    server.refuses("flow_stage_binding", bound, "unique set");
}

#[test]
fn names_are_taken_over_all_types_of_a_kind() {
    let mut server = Server::at("2026.5.0");
    server.create("provider_oauth2", server.oauth2("a"));
    server.refuses("provider_ldap", server.ldap("a"), "already exists");
    let again = with(server.oauth2("b"), "client_id", json!("a"));
    server.refuses("provider_oauth2", again, "client_id");
    server.create("group", json!({ "name": "g" }));
    server.refuses("group", json!({ "name": "g" }), "already exists");
    server.refuses("stage_user_login", json!({ "name": "default-user-settings" }), "already exists");
    let field = json!({ "name": "default-user-settings-field-name", "field_key": "k", "label": "l", "type": "text" });
    server.refuses("stage_prompt_field", field, "already exists");
    server.refuses("user", json!({ "username": "akadmin" }), "already exists");
}

#[test]
fn applications_have_a_slug_and_a_provider_of_their_own() {
    let mut server = Server::at("2026.5.0");
    let provider = server.create("provider_oauth2", server.oauth2("a"));
    let number = word(&provider, "id").parse::<i64>().unwrap();
    let application = json!({ "name": "A", "slug": "a", "protocol_provider": number });
    server.create("application", application.clone());
    server.refuses("application", application.clone(), "already exists");
    server.refuses("application", with(application, "slug", json!("b")), "Application with this provider");
    server.refuses("application", json!({ "name": "A", "slug": "authorize" }), "reserved");
    server.refuses("application", json!({ "name": "A", "slug": "a b" }), "valid “slug”");
}

#[test]
fn outposts_take_providers_of_their_type_and_at_least_one() {
    let mut server = Server::at("2026.5.0");
    let provider = server.create("provider_ldap", server.ldap("a"));
    let number = word(&provider, "id").parse::<i64>().unwrap();
    server.refuses("outpost", json!({ "name": "o", "type": "ldap", "protocol_providers": [] }), "may not be empty");
    let untyped = json!({ "name": "o", "protocol_providers": [number] });
    server.refuses("outpost", untyped.clone(), "can't be used with LDAP providers");
    let outpost = server.create("outpost", with(untyped, "type", json!("ldap")));
    assert!(word(&outpost, "config").contains("authentik_host"));
    let other = server.create("provider_ldap", server.ldap("b"));
    let second = word(&other, "id").parse::<i64>().unwrap();
    let attachment = json!({ "outpost": outpost["id"], "protocol_provider": second });
    let attachment = server.create("outpost_provider_attachment", attachment);
    assert_eq!(server.read("outpost", &outpost).unwrap()["protocol_providers"], json!([number, second]));
    server.authentik.delete(&mut server.store, "authentik_provider_ldap", word(&other, "id")).unwrap();
    assert_eq!(server.read("outpost", &outpost).unwrap()["protocol_providers"], json!([number]));
    assert!(server.read("outpost_provider_attachment", &attachment).is_none());
}

#[test]
fn redirects_without_their_keys_break_the_provider_and_other_keys_never_arrive() {
    let mut server = Server::at("2026.5.0");
    let uris = |uri: Json| with(server.oauth2("a"), "allowed_redirect_uris", json!([uri]));
    let (no_url, no_mode) = (uris(json!({ "matching_mode": "strict" })), uris(json!({ "url": "https://a/" })));
    let odd = uris(json!({ "matching_mode": "strict", "url": "https://a/", "colour": "red" }));
    server.refuses("provider_oauth2", no_url, "did not respond");
    server.refuses("provider_oauth2", no_mode, "did not respond");
    let provider = server.create("provider_oauth2", odd);
    assert_eq!(provider["allowed_redirect_uris"], json!([{ "matching_mode": "strict", "url": "https://a/" }]));
}

#[test]
fn modes_templates_durations_and_switches_are_read_by_the_server() {
    let mut server = Server::at("2026.5.0");
    let odd = with(server.ldap("a"), "bind_mode", json!("sometimes"));
    server.refuses("provider_ldap", odd, "not a valid choice");
    let mail = |template: &str| json!({ "name": "m", "template": template });
    server.refuses("stage_email", mail("email/nope.html"), "Invalid template");
    server.create("stage_authenticator_email", mail("email/nope.html"));
    let odd = with(server.oauth2("a"), "access_token_validity", json!("minutes=abc"));
    server.refuses("provider_oauth2", odd, "correct format");
    let flags = r#"{"flows_refresh_others":false}"#;
    server.refuses("system_settings", json!({ "flags": flags }), "core_default_app_access");
    server.refuses("system_settings", json!({ "avatars": "" }), "blank");
    server.create("system_settings", json!({}));
    server.refuses("user", json!({ "username": "u", "type": "internal_service_account" }), "type");
    server.refuses("user", json!({ "username": "u", "path": "/users" }), "path");
    server.refuses("token", json!({ "identifier": "t", "user": 1, "intent": "verification" }), "intent");
    server.refuses("stage_identification", json!({ "name": "s" }), "source");
}

#[test]
fn the_provider_refuses_words_it_does_not_know_and_durations_without_units() {
    let server = Server::at("2026.5.0");
    let check = |written: Json| {
        let shape = &server.authentik.shapes.resources["authentik_provider_oauth2"];
        server.authentik.check(shape, &object(written)).len()
    };
    assert_eq!(check(json!({ "client_type": "confidential", "access_token_validity": "hours=1" })), 0);
    assert_eq!(check(json!({ "client_type": "open", "access_token_validity": "30m" })), 2);
    assert_eq!(check(json!({ "grant_types": ["authorization_code"] })), 0);
}

#[test]
fn a_membership_has_two_sides() {
    let mut server = Server::at("2026.5.0");
    let group = server.create("group", json!({ "name": "g" }));
    let user = server.create("user", json!({ "username": "alex", "groups": [group["id"]] }));
    let number = word(&user, "id").parse::<i64>().unwrap();
    assert_eq!(server.read("group", &group).unwrap()["users"], json!([number]));
    let mut unset = user.clone();
    unset.remove("groups");
    let user = server.update("user", &unset, json!({ "name": "Alex" }));
    assert_eq!(user["groups"], json!([group["id"]]));
    server.update("group", &group, json!({ "users": [] }));
    assert_eq!(server.read("user", &user).unwrap()["groups"], json!([]));
    server.update("group", &group, json!({ "users": [number] }));
    server.update("user", &user, json!({ "groups": [] }));
    assert_eq!(server.read("group", &group).unwrap()["users"], json!([]));
}

#[test]
fn the_order_of_relations_is_the_servers_and_the_provider_keeps_what_was_written() {
    let mut server = Server::at("2026.5.0");
    let (one, two) = (server.create("group", json!({ "name": "1" })), server.create("group", json!({ "name": "2" })));
    for parents in [json!([one["id"], two["id"]]), json!([two["id"], one["id"]])] {
        let name = parents.to_string();
        let child = server.create("group", json!({ "name": name, "parents": parents.clone() }));
        assert_eq!(child["parents"], parents);
    }
    let stage = |fields: Json| json!({ "name": fields.to_string(), "user_fields": fields });
    for fields in [json!(["email", "username"]), json!(["username", "email"])] {
        assert_eq!(server.create("stage_identification", stage(fields.clone()))["user_fields"], fields);
    }
    let roles: Vec<Json> =
        ["r", "s"].map(|name| server.create("rbac_role", json!({ "name": name }))["id"].clone()).into();
    let read = |server: &mut Server, name: &str, roles: [&Json; 2]| {
        server.create("group", json!({ "name": name, "roles": roles }))["roles"].clone()
    };
    let there = read(&mut server, "there", [&roles[0], &roles[1]]);
    assert_eq!(there, read(&mut server, "and back", [&roles[1], &roles[0]]));
}

#[test]
fn a_short_permission_is_read_back_long_by_the_release_that_does_so() {
    for (release, read) in
        [("2025.10.1", "search_full_directory"), ("2026.5.0", "authentik_providers_ldap.search_full_directory")]
    {
        let mut server = Server::at(release);
        let role = server.create("rbac_role", json!({ "name": "r" }));
        let permission = json!({ "role": role["id"], "model": "authentik_providers_ldap.ldapprovider",
            "permission": "search_full_directory" });
        assert_eq!(word(&server.create("rbac_permission_role", permission), "permission"), read);
    }
}

#[test]
fn expressions_are_trimmed_and_passwords_are_written_once() {
    let mut server = Server::at("2026.5.0");
    let policy = server.create("policy_expression", json!({ "name": "p", "expression": "return True\n\n" }));
    assert_eq!(word(&policy, "expression"), "return True");
    let user = server.create("user", json!({ "username": "u", "password": "old" }));
    let after = server.update("user", &user, json!({ "password": "new" }));
    assert_eq!(word(&after, "password"), "new");
    assert_eq!(server.store.get("authentik_user", word(&user, "id")).unwrap()["password"], "old");
}

#[test]
fn what_is_deleted_is_gone_from_lists_and_takes_bindings_along_and_settings_stay() {
    let mut server = Server::at("2026.5.0");
    let user = server.create("user", json!({ "username": "u" }));
    let number = word(&user, "id").parse::<i64>().unwrap();
    let group = server.create("group", json!({ "name": "g", "users": [number, 1] }));
    let flow = server.flow("default-authentication-flow");
    let binding = server.create("policy_binding", json!({ "target": flow, "user": number, "order": 0 }));
    server.authentik.delete(&mut server.store, "authentik_user", word(&user, "id")).unwrap();
    assert!(server.read("user", &user).is_none());
    assert_eq!(server.read("group", &group).unwrap()["users"], json!([1]));
    assert!(server.read("policy_binding", &binding).is_none());
    let settings = server.create("system_settings", json!({}));
    server.authentik.delete(&mut server.store, SETTINGS, word(&settings, "id")).unwrap();
    assert!(server.read("system_settings", &settings).is_some());
}

#[test]
fn before_2025_12_a_role_can_be_on_one_group_only() {
    let mut server = Server::at("2025.10.1");
    let role = server.create("rbac_role", json!({ "name": "r" }));
    server.create("group", json!({ "name": "a", "roles": [role["id"]] }));
    server.refuses("group", json!({ "name": "b", "roles": [role["id"]] }), "single group");
}

#[test]
fn a_release_that_was_never_made_is_refused() {
    assert!(Authentik::at("2026.5.99").is_err());
    assert!(Authentik::at("new").is_err());
}
