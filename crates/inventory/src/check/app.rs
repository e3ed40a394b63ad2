//! An app by itself: who may open it, where it runs, what it holds.

use diagnostic::{Diagnostic, Span};

use super::{Known, cluster_exists, group_exists, redirect, values};
use crate::read::Reader;
use crate::{Allow, App, AppName, Entry, Value, rules, written_at};

pub(super) fn check(entry: &Entry<AppName, App>, known: &Known<'_>, reader: &mut Reader) {
    let (name, app) = (entry.name.as_str(), &entry.value);
    if let Allow::Groups(groups) = &app.allow {
        for group in &groups.value {
            group_exists(group, known, reader);
        }
    }
    for group in app.roles.iter().flat_map(|role| &role.value) {
        group_exists(group, known, reader);
    }
    for cluster in app.clusters.iter().flat_map(|clusters| &clusters.value) {
        cluster_exists(cluster, known, reader);
    }
    if let Some(clusters) = app.clusters.as_ref().filter(|clusters| clusters.is_empty()) {
        let finding = Diagnostic::error(rules::EMPTY_LIST, clusters.span, format!("`apps.{name}.clusters` is empty"));
        reader.report(finding.help("delete `clusters` for all clusters, or `namespace` for an app outside them"));
    }
    namespace(name, app, reader);
    if let Some(oidc) = &app.oidc {
        redirect::check(name, app, oidc, reader);
    }
    if let Some(values) = app.release.as_ref().and_then(|release| release.values.as_ref()) {
        if !matches!(values.value, Value::Map(_) | Value::Null) {
            let message = format!("`apps.{name}.release.values` is no mapping");
            let finding = Diagnostic::error(rules::WRONG_KIND, written_at(values), message);
            reader.report(finding.help("for example `values: { replicas: 1 }`"));
        }
        values::check(values, reader);
    }
}

/// What is rendered for Flux needs a namespace to be in.
fn namespace(name: &str, app: &App, reader: &mut Reader) {
    if app.namespace.is_some() {
        return;
    }
    let mut report = |span: Span, key: &str| {
        let message = format!("`apps.{name}` has `{key}`, but no `namespace`");
        let finding = Diagnostic::error(rules::APP_WITHOUT_NAMESPACE, span, message);
        reader.report(finding.help(format!("add `namespace: {name}`, or delete `{key}`")));
    };
    if let Some(release) = &app.release {
        report(release.span, "release");
    }
    if *app.smtp {
        report(app.smtp.span, "smtp");
    }
    if let Some(clusters) = &app.clusters {
        report(clusters.span, "clusters");
    }
}
