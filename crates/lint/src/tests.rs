//! What holds for rules, and the way their fixtures are run.

mod frame;
mod pages;
mod resolution;

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Severity, Sources};
use fixture::Fixture;
use inventory::InventoryFile;
use resolve_tofu::Modules;
use schema::Package;
use tree::Origin;

use crate::flux::{self, Flux};
use crate::{Files, Kind, Known, RULES, Repo, Written, allows, run, tofu};

/// Runs all rules on the repository `text`, a [`Fixture`], and holds what is found against its marks.
#[track_caller]
pub(crate) fn check(text: &str) {
    check_with(text, &BTreeMap::new());
}

/// The same for what the rule `id` finds: a fixture that is about one rule need not please all the others.
#[track_caller]
pub(crate) fn check_rule(id: &str, text: &str) {
    let fixture = Fixture::parse(text);
    let (sources, mut found) = judge(&fixture, &BTreeMap::new());
    found.retain(|finding| finding.rule == id);
    if let Err(said) = fixture::compare(&fixture, &sources, &found) {
        panic!("the fixture and the findings of `{id}` differ:\n{said}");
    }
}

/// The same with severities of one's own.
#[track_caller]
pub(crate) fn check_with(text: &str, levels: &BTreeMap<String, Option<Severity>>) {
    let fixture = Fixture::parse(text);
    let (sources, found) = judge(&fixture, levels);
    if let Err(said) = fixture::compare(&fixture, &sources, &found) {
        panic!("the fixture and the findings differ:\n{said}");
    }
}

/// The same for what rules on providers find, with providers that were imported.
#[track_caller]
pub(crate) fn check_with_packages(text: &str, packages: &[Package]) {
    let fixture = Fixture::parse(text);
    let (sources, mut found) = judge_with(&fixture, &BTreeMap::new(), packages);
    found.retain(|finding| finding.rule.contains("-provider-"));
    if let Err(said) = fixture::compare(&fixture, &sources, &found) {
        panic!("the fixture and the findings differ:\n{said}");
    }
}

/// Everything that is found in `fixture`.
pub(crate) fn judge(fixture: &Fixture, levels: &BTreeMap<String, Option<Severity>>) -> (Sources, Vec<Diagnostic>) {
    judge_with(fixture, levels, &[])
}

fn judge_with(
    fixture: &Fixture,
    levels: &BTreeMap<String, Option<Severity>>,
    packages: &[Package],
) -> (Sources, Vec<Diagnostic>) {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let names: BTreeSet<String> = fixture.files.iter().map(|(path, _)| path.clone()).collect();
    let of_inventory = |path: &str| path == "inventory.yaml" || path.starts_with("inventory/");
    let written: Vec<_> = fixture
        .files
        .iter()
        .filter_map(|(path, text)| {
            let kind = if of_inventory(path) { Kind::Inventory } else { Kind::of(path.as_ref(), &names)? };
            let id = sources.add(path.as_str(), text.as_str());
            Some(Written { path: path.into(), id, kind, origin: Origin::Written })
        })
        .collect();
    let parts: Vec<_> = fixture
        .files
        .iter()
        .filter(|(path, _)| of_inventory(path))
        .map(|(path, text)| InventoryFile { path: path.clone(), bytes: text.clone().into_bytes() })
        .collect();
    let inventory = inventory::parse(&mut sources, &parts, &mut found);
    let mut files = Files::read(&sources, written, names);
    for path in flux::taken_in(&files) {
        let text = fixture.files.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_str());
        let id = sources.add(path.as_str(), text.expect("it is one of the files"));
        files.add(&sources, Written { path, id, kind: Kind::TakenIn, origin: Origin::Written });
    }
    let view = tofu::view(&sources, &files);
    let modules = Modules::load(&view, &mut found);
    let flux = Flux::resolve(&flux::view(&sources, &files), None, &mut found);
    let server = tofu::Server::of(inventory.as_ref(), &files, &flux);
    let mut tofu = tofu::Tofu::resolve(&sources, &files, &view, &modules, Some(&uncalled(&modules)), &mut found);
    tofu.run_by(server, &sources, &files);
    tofu.packages = packages;
    let read = syntax::yaml::RULES.iter().chain(syntax::hcl::RULES).map(|(id, _)| *id);
    let resolved = resolve_tofu::RULES.iter().chain(kustomize::RULES).chain(resolve_flux::RULES).map(|(id, _)| *id);
    let known = Known::of(RULES.iter().map(|rule| rule.id).chain(read).chain(resolved));
    let repo = Repo {
        sources: &sources,
        inventory: inventory.as_ref(),
        files: &files,
        tofu: &tofu,
        flux: &flux,
        allows: &allows(&sources, &files),
        known: &known,
        levels,
        is_complete: files.iter().all(|file| file.faults().is_empty()),
    };
    let found = run(&repo, found);
    (sources, found)
}

/// The folders that no other module calls: in a fixture they are roots, whether or not a backend makes them one.
fn uncalled(modules: &Modules) -> Vec<String> {
    modules.iter().map(|module| module.folder.clone()).filter(|folder| !modules.is_called(folder)).collect()
}

/// A repository with one cluster, whose only release is authentik by the chart `version` with `values`, the lines below
/// `values:` as they would stand at the margin; marks may stand among them, and in `version`.
pub(crate) fn authentik(version: &str, values: &str) -> String {
    let indented: String = values
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| match line.strip_prefix('#') {
            Some(mark) => format!("#    {mark}\n"),
            None => format!("    {line}\n"),
        })
        .collect();
    format!(
        "\
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{ name: flux-system, namespace: flux-system }}
spec:
  path: ./clusters/home
  sourceRef: {{ kind: GitRepository, name: flux-system }}
#- clusters/home/authentik.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {{ name: authentik, namespace: infra }}
spec: {{ url: https://charts.goauthentik.io }}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{ name: authentik, namespace: infra }}
spec:
  chart:
    spec:
      chart: authentik
      version: {version}
      sourceRef: {{ kind: HelmRepository, name: authentik }}
  values:
{indented}"
    )
}
