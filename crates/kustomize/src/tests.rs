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
fn the_digest_of_a_file_that_is_not_read_is_unknown_and_names_follow_it() {
    let mut sources = Sources::default();
    let kustomization = "resources: [pod.yaml]\nconfigMapGenerator: [{ name: logo, files: [logo.png] }]\n";
    let pod =
        "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { volumes: [{ configMap: { name: logo } }] }\n";
    let ids = [sources.add("app/kustomization.yaml", kustomization), sources.add("app/pod.yaml", pod)];
    let mut files = Files::new(&sources);
    ids.into_iter().for_each(|id| files.add_text(id));
    files.add_opaque("app/logo.png");
    let build = crate::build(&files, Utf8Path::new("app"), &Options::default()).expect("there is a kustomization");
    assert_eq!((build.found, build.is_complete), (Vec::new(), false));
    let map = &build.objects[0];
    assert!(map.is_generated && map.has_unknown_name);
    assert_eq!((map.name(), map.original_name()), ("logo-unknown".to_owned(), "logo".to_owned()));
    let pod = build.objects[1].value.to_json();
    assert_eq!(pod["spec"]["volumes"][0]["configMap"]["name"], "logo-unknown");
    assert_eq!(build.files.len(), 3);
}

#[test]
fn a_file_outside_the_folder_is_refused_only_if_that_is_wanted() {
    let mut sources = Sources::default();
    let id = sources.add("app/kustomization.yaml", "resources: [../web.yaml]\n");
    let web = sources.add("web.yaml", WEB);
    let mut files = Files::new(&sources);
    files.add_text(id);
    files.add_text(web);
    for (stay_inside, rules) in [(false, vec![]), (true, vec!["outside-kustomization"])] {
        let build = crate::build(&files, Utf8Path::new("app"), &Options { stay_inside }).expect("it is there");
        assert_eq!(build.found.iter().map(|found| found.rule).collect::<Vec<_>>(), rules);
    }
}

/// What Flux builds of `app` in `repository` for that `spec`, shown.
#[track_caller]
fn overlaid(repository: &[(&str, &str)], spec: &str, show: impl FnOnce(&Build, &Sources)) {
    let mut sources = Sources::default();
    let ids: Vec<_> = repository.iter().map(|(path, text)| sources.add(*path, *text)).collect();
    let spec_id = sources.add("flux.yaml", spec);
    let document = yaml::parse(spec_id, spec).expect("the spec is YAML");
    let spec = manifest::read(&document.root, yaml::plain::kubernetes);
    let mut files = Files::new(&sources);
    ids.into_iter().for_each(|id| files.add_text(id));
    show(&crate::overlay(&files, Utf8Path::new("app"), &spec, &Options::default()), &sources);
}

#[test]
fn flux_lists_the_manifests_of_a_folder_without_kustomization() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: NAME }\n";
    let one = map.replace("NAME", "one");
    let two = map.replace("NAME", "two");
    let repository = [
        ("app/b/kustomization.yaml", "resources: [deep/two.yaml]\n"),
        ("app/b/deep/two.yaml", two.as_str()),
        ("app/b/other.yaml", "not: listed\n"),
        ("app/a/one.yml", one.as_str()),
        ("app/.sops.yaml", "creation_rules: []\n"),
        ("app/notes.md", "x"),
    ];
    overlaid(&repository, "path: app\ntargetNamespace: shop\n", |build, sources| {
        assert_eq!(build.found, []);
        let names: Vec<_> = build.objects.iter().map(|object| object.id().to_string()).collect();
        assert_eq!(names, ["ConfigMap shop/one", "ConfigMap shop/two"]);
        assert_eq!(place(build, sources, &["metadata", "namespace"]), "flux.yaml:2 shop");
    });
}

#[test]
fn flux_lays_its_fields_over_a_kustomization() {
    let kustomization = "namespace: inner\nresources: [pod.yaml]\nimages: [{ name: web, newTag: '1' }]\nunknown: 1\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: a, image: web }] }\n";
    let spec = "\
path: app
targetNamespace: outer
namePrefix: my-
commonMetadata: { labels: { team: one } }
images: [{ name: web, newName: example.org/web }]
components: [../missing]
ignoreMissingComponents: true
patches:
  - target: { kind: Pod }
    patch: |
      - op: add
        path: /spec/hostNetwork
        value: true
";
    overlaid(&[("app/kustomization.yaml", kustomization), ("app/pod.yaml", pod)], spec, |build, sources| {
        let found: Vec<_> = build.found.iter().map(|found| (found.rule, found.severity.name())).collect();
        assert_eq!(found, [("unknown-kustomization-field", "warning")]);
        let pod = build.objects[0].value.to_json();
        assert_eq!(
            pod["metadata"],
            serde_json::json!({
                "name": "my-web", "namespace": "outer", "labels": { "team": "one" }
            })
        );
        assert_eq!(pod["spec"]["containers"][0]["image"], "example.org/web:1");
        assert_eq!(place(build, sources, &["spec", "hostNetwork"]), "flux.yaml:13 true");
    });
}

#[test]
fn what_is_on_the_network_is_unknown_and_silent() {
    let kustomization = "\
resources: ['https://example.org/all.yaml', 'github.com/example/repo?ref=v1']
patches:
  - target: { kind: Deployment }
    patch: '[]'
replicas: [{ name: web, count: 2 }]
";
    built(&[("app/kustomization.yaml", kustomization)], |build, _| {
        assert_eq!((build.found.as_slice(), build.is_complete), ([].as_slice(), false));
    });
}

#[test]
fn what_flux_bootstrap_wrote_into_a_folder_below_is_there() {
    let kustomization = "resources: [flux-system/gotk-sync.yaml]\n";
    built(&[("app/kustomization.yaml", kustomization), ("app/flux-system/gotk-sync.yaml", WEB)], |build, _| {
        assert!(build.is_complete);
    });
    built(&[("app/kustomization.yaml", kustomization)], |build, _| {
        assert!(!build.is_complete && build.found.is_empty(), "{:?}", build.found);
    });
}
