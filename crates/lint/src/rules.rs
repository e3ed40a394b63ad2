//! Every rule, in order of names.

mod bad_duration;
mod builtin_stage_unprotected;
mod client_secret_literal;
mod committed_state_file;
mod credentials_in_backend;
mod duplicate_yaml_key;
mod group_owned_both_sides;
mod immutable_password;
mod import_id_is_a_name;
mod loose_provider_pin;
mod malformed_allow;
mod managed_attributes_fight_users;
mod membership_of_undeclared_group;
mod private_key_in_state;
mod provider_far_behind_server;
mod provider_newer_than_server;
mod settings_in_two_roots;
mod shared_ldap_base_dn;
mod shared_state_schema;
mod tls_verification_off;
mod tofu_layout;
mod tofu_syntax;
mod unknown_rule;
mod unretrieved_token_key;
pub(crate) mod unused_allow;
mod yaml_syntax;

use crate::Rule;

/// Every rule, in order of ids.
pub static RULES: &[&Rule] = &[
    &bad_duration::RULE,
    &builtin_stage_unprotected::RULE,
    &client_secret_literal::RULE,
    &committed_state_file::RULE,
    &credentials_in_backend::RULE,
    &duplicate_yaml_key::RULE,
    &group_owned_both_sides::RULE,
    &immutable_password::RULE,
    &import_id_is_a_name::RULE,
    &loose_provider_pin::RULE,
    &malformed_allow::RULE,
    &managed_attributes_fight_users::RULE,
    &membership_of_undeclared_group::RULE,
    &private_key_in_state::RULE,
    &provider_far_behind_server::RULE,
    &provider_newer_than_server::RULE,
    &settings_in_two_roots::RULE,
    &shared_ldap_base_dn::RULE,
    &shared_state_schema::RULE,
    &tls_verification_off::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unknown_rule::RULE,
    &unretrieved_token_key::RULE,
    &unused_allow::RULE,
    &yaml_syntax::RULE,
];
