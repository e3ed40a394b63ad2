//! `replacements`: values of some objects put into others.

use diagnostic::{Diagnostic, Span, Spanned};
use manifest::{Content, Value};
use syntax::yaml::{self, plain};

use super::follow::{Walk, look_up, look_up_mut, path_parts};
use crate::bag::Bag;
use crate::file::{Kustomization, text_at, texts};
use crate::metadata::{make_texts, raw};
use crate::object::{Id, is_empty, scalar_at};
use crate::run::{Found, Run};
use crate::selector::Selector;
use crate::shape::{self, REPLACEMENT};
use crate::{INVALID_REPLACEMENT, json};

/// Carries out the replacements of the kustomization.
pub(crate) fn replace(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    for item in kustomization.items("replacements") {
        let Some(named) = text_at(item, "path") else {
            replace_one(run, bag, item);
            continue;
        };
        if item.get("source").is_some() || !item.items_at("targets").is_empty() {
            let message = "a replacement has a `path` or says itself what it does, not both";
            run.found.push(Diagnostic::error(INVALID_REPLACEMENT, named.span, message));
            continue;
        }
        let Some(Found::Yaml(_, documents)) = run.yaml(&kustomization.folder, &named) else { continue };
        let Some(document) = documents.first() else { continue };
        let value = manifest::read(&document.root, plain::kubernetes);
        let items = match value.content {
            Content::List(items) => items,
            _ => vec![value],
        };
        for item in items {
            if let Some(item) = shape::fit(item, &REPLACEMENT, &mut run.found) {
                replace_one(run, bag, &item);
            }
        }
    }
}

/// Carries out one replacement.
pub(crate) fn replace_one(run: &mut Run<'_>, bag: &mut Bag, item: &Value) {
    let targets = item.get("targets");
    if (item.get("source").is_none() && item.get("sourceValue").is_none()) || targets.is_none() {
        let message = "a replacement needs a `source` and `targets`";
        run.found.push(Diagnostic::error(INVALID_REPLACEMENT, item.span, message));
        return;
    }
    match source(run, bag, item) {
        Ok(value) => {
            for target in targets.map(Value::items).unwrap_or_default() {
                put(run, bag, target, &value);
            }
        }
        Err(_) if run.is_open => {}
        Err(fault) => run.found.push(*fault),
    }
}

fn fault(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(INVALID_REPLACEMENT, span, message))
}

/// What is put into the targets.
fn source(run: &Run<'_>, bag: &Bag, item: &Value) -> Result<Value, Box<Diagnostic>> {
    let (source, literal) = (item.get("source"), item.get("sourceValue"));
    let source = match (source, literal) {
        (Some(source), None) => source,
        (None, Some(literal)) => return Ok(literal.clone()),
        _ => return Err(fault(item.span, "a replacement has a `source` or a `sourceValue`, not both")),
    };
    let wanted = |key: &str| scalar_at(source, key);
    let is_meant = |id: &Id| {
        let is = |key: &str, value: &str| wanted(key).is_empty() || wanted(key) == value;
        let or_default =
            |namespace: &str| if namespace.is_empty() { "default".to_owned() } else { namespace.to_owned() };
        is("group", &id.gvk.group)
            && is("version", &id.gvk.version)
            && is("kind", &id.gvk.kind)
            && is("name", &id.name)
            && (wanted("namespace").is_empty() || or_default(&wanted("namespace")) == or_default(&id.namespace))
    };
    let mut matches = bag.objects.iter().filter(|object| object.ids().iter().any(is_meant));
    let name = source.get("name").map_or(source.span, |name| name.span);
    let Some(object) = matches.next() else {
        let names: Vec<String> = bag.objects.iter().map(crate::Object::original_name).collect();
        let near = diagnostic::did_you_mean(&wanted("name"), names.iter().map(String::as_str));
        return Err(fault(name, format!("the source selects no object{near}")));
    };
    if let Some(other) = matches.next() {
        let message = format!("the source may be `{}` or `{}`", object.id(), other.id());
        return Err(Box::new(fault(name, message).help("say which: `kind`, `name`, `namespace`")));
    }
    let path = text_at(source, "fieldPath").unwrap_or_else(|| Spanned::new("metadata.name".to_owned(), source.span));
    let parts = path_parts(&path);
    let value = look_up(&object.value, &parts).filter(|value| !is_empty(value));
    let Some(value) = value else {
        return Err(fault(path.span, format!("`{}` has no `{}`", object.id(), path.value)));
    };
    refine(run, source.get("options"), value, path.span)
}

/// The part of the source that `options` want.
fn refine(run: &Run<'_>, options: Option<&Value>, value: &Value, at: Span) -> Result<Value, Box<Diagnostic>> {
    let text = match value.content {
        Content::Map(_) | Content::List(_) | Content::Unknown => None,
        _ => Some(raw(run.files, value)),
    };
    let delimiter = options.and_then(|options| text_at(options, "delimiter"));
    match (delimiter, text) {
        (None, _) => Ok(value.clone()),
        (Some(_), None) if value.is_unknown() => Ok(value.clone()),
        (Some(delimiter), None) => Err(fault(delimiter.span, "only a single value can be split by a delimiter")),
        (Some(delimiter), Some(text)) => {
            let parts: Vec<&str> = text.split(delimiter.as_str()).collect();
            let index = index_of(options);
            let part = usize::try_from(index).ok().and_then(|index| parts.get(index));
            match part {
                Some(part) => Ok(Value::of_text(*part, value.span)),
                None => Err(fault(at, format!("`{text}` has no part {index} between `{}`", delimiter.value))),
            }
        }
    }
}

fn index_of(options: Option<&Value>) -> i64 {
    match options.and_then(|options| options.get("index")).map(|index| &index.content) {
        Some(Content::Number(index)) => index.as_i64().unwrap_or(0),
        _ => 0,
    }
}

/// Puts `value` where `target` wants it.
fn put(run: &mut Run<'_>, bag: &mut Bag, target: &Value, value: &Value) {
    let Some(select) = target.get("select") else {
        run.found.push(fault(target.span, "the target selects nothing").help("add `select:`"));
        return;
    };
    let rejects: Option<Vec<Selector>> =
        target.items_at("reject").iter().map(|reject| Selector::read(reject, &mut run.found)).collect();
    let (Some(selector), Some(rejects)) = (Selector::read(select, &mut run.found), rejects) else { return };
    let mut paths = texts(target.items_at("fieldPaths"));
    if paths.is_empty() {
        paths.push(Spanned::new("metadata.name".to_owned(), target.span));
    }
    let options = target.get("options");
    for object in bag.change() {
        let ids = object.ids();
        let is_rejected = rejects.iter().any(|reject| {
            (reject.wants_labels() && reject.is_labelled(object))
                || (!reject.names_nothing() && ids.iter().any(|id| reject.is_id(id)))
        });
        if is_rejected || !selector.is_labelled(object) || !ids.iter().any(|id| selector.is_id(id)) {
            continue;
        }
        for path in &paths {
            if let Err(message) = put_at(run, &mut object.value, path, value, options) {
                let message = format!("{message} in `{}`", ids.last().map(Id::to_string).unwrap_or_default());
                run.found.push(fault(path.span, message).related(object.place(), "the object is here"));
            }
            object.spread();
        }
    }
}

fn put_at(
    run: &Run<'_>,
    object: &mut Value,
    path: &Spanned<String>,
    value: &Value,
    options: Option<&Value>,
) -> Result<(), String> {
    let create = options.and_then(|options| options.get("create")).and_then(Value::bool).unwrap_or(false);
    let parts = path_parts(path);
    let made = match value.content {
        Content::Map(_) => Content::Map(Vec::new()),
        Content::List(_) => Content::List(Vec::new()),
        _ => Content::Null,
    };
    // Annotations are texts in the end, whatever is put there.
    let are_texts = parts.len() == 3 && parts[..2] == ["metadata", "annotations"];
    if let Some(metadata) = object.get_mut("metadata").filter(|_| are_texts) {
        make_texts(run.files, metadata, "annotations", false);
    }
    let mut count = 0;
    let set = &mut |field: &mut Value, is_made: bool| {
        count += 1;
        if is_made && are_texts {
            field.content = Content::Text(String::new());
        }
        set_field(run, field, value, options, is_made)
    };
    let mut walk = Walk { make: create.then_some(made), span: value.span, set, is_made: false };
    if put_inside(&mut walk, object, &parts).is_some() {
        return Ok(());
    }
    walk.walk(object, &parts)?;
    if count == 0 { Err(format!("there is no `{}`", path.value)) } else { Ok(()) }
}

/// Follows a path that leads into a text which is JSON itself; `None` if it is none, or has no such path.
fn put_inside(walk: &mut Walk<'_, '_>, object: &mut Value, parts: &[String]) -> Option<()> {
    let at = (1..parts.len()).find(|at| look_up(object, &parts[..*at]).is_some_and(|value| value.text().is_some()))?;
    let field = look_up_mut(object, &parts[..at])?;
    let text = field.text()?.to_owned();
    let documents = yaml::parse_all(field.span.file, &text).ok()?;
    let mut inside = manifest::read(&documents.first()?.root, plain::go_yaml3);
    look_up(&inside, &parts[at..]).or_else(|| walk.make.is_some().then_some(&inside))?;
    walk.walk(&mut inside, &parts[at..]).ok()?;
    field.content = match text.trim_start().starts_with(['{', '[']) {
        true if text.contains('\n') && text.contains("  ") => Content::Text(json::pretty(&inside)),
        true => Content::Text(json::compact(&inside)),
        // How kustomize would lay out other YAML is not known.
        false => Content::Unknown,
    };
    Some(())
}

fn set_field(
    run: &Run<'_>,
    field: &mut Value,
    value: &Value,
    options: Option<&Value>,
    is_made: bool,
) -> Result<(), String> {
    let is_single = |value: &Value| !matches!(value.content, Content::Map(_) | Content::List(_));
    if value.is_unknown() || field.is_unknown() {
        *field = Value::new(Content::Unknown, value.span);
        return Ok(());
    }
    let mut text = if is_single(value) { raw(run.files, value) } else { String::new() };
    if let Some(delimiter) = options.and_then(|options| text_at(options, "delimiter")) {
        if !is_single(field) {
            return Err("only a single value can be split by a delimiter".to_owned());
        }
        let written = raw(run.files, field);
        let mut parts: Vec<&str> = written.split(delimiter.as_str()).collect();
        let index = index_of(options);
        match usize::try_from(index) {
            Err(_) => parts.insert(0, &text),
            Ok(index) if index >= parts.len() => parts.push(&text),
            Ok(index) => parts[index] = &text,
        }
        text = parts.join(delimiter.as_str());
    } else if !is_single(field) || !is_single(value) && field.is_null() {
        *field = value.clone();
        return Ok(());
    }
    // A text stays one, whatever is put there. What was made just now is what its text is.
    let content = match &field.content {
        Content::Text(_) => Content::Text(text),
        written => match (typed(&text), written) {
            (Some(content), _) if is_made => content,
            (None, _) if is_made => Content::Text(text),
            (Some(Content::Bool(is)), Content::Bool(_)) => Content::Bool(is),
            (Some(Content::Number(new)), Content::Number(old)) if old.is_f64() || !new.is_f64() => Content::Number(new),
            _ => return Err(format!("`{text}` is put where {} is", field.kind())),
        },
    };
    *field = Value::new(content, value.span);
    Ok(())
}

/// What `text` is without quotes; `None` for a text.
fn typed(text: &str) -> Option<Content> {
    match plain::go_yaml3(text) {
        plain::Plain::Bool(is) => Some(Content::Bool(is)),
        plain::Plain::Int(int) => i64::try_from(int).ok().map(|int| Content::Number(int.into())),
        plain::Plain::Float(float) => serde_json::Number::from_f64(float).map(Content::Number),
        plain::Plain::Null => Some(Content::Null),
        _ => None,
    }
}
