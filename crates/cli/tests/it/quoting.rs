//! Text that means something to YAML, HCL, Python or Markdown arrives as the text that it is.

use std::io::Write as _;
use std::process::{Command, Stdio};

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::Body;
use serde_json::{Value as Json, json};

use crate::lab::Lab;

/// Texts of one line, each of them something else in some language.
const NASTY: [&str; 22] = [
    "a ${b} $${c} $5",
    "a %{b} %%{c} 50%",
    "{{ .Values.x }} {% raw %} {# y #}",
    "#{ name | yaml }# #% if x %# #| z |#",
    "\"double\" and 'single' and `tick`",
    "back\\slash \\n \\u0041 C:\\new",
    "ends with a backslash \\",
    "a | pipe | of | cells",
    "<b>bold</b> <!-- comment --> &amp; <script>",
    "*star* _under_ [link](https://example.org) ![x](y) ~~gone~~",
    "# a heading: or a comment",
    "- a list item",
    "--- ",
    "yes",
    "null",
    "1.10",
    "0x1F",
    "2026-01-01",
    "größe ☃ 🏠 עברית",
    "right-to-left \u{202e}txet\u{202c} and \u{200b}nothing",
    "\"\"\" + __import__('os') + \"\"\"",
    "{ a: [b, c], &d *e !f }",
];

/// Names of groups may hold less: LDAP has a meaning for some of it.
const GROUPS: [&str; 9] = [
    "a ${b} $5",
    "a %{b} 50%",
    "{{ x }} {% y %}",
    "it's `ticked`",
    "a | b",
    "*star* _under_ [x](y)",
    "yes",
    "1.10",
    "größe ☃ עברית",
];

/// Text of many lines.
const PROGRAM: &str =
    "# ${x} %{y} {{ z }}\nname = \"a\\tb\" + 'c' + \"\"\"d\ne\"\"\"\nif name:\n\treturn {\"größe\": name}\n\nreturn {}";

/// The lab of all those texts. JSON is YAML too, and has one way to quote.
fn lab() -> Lab {
    let groups: serde_json::Map<_, _> = GROUPS
        .iter()
        .map(|name| (name.to_string(), json!({ "invite": true, "library": { "libraries": NASTY } })))
        .collect();
    let app = |index: usize, text: &&str| {
        let mut app = json!({
            "url": format!("https://app{index}.example.org"),
            "namespace": "apps",
            "name": text,
            "category": text,
            "description": text,
            "allow": [GROUPS[index % GROUPS.len()]],
            "oidc": { "redirect_uris": ["/callback"], "scopes": { "own": PROGRAM } },
        });
        if index == 0 {
            let values = json!({ "texts": NASTY, "program": PROGRAM, "keys": keys() });
            app["release"] = json!({
                "repository": "https://charts.example.org",
                "chart": "chart",
                "version": "1.2.3",
                "values": values,
            });
        }
        (format!("app{index}"), app)
    };
    let apps: serde_json::Map<_, _> = NASTY.iter().enumerate().map(|(index, text)| app(index, text)).collect();
    let user = |index: usize, text: &&str| {
        let user = json!({ "name": text, "email": format!("user{index}@example.org"), "groups": GROUPS });
        (format!("user{index}"), user)
    };
    let users: serde_json::Map<_, _> = NASTY.iter().enumerate().map(|(index, text)| user(index, text)).collect();
    let links: Vec<_> =
        NASTY.iter().map(|text| json!({ "name": text, "href": "https://example.org/?a=%24" })).collect();
    let inventory = json!({
        "lab": { "name": "attic", "domain": "example.org" },
        "vault": { "address": "https://vault.example.org", "mount": "infra" },
        "flux": {
            "clusters": ["home"],
            "source": { "name": "flux-system" },
            "secrets": "external-secrets",
            "store": {
                "kind": "ClusterSecretStore",
                "name": "vault",
                "auth": {
                    "mount": "kubernetes",
                    "role": "a ${b} \"c\" {{ d }}: #e",
                    "service_account": { "name": "vault", "namespace": "infra" },
                },
            },
        },
        "tofu": {
            "required_version": ">= 1.7.0",
            "providers": { "authentik": "~> 2026.5.0", "vault": "~> 5.0" },
            "state": { "host": "192.0.2.7", "database": "tofu", "schema": "authentik" },
        },
        "identity": {
            "host": "auth.example.org",
            "namespace": "infra",
            "release": { "repository": "https://charts.goauthentik.io", "chart": "authentik", "version": "2026.5.3" },
            "ingress": { "class": "traefik", "tls": { "issuer": "letsencrypt" } },
            "database": { "host": "192.0.2.7", "name": "authentik", "user": "authentik" },
            "email": {
                "host": "smtp.example.org",
                "port": 587,
                "encryption": "starttls",
                "from": "${Lab} {{ x }} <auth@example.org>",
            },
            "email_otp": { "name": "${codes} \"by\" mail %{x}" },
            "settings": { "footer_links": links },
        },
        "groups": groups,
        "users": users,
        "apps": apps,
    });
    let lab = Lab::with(inventory.to_string());
    lab.run(&["generate"]).ended(0);
    lab
}

/// Every nasty text as a key.
fn keys() -> Json {
    NASTY.iter().map(|text| (text.to_string(), json!(1))).collect::<serde_json::Map<_, _>>().into()
}

/// What an expression of HCL without variables is.
fn literal(expression: &Expression) -> Json {
    match expression {
        Expression::Null(_) => Json::Null,
        Expression::Bool(value) => (*value.value()).into(),
        Expression::Number(number) => number.value().to_string().into(),
        Expression::String(text) => text.as_str().into(),
        Expression::Array(items) => items.iter().map(literal).collect(),
        Expression::Object(entries) => {
            let key = |key: &ObjectKey| match key {
                ObjectKey::Ident(name) => name.as_str().to_owned(),
                ObjectKey::Expression(name) => name.as_str().unwrap().to_owned(),
            };
            entries.iter().map(|(name, value)| (key(name), literal(value.expr()))).collect()
        }
        other => panic!("this is evaluated, and should be text: {other:?}"),
    }
}

fn hcl(lab: &Lab, path: &str) -> Body {
    let text = lab.read(path);
    text.parse().unwrap_or_else(|error| panic!("{path}: {error}\n{text}"))
}

#[test]
fn opentofu_reads_back_every_name() {
    let lab = lab();
    let body = hcl(&lab, "tofu/tf-deploy/authentik/locals.tf");
    let locals = &body.get_blocks("locals").next().unwrap().body;
    let local = |name| literal(&locals.get_attribute(name).unwrap().value);
    let (applications, users, groups) = (local("applications"), local("users"), local("groups"));
    for (index, text) in NASTY.iter().enumerate() {
        let app = &applications[format!("app{index}")];
        assert_eq!((&app["name"], &app["category"]), (&json!(text), &json!(text)));
        assert_eq!(app["description"], *text, "{app}");
        assert_eq!(app["groups"], json!([GROUPS[index % GROUPS.len()]]));
        assert_eq!(users[format!("user{index}")]["name"], *text);
    }
    for group in GROUPS {
        assert_eq!(groups[group]["library"]["libraries"], json!(NASTY), "{groups}");
    }
    for path in lab.tree().keys().filter(|path| path.ends_with(".tf") || path.ends_with(".tfbackend")) {
        hcl(&lab, path);
    }
    let links = lab.read("tofu/tf-deploy/authentik/avatars.tf");
    assert!(links.contains("\"a $${b} $$${c} $5\""), "{links}");
}

#[test]
fn kubernetes_reads_back_every_value() {
    let lab = lab();
    let text = lab.read("flux/apps/base/app0/helmrelease.yaml");
    let release: Json = yaml_serde::from_str(&text).unwrap();
    let values = &release["spec"]["values"];
    assert_eq!(values["texts"], json!(NASTY), "{text}");
    assert_eq!(values["program"], PROGRAM);
    assert_eq!(values["keys"], keys());
    for path in lab.tree().keys().filter(|path| path.starts_with("flux/")) {
        let text = lab.read(path);
        for document in yaml_serde::Deserializer::from_str(&text) {
            let read: Result<Json, _> = serde::Deserialize::deserialize(document);
            read.unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
        }
    }
    let store: Json =
        yaml_serde::from_str(&lab.read("flux/infrastructure/base/secret-store/clustersecretstore.yaml")).unwrap();
    assert_eq!(store["spec"]["provider"]["vault"]["auth"]["kubernetes"]["role"], "a ${b} \"c\" {{ d }}: #e");
}

#[test]
fn python_reads_every_policy_and_mapping() {
    let lab = lab();
    let own = lab.read("tofu/tf-deploy/authentik/apps/app0/own.py");
    assert!(own.trim_end().ends_with(PROGRAM), "{own}");
    let check = "import ast, sys, textwrap\n\
                 text = sys.stdin.read()\n\
                 tree = ast.parse('def handler():\\n' + textwrap.indent(text, '    ', lambda line: True))\n\
                 print(ascii([node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]))\n";
    for path in lab.tree().keys().filter(|path| path.ends_with(".py")) {
        let python = Command::new("python3").args(["-c", check]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut python) = python else { return };
        python.stdin.take().unwrap().write_all(lab.read(path).as_bytes()).unwrap();
        let output = python.wait_with_output().unwrap();
        assert!(output.status.success(), "{path}:\n{}", lab.read(path));
        if path.ends_with("enrollment_group_assignment.py") {
            let constants = String::from_utf8(output.stdout).unwrap();
            for group in GROUPS.iter().filter(|group| group.is_ascii() && !group.contains('\'')) {
                assert!(constants.contains(&format!("'{group}'")), "{constants}");
            }
        }
    }
}

#[test]
fn every_row_of_a_table_on_the_page_has_the_cells_of_its_head() {
    let lab = lab();
    let page = lab.read("docs/authentik.md");
    let cells = |row: &str| row.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let mut head = None;
    for line in page.lines() {
        if line.starts_with('|') {
            let count = *head.get_or_insert_with(|| cells(line));
            assert_eq!(cells(line), count, "{line}");
        } else {
            head = None;
        }
    }
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let code: String = line.split('`').step_by(2).collect(); // what stands outside of code
        assert!(fenced || !code.contains("<script>") && !code.contains("<b>"), "markup of a name: {line}");
    }
    assert!(!page.contains('\u{202e}'), "text would be turned around");
}

#[test]
fn what_was_rendered_is_stable_and_explained() {
    let lab = lab();
    let ran = lab.run(&["generate"]).ended(0);
    assert!(ran.stdout.starts_with("nothing to do: "), "{ran}");
    for path in ["tofu/tf-deploy/authentik/locals.tf", "docs/authentik.md", "flux/apps/base/app0/helmrelease.yaml"] {
        let text = lab.read(path);
        let line = text.lines().position(|line| line.contains("Values.x")).unwrap() + 1;
        let ran = lab.run(&["why", &format!("{path}:{line}")]).ended(0);
        assert!(ran.stdout.contains("inventory.yaml:1:"), "{ran}");
    }
    let turned = lab.read("flux/apps/base/app0/helmrelease.yaml");
    let line = turned.lines().position(|line| line.contains("right-to-left")).unwrap() + 1;
    let ran = lab.run(&["why", &format!("flux/apps/base/app0/helmrelease.yaml:{line}")]).ended(0);
    assert!(!ran.stdout.contains('\u{202e}'), "text would be turned around:\n{ran}");
}
