//! The judge `kustomize`: every kustomization is built, and a cluster gets each object once, in the right namespace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use labtree::Input;
use labtree::disk::RealDisk;
use serde::Deserialize as _;
use yaml_serde::{Deserializer, Value};

use super::labs::Lab;
use super::{Bench, Verdict};
use crate::Failure;

/// Kinds of what we render that lie in no namespace.
const CLUSTER_WIDE: [&str; 2] = ["Namespace", "ClusterSecretStore"];
/// The namespace that Flux itself lies in.
const FLUX: &str = "flux-system";

/// What a Flux Kustomization brings to its cluster.
#[derive(Debug)]
pub(super) struct Built {
    /// The Flux Kustomization.
    pub(super) name: String,
    /// Its `path`, from the root of the lab on.
    pub(super) path: Utf8PathBuf,
    /// What kustomize prints.
    pub(super) text: String,
    /// The objects in it.
    pub(super) objects: Vec<Value>,
}

/// Judges all labs.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("kustomizations");
    for lab in bench.labs()? {
        let (judged, faults) = judge_lab(bench, &lab)?;
        verdict.judged += judged;
        verdict.blame(&lab, faults);
    }
    Ok(verdict)
}

/// How many kustomizations the lab has, and what is wrong with them.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<(usize, Vec<String>), Failure> {
    let mut faults = Vec::new();
    let files = lab.files(&["/kustomization.yaml"])?;
    let mut reached = BTreeSet::new();
    for (cluster, file) in clusters(lab)? {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        match built(bench, lab, &file) {
            Ok(all) => {
                let namespaces = namespaces(lab, &all)?;
                for built in &all {
                    reached.insert(lab.folder.join(&built.path));
                    once(built, &cluster, &mut seen, &mut faults);
                    places(built, &namespaces, &mut faults);
                }
            }
            Err(failure) => faults.push(failure.to_string()),
        }
    }
    for file in &files {
        let folder = file.parent().expect("a file lies in a folder");
        if !reached.contains(folder) {
            faults.push(format!("no cluster runs {folder}"));
        }
    }
    Ok((files.len(), faults))
}

/// Each cluster with the files in its folder.
pub(super) fn clusters(lab: &Lab) -> Result<BTreeMap<String, Vec<Utf8PathBuf>>, Failure> {
    let mut found: BTreeMap<String, Vec<Utf8PathBuf>> = BTreeMap::new();
    for file in lab.files(&[".yaml"])? {
        let below = file.strip_prefix(lab.folder.join("flux/clusters")).map(Utf8Path::to_owned);
        if let Ok(cluster) = below.map(|below| below.components().next().map(|first| first.to_string())) {
            found.entry(cluster.unwrap_or_default()).or_default().push(file);
        }
    }
    Ok(found)
}

/// What the Flux Kustomizations in `files` bring.
pub(super) fn built(bench: &Bench, lab: &Lab, files: &[Utf8PathBuf]) -> Result<Vec<Built>, Failure> {
    let mut all = Vec::new();
    for file in files {
        for kustomization in documents(&fs::read_to_string(file)?)? {
            let (Some(name), Some(path)) =
                (kustomization["metadata"]["name"].as_str(), kustomization["spec"]["path"].as_str())
            else {
                return Err(format!("{file} holds something else than a Flux Kustomization with a path").into());
            };
            let path = Utf8PathBuf::from(path.trim_start_matches("./"));
            let done =
                Command::new(bench.tools.kustomize()?).args(["build", lab.folder.join(&path).as_str()]).output()?;
            if !done.status.success() {
                return Err(format!("`kustomize build {path}`: {}", String::from_utf8_lossy(&done.stderr)).into());
            }
            let text = String::from_utf8(done.stdout)?;
            all.push(Built { name: name.to_owned(), path, objects: documents(&text)?, text });
        }
    }
    Ok(all)
}

fn documents(text: &str) -> Result<Vec<Value>, Failure> {
    Ok(Deserializer::from_str(text).map(Value::deserialize).collect::<Result<_, _>>()?)
}

/// The namespaces that objects may lie in: those that are built, those that exist already, and that of each app.
struct Namespaces {
    known: BTreeSet<String>,
    /// By the folder of the app.
    apps: BTreeMap<Utf8PathBuf, String>,
}

fn namespaces(lab: &Lab, all: &[Built]) -> Result<Namespaces, Failure> {
    let input = Input::read(&RealDisk::open(&lab.folder)?)?;
    let inventory = input.inventory.ok_or("the inventory of a lab that was rendered has no faults")?;
    let objects = all.iter().flat_map(|built| &built.objects);
    let made =
        objects.filter(|object| object["kind"] == "Namespace").filter_map(|object| object["metadata"]["name"].as_str());
    let mut known: BTreeSet<String> = made.map(str::to_owned).collect();
    known.extend(inventory.flux.existing_namespaces.iter().map(|namespace| namespace.to_string()));
    known.insert(FLUX.to_owned());
    let apps = inventory.apps.iter().filter_map(|app| {
        let namespace = app.value.namespace.as_ref()?.to_string();
        Some((Utf8PathBuf::from(format!("flux/apps/base/{}", app.name.value)), namespace))
    });
    let apps: BTreeMap<_, _> = apps.collect();
    Ok(Namespaces { known, apps })
}

/// No two Flux Kustomizations of a cluster bring the same object, and none brings one twice.
fn once(built: &Built, cluster: &str, seen: &mut BTreeMap<String, String>, faults: &mut Vec<String>) {
    for object in &built.objects {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (group, _) = object["apiVersion"].as_str().unwrap_or_default().split_once('/').unwrap_or(("", ""));
        let metadata = &object["metadata"];
        let key =
            format!("{group} {} {}/{}", word(&object["kind"]), word(&metadata["namespace"]), word(&metadata["name"]));
        if let Some(other) = seen.insert(key.clone(), built.name.clone()) {
            faults.push(format!("the cluster `{cluster}` gets {key} from `{other}` and from `{}`", built.name));
        }
    }
}

fn places(built: &Built, namespaces: &Namespaces, faults: &mut Vec<String>) {
    for object in &built.objects {
        let kind = object["kind"].as_str().unwrap_or_default();
        let name = format!("{kind} `{}` of `{}`", object["metadata"]["name"].as_str().unwrap_or_default(), built.name);
        let wanted = namespaces.apps.get(&built.path);
        match object["metadata"]["namespace"].as_str() {
            None if CLUSTER_WIDE.contains(&kind) => {}
            None => faults.push(format!("{name} lies in no namespace")),
            Some(namespace) if CLUSTER_WIDE.contains(&kind) => faults.push(format!("{name} lies in `{namespace}`")),
            Some(namespace) if !namespaces.known.contains(namespace) => {
                faults.push(format!("{name} lies in `{namespace}`, which nothing makes"));
            }
            Some(namespace) if wanted.is_some_and(|wanted| wanted != namespace) => {
                faults.push(format!("{name} lies in `{namespace}`, not in the namespace of the app"));
            }
            Some(_) => {}
        }
    }
}
