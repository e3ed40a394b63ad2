//! The example lab at each release that it renders for: every argument exists there, none that is required is
//! missing, and literals fit.

use hcl_edit::structure::Block;
use schema::{Attribute, Kind, Mode, Provider, Release};

use crate::support::{EXAMPLE, Hcl, Literal, example_at, literal, render};

/// Arguments of OpenTofu itself.
const META: [&str; 3] = ["for_each", "count", "depends_on"];

#[test]
fn every_argument_exists_at_the_release_that_is_pinned() {
    for release in ["2025.10.0", "2025.10.1", "2025.12.0", "2025.12.1", "2026.2.0", "2026.2.1", "2026.5.0"] {
        check(&example_at(release), release);
    }
}

#[test]
fn nested_groups_and_everyone_fit_every_release_too() {
    for release in ["2025.10.1", "2025.12.1", "2026.2.1", "2026.5.0"] {
        let inventory = example_at(release)
            .replace("  friends:\n    invite: true\n", "  friends:\n    parents: [family]\n")
            .replace("allow: [family, friends]", "allow: everyone");
        check(&inventory, release);
    }
}

#[test]
fn a_constraint_is_rendered_for_the_newest_release_that_it_allows() {
    for (constraint, like) in
        [("~> 2026.5.0", "2026.5.0"), ("~> 2026.2.0", "2026.2.1"), (">= 2025.10.0, < 2026", "2025.12.1")]
    {
        let text = |inventory: &str| {
            let tree = render(inventory);
            crate::support::text(&tree, &crate::support::root("avatars.tf")).to_owned()
        };
        assert_eq!(text(&example_at(constraint)), text(&example_at(like)), "{constraint}");
    }
    assert!(EXAMPLE.contains("~> 2026.5.0"));
}

#[track_caller]
fn check(inventory: &str, release: &str) {
    let version = release.parse().expect("a version");
    let known = Provider::authentik().release(&version).expect("a release");
    let tree = render(inventory);
    let mut seen = 0;
    for (path, _) in tree.iter().filter(|(path, _)| path.extension() == Some("tf")) {
        let hcl = Hcl::of(&tree, path.as_str());
        for block in hcl.blocks() {
            let kind = match block.ident.as_str() {
                "resource" => Kind::Resource,
                "data" => Kind::DataSource,
                _ => continue,
            };
            if block.labels[0].as_str().starts_with("authentik_") {
                check_block(known, kind, block, &format!("{path} at {release}"));
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen} blocks at {release}");
}

fn check_block(release: Release<'_>, kind: Kind, block: &Block, place: &str) {
    let (name, label) = (block.labels[0].as_str(), block.labels[1].as_str());
    assert!(release.has_type(kind, name), "{place}: there is no {name}");
    for argument in block.body.attributes().filter(|argument| !META.contains(&argument.key.as_str())) {
        let key = argument.key.as_str();
        let attribute = release.attribute(kind, name, key);
        let attribute = attribute.unwrap_or_else(|| panic!("{place}: {name}.{label} has no {key}"));
        assert_ne!(attribute.mode, Mode::Computed, "{place}: {name}.{label}.{key} is only read");
        assert!(!attribute.deprecated, "{place}: {name}.{label}.{key} is deprecated");
        fits(&literal(&argument.value), attribute, &format!("{place}: {name}.{label}.{key}"));
    }
    for (key, attribute) in release.attributes(kind, name).filter(|(_, attribute)| attribute.mode == Mode::Required) {
        assert!(block.body.has_attribute(key), "{place}: {name}.{label} lacks {key} ({})", attribute.type_expression);
    }
}

fn fits(value: &Literal, attribute: &Attribute, place: &str) {
    let expression = attribute.type_expression.as_str();
    let right = match value {
        Literal::Null | Literal::Computed => true,
        Literal::Bool(_) => expression == "bool",
        Literal::Number(_) => expression == "number",
        Literal::Text(text) => {
            assert!(attribute.values.is_empty() || attribute.values.contains(text), "{place}: `{text}` is not allowed");
            expression == "string"
        }
        Literal::List(items) => {
            let texts = items.iter().all(|item| matches!(item, Literal::Text(_) | Literal::Computed));
            expression == "list(map(string))" || expression == "list(string)" && texts || expression == "list(number)"
        }
        Literal::Map(_) => expression.starts_with("map("),
    };
    assert!(right, "{place}: {value:?} is no {expression}");
}
