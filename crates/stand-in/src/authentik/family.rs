//! Which objects an attribute may refer to, and by what.

use serde_json::Value as Json;

use super::{plain, word};
use crate::store::Store;
use crate::text;

/// Objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Application,
    /// What a policy can be bound to.
    Bindable,
    Certificate,
    Connection,
    Flow,
    Group,
    Mapping,
    Outpost,
    Policy,
    PromptField,
    Provider,
    Role,
    Source,
    Stage,
    StageOf(&'static str),
    User,
}

impl Family {
    /// What `attribute` of a resource type refers to.
    pub(super) fn of(name: &str, attribute: &str) -> Option<Self> {
        Some(match (name, attribute) {
            ("authentik_policy_binding", "target") => Self::Bindable,
            ("authentik_policy_binding", "policy") => Self::Policy,
            ("authentik_policy_binding", "group") => Self::Group,
            ("authentik_policy_binding" | "authentik_token", "user") => Self::User,
            ("authentik_flow_stage_binding", "target") => Self::Flow,
            ("authentik_flow_stage_binding", "stage") => Self::Stage,
            ("authentik_application", "protocol_provider" | "backchannel_providers") => Self::Provider,
            ("authentik_application_entitlement", "application") => Self::Application,
            ("authentik_outpost", "protocol_providers") => Self::Provider,
            ("authentik_outpost", "service_connection") => Self::Connection,
            ("authentik_outpost_provider_attachment", "outpost") => Self::Outpost,
            ("authentik_outpost_provider_attachment", "protocol_provider") => Self::Provider,
            ("authentik_group", "users") => Self::User,
            ("authentik_group", "parent" | "parents") | ("authentik_user", "groups") => Self::Group,
            ("authentik_group" | "authentik_user", "roles") | ("authentik_rbac_permission_role", "role") => Self::Role,
            ("authentik_stage_prompt", "fields") => Self::PromptField,
            ("authentik_stage_prompt", "validation_policies") => Self::Policy,
            ("authentik_stage_identification", "password_stage") => Self::StageOf("authentik_stage_password"),
            ("authentik_stage_identification", "captcha_stage") => Self::StageOf("authentik_stage_captcha"),
            ("authentik_stage_identification", "webauthn_stage") => {
                Self::StageOf("authentik_stage_authenticator_validate")
            }
            ("authentik_stage_identification", "sources") => Self::Source,
            ("authentik_stage_authenticator_validate", "configuration_stages") => Self::Stage,
            ("authentik_stage_user_write", "create_users_group") => Self::Group,
            (_, "signing_key" | "encryption_key" | "certificate" | "web_certificate") => Self::Certificate,
            (provider, "property_mappings" | "property_mappings_group") if is(Self::Provider, provider) => {
                Self::Mapping
            }
            (_, "jwt_federation_providers") => Self::Provider,
            (_, "jwt_federation_sources") => Self::Source,
            ("authentik_brand", flow) if flow.starts_with("flow_") => Self::Flow,
            (_, flow) if flow.ends_with("_flow") => Self::Flow,
            _ => return None,
        })
    }

    /// Whether objects of the type `name` belong to it.
    pub(super) fn has(self, name: &str) -> bool {
        is(self, name)
    }

    /// Whether an object is referred to by a number.
    fn numbered(self) -> bool {
        matches!(self, Self::Provider | Self::User)
    }

    /// Why the server does not take `reference`, if it does not.
    pub(super) fn refuse(self, store: &Store, reference: &Json) -> Option<String> {
        let handle = plain(reference);
        if !self.numbered() && !text::is_uuid(&handle) {
            return Some(format!("“{handle}” is not a valid UUID."));
        }
        let found = store.among(|name| self.has(name)).any(|(name, id, object)| handle_of(name, id, object) == handle);
        (!found).then(|| format!("Invalid pk \"{handle}\" - object does not exist."))
    }
}

/// What an object is referred to by: not all of them by their `id`.
pub(super) fn handle_of<'o>(name: &str, id: &'o str, object: &'o crate::value::Object) -> &'o str {
    let by_uuid = [Family::Application, Family::Flow, Family::Source].iter().any(|family| family.has(name));
    if by_uuid { word(object, "uuid") } else { id }
}

fn is(family: Family, name: &str) -> bool {
    let begins = |prefix: &str, but: &[&str]| name.starts_with(prefix) && !but.contains(&name);
    match family {
        Family::Application => name == "authentik_application",
        Family::Bindable => {
            ["authentik_flow_stage_binding", "authentik_application_entitlement"].contains(&name)
                || [Family::Application, Family::Flow, Family::Source].iter().any(|family| family.has(name))
        }
        Family::Certificate => name == "authentik_certificate_key_pair",
        Family::Connection => begins("authentik_service_connection_", &[]),
        Family::Flow => name == "authentik_flow",
        Family::Group => name == "authentik_group",
        Family::Mapping => begins("authentik_property_mapping_", &[]),
        Family::Outpost => name == "authentik_outpost",
        Family::Policy => begins("authentik_policy_", &["authentik_policy_binding"]),
        Family::PromptField => name == "authentik_stage_prompt_field",
        Family::Provider => begins("authentik_provider_", &[]),
        Family::Role => name == "authentik_rbac_role",
        Family::Source => begins("authentik_source_", &[]),
        Family::Stage => begins("authentik_stage_", &["authentik_stage_prompt_field"]),
        Family::StageOf(only) => name == only,
        Family::User => name == "authentik_user",
    }
}
