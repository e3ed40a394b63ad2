//! What came in place of a type or an argument that the authentik provider no longer has.

use crate::Kind;

/// What is written instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// Names to write in place of the old one, all of them in the same block, or the one type; empty where nothing
    /// took its place one to one.
    pub names: &'static [&'static str],
    /// What to do, as a help: `write …`.
    pub help: &'static str,
}

/// Types: what they are for, the old name, the new name. The same fields are written in both.
const TYPES: &[(Kind, &str, &str)] = &[
    (Kind::DataSource, "authentik_property_mapping_ldap", "authentik_property_mapping_source_ldap"),
    (Kind::DataSource, "authentik_property_mapping_rac", "authentik_property_mapping_provider_rac"),
    (Kind::DataSource, "authentik_property_mapping_saml", "authentik_property_mapping_provider_saml"),
    (Kind::DataSource, "authentik_property_mapping_scim", "authentik_property_mapping_provider_scim"),
    (Kind::DataSource, "authentik_scope_mapping", "authentik_property_mapping_provider_scope"),
    (Kind::DataSource, "authentik_tenant", "authentik_brand"),
    (Kind::Resource, "authentik_policy_hibp", "authentik_policy_password"),
    (
        Kind::Resource,
        "authentik_property_mapping_google_workspace",
        "authentik_property_mapping_provider_google_workspace",
    ),
    (Kind::Resource, "authentik_property_mapping_ldap", "authentik_property_mapping_source_ldap"),
    (
        Kind::Resource,
        "authentik_property_mapping_microsoft_entra",
        "authentik_property_mapping_provider_microsoft_entra",
    ),
    (Kind::Resource, "authentik_property_mapping_rac", "authentik_property_mapping_provider_rac"),
    (Kind::Resource, "authentik_property_mapping_radius", "authentik_property_mapping_provider_radius"),
    (Kind::Resource, "authentik_property_mapping_saml", "authentik_property_mapping_provider_saml"),
    (Kind::Resource, "authentik_property_mapping_scim", "authentik_property_mapping_provider_scim"),
    (Kind::Resource, "authentik_scope_mapping", "authentik_property_mapping_provider_scope"),
    (Kind::Resource, "authentik_tenant", "authentik_brand"),
];

/// Arguments: the type, the old name, what is written instead. Deprecated ones are here too.
const ARGUMENTS: &[(&str, &str, Successor)] = &[
    (
        "authentik_event_rule",
        "group",
        Successor { names: &["destination_group"], help: "write `destination_group = …`" },
    ),
    (
        "authentik_event_rule",
        "webhook_mapping",
        Successor { names: &[], help: "write `webhook_mapping_body = …` in the `authentik_event_transport`" },
    ),
    (
        "authentik_event_transport",
        "webhook_mapping",
        Successor { names: &["webhook_mapping_body"], help: "write `webhook_mapping_body = …`" },
    ),
    ("authentik_group", "parent", Successor { names: &["parents"], help: "write `parents = […]`, a list" }),
    (
        "authentik_provider_ldap",
        "search_group",
        Successor {
            names: &[],
            help: "give the account a role with the permission \
                   `authentik_providers_ldap.search_full_directory` on this provider",
        },
    ),
    (
        "authentik_provider_oauth2",
        "backchannel_logout_uri",
        Successor {
            names: &["logout_uri", "logout_method"],
            help: "write `logout_uri = …` and `logout_method = \"backchannel\"`",
        },
    ),
    (
        "authentik_provider_oauth2",
        "jwks_sources",
        Successor { names: &["jwt_federation_sources"], help: "write `jwt_federation_sources = […]`" },
    ),
    (
        "authentik_provider_oauth2",
        "redirect_uris",
        Successor {
            names: &["allowed_redirect_uris"],
            help: "write `allowed_redirect_uris = [{ matching_mode = \"strict\", url = \"…\" }]`, one map for each \
                   address",
        },
    ),
    (
        "authentik_provider_oauth2",
        "token_validity",
        Successor {
            names: &["access_token_validity", "refresh_token_validity"],
            help: "write `access_token_validity = \"…\"` and `refresh_token_validity = \"…\"`",
        },
    ),
    (
        "authentik_provider_oauth2",
        "verification_keys",
        Successor { names: &["jwt_federation_sources"], help: "write `jwt_federation_sources = […]`" },
    ),
    (
        "authentik_provider_proxy",
        "jwks_sources",
        Successor { names: &["jwt_federation_sources"], help: "write `jwt_federation_sources = […]`" },
    ),
    (
        "authentik_provider_proxy",
        "token_validity",
        Successor {
            names: &["access_token_validity", "refresh_token_validity"],
            help: "write `access_token_validity = \"…\"` and `refresh_token_validity = \"…\"`",
        },
    ),
    (
        "authentik_provider_saml",
        "issuer",
        Successor { names: &["issuer_override"], help: "write `issuer_override = \"…\"`" },
    ),
    (
        "authentik_provider_scim",
        "filter_group",
        Successor { names: &["group_filters"], help: "write `group_filters = […]`, a list" },
    ),
];

/// The type that took the place of `name`, where one did.
pub fn successor_of_type(kind: Kind, name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(of, old, _)| *of == kind && *old == name).map(|(_, _, new)| *new)
}

/// What is written in place of the argument `name` of the resource type `resource`, where that is known.
pub fn successor_of_argument(resource: &str, name: &str) -> Option<Successor> {
    ARGUMENTS.iter().find(|(of, old, _)| *of == resource && *old == name).map(|(_, _, successor)| *successor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Provider;

    #[test]
    fn every_successor_is_there_today_and_what_it_succeeds_is_gone_or_deprecated() {
        let newest = Provider::authentik().newest();
        for (kind, old, new) in TYPES {
            assert!(!newest.has_type(*kind, old), "{old}");
            assert!(newest.has_type(*kind, new), "{new}");
            assert!(Provider::authentik().type_named(*kind, old).is_some(), "{old}");
        }
        for (resource, old, successor) in ARGUMENTS {
            let found = newest.attribute(Kind::Resource, resource, old);
            assert!(found.is_none_or(|found| found.deprecated), "{resource}.{old}");
            let history = Provider::authentik().type_named(Kind::Resource, resource).expect(resource);
            assert!(!history.attribute(old).is_empty(), "{resource}.{old}");
            for new in successor.names {
                assert!(newest.has(resource, new), "{resource}.{new}");
                assert!(successor.help.contains(&format!("`{new} = ")), "{resource}.{new}");
            }
        }
    }

    #[test]
    fn every_type_that_went_has_a_successor() {
        let newest = Provider::authentik().newest();
        for kind in [Kind::Resource, Kind::DataSource] {
            for name in Provider::authentik().types(kind).filter(|name| !newest.has_type(kind, name)) {
                assert!(successor_of_type(kind, name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn every_argument_that_went_from_a_type_that_stayed_has_a_successor() {
        // Nothing took their place.
        let without = [
            ("authentik_policy_geoip", "action"),
            ("authentik_policy_geoip", "client_ip"),
            ("authentik_rbac_initial_permissions", "mode"),
        ];
        let (provider, newest) = (Provider::authentik(), Provider::authentik().newest());
        for name in provider.types(Kind::Resource).filter(|name| newest.has_type(Kind::Resource, name)) {
            let history = provider.type_named(Kind::Resource, name).expect(name);
            for (argument, _) in history.attributes() {
                let there = newest.attribute(Kind::Resource, name, argument).is_some();
                if !there && !without.contains(&(name, argument)) {
                    assert!(successor_of_argument(name, argument).is_some(), "{name}.{argument}");
                }
            }
        }
    }
}
