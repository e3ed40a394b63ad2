//! What is found while OpenTofu's modules are read and evaluated: one small root for each id.

use std::collections::{BTreeMap, BTreeSet};

use fixture::Fixture;

use super::judge;

/// The id, the text that it is found at, and the root.
const CASES: &[(&str, &str, &str)] = &[
    ("ambiguous-repetition", "for_each", "resource \"terraform_data\" \"a\" {\n  count    = 1\n  for_each = {}\n}\n"),
    ("duplicate-argument", "a", "locals {\n  a = 1\n  a = 2\n}\n"),
    ("duplicate-declaration", "variable \"a\"", "variable \"a\" {}\nvariable \"a\" {}\n"),
    (
        "failed-condition",
        "1 == 2",
        "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    precondition {\n      condition     = 1 == 2\n      error_message = \"No.\"\n    }\n  }\n}\n",
    ),
    (
        "failed-validation",
        "\"b\"",
        "variable \"a\" {\n  default = \"b\"\n  validation {\n    condition     = var.a == \"a\"\n    error_message = \"No.\"\n  }\n}\n",
    ),
    ("import-target", "terraform_data.a", "import {\n  to = terraform_data.a\n  id = \"a\"\n}\n"),
    ("invalid-argument", "\"yes\"", "variable \"a\" {\n  sensitive = \"yes\"\n}\n"),
    (
        "invalid-argument",
        "\"terraform_data.b\"",
        "resource \"terraform_data\" \"a\" { depends_on = [\"terraform_data.b\"] }\nresource \"terraform_data\" \"b\" {}\n",
    ),
    (
        "invalid-argument",
        "\"a.b\"",
        "provider \"a\" { alias = \"b\" }\nresource \"a_a\" \"a\" { provider = \"a.b\" }\n",
    ),
    ("invalid-argument", "local", "terraform {\n  provider_meta \"a\" {\n    b = local.c\n  }\n}\nlocals { c = 1 }\n"),
    (
        "import-target",
        "a_a.a",
        "resource \"a_a\" \"a\" {}\nimport {\n  to = a_a.a\n  id = \"1\"\n}\nimport {\n  to = a_a.a\n  id = \"2\"\n}\n",
    ),
    (
        "import-target",
        "a",
        "provider \"a\" {}\nresource \"a_a\" \"a\" {}\nimport {\n  provider = a\n  to       = a_a.a\n  id       = \"1\"\n}\n",
    ),
    ("invalid-count", "\"many\"", "resource \"terraform_data\" \"a\" {\n  count = \"many\"\n}\n"),
    ("invalid-expression", "1 + \"a\"", "output \"a\" { value = 1 + \"a\" }\n"),
    (
        "invalid-expression",
        "\"bb\"",
        "locals {\n  a = { b = 1 }\n  c = \"bb\"\n}\noutput \"a\" { value = local.a[local.c] }\n",
    ),
    ("invalid-for-each", "[\"a\"]", "resource \"terraform_data\" \"a\" {\n  for_each = [\"a\"]\n}\n"),
    ("invalid-module-source", "\"modules/a\"", "module \"a\" { source = \"modules/a\" }\n"),
    ("invalid-name", "\"1a\"", "variable \"1a\" {}\n"),
    ("invalid-type", "strng", "variable \"a\" { type = strng }\n"),
    ("invalid-variable-value", "\"a\"", "variable \"a\" {\n  type    = number\n  default = \"a\"\n}\n"),
    ("misplaced-argument", "locals", "locals = {}\n"),
    ("missing-argument", "output \"a\"", "output \"a\" {}\n"),
    ("missing-file", "\"a.py\"", "output \"a\" { value = file(\"a.py\") }\n"),
    ("missing-module", "\"./a\"", "module \"a\" { source = \"./a\" }\n"),
    ("moved-target", "moved", "moved {\n  from = terraform_data.a\n  to   = terraform_data.a\n}\n"),
    ("reference-cycle", "local.a", "locals {\n  a = local.b\n  b = local.a\n}\n"),
    (
        "removed-target",
        "terraform_data.a",
        "resource \"terraform_data\" \"a\" {}\nremoved {\n  from = terraform_data.a\n}\n",
    ),
    ("undeclared-module", "module.a", "output \"a\" { value = module.a.b }\n"),
    ("undeclared-name", "local.a", "output \"a\" { value = local.a }\n"),
    ("undeclared-provider", "terraform.a", "resource \"terraform_data\" \"a\" { provider = terraform.a }\n"),
    ("undeclared-resource", "terraform_data.a", "output \"a\" { value = terraform_data.a.id }\n"),
    ("unknown-argument", "defalt", "variable \"a\" { defalt = 1 }\n"),
    ("unknown-block", "variabel \"a\"", "variabel \"a\" {}\n"),
    ("unknown-function", "uper", "output \"a\" { value = uper(\"a\") }\n"),
    ("unused-local", "a", "locals { a = 1 }\n"),
    ("unused-variable", "variable \"a\"", "variable \"a\" {}\nprovider \"a\" {}\n"),
    ("wrong-labels", "variable", "variable {}\n"),
];

/// Those that take more than one file.
const FILES: &[(&str, &str, &str)] = &[
    ("invalid-json", "", "#- main.tf.json\n{ \"locals\": [\n"),
    ("invalid-override", "variable \"a\"", "#- main.tf\n#- a_override.tf\nvariable \"a\" {}\n"),
    ("missing-block", "check \"a\"", "#- main.tf\ncheck \"a\" {}\n"),
    (
        "missing-module-input",
        "module \"a\"",
        "#- main.tf\nmodule \"a\" { source = \"./a\" }\n#- a/main.tf\nvariable \"b\" { type = string }\noutput \"b\" { value = var.b }\n",
    ),
    (
        "module-cycle",
        "\"../\"",
        "#- main.tf\nmodule \"a\" { source = \"./a\" }\n#- a/main.tf\nmodule \"b\" { source = \"../\" }\n",
    ),
    (
        "undeclared-module-input",
        "b",
        "#- main.tf\nmodule \"a\" {\n  source = \"./a\"\n  b      = 1\n}\n#- a/main.tf\nlocals {}\n",
    ),
    (
        "undeclared-module-output",
        "b",
        "#- main.tf\nmodule \"a\" { source = \"./a\" }\noutput \"b\" { value = module.a.b }\n#- a/main.tf\nlocals {}\n",
    ),
    ("undeclared-variable-value", "a", "#- main.tf\nlocals {}\n#- terraform.tfvars\na = 1\n"),
];

#[test]
fn every_id_of_the_resolution_is_found_at_its_place() {
    let mut faults = Vec::new();
    let cases = CASES.iter().map(|(id, at, text)| (*id, *at, format!("#- main.tf\n{text}")));
    let cases: Vec<_> = cases.chain(FILES.iter().map(|(id, at, text)| (*id, *at, (*text).to_owned()))).collect();
    for (id, at, text) in &cases {
        let (sources, found) = judge(&Fixture::parse(text), &BTreeMap::new());
        let places: Vec<_> =
            found.iter().filter(|one| one.rule == *id).map(|one| sources.slice(one.primary.span)).collect();
        if !places.iter().any(|place| place == at) {
            let found: Vec<_> =
                found.iter().map(|one| (one.rule, sources.slice(one.primary.span), &one.message)).collect();
            faults.push(format!("{id} at `{at}`: {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let tried: BTreeSet<_> = cases.iter().map(|(id, ..)| *id).collect();
    let known: BTreeSet<_> = resolve_tofu::RULES.iter().map(|(id, _)| *id).collect();
    assert_eq!(tried, known);
}
