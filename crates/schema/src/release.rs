//! One release of a provider.

use crate::Version;
use crate::provider::{Attribute, Kind, Mode, Provider};

/// One release of a provider, and what its types are like in it.
#[derive(Clone, Copy, Debug)]
pub struct Release<'p> {
    provider: &'p Provider,
    version: &'p Version,
}

impl<'p> Release<'p> {
    pub(crate) fn new(provider: &'p Provider, version: &'p Version) -> Self {
        Self { provider, version }
    }

    /// Its version.
    pub fn version(self) -> &'p Version {
        self.version
    }

    /// Whether the resource type `resource` has `attribute` to write: `release.has("authentik_group", "parents")`.
    pub fn has(self, resource: &str, attribute: &str) -> bool {
        self.attribute(Kind::Resource, resource, attribute).is_some_and(|found| found.mode != Mode::Computed)
    }

    /// Whether there is a type of that kind and name.
    pub fn has_type(self, kind: Kind, name: &str) -> bool {
        self.provider.type_named(kind, name).is_some_and(|found| self.within(found.from.as_ref(), found.to.as_ref()))
    }

    /// What `attribute` of a type is like; `None` if there is none.
    pub fn attribute(self, kind: Kind, name: &str, attribute: &str) -> Option<&'p Attribute> {
        let of = self.provider.type_named(kind, name)?;
        if !self.within(of.from.as_ref(), of.to.as_ref()) {
            return None;
        }
        let stretches = of.attribute(attribute);
        stretches.iter().find(|stretch| self.within(stretch.from.as_ref(), stretch.to.as_ref()))
    }

    /// All attributes of a type, by name; none if there is no such type.
    pub fn attributes(self, kind: Kind, name: &str) -> impl Iterator<Item = (&'p str, &'p Attribute)> {
        let names = self.provider.type_named(kind, name).into_iter().flat_map(|found| found.attributes());
        let name = name.to_owned();
        names.filter_map(move |(attribute, _)| Some((attribute, self.attribute(kind, &name, attribute)?)))
    }

    /// The switches that `authentik_system_settings.flags` must hold, all of them, by name.
    pub fn system_flags(self) -> Vec<String> {
        let flags = self.attribute(Kind::Resource, "authentik_system_settings", "flags");
        let default = flags.and_then(|flags| flags.default.as_deref()).unwrap_or("{}");
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(default).expect("the flags default to an object");
        let mut names: Vec<String> = object.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names
    }

    fn within(self, from: Option<&Version>, to: Option<&Version>) -> bool {
        from.is_none_or(|from| from <= self.version) && to.is_none_or(|to| self.version <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str) -> Release<'static> {
        let version = version.parse().expect("a version");
        Provider::authentik().release(&version).expect("a release")
    }

    #[test]
    fn an_argument_exists_from_the_release_that_brought_it() {
        assert!(!release("2026.2.1").has("authentik_provider_oauth2", "grant_types"));
        assert!(release("2026.5.0").has("authentik_provider_oauth2", "grant_types"));
        assert!(release("2025.10.1").has("authentik_group", "parent"));
        assert!(!release("2025.12.0").has("authentik_group", "parent"));
    }

    #[test]
    fn what_is_only_read_is_no_argument() {
        let release = release("2026.5.0");
        assert!(!release.has("authentik_flow", "uuid"));
        assert_eq!(
            release.attribute(Kind::Resource, "authentik_flow", "uuid").map(|found| found.mode),
            Some(Mode::Computed)
        );
        assert!(!release.has("authentik_user", "colour"));
        assert!(!release.has("authentik_colour", "name"));
    }

    #[test]
    fn a_type_exists_from_the_release_that_brought_it() {
        assert!(!release("2025.10.0").has_type(Kind::DataSource, "authentik_outpost"));
        assert!(release("2025.10.1").has_type(Kind::DataSource, "authentik_outpost"));
    }

    #[test]
    fn the_values_and_the_default_are_those_of_the_release() {
        let user_type = |version| {
            let found = release(version).attribute(Kind::Resource, "authentik_stage_user_write", "user_type");
            found.map(|found| (found.values.join(" "), found.default.clone().unwrap_or_default()))
        };
        assert_eq!(
            user_type("2026.5.0"),
            Some(("internal external service_account".to_owned(), "external".to_owned()))
        );
    }

    #[test]
    fn each_release_has_its_own_switches() {
        assert_eq!(release("2025.10.1").system_flags(), ["policies_buffered_access_view"]);
        assert_eq!(release("2025.12.1").system_flags(), ["flows_refresh_others", "policies_buffered_access_view"]);
        assert_eq!(
            release("2026.2.1").system_flags(),
            ["enterprise_audit_include_expanded_diff", "flows_refresh_others", "policies_buffered_access_view"]
        );
        assert_eq!(
            release("2026.5.0").system_flags(),
            [
                "core_default_app_access",
                "enterprise_audit_include_expanded_diff",
                "flows_continuous_login",
                "flows_refresh_others"
            ]
        );
    }
}
