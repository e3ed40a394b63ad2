//! The judge `restless`: roots that are applied and are then not done, because authentik answers something else than was
//! written, or somebody changed it. A stand-in that only repeats what it is told would show an empty plan.

use std::fs;

use serde_json::{Value as Json, json};

use super::refusals::HEAD;
use super::root::Root;
use super::{Bench, Verdict};
use crate::Failure;

/// A root, what happens after it was applied, and what the next plan must have.
struct Case {
    what: &'static str,
    hcl: String,
    then: Then,
    plans: &'static [(&'static str, &'static str)],
    /// What the plan after that is applied has: nothing where it settles.
    again: &'static [(&'static str, &'static str)],
}

/// What happens between the apply and the plan.
enum Then {
    Nothing,
    /// Somebody changes an object: its type, what it is known by, and what becomes of it.
    Elsewhere(&'static str, (&'static str, &'static str), fn(&Root, &mut Json) -> Result<(), Failure>),
    /// The HCL is another one.
    Edit(String),
}

/// Judges all of them, and that what is written as authentik answers it settles.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("roots");
    let folder = bench.folder("restless")?;
    fs::write(folder.join("main.tf"), HEAD)?;
    let root = Root::new(bench, folder.clone(), folder.join("store.jsonl"))?;
    let init = root.init()?;
    verdict.must(init.status == 0, || format!("`init`:\n{}", init.text));
    for case in cases() {
        root.fresh()?;
        fs::write(folder.join("main.tf"), format!("{HEAD}{}", case.hcl))?;
        verdict.judged += 1;
        let ran = root.apply()?;
        if ran.status != 0 {
            verdict.faults.push(format!("{}: it is not applied:\n{}", case.what, ran.text));
            continue;
        }
        match &case.then {
            Then::Nothing => {}
            Then::Edit(hcl) => fs::write(folder.join("main.tf"), format!("{HEAD}{hcl}"))?,
            Then::Elsewhere(name, (key, value), change) => {
                let before = root.plan()?;
                verdict.must(before.as_ref().is_ok_and(|plan| plan.is_empty()), || {
                    format!("{}: it is not settled before somebody changes it: {before:?}", case.what)
                });
                let (id, object) = root.object(name, key, value)?;
                let mut object = Json::Object(object);
                change(&root, &mut object)?;
                root.put(name, &id, &object)?;
            }
        }
        must_plan(&root, &case, case.plans, &mut verdict)?;
        root.apply()?;
        must_plan(&root, &case, case.again, &mut verdict)?;
    }
    Ok(verdict)
}

/// The plan has exactly those changes.
fn must_plan(root: &Root, case: &Case, wanted: &[(&str, &str)], verdict: &mut Verdict) -> Result<(), Failure> {
    let plan = root.plan()?;
    let same = plan.as_ref().is_ok_and(|plan| {
        plan.iter().map(|(address, action)| (address.as_str(), action.as_str())).eq(wanted.iter().copied())
    });
    verdict.must(same, || format!("{}: {wanted:?} is not planned, but {plan:#?}", case.what));
    Ok(())
}

fn cases() -> Vec<Case> {
    let stage = |fields: &str| {
        format!("resource \"authentik_stage_identification\" \"s\" {{\nname = \"s\"\nuser_fields = {fields}\n}}\n")
    };
    let oauth2 = |name: &str, rest: &str| {
        format!(
            "resource \"authentik_provider_oauth2\" \"{name}\" {{\nname = \"{name}\"\nclient_id = \"{name}\"\nauthorization_flow = data.authentik_flow.in.id\ninvalidation_flow = data.authentik_flow.out.id\n{rest}\n}}\n"
        )
    };
    let ldap = |name: &str| {
        format!(
            "resource \"authentik_provider_ldap\" \"{name}\" {{\nname = \"{name}\"\nbase_dn = \"dc={name}\"\nbind_flow = data.authentik_flow.in.id\nunbind_flow = data.authentik_flow.out.id\n}}\n"
        )
    };
    let group = "resource \"authentik_group\" \"g\" {\nname = \"g\"\n}\n";
    let user = |rest: &str| format!("resource \"authentik_user\" \"u\" {{\nusername = \"u\"\n{rest}\n}}\n");
    vec![
        Case {
            what: "user_fields in another order",
            hcl: stage("[\"email\", \"username\"]"),
            then: Then::Edit(stage("[\"username\", \"email\"]")),
            plans: &[("authentik_stage_identification.s", "update")],
            again: &[],
        },
        Case {
            what: "one membership owned from both sides",
            hcl: user("groups = []")
                + "resource \"authentik_group\" \"g\" {\nname = \"g\"\nusers = [authentik_user.u.id]\n}\n",
            then: Then::Nothing,
            plans: &[("authentik_user.u", "update")],
            again: &[("authentik_group.g", "update")],
        },
        Case {
            what: "groups = [] beside a membership made elsewhere",
            hcl: user("groups = []") + group,
            then: Then::Elsewhere("authentik_group", ("name", "g"), join),
            plans: &[("authentik_user.u", "update")],
            again: &[],
        },
        Case {
            what: "users = [] beside a membership made elsewhere",
            hcl: user("") + "resource \"authentik_group\" \"g\" {\nname = \"g\"\nusers = []\n}\n",
            then: Then::Elsewhere("authentik_group", ("name", "g"), join),
            plans: &[("authentik_group.g", "update")],
            again: &[],
        },
        Case {
            what: "the short permission",
            hcl: "resource \"authentik_rbac_role\" \"r\" {\nname = \"r\"\n}\nresource \"authentik_rbac_permission_role\" \"p\" {\nrole = authentik_rbac_role.r.id\nmodel = \"authentik_providers_ldap.ldapprovider\"\npermission = \"search_full_directory\"\n}\n".to_owned(),
            then: Then::Nothing,
            plans: &[("authentik_rbac_permission_role.p", "delete create")],
            again: &[("authentik_rbac_permission_role.p", "delete create")],
        },
        Case {
            what: "a user without attributes who uploads a picture",
            hcl: user(""),
            then: Then::Elsewhere("authentik_user", ("username", "u"), |_, user| {
                user["attributes"] = json!("{\"avatar\":\"data:\"}");
                Ok(())
            }),
            plans: &[("authentik_user.u", "update")],
            again: &[],
        },
        Case {
            what: "an outpost that lists its providers beside an attachment",
            hcl: ldap("a") + &ldap("b") + "resource \"authentik_outpost\" \"o\" {\nname = \"o\"\ntype = \"ldap\"\nprotocol_providers = [authentik_provider_ldap.a.id]\n}\nresource \"authentik_outpost_provider_attachment\" \"b\" {\noutpost = authentik_outpost.o.id\nprotocol_provider = authentik_provider_ldap.b.id\n}\n",
            then: Then::Nothing,
            plans: &[("authentik_outpost.o", "update")],
            again: &[("authentik_outpost_provider_attachment.b", "create")],
        },
        Case {
            what: "an expression that ends in two newlines",
            hcl: "resource \"authentik_policy_expression\" \"p\" {\nname = \"p\"\nexpression = \"return True\\n\\n\"\n}\n".to_owned(),
            then: Then::Nothing,
            plans: &[("authentik_policy_expression.p", "update")],
            again: &[("authentik_policy_expression.p", "update")],
        },
        Case {
            what: "a key of a redirect URI that the provider does not send",
            hcl: oauth2("p", "allowed_redirect_uris = [{ matching_mode = \"strict\", url = \"https://a\", colour = \"red\" }]"),
            then: Then::Nothing,
            plans: &[("authentik_provider_oauth2.p", "update")],
            again: &[("authentik_provider_oauth2.p", "update")],
        },
        Case {
            what: "no redirect URI, and somebody logs in",
            hcl: oauth2("p", ""),
            then: Then::Elsewhere("authentik_provider_oauth2", ("name", "p"), |_, provider| {
                provider["allowed_redirect_uris"] = json!([{ "matching_mode": "strict", "url": "https://first" }]);
                Ok(())
            }),
            plans: &[("authentik_provider_oauth2.p", "update")],
            again: &[],
        },
        Case {
            what: "settings for the sake of one, and somebody changes another",
            hcl: "resource \"authentik_system_settings\" \"s\" {\navatars = \"initials\"\n}\n".to_owned(),
            then: Then::Elsewhere("authentik_system_settings", ("avatars", "initials"), |_, settings| {
                settings["event_retention"] = json!("days=30");
                Ok(())
            }),
            plans: &[("authentik_system_settings.s", "update")],
            again: &[],
        },
        Case {
            what: "an imported stage with fields left out",
            hcl: String::new(),
            then: Then::Edit("data \"authentik_stage\" \"s\" {\nname = \"default-authentication-identification\"\n}\nimport {\nto = authentik_stage_identification.s\nid = data.authentik_stage.s.id\n}\nresource \"authentik_stage_identification\" \"s\" {\nname = \"default-authentication-identification\"\nuser_fields = [\"email\", \"username\"]\n}\n".to_owned()),
            plans: &[("authentik_stage_identification.s", "import")],
            again: &[],
        },
        Case {
            what: "an object that somebody deletes",
            hcl: group.to_owned(),
            then: Then::Elsewhere("authentik_group", ("name", "g"), |_, group| {
                *group = Json::Null;
                Ok(())
            }),
            plans: &[("authentik_group.g", "create")],
            again: &[],
        },
    ]
}

/// The user `u` joins a group.
fn join(root: &Root, group: &mut Json) -> Result<(), Failure> {
    let (id, _) = root.object("authentik_user", "username", "u")?;
    group["users"] = json!([id.parse::<i64>()?]);
    Ok(())
}
