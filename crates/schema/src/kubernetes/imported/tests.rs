//! Definitions that become tables, and objects that are held against them.

use diagnostic::{FileId, Sources};
use syntax::yaml::{self, plain};

use super::*;
use crate::kubernetes::{Kinds, Served};

const DEFINITION: &str = "
apiVersion: v1
kind: List
items:
  - apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: { name: backups.example.org }
    spec:
      group: example.org
      scope: Namespaced
      names: { kind: Backup, plural: backups }
      versions:
        - name: v1alpha1
          served: false
          storage: false
          schema: { openAPIV3Schema: { type: object } }
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                apiVersion: { type: string, description: left out }
                spec:
                  type: object
                  required: [schedule]
                  properties:
                    schedule: { type: string, pattern: '^@' }
                    keep: { type: integer, minimum: 1 }
                status: { type: object, properties: { last: { type: string } } }
  - apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    spec: { group: source.toolkit.fluxcd.io, scope: Namespaced, names: { kind: Bucket }, versions: [] }
";

fn objects(text: &str) -> Vec<manifest::Value> {
    let documents = yaml::parse_all(FileId(0), text).expect("the text is YAML");
    documents.iter().map(|document| manifest::read(&document.root, plain::kubernetes)).collect()
}

fn imported() -> (Import, Kinds) {
    let definitions: Vec<Json> = objects(DEFINITION).iter().map(manifest::Value::to_json).collect();
    let import = import(&definitions).expect("they are definitions");
    assert!(import.groups.values().all(|text| Imported::check(text) == Some(Ok(()))));
    let imported = Imported::read(import.groups.values().cloned().collect());
    (import, Kinds::new(None).with(imported))
}

#[test]
fn a_kind_of_one_s_own_cluster_is_judged_as_a_built_in_one() {
    let (import, kinds) = imported();
    assert_eq!((import.count, import.passed_over), (2, vec!["source.toolkit.fluxcd.io".to_owned()]));
    assert_eq!(import.groups.keys().collect::<Vec<_>>(), ["example.org"]);
    let kind = kinds.get("example.org/v1", "Backup").expect("it was imported");
    assert!(kind.is_namespaced());
    let text = "apiVersion: example.org/v1\nkind: Backup\nmetadata: { name: a }\nspec: { schedul: daily, keep: 0 }\n";
    let mut sources = Sources::default();
    sources.add("a.yaml", text);
    let misfits = kind.check(&objects(text)[0]);
    let said: Vec<_> = misfits.iter().map(|misfit| misfit.message.as_str()).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    unknown field `schedul` in `spec`, did you mean `schedule`?
    `spec.keep` must be at least 1, not 0
    ");
    let good = text.replace("schedul: daily, keep: 0", "schedule: '@daily', keep: 2");
    assert_eq!(kind.check(&objects(&(good + "status: { last: x }\n"))[0]), []);
}

#[test]
fn what_the_cluster_serves_is_told_and_other_groups_are_as_before() {
    let (_, kinds) = imported();
    assert_eq!(kinds.served("example.org", "v1", "Backup"), Served::Yes);
    let gone = Served::No { until: None, from: None, instead: Some("example.org/v1".to_owned()) };
    assert_eq!(kinds.served("example.org", "v1alpha1", "Backup"), gone);
    assert_eq!(kinds.of("example.org/v1"), ["Backup"]);
    assert_eq!(kinds.is_namespaced("example.org", "Backup"), Some(true));
    assert!(kinds.get("apps/v1", "Deployment").is_some());
    assert_eq!(kinds.served("example.com", "v1", "Backup"), Served::Unknown);
}

#[test]
fn an_imported_group_takes_the_place_of_a_built_in_one() {
    let definition = DEFINITION.replace("group: example.org", "group: cert-manager.io");
    let definitions: Vec<Json> = objects(&definition).iter().map(manifest::Value::to_json).collect();
    let imported = Imported::read(import(&definitions).expect("they are definitions").groups.into_values().collect());
    let kinds = Kinds::new(None).with(imported);
    assert!(kinds.get("cert-manager.io/v1", "Backup").is_some());
    assert!(kinds.get("cert-manager.io/v1", "Certificate").is_none());
    assert!(Kinds::new(None).get("cert-manager.io/v1", "Certificate").is_some());
}

#[test]
fn a_file_of_somebody_else_is_passed_over_and_a_changed_one_is_told() {
    let text = imported().0.groups["example.org"].clone();
    assert_eq!(Imported::check("{}"), None);
    assert_eq!(Imported::check(&text.replace("integer", "string")), Some(Err("it is not as labtree wrote it")));
}

#[test]
fn tables_are_listed_with_what_they_hold() {
    let imported = Imported::read(imported().0.groups.into_values().collect());
    let last = tables(imported).last().expect("there are some");
    assert_eq!((last.project, last.kinds, last.is_imported), ("example.org", 1, true));
    let flux = tables(Imported::default()).find(|table| table.project == "flux").expect("it is built in");
    assert!(flux.oldest != flux.newest && flux.kinds > 10, "{flux:?}");
}

#[test]
fn a_schema_that_is_none_is_told() {
    let definition = DEFINITION.replace("minimum: 1", "minimum: one");
    let definitions: Vec<Json> = objects(&definition).iter().map(manifest::Value::to_json).collect();
    let told = import(&definitions).expect_err("it is none");
    assert!(told.starts_with("a schema of `example.org` is none: "), "{told}");
}

#[test]
fn the_file_is_the_same_in_whichever_order_the_definitions_come() {
    let second =
        DEFINITION.replace("kind: Backup, plural", "kind: Archive, plural").replace("type: integer", "type: number");
    let all: Vec<Json> = [DEFINITION, &second].iter().flat_map(|text| objects(text)).map(|one| one.to_json()).collect();
    let back: Vec<Json> = all.iter().rev().cloned().collect();
    let text = |objects: &[Json]| import(objects).expect("they are definitions").groups["example.org"].clone();
    assert_eq!(text(&all), text(&back));
}
