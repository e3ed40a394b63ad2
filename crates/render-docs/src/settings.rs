//! The system settings that the inventory writes; what it leaves out has the server's default.

use diagnostic::{Span, Spanned};
use inventory::Settings;
use template::{Place, Placed, Value, context};

pub(crate) fn context_of(settings: &Settings) -> Value {
    let flags = &settings.flags;
    let duration = |value: &Spanned<inventory::Duration>| value.clone().map(|value| value.authentik().to_owned());
    let mut rows = Vec::new();
    let mut row = |name: &'static str, around: Span, value: Spanned<String>| {
        // A default has the place of the mapping it would stand in.
        if value.span != around {
            let value = value.value.place(&[value.span]);
            rows.push(context! { name => Placed::fixed(name), value });
        }
    };
    let top = settings.span;
    row("default_user_change_name", top, written(&settings.default_user_change_name));
    row("default_user_change_email", top, written(&settings.default_user_change_email));
    row("default_user_change_username", top, written(&settings.default_user_change_username));
    row("event_retention", top, duration(&settings.event_retention));
    row("gdpr_compliance", top, written(&settings.gdpr_compliance));
    row("impersonation", top, written(&settings.impersonation));
    row("default_token_duration", top, duration(&settings.default_token_duration));
    row("default_token_length", top, written(&settings.default_token_length));
    row("reputation_lower_limit", top, written(&settings.reputation_lower_limit));
    row("reputation_upper_limit", top, written(&settings.reputation_upper_limit));
    row("pagination_default_page_size", top, written(&settings.pagination_default_page_size));
    row("pagination_max_page_size", top, written(&settings.pagination_max_page_size));
    for link in &settings.footer_links {
        row("footer_links", top, link.name.clone().map(|name| format!("{name}: {}", link.href.value)));
    }
    let top = flags.span;
    row("flags.core_default_app_access", top, written(&flags.core_default_app_access));
    row("flags.enterprise_audit_include_expanded_diff", top, written(&flags.enterprise_audit_include_expanded_diff));
    row("flags.flows_continuous_login", top, written(&flags.flows_continuous_login));
    row("flags.flows_refresh_others", top, written(&flags.flows_refresh_others));
    row("flags.policies_buffered_access_view", top, written(&flags.policies_buffered_access_view));
    context! { has_written => !rows.is_empty(), written => rows }
}

fn written<T: ToString>(value: &Spanned<T>) -> Spanned<String> {
    Spanned::new(value.value.to_string(), value.span)
}
