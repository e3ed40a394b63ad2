//! Every rule, in order of names.

mod committed_state_file;
mod deprecated_provider_argument;
mod duplicate_yaml_key;
mod malformed_allow;
mod missing_provider_argument;
mod shared_ldap_base_dn;
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
    &committed_state_file::RULE,
    &deprecated_provider_argument::RULE,
    &duplicate_yaml_key::RULE,
    &malformed_allow::RULE,
    &missing_provider_argument::RULE,
    &shared_ldap_base_dn::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unknown_provider_argument::RULE,
    &unknown_provider_type::RULE,
    &unknown_rule::RULE,
    &unused_allow::RULE,
    &wrong_provider_argument::RULE,
    &yaml_syntax::RULE,
];
