//! People in groups that do not exist.

use std::collections::BTreeSet;

use diagnostic::{Span, did_you_mean};
use resolve_tofu::{Instance, Key, Repetition, Source, Target, references};
use syntax::hcl::{Expression, Item, Kind};

use crate::tofu::{Lead, Root, reads_of};
use crate::{Findings, Repo};

const USER: &str = "authentik_user";
const GROUP: &str = "authentik_group";

crate::rule! {
    /// A person is listed in a group that nobody declares.
    ///
    /// ## Why
    /// The name is looked up among the groups that the root knows. Where it is not one of them the plan fails with
    /// `Invalid index`, and where the look-up has a fallback the person silently stays out of the group
    /// ([`lookup`](https://opentofu.org/docs/language/functions/lookup/)).
    ///
    /// ## Fix
    /// Correct the name, or declare the group as `authentik_group`, a resource or a data source.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/locals.tf
    /// locals {
    ///   users = {
    ///     alex = { groups = ["family", "admin"] }
    /// #                                ^^^^^^^ error[membership-of-undeclared-group]: `alex` is to be in the group `admin`, which nobody declares, did you mean `admins`?
    ///   }
    /// }
    /// #- tofu/main.tf
    /// resource "authentik_group" "groups" {
    ///   for_each = toset(["family", "admins"])
    ///   name     = each.key
    /// }
    ///
    /// resource "authentik_user" "people" {
    ///   for_each = local.users
    ///   username = each.key
    ///   groups   = [for group in each.value.groups : authentik_group.groups[group].id]
    /// }
    /// ```
    ///
    /// With the name of a group:
    /// ```text
    /// #- tofu/locals.tf
    /// locals {
    ///   users = {
    ///     alex = { groups = ["family", "admins"] }
    ///   }
    /// }
    /// #- tofu/main.tf
    /// resource "authentik_group" "groups" {
    ///   for_each = toset(["family", "admins"])
    ///   name     = each.key
    /// }
    ///
    /// resource "authentik_user" "people" {
    ///   for_each = local.users
    ///   username = each.key
    ///   groups   = [for group in each.value.groups : authentik_group.groups[group].id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// While the group is being renamed, and the look-up has a fallback.
    "membership-of-undeclared-group", Error, Tofu, check
}

/// A group that somebody is listed in.
struct Membership<'e> {
    person: &'e str,
    group: &'e str,
    place: Span,
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(declared) = declared(repo) else { return };
    let mut told = BTreeSet::new();
    for root in &repo.tofu.roots {
        for user in root.of(USER) {
            for listed in memberships(repo, user) {
                let is_of_other = matches!(&user.key, Key::Text(key) if key != listed.person);
                let is_known = declared.contains(listed.group) || is_key(repo, user, listed.group);
                if is_of_other || is_known || is_resolved(root, user) || !told.insert(listed.place) {
                    continue;
                }
                let near = did_you_mean(listed.group, declared.iter().map(String::as_str));
                let message = format!(
                    "`{}` is to be in the group `{}`, which nobody declares{near}",
                    listed.person, listed.group
                );
                let help = format!("correct the name, or declare it: `resource \"{GROUP}\" \"{}\"`", listed.group);
                findings.report(listed.place, message).help(help);
            }
        }
    }
}

/// The groups of all roots by what they may be called; `None` where there may be more.
fn declared(repo: &Repo<'_>) -> Option<BTreeSet<String>> {
    let mut declared = BTreeSet::new();
    for root in &repo.tofu.roots {
        // A list of whatever groups there are knows them all.
        if !root.is_whole || root.resolved.data("authentik_groups").next().is_some() {
            return None;
        }
        for group in root.of(GROUP).chain(root.resolved.data(GROUP)) {
            if !group.certain {
                return None;
            }
            declared.insert(group.resource.name.value.clone());
            if let Key::Text(key) = &group.key {
                declared.insert(key.clone());
            }
            declared.extend(group.known_string("name").map(|name| name.value));
        }
    }
    Some(declared)
}

/// The memberships that the map behind `for_each` of `user` lists, in the entries that its `groups` reads.
fn memberships<'e>(repo: &'e Repo<'_>, user: &'e Instance<'_>) -> Vec<Membership<'e>> {
    let Repetition::ForEach(people) = &user.resource.repetition else { return Vec::new() };
    let fields = groups_of(user).map(fields).unwrap_or_default();
    let mut found = Vec::new();
    for (person, entry) in maps(repo, user.folder, people).into_iter().flat_map(entries) {
        for (name, value) in entries(entry) {
            let Kind::Tuple(groups) = &value.kind else { continue };
            if !fields.contains(name) {
                continue;
            }
            found.extend(groups.iter().filter_map(|group| match &group.kind {
                Kind::Text(text) => Some(Membership { person, group: text, place: group.span }),
                _ => None,
            }));
        }
    }
    found
}

/// Whether all groups of `user` are found, by whatever names.
fn is_resolved(root: &Root<'_>, user: &Instance<'_>) -> bool {
    let is_found = |lead: &Lead<'_, '_>| matches!(lead, Lead::To(_) | Lead::Literal(_));
    let listed = groups_of(user).is_some_and(|groups| !has_condition(groups));
    listed && root.leads(user, "groups").is_some_and(|leads| leads.iter().all(|(lead, _)| is_found(lead)))
}

/// Whether a `for` in `expression` may leave elements out.
fn has_condition(expression: &Expression) -> bool {
    let mut found = false;
    expression.walk(&mut |part| found |= matches!(&part.kind, Kind::For(each) if each.condition.is_some()));
    found
}

/// Whether a map that `groups` of `user` looks into has such a key.
fn is_key(repo: &Repo<'_>, user: &Instance<'_>, group: &str) -> bool {
    let Some(groups) = groups_of(user) else { return false };
    maps(repo, user.folder, groups).into_iter().flat_map(entries).any(|(key, _)| key == group)
}

fn groups_of<'e>(user: &Instance<'e>) -> Option<&'e Expression> {
    user.resource.body.items.iter().find_map(|item| match item {
        Item::Attribute(attribute) if attribute.name.value == "groups" => Some(&attribute.value),
        _ => None,
    })
}

/// The names in `each.value.NAME` of `expression`.
fn fields(expression: &Expression) -> BTreeSet<String> {
    let reads = reads_of(expression).into_iter();
    let fields = reads.filter_map(|read| match read.names.as_slice() {
        [each, value, field, ..] if each == "each" && value == "value" => Some(field.clone()),
        _ => None,
    });
    fields.collect()
}

/// What `expression`, which stands in the module of `folder`, is made of: itself, and the local values, defaults and
/// inputs that it refers to.
fn maps<'e>(repo: &'e Repo<'_>, folder: &str, expression: &'e Expression) -> Vec<&'e Expression> {
    let mut found = vec![expression];
    let mut open = vec![(folder.to_owned(), expression)];
    let mut seen = BTreeSet::from([expression.span]);
    while let Some((folder, expression)) = open.pop() {
        let Some(module) = repo.tofu.modules.get(&folder) else { continue };
        for reference in references(expression, &[]) {
            let mut next = Vec::new();
            match &reference.target {
                Target::Local(name) => next.extend(module.locals.get(name).map(|local| (folder.clone(), &local.value))),
                Target::Variable(name) => {
                    let default = module.variables.get(name).and_then(|variable| variable.default.as_ref());
                    next.extend(default.map(|default| (folder.clone(), default)));
                    next.extend(inputs(repo, &folder, name));
                }
                _ => {}
            }
            next.retain(|(_, expression)| seen.insert(expression.span));
            found.extend(next.iter().map(|(_, expression)| *expression));
            open.extend(next);
        }
    }
    found
}

/// What the calls of the module in `folder` give for `variable`, with the folder that each stands in.
fn inputs<'e>(repo: &'e Repo<'_>, folder: &str, variable: &str) -> Vec<(String, &'e Expression)> {
    let calls = repo.tofu.modules.iter().flat_map(|module| module.calls.values().map(move |call| (module, call)));
    let of_module = calls.filter(|(module, call)| {
        matches!(repo.tofu.modules.source(&module.folder, call), Source::Local(callee) if callee == folder)
    });
    let given = of_module.filter_map(|(module, call)| Some((module.folder.clone(), &call.inputs.get(variable)?.value)));
    given.collect()
}

/// The entries of a map that is written out, those with a plain key.
fn entries(expression: &Expression) -> impl Iterator<Item = (&str, &Expression)> {
    let items = match &expression.kind {
        Kind::Object(items) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(|item| match &item.key.kind {
        Kind::Text(key) => Some((key.as_str(), &item.value)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_name_that_a_condition_drops_is_reported() {
        check_rule(
            "membership-of-undeclared-group",
            r#"
#- tofu/main.tf
locals {
  people = {
    alex  = { name = "Alex", memberships = ["family", "movies"] }
#                                                     ^^^^^^^^ error[membership-of-undeclared-group]: `alex` is to be in the group `movies`, which nobody declares
# help: correct the name, or declare it: `resource "authentik_group" "movies"`
    robin = { name = "Robin", memberships = ["family"] }
  }
  ids = { family = authentik_group.family.id }
}
resource "authentik_group" "family" { name = "family" }
resource "authentik_user" "people" {
  for_each = local.people
  username = each.key
  groups   = [for group in each.value.memberships : local.ids[group] if contains(keys(local.ids), group)]
}
"#,
        );
    }

    #[test]
    fn people_who_are_given_to_a_module_are_followed() {
        check_rule(
            "membership-of-undeclared-group",
            r#"
#- tofu/home/locals.tf
locals {
  users = { alex = { groups = ["family", "movies"] } }
#                                        ^^^^^^^^ error[membership-of-undeclared-group]: `alex` is to be in the group `movies`, which nobody declares
}
#- tofu/home/main.tf
resource "authentik_group" "family" { name = "family" }
module "people" {
  source = "../modules/people"
  users  = local.users
  ids    = { family = authentik_group.family.id }
}
#- tofu/modules/people/main.tf
variable "users" { type = map(object({ groups = list(string) })) }
variable "ids" { type = map(string) }
resource "authentik_user" "people" {
  for_each = var.users
  username = each.key
  groups   = [for group in each.value.groups : lookup(var.ids, group, null)]
}
"#,
        );
    }

    #[test]
    fn data_groups_aliases_and_lists_of_something_else_are_left_alone() {
        check_rule(
            "membership-of-undeclared-group",
            r#"
#- tofu/main.tf
locals {
  people = {
    alex = { groups = ["authentik Admins", "kin"], hobbies = ["chess"] }
  }
  ids = {
    "authentik Admins" = data.authentik_group.admins.id
    kin                = authentik_group.family.id
  }
}
data "authentik_group" "admins" { name = "authentik Admins" }
resource "authentik_group" "family" { name = "family" }
resource "authentik_user" "people" {
  for_each = local.people
  username = each.key
  groups   = [for group in each.value.groups : lookup(local.ids, group, null)]
}
"#,
        );
    }

    #[test]
    fn groups_that_may_be_more_are_left_alone() {
        check_rule(
            "membership-of-undeclared-group",
            r#"
#- tofu/main.tf
variable "groups" { type = set(string) }
locals {
  people = { alex = { groups = ["family"] } }
}
resource "authentik_group" "groups" {
  for_each = var.groups
  name     = each.key
}
resource "authentik_user" "people" {
  for_each = local.people
  username = each.key
  groups   = [for group in each.value.groups : authentik_group.groups[group].id]
}
"#,
        );
    }
}
