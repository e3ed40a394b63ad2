//! `apps/<app>/<scope>.py`: the Python of an app's own scopes.

use ::tree::Origin;

use crate::support::{EXAMPLE, example_with, render, root, text, try_render};

/// What stands below the comment that names the template.
fn expression(inventory: &str, path: &str) -> String {
    let tree = render(inventory);
    let (header, rest) = text(&tree, &root(path)).split_once('\n').expect("it has lines");
    assert!(header.starts_with("# rendered by labtree from templates/tofu/"), "{header}");
    rest.to_owned()
}

// covers: tofu/tf-deploy/authentik/apps/__app__/__scope__.py
#[test]
fn the_expression_of_a_scope_is_the_inventorys_byte_for_byte() {
    assert_eq!(
        expression(EXAMPLE, "apps/grafana/grafana_role.py"),
        "return {\"grafana_role\": \"Admin\" if ak_is_group_member(request.user, name=\"admins\") else \"Viewer\"}\n"
    );
}

#[test]
fn nothing_in_an_expression_is_taken_for_anything_else() {
    let python = "# ${a} %{b} #{ c | hcl }# #% if %# #| d |#\nreturn {\"\"\"x\\n\"\"\": '\\\\größe\\u0000'}\n";
    let block: String = python.lines().map(|line| format!("          {line}\n")).collect();
    let inventory =
        example_with("        grafana_role: |\n", &format!("        other: |\n{block}        grafana_role: |\n"));
    assert_eq!(expression(&inventory, "apps/grafana/other.py"), python);
}

#[test]
fn an_expression_without_a_line_break_gets_one() {
    let inventory = example_with("        grafana_role: |\n", "        flat: return {}\n        grafana_role: |\n");
    assert_eq!(expression(&inventory, "apps/grafana/flat.py"), "return {}\n");
}

#[test]
fn every_line_of_an_expression_is_traced_to_the_inventory() {
    let inventory = example_with(
        "        grafana_role: |\n",
        "        two: |\n          claims = {}\n          return claims\n        grafana_role: |\n",
    );
    let rendered = try_render(&inventory);
    let file = rendered.tree.get(root("apps/grafana/two.py")).expect("it is rendered");
    let Origin::Rendered { template, map } = &file.origin else { panic!("it is rendered") };
    assert_eq!(template, "tofu/tf-deploy/authentik/apps/__app__/__scope__.py.j2");
    assert_eq!(map.lines.len(), file.text.lines().count());
    let (range, span) = map.values.last().expect("the expression has a place");
    assert_eq!(&file.text[range.start as usize..range.end as usize], "claims = {}\nreturn claims");
    assert!(rendered.sources.slice(*span).contains("return claims"));
}

#[test]
fn an_app_without_scopes_of_its_own_has_no_folder() {
    let tree = render(EXAMPLE);
    let folders: Vec<&str> =
        tree.iter().map(|(path, _)| path.as_str()).filter(|path| path.contains("/apps/")).collect();
    let python = ["gitea/profile.py", "grafana/grafana_role.py"];
    assert_eq!(folders, python.map(|path| format!("tofu/tf-deploy/authentik/apps/{path}")));
}

// covers: tofu/tf-deploy/authentik/apps/__app__/profile.py
#[test]
fn a_claim_lists_the_roles_that_a_person_has() {
    let expected = "\
# Which roles a person has in the app.
roles = []
if any(ak_is_group_member(request.user, name=group) for group in [\"admins\"]):
    roles.append(\"admin\")
return {\"gitea_roles\": roles}
";
    assert_eq!(expression(EXAMPLE, "apps/gitea/profile.py"), expected);
    let inventory = example_with("    catalog: gitea\n", "    catalog: open-webui\n");
    assert!(expression(&inventory, "apps/gitea/profile.py").ends_with("{\"open_webui_roles\": roles or [\"user\"]}\n"));
}

#[test]
fn a_claim_of_one_role_says_the_strongest_that_a_person_has() {
    let roles = "    catalog: grafana\n    roles: { editor: [family, friends], admin: [admins] }\n";
    let inventory = example_with("    catalog: grafana\n", roles);
    let expected = "\
# Which role a person has in the app: the first of these that fits.
if any(ak_is_group_member(request.user, name=group) for group in [\"admins\"]):
    return {\"grafana_role\": \"Admin\"}
if any(ak_is_group_member(request.user, name=group) for group in [\"family\", \"friends\"]):
    return {\"grafana_role\": \"Editor\"}
return {\"grafana_role\": \"Viewer\"}
";
    assert_eq!(expression(&inventory, "apps/grafana/profile.py"), expected);
    let unless = example_with("    catalog: grafana\n", &roles.replace("catalog: grafana", "catalog: librechat"));
    let unless = unless.replace("roles: { editor: [family, friends], admin", "roles: { admin");
    assert!(expression(&unless, "apps/grafana/profile.py").ends_with("\nreturn {}\n"));
}
