//! Expressions, evaluated, against what OpenTofu makes of them.

use std::fs;

use crate::judge::{difference, evaluated, first_error, folder, texts};
use serde_json::Value as Json;

/// Expressions that OpenTofu and the evaluation do not agree about, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("provider::none::f(1)", "which functions a provider has, only the provider could say"),
    ("cidrhost(\"::ffff:10.0.0.0/120\", 5)", "OpenTofu counts the bits of such an address as those of IPv4"),
    ("cidrsubnet(\"10.0.0.0/16\", -1, 0)", "OpenTofu gives a network outside of this one"),
    ("cidrsubnet(\"10.0.0.0/16\", 8, -1)", "OpenTofu gives a network outside of this one"),
    ("cidrsubnet(\"10.0.0.0/16\", 8, -2)", "OpenTofu gives a network outside of this one"),
    (
        "jsondecode(\"{\\\"a\\\": 1, \\\"a\\\": [1]}\")",
        "a name that occurs twice has its last value, whatever its type",
    ),
    ("startswith(\"hello ${terraform_data.one.id}\", \"hello\")", "how an unknown text starts is not remembered"),
    ("textdecodebase64(\"aGk=\", \"nope\")", "the register of encodings is not kept here"),
    ("textencodebase64(\"hi\", \"nope\")", "the register of encodings is not kept here"),
    ("textencodebase64(\"a\", \"UTF-32\")", "the register of encodings is not kept here"),
    ("textencodebase64(\"あ\", \"ISO-2022-JP\")", "an encoding whose table here has other escapes"),
    ("textencodebase64(\"a\", \"IBM437\")", "an encoding that has no table here"),
    ("terraform_data.each", "a resource as a whole is unknown without the provider's schema"),
    ("terraform_data.one == null", "a resource as a whole is unknown without the provider's schema"),
    ("terraform_data.one.id == null", "an attribute may be null, for all that is known without the provider's schema"),
    ("try(terraform_data.one.id.x, \"x\")", "an attribute may be an object, for all that is known without the schema"),
];

#[test]
fn expressions_are_evaluated_as_opentofu_does() {
    let recorded = fs::read_to_string(folder("expressions").join("recorded.json")).expect("they are recorded");
    let recorded: Json = serde_json::from_str(&recorded).expect("what is recorded is JSON");
    let recorded = recorded.as_object().expect("it is an object by expression");
    let base = texts(&folder("expressions").join("root"));
    let mut differences = Vec::new();
    for (expression, said) in recorded {
        let mut root = base.clone();
        root.push((
            "case.tf".to_owned(),
            format!("output \"case\" {{\n  sensitive = true\n  value = {expression}\n}}\n"),
        ));
        evaluated(&root, |root, found, sources| match (said.get("value"), first_error(found, sources)) {
            (None, Some(_)) => {}
            (None, None) => {
                let made = crate::judge::json(&root.outputs["case"]);
                differences.push(format!("{expression}: OpenTofu refuses it, and the evaluation says {made}"));
            }
            (Some(value), Some(error)) => differences.push(format!("{expression}: OpenTofu says {value}: {error}")),
            (Some(value), None) => difference(expression, value, &root.outputs["case"], &mut differences),
        });
    }
    for (expression, _) in DIFFERENT {
        let before = differences.len();
        differences.retain(|difference| !difference.starts_with(&format!("{expression}: ")));
        assert!(differences.len() < before, "`{expression}` agrees by now; take it out of the list");
    }
    assert!(recorded.len() >= 3_000, "there are {} expressions", recorded.len());
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// What follows each call of the function in a case.
fn calls<'t>(case: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    case.match_indices(name).filter_map(move |(at, _)| {
        let starts = !case[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':');
        case[at + name.len()..].strip_prefix('(').filter(|_| starts)
    })
}

#[test]
fn every_function_of_opentofu_has_three_cases_and_a_row_on_the_page() {
    let read = |name: &str| fs::read_to_string(folder("expressions").join(name)).expect("the file is there");
    let (names, cases, page) = (read("functions.txt"), read("cases.txt"), resolve_tofu::functions_page());
    let cases: Vec<&str> = cases.lines().filter(|line| !line.starts_with('#')).collect();
    let few: Vec<&str> = names
        .lines()
        .filter(|name| cases.iter().filter(|case| calls(case, name).next().is_some()).count() < 3)
        .collect();
    assert!(few.is_empty(), "fewer than three cases call {few:?}");
    let rows: Vec<&str> = page.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0)).collect();
    assert_eq!(rows, names.lines().collect::<Vec<_>>());
}
