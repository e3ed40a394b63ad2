//! Every rule, in order of names.

mod application_open_to_all;
mod application_slug_reserved;
mod binding_without_subject;
mod committed_state_file;
mod duplicate_application_slug;
mod duplicate_yaml_key;
mod flow_reference_by_slug;
mod malformed_allow;
mod provider_with_two_applications;
mod provider_without_application;
mod shared_ldap_base_dn;
mod tofu_layout;
mod tofu_syntax;
mod unknown_rule;
pub(crate) mod unused_allow;
mod yaml_syntax;

use crate::Rule;

/// Every rule, in order of ids.
pub static RULES: &[&Rule] = &[
    &application_open_to_all::RULE,
    &application_slug_reserved::RULE,
    &binding_without_subject::RULE,
    &committed_state_file::RULE,
    &duplicate_application_slug::RULE,
    &duplicate_yaml_key::RULE,
    &flow_reference_by_slug::RULE,
    &malformed_allow::RULE,
    &provider_with_two_applications::RULE,
    &provider_without_application::RULE,
    &shared_ldap_base_dn::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unknown_rule::RULE,
    &unused_allow::RULE,
    &yaml_syntax::RULE,
];
