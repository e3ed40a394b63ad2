//! Every rule, in order of names.

mod application_open_to_all;
mod application_slug_reserved;
mod binding_without_subject;
mod committed_state_file;
mod duplicate_application_slug;
mod duplicate_yaml_key;
mod email_verified_assumed;
mod flow_reference_by_slug;
mod malformed_allow;
mod oauth_without_scopes;
mod oauth_without_signing_key;
mod provider_with_two_applications;
mod provider_without_application;
mod redirect_host_not_served;
mod redirect_regex_invalid;
mod redirect_regex_unescaped_dot;
mod redirect_regex_wildcard_host;
mod redirect_strict_with_pattern;
mod redirect_uri_empty;
mod redirect_uri_missing_key;
mod redirect_uri_plain_http;
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
    &email_verified_assumed::RULE,
    &flow_reference_by_slug::RULE,
    &malformed_allow::RULE,
    &oauth_without_scopes::RULE,
    &oauth_without_signing_key::RULE,
    &provider_with_two_applications::RULE,
    &provider_without_application::RULE,
    &redirect_host_not_served::RULE,
    &redirect_regex_invalid::RULE,
    &redirect_regex_unescaped_dot::RULE,
    &redirect_regex_wildcard_host::RULE,
    &redirect_strict_with_pattern::RULE,
    &redirect_uri_empty::RULE,
    &redirect_uri_missing_key::RULE,
    &redirect_uri_plain_http::RULE,
    &shared_ldap_base_dn::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unknown_rule::RULE,
    &unused_allow::RULE,
    &yaml_syntax::RULE,
];
