//! `apps/<app>/<scope>.py`: the Python of an app's own scopes, byte for byte as the inventory has it.

use diagnostic::{Diagnostic, Span};
use lab::Lab;
use template::{Templates, context};
use tree::{File, Origin, Tree};

const TEMPLATE: &str = "tofu/tf-deploy/authentik/apps/__app__/__scope__.py.j2";

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    for (app, oidc) in lab.oidc_apps() {
        for scope in &oidc.scopes {
            let names = [("app", app.slug.value.as_str()), ("scope", scope.scope.value.as_str())];
            if let Some((path, mut file)) = templates.render(TEMPLATE, &names, context! {}, found) {
                append(&mut file, scope.expression.as_str(), scope.expression.span);
                tree.insert(path, file);
            }
        }
    }
}

/// Puts `text`, which is written at `span`, behind what the template gave; no filter may touch it. The last line
/// gets an end, which authentik takes away again.
fn append(file: &mut File, text: &str, span: Span) {
    let offset = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    let start = file.text.len();
    file.text.push_str(text);
    let end = file.text.len();
    if !file.text.ends_with('\n') {
        file.text.push('\n');
    }
    if let Origin::Rendered { map, .. } = &mut file.origin {
        map.values.push((offset(start)..offset(end), span));
        if let Some(last) = map.lines.last().copied() {
            map.lines.extend(file.text[start..].lines().map(|_| last));
        }
    }
}
