//! Every rule, in order of names.

mod bind_account_not_allowed;
mod cached_ldap_bind;
mod committed_state_file;
mod deprecated_provider_argument;
mod duplicate_yaml_key;
mod expiring_bind_token;
mod ldap_bind_flow_needs_browser;
mod ldap_mfa_support_left_on;
mod ldap_provider_without_application;
mod ldap_provider_without_outpost;
mod ldap_search_permission_missing;
mod malformed_allow;
mod malformed_base_dn;
mod missing_provider_argument;
mod nested_ldap_base_dn;
mod noop_permission_user;
mod outpost_config_without_host;
mod outpost_owned_twice;
mod outpost_provider_type_mismatch;
mod outpost_without_providers;
mod shared_ldap_base_dn;
mod short_object_permission;
mod tofu_layout;
mod tofu_syntax;
mod unknown_provider_argument;
mod unknown_provider_type;
mod unknown_rule;
pub(crate) mod unused_allow;
mod wrong_provider_argument;
mod yaml_syntax;

use crate::Rule;

/// Every rule, in order of ids.
pub static RULES: &[&Rule] = &[
    &bind_account_not_allowed::RULE,
    &cached_ldap_bind::RULE,
    &committed_state_file::RULE,
    &deprecated_provider_argument::RULE,
    &duplicate_yaml_key::RULE,
    &expiring_bind_token::RULE,
    &ldap_bind_flow_needs_browser::RULE,
    &ldap_mfa_support_left_on::RULE,
    &ldap_provider_without_application::RULE,
    &ldap_provider_without_outpost::RULE,
    &ldap_search_permission_missing::RULE,
    &malformed_allow::RULE,
    &malformed_base_dn::RULE,
    &missing_provider_argument::RULE,
    &nested_ldap_base_dn::RULE,
    &noop_permission_user::RULE,
    &outpost_config_without_host::RULE,
    &outpost_owned_twice::RULE,
    &outpost_provider_type_mismatch::RULE,
    &outpost_without_providers::RULE,
    &shared_ldap_base_dn::RULE,
    &short_object_permission::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unknown_provider_argument::RULE,
    &unknown_provider_type::RULE,
    &unknown_rule::RULE,
    &unused_allow::RULE,
    &wrong_provider_argument::RULE,
    &yaml_syntax::RULE,
];
