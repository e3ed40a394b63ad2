//! `labtree list apps`: the apps of the lab.

use inventory::Allow;
use lab::{Lab, Protocol};
use serde_json::json;

use crate::Outcome;
use crate::args::{Format, ListApps};
use crate::disk::Disk;
use crate::failure::Failure;
use crate::input::Input;
use crate::terminal::Terminal;

/// Lists the apps of the lab on `disk`, by name.
///
/// # Errors
/// The lab cannot be read.
pub(crate) fn run(disk: &impl Disk, arguments: &ListApps, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let mut input = Input::read(disk)?;
    let Some(inventory) = input.inventory.as_ref() else {
        input.report(terminal);
        return Ok(Outcome::Findings);
    };
    let lab = Lab::of(inventory, &input.catalog, &mut Vec::new());
    let apps = lab.apps.iter().map(|app| {
        let groups = match &app.entry.allow {
            Allow::Everyone(_) => None,
            Allow::Groups(groups) => Some(groups.value.iter().map(|group| group.to_string()).collect::<Vec<_>>()),
        };
        let protocol = match app.protocol {
            Protocol::Oidc(_) => "oidc",
            Protocol::Ldap(_) => "ldap",
        };
        (app, protocol, groups)
    });
    match arguments.format {
        Format::Json => {
            let apps: Vec<_> = apps
                .map(|(app, protocol, groups)| {
                    json!({
                        "name": app.slug.as_str(),
                        "protocol": protocol,
                        "url": app.entry.url.as_str(),
                        "namespace": app.entry.namespace.as_ref().map(|namespace| namespace.as_str()),
                        "category": app.entry.category.as_ref().map(|category| category.as_str()),
                        "everyone": groups.is_none(),
                        "groups": groups.unwrap_or_default(),
                        "catalog": app.entry.catalog.as_ref().map(|catalog| catalog.as_str()),
                        "formerly": app.former.iter().map(|former| former.as_str()).collect::<Vec<_>>(),
                    })
                })
                .collect();
            terminal.print(json!({ "version": 1, "apps": apps }).to_string());
        }
        Format::Text => {
            let rows: Vec<_> = apps
                .map(|(app, protocol, groups)| {
                    let namespace = app.entry.namespace.as_ref().map_or("-", |namespace| namespace.as_str());
                    let groups = groups.map_or(String::from("everyone"), |groups| groups.join(", "));
                    let catalog = app.entry.catalog.as_ref().map_or("-", |catalog| catalog.as_str());
                    [app.slug.as_str(), protocol, app.entry.url.as_str(), namespace, &groups, catalog].map(String::from)
                })
                .collect();
            terminal.table(["name", "protocol", "url", "namespace", "groups", "catalog"], &rows);
        }
    }
    Ok(Outcome::Clean)
}
