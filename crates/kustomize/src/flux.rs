//! What Flux builds: the kustomization of a folder, or a list of all its manifests, with the fields of a Flux
//! Kustomization laid over it, as `fluxcd/pkg/kustomize` writes them into it.

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Severity, Span, Spanned};
use manifest::{Content, Value};

use crate::file::{self, Kustomization, NAMES, texts};
use crate::files::Files;
use crate::run::Run;
use crate::shape::{self, KUSTOMIZATION};
use crate::{Build, KUSTOMIZATION_VALUE, MISSING_RESOURCE, Options, UNKNOWN_KUSTOMIZATION_FIELD, build, path};

/// What a source of Flux leaves out unless it is told otherwise, by the name of the file or of a folder around it.
const LEFT_OUT: [&str; 13] = [
    ".appveyor.yml",
    ".circleci",
    ".drone.yml",
    ".flux.yaml",
    ".github",
    ".gitlab-ci.yml",
    ".goreleaser.yml",
    ".sops.yaml",
    ".travis.yml",
    "appveyor.yml",
    "cloudbuild.yaml",
    "codeship-services.yml",
    "codeship-steps.yml",
];

/// Builds `folder` as Flux does for a Kustomization whose `spec` that is.
///
/// Taken from `spec` are `targetNamespace`, `namePrefix`, `nameSuffix`, `patches`, `patchesStrategicMerge`,
/// `patchesJson6902`, `images`, `components`, `ignoreMissingComponents`, `buildMetadata` and `commonMetadata`. What has
/// no place in the folder has that of `spec.path`.
pub fn overlay(files: &Files<'_>, folder: &Utf8Path, spec: &Value, options: &Options) -> Build {
    let mut run = Run::new(files, options);
    let at = spec.get("path").unwrap_or(spec).span;
    let Some(folder) = path::join(Utf8Path::new(""), folder.as_str()).filter(|folder| files.is_folder(folder)) else {
        run.missing(Utf8Path::new(""), &Spanned::new(folder.to_string(), at));
        return build::outermost(run, None, None);
    };
    let (path, value) = match file::find(&run, &folder) {
        Some(path) => {
            run.uses(&path);
            let Some(value) = written(&mut run, &path) else {
                run.is_open = true;
                return build::outermost(run, None, None);
            };
            (path, value)
        }
        None => {
            run.is_open |= files.is_partly_closed(&folder);
            (folder.join(NAMES[0]), listing(files, &folder, at))
        }
    };
    let mut kustomization = Kustomization { folder, path, value };
    lay_over(&mut run, &mut kustomization, spec);
    build::outermost(run, Some(kustomization), spec.get("commonMetadata"))
}

/// The kustomization at `path`. Flux reads this one, and only this one, without minding fields that it does not know.
fn written(run: &mut Run<'_>, path: &Utf8Path) -> Option<Value> {
    let value = file::written(run, path)?;
    let span = value.span;
    let count = run.found.len();
    let value = shape::fit(value, &KUSTOMIZATION, &mut run.found);
    for fault in run.found.iter_mut().skip(count).filter(|fault| fault.rule == UNKNOWN_KUSTOMIZATION_FIELD) {
        fault.severity = Severity::Warning;
    }
    let mut value = value.unwrap_or_else(|| Value::new(Content::Map(Vec::new()), span));
    if value.items_at("resources").is_empty() {
        let option = Value::of_text("originAnnotations", span);
        set(&mut value, "buildMetadata", Value::new(Content::List(vec![option]), span));
    }
    Some(value)
}

fn set(value: &mut Value, key: &str, content: Value) {
    value.set(Spanned::new(key.to_owned(), content.span), content);
}

/// A kustomization of all manifests in and below `folder`; a folder with a kustomization is one of them.
fn listing(files: &Files<'_>, folder: &Utf8Path, at: Span) -> Value {
    let mut resources: Vec<Utf8PathBuf> = Vec::new();
    for path in files.below(folder) {
        let Ok(name) = path.strip_prefix(folder) else { continue };
        let is_left_out = name.iter().any(|part| LEFT_OUT.contains(&part));
        if is_left_out || resources.last().is_some_and(|last| name.starts_with(last)) {
            continue;
        }
        let built = name.ancestors().skip(1).filter(|around| !around.as_str().is_empty());
        let outermost = built.filter(|around| has_kustomization(files, &folder.join(around))).last();
        match outermost {
            Some(around) => resources.push(around.to_owned()),
            None if ["yaml", "yml"].contains(&name.extension().unwrap_or_default()) => resources.push(name.to_owned()),
            None => {}
        }
    }
    let mut value = Value::new(Content::Map(Vec::new()), at);
    let resources = resources.into_iter().map(|path| Value::of_text(path.into_string(), at)).collect();
    set(&mut value, "resources", Value::new(Content::List(resources), at));
    value
}

fn has_kustomization(files: &Files<'_>, folder: &Utf8Path) -> bool {
    NAMES.iter().any(|name| files.is_file(&folder.join(name)))
}

/// Puts the fields of `spec` into the kustomization.
fn lay_over(run: &mut Run<'_>, kustomization: &mut Kustomization, spec: &Value) {
    for (of, to) in [("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")] {
        if let Some(text) = spec.get(of).filter(|value| value.text().is_some()) {
            set(&mut kustomization.value, to, text.clone());
        }
    }
    for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
        push(&mut kustomization.value, key, spec.items_at(key).iter().cloned());
    }
    let ignores_missing = spec.get("ignoreMissingComponents").and_then(Value::bool).unwrap_or(false);
    for component in texts(spec.items_at("components")) {
        if path::is_repository(&component) || component.starts_with('/') {
            let message = format!("the component `{}` is no folder of this repository", component.value);
            run.found.push(Diagnostic::error(MISSING_RESOURCE, component.span, message));
            continue;
        }
        let at = path::join(&kustomization.folder, &component);
        let is_there = at.is_some_and(|at| run.files.is_folder(&at) || run.files.is_file(&at));
        if is_there || !ignores_missing {
            let item = Value::of_text(component.value, component.span);
            push(&mut kustomization.value, "components", std::iter::once(item));
        }
    }
    for image in spec.items_at("images") {
        add_image(&mut kustomization.value, image);
    }
    let options = spec.get("buildMetadata").filter(|options| !options.items().is_empty());
    if let Some(options) = options {
        set(&mut kustomization.value, "buildMetadata", options.clone());
    }
    let kind = kustomization.value.text_at("kind").unwrap_or_default();
    if !kind.is_empty() && kind != "Kustomization" && kind != "Component" {
        let span = kustomization.value.get("kind").map_or(kustomization.value.span, |kind| kind.span);
        run.found.push(Diagnostic::error(KUSTOMIZATION_VALUE, span, "a kustomization is of the kind `Kustomization`"));
    }
}

fn push(value: &mut Value, key: &str, more: impl Iterator<Item = Value>) {
    let more: Vec<Value> = more.collect();
    let Some(first) = more.first() else { return };
    if value.get(key).is_none() {
        set(value, key, Value::new(Content::List(Vec::new()), first.span));
    }
    if let Some(Value { content: Content::List(items), .. }) = value.get_mut(key) {
        items.extend(more);
    }
}

/// Adds an image, or what it says to the image of that name that is there.
fn add_image(value: &mut Value, image: &Value) {
    let known = match value.get_mut("images") {
        Some(Value { content: Content::List(items), .. }) => {
            items.iter_mut().find(|known| known.text_at("name") == image.text_at("name"))
        }
        _ => None,
    };
    let Some(known) = known else { return push(value, "images", std::iter::once(image.clone())) };
    let given = |key: &str| image.get(key).filter(|value| value.text().is_some_and(|text| !text.is_empty()));
    if let Some(name) = given("newName") {
        set(known, "newName", name.clone());
    }
    if given("newTag").is_some() || given("digest").is_some() {
        for key in ["newTag", "digest"] {
            match given(key) {
                Some(value) => set(known, key, value.clone()),
                None => drop(known.remove(key)),
            }
        }
    }
}
