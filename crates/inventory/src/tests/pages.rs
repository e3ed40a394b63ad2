//! The schema and the reference page: true to the types, and written to the repository.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use syntax::yaml::{Content, Node, Plain};

use crate::keys::Record;
use crate::shape::{Shape, TextInfo};
use crate::{EXAMPLE, Inventory, json_schema, reference, schema_text};

const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[track_caller]
fn is_committed(path: &str, text: &str) {
    let committed = std::fs::read_to_string(format!("{TOP}/{path}")).unwrap_or_default();
    assert!(committed == text, "{path} differs from crates/inventory; run `cargo xtask docs`");
}

#[test]
fn the_schema_is_written_as_the_types_say() {
    is_committed("schemas/inventory.schema.json", &schema_text());
}

#[test]
fn the_reference_page_is_written_as_the_types_say() {
    is_committed("docs/inventory.md", &reference());
}

/// The document as an editor hands it to a validator: plain scalars as YAML 1.2 reads them.
fn json(node: &Node) -> Json {
    match &node.content {
        Content::Scalar(scalar) => match scalar.plain() {
            Plain::Null => Json::Null,
            Plain::Bool(value) => Json::from(value),
            Plain::Int(value) => Json::from(value as i64),
            Plain::Float(value) => Json::from(value),
            _ => Json::from(scalar.text.as_str()),
        },
        Content::Sequence(items) => items.iter().map(json).collect(),
        Content::Mapping(pairs) => {
            let key = |node: &Node| node.scalar().map(|scalar| scalar.text.clone()).unwrap_or_default();
            Json::Object(pairs.iter().map(|pair| (key(&pair.key), json(&pair.value))).collect())
        }
    }
}

fn faults(text: &str) -> Vec<String> {
    let validator = jsonschema::draft7::new(&json_schema()).expect("the schema is draft-07");
    let document = syntax::yaml::parse(diagnostic::FileId(0), text).expect("it is YAML");
    let document = json(&document.root);
    validator.iter_errors(&document).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

// covers: schemas/inventory.schema.json
#[test]
fn the_schema_accepts_what_is_accepted() {
    let written = format!("{TOP}/fixtures/hdhomelab/schemas/inventory.schema.json");
    let written = std::fs::read_to_string(written).expect("the fixture is there");
    assert_eq!(written, crate::schema_text());
    assert_eq!(faults(EXAMPLE), Vec::<String>::new());
    let numbers = EXAMPLE
        .replace("name: Alex", "name: 2026.5")
        .replace("chart: grafana", "chart: 7")
        .replace("ldap:\n      base_dn: ou=jellyfin,dc=ldap,dc=hdhomelab,dc=com\n      bind_mode: direct\n      search_mode: direct", "ldap:");
    assert_ne!(numbers, EXAMPLE);
    assert_eq!(faults(&numbers), Vec::<String>::new());
    let fixture =
        std::fs::read_to_string(format!("{TOP}/fixtures/hdhomelab/inventory.yaml")).expect("the fixture is there");
    assert_eq!(faults(&fixture), Vec::<String>::new());
}

#[test]
fn the_schema_refuses_what_is_refused() {
    for (good, bad) in [
        ("lab:\n", "labb:\n"),
        ("namespace: infra\n", "namespace: In fra\n"),
        ("port: 587", "port: 70000"),
        ("secrets: external-secrets", "secrets: eso"),
        ("allow: everyone", "allow: anyone"),
        ("allow: [media]", "allow: []"),
        ("tls: { secret: auth-tls }", "tls: {}"),
        ("    url: https://photos.hdhomelab.com\n", ""),
        ("clusters: [home]\n  source", "clusters: []\n  source"),
        ("  grafana:\n", "  token:\n"),
        ("- /auth/login\n", "- javascript:alert(1)\n"),
    ] {
        let text = EXAMPLE.replacen(good, bad, 1);
        assert_ne!(text, EXAMPLE, "{good}");
        assert!(!faults(&text).is_empty(), "{bad}");
    }
}

/// Every shape of the inventory, with the path it stands at.
fn shapes(shape: Shape, path: String, found: &mut Vec<(String, Shape)>) {
    match &shape {
        Shape::Record(info) => {
            for field in info.fields {
                shapes((field.shape)(), format!("{path}.{}", field.key), found);
            }
        }
        Shape::List { item, .. } | Shape::WordOrList { item, .. } => shapes((**item).clone(), path.clone(), found),
        Shape::Entries { key, value } => {
            shapes((**key).clone(), format!("{path}.<key>"), found);
            shapes((**value).clone(), format!("{path}.<name>"), found);
        }
        _ => {}
    }
    found.push((path, shape));
}

fn all_shapes() -> Vec<(String, Shape)> {
    let mut found = Vec::new();
    shapes(Shape::Record(Inventory::info()), String::new(), &mut found);
    found
}

fn texts() -> Vec<&'static TextInfo> {
    all_shapes()
        .into_iter()
        .filter_map(|(_, shape)| if let Shape::Text(info) = shape { Some(info) } else { None })
        .collect()
}

#[test]
fn every_example_of_a_text_is_one() {
    for info in texts() {
        for example in info.examples {
            assert!((info.accepts)(example), "{}: {example}", info.name);
        }
    }
}

#[test]
fn a_pattern_is_never_stricter_than_its_text() {
    let samples = [
        "",
        " ",
        "a",
        "A",
        "a-b",
        "a_b",
        "a.b",
        "a b",
        "a,b",
        "a/b",
        "/a",
        "a/",
        "//a",
        "1",
        "1a",
        "-a",
        "a-",
        "${A}",
        "\"q\"",
        "ä",
        "中文",
        "token",
        "avatar",
        "settings",
        "x:y",
        ":x",
        "ok:x",
        "everyone",
        "a@b",
        "a@b.c",
        "A <a@b.c>",
        "<a@b.c>",
        "https://a.b",
        "HTTPS://A.b:1/c?d#e",
        "https://[::1]:8080/",
        "http://a/b%20c",
        "oci://a.b/c",
        "app.x:///y",
        "urn:a:b",
        "::1",
        "FE80::1",
        "10.0.0.1",
        "dc=a",
        "DC=a,ou=b c",
        "o=a b,c=d",
        "1.2.3",
        "v1.2.3-rc.1+b",
        "1.2",
        "~> 1.2.0",
        ">=1.7,<2",
        " >= 1.7 , != 1.8.0-beta+x ",
        "= v1",
        "30m",
        "1h30m",
        "Hours=1;minutes=2",
        "512KiB",
        "7",
        "100GB",
        "users/family",
        "a\nb",
        "return 1\n",
        "\u{202e}",
        "a\u{a0}b",
        "  a",
        "a'b",
        "(a|b)",
        "^https://a\\.b/.*$",
    ];
    for info in texts() {
        let pattern =
            jsonschema::draft7::new(&serde_json::json!({ "pattern": info.pattern })).expect("the pattern is one");
        for sample in samples.iter().chain(info.examples) {
            if (info.accepts)(sample) {
                assert!(pattern.is_valid(&Json::from(*sample)), "{} takes {sample:?}, its pattern does not", info.name);
            }
        }
    }
}

#[test]
fn every_key_stands_in_the_example_but_those_that_exclude_others() {
    let root = syntax::yaml::parse(diagnostic::FileId(0), EXAMPLE).expect("the example is YAML").root;
    let mut written = BTreeSet::new();
    fn walk(node: &Node, path: &str, written: &mut BTreeSet<String>) {
        match &node.content {
            Content::Mapping(pairs) => {
                for pair in pairs {
                    let key = pair.key.scalar().map(|scalar| scalar.text.clone()).unwrap_or_default();
                    let entry = ["", ".groups", ".users", ".apps"].iter().skip(1).any(|section| *section == path)
                        || path.ends_with(".library")
                        || path.ends_with(".roles")
                        || path.ends_with(".scopes");
                    let path = format!("{path}.{}", if entry { "<name>" } else { &key });
                    written.insert(path.clone());
                    walk(&pair.value, &path, written);
                }
            }
            Content::Sequence(items) => items.iter().for_each(|item| walk(item, path, written)),
            Content::Scalar(_) => {}
        }
    }
    walk(&root, "", &mut written);
    let keys =
        all_shapes().into_iter().map(|(path, _)| path).filter(|path| !path.ends_with("<key>") && !path.is_empty());
    let missing: BTreeSet<_> = keys.filter(|path| !written.contains(path)).collect();
    let settings = |path: &&String| !path.starts_with(".identity.settings.");
    let missing: Vec<_> = missing.iter().filter(settings).collect();
    assert_eq!(missing, [".flux.store.auth.mounts.<name>", ".flux.store.namespace", ".identity.ingress.tls.issuer"]);
}

#[test]
fn every_link_of_the_reference_page_has_its_heading() {
    let page = reference();
    let headings: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| line.trim_start_matches('#').trim().to_lowercase())
        .map(|heading| heading.chars().filter(|next| next.is_alphanumeric() || matches!(next, '-' | '_')).collect())
        .collect();
    for (at, _) in page.match_indices("](#") {
        let link = page[at + 3..].split(')').next().unwrap_or_default();
        assert!(headings.contains(link), "{link}");
    }
}
