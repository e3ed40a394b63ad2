//! Building a kustomization: what belongs to it is gathered from the bottom up, and changed on the way.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Spanned};
use manifest::Value;

use crate::bag::Bag;
use crate::config::Config;
use crate::file::{Kustomization, find};
use crate::object::Object;
use crate::openapi::OpenApi;
use crate::run::{Found, Run};
use crate::shape::{self, CONFIGURATION};
use crate::transform::{images, labels, names, namespace, replacements, replicas, variables};
use crate::{Build, KUSTOMIZATION_CYCLE, KUSTOMIZATION_KIND, KUSTOMIZATION_VALUE, MISSING_RESOURCE};
use crate::{crds, generate, hash, metadata, patch, path, plugins, read, references};

/// The one description of Kubernetes that kustomize 5.8 has.
const OPENAPI_VERSION: &str = "v1.21.2";

/// Builds `kustomization` as the outermost one, and adds labels and annotations of `common` to all objects at the end.
pub(crate) fn outermost(mut run: Run<'_>, kustomization: Option<Kustomization>, common: Option<&Value>) -> Build {
    let mut bag = Bag::default();
    if let Some(kustomization) = &kustomization {
        run.build_metadata = kustomization.texts("buildMetadata").into_iter().map(|text| text.value).collect();
        run.stack.push(kustomization.folder.clone());
        use_openapi(&mut run, kustomization);
        bag = accumulate(&mut run, kustomization, Bag::default());
        hash::add_to_names(&mut bag);
        references::fix(&mut run, &mut bag);
        variables::resolve(&mut run, &mut bag);
        metadata::finish(&mut run, kustomization, &mut bag);
        if let Some(common) = common {
            metadata::add_common(&mut run, &mut bag, common);
        }
    }
    Build { objects: bag.objects, found: run.found, is_complete: !run.is_open, files: run.used, patched: run.patched }
}

/// Gathers what `kustomization` names into `bag`, and changes it.
fn accumulate(run: &mut Run<'_>, kustomization: &Kustomization, mut bag: Bag) -> Bag {
    for named in kustomization.texts("resources").iter().chain(&kustomization.texts("bases")) {
        resource(run, kustomization, named, &mut bag);
    }
    let config = configuration(run, kustomization);
    bag.configure(run, &config);
    crds::configure(run, kustomization, &mut bag);
    generate::generate(run, kustomization, &mut bag);
    plugins::generate(run, kustomization, &mut bag);
    for named in kustomization.texts("components") {
        bag = component(run, kustomization, &named, bag);
    }
    transform(run, kustomization, &mut bag);
    for variable in variables::read(run, kustomization) {
        bag.declare(run, variable);
    }
    bag
}

/// What kustomize changes, in its order.
fn transform(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let steps: [(&str, &[&str], Step); 11] = [
        ("PatchStrategicMergeTransformer", &["patchesStrategicMerge"], patch::strategic_merges),
        ("PatchTransformer", &["patches"], patch::patches),
        ("NamespaceTransformer", &["namespace"], namespace::set),
        ("PrefixTransformer", &["namePrefix"], names::prefix),
        ("SuffixTransformer", &["nameSuffix"], names::suffix),
        ("LabelTransformer", &["labels", "commonLabels"], labels::labels),
        ("AnnotationsTransformer", &["commonAnnotations"], labels::annotations),
        ("PatchJson6902Transformer", &["patchesJson6902"], patch::json6902s),
        ("ReplicaCountTransformer", &["replicas"], replicas::set),
        ("ImageTagTransformer", &["images", "imageTags"], images::set),
        ("ReplacementTransformer", &["replacements"], replacements::replace),
    ];
    for (name, fields, step) in steps {
        if fields.iter().any(|field| kustomization.value.get(field).is_some()) {
            step(run, kustomization, bag);
            metadata::note_transformation(run, kustomization, name, fields, bag);
        }
    }
    plugins::transform(run, kustomization, bag);
}

type Step = fn(&mut Run<'_>, &Kustomization, &mut Bag);

/// Adds what `named` names: the objects of a file, or what a folder builds.
pub(crate) fn resource(run: &mut Run<'_>, kustomization: &Kustomization, named: &Spanned<String>, bag: &mut Bag) {
    if path::is_remote_file(named) || path::is_repository(named) {
        run.is_open = true;
        return;
    }
    let folder = &kustomization.folder;
    if is_awaited(run, folder, named) {
        run.is_open = true;
        return;
    }
    match path::join(folder, named).filter(|_| !named.is_empty()) {
        Some(at) if run.files.is_file(&at) => {
            let _ = run.locate(folder, named);
            file(run, &at, bag);
        }
        Some(at) if run.files.is_folder(&at) => {
            if let Some(base) = enter(run, &at, named, false) {
                let built = accumulate(run, &base, Bag::default());
                run.stack.pop();
                bag.absorb(run, built);
            }
        }
        _ => run.missing(folder, named),
    }
}

/// Whether `named` is one of the files that `flux bootstrap` writes, and has not written yet, or not filled.
fn is_awaited(run: &Run<'_>, folder: &Utf8Path, named: &str) -> bool {
    let Some(at) = path::join(folder, named) else { return false };
    let is_bootstrap = at.file_name().is_some_and(|name| ["gotk-components.yaml", "gotk-sync.yaml"].contains(&name));
    is_bootstrap && (!run.files.is_file(&at) || run.files.yaml_at(&at).is_some_and(<[_]>::is_empty))
}

/// Adds the objects of the file at `at`.
fn file(run: &mut Run<'_>, at: &Utf8Path, bag: &mut Bag) {
    let Some(Found::Yaml(_, documents)) = run.yaml_at(at) else { return };
    let mut found = Vec::new();
    let values = read::objects(run.files, &documents, &mut found);
    run.is_open |= !found.is_empty();
    run.found.append(&mut found);
    for value in values {
        let mut object = Object::new(value, at.to_owned());
        object.origin = metadata::origin_of_file(run, at);
        bag.add(run, object);
    }
}

/// Has the component that `named` names change what `bag` has.
fn component(run: &mut Run<'_>, kustomization: &Kustomization, named: &Spanned<String>, bag: Bag) -> Bag {
    if path::is_repository(named) {
        run.is_open = true;
        return bag;
    }
    let at = path::join(&kustomization.folder, named).filter(|_| !named.is_empty());
    let Some(at) = at.filter(|at| run.files.is_folder(at) || run.files.is_file(at)) else {
        run.missing(&kustomization.folder, named);
        return bag;
    };
    if !run.files.is_folder(&at) {
        let message = format!("`{}` is a file, a component is a folder", named.value);
        run.found.push(Diagnostic::error(MISSING_RESOURCE, named.span, message).help("name its folder"));
        return bag;
    }
    match enter(run, &at, named, true) {
        Some(component) => {
            let changed = accumulate(run, &component, bag);
            run.stack.pop();
            changed
        }
        None => bag,
    }
}

/// The kustomization in the folder `at`, which is being built from now on.
fn enter(run: &mut Run<'_>, at: &Utf8Path, named: &Spanned<String>, is_component: bool) -> Option<Kustomization> {
    if let Some(around) = run.stack.iter().find(|folder| folder.starts_with(at)) {
        let what = if around == at { "itself" } else { "the folder around it" };
        let message = format!("`{}` leads back: the kustomization in `{around}` would contain {what}", named.value);
        run.found.push(Diagnostic::error(KUSTOMIZATION_CYCLE, named.span, message));
        run.is_open = true;
        return None;
    }
    if path::is_ambiguous(named) {
        let message = format!("`{}` looks like two paths", named.value);
        run.found.push(Diagnostic::error(MISSING_RESOURCE, named.span, message).help("align the items of the list"));
    }
    if find(run, at).is_none() {
        let message = format!("the folder `{}` has no kustomization", named.value);
        run.found.push(
            Diagnostic::error(MISSING_RESOURCE, named.span, message).help(format!("add `{at}/kustomization.yaml`")),
        );
        run.is_open = true;
        return None;
    }
    let kustomization = Kustomization::read(run, at);
    run.is_open |= kustomization.is_none();
    let kustomization = kustomization?;
    if kustomization.is_component() != is_component {
        let (is, wanted) = if is_component { ("no component", "resources") } else { ("a component", "components") };
        let message = format!("`{}` is {is}", named.value);
        let fault = Diagnostic::error(KUSTOMIZATION_KIND, named.span, message);
        run.found.push(fault.help(format!("name it below `{wanted}:`")));
    }
    use_openapi(run, &kustomization);
    run.stack.push(at.to_owned());
    Some(kustomization)
}

/// Takes the shapes of kinds from the file that `openapi:` names; the outermost kustomization that has one wins.
fn use_openapi(run: &mut Run<'_>, kustomization: &Kustomization) {
    let openapi = kustomization.value.get("openapi");
    let version = openapi.and_then(|openapi| crate::file::text_at(openapi, "version"));
    if let Some(version) = version.filter(|version| version.value != OPENAPI_VERSION && !run.has_own_api) {
        let message = format!("kustomize has no OpenAPI description of `{}`", version.value);
        let fault = Diagnostic::error(KUSTOMIZATION_VALUE, version.span, message);
        run.found.push(fault.help(format!("write `{OPENAPI_VERSION}`, the only one it has")));
    }
    let Some(named) = openapi.and_then(|openapi| crate::file::text_at(openapi, "path")) else { return };
    match run.yaml(&kustomization.folder, &named) {
        Some(Found::Yaml(_, documents)) if !run.has_own_api => {
            if let Some(document) = documents.first() {
                let described = manifest::read(&document.root, syntax::yaml::plain::kubernetes);
                run.api = Arc::new(OpenApi::read(&described));
                run.has_own_api = true;
            }
        }
        _ => {}
    }
}

/// The configuration of kustomize with what the files of `configurations:` say.
fn configuration(run: &mut Run<'_>, kustomization: &Kustomization) -> Arc<Config> {
    let mut own = Arc::default();
    let mut conflicts = Vec::new();
    for named in kustomization.texts("configurations") {
        let Some(Found::Yaml(_, documents)) = run.yaml(&kustomization.folder, &named) else { continue };
        let Some(document) = documents.first() else { continue };
        let value = manifest::read(&document.root, syntax::yaml::plain::kubernetes);
        if let Some(value) = shape::fit(value, &CONFIGURATION, &mut run.found) {
            own = Config::merge(&own, &Arc::new(Config::read(&value, &mut run.found)), &mut conflicts);
        }
    }
    let config = Config::merge(&Config::standard(), &own, &mut conflicts);
    if !conflicts.is_empty() {
        let message = format!("the fields for `{}` contradict those of kustomize", conflicts.join("`, `"));
        let place = kustomization.place("configurations");
        run.found.push(Diagnostic::error(KUSTOMIZATION_VALUE, place, message).help("say the same of `create`"));
    }
    config
}

/// The kustomization in `folder`; that there is none is told at no place, for nothing names it.
pub(crate) fn root(run: &mut Run<'_>, folder: &Utf8Path) -> Option<Kustomization> {
    let folder: Utf8PathBuf = path::join(Utf8Path::new(""), folder.as_str())?;
    Kustomization::read(run, &folder)
}
