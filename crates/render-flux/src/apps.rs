//! The folder of each app that has a namespace.

use diagnostic::Diagnostic;
use lab::{App, FluxApp, Lab};
use template::{Placed, Templates, context};
use tree::Tree;

use crate::keep;
use crate::release::context_of;

const FOLDER: &str = "flux/apps/base/__app__";

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    for app in &lab.apps {
        if let Some(flux) = &app.flux {
            render_app(app, flux, templates, tree, found);
        }
    }
}

fn render_app(app: &App<'_>, flux: &FluxApp, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let names = [("app", app.slug.value.as_str())];
    let mut keep = |file: &str, context| {
        keep(tree, templates.render(&format!("{FOLDER}/{file}.j2"), &names, context, found));
    };
    let context = context! {
        has_release => app.entry.release.is_some(),
        secret_files => Placed::list(flux.secrets.iter().map(lab::SecretReference::file)),
    };
    keep("kustomization.yaml", context);
    let Some(settings) = &app.entry.release else { return };
    let release = context_of(
        Placed::text(&app.slug),
        Placed::text(&flux.namespace),
        &settings.repository,
        &settings.chart,
        &settings.version,
    );
    keep("helmrepository.yaml", context! { release => release.clone() });
    let context = context! {
        release,
        has_values => app.values.is_some(),
        values => app.values.as_ref().map(|values| template::Value::from(Placed::from(values))),
    };
    keep("helmrelease.yaml", context);
}
