//! The judge `clusters`: every Flux Kustomization of the corpus is built as `flux build kustomization --dry-run` builds
//! it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use camino::Utf8Path;
use labtree::check::judge as check;
use labtree::disk::RealDisk;
use resolve_flux::{Applied, Cluster, Object, Share};
use serde_json::Value as Json;

use super::builds::{differs, objects};
use super::{Bench, Verdict};
use crate::{Failure, corpus};

/// Labels that Flux puts on everything it applies, to know it again.
const OWN: [&str; 2] = ["kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace"];

/// How many Flux Kustomizations there are of each kind.
#[derive(Default)]
struct Counts {
    agree: usize,
    unknown: usize,
}

/// Judges all of them, if there is a corpus.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("Flux Kustomizations");
    let Some(corpus) = corpus::folder()? else {
        verdict.aside = format!("passed over: {}", corpus::unset());
        return Ok(verdict);
    };
    let flux = bench.tools.flux()?;
    let mut counts = Counts::default();
    for repository in corpus::repositories(&corpus)? {
        let disk = RealDisk::open(&repository).map_err(|error| format!("{repository}: {error}"))?;
        let judged = check(&disk, "labtree").map_err(|failure| format!("{repository}: {failure}"))?;
        for cluster in &judged.flux.clusters {
            for (by, applied) in cluster.applied.iter().enumerate() {
                let name = format!("{}: {}/{}", repository.file_name().unwrap_or_default(), cluster.name, applied.name);
                verdict.judged += 1;
                match difference(bench, &flux, &repository, cluster, by, applied)? {
                    Known::No => counts.unknown += 1,
                    Known::Agrees => counts.agree += 1,
                    Known::Differs(why) => verdict.faults.push(format!("{name}: {why}")),
                }
            }
        }
    }
    verdict.aside = format!(
        "{} agree, {} cannot be built without the cluster or are no object of it",
        counts.agree, counts.unknown
    );
    Ok(verdict)
}

enum Known {
    No,
    Agrees,
    Differs(String),
}

/// How Flux builds what `applied` applies, beside what is known of it.
fn difference(
    bench: &Bench,
    flux: &Utf8Path,
    repository: &Utf8Path,
    cluster: &Cluster,
    by: usize,
    applied: &Applied,
) -> Result<Known, Failure> {
    let ours: Vec<&Object> = cluster.objects.iter().filter(|object| object.by == by).collect();
    let is_open = |object: &&&Object| object.has_unknown_name || object.value.has_unknown();
    let (Some(object), Some(folder)) = (applied.object, &applied.folder) else { return Ok(Known::No) };
    // Without a cluster Flux takes no variable from a ConfigMap or Secret.
    let takes = applied.spec.at(&["postBuild", "substituteFrom"]).is_some();
    if applied.share != Share::All || takes || ours.iter().any(|object| is_open(&object)) {
        return Ok(Known::No);
    }
    let file = bench.folder("kustomization")?.join("kustomization.yaml");
    fs::write(&file, cluster.objects[object].value.to_json().to_string())?;
    let mut build = Command::new(flux);
    build.current_dir(repository).args(["build", "kustomization", &applied.name, "--dry-run", "--path"]);
    build.arg(format!("./{}", folder.value)).args(["--kustomization-file", file.as_str()]);
    build.args(["--namespace", applied.namespace.as_deref().unwrap_or("flux-system")]);
    let done = build.output()?;
    if !done.status.success() {
        return Ok(Known::Differs(format!("Flux refuses it: {}", String::from_utf8_lossy(&done.stderr).trim())));
    }
    let mut theirs = by_name(objects(&String::from_utf8(done.stdout)?)?);
    for (name, ours) in by_name(ours.iter().map(|object| object.value.to_json()).collect()) {
        let Some(theirs) = theirs.remove(&name) else { return Ok(Known::Differs(format!("Flux builds no {name}"))) };
        let mut path = name;
        if let Some((ours, theirs)) = differs(&ours, &theirs, &mut path) {
            return Ok(Known::Differs(format!("{path} is {ours}, Flux builds {theirs}")));
        }
    }
    Ok(theirs.into_keys().next().map_or(Known::Agrees, |name| Known::Differs(format!("Flux builds {name} too"))))
}

/// The objects by what they are called, without what Flux adds to all.
fn by_name(objects: Vec<Json>) -> BTreeMap<String, Json> {
    let mut all = BTreeMap::new();
    for mut object in objects {
        let metadata = object.get_mut("metadata").and_then(Json::as_object_mut);
        if let Some(metadata) = metadata
            && let Some(labels) = metadata.get_mut("labels").and_then(Json::as_object_mut)
        {
            labels.retain(|key, _| !OWN.contains(&key.as_str()));
            if labels.is_empty() {
                metadata.remove("labels");
            }
        }
        let version = object["apiVersion"].as_str().unwrap_or_default().to_owned();
        all.insert(format!("{version} {}", super::builds::name(&object)), object);
    }
    all
}
