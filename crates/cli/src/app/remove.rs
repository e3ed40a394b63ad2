//! `labtree remove app`: an app less.

use inventory::edit;
use lab::{Lab, Protocol};

use super::change::{After, Before};
use super::existing;
use super::remaining::{self, Step, apply, commit, path, push};
use crate::Outcome;
use crate::args::RemoveApp;
use crate::disk::Disk;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Takes the app out of the inventory and renders what follows, or tells what would be done.
///
/// # Errors
/// There is no such app, or the disk refuses.
pub(crate) fn run(disk: &impl Disk, arguments: &RemoveApp, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let name = arguments.name.as_str();
    let Some(before) = Before::read(disk, arguments.dry_run, terminal)? else { return Ok(Outcome::Findings) };
    existing(before.inventory(), name)?;
    let (file, gone) = (before.file_of(name), Gone::of(&before.lab(), name));
    let edit = |file, text: &str| edit::remove(file, text, name);
    let Some(after) = before.carry_out(disk, file, edit, terminal)? else { return Ok(Outcome::Findings) };
    if !arguments.dry_run {
        remaining::show(&gone.steps(&after, name), terminal);
    }
    Ok(Outcome::Clean)
}

/// What goes with an app.
struct Gone {
    /// Its path in Vault.
    credentials: String,
    /// What Flux deletes.
    objects: Vec<String>,
    namespace: Option<String>,
    is_ldap: bool,
}

impl Gone {
    fn of(lab: &Lab<'_>, name: &str) -> Self {
        let app = lab.apps.iter().find(|app| app.slug.value == name).expect("the app was looked up");
        let secrets = app.flux.iter().flat_map(|flux| &flux.secrets);
        let mut objects: Vec<_> = secrets.map(|secret| format!("the Secret `{}`", secret.name.value)).collect();
        if app.entry.release.is_some() {
            objects.push(format!("the HelmRelease `{name}` and with it all that the chart installed"));
        }
        Self {
            credentials: path(lab, app.credentials().path.as_str()),
            objects,
            namespace: app.flux.as_ref().map(|flux| flux.namespace.value.clone()),
            is_ldap: matches!(app.protocol, Protocol::Ldap(_)),
        }
    }

    fn steps(&self, after: &After, name: &str) -> Vec<Step> {
        let lab = after.lab();
        let mut steps = vec![commit(after, &format!("Remove {name}"))];
        let last_ldap = self.is_ldap && lab.ldap_apps().next().is_none();
        match &self.namespace {
            Some(namespace) => {
                let what = format!("Flux deletes from the namespace `{namespace}`: {}", self.objects.join(", "));
                steps.push(push(&lab, &what));
            }
            None => steps.push(Step::new("push", [String::from("git push")])),
        }
        let outpost = if last_ldap { ", and with the last LDAP app the outpost and the flow of binds" } else { "" };
        let what = format!(
            "it destroys in authentik the application `{name}` with its provider and bindings, and in Vault \
             `{}`{outpost}",
            self.credentials
        );
        steps.push(apply(after, &what));
        let is_left = |namespace: &&String| lab.namespaces.iter().any(|other| other.value == **namespace);
        if let Some(namespace) = self.namespace.as_ref().filter(|namespace| !is_left(namespace)) {
            let what = format!("delete the namespace `{namespace}` once nothing in it is needed: Flux leaves it");
            steps.push(Step::new(what, [format!("kubectl delete namespace {namespace}")]));
        }
        steps
    }
}
