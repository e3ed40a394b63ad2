//! Small roots of every feature, evaluated, against what OpenTofu planned for them.

use std::fs;

use crate::judge::{difference, evaluated, first_error, folder, texts};
use serde_json::Value as Json;

/// Roots that OpenTofu and the evaluation do not agree about, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("for-each-unknown", "whether an attribute is known before an apply, only the provider's schema could say"),
    ("meta-values", "a root may be run in any workspace, so its name is unknown"),
    ("time-and-random", "the time of the plan is unknown"),
    (
        "unknown-flows",
        "an attribute that is not written may be null, for all that is known without the provider's schema",
    ),
    ("variable-empty-default", "a value may be given when OpenTofu is run, and an empty one waits for it"),
    ("variable-without-value", "a value may be given when OpenTofu is run"),
];

#[test]
fn roots_are_evaluated_as_opentofu_plans_them() {
    let mut differences = Vec::new();
    let mut roots = 0;
    let mut folders: Vec<_> = fs::read_dir(folder("roots")).expect("there are roots").flatten().collect();
    folders.sort_by_key(std::fs::DirEntry::file_name);
    for entry in folders {
        let name = entry.file_name().into_string().expect("names are UTF-8");
        let recorded = fs::read_to_string(entry.path().join("recorded.json")).expect("every root is recorded");
        let recorded: Json = serde_json::from_str(&recorded).expect("what is recorded is JSON");
        let before = differences.len();
        roots += 1;
        evaluated(&texts(&entry.path()), |root, found, sources| {
            let error = first_error(found, sources);
            match (recorded.get("errors"), error) {
                (Some(_), Some(_)) => {}
                (Some(places), None) => differences.push(format!("{name}: OpenTofu refuses it at {places}")),
                (None, Some(error)) => differences.push(format!("{name}: OpenTofu takes it: {error}")),
                (None, None) => {
                    for (output, value) in recorded["outputs"].as_object().expect("outputs are recorded") {
                        let place = format!("{name}: output.{output}");
                        match root.outputs.get(output) {
                            Some(found) => difference(&place, value, found, &mut differences),
                            None => differences.push(format!("{place} is missing")),
                        }
                    }
                    let resources = recorded["resources"].as_object().expect("resources are recorded");
                    for instance in &root.instances {
                        let address = instance.address();
                        let Some(planned) = resources.get(address) else {
                            differences.push(format!("{name}: {address} is not planned"));
                            continue;
                        };
                        for argument in &instance.content.arguments {
                            let key = &argument.name.value;
                            let place = format!("{name}: {address}.{key}");
                            difference(&place, &planned[key], &argument.value, &mut differences);
                        }
                    }
                    for address in resources.keys().filter(|address| root.instance(address).is_none()) {
                        differences.push(format!("{name}: {address} is not evaluated"));
                    }
                }
            }
        });
        let known = DIFFERENT.iter().any(|(different, _)| *different == name);
        if known {
            assert!(differences.len() > before, "`{name}` agrees by now; take it out of the list");
            differences.truncate(before);
        }
    }
    assert!(roots >= 60, "there are {roots} roots");
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}
