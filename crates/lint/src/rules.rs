//! Every rule, in order of names.

mod committed_state_file;
mod duplicate_yaml_key;
mod immutable_password;
mod malformed_allow;
mod private_key_in_state;
mod shared_ldap_base_dn;
mod tls_verification_off;
mod tofu_layout;
mod tofu_syntax;
mod unknown_rule;
pub(crate) mod unused_allow;
mod yaml_syntax;

use crate::Rule;

/// Every rule, in order of ids.
pub static RULES: &[&Rule] = &[
    &committed_state_file::RULE,
    &duplicate_yaml_key::RULE,
    &immutable_password::RULE,
    &malformed_allow::RULE,
    &private_key_in_state::RULE,
    &shared_ldap_base_dn::RULE,
    &tls_verification_off::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unknown_rule::RULE,
    &unused_allow::RULE,
    &yaml_syntax::RULE,
];
