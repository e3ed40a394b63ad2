//! What reads Secrets: pods, what Flux fetches and fills in, and the values of charts that look as if they did.

use diagnostic::{Severity, Spanned};
use manifest::Value;
use resolve_flux::{Cluster, Object, values};

use super::made::called;
use super::{Read, app_template, sight};
use crate::Repo;
use crate::flux::chart::helm_name;
use crate::flux::references::is_of_bootstrap;

/// The Secrets that `object` of `cluster` reads.
pub(super) fn by(repo: &Repo<'_>, cluster: &Cluster, object: &Object) -> Vec<Read> {
    // A volume has none, and says of each Secret where it lies.
    let nowhere = object.is("", "PersistentVolume").then_some("");
    let Some(namespace) = object.namespace().or(nowhere) else { return Vec::new() };
    let severity = Some(Severity::Error);
    let mut reading = Reading { by: called(object), namespace, release: None, severity, reads: Vec::new() };
    let Some(spec) = object.value.get("spec") else { return Vec::new() };
    match (object.group(), object.kind()) {
        ("apps" | "batch", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job") => {
            reading.pod(spec.at(&["template", "spec"]));
        }
        ("batch", "CronJob") => reading.pod(spec.at(&["jobTemplate", "spec", "template", "spec"])),
        ("", "Pod") => reading.pod(Some(spec)),
        ("", "PersistentVolume") => {
            let fields = spec.entries().iter().flat_map(|source| source.value.entries());
            for secret in fields.filter(|field| field.key.value.ends_with("ecretRef")).map(|field| &field.value) {
                if let Some(namespace) = secret.text_at("namespace") {
                    reading.namespace = namespace;
                    reading.push(secret, "name", None);
                }
            }
        }
        ("helm.toolkit.fluxcd.io", "HelmRelease") => {
            reading.values_from(spec);
            reading.namespace = spec.text_at("targetNamespace").unwrap_or(namespace);
            if let Some(release) = app_template::plain(repo, cluster, object) {
                (reading.severity, reading.release) = (Some(release.severity()), Some(helm_name(object)));
                app_template::read(release.values, &mut reading);
            } else {
                reading.severity = severity.filter(|_| sight::is_authentik(cluster, object));
                reading.shapes(&values(cluster, object, repo.sources).value);
            }
        }
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => {
            for from in spec.at(&["postBuild", "substituteFrom"]).map(Value::items).unwrap_or_default() {
                if from.text_at("kind") == Some("Secret") {
                    reading.add(from, "name", None);
                }
            }
            // The key of SOPS is made by hand, when Flux is installed.
            reading.severity = None;
            spec.at(&["decryption", "secretRef"]).into_iter().for_each(|key| reading.add(key, "name", None));
        }
        // The first source is fetched by the Secret that `flux bootstrap` makes.
        ("source.toolkit.fluxcd.io", _) if is_first(cluster, object) => {}
        ("source.toolkit.fluxcd.io" | "notification.toolkit.fluxcd.io" | "image.toolkit.fluxcd.io", _) => {
            for field in ["secretRef", "certSecretRef", "proxySecretRef"] {
                if let Some(secret) = spec.get(field) {
                    reading.add(secret, "name", None);
                }
            }
        }
        ("networking.k8s.io", "Ingress") if !sight::asks_for_certificates(&object.value) => {
            spec.items_at("tls").iter().for_each(|tls| reading.add(tls, "secretName", None));
        }
        ("gateway.networking.k8s.io", "Gateway") if !sight::asks_for_certificates(&object.value) => {
            let listeners = spec.items_at("listeners").iter();
            let certificates = listeners.filter_map(|listener| listener.at(&["tls", "certificateRefs"]));
            let is_secret = |one: &&Value| one.text_at("kind").is_none_or(|kind| kind == "Secret");
            certificates.flat_map(Value::items).filter(is_secret).for_each(|one| reading.add(one, "name", None));
        }
        ("traefik.io", "IngressRoute" | "IngressRouteTCP") => {
            spec.get("tls").into_iter().for_each(|tls| reading.add(tls, "secretName", None));
        }
        ("networking.k8s.io" | "gateway.networking.k8s.io", _) => {}
        // What other controllers read is written as pods have it.
        (group, _) if group.contains('.') => {
            reading.severity = None;
            reading.references(spec);
        }
        _ => {}
    }
    reading.reads
}

/// Whether the cluster begins at `object`, a source.
fn is_first(cluster: &Cluster, object: &Object) -> bool {
    if is_of_bootstrap(object) {
        return true;
    }
    match &cluster.beginning.source {
        Some((kind, name)) => object.kind() == kind && object.name() == name,
        None => object.name() == "flux-system",
    }
}

/// What reads, as far as it is read.
pub(super) struct Reading<'o> {
    by: String,
    namespace: &'o str,
    /// What stands for `{{ .Release.Name }}` in a name, where a template may.
    release: Option<String>,
    severity: Option<Severity>,
    reads: Vec<Read>,
}

impl Reading<'_> {
    /// `text` with what is known of what a template would fill in.
    fn filled(&self, text: &str) -> String {
        match &self.release {
            Some(release) => text.replace("{{ .Release.Name }}", release),
            None => text.to_owned(),
        }
    }

    /// Adds the Secret that `value` names in `field`, and the key that it wants of it.
    pub(super) fn add(&mut self, value: &Value, field: &str, key: Option<&Value>) {
        // An object that says where the Secret lies says it of another namespace.
        if value.get("namespace").is_none() {
            self.push(value, field, key);
        }
    }

    fn push(&mut self, value: &Value, field: &str, key: Option<&Value>) {
        let Some(name) = value.get(field) else { return };
        let Some(text) = name.text().map(|text| self.filled(text)).filter(|text| is_name(text)) else { return };
        let key = match key {
            Some(key) => key.text().map(|text| Spanned::new(text.to_owned(), key.span)),
            None => None,
        };
        self.reads.push(Read {
            by: self.by.clone(),
            namespace: self.namespace.to_owned(),
            name: Spanned::new(text, name.span),
            key: key.filter(|key| !key.value.contains("{{")),
            is_optional: value.get("optional").is_some_and(|optional| optional.bool() != Some(false)),
            severity: self.severity,
        });
    }

    fn pod(&mut self, spec: Option<&Value>) {
        let Some(spec) = spec else { return };
        for part in ["containers", "initContainers"] {
            for container in spec.items_at(part) {
                for variable in container.items_at("env").iter().filter_map(|variable| variable.get("valueFrom")) {
                    self.variable(variable);
                }
                self.env_from(container.items_at("envFrom"));
            }
        }
        self.pull_secrets(spec);
        spec.items_at("volumes").iter().for_each(|volume| self.volume(volume));
    }

    /// Without one of these a node pulls as nobody; whether the image needs more is not known.
    pub(super) fn pull_secrets(&mut self, pod: &Value) {
        let secrets = pod.items_at("imagePullSecrets").iter();
        self.unsure(|reading| secrets.for_each(|secret| reading.add(secret, "name", None)));
    }

    /// What `read` reads need not be there.
    pub(super) fn unsure(&mut self, read: impl FnOnce(&mut Self)) {
        let severity = self.severity.take();
        read(self);
        self.severity = severity;
    }

    pub(super) fn volume(&mut self, volume: &Value) {
        volume.get("secret").into_iter().for_each(|secret| self.items(secret, "secretName"));
        for source in volume.at(&["projected", "sources"]).map(Value::items).unwrap_or_default() {
            source.get("secret").into_iter().for_each(|secret| self.items(secret, "name"));
        }
    }

    /// What a variable comes from.
    pub(super) fn variable(&mut self, from: &Value) {
        from.get("secretKeyRef").into_iter().for_each(|secret| self.add(secret, "name", secret.get("key")));
    }

    pub(super) fn env_from(&mut self, sources: &[Value]) {
        for secret in sources.iter().filter_map(|source| source.get("secretRef")) {
            self.add(secret, "name", None);
        }
    }

    /// The keys of a Secret that are mounted, or all of it.
    pub(super) fn items(&mut self, secret: &Value, field: &str) {
        let items = secret.items_at("items");
        for item in items {
            self.add(secret, field, item.get("key"));
        }
        if items.is_empty() {
            self.add(secret, field, None);
        }
    }

    fn values_from(&mut self, spec: &Value) {
        for from in spec.items_at("valuesFrom").iter().filter(|from| from.text_at("kind") == Some("Secret")) {
            let key = from.get("valuesKey").filter(|key| !key.is_null());
            self.add(from, "name", key);
            let place = from.get("name").map(|name| name.span);
            if let (None, Some(place), Some(read)) = (key, place, self.reads.last_mut()) {
                read.key = Some(Spanned::new("values.yaml".to_owned(), place));
            }
        }
    }

    /// What looks like the name of a Secret in the values of a chart: `secretKeyRef`, `secretRef` and the volume `secret`
    /// as pods have them, and `existingSecret`.
    fn shapes(&mut self, values: &Value) {
        values.items().iter().for_each(|item| self.shapes(item));
        for entry in values.entries() {
            match entry.key.value.as_str() {
                "secretKeyRef" => self.add(&entry.value, "name", entry.value.get("key")),
                "secretRef" => self.add(&entry.value, "name", None),
                "secret" if entry.value.text_at("secretName").is_some() => self.items(&entry.value, "secretName"),
                "existingSecret" if entry.value.text().is_some() => self.add(values, "existingSecret", None),
                "existingSecret" if self.severity.is_some() => self.add(&entry.value, "secretName", None),
                _ => self.shapes(&entry.value),
            }
        }
    }
}

impl Reading<'_> {
    /// Every `secretKeyRef` in the object of an operator.
    fn references(&mut self, value: &Value) {
        value.items().iter().for_each(|item| self.references(item));
        for entry in value.entries() {
            match entry.key.value.as_str() {
                "secretKeyRef" => self.add(&entry.value, "name", entry.value.get("key")),
                _ => self.references(&entry.value),
            }
        }
    }
}

/// Whether `text` may be the name of an object: a template of a chart is none.
fn is_name(text: &str) -> bool {
    let is_one = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    !text.is_empty() && text.bytes().all(is_one)
}
