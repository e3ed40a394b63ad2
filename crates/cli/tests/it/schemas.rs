//! `labtree schema`: what is imported, and what `check` makes of it.

use std::io::Write as _;
use std::process::Stdio;

use crate::lab::Lab;

const DEFINITION: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: backups.example.org
spec:
  group: example.org
  scope: Namespaced
  names: { kind: Backup, plural: backups }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [schedule]
              properties:
                schedule: { type: string }
";

const PROVIDERS: &str = r#"{"format_version":"1.0","provider_schemas":{
"registry.opentofu.org/example/rack":{"resource_schemas":{"rack_server":{"version":0,"block":{"attributes":{
"name":{"type":"string","required":true},"address":{"type":"string","computed":true}}}}}},
"registry.opentofu.org/goauthentik/authentik":{"resource_schemas":{}}}}"#;

const LOCK: &str = "provider \"registry.opentofu.org/example/rack\" {\n  version = \"1.2.0\"\n}\n";

/// Imports `text` from standard input, in `folder`.
fn import(lab: &Lab, folder: &str, text: &str) -> String {
    let mut command = lab.command(&["schema", "import", "-"]);
    command.current_dir(lab.root().join(folder)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap()
}

/// A cluster that runs a kind of its own.
fn cluster() -> Lab {
    let lab = Lab::empty();
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    lab.write("labtree.toml", "[flux]\nroots = [\"clusters/home\"]\n");
    lab.write(
        "clusters/home/backup.yaml",
        "apiVersion: example.org/v1\nkind: Backup\nmetadata:\n  name: daily\n  namespace: backup\nspec: {}\n",
    );
    lab
}

#[test]
fn a_kind_of_one_s_own_cluster_is_judged_once_it_is_imported() {
    let lab = cluster();
    lab.run(&["check"]).ended(0);
    insta::assert_snapshot!(import(&lab, "clusters", DEFINITION), @"
          wrote  schemas/kinds/example.org.json
    `labtree check` judges by them from now on; commit them
    ");
    let text = lab.read("schemas/kinds/example.org.json");
    assert!(import(&lab, "", DEFINITION).starts_with("  as before  schemas/kinds/example.org.json\n"));
    assert_eq!(lab.read("schemas/kinds/example.org.json"), text);
    let document = lab.run(&["check", "--format", "json"]).ended(0).json();
    let found = &document["findings"][0];
    assert_eq!(
        (found["rule"].as_str(), found["line"].as_u64()),
        (Some("missing-kubernetes-field"), Some(6)),
        "{document}"
    );
    assert!(
        found["message"].as_str().is_some_and(|message| message.contains("by the schema of example.org, as imported"))
    );
}

#[test]
fn a_provider_is_judged_where_the_lock_file_names_its_version() {
    let lab = Lab::empty();
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    lab.write("tofu/.terraform.lock.hcl", LOCK);
    lab.write(
        "tofu/main.tf",
        "terraform {\n  required_providers {\n    rack = {\n      source = \"example/rack\"\n    }\n  }\n}\n\n\
         resource \"rack_server\" \"a\" {\n  nam = \"a\"\n}\n",
    );
    lab.run(&["check"]).ended(0);
    insta::assert_snapshot!(import(&lab, "tofu", PROVIDERS), @"
    passed over goauthentik/authentik: labtree knows it at each of its releases
          wrote  schemas/providers/example-rack-1.2.0.json
    `labtree check` judges by them from now on; commit them
    ");
    let ran = lab.run(&["check"]).ended(1);
    for told in ["error[missing-provider-argument]: ", "error[unknown-provider-argument]: ", "2 errors in 1 file"] {
        assert!(ran.stdout.contains(told), "{ran}");
    }
    lab.write("tofu/.terraform.lock.hcl", LOCK.replace("1.2.0", "1.3.0"));
    lab.run(&["check"]).ended(0);
}

#[test]
fn what_is_built_in_and_what_was_imported_is_listed() {
    let lab = cluster();
    lab.write("labtree.toml", "schemas = \"hack/schemas\"\n");
    lab.write("tofu/.terraform.lock.hcl", LOCK);
    import(&lab, "", DEFINITION);
    import(&lab, "tofu", PROVIDERS);
    let ran = lab.run(&["schema", "list"]).ended(0);
    assert_eq!(ran.stdout.matches("built in").count(), 9, "{ran}");
    let imported: Vec<_> = ran.stdout.lines().filter(|line| !line.ends_with("built in")).collect();
    insta::assert_snapshot!(imported.join("\n"), @"
    example.org                                               1 kind                               hack/schemas/kinds/example.org.json
    registry.opentofu.org/example/rack  1.2.0                 1 resource type, 0 data sources      hack/schemas/providers/example-rack-1.2.0.json
    ");
    let document = lab.run(&["schema", "list", "--format", "json"]).ended(0).json();
    assert_eq!(document["schemas"].as_array().map(Vec::len), Some(11));
}

#[test]
fn a_file_that_was_changed_is_told_and_one_of_somebody_else_is_left_alone() {
    let lab = cluster();
    import(&lab, "", DEFINITION);
    lab.write("schemas/kinds/mine.json", "{ \"kinds\": 1 }\n");
    lab.run(&["check"]).ended(0);
    lab.edit("schemas/kinds/example.org.json", "\"string\"", "\"number\"");
    let ran = lab.run(&["check"]).ended(1);
    assert!(ran.stdout.contains("error[broken-schema]: ") && ran.stdout.contains("1 error in 1 file"), "{ran}");
    assert!(ran.stdout.contains("help: run `labtree schema import` again"), "{ran}");
}

#[test]
fn what_holds_no_schema_is_refused_with_what_to_give() {
    let lab = cluster();
    let said = [
        import(&lab, "", "\n"),
        import(&lab, "", "kind: ConfigMap\n"),
        import(&lab, "", "a: [\n"),
        import(&lab, "", PROVIDERS),
        import(&lab, "", "{\"format_version\":\"2.0\",\"provider_schemas\":{}}"),
        import(&lab, "", &DEFINITION.replace("group: example.org", "group: ../../x")),
    ];
    insta::assert_snapshot!(said.concat(), @r#"
    error: standard input is empty
     help: give it what `kubectl get crd -o yaml` or `tofu providers schema -json` prints
    error: standard input holds neither CustomResourceDefinitions nor schemas of providers
     help: give it what `kubectl get crd -o yaml` or `tofu providers schema -json` prints
    error: standard input cannot be read: line 1: this `[` is never closed
     help: give it what `kubectl get crd -o yaml` or `tofu providers schema -json` prints
    error: the versions of the providers stand in `.terraform.lock.hcl`: no such file or directory
     help: run this in the folder of the OpenTofu root after `tofu init`, or name its lock file with `--lock`
    error: standard input cannot be read: its `format_version` is "2.0", not 1
     help: give it what `kubectl get crd -o yaml` or `tofu providers schema -json` prints
    error: `../../x` is no name for a file
     help: give it what `kubectl get crd -o yaml` or `tofu providers schema -json` prints
    "#);
    assert!(!lab.exists("schemas"));
}
