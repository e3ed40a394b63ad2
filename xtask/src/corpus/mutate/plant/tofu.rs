//! Defects in OpenTofu, and between it and the clusters.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{FileId, Span, Spanned};
use manifest::Value;
use resolve_flux::{Cluster, Object};
use resolve_tofu::{Mode, ResourceName, Target, references};
use syntax::hcl::{Block, Body, Expression, Item, Kind, Segment, parse};

use super::{Change, Planting, Sort};

/// The files of one module.
type Module = Vec<Body>;

/// Those in the files of OpenTofu.
pub(super) fn plant(all: &mut Planting<'_>) {
    let mut modules: BTreeMap<Utf8PathBuf, Module> = BTreeMap::new();
    let is_tofu = |path: &Utf8Path| matches!(path.extension(), Some("tf" | "tofu"));
    let files: Vec<(Utf8PathBuf, FileId)> =
        all.judged.files.iter().filter(|file| is_tofu(&file.path)).map(|file| (file.path.clone(), file.id)).collect();
    for (path, id) in &files {
        let body = parse(*id, &all.judged.sources.get(*id).text).body;
        modules.entry(path.parent().unwrap_or(Utf8Path::new("")).to_owned()).or_default().push(body);
    }
    let groups: BTreeSet<String> = modules.values().flatten().flat_map(groups).collect();
    for module in modules.values() {
        for body in module {
            blocks(all, body, module);
            each_expression(body, &mut |expression| in_expression(all, expression, &groups));
        }
    }
    in_policies(all, &groups);
    vault(all, modules.values().flatten());
}

fn blocks(all: &mut Planting<'_>, body: &Body, module: &Module) {
    for block in of_kind(body, &["resource", "data", "provider"]) {
        let first = block.labels.first().map_or("", |label| label.value.as_str());
        let sort = if block.kind.value == "provider" { Sort::ProviderArgument } else { Sort::Attribute };
        for item in block.body.items.iter().filter(|_| first.starts_with("authentik")) {
            let Item::Attribute(attribute) = item else { continue };
            let is_of_provider =
                !["count", "for_each", "provider", "depends_on", "alias"].contains(&attribute.name.value.as_str());
            if is_of_provider {
                all.letter(sort, attribute.name.span, &attribute.name.value, []);
            }
        }
        if block.kind.value == "resource" {
            removed(all, block, module);
        }
    }
}

/// `block` without which others of its module refer to nothing.
fn removed(all: &mut Planting<'_>, block: &Block, module: &Module) {
    let [kind, name] = block.labels.as_slice() else { return };
    let name = ResourceName { mode: Mode::Managed, kind: kind.value.clone(), name: name.value.clone() };
    let mut told = Vec::new();
    for body in module {
        each_expression(body, &mut |expression| {
            let found = references(expression, &[]).into_iter();
            told.extend(found.filter(|one| one.target == Target::Resource(name.clone())).map(|one| one.span));
        });
    }
    // Whoever is to be in a group that is no longer there is looked at too.
    let group = argument(block, "name").filter(|_| name.kind == "authentik_group").map(|name| &name.kind);
    if let Some(Kind::Text(group)) = group {
        for body in module {
            each_expression(body, &mut |expression| {
                if let Kind::Tuple(items) = &expression.kind {
                    let is_it = |item: &&Expression| item.kind == Kind::Text(group.clone());
                    told.extend(items.iter().filter(is_it).map(|item| item.span));
                }
            });
        }
    }
    told.retain(|span| span.file != block.span.file || !block.span.range().contains(&(span.start as usize)));
    if told.is_empty() || !all.seen.insert((block.span, Sort::RemovedResource)) {
        return;
    }
    let told = told.into_iter().map(|span| all.line(span)).collect();
    let change = Change::Out(block.span.range());
    all.defects.push(super::Defect { sort: Sort::RemovedResource, at: all.line(block.span), told, change });
}

fn in_expression(all: &mut Planting<'_>, expression: &Expression, groups: &BTreeSet<String>) {
    match &expression.kind {
        Kind::Call { name, arguments, .. } if ["file", "filebase64", "templatefile"].contains(&name.value.as_str()) => {
            match arguments.first().map(|argument| (&argument.kind, argument.span)) {
                // What lies outside of the repository nobody sees.
                Some((Kind::Text(path), span)) if !path.starts_with('/') => {
                    all.letter(Sort::FileFunction, span, path, [])
                }
                Some((Kind::Template(segments), _)) => {
                    if let Some(Segment::Literal(path)) = segments.last() {
                        all.letter(Sort::FileFunction, path.span, &path.value, []);
                    }
                }
                _ => {}
            }
        }
        Kind::Tuple(items) => {
            for item in items {
                match &item.kind {
                    Kind::Text(text) if groups.contains(text) => all.letter(Sort::Group, item.span, text, []),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The names of the groups that are made in `body` under a name that is written out.
fn groups(body: &Body) -> Vec<String> {
    let groups = of_kind(body, &["resource"]).filter(|block| block.labels[0].value == "authentik_group");
    let names = groups.filter_map(|block| match argument(block, "name")?.kind {
        Kind::Text(ref name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// The groups that policies ask for by name, in files of their own and in heredocs.
fn in_policies(all: &mut Planting<'_>, groups: &BTreeSet<String>) {
    let texts: Vec<_> =
        all.judged.files.iter().map(|file| (file.id, all.judged.sources.get(file.id).text.clone())).collect();
    for (id, text) in texts {
        for (at, _) in text.match_indices("ak_is_group_member(") {
            let line = text[at..].lines().next().unwrap_or_default();
            let Some((before, rest)) = line.split_once("name=\"") else { continue };
            let Some(name) = rest.split('"').next().filter(|name| groups.contains(*name)) else { continue };
            let start = at + before.len() + "name=\"".len();
            all.letter(Sort::Group, Span::new(id, start..start + name.len()), name, []);
        }
    }
}

/// The paths and keys of Vault that ExternalSecrets read and OpenTofu says, on either side.
fn vault<'b>(all: &mut Planting<'_>, bodies: impl Iterator<Item = &'b Body>) {
    let (mut texts, mut keys): (Vec<Spanned<String>>, Vec<Spanned<String>>) = (Vec::new(), Vec::new());
    for body in bodies {
        each_expression(body, &mut |expression| match &expression.kind {
            Kind::Text(text) => texts.push(Spanned::new(text.clone(), expression.span)),
            Kind::Object(items) => keys.extend(items.iter().filter_map(|item| match &item.key.kind {
                Kind::Text(key) => Some(Spanned::new(key.clone(), item.key.span)),
                _ => None,
            })),
            _ => {}
        });
    }
    let clusters = all.judged.flux.clusters.iter();
    let externals = clusters.flat_map(|cluster| {
        cluster.of("external-secrets.io", "ExternalSecret").filter(|object| is_of_vault(cluster, object))
    });
    let reads: Vec<&Value> = externals
        .flat_map(|object| object.value.at(&["spec", "data"]).map(Value::items).unwrap_or_default())
        .filter_map(|item| item.get("remoteRef"))
        .collect();
    for read in &reads {
        let (Some(path), Some(key)) = (read.get("key"), read.get("property")) else { continue };
        let written: Vec<_> = texts.iter().filter(|text| Some(text.value.as_str()) == path.text()).collect();
        if written.is_empty() {
            continue;
        }
        all.text(Sort::VaultPath, Some(path));
        let same = |one: &&&Value, field: &str, as_this: &Value| one.get(field).and_then(Value::text) == as_this.text();
        let readers: Vec<Span> =
            reads.iter().filter(|one| same(one, "key", path)).filter_map(|one| Some(one.get("key")?.span)).collect();
        for text in written {
            all.letter(Sort::VaultPath, text.span, &text.value, readers.iter().copied());
        }
        let written: Vec<_> = keys.iter().filter(|one| Some(one.value.as_str()) == key.text()).collect();
        if written.is_empty() {
            continue;
        }
        all.text(Sort::VaultKey, Some(key));
    }
    // A key on OpenTofu's side is every reader's.
    for key in &keys {
        let is_of_vault = all.judged.sources.get(key.span.file).text.contains("vault_kv_secret_v2");
        let readers = reads.iter().filter_map(|read| read.get("property"));
        let readers: Vec<Span> = readers.filter(|read| read.text() == Some(&key.value)).map(|read| read.span).collect();
        if is_of_vault && !readers.is_empty() {
            all.letter(Sort::VaultKey, key.span, &key.value, readers);
        }
    }
}

/// Whether `object`, an ExternalSecret of `cluster`, is fetched from Vault.
fn is_of_vault(cluster: &Cluster, object: &Object) -> bool {
    let named = object.value.at(&["spec", "secretStoreRef"]);
    let kind = named.and_then(|named| named.text_at("kind")).unwrap_or("SecretStore");
    let namespace = object.namespace().filter(|_| kind != "ClusterSecretStore");
    let store = named.and_then(|named| cluster.find("external-secrets.io", kind, namespace, named.text_at("name")?));
    store.is_some_and(|store| store.value.at(&["spec", "provider", "vault"]).is_some())
}

fn of_kind<'b>(body: &'b Body, kinds: &'b [&str]) -> impl Iterator<Item = &'b Block> {
    body.items.iter().filter_map(move |item| match item {
        Item::Block(block) if kinds.contains(&block.kind.value.as_str()) && !block.labels.is_empty() => Some(block),
        _ => None,
    })
}

fn argument<'b>(block: &'b Block, name: &str) -> Option<&'b Expression> {
    block.body.items.iter().find_map(|item| match item {
        Item::Attribute(attribute) if attribute.name.value == name => Some(&attribute.value),
        _ => None,
    })
}

/// Every expression in `body`, those in expressions too.
fn each_expression<'b>(body: &'b Body, visit: &mut impl FnMut(&'b Expression)) {
    let mut open = vec![body];
    while let Some(body) = open.pop() {
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => attribute.value.walk(visit),
                Item::Block(block) => open.push(&block.body),
            }
        }
    }
}
