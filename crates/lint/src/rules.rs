//! Every rule, in order of names.

mod app_template_misfit;
mod application_open_to_all;
mod application_slug_reserved;
mod avatar_attribute_unwritten;
mod avatar_chain_without_fallback;
mod avatar_mode_unreachable;
mod avatar_policy_unbounded;
mod bad_duration;
mod bind_account_not_allowed;
mod binding_evaluates_never;
mod binding_without_subject;
mod blocking_expression;
mod broken_kubernetes_rule;
mod builtin_stage_unprotected;
mod bundled_postgres_and_host;
mod cached_ldap_bind;
mod case_sensitive_login;
mod chart_version_unknown;
mod chart_version_unpinned;
mod client_id_mismatch;
mod client_secret_literal;
mod committed_state_file;
mod credentials_in_backend;
mod database_host_missing;
mod dependency_cycle;
mod deprecated_ak_groups;
mod deprecated_api_version;
mod deprecated_provider_argument;
mod designation_without_its_stage;
mod duplicate_application_slug;
mod duplicate_prompt_key;
mod duplicate_yaml_key;
mod email_otp_not_enrollable;
mod email_otp_template_default;
mod email_port_encryption_mismatch;
mod email_template_mismatch;
mod email_tls_and_ssl;
mod email_verified_assumed;
mod enrolled_user_external;
mod enrolled_user_inactive;
mod enrollment_open_to_logged_in;
mod enrollment_without_invitation;
mod expiring_bind_token;
mod expression_syntax;
mod expression_unknown_name;
mod flow_designation_mismatch;
mod flow_reference_by_slug;
mod group_get_in_policy;
mod group_owned_both_sides;
mod group_that_nobody_makes;
mod image_tag_differs_from_chart;
mod immutable_password;
mod import_id_is_a_name;
mod imported_system_settings;
mod issuer_without_application;
mod kind_before_its_definition;
mod ldap_bind_flow_needs_browser;
mod ldap_dn_not_served;
mod ldap_mfa_support_left_on;
mod ldap_provider_without_application;
mod ldap_provider_without_outpost;
mod ldap_search_permission_missing;
mod loose_provider_pin;
mod malformed_allow;
mod malformed_base_dn;
mod managed_attributes_fight_users;
mod membership_of_undeclared_group;
mod missing_dependency;
mod missing_health_check;
mod missing_kubernetes_field;
mod missing_namespace;
mod missing_provider_argument;
mod missing_secret_key;
mod missing_secret_reference;
mod missing_service_port;
mod missing_source;
mod missing_substitution_source;
mod missing_template_key;
mod nested_ldap_base_dn;
mod noop_permission_user;
mod oauth_without_scopes;
mod oauth_without_signing_key;
mod object_applied_twice;
mod outpost_config_without_host;
mod outpost_owned_twice;
mod outpost_provider_type_mismatch;
mod outpost_without_providers;
mod partial_system_settings;
mod plain_secret;
mod policy_bound_before_its_context;
mod policy_may_return_none;
mod policy_skips_login_stage;
mod prefixed_file_field;
mod private_key_in_state;
mod prompt_replaces_invitation_data;
mod prompt_writes_privileged_field;
mod provider_far_behind_server;
mod provider_newer_than_server;
mod provider_with_two_applications;
mod provider_without_application;
mod recovery_activates_users;
mod recovery_creates_users;
mod recovery_not_linked;
mod redirect_host_not_served;
mod redirect_regex_invalid;
mod redirect_regex_unescaped_dot;
mod redirect_regex_wildcard_host;
mod redirect_strict_with_pattern;
mod redirect_uri_empty;
mod redirect_uri_missing_key;
mod redirect_uri_plain_http;
mod redis_values_after_removal;
mod refused_kubernetes_value;
mod removed_api_version;
mod removed_chart_value;
mod required_checkbox;
mod secret_key_inline;
mod secret_namespace_mismatch;
mod servicemonitor_without_metrics;
mod settings_in_two_roots;
mod settings_stage_truncated;
mod shared_ldap_base_dn;
mod shared_state_schema;
mod short_object_permission;
mod side_effect_at_plan_time;
mod slug_renamed;
mod stage_order_duplicate;
mod superuser_group_by_invitation;
mod tls_verification_off;
mod tofu_layout;
mod tofu_syntax;
mod unbindable_policy_target;
mod underscore_attribute_key;
mod unencrypted_sops_file;
mod unknown_avatar_mode;
mod unknown_kubernetes_field;
mod unknown_provider_argument;
mod unknown_provider_type;
mod unknown_rule;
mod unlisted_file;
mod unprefixed_attribute_key;
mod unreplaced_variable;
mod unretrieved_token_key;
mod unsaved_user_change;
mod untrusted_proxy_network;
pub(crate) mod unused_allow;
mod user_enumeration;
mod user_without_email;
mod validate_stage_accepts_nothing;
mod validation_policy_wants_plan;
mod values_ignored_by_existing_secret;
mod vault_mount_in_path;
mod vault_path_never_read;
mod vault_path_never_written;
mod wrong_kubernetes_type;
mod wrong_provider_argument;
mod yaml_syntax;

pub use tofu_layout::keeps_its_layout;

use crate::Rule;

/// Every rule, in order of ids.
pub static RULES: &[&Rule] = &[
    &app_template_misfit::RULE,
    &application_open_to_all::RULE,
    &application_slug_reserved::RULE,
    &avatar_attribute_unwritten::RULE,
    &avatar_chain_without_fallback::RULE,
    &avatar_mode_unreachable::RULE,
    &avatar_policy_unbounded::RULE,
    &bad_duration::RULE,
    &bind_account_not_allowed::RULE,
    &binding_evaluates_never::RULE,
    &binding_without_subject::RULE,
    &blocking_expression::RULE,
    &broken_kubernetes_rule::RULE,
    &builtin_stage_unprotected::RULE,
    &bundled_postgres_and_host::RULE,
    &cached_ldap_bind::RULE,
    &case_sensitive_login::RULE,
    &chart_version_unknown::RULE,
    &chart_version_unpinned::RULE,
    &client_id_mismatch::RULE,
    &client_secret_literal::RULE,
    &committed_state_file::RULE,
    &credentials_in_backend::RULE,
    &database_host_missing::RULE,
    &dependency_cycle::RULE,
    &deprecated_ak_groups::RULE,
    &deprecated_api_version::RULE,
    &deprecated_provider_argument::RULE,
    &designation_without_its_stage::RULE,
    &duplicate_application_slug::RULE,
    &duplicate_prompt_key::RULE,
    &duplicate_yaml_key::RULE,
    &email_otp_not_enrollable::RULE,
    &email_otp_template_default::RULE,
    &email_port_encryption_mismatch::RULE,
    &email_template_mismatch::RULE,
    &email_tls_and_ssl::RULE,
    &email_verified_assumed::RULE,
    &enrolled_user_external::RULE,
    &enrolled_user_inactive::RULE,
    &enrollment_open_to_logged_in::RULE,
    &enrollment_without_invitation::RULE,
    &expiring_bind_token::RULE,
    &expression_syntax::RULE,
    &expression_unknown_name::RULE,
    &flow_designation_mismatch::RULE,
    &flow_reference_by_slug::RULE,
    &group_get_in_policy::RULE,
    &group_owned_both_sides::RULE,
    &group_that_nobody_makes::RULE,
    &image_tag_differs_from_chart::RULE,
    &immutable_password::RULE,
    &import_id_is_a_name::RULE,
    &imported_system_settings::RULE,
    &issuer_without_application::RULE,
    &kind_before_its_definition::RULE,
    &ldap_bind_flow_needs_browser::RULE,
    &ldap_dn_not_served::RULE,
    &ldap_mfa_support_left_on::RULE,
    &ldap_provider_without_application::RULE,
    &ldap_provider_without_outpost::RULE,
    &ldap_search_permission_missing::RULE,
    &loose_provider_pin::RULE,
    &malformed_allow::RULE,
    &malformed_base_dn::RULE,
    &managed_attributes_fight_users::RULE,
    &membership_of_undeclared_group::RULE,
    &missing_dependency::RULE,
    &missing_health_check::RULE,
    &missing_kubernetes_field::RULE,
    &missing_namespace::RULE,
    &missing_provider_argument::RULE,
    &missing_secret_key::RULE,
    &missing_secret_reference::RULE,
    &missing_service_port::RULE,
    &missing_source::RULE,
    &missing_substitution_source::RULE,
    &missing_template_key::RULE,
    &nested_ldap_base_dn::RULE,
    &noop_permission_user::RULE,
    &oauth_without_scopes::RULE,
    &oauth_without_signing_key::RULE,
    &object_applied_twice::RULE,
    &outpost_config_without_host::RULE,
    &outpost_owned_twice::RULE,
    &outpost_provider_type_mismatch::RULE,
    &outpost_without_providers::RULE,
    &partial_system_settings::RULE,
    &plain_secret::RULE,
    &policy_bound_before_its_context::RULE,
    &policy_may_return_none::RULE,
    &policy_skips_login_stage::RULE,
    &prefixed_file_field::RULE,
    &private_key_in_state::RULE,
    &prompt_replaces_invitation_data::RULE,
    &prompt_writes_privileged_field::RULE,
    &provider_far_behind_server::RULE,
    &provider_newer_than_server::RULE,
    &provider_with_two_applications::RULE,
    &provider_without_application::RULE,
    &recovery_activates_users::RULE,
    &recovery_creates_users::RULE,
    &recovery_not_linked::RULE,
    &redirect_host_not_served::RULE,
    &redirect_regex_invalid::RULE,
    &redirect_regex_unescaped_dot::RULE,
    &redirect_regex_wildcard_host::RULE,
    &redirect_strict_with_pattern::RULE,
    &redirect_uri_empty::RULE,
    &redirect_uri_missing_key::RULE,
    &redirect_uri_plain_http::RULE,
    &redis_values_after_removal::RULE,
    &refused_kubernetes_value::RULE,
    &removed_api_version::RULE,
    &removed_chart_value::RULE,
    &required_checkbox::RULE,
    &secret_key_inline::RULE,
    &secret_namespace_mismatch::RULE,
    &servicemonitor_without_metrics::RULE,
    &settings_in_two_roots::RULE,
    &settings_stage_truncated::RULE,
    &shared_ldap_base_dn::RULE,
    &shared_state_schema::RULE,
    &short_object_permission::RULE,
    &side_effect_at_plan_time::RULE,
    &slug_renamed::RULE,
    &stage_order_duplicate::RULE,
    &superuser_group_by_invitation::RULE,
    &tls_verification_off::RULE,
    &tofu_layout::RULE,
    &tofu_syntax::RULE,
    &unbindable_policy_target::RULE,
    &underscore_attribute_key::RULE,
    &unencrypted_sops_file::RULE,
    &unknown_avatar_mode::RULE,
    &unknown_kubernetes_field::RULE,
    &unknown_provider_argument::RULE,
    &unknown_provider_type::RULE,
    &unknown_rule::RULE,
    &unlisted_file::RULE,
    &unprefixed_attribute_key::RULE,
    &unreplaced_variable::RULE,
    &unretrieved_token_key::RULE,
    &unsaved_user_change::RULE,
    &untrusted_proxy_network::RULE,
    &unused_allow::RULE,
    &user_enumeration::RULE,
    &user_without_email::RULE,
    &validate_stage_accepts_nothing::RULE,
    &validation_policy_wants_plan::RULE,
    &values_ignored_by_existing_secret::RULE,
    &vault_mount_in_path::RULE,
    &vault_path_never_read::RULE,
    &vault_path_never_written::RULE,
    &wrong_kubernetes_type::RULE,
    &wrong_provider_argument::RULE,
    &yaml_syntax::RULE,
];
