//! The judge `lifecycle`: a root from its first plan to edits of the inventory.

use std::fs;

use diagnostic::FileId;

use super::labs::{self, Lab};
use super::root::{Plan, Root};
use super::{Bench, Verdict};
use crate::Failure;

/// The stages of authentik that every root takes over.
const IMPORTED: [&str; 2] = ["authentik_stage_identification.login", "authentik_stage_prompt.user_settings"];
/// The list of LDAP apps.
const OUTPOST: &str = "authentik_outpost.ldap";

/// Judges all labs, the example at older releases, and edits of the example.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("roots");
    for lab in bench.labs()? {
        let root = first_days(bench, &lab, &mut verdict)?;
        if lab.name == "example" {
            modules(bench, &lab, &root, &mut verdict)?;
            edits(&lab, &root, &mut verdict)?;
            destroy(&root, &mut verdict)?;
        }
    }
    let lab = bench.lab("renamed", &labs::example())?;
    let root = first_days(bench, &lab, &mut verdict)?;
    renames(&lab, &root, &mut verdict)?;
    for release in ["2025.10", "2026.2"] {
        let lab = bench.lab(&format!("example at {release}"), &labs::at_release(release))?;
        first_days(bench, &lab, &mut verdict)?;
    }
    Ok(verdict)
}

/// `init`, `validate`, a plan that imports and creates, `apply`, and a plan that is empty.
fn first_days(bench: &Bench, lab: &Lab, verdict: &mut Verdict) -> Result<Root, Failure> {
    let root = Root::new(bench, lab.root(), lab.folder.join("store.jsonl"))?;
    root.keep_state_here()?;
    verdict.judged += 1;
    for (step, ran) in [("init", root.init()?), ("validate", root.tofu(&["validate", "-no-color"])?)] {
        if ran.status != 0 {
            verdict.faults.push(format!("`{step}` of the lab `{}`:\n{}", lab.name, ran.text));
            return Ok(root);
        }
    }
    let Some(plan) = planned(&root, "the first plan", lab, verdict)? else { return Ok(root) };
    for (address, action) in &plan {
        let wanted = if IMPORTED.contains(&address.as_str()) { "import" } else { "create" };
        verdict.must(action == wanted, || format!("the lab `{}` plans to {action} {address}", lab.name));
    }
    for stage in IMPORTED {
        verdict.must(plan.contains_key(stage), || format!("the lab `{}` does not import {stage}", lab.name));
    }
    settles(&root, lab, "the first apply", verdict)?;
    Ok(root)
}

/// Each module by itself.
fn modules(bench: &Bench, lab: &Lab, root: &Root, verdict: &mut Verdict) -> Result<(), Failure> {
    for module in lab.folder.join("tofu/modules").read_dir_utf8()? {
        let module = module?.file_name().to_owned();
        let copy = bench.folder(&module)?;
        for file in lab.folder.join("tofu/modules").join(&module).read_dir_utf8()? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), copy.join(file.file_name()))?;
            }
        }
        let policies = lab.folder.join("tofu/modules").join(&module).join("policies");
        fs::create_dir_all(copy.join("policies"))?;
        for file in policies.read_dir_utf8()? {
            let file = file?;
            fs::copy(file.path(), copy.join("policies").join(file.file_name()))?;
        }
        verdict.judged += 1;
        for step in ["init", "validate"] {
            let ran = root.tofu_in(&copy, &[step, "-no-color"])?;
            verdict.must(ran.status == 0, || format!("`{step}` of the module {module}:\n{}", ran.text));
        }
    }
    Ok(())
}

/// What each edit of the inventory may touch.
fn edits(lab: &Lab, root: &Root, verdict: &mut Verdict) -> Result<(), Failure> {
    let plain = labs::example();
    let oidc = plain.clone()
        + "\n  vikunja:\n    url: https://todo.hdhomelab.com\n    category: Productivity\n    allow: [family]\n    oidc:\n      redirect_uris: [/auth/openid/authentik]\n";
    let ldap = oidc.clone()
        + "\n  kavita:\n    url: https://books.hdhomelab.com\n    category: Media\n    allow: [friends]\n    ldap: {}\n";
    let callback = ("/user/oauth2/authentik/callback", "/user/oauth2/sso/callback");
    let redirect = labs::edited(ldap.clone(), &[callback]);
    let last = plain.find("\n  jellyfin:\n").ok_or("the example has no app jellyfin")?;
    let no_ldap = &plain[..last];
    let (vikunja, kavita) = ("module.oidc[\"vikunja\"].", "module.ldap[\"kavita\"].");
    let gitea = "module.oidc[\"gitea\"].authentik_provider_oauth2.this";
    let own = |app: &'static str, action: &'static str, outpost: bool| {
        move |address: &str, planned: &str| {
            (address.starts_with(app) && planned == action) || (outpost && address == OUTPOST && planned == "update")
        }
    };
    type Allowed = Box<dyn Fn(&str, &str) -> bool>;
    let steps: [(&str, &str, Allowed, usize); 6] = [
        ("adding an OIDC app", &oidc, Box::new(own(vikunja, "create", false)), 4),
        ("adding an LDAP app", &ldap, Box::new(own(kavita, "create", true)), 11),
        (
            "changing a redirect URI",
            &redirect,
            Box::new(move |address, planned| address == gitea && planned == "update"),
            1,
        ),
        ("taking it back", &ldap, Box::new(move |address, planned| address == gitea && planned == "update"), 1),
        ("removing the LDAP app", &oidc, Box::new(own(kavita, "delete", true)), 11),
        ("removing the OIDC app", &plain, Box::new(own(vikunja, "delete", false)), 4),
    ];
    for (edit, inventory, allowed, count) in &steps {
        lab.change(inventory)?;
        let init = root.init()?;
        verdict.must(init.status == 0, || format!("{edit}: `init`:\n{}", init.text));
        verdict.judged += 1;
        let Some(plan) = planned(root, edit, lab, verdict)? else { return Ok(()) };
        for (address, action) in plan.iter().filter(|(address, action)| !allowed(address, action)) {
            verdict.faults.push(format!("{edit} plans to {action} {address}"));
        }
        verdict.must(plan.len() == *count, || format!("{edit} plans {} changes, not {count}: {plan:#?}", plan.len()));
        settles(root, lab, edit, verdict)?;
    }
    // The outpost refuses an empty list: the last LDAP app takes it along.
    lab.change(no_ldap)?;
    root.init()?;
    verdict.judged += 1;
    if let Some(plan) = planned(root, "removing the last LDAP app", lab, verdict)? {
        let gone = plan.values().all(|action| action == "delete") && plan.contains_key(OUTPOST);
        verdict.must(gone, || format!("removing the last LDAP app plans {plan:#?}"));
        settles(root, lab, "removing the last LDAP app", verdict)?;
    }
    Ok(())
}

/// Apps get other names, twice: all that was made for them is kept but their secrets in Vault, which lie elsewhere then.
fn renames(lab: &Lab, root: &Root, verdict: &mut Verdict) -> Result<(), Failure> {
    let rename = |text: &str, old: &str, new: &str| {
        inventory::edit::rename(FileId(0), text, old, new).map_err(|refused| refused.message)
    };
    let once = rename(&rename(&labs::example(), "gitea", "forgejo")?, "jellyfin", "films")?;
    let twice = rename(&rename(&once, "forgejo", "git")?, "films", "cinema")?;
    for (edit, inventory, [oidc, ldap]) in
        [("renaming", &once, ["forgejo", "films"]), ("renaming again", &twice, ["git", "cinema"])]
    {
        lab.change(inventory)?;
        verdict.judged += 1;
        let Some(plan) = planned(root, edit, lab, verdict)? else { return Ok(()) };
        let own = [format!("module.oidc[\"{oidc}\"]."), format!("module.ldap[\"{ldap}\"].")];
        for (address, action) in &plan {
            let wanted = if address.ends_with(".vault_kv_secret_v2.credentials") { "delete create" } else { "update" };
            let is_own = own.iter().any(|own| address.starts_with(own));
            // The list of LDAP apps is in order of their names, which are others now.
            let is_list = address == OUTPOST && action == "update";
            verdict.must(is_list || is_own && action == wanted, || format!("{edit} plans to {action} {address}"));
        }
        let secrets = plan.values().filter(|action| *action == "delete create").count();
        verdict.must(secrets == 2, || format!("{edit} makes {secrets} secrets anew, not 2: {plan:#?}"));
        settles(root, lab, edit, verdict)?;
    }
    let forgotten: String =
        twice.lines().filter(|line| !line.contains("formerly:")).map(|line| format!("{line}\n")).collect();
    lab.change(&forgotten)?;
    verdict.judged += 1;
    if let Some(plan) = planned(root, "forgetting the former names", lab, verdict)? {
        verdict.must(plan.is_empty(), || format!("forgetting the former names plans {plan:#?}"));
    }
    Ok(())
}

/// The stages that people log in with outlive the root.
fn destroy(root: &Root, verdict: &mut Verdict) -> Result<(), Failure> {
    let ran = root.tofu(&["destroy", "-no-color", "-input=false", "-auto-approve"])?;
    verdict.must(ran.status == 1 && ran.text.contains("prevent_destroy"), || {
        format!("`destroy` ends with {}:\n{}", ran.status, ran.text)
    });
    Ok(())
}

fn planned(root: &Root, step: &str, lab: &Lab, verdict: &mut Verdict) -> Result<Option<Plan>, Failure> {
    match root.plan()? {
        Ok(plan) => Ok(Some(plan)),
        Err(text) => {
            verdict.faults.push(format!("{step} of the lab `{}` fails:\n{text}", lab.name));
            Ok(None)
        }
    }
}

/// Applies, and then nothing is left to do.
fn settles(root: &Root, lab: &Lab, step: &str, verdict: &mut Verdict) -> Result<(), Failure> {
    let ran = root.apply()?;
    if ran.status != 0 {
        verdict.faults.push(format!("{step} of the lab `{}` is not applied:\n{}", lab.name, ran.text));
        return Ok(());
    }
    if let Some(plan) = planned(root, step, lab, verdict)? {
        verdict.must(plan.is_empty(), || format!("after {step}, the lab `{}` plans again: {plan:#?}", lab.name));
    }
    Ok(())
}
