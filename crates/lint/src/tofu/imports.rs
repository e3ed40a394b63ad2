//! What was there before OpenTofu knew it.

use resolve_tofu::{Instance, address};

use super::Root;

impl Root<'_> {
    /// Whether `instance` was on the server before, so that what belongs to it there, such as the stages of a flow,
    /// may be more than the root declares: it is imported, or has a slug that authentik's own blueprints give.
    pub fn was_there_before(&self, instance: &Instance<'_>) -> bool {
        let slug = instance.known_string("slug");
        slug.is_some_and(|slug| slug.value.starts_with("default-")) || self.is_imported(instance)
    }

    fn is_imported(&self, instance: &Instance<'_>) -> bool {
        let name = instance.resource.resource_name();
        self.resolved.module.imports.iter().filter_map(|import| address(&import.to)).any(|to| {
            let is_in_root = to.modules.is_empty() == instance.module_address.is_empty();
            is_in_root && to.resource.is_some_and(|(resource, _)| resource == name)
        })
    }
}
