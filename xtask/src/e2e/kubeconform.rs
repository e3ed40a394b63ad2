//! The judge `kubeconform`: every object that a cluster gets fits the schema of its kind, strictly.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use super::labs::Lab;
use super::{Bench, Verdict, kustomize, schemas};
use crate::Failure;

/// The kinds of the Vault Secrets Operator, whose schemas are on no registry.
const SKIPPED: &str = "VaultAuth,VaultConnection,VaultStaticSecret";

/// Objects that must be refused, or the others prove nothing.
const BROKEN: &[(&str, &str)] = &[
    ("an unknown field", "{apiVersion: v1, kind: Namespace, metadata: {name: a, label: {}}}"),
    ("a number where text is wanted", "{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {b: 1}}}"),
    (
        "an unknown field of Flux",
        "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a}, spec: {interval: 1h, \
         chart: {spec: {chart: b, sourceRef: {kind: HelmRepository, name: c}, versoin: '1'}}}}",
    ),
    (
        "a missing field",
        "{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {name: a}, spec: {timeout: 1m}}",
    ),
    (
        "an unknown field of External Secrets",
        "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: a}, spec: {refresh: 1h}}",
    ),
    (
        "an unknown field of Traefik",
        "{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: a}, spec: {x: 1}}",
    ),
    ("an unknown kind", "{apiVersion: v1, kind: Namesspace, metadata: {name: a}}"),
    ("a version that is not served", "{apiVersion: helm.toolkit.fluxcd.io/v1, kind: HelmRelease, metadata: {name: a}}"),
    ("a key twice", "{apiVersion: v1, kind: Namespace, metadata: {name: a, name: b}}"),
];

/// Judges all labs.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("objects");
    let schemas = schemas::folder(&bench.tools)?;
    let folder = bench.folder("broken-objects")?;
    for (index, (what, object)) in BROKEN.iter().enumerate() {
        let file = folder.join(format!("{index}.yaml"));
        fs::write(&file, object)?;
        let said = run(bench, &schemas, &[file])?;
        verdict.must(!said.wrong.is_empty(), || format!("{what} is accepted"));
    }
    let mut skipped = 0;
    for lab in bench.labs()? {
        let said = lab_objects(bench, &schemas, &lab)?;
        verdict.judged += said.valid;
        skipped += said.skipped;
        verdict.blame(&lab, said.wrong);
    }
    verdict.aside = format!("{skipped} of the Vault Secrets Operator skipped");
    Ok(verdict)
}

/// What is wrong with the objects of a lab.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<Vec<String>, Failure> {
    Ok(lab_objects(bench, &schemas::folder(&bench.tools)?, lab)?.wrong)
}

/// What kubeconform said.
#[derive(Default)]
struct Said {
    valid: usize,
    skipped: usize,
    wrong: Vec<String>,
}

fn lab_objects(bench: &Bench, schemas: &Utf8Path, lab: &Lab) -> Result<Said, Failure> {
    let folder = bench.folder(&format!("objects-{}", lab.name))?;
    let (mut files, mut count) = (Vec::new(), 0);
    for (cluster, own) in kustomize::clusters(lab)? {
        for built in kustomize::built(bench, lab, &own)? {
            let file = folder.join(format!("{cluster}-{}.yaml", built.name));
            fs::write(&file, built.text)?;
            count += built.objects.len();
            files.push(file);
        }
        for file in own {
            count += fs::read_to_string(&file)?.lines().filter(|line| line.starts_with("kind: ")).count();
            files.push(file);
        }
    }
    let mut said = run(bench, schemas, &files)?;
    if said.valid + said.skipped + said.wrong.len() != count {
        said.wrong.push(format!("{} of {count} objects were looked at", said.valid + said.skipped));
    }
    Ok(said)
}

/// How kubeconform finds a schema in the folder `schemas`.
pub(super) fn location(schemas: &Utf8Path) -> String {
    format!("{schemas}/{{{{.Group}}}}_{{{{.ResourceAPIVersion}}}}_{{{{.ResourceKind}}}}.json")
}

fn run(bench: &Bench, schemas: &Utf8Path, files: &[Utf8PathBuf]) -> Result<Said, Failure> {
    let location = location(schemas);
    let mut kubeconform = Command::new(bench.tools.kubeconform()?);
    kubeconform.args(["-strict", "-output", "json", "-verbose", "-skip", SKIPPED, "-schema-location", &location]);
    let done = kubeconform.args(files).output()?;
    let told: Json = serde_json::from_slice(&done.stdout)
        .map_err(|error| format!("kubeconform: {error}: {}", String::from_utf8_lossy(&done.stderr)))?;
    let mut said = Said::default();
    for resource in told["resources"].as_array().into_iter().flatten() {
        match resource["status"].as_str() {
            Some("statusValid") => said.valid += 1,
            Some("statusSkipped") => said.skipped += 1,
            // What stands before the first document: the head of a rendered file.
            Some("") => {}
            _ => said.wrong.push(format!("{} `{}`: {}", resource["kind"], resource["name"], resource["msg"])),
        }
    }
    Ok(said)
}
