//! `avatars.tf` and its policies: the system settings, and pictures that people upload.

use diagnostic::{Derived, Diagnostic, Span};
use inventory::{Avatars, ImageType, Settings};
use lab::Lab;
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::pins::Pins;
use crate::{entry, keep, text, word};

pub(crate) fn render(lab: &Lab<'_>, pins: &Pins, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let identity = lab.identity.settings;
    let (avatars, settings) = (&identity.avatars, &identity.settings);
    let context = context! {
        has => pins.has(),
        settings => system_settings(avatars, settings, pins),
        upload_hint => Placed::from(&limits(avatars, "or").derive(|(types, size)| format!("{types}, up to {size}"))),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/avatars.tf.j2", &[], context, found));

    let context = context! {
        signatures => Placed::map(avatars.types.iter().map(|one| (word(one.as_str(), one.span), signatures(one.value)))),
        max_size => Placed::from(size(avatars)).following([avatars.max_size.span]),
        too_large => Placed::from(&limits(avatars, "and").derive(|(_, size)| format!("The picture is larger than {size}."))),
        wrong_type => Placed::from(&limits(avatars, "and").derive(|(types, _)| format!("Only {types} pictures are accepted."))),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/policies/avatar.py.j2", &[], context, found));

    let context = context! {
        change_email => Placed::from(&settings.default_user_change_email),
        change_name => Placed::from(&settings.default_user_change_name),
        change_username => Placed::from(&settings.default_user_change_username),
    };
    let template = "tofu/tf-deploy/authentik/policies/user_settings_authorization.py.j2";
    keep(tree, templates.render(template, &[], context, found));
}

fn system_settings(avatars: &Avatars, settings: &Settings, pins: &Pins) -> Value {
    let links = settings
        .footer_links
        .iter()
        .map(|link| Placed::map([entry("name", text(&link.name)), entry("href", text(&link.href))]));
    let flags = pins.release.system_flags();
    context! {
        avatars => Placed::from(&chain(avatars)),
        default_user_change_name => Placed::from(&settings.default_user_change_name),
        default_user_change_email => Placed::from(&settings.default_user_change_email),
        default_user_change_username => Placed::from(&settings.default_user_change_username),
        event_retention => word(settings.event_retention.authentik(), settings.event_retention.span),
        footer_links => Placed::list(links),
        gdpr_compliance => Placed::from(&settings.gdpr_compliance),
        impersonation => Placed::from(&settings.impersonation),
        default_token_duration => word(settings.default_token_duration.authentik(), settings.default_token_duration.span),
        default_token_length => Placed::from(&settings.default_token_length),
        reputation_lower_limit => Placed::from(&settings.reputation_lower_limit),
        reputation_upper_limit => Placed::from(&settings.reputation_upper_limit),
        pagination_default_page_size => Placed::from(&settings.pagination_default_page_size),
        pagination_max_page_size => Placed::from(&settings.pagination_max_page_size),
        flags => Placed::map(flags.iter().map(|name| (name.as_str(), flag(settings, name)))),
    }
}

/// A switch that the inventory has no word for stays off, as the provider would have it.
fn flag(settings: &Settings, name: &str) -> Placed {
    let flags = &settings.flags;
    let written = match name {
        "core_default_app_access" => &flags.core_default_app_access,
        "enterprise_audit_include_expanded_diff" => &flags.enterprise_audit_include_expanded_diff,
        "flows_continuous_login" => &flags.flows_continuous_login,
        "flows_refresh_others" => &flags.flows_refresh_others,
        "policies_buffered_access_view" => &flags.policies_buffered_access_view,
        _ => return Placed::from(false).following([flags.span]),
    };
    Placed::from(written)
}

/// Where authentik looks for a picture, one place after the other, without spaces.
fn chain(avatars: &Avatars) -> Derived<String> {
    let modes = avatars.then.iter().map(|mode| mode.as_str());
    let chain: Vec<&str> = ["attributes.avatar"].into_iter().chain(modes).collect();
    Derived::new(chain.join(","), places(avatars.then.iter().map(|mode| mode.span), avatars))
}

/// The types and the size that are accepted, as people read them.
struct Limits {
    types: String,
    size: String,
    from: Vec<Span>,
}

fn limits(avatars: &Avatars, last: &str) -> Limits {
    let names: Vec<&str> = avatars.types.iter().map(|one| name(one.value)).collect();
    let types = match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., one] => format!("{} {last} {one}", first.join(", ")),
    };
    let spans = avatars.types.iter().map(|one| one.span).chain([avatars.max_size.span]);
    Limits { types, size: readable(avatars.max_size.bytes()), from: places(spans, avatars) }
}

impl Limits {
    fn derive(&self, compose: impl FnOnce((&str, &str)) -> String) -> Derived<String> {
        Derived::new(compose((&self.types, &self.size)), self.from.iter().copied())
    }
}

/// `spans`, or where nobody wrote any, the place of the section.
fn places(spans: impl Iterator<Item = Span>, avatars: &Avatars) -> Vec<Span> {
    let spans: Vec<Span> = spans.collect();
    if spans.is_empty() { vec![avatars.span] } else { spans }
}

fn size(avatars: &Avatars) -> i64 {
    i64::try_from(avatars.max_size.bytes()).unwrap_or(i64::MAX)
}

/// `512 KiB`, `200 kB`: in the largest unit that leaves no fraction.
fn readable(bytes: u64) -> String {
    let units = [(1 << 20, "MiB"), (1_000_000, "MB"), (1 << 10, "KiB"), (1000, "kB")];
    match units.iter().find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} bytes"),
    }
}

fn name(image: ImageType) -> &'static str {
    match image {
        ImageType::Png => "PNG",
        ImageType::Jpeg => "JPEG",
        ImageType::Webp => "WebP",
        ImageType::Gif => "GIF",
    }
}

/// How the content of a picture begins, in hexadecimal.
fn signatures(image: ImageType) -> Placed {
    let beginnings: &[&str] = match image {
        ImageType::Png => &["89504e470d0a1a0a"],
        ImageType::Jpeg => &["ffd8ff"],
        ImageType::Webp => &["52494646"],
        ImageType::Gif => &["474946383761", "474946383961"],
    };
    Placed::list(beginnings.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_shown_in_the_largest_unit_without_a_fraction() {
        for (bytes, shown) in [
            (512 * 1024, "512 KiB"),
            (1 << 20, "1 MiB"),
            (200_000, "200 kB"),
            (2_000_000, "2 MB"),
            (1500, "1500 bytes"),
            (1, "1 bytes"),
            (1_536_000, "1500 KiB"),
            (0, "0 bytes"),
        ] {
            assert_eq!(readable(bytes), shown);
        }
    }
}
