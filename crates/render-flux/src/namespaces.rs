//! The folder of the namespaces, which all clusters share.

use diagnostic::Diagnostic;
use lab::Lab;
use template::{Placed, Templates, context};
use tree::Tree;

use crate::keep;

const FOLDER: &str = "flux/infrastructure/base/namespaces";

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    if lab.namespaces.is_empty() {
        return;
    }
    let template = format!("{FOLDER}/__namespace__.yaml.j2");
    for namespace in &lab.namespaces {
        let names = [("namespace", namespace.value.as_str())];
        let context = context! { namespace => Placed::text(namespace) };
        keep(tree, templates.render(&template, &names, context, found));
    }
    let files = lab.namespaces.iter().map(lab::file_of);
    let context = context! { files => Placed::list(files) };
    keep(tree, templates.render(&format!("{FOLDER}/kustomization.yaml.j2"), &[], context, found));
}
