//! The names that apps had before: each belongs to one app, or OpenTofu could not tell what to move.

use std::collections::HashMap;

use diagnostic::{Diagnostic, Span};

use crate::read::Reader;
use crate::{Inventory, rules};

pub(super) fn check(inventory: &Inventory, reader: &mut Reader) {
    if inventory.apps.iter().all(|app| app.value.formerly.is_empty()) {
        return;
    }
    let mut taken: HashMap<&str, (Span, String)> = HashMap::new();
    for app in &inventory.apps {
        taken.insert(app.name.as_str(), (app.name.span, String::from("which is an app")));
    }
    for app in &inventory.apps {
        let name = app.name.as_str();
        for former in &app.value.formerly {
            if let Some((span, what)) = taken.get(former.as_str()) {
                let message = format!("`{name}` was called `{}` before, {what}", former.as_str());
                let finding = Diagnostic::error(rules::FORMER_NAME_IN_USE, former.span, message);
                let help = "delete it here if every root was applied since the app was renamed";
                reader.report(finding.related(*span, "the name is used here too").help(help));
            } else {
                taken.insert(former.as_str(), (former.span, format!("and so was `{name}`")));
            }
        }
    }
}
