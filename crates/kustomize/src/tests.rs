//! What a finding in a built object points at.

use camino::Utf8Path;
use diagnostic::Sources;
use manifest::Value;
use syntax::yaml;

use crate::{Build, Files, Options};

/// Builds the folder `app` of the files in `repository`, and shows it.
#[track_caller]
fn built(repository: &[(&str, &str)], show: impl FnOnce(&Build, &Sources)) {
    let mut sources = Sources::default();
    let ids: Vec<_> = repository.iter().map(|(path, text)| sources.add(*path, *text)).collect();
    let documents: Vec<_> =
        ids.iter().map(|id| yaml::parse_all(*id, &sources.get(*id).text).expect("the files are YAML")).collect();
    let mut files = Files::new(&sources);
    for (id, documents) in ids.iter().zip(&documents) {
        files.add_yaml(*id, documents);
    }
    let build = crate::build(&files, Utf8Path::new("app"), &Options::default()).expect("there is a kustomization");
    show(&build, &sources);
}

/// `path:line text` of the value at `path` of the first object.
fn place(build: &Build, sources: &Sources, path: &[&str]) -> String {
    let value: &Value = build.objects[0].value.at(path).expect("the object has it");
    let location = sources.location(value.span);
    format!("{}:{} {}", sources.path(value.span), location.line, sources.slice(value.span))
}

const WEB: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: NodePort\n";

#[test]
fn each_part_has_the_place_that_a_person_edits() {
    let kustomization = "\
namespace: shop
namePrefix: my-
commonLabels: { app: web }
resources: [web.yaml]
patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:

        externalName: example.org
  - path: patch.yaml
  - target: { kind: Service }
    patch: |-
      - op: replace
        path: /spec/type
        value: ExternalName
";
    let patch = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec:\n  sessionAffinity: None\n";
    built(
        &[("app/kustomization.yaml", kustomization), ("app/web.yaml", WEB), ("app/patch.yaml", patch)],
        |build, sources| {
            assert_eq!(build.found, []);
            let place = |path: &[&str]| place(build, sources, path);
            assert_eq!(place(&["metadata", "name"]), "app/web.yaml:4 web");
            assert_eq!(place(&["metadata", "namespace"]), "app/kustomization.yaml:1 shop");
            assert_eq!(place(&["metadata", "labels", "app"]), "app/kustomization.yaml:3 web");
            assert_eq!(place(&["spec", "externalName"]), "app/kustomization.yaml:13 example.org");
            assert_eq!(place(&["spec", "sessionAffinity"]), "app/patch.yaml:5 None");
            assert_eq!(place(&["spec", "type"]), "app/kustomization.yaml:19 ExternalName");
            assert_eq!(build.objects[0].name(), "my-web");
        },
    );
}

#[test]
fn the_files_of_flux_bootstrap_are_waited_for_where_they_are_not() {
    for (sync, is_complete) in [("flux/gotk-sync.yaml", true), ("other/gotk-sync.yaml", false)] {
        let kustomization = "resources: [flux/gotk-sync.yaml]\n";
        let sync = format!("app/{sync}");
        built(&[("app/kustomization.yaml", kustomization), (&sync, WEB)], |build, _| {
            assert_eq!((build.found.len(), build.is_complete), (0, is_complete), "{sync}");
        });
    }
}
