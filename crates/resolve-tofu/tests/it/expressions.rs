//! Expressions, evaluated, against what OpenTofu makes of them.

use std::fs;

use crate::judge::{difference, evaluated, first_error, folder, texts};
use serde_json::Value as Json;

/// Expressions that OpenTofu and the evaluation do not agree about, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("provider::none::f(1)", "which functions a provider has, only the provider could say"),
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
    assert!(recorded.len() >= 400, "there are {} expressions", recorded.len());
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}
