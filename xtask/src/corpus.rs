//! `cargo xtask corpus`: what `labtree check` finds in repositories that others wrote.

mod mutate;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Severity, Sources};
use labtree::check::{Judged, judge};
use labtree::disk::RealDisk;
use resolve_flux::{Applied, Cluster, Share};

use crate::{Failure, say};

/// A folder whose folders are checked-out repositories.
const CORPUS: &str = "LABTREE_CORPUS";

/// The API group of HelmReleases.
const HELM: &str = "helm.toolkit.fluxcd.io";

/// How many findings of a rule and a severity there are in each repository.
type Rows = BTreeMap<(&'static str, Severity), Vec<usize>>;

/// A repository and what was found in it.
struct Repository {
    name: String,
    judged: Judged,
}

/// Checks every repository and prints the findings of each rule, then all errors, or all findings of `rule`.
pub(crate) fn run(rule: Option<&str>) -> Result<bool, Failure> {
    if let Some(rule) = rule
        && !labtree::catalogue::all().iter().any(|entry| entry.id == rule)
    {
        return Err(format!("there is no rule `{rule}`; `cargo xtask rules` lists them").into());
    }
    let folder = folder()?.ok_or_else(|| format!("{}, then run this again", unset()))?;
    let repositories = repositories(&folder)?.into_iter().map(check).collect::<Result<Vec<_>, _>>()?;
    report(&repositories, rule).iter().for_each(say);
    Ok(true)
}

/// Plants `count` defects by `seed` in the corpus, and prints how many are told.
pub(crate) fn mutate(seed: u64, count: usize) -> Result<bool, Failure> {
    let folder = folder()?.ok_or_else(|| format!("{}, then run this again", unset()))?;
    mutate::run(&repositories(&folder)?, seed, count)
}

/// The folder of the corpus, if the environment names one.
pub(crate) fn folder() -> Result<Option<Utf8PathBuf>, Failure> {
    let Some(folder) = std::env::var_os(CORPUS).filter(|folder| !folder.is_empty()) else { return Ok(None) };
    let folder = Utf8PathBuf::try_from(std::path::PathBuf::from(folder))?;
    if folder.is_dir() {
        Ok(Some(folder))
    } else {
        Err(format!("{CORPUS} names `{folder}`, which is no folder").into())
    }
}

/// What to set when there is no corpus.
pub(crate) fn unset() -> String {
    format!("set {CORPUS} to a folder whose folders are checked-out repositories")
}

/// The repositories in `folder`, in order of their names.
pub(crate) fn repositories(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in folder.read_dir_utf8()? {
        let path = entry?.into_path();
        if path.is_dir() {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(format!("no folder lies in `{folder}`").into());
    }
    found.sort();
    Ok(found)
}

fn check(folder: Utf8PathBuf) -> Result<Repository, Failure> {
    let disk = RealDisk::open(&folder).map_err(|error| format!("{folder}: {error}"))?;
    let judged = judge(&disk, "labtree").map_err(|failure| format!("{folder}: {failure}"))?;
    let name = folder.file_name().unwrap_or(folder.as_str()).to_owned();
    Ok(Repository { name, judged })
}

/// How often each rule is broken in each repository, as Markdown; then every error, or every finding of `rule`. What
/// `check` counts only, the 101st finding of a rule in one file and those behind it, is not in it.
fn report(repositories: &[Repository], rule: Option<&str>) -> Vec<String> {
    let is_meant = |finding: &&Diagnostic| rule.is_none_or(|rule| finding.rule == rule);
    let mut rows = Rows::new();
    for (at, Repository { judged, .. }) in repositories.iter().enumerate() {
        for finding in judged.found.iter().filter(is_meant) {
            let counts = rows.entry((finding.rule, finding.severity)).or_insert_with(|| vec![0; repositories.len()]);
            counts[at] += 1;
        }
    }
    let names: Vec<_> = repositories.iter().map(|repository| repository.name.as_str()).collect();
    let mut lines = vec![
        format!("| rule | {} | total |", names.join(" | ")),
        format!("| --- |{} ---: |", " ---: |".repeat(names.len())),
    ];
    lines.extend(rows.iter().map(|((rule, severity), counts)| row(&format!("{} `{rule}`", severity.name()), counts)));
    let counts = |count: &dyn Fn(&Judged) -> usize| -> Vec<usize> {
        repositories.iter().map(|repository| count(&repository.judged)).collect()
    };
    lines.push(row("all findings", &counts(&|judged| judged.found.iter().filter(is_meant).count())));
    lines.push(row("files looked at", &counts(&|judged| judged.files.iter().len())));
    let of_clusters =
        |count: &dyn Fn(&Cluster) -> usize| counts(&|judged: &Judged| judged.flux.clusters.iter().map(count).sum());
    lines.push(row("clusters", &counts(&|judged| judged.flux.clusters.len())));
    lines.push(row("Flux Kustomizations", &of_clusters(&|cluster| cluster.applied.len())));
    lines.push(row(
        "of which all is known",
        &of_clusters(&|cluster| cluster.applied.iter().filter(|one| is_known(one)).count()),
    ));
    lines.push(row("HelmReleases", &of_clusters(&|cluster| cluster.of(HELM, "HelmRelease").count())));
    lines.push(row("objects", &of_clusters(&|cluster| cluster.objects.len())));
    lines.push(String::new());
    for Repository { name, judged: Judged { sources, found, .. } } in repositories {
        let shown = found.iter().filter(is_meant).filter(|found| rule.is_some() || found.severity == Severity::Error);
        lines.extend(shown.map(|finding| line(name, sources, finding)));
    }
    lines
}

/// Whether everything that it applies was built.
fn is_known(applied: &Applied) -> bool {
    applied.share == Share::All
}

fn row(head: &str, counts: &[usize]) -> String {
    let cell = |count: &usize| if *count == 0 { " ".to_owned() } else { count.to_string() };
    let cells: Vec<_> = counts.iter().map(cell).collect();
    format!("| {head} | {} | {} |", cells.join(" | "), counts.iter().sum::<usize>())
}

/// `repository/path:line: rule: message`, with what a terminal would do shown instead.
fn line(name: &str, sources: &Sources, finding: &Diagnostic) -> String {
    let span = finding.primary.span;
    let (path, line) = (sources.path(span), sources.location(span).line);
    let text = format!("{name}/{path}:{line}: {}: {}", finding.rule, finding.message);
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_counted_by_rule_and_repository_and_errors_are_told() {
        let held = tempfile::tempdir().expect("a temporary folder can be made");
        let corpus = Utf8Path::from_path(held.path()).expect("its path is UTF-8");
        for (path, text) in [
            ("attic/compose.yaml", "services: {}\nservices: {}\n"),
            ("attic/tofu/main.tf", "output \"a\" {\n  value=1\n}\n"),
            ("cellar/flux/service.yaml", "apiVersion: v1\nkind: Service\nkind: Service\n"),
            ("cellar/tofu/home.tfvars", "a = [\n"),
            ("notes.md", "no repository\n"),
        ] {
            let path = corpus.join(path);
            std::fs::create_dir_all(path.parent().expect("it lies in the corpus")).expect("folders can be made");
            std::fs::write(path, text).expect("files can be written");
        }
        let folders = repositories(corpus).expect("there are some");
        let checked: Vec<_> = folders.into_iter().map(|folder| check(folder).expect("it can be read")).collect();
        assert_eq!(
            report(&checked, None),
            [
                "| rule | attic | cellar | total |",
                "| --- | ---: | ---: | ---: |",
                "| warning `duplicate-yaml-key` | 1 |   | 1 |",
                "| error `duplicate-yaml-key` |   | 1 | 1 |",
                "| hint `tofu-layout` | 1 |   | 1 |",
                "| error `tofu-syntax` |   | 1 | 1 |",
                "| all findings | 2 | 2 | 4 |",
                "| files looked at | 2 | 2 | 4 |",
                "| clusters |   |   | 0 |",
                "| Flux Kustomizations |   |   | 0 |",
                "| of which all is known |   |   | 0 |",
                "| HelmReleases |   |   | 0 |",
                "| objects |   |   | 0 |",
                "",
                "cellar/flux/service.yaml:3: duplicate-yaml-key: `kind` is written twice",
                "cellar/tofu/home.tfvars:2: tofu-syntax: the file ends where a value has to stand",
            ]
        );
        let of_layout = report(&checked, Some("tofu-layout"));
        assert_eq!(
            of_layout[2..],
            [
                "| hint `tofu-layout` | 1 |   | 1 |",
                "| all findings | 1 |   | 1 |",
                "| files looked at | 2 | 2 | 4 |",
                "| clusters |   |   | 0 |",
                "| Flux Kustomizations |   |   | 0 |",
                "| of which all is known |   |   | 0 |",
                "| HelmReleases |   |   | 0 |",
                "| objects |   |   | 0 |",
                "",
                "attic/tofu/main.tf:2: tofu-layout: `tofu fmt` lays this file out anew from here on",
            ]
        );
    }
}
