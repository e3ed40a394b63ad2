//! A group that policies and workloads ask for, and that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use diagnostic::{Span, Spanned};
use regex::Regex;

use crate::flux::secrets::slip;
use crate::identity::people::GROUP;
use crate::identity::sight;
use crate::identity::workloads::{clients, texts, within};
use crate::tofu::{Python, Root, is_given};
use crate::{Findings, Repo};

crate::rule! {
    /// A policy, a mapping, a data source or a workload asks for a group by a name that OpenTofu gives to none.
    ///
    /// ## Why
    /// Nobody is in a group that is not there: a policy refuses everybody, and a role is given to nobody, without an error
    /// ([`ak_is_group_member`](https://docs.goauthentik.io/customize/policies/expression/#ak_is_group_memberuser-group_name)).
    ///
    /// Groups may be made by hand. So a name is reported where it is a slip of a group that is there. In a policy it is
    /// reported without one too, if all others that are asked for are made by OpenTofu: then that is where groups come
    /// from. Nothing is said where not all groups are known, or a source, a policy or a blueprint may make more.
    ///
    /// ## Fix
    /// Correct the name, or add the group.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name = "family"
    /// #        ^^^^^^^^ related: this group is there
    /// }
    ///
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = <<-EOT
    ///     return ak_is_group_member(request.user, name="famly")
    /// #                                           ^^^^^^^^^^^^ warning[group-that-nobody-makes]: `authentik_policy_expression.family` asks for the group `famly`, which nobody makes
    ///   EOT
    /// }
    /// ```
    ///
    /// By the name of the group:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name = "family"
    /// }
    ///
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = <<-EOT
    ///     return ak_is_group_member(request.user, name="family")
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the group is made by hand.
    "group-that-nobody-makes", Warning, Identity, check
}

/// Groups that authentik brings: `blueprints/system/bootstrap.yaml`, `blueprints/default/rbac-role-read-only.yaml`.
const BROUGHT: [&str; 2] = ["authentik Admins", "authentik Read-only"];

/// Somebody who asks for a group.
struct Asked {
    by: String,
    name: Spanned<String>,
    /// Whether it is authentik itself that asks, so that it is a group for sure.
    is_sure: bool,
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(made) = made(repo) else { return };
    let looked_up = looked_up(repo);
    let is_made = |name: &str| made.contains_key(name) || BROUGHT.contains(&name);
    let is_there = |name: &str| is_made(name) || looked_up.iter().any(|asked| asked.name.value == name);
    let mut asked = in_policies(repo);
    if !has_claim_of_its_own(repo) {
        asked.extend(in_workloads(repo));
    }
    asked.retain(|asked| !is_there(&asked.name.value));
    let missing: BTreeSet<String> = asked.iter().map(|asked| asked.name.value.clone()).collect();
    let lists = |root: &Root<'_>| root.resolved.data("authentik_groups").next().is_some();
    let has_others = looked_up.iter().any(|asked| !is_made(&asked.name.value)) || repo.tofu.roots.iter().any(lists);
    let makes_all = missing.len() == 1 && !has_others;
    asked.extend(looked_up.into_iter().filter(|asked| !is_made(&asked.name.value)));
    asked.retain(|asked| !sight::may_be_in_blueprint(repo, &[&asked.name.value]));
    if asked.is_empty() || sight::has_blueprints_elsewhere(repo) {
        return;
    }
    for Asked { by, name, is_sure } in asked {
        let near = slip(&name.value, made.keys().map(String::as_str));
        if near.is_none() && !(is_sure && makes_all) {
            continue;
        }
        let message = format!("{by} asks for the group `{}`, which nobody makes", name.value);
        let report = findings.report(name.span, message);
        match near {
            Some(near) => report.related(made[near], "this group is there").help(format!("did you mean `{near}`?")),
            None => report.help(format!("add an `{GROUP}` with `name = \"{}\"`, or correct the name", name.value)),
        };
    }
}

/// The groups of all roots by their names, with the places of these; none where there may be more than are known.
fn made(repo: &Repo<'_>) -> Option<BTreeMap<String, Span>> {
    let mut made = BTreeMap::new();
    for root in repo.tofu.roots.iter() {
        let is_known = repo.is_complete && root.is_whole && !brings_groups(root);
        for group in root.of(GROUP) {
            let name = group.known_string("name").filter(|_| group.certain)?;
            made.insert(name.value, name.span);
        }
        if !is_known {
            return None;
        }
    }
    (!made.is_empty()).then_some(made)
}

/// The groups that OpenTofu looks up.
fn looked_up(repo: &Repo<'_>) -> Vec<Asked> {
    let all = repo.tofu.roots.iter().flat_map(|root| root.resolved.data(GROUP));
    let asked = all.filter_map(|group| {
        let name = group.known_string("name").filter(|_| group.certain)?;
        Some(Asked { by: format!("`{}`", group.address()), name, is_sure: false })
    });
    asked.collect()
}

/// Whether a source of `root` brings groups along, or a text makes some.
fn brings_groups(root: &Root<'_>) -> bool {
    let mut sources = root.of_family("authentik_source_");
    let has_source = sources.any(|source| {
        let syncs = ["authentik_source_ldap", "authentik_source_scim"].contains(&source.kind());
        syncs || is_given(source, "property_mappings_group") || is_given(source, "group_matching_mode")
    });
    let makes = |python: &Python| {
        let ways = ["Group", "Group.objects.create", "Group.objects.get_or_create", "Group.objects.update_or_create"];
        python.facts.calls().iter().any(|call| ways.iter().any(|way| call.is(way)))
    };
    has_source || root.python().iter().any(makes)
}

/// The groups that the texts of authentik ask for by a name that is written out.
fn in_policies(repo: &Repo<'_>) -> Vec<Asked> {
    let asks = |callee: &str| {
        let (holder, method) = callee.rsplit_once('.').unwrap_or(("", callee));
        let of_groups = ["groups", "ak_groups", "all_groups()", "Group.objects"];
        method == "ak_is_group_member"
            || ["exclude", "filter", "get"].contains(&method) && of_groups.iter().any(|end| holder.ends_with(end))
    };
    let mut all = Vec::new();
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()) {
        for call in python.facts.calls().iter().filter(|call| asks(&call.callee)) {
            let Some(argument) = call.keyword("name") else { continue };
            let Some(text) = &argument.text else { continue };
            let name = Spanned::new(text.clone(), python.place(argument.range.clone()));
            all.push(Asked { by: format!("`{}`", python.address), name, is_sure: true });
        }
    }
    all
}

/// The groups that workloads which log in at authentik give roles to: in expressions on the claim `groups`, as Grafana
/// has them, and in the policy of Argo CD.
fn in_workloads(repo: &Repo<'_>) -> Vec<Asked> {
    static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"contains\(\s*groups(?:\[\*?\])?\s*,\s*(?:'([^']+)'|"([^"]+)"|`([^`]+)`)\s*\)"#;
        Regex::new(pattern).expect("the pattern is right")
    });
    static ARGO: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^\s*g,\s*([^,@\n]+?)\s*,\s*role:[\w-]+\s*$").expect("the pattern is right"));
    let mut all = Vec::new();
    for object in clients(repo) {
        texts(object, &mut |text| {
            let claims = CLAIM.captures_iter(text.text);
            let is_argo = text.key == Some("policy.csv");
            let lines = ARGO.captures_iter(if is_argo { text.text } else { "" });
            for found in claims.chain(lines) {
                let Some(name) = found.iter().skip(1).flatten().next() else { continue };
                let place = within(repo.sources, text.span, &found[0], name.as_str());
                let name = Spanned::new(name.as_str().trim_matches('"').to_owned(), place);
                all.push(Asked { by: format!("{} `{}`", object.kind(), object.name()), name, is_sure: false });
            }
        });
    }
    all
}

/// Whether a mapping of one's own says what stands in the claim `groups`: other names than those of the groups, maybe.
fn has_claim_of_its_own(repo: &Repo<'_>) -> bool {
    let mappings = repo.tofu.roots.iter().flat_map(|root| root.of("authentik_property_mapping_provider_scope"));
    mappings
        .into_iter()
        .any(|mapping| mapping.known_string("expression").is_none_or(|text| text.value.contains("groups")))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const LAB: &str = r#"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- clusters/home/grafana.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: grafana, namespace: apps }
spec:
  values:
    auth.generic_oauth:
      token_url: https://auth.example.org/application/o/token/
"#;

    const TOFU: &str = r#"
#- tofu/main.tf
provider "authentik" { url = "https://auth.example.org" }
resource "authentik_group" "admins" { name = "admins" }
"#;

    #[track_caller]
    fn check(values: &str, tofu: &str) {
        let (lab, tofu) = (LAB.trim_start(), tofu.trim_start());
        check_rule("group-that-nobody-makes", &format!("{lab}{}{tofu}", values.trim_start_matches('\n')));
    }

    #[test]
    fn a_slip_in_a_workload_is_reported() {
        let related = "#                                            ^^^^^^^^ related: this group is there\n";
        let tofu = format!("{TOFU}{}", related.repeat(2));
        check(
            r#"
      role_attribute_path: contains(groups[*], 'admns') && 'Admin' || contains(groups, 'editors') && 'Editor' || 'Viewer'
#                                               ^^^^^ warning[group-that-nobody-makes]: HelmRelease `grafana` asks for the group `admns`, which nobody makes
# help: did you mean `admins`?
    configs:
      policy.csv: |
        g, adminss, role:admin
#          ^^^^^^^ warning[group-that-nobody-makes]: HelmRelease `grafana` asks for the group `adminss`, which nobody makes
        g, admins, role:admin
        p, role:admin, *, *, *, allow
"#,
            &tofu,
        );
    }

    #[test]
    fn the_only_name_that_nobody_makes_is_reported_in_a_policy() {
        check(
            "",
            &format!(
                r#"{TOFU}resource "authentik_policy_expression" "guests" {{
  expression = <<-EOT
    return ak_is_group_member(request.user, name="guests") or ak_is_group_member(request.user, name="authentik Admins")
#                                           ^^^^^^^^^^^^^ warning[group-that-nobody-makes]: `authentik_policy_expression.guests` asks for the group `guests`, which nobody makes
# help: add an `authentik_group` with `name = "guests"`, or correct the name
  EOT
}}
"#
            ),
        );
    }

    #[test]
    fn a_slip_in_what_a_data_source_looks_up_is_reported() {
        check(
            "",
            &format!(
                r#"{TOFU}#                                            ^^^^^^^^ related: this group is there
data "authentik_group" "admins" {{ name = "admin" }}
#                                        ^^^^^^^ warning[group-that-nobody-makes]: `data.authentik_group.admins` asks for the group `admin`, which nobody makes
# help: did you mean `admins`?
"#
            ),
        );
    }

    #[test]
    fn groups_that_may_come_from_elsewhere_are_left_alone() {
        let policy = |name: &str| {
            format!(
                "resource \"authentik_policy_expression\" \"{name}\" {{\n  expression = \"return ak_is_group_member(request.user, name=\\\"{name}\\\")\"\n}}\n"
            )
        };
        for more in [
            // Two names that nobody makes: groups are made by hand.
            format!("{}{}", policy("guests"), policy("friends")),
            "data \"authentik_group\" \"by_hand\" { name = \"administrators\" }\n".to_owned(),
            format!("{}data \"authentik_group\" \"by_hand\" {{ name = \"by hand\" }}\n", policy("guests")),
            format!("{}resource \"authentik_source_ldap\" \"it\" {{}}\n", policy("admns")),
            format!(
                "{}variable \"name\" {{}}\nresource \"authentik_group\" \"it\" {{ name = var.name }}\n",
                policy("admns")
            ),
            format!("{}module \"it\" {{ source = \"example/groups/authentik\" }}\n", policy("admns")),
        ] {
            check("", &format!("{TOFU}{more}"));
        }
        let mapping = "resource \"authentik_property_mapping_provider_scope\" \"it\" {\n  expression = \"return {\\\"groups\\\": []}\"\n}\n";
        check("      role_attribute_path: contains(groups[*], 'admns')\n", &format!("{TOFU}{mapping}"));
        check("      role_attribute_path: contains(groups[*], 'staff')\n", TOFU);
    }
}
