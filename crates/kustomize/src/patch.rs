//! Patches: read from a kustomization or a file, and applied to what they mean.

use std::rc::Rc;

use diagnostic::{Diagnostic, Span, Spanned};
use manifest::{Content, Value};
use syntax::yaml::{Document, plain};

use crate::bag::Bag;
use crate::embed::Embedded;
use crate::file::{Kustomization, text_at};
use crate::files::Files;
use crate::json6902::{self, Operation};
use crate::object::{Gvk, Object, is_empty, scalar_at};
use crate::run::{Found, Run};
use crate::selector::Selector;
use crate::strategic::{self, Context, Refusal};
use crate::{INVALID_PATCH, PATCH_FAILS, PATCH_WITHOUT_TARGET, read};

/// What a patch does.
#[derive(Debug)]
enum Patch {
    /// One or several strategic merge patches.
    Strategic(Vec<Value>),
    /// Operations on JSON.
    Json(Vec<Operation>),
}

/// What a strategic merge patch may change besides.
#[derive(Clone, Copy, Default)]
struct Allowed {
    name: bool,
    kind: bool,
}

/// Applies `patchesStrategicMerge`, whose items are paths, or patches themselves.
pub(crate) fn strategic_merges(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let mut has_patch = false;
    for item in kustomization.items("patchesStrategicMerge") {
        // Flux has them as objects.
        let Some(text) = item.text() else {
            has_patch = true;
            apply_by_name(run, bag, vec![item.clone()], Allowed::default(), true);
            continue;
        };
        let item = Spanned::new(text.to_owned(), item.span);
        let embedded = Embedded::new(run.files, &item, item.span);
        let inline = embedded.documents(&item).ok().filter(|documents| documents.iter().any(is_map));
        let patches = match inline {
            Some(documents) => strategic(run.files, &documents, Some(&embedded), &mut run.found),
            None => match run.yaml(&kustomization.folder, &item) {
                Some(Found::Yaml(_, documents)) => strategic(run.files, &documents, None, &mut run.found),
                Some(Found::Unknown) | None => {
                    has_patch = true;
                    continue;
                }
            },
        };
        has_patch |= !patches.is_empty();
        apply_by_name(run, bag, patches, Allowed::default(), true);
    }
    if !has_patch && !kustomization.items("patchesStrategicMerge").is_empty() && !run.is_open {
        let place = kustomization.place("patchesStrategicMerge");
        run.found.push(Diagnostic::error(INVALID_PATCH, place, "the patches say nothing"));
    }
}

fn is_map(document: &Document) -> bool {
    document.root.mapping().is_some()
}

/// Applies `patches`.
pub(crate) fn patches(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    for item in kustomization.items("patches") {
        let Some((span, patch)) = load(run, kustomization, item, true) else { continue };
        let target = match item.get("target") {
            Some(target) => match Selector::read(target, &mut run.found) {
                Some(selector) => Some((selector, target.span)),
                None => continue,
            },
            None => None,
        };
        let option = |key: &str| item.at(&["options", key]).and_then(Value::bool).unwrap_or(false);
        let allowed = Allowed { name: option("allowNameChange"), kind: option("allowKindChange") };
        match (&*patch, target) {
            (Patch::Strategic(patches), Some((selector, at))) => {
                if let [patch] = patches.as_slice() {
                    apply_selected(run, bag, patch, &selector, at, allowed);
                } else if patches.len() > 1 {
                    let message = "several patches cannot share one `target`";
                    run.found
                        .push(Diagnostic::error(INVALID_PATCH, at, message).help("give each a `- patch:` of its own"));
                }
            }
            (Patch::Strategic(patches), None) => apply_by_name(run, bag, patches.clone(), allowed, false),
            (Patch::Json(operations), Some((selector, at))) => {
                apply_json(run, bag, operations, &selector, at, true);
            }
            (Patch::Json(_), None) => {
                let fault = Diagnostic::error(INVALID_PATCH, span, "a JSON patch needs a `target`");
                run.found.push(fault.help("say what it changes: `target: { kind: ..., name: ... }`"));
            }
        }
    }
}

/// Applies `patchesJson6902`.
pub(crate) fn json6902s(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    for item in kustomization.items("patchesJson6902") {
        let Some((span, patch)) = load(run, kustomization, item, false) else { continue };
        let Patch::Json(operations) = &*patch else {
            run.found
                .push(Diagnostic::error(INVALID_PATCH, span, "this is no JSON patch").help("move it to `patches`"));
            continue;
        };
        let Some(target) = item.get("target").filter(|target| text_at(target, "name").is_some()) else {
            let fault = Diagnostic::error(INVALID_PATCH, item.span, "a JSON patch needs a `target` with a `name`");
            run.found.push(fault);
            continue;
        };
        if let Some(selector) = Selector::read(target, &mut run.found) {
            apply_json(run, bag, operations, &selector, target.span, false);
        }
    }
}

/// The patch of an item with `patch` or `path`, and where it is named. Of `patches`, kustomize trims the text: a block
/// that ends it loses its line break.
fn load(run: &mut Run<'_>, kustomization: &Kustomization, item: &Value, trims: bool) -> Option<(Span, Rc<Patch>)> {
    let inline = text_at(item, "patch").filter(|patch| !patch.trim().is_empty());
    let path = text_at(item, "path");
    // Flux has the operations as a list.
    if let Some(operations) = item.get("patch").filter(|patch| matches!(patch.content, Content::List(_))) {
        return match json6902::operations(operations) {
            Ok(found) => Some((operations.span, Rc::new(Patch::Json(found)))),
            Err(refusal) => {
                run.refuse(INVALID_PATCH, refusal);
                None
            }
        };
    }
    match (inline, path) {
        (Some(_), Some(path)) => {
            let fault = Diagnostic::error(INVALID_PATCH, path.span, "the patch has both `patch` and `path`");
            run.found.push(fault.help("delete one of them"));
            None
        }
        (None, None) => {
            let fault = Diagnostic::error(INVALID_PATCH, item.span, "the patch says nothing");
            run.found.push(fault.help("write it below `patch: |`, or name its file: `path: ...`"));
            None
        }
        (Some(text), None) => {
            let read = inline_once(run.files, &text, trims);
            run.found.extend(read.found.iter().cloned());
            read.patch.clone().map(|patch| (text.span, patch))
        }
        (None, Some(path)) => {
            let Found::Yaml(id, documents) = run.yaml(&kustomization.folder, &path)? else { return None };
            let patch = parse(run.files, &documents, run.files.text(id), path.span, None, &mut run.found);
            patch.map(|patch| (path.span, Rc::new(patch)))
        }
    }
}

/// A patch that is written in a kustomization itself, read.
#[derive(Debug, Default)]
pub(crate) struct Inline {
    patch: Option<Rc<Patch>>,
    found: Vec<Diagnostic>,
}

/// The patch `text`. Flux puts the same patches into many kustomizations, so each is read once.
fn inline_once(files: &Files<'_>, text: &Spanned<String>, trims: bool) -> Rc<Inline> {
    let key = (text.clone(), trims);
    if let Some(known) = files.inline.borrow().get(&key) {
        return Rc::clone(known);
    }
    let read = Rc::new(inline(files, text, trims));
    files.inline.borrow_mut().insert(key, Rc::clone(&read));
    read
}

fn inline(files: &Files<'_>, text: &Spanned<String>, trims: bool) -> Inline {
    let embedded = Embedded::new(files, text, text.span);
    let written = if trims { text.trim_end() } else { text.as_str() };
    let mut found = Vec::new();
    let patch = match embedded.documents(written) {
        Ok(documents) => parse(files, &documents, written, text.span, Some(&embedded), &mut found),
        Err(fault) => {
            found.push(*fault);
            None
        }
    };
    Inline { patch: patch.map(Rc::new), found }
}

/// The patch in `documents`: operations if the first is a list.
fn parse(
    files: &Files<'_>,
    documents: &[Document],
    text: &str,
    span: Span,
    embedded: Option<&Embedded>,
    found: &mut Vec<Diagnostic>,
) -> Option<Patch> {
    let Some(first) = documents.iter().find(|document| !document.root.is_empty()) else {
        found.push(Diagnostic::warning(INVALID_PATCH, span, "the patch says nothing"));
        return None;
    };
    if first.root.sequence().is_none() {
        let patches = strategic(files, documents, embedded, found);
        return (!patches.is_empty()).then_some(Patch::Strategic(patches));
    }
    if text.trim_start().starts_with('[') && serde_json::from_str::<serde_json::Value>(text).is_err() {
        let fault = Diagnostic::error(INVALID_PATCH, span, "a JSON patch that starts with `[` has to be JSON");
        found.push(fault.help("write it as a YAML list: `- op: ...`"));
        return None;
    }
    let value = match embedded {
        Some(embedded) => embedded.read(first, plain::kubernetes),
        None => manifest::read(&first.root, plain::kubernetes),
    };
    match json6902::operations(&value) {
        Ok(operations) => Some(Patch::Json(operations)),
        Err(refusal) => {
            found.push(Diagnostic::error(INVALID_PATCH, refusal.span, refusal.message));
            None
        }
    }
}

/// The strategic merge patches in `documents`.
fn strategic(
    files: &Files<'_>,
    documents: &[Document],
    embedded: Option<&Embedded>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Value> {
    let mut faults = Vec::new();
    let patches = match embedded {
        Some(embedded) => {
            let documents = documents.iter().filter(|document| !document.root.is_empty());
            let values = documents.map(|document| embedded.read(document, plain::go_yaml3)).collect();
            read::check(values, false, &mut faults)
        }
        None => read::objects(files, documents, &mut faults),
    };
    found.extend(faults.into_iter().map(|fault| Diagnostic {
        rule: INVALID_PATCH,
        message: fault.message.replace("the object has", "the patch has"),
        ..fault
    }));
    patches
}

/// Applies each patch to the object that it names; `is_old` for `patchesStrategicMerge`.
fn apply_by_name(run: &mut Run<'_>, bag: &mut Bag, patches: Vec<Value>, allowed: Allowed, is_old: bool) {
    for mut patch in patches {
        if is_old {
            make_metadata_texts(run, &mut patch);
        }
        let wanted = Object::new(patch.clone(), camino::Utf8PathBuf::new()).id();
        let mut matches = bag.objects.iter_mut().filter(|object| object.ids().iter().any(|id| wanted.equals(id)));
        match (matches.next(), matches.next()) {
            (Some(object), None) => {
                if let Err(refusal) = apply(Context { api: &run.api, files: run.files }, object, patch, allowed) {
                    run.refuse(PATCH_FAILS, refusal);
                }
            }
            (Some(_), Some(_)) => {
                let message = format!("the patch may mean several objects called `{wanted}`");
                run.found.push(Diagnostic::error(PATCH_WITHOUT_TARGET, manifest::Identity::place(&patch), message));
            }
            (None, _) if run.is_open => {}
            (None, _) => run.found.push(no_target(bag, &patch, &wanted)),
        }
        bag.change().retain(|object| !is_empty(&object.value));
    }
}

/// Makes labels and annotations of a patch texts, as kustomize does unless a patch of `patches` has no target: a null
/// deletes none then, but writes `null`.
fn make_metadata_texts(run: &Run<'_>, patch: &mut Value) {
    for key in ["labels", "annotations"] {
        if let Some(metadata) = patch.get_mut("metadata") {
            crate::metadata::make_texts(run.files, metadata, key, true);
        }
    }
}

fn no_target(bag: &Bag, patch: &Value, wanted: &crate::object::Id) -> Diagnostic {
    let same_kind = || bag.objects.iter().map(Object::original_id).filter(|id| id.gvk.kind == wanted.gvk.kind);
    let same_name = same_kind().find(|id| id.name == wanted.name);
    let names: Vec<String> = same_kind().map(|id| id.name).collect();
    let place = manifest::Identity::place(patch);
    match same_name {
        Some(id) if id.gvk != wanted.gvk => {
            let span = patch.get("apiVersion").map_or(place, |value| value.span);
            let message = format!("the patch is for `{}`, the {wanted} is of another", wanted.gvk.api_version());
            Diagnostic::error(PATCH_WITHOUT_TARGET, span, message).help(format!("write `{}`", id.gvk.api_version()))
        }
        Some(id) => {
            let message = format!("no {wanted} is here to be patched, only `{id}`");
            Diagnostic::error(PATCH_WITHOUT_TARGET, place, message).help("give the patch the namespace of the object")
        }
        None => {
            let near = diagnostic::did_you_mean(&wanted.name, names.iter().map(String::as_str));
            Diagnostic::error(PATCH_WITHOUT_TARGET, place, format!("no {wanted} is here to be patched{near}"))
        }
    }
}

/// Applies one patch to all that `selector` selects.
fn apply_selected(run: &mut Run<'_>, bag: &mut Bag, patch: &Value, selector: &Selector, at: Span, allowed: Allowed) {
    let mut has_target = false;
    for object in bag.change().iter_mut().filter(|object| selector.selects(object)) {
        has_target = true;
        let mut patch = patch.clone();
        let api_version = Gvk::of(&object.value).api_version();
        patch.set(Spanned::new("apiVersion".to_owned(), at), Value::of_text(api_version, at));
        make_metadata_texts(run, &mut patch);
        if let Err(refusal) = apply(Context { api: &run.api, files: run.files }, object, patch, allowed) {
            run.refuse(PATCH_FAILS, refusal);
        }
    }
    bag.change().retain(|object| !is_empty(&object.value));
    tell_idle(run, has_target, at);
    bag.tell_duplicates(run);
}

/// A selector that selects nothing is no error to kustomize, and never what is meant.
fn tell_idle(run: &mut Run<'_>, has_target: bool, at: Span) {
    if has_target || run.is_open {
        run.patched.insert(at);
    } else {
        run.found.push(Diagnostic::warning(PATCH_WITHOUT_TARGET, at, "the target selects no object"));
    }
}

/// Applies a strategic merge patch; the object keeps what it is called.
fn apply(to: Context<'_>, object: &mut Object, patch: Value, allowed: Allowed) -> Result<(), Refusal> {
    if allowed.name || allowed.kind {
        object.remember();
    }
    let kept = |value: &Value, key: &str| value.entry(key).cloned();
    let metadata = |value: &Value, key: &str| value.get("metadata").and_then(|metadata| kept(metadata, key));
    let api_version = kept(&object.value, "apiVersion");
    let kind = kept(&object.value, "kind");
    let (name, namespace) = (metadata(&object.value, "name"), metadata(&object.value, "namespace"));
    let span = object.value.span;
    let Some(mut merged) = strategic::merge(to, object.value.clone(), patch)? else {
        object.value = Value::new(Content::Null, span);
        return Ok(());
    };
    let same = api_version.filter(|entry| scalar_at(&merged, "apiVersion") == crate::object::scalar(&entry.value));
    for entry in [kind.filter(|_| !allowed.kind), same].into_iter().flatten() {
        merged.set(entry.key, entry.value);
    }
    let at = crate::object::map_at(&mut merged, "metadata", span);
    if let Some(name) = name.filter(|_| !allowed.name) {
        at.set(name.key, name.value);
    }
    match namespace {
        Some(namespace) if !crate::object::scalar(&namespace.value).is_empty() => {
            at.set(namespace.key, namespace.value);
        }
        _ => drop(at.remove("namespace")),
    }
    object.value = merged;
    object.spread();
    Ok(())
}

/// After a JSON patch, kustomize writes the annotations anew: as texts, and as a map whatever was put there.
fn keep_annotations(run: &Run<'_>, object: &mut Object) {
    let Some(metadata) = object.value.get_mut("metadata") else { return };
    if let Some(annotations) = metadata.get_mut("annotations")
        && !matches!(annotations.content, Content::Map(_) | Content::Unknown)
    {
        annotations.content = Content::Map(Vec::new());
    }
    crate::metadata::make_texts(run.files, metadata, "annotations", false);
}

/// Carries out JSON operations on all that `selector` selects.
fn apply_json(
    run: &mut Run<'_>,
    bag: &mut Bag,
    operations: &[Operation],
    selector: &Selector,
    at: Span,
    remembers: bool,
) {
    let mut has_target = false;
    for object in bag.change().iter_mut().filter(|object| selector.selects(object)) {
        has_target = true;
        if remembers {
            object.remember();
        }
        // kustomize keeps what it remembers there, so the annotations can be patched even if there are none.
        if !object.previous.is_empty() || object.is_generated {
            let metadata = crate::object::map_at(&mut object.value, "metadata", at);
            crate::object::map_at(metadata, "annotations", at);
        }
        object.shared.clear();
        let done = json6902::apply(&mut object.value, operations);
        keep_annotations(run, object);
        if let Err(refusal) = done {
            let message = format!("{} (`{}`)", refusal.message, object.id());
            run.found.push(
                Diagnostic::error(PATCH_FAILS, refusal.span, message).related(object.place(), "the object is here"),
            );
        }
    }
    tell_idle(run, has_target, at);
}
