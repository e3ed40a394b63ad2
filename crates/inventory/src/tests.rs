//! What the whole crate does with whole inventories.

mod apps;
mod bytes;
mod files;
mod flux;
mod groups;
mod identity;
mod keys;
mod kinds;
mod marks;
mod pages;
mod references;
mod rules;
mod secrets;
mod texts;
mod values;

use diagnostic::Sources;

use crate::{Allow, EXAMPLE, Inventory, InventoryFile, parse};

fn read(text: &str) -> (Sources, Vec<diagnostic::Diagnostic>, Option<Inventory>) {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let files = [InventoryFile { path: String::from("inventory.yaml"), bytes: text.as_bytes().to_vec() }];
    let inventory = parse(&mut sources, &files, &mut found);
    (sources, found, inventory)
}

#[test]
fn a_complete_inventory_is_read() {
    let (sources, found, inventory) = read(EXAMPLE);
    assert_eq!(found, []);
    let inventory = inventory.expect("the example has no fault");
    let grafana = inventory.app("grafana").expect("the example has the app");
    assert_eq!(sources.slice(grafana.value.url.span), "https://grafana.hdhomelab.com");
    assert!(matches!(&grafana.value.allow, Allow::Groups(groups) if groups[1].as_str() == "family"));
    assert_eq!(inventory.identity.settings.event_retention.authentik(), "days=365");
    assert_eq!(sources.slice(inventory.identity.settings.impersonation.span), "settings");
    assert_eq!(sources.slice(inventory.apps[2].value.ldap.as_ref().expect("it has LDAP").span), "ldap");
    assert!(inventory.group("family").is_some());
}

#[test]
fn the_fixture_has_no_fault() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/hdhomelab/inventory.yaml");
    let (_, found, inventory) = read(&std::fs::read_to_string(path).expect("the fixture is there"));
    assert_eq!(found, []);
    assert!(inventory.is_some());
}

#[test]
fn what_nobody_wrote_has_the_place_of_the_nearest_key() {
    let text = "apps:\n  jellyfin:\n    ldap:\n";
    let inventory = marks::check(&format!("{text}    url: https://jellyfin.example.org\n    allow: everyone\n"));
    let inventory = inventory.expect("it has no fault");
    let app = &inventory.apps[0].value;
    let ldap = app.ldap.as_ref().expect("it is written");
    let place = |span: diagnostic::Span| &text[span.range()];
    assert_eq!((place(app.span), place(app.smtp.span)), ("jellyfin", "jellyfin"));
    assert_eq!((place(ldap.span), place(ldap.bind_mode.span)), ("ldap", "ldap"));
}
