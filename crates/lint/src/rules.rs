//! Every rule, in order of names.

mod application_slug_reserved;
mod committed_state_file;
mod duplicate_application_slug;
mod duplicate_yaml_key;
mod malformed_allow;
mod shared_ldap_base_dn;
mod tofu_layout;
mod tofu_syntax;
mod unknown_rule;
pub(crate) mod unused_allow;
mod yaml_syntax;

use crate::Rule;

/// Every rule, in order of ids.
pub static RULES: &[&Rule] = &[
    &application_slug_reserved::RULE,
    &committed_state_file::RULE,
    &duplicate_application_slug::RULE,
    &duplicate_yaml_key::RULE,
    &malformed_allow::RULE,
    &shared_ldap_base_dn::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unknown_rule::RULE,
    &unused_allow::RULE,
    &yaml_syntax::RULE,
];
