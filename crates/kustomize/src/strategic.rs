//! Strategic merge patches, as kyaml's `merge2` applies them.
//!
//! What is merged is walked through as a whole: so an empty `key:` of the object disappears, and lists that are merged
//! by a key lose their duplicates, wherever the patch is.

use std::collections::BTreeSet;

use diagnostic::{Span, Spanned};
use manifest::{Content, Entry, Value};

use crate::embed;
use crate::files::Files;
use crate::metadata::raw;
use crate::object::{is_empty, scalar, scalar_at};
use crate::openapi::{OpenApi, Schema};

/// Why a patch cannot be applied, and where.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// What patches are merged by.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    /// The shapes of kinds.
    pub(crate) api: &'c OpenApi,
    /// The texts that values were written in.
    pub(crate) files: &'c Files<'c>,
}

type Merged = Result<Option<Value>, Refusal>;

/// `patch` applied to `object`: what is left of it, `None` if it is deleted.
pub(crate) fn merge(to: Context<'_>, object: Value, patch: Value) -> Merged {
    walk(to, Some(object), Some(patch), None)
}

fn walk(to: Context<'_>, dest: Option<Value>, patch: Option<Value>, schema: Option<Schema>) -> Merged {
    let schema = schema.or_else(|| [&dest, &patch].into_iter().flatten().find_map(|value| of_type(to, value)));
    let (dest, patch) = match (dest, patch) {
        (Some(dest), None) if dest.is_null() => return Ok(is_written(&dest).then_some(dest)),
        (None, None) => return Ok(None),
        (_, Some(patch)) if patch.is_null() => return Ok(None),
        (Some(dest), Some(patch)) if !dest.is_null() => (dest, patch),
        (_, Some(patch)) => return settle(to, patch, schema, false),
        (Some(dest), None) => return alone(to, dest, schema),
    };
    if dest.is_unknown() || patch.is_unknown() {
        return Ok(Some(Value::new(Content::Unknown, patch.span)));
    }
    let Value { content: Content::Map(_) | Content::List(_), .. } = dest else {
        return if matches!(patch.content, Content::Map(_) | Content::List(_)) {
            Err(wrong_kind(&dest, &patch))
        } else {
            Ok(Some(in_quotes(to, &dest, patch)))
        };
    };
    match (dest.content, patch.content) {
        (Content::Map(dest_entries), Content::Map(entries)) => {
            let patch = Value::new(Content::Map(entries), patch.span);
            maps(to, Value::new(Content::Map(dest_entries), dest.span), patch, schema)
        }
        (Content::List(dest_items), Content::List(items)) => {
            let dest = Value::new(Content::List(dest_items), dest.span);
            let patch = Value::new(Content::List(items), patch.span);
            match keys(to, schema) {
                Some(keys) => lists(to, dest, patch, keys, schema),
                None => Ok(Some(patch)),
            }
        }
        (dest_content, content) => {
            Err(wrong_kind(&Value::new(dest_content, dest.span), &Value::new(content, patch.span)))
        }
    }
}

/// A patch keeps the quotes of what it replaces: a number in the place of `"1"` is a text.
fn in_quotes(to: Context<'_>, dest: &Value, mut patch: Value) -> Value {
    let (Content::Text(text), Content::Bool(_) | Content::Number(_)) = (&dest.content, &patch.content) else {
        return patch;
    };
    let file = to.files.text(dest.span.file);
    let is_bare = file.get(dest.span.range()) == Some(text.as_str());
    if !is_bare || embed::header(file, dest.span.start as usize).is_some() {
        patch.content = Content::Text(raw(to.files, &patch));
    }
    patch
}

fn wrong_kind(dest: &Value, patch: &Value) -> Refusal {
    let message = format!("the patch puts {} where the object has {}", patch.kind(), dest.kind());
    Refusal { span: patch.span, message }
}

/// Whether a null is written out: `null` or `~`.
fn is_written(value: &Value) -> bool {
    value.span.start < value.span.end
}

fn of_type(to: Context<'_>, value: &Value) -> Option<Schema> {
    if value.entries().is_empty() {
        return None;
    }
    to.api.of(value.text_at("apiVersion")?, value.text_at("kind")?)
}

/// The keys that a list is merged by; `None` if it is replaced.
fn keys(to: Context<'_>, schema: Option<Schema>) -> Option<&[String]> {
    to.api.merge_keys(schema?)
}

fn maps(to: Context<'_>, dest: Value, mut patch: Value, schema: Option<Schema>) -> Merged {
    match directive(&mut patch)? {
        Directive::Delete => return Ok(None),
        Directive::Replace => return settle(to, patch, schema, true),
        Directive::Merge => {}
    }
    let Content::Map(mut entries) = patch.content else { return Ok(Some(dest)) };
    let Content::Map(dest_entries) = dest.content else { return Ok(None) };
    let mut merged = Vec::with_capacity(dest_entries.len() + entries.len());
    for Entry { key, value } in dest_entries {
        let field = schema.and_then(|schema| to.api.field(schema, &key.value));
        let found = entries.iter().position(|entry| entry.key.value == key.value);
        let patch = found.map(|at| entries.remove(at).value);
        if let Some(value) = walk(to, Some(value), patch, field)? {
            merged.push(Entry { key, value });
        }
    }
    for Entry { key, value } in entries {
        let field = schema.and_then(|schema| to.api.field(schema, &key.value));
        if let Some(value) = walk(to, None, Some(value), field)? {
            merged.push(Entry { key, value });
        }
    }
    Ok(Some(Value::new(Content::Map(merged), dest.span)))
}

/// What the object has where the patch says nothing.
fn alone(to: Context<'_>, dest: Value, schema: Option<Schema>) -> Merged {
    let schema = schema.or_else(|| of_type(to, &dest));
    match dest.content {
        Content::Map(_) => {
            let nothing = Value::new(Content::Map(Vec::new()), dest.span);
            maps(to, dest, nothing, schema)
        }
        Content::List(_) if keys(to, schema).is_some() => {
            let nothing = Value::new(Content::List(Vec::new()), dest.span);
            lists(to, dest, nothing, keys(to, schema).unwrap_or_default(), schema)
        }
        _ => Ok(Some(dest)),
    }
}

/// What the patch has where the object has nothing: its directives are carried out, its nulls mean nothing.
/// Only of a list whose map `is_new` too, kustomize looks for a directive in it.
fn settle(to: Context<'_>, mut patch: Value, schema: Option<Schema>, is_new: bool) -> Merged {
    let schema = schema.or_else(|| of_type(to, &patch));
    match &patch.content {
        Content::Null => return Ok(None),
        Content::Map(_) => {}
        Content::List(_) => {
            let Some(keys) = keys(to, schema) else { return Ok(Some(patch)) };
            if is_new && matches!(list_directive(&mut patch)?, Directive::Delete) {
                return Ok(None);
            }
            return elements(to, None, patch, keys, schema);
        }
        _ => return Ok(Some(patch)),
    }
    if matches!(directive(&mut patch)?, Directive::Delete) {
        return Ok(None);
    }
    let Content::Map(entries) = patch.content else { return Ok(None) };
    let mut settled = Vec::with_capacity(entries.len());
    for Entry { key, value } in entries {
        let field = schema.and_then(|schema| to.api.field(schema, &key.value));
        if let Some(value) = settle(to, value, field, true)? {
            settled.push(Entry { key, value });
        }
    }
    Ok(Some(Value::new(Content::Map(settled), patch.span)))
}

#[derive(Clone, Copy)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

impl Directive {
    fn of(value: &Value) -> Result<Self, Refusal> {
        match scalar(value).as_str() {
            "delete" => Ok(Self::Delete),
            "replace" => Ok(Self::Replace),
            "merge" => Ok(Self::Merge),
            other => {
                let message = format!("`$patch: {other}` is none of `delete`, `merge` and `replace`");
                Err(Refusal { span: value.span, message })
            }
        }
    }
}

/// Takes `$patch` out of a map.
fn directive(patch: &mut Value) -> Result<Directive, Refusal> {
    match patch.get("$patch") {
        Some(value) if !value.is_null() => {
            let directive = Directive::of(value)?;
            patch.remove("$patch");
            Ok(directive)
        }
        _ => Ok(Directive::Merge),
    }
}

/// Takes the element that is nothing but `$patch` out of a list.
fn list_directive(patch: &mut Value) -> Result<Directive, Refusal> {
    let Content::List(items) = &mut patch.content else { return Ok(Directive::Merge) };
    let Some(at) = items.iter().position(|item| item.get("$patch").is_some()) else { return Ok(Directive::Merge) };
    if items[at].entries().len() > 1 {
        return Ok(Directive::Merge);
    }
    let directive = items[at].get("$patch").map_or(Ok(Directive::Merge), Directive::of)?;
    items.remove(at);
    Ok(directive)
}

fn lists(to: Context<'_>, dest: Value, mut patch: Value, keys: &[String], schema: Option<Schema>) -> Merged {
    match list_directive(&mut patch)? {
        Directive::Delete => Ok(None),
        Directive::Replace => elements(to, None, patch, keys, schema),
        Directive::Merge => elements(to, Some(dest), patch, keys, schema),
    }
}

/// Merges two lists by `keys`: what the patch has comes first, then what only the object has. Where the object has no
/// list, the patch is merged with itself.
fn elements(to: Context<'_>, dest: Option<Value>, patch: Value, keys: &[String], schema: Option<Schema>) -> Merged {
    let span = dest.as_ref().unwrap_or(&patch).span;
    let is_new = dest.is_none();
    let Content::List(patch) = patch.content else { return Ok(None) };
    let mut dest = match dest.map(|dest| dest.content) {
        Some(Content::List(dest)) => dest,
        _ => patch.clone(),
    };
    if keys.is_empty() {
        return Ok(some_list(primitives(dest, patch), span));
    }
    if let Some(item) = patch.iter().chain(&dest).find(|item| !matches!(item.content, Content::Map(_) | Content::Null))
    {
        let message =
            format!("the elements of this list are maps with `{}`, this is {}", keys.join("` and `"), item.kind());
        return Err(Refusal { span: item.span, message });
    }
    let mut wanted = values(keys, patch.iter().chain(&dest));
    if keys.len() > 1 {
        unite(&mut wanted);
    }
    let schema = schema.and_then(|schema| to.api.elements(schema));
    let used = used_keys(keys, &wanted);
    let mut merged: Vec<Value> = Vec::new();
    for values in &wanted {
        let by: Vec<(&str, &str)> = used.iter().map(|at| (keys[*at].as_str(), values[*at].as_str())).collect();
        let by_known: Vec<_> = by.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
        let by_known = if by_known.is_empty() { by.clone() } else { by_known };
        let find = |list: &[Value]| list.iter().position(|item| is_element(item, &by_known));
        let at = find(&dest);
        // A new list is both the object's and the patch's: what is taken out of one is out of the other.
        let of_patch = if is_new { at.map(|at| dest[at].clone()) } else { find(&patch).map(|at| patch[at].clone()) };
        let of_object = at.filter(|_| !is_new).map(|at| dest[at].clone());
        // An element that is to be replaced is put beside the object's, which takes its place again in the end.
        let replaces = of_patch.as_ref().is_some_and(|patch| patch.text_at("$patch") == Some("replace"));
        let found = walk(to, of_object, of_patch, schema)?;
        let Some(mut element) = found.filter(|element| !is_empty(element)) else {
            set_element(&mut dest, &by, None);
            continue;
        };
        for (key, value) in &by {
            if element.get(key).is_none() && !value.is_empty() {
                let span = element.span;
                element.set(Spanned::new((*key).to_owned(), span), Value::of_text(*value, span));
            }
        }
        if let Some(at) = at.filter(|_| is_new || !replaces) {
            dest[at] = element.clone();
        }
        set_element(&mut merged, &by, Some(element));
    }
    if !wanted.is_empty() {
        let keys: Vec<&str> = used.iter().map(|at| keys[*at].as_str()).collect();
        dest = append(merged, dest, &keys);
    }
    Ok(some_list(dest, span))
}

fn some_list(items: Vec<Value>, span: Span) -> Option<Value> {
    Some(Value::new(Content::List(items), span))
}

/// Merges lists of single values: those of the patch first.
fn primitives(dest: Vec<Value>, patch: Vec<Value>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    patch.into_iter().chain(dest).filter(|item| !item.is_null() && seen.insert(scalar(item))).collect()
}

/// The values of `keys` in each element, each once.
fn values<'v>(keys: &[String], items: impl Iterator<Item = &'v Value>) -> Vec<Vec<String>> {
    let mut seen = BTreeSet::new();
    items
        .map(|item| keys.iter().map(|key| scalar_at(item, key)).collect::<Vec<_>>())
        .filter(|values| seen.insert(values.clone()))
        .collect()
}

/// Those of the keys that any element has; all if none has any.
fn used_keys(keys: &[String], wanted: &[Vec<String>]) -> Vec<usize> {
    let used: Vec<usize> = (0..keys.len()).filter(|at| wanted.iter().any(|values| !values[*at].is_empty())).collect();
    if used.is_empty() { (0..keys.len()).collect() } else { used }
}

/// Makes values that differ only where one of them is empty the same.
fn unite(wanted: &mut [Vec<String>]) {
    for one in 0..wanted.len() {
        // kustomize compares with what the first was before this round.
        let before = wanted[one].clone();
        for two in 0..wanted.len() {
            if let Some(united) = united(&before, &wanted[two]) {
                wanted[one].clone_from(&united);
                wanted[two] = united;
            }
        }
    }
}

fn united(one: &[String], two: &[String]) -> Option<Vec<String>> {
    let mut has_common = false;
    let mut united = Vec::with_capacity(one.len());
    for (one, two) in one.iter().zip(two) {
        if one == two {
            has_common = true;
        } else if !one.is_empty() && !two.is_empty() {
            return None;
        }
        united.push(if one.is_empty() { two.clone() } else { one.clone() });
    }
    has_common.then_some(united)
}

/// Whether `item` is a map with these values.
fn is_element(item: &Value, by: &[(&str, &str)]) -> bool {
    by.iter().all(|(key, value)| item.get(key).is_some_and(|found| scalar(found) == *value))
}

/// Replaces the elements that have the values `by`, or adds one at the end; without `element` it takes them out.
/// An empty value of `by` means any, and empty elements go.
fn set_element(list: &mut Vec<Value>, by: &[(&str, &str)], element: Option<Value>) {
    let is_for_maps = by.first().is_some_and(|(_, value)| !value.is_empty());
    let mut has_replaced = false;
    list.retain_mut(|item| {
        if is_empty(item) && !matches!(item.content, Content::List(_)) {
            return false;
        }
        if !matches!(item.content, Content::Map(_)) && is_for_maps {
            return true;
        }
        let is_meant = by
            .iter()
            .all(|(key, value)| item.get(key).is_some_and(|found| value.is_empty() || scalar(found) == *value));
        if !is_meant {
            return true;
        }
        has_replaced = true;
        match &element {
            Some(element) => {
                *item = element.clone();
                true
            }
            None => false,
        }
    });
    if !has_replaced {
        list.extend(element);
    }
}

/// `more` behind `list`, but an element that `list` has by its `keys` takes that one's place.
fn append(mut list: Vec<Value>, more: Vec<Value>, keys: &[&str]) -> Vec<Value> {
    for item in more {
        let found: Vec<Option<String>> = keys.iter().map(|key| item.get(key).map(scalar)).collect();
        let lacks = found.iter().any(Option::is_none);
        if found.iter().all(Option::is_none) {
            // An element without any of the keys takes the place of all that stood before it.
            list = vec![item];
            continue;
        }
        if lacks {
            list.push(item.clone());
        }
        let by: Vec<(&str, &str)> =
            keys.iter().zip(found.iter().flatten()).map(|(key, value)| (*key, value.as_str())).collect();
        if keys.len() > 1 {
            set_element(&mut list, &by, None);
        }
        set_element(&mut list, &by, Some(item));
    }
    list
}
