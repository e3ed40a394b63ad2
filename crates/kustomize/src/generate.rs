//! `configMapGenerator` and `secretGenerator`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use diagnostic::{Diagnostic, Span, Spanned};
use manifest::{Content, Entry, Value};

use crate::bag::Bag;
use crate::file::{Kustomization, text_at, texts};
use crate::files::Known;
use crate::metadata::{self, raw};
use crate::object::{Object, map_at};
use crate::run::Run;
use crate::{INVALID_GENERATOR, path};

/// Generates what the kustomization wants, into `bag`.
pub(crate) fn generate(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let global = kustomization.value.get("generatorOptions");
    for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for item in kustomization.items(field) {
            let options = merged(item.get("options"), global);
            if let Some(object) = make(run, kustomization, item, kind, options.as_ref()) {
                add(run, bag, object, item);
            }
        }
    }
}

/// The options of one generator: its own, then those of all; `true` wins.
fn merged(own: Option<&Value>, global: Option<&Value>) -> Option<Value> {
    let (Some(own), Some(global)) = (own, global) else { return own.or(global).cloned() };
    let mut merged = own.clone();
    for entry in global.entries() {
        match (merged.get_mut(&entry.key.value), entry.value.bool()) {
            (None, _) | (Some(_), Some(true)) => merged.set(entry.key.clone(), entry.value.clone()),
            (Some(map), None) => {
                for more in
                    entry.value.entries().iter().filter(|more| map.get(&more.key.value).is_none()).collect::<Vec<_>>()
                {
                    map.set(more.key.clone(), more.value.clone());
                }
            }
            (Some(_), Some(false)) => {}
        }
    }
    Some(merged)
}

/// The ConfigMap or Secret that `item` describes.
pub(crate) fn make(
    run: &mut Run<'_>,
    kustomization: &Kustomization,
    item: &Value,
    kind: &str,
    options: Option<&Value>,
) -> Option<Object> {
    let Some(name) = text_at(item, "name") else {
        let fault = Diagnostic::error(INVALID_GENERATOR, item.span, format!("the {kind} has no name"));
        run.found.push(fault.help("add `name:`"));
        return None;
    };
    let span = item.span;
    let mut value = Value::new(Content::Map(Vec::new()), span);
    let mut set = |key: &str, content: Value| value.set(Spanned::new(key.to_owned(), content.span), content);
    set("apiVersion", Value::of_text("v1", span));
    set("kind", Value::of_text(kind, span));
    if kind == "Secret" {
        let other = text_at(item, "type").unwrap_or_else(|| Spanned::new("Opaque".to_owned(), span));
        set("type", Value::of_text(other.value, other.span));
    }
    let given = pairs(gather(run, kustomization, item), &name);
    fill(run, &mut value, given, kind);
    let mut object = Object::new(value, kustomization.path.clone());
    object.is_generated = true;
    object.origin = metadata::origin_of_generator(run, kustomization, &format!("{kind}Generator"));
    object.set_metadata("name", Value::of_text(name.value, name.span));
    if let Some(namespace) = text_at(item, "namespace") {
        object.set_metadata("namespace", Value::of_text(namespace.value, namespace.span));
    }
    let option = |key: &str| options.and_then(|options| options.get(key));
    object.needs_hash = option("disableNameSuffixHash").and_then(Value::bool) != Some(true);
    for key in ["labels", "annotations"] {
        if let Some(map) = option(key).filter(|map| !map.entries().is_empty()) {
            object.set_metadata(key, map.clone());
        }
    }
    if let Some(immutable) = option("immutable").filter(|immutable| immutable.bool() == Some(true)) {
        object.value.set(Spanned::new("immutable".to_owned(), immutable.span), immutable.clone());
    }
    Some(object)
}

/// What a key of a generated object is given.
type Pair = (String, Span, Option<String>);
type Pairs = (Vec<Pair>, Vec<Diagnostic>);

/// Each pair once; one that is given again is told.
fn pairs((pairs, mut found): Pairs, name: &str) -> Pairs {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut kept = Vec::new();
    for pair in pairs {
        match seen.get(&pair.0) {
            Some(first) => {
                let message = format!("`{name}` gets the key `{}` twice", pair.0);
                found.push(Diagnostic::error(INVALID_GENERATOR, pair.1, message).related(*first, "the first is here"));
            }
            None => {
                seen.insert(pair.0.clone(), pair.1);
                kept.push(pair);
            }
        }
    }
    kept.sort();
    (kept, found)
}

fn fill(run: &mut Run<'_>, value: &mut Value, (pairs, found): Pairs, kind: &str) {
    run.found.extend(found);
    if kind == "Secret" || !pairs.is_empty() {
        let span = value.span;
        let data = map_at(value, "data", span);
        for (key, span, text) in pairs {
            let content = match text {
                Some(text) if kind == "Secret" => Content::Text(base64_lines(text.as_bytes())),
                Some(text) => Content::Text(text),
                None => Content::Unknown,
            };
            data.set(Spanned::new(key, span), Value::new(content, span));
        }
    }
}

/// Base64 as kustomize writes it: in lines of 70 letters if it is longer.
pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(bytes);
    if text.len() < 70 {
        return text;
    }
    let lines = text.as_bytes().chunks(70).map(|line| format!("{}\n", String::from_utf8_lossy(line)));
    lines.collect()
}

/// What `envs`, `literals` and `files` give, in that order.
fn gather(run: &mut Run<'_>, kustomization: &Kustomization, item: &Value) -> Pairs {
    let mut all = Vec::new();
    let mut found = Vec::new();
    for named in texts(item.items_at("envs")).into_iter().chain(text_at(item, "env")) {
        if let Some(Some((span, text))) = text(run, kustomization, &named) {
            all.extend(lines(span, text));
        }
    }
    for literal in texts(item.items_at("literals")) {
        match literal.split_once('=').filter(|(key, _)| !key.is_empty()) {
            Some((key, value)) => all.push((key.to_owned(), literal.span, Some(unquote(value).to_owned()))),
            None => {
                let message = format!("`{}` is no `key=value`", literal.value);
                found.push(Diagnostic::error(INVALID_GENERATOR, literal.span, message));
            }
        }
    }
    for named in texts(item.items_at("files")) {
        let (key, file) = match named.split('=').collect::<Vec<_>>()[..] {
            [file] => (file.rsplit('/').next().unwrap_or_default(), file),
            [key, file] if !key.is_empty() && !file.is_empty() => (key, file),
            _ => {
                let message = format!("`{}` is no path, and no `key=path`", named.value);
                found.push(Diagnostic::error(INVALID_GENERATOR, named.span, message));
                continue;
            }
        };
        match text(run, kustomization, &Spanned::new(file.to_owned(), named.span)) {
            Some(Some((span, text))) => all.push((key.to_owned(), span, Some(text.to_owned()))),
            Some(None) => all.push((key.to_owned(), named.span, None)),
            None => {}
        }
    }
    (all, found)
}

/// The text of the file that `named` names: `None` if it is missing, which is told; `Some(None)` if it is not known.
fn text<'a>(
    run: &mut Run<'a>,
    kustomization: &Kustomization,
    named: &Spanned<String>,
) -> Option<Option<(Span, &'a str)>> {
    if path::is_remote_file(named) {
        run.is_open = true;
        return Some(None);
    }
    let path = run.locate(&kustomization.folder, named)?;
    match run.files.get(&path)? {
        Known::Yaml(id, _) | Known::Text(id) | Known::Broken(id) => {
            let text = run.files.text(id);
            Some(Some((Span::new(id, 0..text.len()), text)))
        }
        Known::Opaque => {
            run.is_open = true;
            Some(None)
        }
    }
}

/// The pairs in a file of `key=value` lines. A key without `=` has an empty value.
fn lines(span: Span, text: &str) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut start = span.start as usize;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line = if number == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let line = line.trim_start();
        if !line.is_empty() && !line.starts_with('#') {
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            let place = Span::new(span.file, start..start + whole.trim_end_matches(['\n', '\r']).len());
            if !key.is_empty() {
                pairs.push((key.to_owned(), place, Some(value.to_owned())));
            }
        }
        start += whole.len();
    }
    pairs
}

/// `text` without the quotes around it, if they are the same on both sides.
fn unquote(text: &str) -> &str {
    let between = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    if text.len() < 2 { text } else { between('"').or_else(|| between('\'')).unwrap_or(text) }
}

/// Adds a generated object, or changes the one of its name as its `behavior` wants.
pub(crate) fn add(run: &mut Run<'_>, bag: &mut Bag, object: Object, item: &Value) {
    let behavior = text_at(item, "behavior");
    let id = object.id();
    let matches: Vec<usize> =
        (0..bag.objects.len()).filter(|at| bag.objects[*at].ids().iter().any(|known| id.equals(known))).collect();
    let changes = behavior.as_ref().filter(|behavior| ["merge", "replace"].contains(&behavior.as_str()));
    match (matches.as_slice(), changes) {
        ([], None) => bag.add(run, object),
        ([], Some(_)) if run.is_open => {}
        ([], Some(behavior)) => {
            let names: Vec<String> =
                bag.objects.iter().filter(|known| known.kind() == id.gvk.kind).map(Object::original_name).collect();
            let near = diagnostic::did_you_mean(&id.name, names.iter().map(String::as_str));
            let message = format!("there is no {id} to {}{near}", behavior.value);
            run.found.push(Diagnostic::error(INVALID_GENERATOR, behavior.span, message));
        }
        ([at], Some(behavior)) => {
            let merges = behavior.value == "merge";
            let old = &bag.objects[*at];
            let new = unite(run, old, object, merges);
            bag.change()[*at] = new;
        }
        ([at], None) => {
            let message = format!("the kustomization has `{id}` already");
            run.found.push(
                Diagnostic::error(INVALID_GENERATOR, object.place(), message)
                    .related(bag.objects[*at].place(), "the first is here")
                    .help("add `behavior: merge` or `behavior: replace`, or give it another name"),
            );
        }
        (_, _) => {
            let message = format!("several objects are called `{id}`");
            run.found.push(Diagnostic::error(INVALID_GENERATOR, object.place(), message));
        }
    }
}

/// `new` in the place of `old`: with its name and what it has in its metadata, and its data too if `merges`.
fn unite(run: &Run<'_>, old: &Object, mut new: Object, merges: bool) -> Object {
    for key in ["labels", "annotations"] {
        let map = |object: &Object| object.value.at(&["metadata", key]).cloned();
        if let Some(united) = over(run, map(old), map(&new)) {
            new.set_metadata(key, united);
        }
    }
    for key in ["name", "namespace"] {
        match old.value.at(&["metadata", key]) {
            Some(value) => new.set_metadata(key, value.clone()),
            None => {
                if let Some(metadata) = new.value.get_mut("metadata") {
                    metadata.remove(key);
                }
            }
        }
    }
    if merges {
        let mut old_data = old.value.get("data").cloned();
        if old.kind() == "Secret" {
            old_data = over(run, old_data, old.value.get("stringData").map(encoded));
        }
        for (key, map) in [("data", old_data), ("binaryData", old.value.get("binaryData").cloned())] {
            if let Some(united) = over(run, map, new.value.get(key).cloned()) {
                new.value.remove(key);
                if !united.entries().is_empty() {
                    new.value.set(Spanned::new(key.to_owned(), united.span), united);
                }
            }
        }
        new.origin.clone_from(&old.origin);
    }
    new.needs_hash &= old.needs_hash;
    new.previous.clone_from(&old.previous);
    new.prefixes.clone_from(&old.prefixes);
    new.suffixes.clone_from(&old.suffixes);
    new.variables.clone_from(&old.variables);
    new.transformations.clone_from(&old.transformations);
    new
}

/// The entries of both maps as texts; those of `two` win.
fn over(run: &Run<'_>, one: Option<Value>, two: Option<Value>) -> Option<Value> {
    let (one, two) = match (one, two) {
        (Some(one), Some(two)) => (one, two),
        (one, two) => {
            let one = one.or(two)?;
            let nothing = Value::new(Content::Map(Vec::new()), one.span);
            (one, nothing)
        }
    };
    let mut united = Value::new(Content::Map(Vec::new()), one.span);
    for Entry { key, mut value } in one.entries().iter().chain(two.entries()).cloned() {
        if matches!(value.content, Content::Null | Content::Bool(_) | Content::Number(_)) {
            value.content = Content::Text(raw(run.files, &value));
        }
        united.remove(&key.value);
        united.set(key, value);
    }
    Some(united)
}

fn encoded(map: &Value) -> Value {
    let mut map = map.clone();
    if let Content::Map(entries) = &mut map.content {
        for Entry { value, .. } in entries {
            if let Content::Text(text) = &mut value.content {
                *text = base64_lines(text.as_bytes());
            }
        }
    }
    map
}
