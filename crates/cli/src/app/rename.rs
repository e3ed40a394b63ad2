//! `labtree rename app`: an app of another name, for which OpenTofu keeps what it made.

use diagnostic::{Sources, Span};
use inventory::{AppName, Entry, Inventory, edit};
use lab::{App, Lab, Protocol};
use syntax::yaml::{self, Content, Node};

use super::change::{After, Before};
use super::remaining::{self, Step, apply, commit, path, push};
use super::{existing, refuse_taken};
use crate::Outcome;
use crate::args::RenameApp;
use crate::disk::Disk;
use crate::entry::place;
use crate::failure::Failure;
use crate::input::{INVENTORY_FOLDER, INVENTORY_PATH};
use crate::terminal::Terminal;

/// Renames the app in the inventory and renders what follows, or tells what would be done.
///
/// # Errors
/// There is no such app, the new name is taken or none, or the disk refuses.
pub(crate) fn run(disk: &impl Disk, arguments: &RenameApp, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let (old, new) = (arguments.old.as_str(), arguments.new.as_str());
    if let Err(fault) = AppName::new(new) {
        let help = fault.help.unwrap_or_else(|| String::from("take lower-case letters, digits and `-`"));
        return Err(Failure::usage(fault.message, help));
    }
    let Some(before) = Before::read(disk, arguments.dry_run, terminal)? else { return Ok(Outcome::Findings) };
    refuse_renamed(before.inventory(), old, new)?;
    let is_back = existing(before.inventory(), old)?.value.formerly.iter().any(|former| former.as_str() == new);
    refuse_taken(&before.input, before.inventory(), new)?;
    let secrets = secrets(&before.lab(), old);
    let file = before.file_of(old);
    let edit = |file, text: &str| edit::rename(file, text, old, new);
    let Some(after) = before.carry_out(disk, file, edit, terminal)? else { return Ok(Outcome::Findings) };
    if !arguments.dry_run {
        remaining::show(&steps(&after, old, new, &secrets, is_back), terminal);
    }
    Ok(Outcome::Clean)
}

/// That `new` is not called `old` no more: a run that was stopped may have got so far.
fn refuse_renamed(inventory: &Inventory, old: &str, new: &str) -> Result<(), Failure> {
    let is_former =
        |app: &Entry<AppName, inventory::App>| app.value.formerly.iter().any(|former| former.as_str() == old);
    match inventory.app(new) {
        Some(app) if inventory.app(old).is_none() && is_former(app) => {
            let help = "`labtree generate` renders what follows from it";
            Err(Failure::usage(format!("`{old}` is called `{new}` already"), help))
        }
        _ => Ok(()),
    }
}

/// The Secrets of the app's own, which are called after it.
fn secrets(lab: &Lab<'_>, name: &str) -> Vec<String> {
    let flux = app(lab, name).flux.as_ref();
    flux.iter().flat_map(|flux| &flux.secrets).map(|secret| secret.name.value.clone()).collect()
}

fn app<'l, 'i>(lab: &'l Lab<'i>, name: &str) -> &'l App<'i> {
    lab.apps.iter().find(|app| app.slug.value == name).expect("the app was looked up")
}

fn steps(after: &After, old: &str, new: &str, secrets: &[String], is_back: bool) -> Vec<Step> {
    let lab = after.lab();
    let app = app(&lab, new);
    let mut steps = Vec::new();
    let named: Vec<_> = secrets.iter().flat_map(|secret| named(&after.input.sources, secret)).collect();
    if !named.is_empty() {
        let what = format!("name the new Secrets where the old ones are named: {}", named.join(", "));
        steps.push(Step::new(what, [String::from("labtree generate")]));
    }
    steps.push(commit(after, &format!("Rename {old} to {new}")));
    let now = path(&lab, app.credentials().path.as_str());
    let was = now.replace(&format!("/{new}/"), &format!("/{old}/"));
    let what = match is_back {
        false => format!(
            "it moves what `{old}` had to `{new}`, and destroys nothing but the secret `{was}` in Vault, which it writes \
             to `{now}`"
        ),
        true => format!(
            "nothing is left to do if `{old}` was never applied; otherwise write `formerly: [{old}]` below `{new}` first, or \
             it makes the app anew"
        ),
    };
    steps.push(apply(after, &what));
    let changed = match &app.protocol {
        Protocol::Oidc(_) => "client id and issuer",
        Protocol::Ldap(ldap) if ldap.entry.base_dn.is_some() => "bind DN",
        Protocol::Ldap(_) => "base DN and bind DN",
    };
    match &app.flux {
        Some(flux) => {
            let names: Vec<_> = flux.secrets.iter().map(|secret| format!("`{}`", secret.name.value)).collect();
            steps.push(push(&lab, &format!("Flux fills {} in place of the old", names.join(" and "))));
            steps.push(Step::new(format!("restart what reads them: {changed} are others now"), []));
            let old: Vec<_> = secrets.iter().map(|secret| format!("`{secret}`")).collect();
            let what = format!("see whether anything still names {}", old.join(" or "));
            steps.push(Step::new(what, [String::from("labtree check")]));
        }
        None => {
            steps.push(Step::new("push", [String::from("git push")]));
            let what = format!("give `{new}` its credentials anew, since {changed} are others now");
            let mount = &lab.inventory.vault.mount.value;
            steps.push(Step::new(what, [format!("vault kv get -mount={mount} {}", app.credentials().path.value)]));
        }
    }
    if !is_back {
        steps.push(Step::new(format!("once every root is applied, `formerly` may be deleted below `{new}`"), []));
    }
    steps
}

/// The places of the inventory at which exactly `text` stands.
fn named(sources: &Sources, text: &str) -> Vec<String> {
    let of_inventory = |path: &str| path == INVENTORY_PATH || path.starts_with(&format!("{INVENTORY_FOLDER}/"));
    let files = sources.iter().filter(|(_, source)| of_inventory(&source.path));
    let mut found: Vec<Span> = Vec::new();
    for (file, source) in files {
        let documents = yaml::parse_all(file, &source.text).unwrap_or_default();
        documents.iter().for_each(|document| find(&document.root, text, &mut found));
    }
    found.into_iter().map(|span| place(sources, span)).collect()
}

fn find(node: &Node, text: &str, found: &mut Vec<Span>) {
    match &node.content {
        Content::Scalar(scalar) if scalar.text == text && node.alias().is_none() => found.push(node.span),
        Content::Scalar(_) => {}
        Content::Sequence(items) => items.iter().for_each(|item| find(item, text, found)),
        Content::Mapping(pairs) => pairs.iter().for_each(|pair| find(&pair.value, text, found)),
    }
}
