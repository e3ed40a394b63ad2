//! Names that only one can have.

use diagnostic::{Derived, Diagnostic};

use crate::app::App;
use crate::identity::Identity;

/// The name of the file that lists the others of a folder.
const LIST: &str = "kustomization";

/// Refuses a namespace whose file would take the place of the list of the namespaces.
pub(crate) fn refuse_list_as_namespace(namespaces: &[Derived<String>], found: &mut Vec<Diagnostic>) {
    let taken = namespaces.iter().find(|namespace| namespace.value == LIST);
    if let Some((namespace, span)) = taken.and_then(|namespace| Some((namespace, *namespace.from.first()?))) {
        let message = format!("the namespace `{LIST}` would be the file `{LIST}.yaml`, which lists the namespaces");
        let mut finding = Diagnostic::error("taken-name", span, message)
            .help("give it another name; or create it by hand, and name it in `flux.existing_namespaces`");
        for other in &namespace.from[1..] {
            finding = finding.related(*other, "it is named here too");
        }
        found.push(finding);
    }
}

/// Refuses an app whose release would be that of authentik itself.
pub(crate) fn refuse_second_authentik(identity: &Identity<'_>, apps: &[App<'_>], found: &mut Vec<Diagnostic>) {
    let namespace = &identity.settings.namespace;
    for app in apps.iter().filter(|app| app.slug.value == identity.release && app.entry.release.is_some()) {
        let is_same = app.flux.as_ref().is_some_and(|flux| flux.namespace.value == namespace.as_str());
        if let (true, Some(span)) = (is_same, app.slug.from.first()) {
            let message =
                format!("the release of the app `{}` is called like that of the identity provider", app.slug.value);
            found.push(
                Diagnostic::error("taken-name", *span, message)
                    .related(namespace.span, "both would be in this namespace")
                    .help("give the app another key, or another namespace"),
            );
        }
    }
}
