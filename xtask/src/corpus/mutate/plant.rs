//! Where a defect can be planted, and what it is.

use std::collections::BTreeSet;
use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::Span;
use labtree::check::Judged;
use manifest::Value;
use resolve_flux::{Cluster, Object};

use super::Dice;

const FLUX: &str = "kustomize.toolkit.fluxcd.io";
const HELM: &str = "helm.toolkit.fluxcd.io";
const SECRETS: &str = "external-secrets.io";

/// The sorts of defects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Path,
    Dependency,
    SourceName,
    SourceNamespace,
    ListedFile,
    MissingFile,
    ChartSource,
    Field,
    HealthCheck,
    Component,
    SubstitutionSource,
}

impl Sort {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "a typo in `spec.path`",
            Self::Dependency => "a renamed `dependsOn`",
            Self::SourceName => "a typo in the name of a source",
            Self::SourceNamespace => "a source in another namespace",
            Self::ListedFile => "a typo in a listed file",
            Self::MissingFile => "a removed file that is still listed",
            Self::ChartSource => "a typo in the source of a chart",
            Self::Field => "a typo in a field",
            Self::HealthCheck => "a typo in a health check",
            Self::Component => "a typo in a component",
            Self::SubstitutionSource => "a typo in a source of variables",
        }
    }
}

/// A defect that can be planted.
#[derive(Clone, Debug)]
pub(crate) struct Defect {
    pub(crate) sort: Sort,
    /// The file and the line that a person would edit to mend it.
    pub(crate) path: Utf8PathBuf,
    pub(crate) line: usize,
    /// What is replaced, if no file is taken away.
    pub(crate) range: Range<usize>,
    /// What stands there.
    pub(crate) text: String,
    /// The file that is taken away.
    pub(crate) takes: Option<Utf8PathBuf>,
}

/// All places of a repository where a defect can be planted, each once.
pub(crate) fn places(judged: &Judged) -> Vec<Defect> {
    let mut all = Planting { judged, seen: BTreeSet::new(), defects: Vec::new() };
    for cluster in &judged.flux.clusters {
        for object in &cluster.objects {
            all.of_object(cluster, object);
        }
        for file in &cluster.files {
            all.of_file(Utf8Path::new(file));
        }
    }
    all.defects
}

struct Planting<'j> {
    judged: &'j Judged,
    seen: BTreeSet<(Span, Sort)>,
    defects: Vec<Defect>,
}

impl Planting<'_> {
    fn of_object(&mut self, cluster: &Cluster, object: &Object) {
        let at = |path: &[&str]| object.value.at(path);
        if object.is(FLUX, "Kustomization") {
            let is_here = cluster.applied.iter().any(|applied| {
                applied.folder.is_some()
                    && applied.object.is_some_and(|index| std::ptr::eq(&cluster.objects[index], object))
            });
            if is_here {
                self.text(Sort::Path, at(&["spec", "path"]));
                for component in at(&["spec", "components"]).map(Value::items).unwrap_or_default() {
                    self.text(Sort::Component, Some(component));
                }
            }
            self.text(Sort::SourceName, at(&["spec", "sourceRef", "name"]));
            self.text(Sort::SourceNamespace, at(&["spec", "sourceRef", "namespace"]));
            for check in at(&["spec", "healthChecks"]).map(Value::items).unwrap_or_default() {
                if matches!(check.text_at("kind"), Some("HelmRelease" | "Kustomization")) {
                    self.text(Sort::HealthCheck, check.get("name"));
                }
            }
            for source in at(&["spec", "postBuild", "substituteFrom"]).map(Value::items).unwrap_or_default() {
                if source.get("optional").is_none() {
                    self.text(Sort::SubstitutionSource, source.get("name"));
                }
            }
        }
        if object.is(FLUX, "Kustomization") || object.is(HELM, "HelmRelease") {
            for dependency in at(&["spec", "dependsOn"]).map(Value::items).unwrap_or_default() {
                self.text(Sort::Dependency, dependency.get("name"));
            }
            self.field(at(&["spec"]), "interval");
        }
        if object.is(HELM, "HelmRelease") {
            self.text(Sort::ChartSource, at(&["spec", "chartRef", "name"]));
            self.text(Sort::ChartSource, at(&["spec", "chart", "spec", "sourceRef", "name"]));
        }
        if object.is(SECRETS, "ExternalSecret") {
            self.field(at(&["spec"]), "secretStoreRef");
        }
        if object.is("", "Service") || object.is("apps", "Deployment") {
            self.field(at(&["spec"]), "selector");
        }
    }

    /// The resources that the kustomization in `file` lists.
    fn of_file(&mut self, file: &Utf8Path) {
        let is_kustomization = matches!(file.file_name(), Some("kustomization.yaml" | "kustomization.yml"));
        let Some(read) = self.judged.files.get(file).filter(|_| is_kustomization) else { return };
        let folder = file.parent().unwrap_or(Utf8Path::new(""));
        for document in read.yaml() {
            let Some(items) = document.root.get("resources").and_then(|node| node.sequence()) else { continue };
            for item in items {
                // What `flux bootstrap` is still to write is not missed.
                let is_meant = |text: &str| !text.contains("://") && !text.contains("gotk-");
                let Some(scalar) = item.scalar().filter(|scalar| is_meant(&scalar.text)) else { continue };
                self.place(Sort::ListedFile, item.span, &scalar.text, None);
                let listed = folder.join(scalar.text.trim_start_matches("./"));
                if self.judged.files.names.contains(listed.as_str()) {
                    self.place(Sort::MissingFile, item.span, &scalar.text, Some(listed));
                }
            }
        }
    }

    fn text(&mut self, sort: Sort, value: Option<&Value>) {
        if let Some((text, span)) = value.and_then(|value| Some((value.text()?, value.span))) {
            self.place(sort, span, text, None);
        }
    }

    fn field(&mut self, map: Option<&Value>, key: &str) {
        if let Some(entry) = map.and_then(|map| map.entry(key)) {
            self.place(Sort::Field, entry.key.span, key, None);
        }
    }

    /// A place, if the text stands there as it is: not in a patch of several lines, not through an anchor.
    fn place(&mut self, sort: Sort, span: Span, text: &str, takes: Option<Utf8PathBuf>) {
        let written = self.judged.sources.slice(span).trim_matches(['"', '\'']);
        if written != text || text.len() < 3 || !self.seen.insert((span, sort)) {
            return;
        }
        let whole = self.judged.sources.slice(span);
        let start = span.start as usize + whole.find(text).unwrap_or_default();
        self.defects.push(Defect {
            sort,
            path: Utf8PathBuf::from(self.judged.sources.path(span)),
            line: self.judged.sources.location(span).line,
            range: start..start + text.len(),
            text: text.to_owned(),
            takes,
        });
    }
}

/// `text` with a letter of its last word left out, doubled or replaced.
pub(crate) fn misspelt(text: &str, dice: &mut Dice) -> String {
    let start = text.rfind('/').map_or(0, |slash| slash + 1);
    let word: Vec<char> = text[start..].chars().collect();
    let stem = word.iter().position(|next| *next == '.').filter(|at| *at > 0).unwrap_or(word.len());
    let letters: Vec<usize> = (0..stem).filter(|at| word[*at].is_alphanumeric()).collect();
    let Some(at) = (!letters.is_empty()).then(|| letters[dice.roll(letters.len())]) else { return format!("{text}x") };
    let mut word = word;
    match dice.roll(3) {
        0 if stem > 2 => drop(word.remove(at)),
        1 => word.insert(at, word[at]),
        _ => word[at] = if word[at] == 'q' { 'k' } else { 'q' },
    }
    let misspelt = format!("{}{}", &text[..start], word.into_iter().collect::<String>());
    if misspelt == text { format!("{text}x") } else { misspelt }
}
