//! What an inventory promises about apps: who may open each, how it logs people in, and its credentials in Vault.

use inventory::{Allow, App, Duration, LdapApp, Matching, Oidc, RedirectKind};
use serde_json::{Value as Json, json};

use super::flows::BIND_FLOW;
use super::held::{self, SECRET, reference};
use super::promised::{Promised, sorted};
use crate::Failure;

/// Promises everything about every app, and the outpost that answers LDAP.
pub(super) fn promise(promised: &mut Promised<'_>) -> Result<(), Failure> {
    let inventory = promised.inventory;
    let mut answered = Vec::new();
    for entry in &inventory.apps {
        let (key, app) = (entry.name.as_str(), &entry.value);
        match (&app.oidc, &app.ldap) {
            (Some(oidc), _) => {
                let provider = client(promised, key, app, oidc)?;
                application(promised, key, app, &provider, "authentik-oidc")?;
            }
            (None, Some(ldap)) => {
                let base_dn = base_dn(promised, key, ldap)?;
                let provider = directory(promised, key, ldap, &base_dn);
                application(promised, key, app, &provider, "authentik-ldap")?;
                account(promised, key, app, &base_dn);
                answered.push(provider);
            }
            (None, None) => return Err(format!("the app `{key}` has no login").into()),
        }
    }
    if let (Some(ldap), false) = (&inventory.identity.ldap, answered.is_empty()) {
        let url = format!("https://{}/", inventory.identity.host.as_str());
        let mut config = json!({ "authentik_host": url });
        let mut outpost = json!({ "type": "ldap", "protocol_providers": sorted(answered) });
        if ldap.outpost.service.as_str() == "kubernetes" {
            config["kubernetes_service_type"] = ldap.outpost.service_type.as_str().into();
            outpost["service_connection"] =
                reference("service_connection_kubernetes", "Local Kubernetes Cluster").into();
        }
        outpost["config"] = config;
        promised.put("outpost", "ldap", outpost);
    }
    Ok(())
}

/// The application, and who may open it.
fn application(promised: &mut Promised<'_>, key: &str, app: &App, provider: &str, module: &str) -> Result<(), Failure> {
    let application = promised.put(
        "application",
        key,
        json!({ "name": shown(key, app), "group": app.category.as_ref().map(|text| text.as_str()), "meta_description": app.description.as_ref().map(|text| text.as_str()),
            "meta_icon": app.icon.as_ref().map(|text| text.as_str()), "meta_launch_url": app.url.as_str(), "protocol_provider": provider,
            "policy_engine_mode": "any" }),
    );
    match &app.allow {
        Allow::Everyone(_) => {
            let file = format!("../../modules/{module}/policies/everyone.py");
            let policy = promised.policy(&format!("{key}-everyone"), &file)?;
            promised.bind(&application, "policy", &policy, 0);
        }
        Allow::Groups(groups) => {
            for group in groups.iter() {
                promised.bind(&application, "group", &reference("group", group.as_str()), 0);
            }
        }
    }
    Ok(())
}

/// The OIDC client, its own scopes and its credentials; how it is referred to.
fn client(promised: &mut Promised<'_>, key: &str, app: &App, oidc: &Oidc) -> Result<String, Failure> {
    let builtin = oidc.default_scopes.iter().map(|scope| {
        let scope = scope.as_str();
        reference("property_mapping_provider_scope", &format!("authentik default OAuth Mapping: OpenID '{scope}'"))
    });
    let mut scopes: Vec<String> = builtin.collect();
    for scope in &oidc.scopes {
        let (name, program) = (scope.name.as_str(), scope.value.as_str().trim());
        let mapping = json!({ "scope_name": name, "expression": program });
        scopes.push(promised.put("property_mapping_provider_scope", &format!("{key}/{name}"), mapping));
    }
    if !app.roles.is_empty() {
        let file = format!("apps/{key}/profile.py");
        scopes.push(promised.mapping(&format!("{key}/profile"), "profile", &file)?);
    }
    scopes.sort();
    scopes.dedup();
    let typed = *promised.release.version() >= "2026.5.0".parse().expect("it is a version");
    let uris = oidc.redirect_uris.iter().filter(|uri| typed || uri.kind.value == RedirectKind::Authorization);
    let uris = uris.map(|uri| {
        let mut sent = json!({ "matching_mode": uri.matching.as_str(), "url": absolute(app, uri) });
        if typed {
            sent["redirect_uri_type"] = uri.kind.as_str().into();
        }
        sent
    });
    let valid = |duration: &Duration| Json::from(duration.authentik());
    let mut provider = json!({
        "client_id": key,
        "client_type": oidc.client_type.as_str(),
        "authorization_flow": reference("flow", "default-provider-authorization-implicit-consent"),
        "invalidation_flow": reference("flow", "default-provider-invalidation-flow"),
        "signing_key": reference("certificate_key_pair", "authentik Self-signed Certificate"),
        "sub_mode": oidc.sub_mode.as_str(),
        "access_token_validity": valid(&oidc.access_token_valid_for),
        "refresh_token_validity": valid(&oidc.refresh_token_valid_for),
        "allowed_redirect_uris": uris.collect::<Vec<_>>(),
        "property_mappings": scopes,
    });
    if promised.release.has("authentik_provider_oauth2", "grant_types") {
        provider["grant_types"] = json!(["authorization_code", "refresh_token"]);
    }
    if let Some(logout) = &oidc.logout {
        let uri = logout.uri.as_str();
        let below = if uri.starts_with('/') { app.url.as_str().trim_end_matches('/') } else { "" };
        provider["logout_uri"] = format!("{below}{uri}").into();
        if logout.method.as_str() != "backchannel" {
            provider["logout_method"] = logout.method.as_str().into();
        }
    }
    let provider = promised.put("provider_oauth2", key, provider);
    let issuer = format!("https://{}/application/o/{key}/", promised.inventory.identity.host.as_str());
    let secret = held::secret("client_secret", "provider_oauth2", key);
    credentials(promised, key, "oidc", json!({ "client_id": key, "client_secret": secret, "issuer": issuer }));
    Ok(provider)
}

/// The LDAP provider; how it is referred to.
fn directory(promised: &mut Promised<'_>, key: &str, ldap: &LdapApp, base_dn: &str) -> String {
    let provider = json!({
        "base_dn": base_dn,
        "bind_flow": reference("flow", BIND_FLOW),
        "unbind_flow": reference("flow", "default-invalidation-flow"),
        "bind_mode": ldap.bind_mode.as_str(),
        "search_mode": ldap.search_mode.as_str(),
        "certificate": reference("certificate_key_pair", "authentik Self-signed Certificate"),
        "mfa_support": false,
    });
    promised.put("provider_ldap", key, provider)
}

/// The account that an LDAP app binds with, that it is let in and may search, and its credentials.
fn account(promised: &mut Promised<'_>, key: &str, app: &App, base_dn: &str) {
    let (account, search, shown) = (format!("ldap-{key}"), format!("ldap-search-{key}"), shown(key, app));
    let user = json!({ "name": format!("LDAP account of {shown}"), "type": "service_account",
        "path": "goauthentik.io/service-accounts" });
    let user = promised.put("user", &account, user);
    let token = json!({ "description": format!("The password that {shown} binds with"), "user": user,
        "intent": "app_password", "expiring": false, "retrieve_key": true });
    promised.put("token", &account, token);
    promised.bind(&reference("application", key), "user", &user, 10);
    let role = promised.put("rbac_role", &search, json!({}));
    let permission = "authentik_providers_ldap.search_full_directory";
    promised.put_as(
        "rbac_permission_role",
        &held::binding(&role, permission),
        json!({ "role": role, "model": "authentik_providers_ldap.ldapprovider", "permission": permission,
            "object_id": reference("provider_ldap", key) }),
    );
    promised.put("group", &search, json!({ "roles": [role], "users": [user] }));
    let password = held::secret("key", "token", &account);
    let bind_dn = format!("cn={account},ou=users,{base_dn}");
    credentials(promised, key, "ldap", json!({ "bind_dn": bind_dn, "bind_password": password, "base_dn": base_dn }));
}

/// The secret that the app's credentials lie in.
fn credentials(promised: &mut Promised<'_>, key: &str, protocol: &str, data: Json) {
    let (mount, name) = (promised.inventory.vault.mount.as_str(), format!("apps/{key}/{protocol}"));
    let place = format!("{mount}/data/{name}");
    promised.put_as(SECRET, &place, json!({ "mount": mount, "name": name, "data_json": data }));
}

fn base_dn(promised: &Promised<'_>, key: &str, ldap: &LdapApp) -> Result<String, Failure> {
    if let Some(written) = &ldap.base_dn {
        return Ok(written.as_str().to_owned());
    }
    let service = promised.inventory.identity.ldap.as_ref().ok_or("an LDAP app needs a suffix")?;
    Ok(format!("ou={key},{}", service.suffix.as_str()))
}

/// The name that people see: the key with capital letters where none is written.
fn shown(key: &str, app: &App) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    let words = || key.split('-').filter(|word| !word.is_empty()).map(capital).collect::<Vec<_>>();
    app.name.as_ref().map_or_else(|| words().join(" "), |name| name.as_str().to_owned())
}

/// Where people are sent back to: a path is below the app's address.
fn absolute(app: &App, uri: &inventory::Redirect) -> String {
    let written = uri.url.as_str();
    let base = app.url.as_str().trim_end_matches('/');
    match (written.starts_with('/'), *uri.matching) {
        (false, _) => written.to_owned(),
        (true, Matching::Strict) => format!("{base}{written}"),
        // Only these of a pattern's characters stand in an address without a path.
        (true, Matching::Regex) => format!("{}{written}", base.replace('.', "\\.")),
    }
}
