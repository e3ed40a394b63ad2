//! One file for each Secret that an operator fills from Vault.

use diagnostic::{Derived, Diagnostic};
use inventory::SecretOperator;
use lab::{Lab, SecretReference, SecretTemplate, TemplateKey, TextPart};
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::keep;

const AUTHENTIK: &str = "flux/infrastructure/base/authentik/__secret__.yaml.j2";
const APP: &str = "flux/apps/base/__app__/__secret__.yaml.j2";

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let store = store(lab);
    for secret in lab.identity.secrets() {
        let names = [("secret", secret.name.value.as_str())];
        keep(tree, templates.render(AUTHENTIK, &names, context_of(lab, secret, &store), found));
    }
    for (app, flux) in lab.apps.iter().filter_map(|app| Some((app, app.flux.as_ref()?))) {
        for secret in &flux.secrets {
            let names = [("app", app.slug.value.as_str()), ("secret", secret.name.value.as_str())];
            keep(tree, templates.render(APP, &names, context_of(lab, secret, &store), found));
        }
    }
}

/// What every reference says about the store.
fn store(lab: &Lab<'_>) -> Value {
    let store = &lab.store;
    context! {
        kind => Placed::text(&store.entry.kind.derive(|kind| kind.as_str())),
        name => Placed::text(&store.entry.name.derive(ToString::to_string)),
        reference => Placed::text(&store.reference),
        mount => Placed::text(&store.mount),
    }
}

fn context_of(lab: &Lab<'_>, secret: &SecretReference, store: &Value) -> Value {
    let operator = lab.inventory.flux.secrets.value;
    let path = match operator {
        SecretOperator::ExternalSecrets => lab.store.key(&secret.vault.path),
        SecretOperator::VaultSecretsOperator => secret.vault.path.clone(),
    };
    context! {
        external_secrets => operator == SecretOperator::ExternalSecrets,
        store => store.clone(),
        secret => context! {
            name => Placed::text(&secret.name),
            namespace => Placed::text(&secret.namespace),
            path => Placed::text(&path),
            keys => Placed::list(secret.vault.keys.iter().copied()),
            has_template => secret.template.is_some(),
            template => secret.template.as_ref().map(|template| template_of(template, operator)),
        },
    }
}

/// What the operator makes the Secret of: Go templates, in which each operator has the values from Vault elsewhere.
fn template_of(template: &SecretTemplate, operator: SecretOperator) -> Value {
    let key = |key: &TemplateKey| {
        let parts = key.text.iter().map(|part| go(part, operator));
        let from = key.text.iter().flat_map(|part| match part {
            TextPart::Text(text) => text.from.as_slice(),
            TextPart::Key(_) => &[],
        });
        let text = Derived::new(parts.collect::<String>(), key.name.from.iter().chain(from).copied());
        (Placed::text(&key.name), Placed::text(&text))
    };
    let keys: Vec<_> = template.keys.iter().map(key).collect();
    let texts = keys.iter().map(|(name, text)| context! { name => name.clone(), text => text.clone() });
    context! {
        texts => texts.collect::<Vec<_>>(),
        data => Placed::map(keys.clone()),
        has_labels => !template.labels.is_empty(),
        labels => Placed::map(template.labels.iter().map(|(name, value)| (Placed::text(name), Placed::text(value)))),
    }
}

/// A part of a text in the language of Go's templates.
fn go(part: &TextPart, operator: SecretOperator) -> String {
    match part {
        // Braces of the text's own are text to Go.
        TextPart::Text(text) => text.value.replace("{{", r#"{{ "{{" }}"#),
        TextPart::Key(key) => match operator {
            SecretOperator::ExternalSecrets => format!("{{{{ .{key} }}}}"),
            SecretOperator::VaultSecretsOperator => format!(r#"{{{{ get .Secrets "{key}" }}}}"#),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_of_a_text_are_text_to_go() {
        let text = TextPart::Text(Derived::fixed("{{ x }} {\"a\": {\"b\": {}}}".to_owned()));
        let expected = r#"{{ "{{" }} x }} {"a": {"b": {}}}"#;
        assert_eq!(go(&text, SecretOperator::ExternalSecrets), expected);
    }
}
