//! What is followed, and what is made of it.

use diagnostic::{Diagnostic, FileId, Severity, Sources, Span};
use fixture::Fixture;
use kustomize::Files;
use manifest::{Content, Value, read};
use serde_json::{Value as Json, json};
use syntax::yaml::{self, plain};

use crate::substitute::{Variables, substitute};
use crate::{Cluster, Share, clusters, values};

/// Follows the repository `text`, holds what is found against its marks, and hands the clusters to `look`.
#[track_caller]
fn follow(text: &str, look: impl FnOnce(&[Cluster], &Sources)) {
    let fixture = Fixture::parse(text);
    let mut sources = Sources::default();
    let read = |(path, text): &(String, String)| {
        let id = sources.add(path.as_str(), text.as_str());
        let is_yaml = path.ends_with(".yaml");
        (id, is_yaml.then(|| yaml::parse_all(id, text).expect("the files of a fixture are YAML")))
    };
    let documents: Vec<_> = fixture.files.iter().map(read).collect();
    let mut files = Files::new(&sources);
    for (id, documents) in &documents {
        match documents {
            Some(documents) => files.add_yaml(*id, documents),
            None => files.add_text(*id),
        }
    }
    let mut found = Vec::new();
    let clusters = clusters(&files, None, &mut found);
    if let Err(said) = fixture::compare(&fixture, &sources, &found) {
        panic!("the fixture and the findings differ:\n{said}");
    }
    look(&clusters, &sources);
}

/// Kind, namespace and name of all objects of a cluster.
fn names(cluster: &Cluster) -> Vec<String> {
    let name = |object: &crate::Object| object.identity.as_ref().expect("it has a name").to_string();
    cluster.objects.iter().map(name).collect()
}

/// A Flux Kustomization in a file.
fn kustomization(file: &str, name: &str, more: &str) -> String {
    format!(
        "#- {file}\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{ name: {name}, namespace: \
         flux-system }}\nspec:\n  interval: 10m\n  prune: true\n  sourceRef: {{ kind: GitRepository, name: flux-system \
         }}\n{more}\n"
    )
}

fn sync(cluster: &str) -> String {
    kustomization(
        &format!("clusters/{cluster}/flux-system/gotk-sync.yaml"),
        "flux-system",
        &format!("  path: ./clusters/{cluster}"),
    )
}

#[test]
fn substitutions_are_made_as_flux_makes_them() {
    let recorded: Json = serde_json::from_str(include_str!("tests/substitution.json")).expect("it is JSON");
    let texts = recorded["variables"].as_object().expect("they are named");
    let one_line = |value: &Json| Some(value.as_str().expect("it is a text").replace('\n', ""));
    let variables = Variables {
        values: texts.iter().map(|(name, value)| (name.clone(), one_line(value))).collect(),
        are_open: false,
        are_required: Some(false),
    };
    let mut sources = Sources::default();
    let file = sources.add("case.yaml", "");
    let mut differences = Vec::new();
    let cases = recorded["cases"].as_object().expect("they are named");
    for (case, said) in cases {
        let mut value = Value::of_text(case.as_str(), Span::new(file, 0..0));
        let mut found: Vec<Diagnostic> = Vec::new();
        substitute(&mut value, &variables, &sources, &mut found);
        found.retain(|fault| fault.severity == Severity::Error);
        match (said.get("made"), found.first()) {
            (None, Some(_)) => {}
            (Some(made), None) if value.to_json() == *made => {}
            (made, fault) => differences.push(format!("{case:?}: Flux {made:?}, here {} {fault:?}", value.to_json())),
        }
    }
    assert!(cases.len() > 90, "there are {} cases", cases.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn what_only_the_cluster_knows_stays_unknown() {
    let variables = Variables {
        values: [("SECRET".to_owned(), None), ("NAME".to_owned(), Some("web".to_owned()))].into(),
        are_open: false,
        are_required: Some(true),
    };
    let sources = {
        let mut sources = Sources::default();
        sources.add("case.yaml", "");
        sources
    };
    let document = yaml::parse(FileId(0), "{ a: 'x-${SECRET}', b: '${NAME}', c: '${SECRET:-y}' }").expect("it is YAML");
    let mut value = read(&document.root, plain::kubernetes);
    substitute(&mut value, &variables, &sources, &mut Vec::new());
    let is_unknown = |key: &str| matches!(value.get(key).expect("it is there").content, Content::Unknown);
    assert!(is_unknown("a") && is_unknown("c"));
    assert_eq!(value.text_at("b"), Some("web"));
}

#[test]
fn everything_below_the_beginning_is_followed_with_the_namespaces_it_is_given() {
    let apps = kustomization("clusters/home/apps.yaml", "apps", "  path: ./apps\n  targetNamespace: shop");
    let text = format!(
        "{}{apps}#- apps/kustomization.yaml\nresources: [web.yaml]\nnamePrefix: my-\n#- apps/web.yaml\napiVersion: \
         v1\nkind: Service\nmetadata: {{ name: web }}\n#- apps/unused.yaml\napiVersion: v1\nkind: Service\nmetadata: {{ \
         name: unused }}\n",
        sync("home")
    );
    follow(&text, |clusters, _| {
        assert_eq!(clusters.len(), 1);
        let expected =
            ["Kustomization flux-system/apps", "Kustomization flux-system/flux-system", "Service shop/my-web"];
        assert_eq!(names(&clusters[0]), expected);
        assert_eq!(clusters[0].applied.len(), 2, "what applies the cluster itself is applied once");
        assert!(clusters[0].is_whole());
    });
}

#[test]
fn each_cluster_is_followed_for_itself() {
    let text = format!("{}{}", sync("home"), sync("cabin"));
    follow(&text, |clusters, _| {
        let names: Vec<_> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
        assert_eq!(names, ["cabin", "home"]);
    });
}

#[test]
fn variables_come_from_what_another_kustomization_brings_later() {
    let apps = kustomization(
        "clusters/home/apps.yaml",
        "apps",
        "  path: ./apps\n  postBuild: { substituteFrom: [{ kind: ConfigMap, name: settings }, { kind: Secret, name: keys }] }",
    );
    let settings = kustomization("clusters/home/settings.yaml", "settings", "  path: ./settings");
    let text = format!(
        "{}{apps}{settings}#- settings/all.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: settings, namespace: \
         flux-system }}\ndata: {{ DOMAIN: example.org }}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{ name: keys, \
         namespace: flux-system }}\nstringData: {{ KEY: 'ENC[AES256_GCM,data:x]' }}\nsops: {{ version: 3.9.0 }}\n#- \
         apps/web.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: web, namespace: shop }}\ndata: {{ host: \
         'web.${{DOMAIN}}', key: '${{KEY}}' }}\n",
        sync("home")
    );
    follow(&text, |clusters, _| {
        let web = clusters[0].find("", "ConfigMap", Some("shop"), "web").expect("it is brought");
        assert_eq!(
            web.value.get("data").expect("it has data").to_json(),
            json!({ "host": "web.example.org", "key": null })
        );
        let keys = clusters[0].find("", "Secret", Some("flux-system"), "keys").expect("it is brought");
        assert!(keys.value.get("sops").is_none(), "Flux takes that out when it decrypts");
    });
}

#[test]
fn a_variable_that_is_not_set_fails_from_flux_2_9_on() {
    let with = |release: &str, mark: &str| {
        let apps = kustomization(
            "clusters/home/apps.yaml",
            "apps",
            "  path: ./apps\n  postBuild: { substitute: { DOMAIN: example.org } }",
        );
        format!(
            "{}#- clusters/home/flux-system/gotk-components.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: \
             flux-system, labels: {{ app.kubernetes.io/version: {release} }} }}\n{apps}#- apps/web.yaml\napiVersion: \
             v1\nkind: ConfigMap\nmetadata: {{ name: web, namespace: shop }}\ndata:\n  host: \
             web.${{DOMIAN}}\n{mark}\n",
            sync("home")
        )
    };
    let mark = |severity: &str, becomes: &str| {
        format!(
            "#           ^^^^^^^^^ {severity}[unset-variable]: the variable `DOMIAN` is not set: {becomes}\n#           \
             help: did you mean `DOMAIN`?"
        )
    };
    let host = |clusters: &[Cluster]| {
        let web = clusters[0].find("", "ConfigMap", Some("shop"), "web").expect("it is brought");
        web.value.at(&["data", "host"]).and_then(Value::text).map(str::to_owned)
    };
    follow(&with("v2.8.3", &mark("warning", "nothing stands in its place")), |clusters, _| {
        assert_eq!(host(clusters).as_deref(), Some("web."));
    });
    follow(&with("v2.9.1", &mark("error", "Flux fails over it")), |clusters, _| {
        assert_eq!(host(clusters).as_deref(), Some("web.${DOMIAN}"));
    });
}

#[test]
fn a_path_that_is_not_there_is_told_with_the_one_that_is_meant() {
    let apps = kustomization("clusters/home/apps.yaml", "apps", "  path: ./aps").trim_end().to_owned();
    let mark = "#       ^^^^^ error[missing-path]: there is no folder `aps` in the repository\n#       help: did you mean `./apps`?";
    let web = "#- apps/web.yaml\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n";
    follow(&format!("{}{apps}\n{mark}\n{web}", sync("home")), |clusters, _| {
        assert_eq!(clusters[0].applied[1].share, Share::Some);
    });
}

#[test]
fn another_source_is_not_this_repository_unless_it_has_its_url() {
    let of = |url: &str| {
        format!(
            "{}---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{ name: flux-system, namespace: \
             flux-system }}\nspec: {{ url: 'ssh://git@example.org/lab/home.git' }}\n#- clusters/home/other.yaml\napiVersion: \
             source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{ name: other, namespace: flux-system }}\nspec: {{ \
             url: '{url}' }}\n{}#- apps/web.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: shop }}\n",
            sync("home"),
            kustomization("clusters/home/apps.yaml", "apps", "  path: ./apps")
                .replace("name: flux-system }\n", "name: other }\n"),
        )
    };
    let share = |clusters: &[Cluster]| {
        clusters[0].applied.iter().find(|applied| applied.name == "apps").expect("it is applied").share
    };
    follow(&of("https://example.org/lab/home"), |clusters, _| assert_eq!(share(clusters), Share::All));
    follow(&of("https://example.org/lab/away"), |clusters, _| assert_eq!(share(clusters), Share::None));
}

#[test]
fn without_a_beginning_the_kustomizations_that_nobody_applies_are_one() {
    let text = format!(
        "{}#- apps/web.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: shop }}\n",
        kustomization("flux/home/apps.yaml", "apps", "  path: ./apps")
    );
    follow(&text, |clusters, _| {
        assert_eq!(clusters[0].beginning.folder.value, "flux/home");
        assert_eq!(names(&clusters[0]), ["Kustomization flux-system/apps", "Namespace shop"]);
        assert!(!clusters[0].is_whole(), "nobody says that this is all");
    });
}

#[test]
fn an_app_that_is_put_aside_is_no_beginning_beside_one_that_brings_others() {
    let text = format!(
        "{}{}{}#- apps/web/app/web.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: shop }}\n#- \
         apps/kustomization.yaml\nresources: [web/ks.yaml]\n",
        kustomization("flux/home/apps.yaml", "apps", "  path: ./apps"),
        kustomization("apps/web/ks.yaml", "web", "  path: ./apps/web/app"),
        kustomization("apps/aside/ks.yaml", "aside", "  path: ./apps/web/app"),
    );
    follow(&text, |clusters, _| {
        let folders: Vec<_> = clusters.iter().map(|cluster| cluster.beginning.folder.value.as_str()).collect();
        assert_eq!(folders, ["flux/home"]);
    });
}

#[test]
fn a_kustomization_that_applies_itself_is_the_beginning_with_all_that_it_says() {
    let web = "#- apps/web.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: '${NAME}' }\n";
    let own = "  path: ./lab/flux\n  postBuild: { substitute: { NAME: shop } }";
    let controllers = "#- lab/flux/config/flux.yaml\napiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: { \
                       name: flux-manifests, namespace: flux-system }\nspec: { url: \
                       'oci://registry.example.org/fluxcd/flux-manifests', ref: { tag: v2.5.1 } }\n";
    let text = format!(
        "{controllers}{}{}{web}#- lab/flux/name.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: '${{NAME}}' }}\n",
        kustomization("lab/flux/config/cluster.yaml", "cluster", own),
        kustomization("lab/flux/apps.yaml", "apps", "  path: ./apps"),
    );
    follow(&text, |clusters, _| {
        assert_eq!(clusters.len(), 1);
        assert_eq!(clusters[0].beginning.folder.value, "lab/flux");
        assert!(names(&clusters[0]).contains(&"Namespace shop".to_owned()), "{:?}", names(&clusters[0]));
        assert!(names(&clusters[0]).contains(&"ConfigMap ${NAME}".to_owned()), "it replaces only what it brings");
        assert!(clusters[0].is_whole());
        let release = clusters[0].release.as_ref().expect("it is written");
        assert_eq!(release.written.value, "2.5.1");
    });
}

#[test]
fn what_patches_add_to_the_beginning_counts() {
    let patched = format!(
        "{}#- clusters/home/flux-system/kustomization.yaml\nresources: [gotk-sync.yaml]\npatches: [{{ path: post.yaml \
         }}]\n#- clusters/home/flux-system/post.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: \
         Kustomization\nmetadata: {{ name: flux-system, namespace: flux-system }}\nspec: {{ postBuild: {{ substitute: {{ \
         NAME: shop }} }} }}\n#- clusters/home/name.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: '${{NAME}}' \
         }}\n",
        sync("home")
    );
    follow(&patched, |clusters, _| assert!(names(&clusters[0]).contains(&"Namespace shop".to_owned())));
    let instance = "#- lab/flux/instance.yaml\napiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: \
                    flux, namespace: flux-system }\nspec:\n  sync: { kind: OCIRepository, url: \
                    'oci://registry.example.org/lab', ref: latest, path: clusters/home }\n  kustomize:\n    patches:\n      - \
                    target: { kind: Kustomization }\n        patch: |-\n          - op: add\n            path: \
                    /spec/postBuild\n            value: { substitute: { NAME: shop } }\n#- \
                    lab/clusters/home/name.yaml\napiVersion: v1\nkind: Namespace\nmetadata: { name: '${NAME}' }\n";
    follow(instance, |clusters, _| {
        assert_eq!(clusters[0].beginning.folder.value, "lab/clusters/home", "the artifact holds the folder `lab`");
        assert_eq!(names(&clusters[0]), ["Namespace shop"]);
    });
}

#[test]
fn an_instance_whose_path_holds_a_variable_begins_wherever_its_values_lead() {
    let instance = "#- flux/instance.yaml\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: \
                    flux-instance }\nspec: { values: { instance: { sync: { kind: GitRepository, url: \
                    'https://git.example.org/lab.git', path: 'clusters/${CLUSTER}' } } } }\n";
    let apps = "#- clusters/home/web.yaml\napiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n#- \
                clusters/away/web.yaml\napiVersion: v1\nkind: Namespace\nmetadata: { name: away }\n";
    let folders = |text: &str| {
        let mut folders = Vec::new();
        follow(text, |clusters, _| {
            folders.extend(clusters.iter().map(|cluster| cluster.beginning.folder.value.to_string()));
        });
        folders
    };
    let map = "#- clusters/home/settings.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { \
               CLUSTER: home }\n";
    let inline = "#- clusters/away/flux.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { \
                  name: flux }\nspec: { path: ./flux, postBuild: { substitute: { CLUSTER: away } } }\n";
    assert_eq!(folders(&format!("{instance}{apps}{map}{inline}")), ["clusters/away", "clusters/home"]);
    let elsewhere = map.replace("CLUSTER: home", "CLUSTER: attic");
    assert!(folders(&format!("{instance}{apps}{elsewhere}")).is_empty(), "no folder is called so");
    let template = instance.replace("${CLUSTER}", "@cluster@");
    assert!(folders(&format!("{template}{apps}{map}")).is_empty(), "something else than Flux fills it in");
}

#[test]
fn nothing_begins_in_a_cluster_that_was_put_away() {
    let away = sync("home").replace("#- clusters/home", "#- archive/clusters/home");
    follow(&away, |clusters, _| assert!(clusters.is_empty()));
    let template = sync("home").replace("#- clusters/home/flux-system", "#- templates");
    follow(&template, |clusters, _| assert!(clusters.is_empty()));
    let both = format!("{away}{template}{}", sync("home"));
    follow(&both, |clusters, _| assert_eq!(clusters.len(), 1));
    let slip = sync("home").replace(
        "path: ./clusters/home",
        "path: ./clusters/hom\n#       ^^^^^^^^^^^^^^ error[missing-path]: there is no folder `clusters/hom` in the repository",
    );
    follow(&slip, |clusters, _| assert_eq!(clusters.len(), 1));
}

#[test]
fn what_an_artifact_holds_is_not_known_where_all_of_it_is_applied() {
    let text = "#- lab/flux/instance.yaml\napiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, \
                namespace: flux-system }\nspec:\n  sync: { kind: OCIRepository, url: 'oci://registry.example.org/lab', ref: \
                latest, path: ./ }\n#- compose.yaml\nservices: {}\n";
    follow(text, |clusters, _| assert!(clusters.is_empty()));
}

#[test]
fn the_values_of_a_release_are_merged_from_config_maps_and_itself() {
    let text = format!(
        "{}#- clusters/home/kustomization.yaml\nresources: [flux-system/gotk-sync.yaml, web.yaml]\nconfigMapGenerator: [{{ \
         name: values, namespace: shop, files: [values.yaml] }}]\ngeneratorOptions: {{ disableNameSuffixHash: true }}\n#- \
         clusters/home/values.yaml\nweb: {{ port: 80, host: web.example.org }}\nlog: debug\n#- \
         clusters/home/web.yaml\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{ name: web, namespace: \
         shop }}\nspec:\n  valuesFrom: [{{ kind: ConfigMap, name: values }}]\n  values: {{ web: {{ port: 8080 }}, log: null }}\n",
        sync("home")
    );
    follow(&text, |clusters, sources| {
        let release =
            clusters[0].find("helm.toolkit.fluxcd.io", "HelmRelease", Some("shop"), "web").expect("it is there");
        let values = values(&clusters[0], release, sources);
        assert_eq!(values.value.to_json(), json!({ "web": { "port": 8080, "host": "web.example.org" } }));
        assert!(values.are_whole);
        let host = values.value.at(&["web", "host"]).expect("it is there").span;
        assert_eq!(sources.slice(host), "web.example.org", "a value has its place in the file it is generated from");
    });
}

#[test]
fn a_resource_set_makes_its_resources_once_for_each_input() {
    let set = "#- clusters/home/set.yaml
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: { name: tenants, namespace: flux-system }
spec:
  inputs:
    - { tenant: alex, chart: { version: 6.7.0, replicas: 2 } }
    - { tenant: kim, chart: { version: '7', replicas: 3 } }
  resources:
    - apiVersion: v1
      kind: Namespace
      metadata: { name: << inputs.tenant >> }
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: { name: 'web-<< inputs.tenant >>', namespace: << inputs.tenant >> }
      spec:
        chart: { spec: { version: << inputs.chart.version | quote >> } }
        values: { replicas: << inputs.chart.replicas >> }
    - apiVersion: v1
      kind: ConfigMap
      metadata: { name: shared, namespace: flux-system }
";
    follow(&format!("{}{set}", sync("home")), |clusters, _| {
        let names: Vec<_> = names(&clusters[0]).into_iter().filter(|name| !name.contains("tenants")).collect();
        let expected = [
            "Namespace alex",
            "HelmRelease alex/web-alex",
            "ConfigMap flux-system/shared",
            "Namespace kim",
            "HelmRelease kim/web-kim",
            "Kustomization flux-system/flux-system",
        ];
        assert_eq!(names, expected);
        let web =
            clusters[0].find("helm.toolkit.fluxcd.io", "HelmRelease", Some("kim"), "web-kim").expect("it is made");
        let spec = json!({ "chart": { "spec": { "version": "7" } }, "values": { "replicas": 3 } });
        assert_eq!(web.value.get("spec").expect("it has one").to_json(), spec);
        assert!(clusters[0].is_whole());
    });
    let more = set.replace("<< inputs.chart.replicas >>", "<< add inputs.chart.replicas 1 >>");
    follow(&format!("{}{more}", sync("home")), |clusters, _| assert!(!clusters[0].is_whole()));
}
