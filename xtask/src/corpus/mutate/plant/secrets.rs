//! Defects between what makes Secrets and Services and what reads them.

use std::collections::BTreeMap;

use diagnostic::Span;
use manifest::{Content, Value};
use resolve_flux::{Cluster, Object};

use super::{Change, Planting, Sort};

/// A Secret by its namespace and name.
type Name = (String, String);

/// What makes a Secret, as far as its keys are known.
struct Maker<'c> {
    object: &'c Object,
    /// Its keys with their places; none where there may be others.
    keys: Option<Vec<(&'c str, Span)>>,
}

/// What reads a Secret.
struct Reader<'c> {
    secret: Name,
    name: &'c Value,
    key: Option<&'c Value>,
}

/// Those in the objects of `cluster`.
pub(super) fn plant(all: &mut Planting<'_>, cluster: &Cluster) {
    let mut makers: BTreeMap<Name, Vec<Maker<'_>>> = BTreeMap::new();
    let mut readers = Vec::new();
    for object in &cluster.objects {
        if let Some((secret, maker)) = maker(object) {
            makers.entry(secret).or_default().push(maker);
        }
        readers_in(object, &mut readers);
        template(all, object);
        ports(all, cluster, object);
    }
    for reader in &readers {
        let Some(makers) = makers.get(&reader.secret) else { continue };
        all.text(Sort::SecretName, Some(reader.name));
        if makers.iter().all(|maker| maker.keys.is_some()) {
            all.text(Sort::SecretKey, reader.key);
        }
    }
    for (secret, makers) in &makers {
        let [Maker { object, keys }] = makers.as_slice() else { continue };
        let of_it = || readers.iter().filter(|reader| reader.secret == *secret);
        for (key, span) in keys.iter().flatten() {
            let read: Vec<_> =
                of_it().filter_map(|reader| reader.key).filter(|read| read.text() == Some(key)).collect();
            if !read.is_empty() {
                all.letter(Sort::MadeKey, *span, key, read.iter().map(|read| read.span));
            }
        }
        moved(all, cluster, object, of_it().map(|reader| reader.name.span).collect());
    }
    for source in cluster.objects.iter().filter(|object| object.group() == "source.toolkit.fluxcd.io") {
        moved(all, cluster, source, sources_read(cluster, source));
    }
}

/// `object`, which is read at `readers`, in another namespace of the cluster.
fn moved(all: &mut Planting<'_>, cluster: &Cluster, object: &Object, readers: Vec<Span>) {
    let Some(namespace) = object.value.at(&["metadata", "namespace"]) else { return };
    let Some(text) = namespace.text().filter(|_| !readers.is_empty()) else { return };
    // Only where it is the object itself that says so.
    if all.judged.sources.path(namespace.span) != object.file.as_str() {
        return;
    }
    let others = cluster.objects.iter().filter_map(Object::namespace).filter(|other| *other != text);
    let other = others.min().unwrap_or("elsewhere").to_owned();
    all.place(Sort::Namespace, namespace.span, text, readers, |range| Change::All(range, other));
}

/// Where `source` is named by what is in its namespace.
fn sources_read(cluster: &Cluster, source: &Object) -> Vec<Span> {
    let paths: [&[&str]; 3] = [&["spec", "sourceRef"], &["spec", "chartRef"], &["spec", "chart", "spec", "sourceRef"]];
    let named = cluster.objects.iter().flat_map(|object| paths.map(|path| (object, object.value.at(path))));
    let is_it = |object: &Object, named: &Value| {
        let namespace = named.text_at("namespace").or(object.namespace());
        named.text_at("name") == Some(source.name())
            && named.text_at("kind") == Some(source.kind())
            && namespace == source.namespace()
    };
    let named = named.filter_map(|(object, named)| named.filter(|named| is_it(object, named)));
    named.flat_map(|named| [named.get("name"), named.get("namespace")]).flatten().map(|value| value.span).collect()
}

fn maker(object: &Object) -> Option<(Name, Maker<'_>)> {
    let namespace = object.namespace()?.to_owned();
    match (object.group(), object.kind()) {
        ("", "Secret") if !object.has_unknown_name => {
            let parts = ["data", "stringData"].map(|part| object.value.get(part));
            let entries = parts.into_iter().flatten().flat_map(Value::entries);
            let keys = entries.map(|entry| (entry.key.value.as_str(), entry.key.span));
            Some(((namespace, object.name().to_owned()), Maker { object, keys: Some(keys.collect()) }))
        }
        ("external-secrets.io", "ExternalSecret") => {
            let spec = object.value.get("spec")?;
            let name = spec.at(&["target", "name"]).and_then(Value::text).unwrap_or(object.name());
            Some(((namespace, name.to_owned()), Maker { object, keys: keys_of_external(spec) }))
        }
        _ => None,
    }
}

fn keys_of_external(spec: &Value) -> Option<Vec<(&str, Span)>> {
    let template = spec.at(&["target", "template"]);
    let data = template.and_then(|template| template.get("data"));
    let is_open = template.is_some_and(|template| {
        template.get("templateFrom").is_some() || template.text_at("mergePolicy") == Some("Merge")
    });
    let policy = spec.at(&["target", "creationPolicy"]).and_then(Value::text).unwrap_or("Owner");
    if is_open || !["Owner", "Orphan"].contains(&policy) {
        return None;
    }
    match data {
        Some(data) => Some(data.entries().iter().map(|entry| (entry.key.value.as_str(), entry.key.span)).collect()),
        None if spec.get("dataFrom").is_some() => None,
        None => {
            let keys = spec.items_at("data").iter().filter_map(|item| item.get("secretKey"));
            Some(keys.filter_map(|key| Some((key.text()?, key.span))).collect())
        }
    }
}

/// What reads a Secret in its own namespace: pods, and whatever refers to a Secret as pods do.
fn readers_in<'c>(object: &'c Object, readers: &mut Vec<Reader<'c>>) {
    let (Some(namespace), Some(spec)) = (object.namespace(), object.value.get("spec")) else { return };
    let is_read = ["", "apps", "batch", "helm.toolkit.fluxcd.io"].contains(&object.group());
    let target = spec.text_at("targetNamespace").filter(|_| object.kind() == "HelmRelease").unwrap_or(namespace);
    walk(spec, target, is_read, readers);
    for from in spec.items_at("valuesFrom").iter().filter(|from| from.text_at("kind") == Some("Secret")) {
        add(from, "name", from.get("valuesKey"), namespace, readers);
    }
}

fn walk<'c>(value: &'c Value, namespace: &str, is_read: bool, readers: &mut Vec<Reader<'c>>) {
    value.items().iter().for_each(|item| walk(item, namespace, is_read, readers));
    for entry in value.entries() {
        match entry.key.value.as_str() {
            "secretKeyRef" => add(&entry.value, "name", entry.value.get("key"), namespace, readers),
            "secretRef" if is_read => add(&entry.value, "name", None, namespace, readers),
            "secret" if is_read && entry.value.get("secretName").is_some() => {
                let items = entry.value.items_at("items");
                items.iter().for_each(|item| add(&entry.value, "secretName", item.get("key"), namespace, readers));
                if items.is_empty() {
                    add(&entry.value, "secretName", None, namespace, readers);
                }
            }
            _ => walk(&entry.value, namespace, is_read, readers),
        }
    }
}

fn add<'c>(value: &'c Value, field: &str, key: Option<&'c Value>, namespace: &str, readers: &mut Vec<Reader<'c>>) {
    let Some(name) = value.get(field).filter(|_| value.get("optional").is_none()) else { return };
    let Some(text) = name.text().filter(|_| value.get("namespace").is_none()) else { return };
    readers.push(Reader { secret: (namespace.to_owned(), text.to_owned()), name, key });
}

/// The keys of an ExternalSecret that its own template reads, where it has no others.
fn template(all: &mut Planting<'_>, object: &Object) {
    let Some(spec) = object.value.get("spec").filter(|_| object.kind() == "ExternalSecret") else { return };
    let data = spec.at(&["target", "template", "data"]).filter(|_| spec.get("dataFrom").is_none());
    for key in spec.items_at("data").iter().filter_map(|item| item.get("secretKey")) {
        let Some(text) = key.text() else { continue };
        let reads = |value: &Value| {
            let is_end = |next: Option<char>| next.is_none_or(|next| !next.is_alphanumeric() && next != '_');
            let found = value.text().into_iter().flat_map(|value| value.split(" .").skip(1));
            found.into_iter().any(|rest| rest.strip_prefix(text).is_some_and(|rest| is_end(rest.chars().next())))
        };
        let readers: Vec<_> =
            data.map(Value::entries).unwrap_or_default().iter().filter(|entry| reads(&entry.value)).collect();
        if !readers.is_empty() {
            all.letter(
                Sort::TemplateKey,
                key.span,
                text,
                lines(all, &readers.iter().map(|entry| entry.value.span).collect::<Vec<_>>()),
            );
        }
    }
}

/// A place in each line of `spans`.
fn lines(all: &Planting<'_>, spans: &[Span]) -> Vec<Span> {
    let of = |span: &Span| {
        let text = all.judged.sources.slice(*span);
        let starts = text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| *at < text.len());
        let start = span.start as usize;
        [0].into_iter().chain(starts).map(|at| Span::new(span.file, start + at..start + at)).collect::<Vec<_>>()
    };
    spans.iter().flat_map(of).collect()
}

/// The ports by which `object` leads to Services of `cluster`.
fn ports(all: &mut Planting<'_>, cluster: &Cluster, object: &Object) {
    if !["Ingress", "HTTPRoute", "IngressRoute"].contains(&object.kind()) {
        return;
    }
    let mut found = Vec::new();
    backends(&object.value, &mut found);
    for (backend, port) in found {
        let namespace = backend.text_at("namespace").or(object.namespace());
        let Some(service) = backend.text_at("name").and_then(|name| cluster.find("", "Service", namespace, name))
        else {
            continue;
        };
        if service.value.at(&["spec", "type"]).and_then(Value::text) == Some("ExternalName") {
            continue;
        }
        match &port.content {
            Content::Text(name) => all.letter(Sort::Port, port.span, name, []),
            Content::Number(number) => {
                let number = number.to_string();
                all.place(Sort::Port, port.span, &number, [], |range| Change::All(range, format!("{number}1")));
            }
            _ => {}
        }
    }
}

/// What names a Service and a port of it.
fn backends<'c>(value: &'c Value, found: &mut Vec<(&'c Value, &'c Value)>) {
    value.items().iter().for_each(|item| backends(item, found));
    if let Some(port) = value.get("port").filter(|_| value.get("name").is_some()) {
        let port = port.get("number").or(port.get("name")).unwrap_or(port);
        found.push((value, port));
    }
    value.entries().iter().for_each(|entry| backends(&entry.value, found));
}
