//! The labs that are judged: the example, the smallest, one with 200 apps, one whose names need quoting everywhere, one
//! with every key of the inventory, and one of the Vault Secrets Operator with two clusters and no defaults.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use labtree::Input;
use labtree::apply::apply;
use labtree::disk::{RealDisk, read_lock, read_on_disk};
use report::Style;
use serde_json::{Map, Value as Json, json};

use crate::{Failure, lab, synthetic};

/// A lab's name, and what its inventory is.
type Named = (&'static str, fn() -> String);

/// All labs.
pub(crate) const ALL: &[Named] = &[
    ("example", example),
    ("smallest", smallest),
    ("many", many),
    ("nasty", nasty),
    ("complete", complete),
    ("operator", operator),
];

/// A lab in a folder.
#[derive(Debug)]
pub(crate) struct Lab {
    pub(crate) name: String,
    pub(crate) folder: Utf8PathBuf,
}

impl Lab {
    /// The lab of that inventory, rendered into `folder`.
    pub(crate) fn render(name: &str, folder: Utf8PathBuf, inventory: &str) -> Result<Self, Failure> {
        let lab = Self { name: name.to_owned(), folder };
        lab.change(inventory)?;
        Ok(lab)
    }

    /// Renders the lab again for another inventory.
    pub(crate) fn change(&self, inventory: &str) -> Result<(), Failure> {
        fs::write(self.folder.join("inventory.yaml"), inventory)?;
        let disk = RealDisk::open(&self.folder)?;
        let mut input = Input::read(&disk)?;
        let Some(wanted) = input.render() else {
            let found = report::text(&input.sources, &input.found, Style::Plain);
            return Err(format!("the lab `{}` does not render:\n{found}", self.name).into());
        };
        let lock = read_lock(&disk)?;
        let on_disk = read_on_disk(&disk, &wanted, &lock)?;
        apply(&disk, &tree::plan(&wanted, &on_disk, &lock, false)).map_err(|error| error.to_string())?;
        Ok(())
    }

    /// Where its OpenTofu root lies.
    pub(crate) fn root(&self) -> Utf8PathBuf {
        self.folder.join("tofu/tf-deploy/authentik")
    }

    /// Its files that end in one of `endings`.
    pub(crate) fn files(&self, endings: &[&str]) -> Result<Vec<Utf8PathBuf>, Failure> {
        files(&self.folder, endings)
    }
}

/// The files below `folder` that end in one of `endings`, in order of their paths.
pub(crate) fn files(folder: &Utf8Path, endings: &[&str]) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    below(folder, &mut found)?;
    found.retain(|path| endings.iter().any(|ending| path.as_str().ends_with(ending)));
    found.sort();
    Ok(found)
}

/// `inventory` with each `(from, to)` of `edits` made to it once; each `from` must stand in it.
pub(crate) fn edited(mut inventory: String, edits: &[(&str, &str)]) -> String {
    for (from, to) in edits {
        assert!(inventory.contains(from), "the inventory has no {from:?}");
        inventory = inventory.replacen(from, to, 1);
    }
    inventory
}

fn below(folder: &Utf8Path, found: &mut Vec<Utf8PathBuf>) -> Result<(), Failure> {
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        match (entry.file_type()?.is_dir(), entry.file_name()) {
            (true, ".terraform") => {}
            (true, _) => below(entry.path(), found)?,
            (false, _) => found.push(entry.path().to_owned()),
        }
    }
    Ok(())
}

/// The inventory of the example lab.
pub(crate) fn example() -> String {
    fs::read_to_string(lab().join("inventory.yaml")).expect("the example lab has an inventory")
}

/// The example at an older release of authentik, such as `2025.10`, and of its provider.
pub(crate) fn at_release(release: &str) -> String {
    let (provider, chart) = (format!("authentik: \"~> {release}.0\""), format!("version: {release}.3"));
    edited(example(), &[("authentik: \"~> 2026.5.0\"", &provider), ("version: 2026.5.3", &chart)])
}

/// Nothing that may be left out.
fn smallest() -> String {
    "lab: { name: attic, domain: example.org }
vault: { address: 'https://vault.example.org', mount: infra }
flux: { clusters: [home], source: { name: flux-system }, secrets: external-secrets, store: { kind: SecretStore, name: vault, path: infra } }
tofu:
  required_version: '>= 1.7.0'
  providers: { authentik: '~> 2026.5.0', vault: '~> 5.0' }
  state: { host: 192.0.2.7, database: tofu, schema: authentik }
identity:
  host: auth.example.org
  namespace: infra
  release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
  ingress: { class: traefik, tls: { secret: auth-tls } }
  database: { host: 192.0.2.7, name: authentik, user: authentik }
  email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }
"
    .to_owned()
}

fn many() -> String {
    synthetic::inventory(200, "space")
}

/// Every key there is.
fn complete() -> String {
    inventory::EXAMPLE.to_owned()
}

/// Settings of authentik, none of which is what it would be otherwise.
const SETTINGS: &str = "event_retention: 180d
    default_user_change_name: false
    default_user_change_email: true
    default_user_change_username: true
    gdpr_compliance: false
    impersonation: false
    default_token_duration: 2h
    default_token_length: 90
    reputation_lower_limit: -20
    reputation_upper_limit: 20
    pagination_default_page_size: 50
    pagination_max_page_size: 500";

/// The other operator, the other way to a certificate, another cluster; and another value wherever there is a default.
fn operator() -> String {
    let edits = [
        ("secrets: external-secrets", "secrets: vault-secrets-operator"),
        (
            "kind: ClusterSecretStore\n    name: vault\n    path: infra\n",
            "kind: VaultAuth\n    name: vault\n    namespace: vault\n",
        ),
        (
            "service_account: { name: external-secrets, namespace: external-secrets }",
            "service_account: { name: reader, namespace: media }",
        ),
        ("existing_namespaces: [media]", "existing_namespaces: [media, vault]"),
        ("clusters: [home]\n  source", "clusters: [home, cabin]\n  source"),
        ("mounts: {}", "mounts: { cabin: kubernetes/cabin }"),
        ("tls: { secret: auth-tls }", "tls: { issuer: letsencrypt }"),
        ("types: [image/png, image/jpeg, image/webp, image/gif]", "types: [image/webp]"),
        ("max_size: 512KiB", "max_size: 100kB"),
        ("event_retention: 365d", SETTINGS),
        ("flows_refresh_others: true", "core_default_app_access: true, policies_buffered_access_view: true"),
        ("then: [gravatar, initials]", "then: [initials]"),
        ("enrollment: { slug: invitation-enrollment }", "enrollment: { slug: welcome }"),
        ("slug: password-recovery, link_valid_for: 30m", "slug: forgotten, link_valid_for: 1h"),
        ("name: Email codes, code_valid_for: 30m", "name: Codes by mail, code_valid_for: 15m"),
        ("service: kubernetes, service_type: LoadBalancer", "service: manual"),
        ("groups: [family, jellyfin-movies]\n", "\n"),
        ("default_scopes: [openid, email, profile]", "default_scopes: [openid, offline_access]"),
        ("access_token_valid_for: 10m", "access_token_valid_for: 20m"),
        ("refresh_token_valid_for: 30d", "refresh_token_valid_for: 1h30m"),
        ("{ url: /auth/logout, matching: strict", "{ url: '/auth/logout/[0-9]+', matching: regex"),
        ("client_type: confidential", "client_type: public"),
        ("sub_mode: hashed_user_id", "sub_mode: user_email"),
        ("url: https://jellyfin.hdhomelab.com\n", "url: https://jellyfin.hdhomelab.com/\n    category: Media\n"),
        (
            "ldap:\n      base_dn: ou=jellyfin,dc=ldap,dc=hdhomelab,dc=com",
            "ldap:\n      base_dn: ou=films,dc=hdhomelab,dc=com",
        ),
        ("bind_mode: direct", "bind_mode: cached"),
        ("search_mode: direct", "search_mode: cached"),
    ];
    edited(complete(), &edits)
}

/// Texts that mean something to YAML, HCL, Python or Markdown.
const NASTY: [&str; 16] = [
    "a ${b} $${c} $5",
    "a %{b} %%{c} 50%",
    "{{ .Values.x }} {% raw %} {# y #}",
    "#{ name | yaml }# #% if x %#",
    "\"double\" and 'single' and `tick`",
    "back\\slash \\n \\u0041 C:\\new",
    "ends with a backslash \\",
    "<b>bold</b> <!-- comment --> &amp;",
    "# a heading: or a comment",
    "- a list item",
    "yes",
    "null",
    "1.10",
    "2026-01-01",
    "größe ☃ 🏠 עברית",
    "{ a: [b, c], &d *e !f }",
];
/// Names of groups may hold less: LDAP has a meaning for some of it.
const GROUPS: [&str; 6] = ["a ${b} $5", "a %{b} 50%", "it's `ticked`", "yes", "1.10", "größe ☃ עברית"];
const PROGRAM: &str = "# ${x} %{y} {{ z }}\nname = \"a\\tb\" + 'c' + \"\"\"d\ne\"\"\"\nreturn {\"größe\": name}";

/// JSON is YAML too, and has one way to quote.
fn nasty() -> String {
    let mut groups = Map::new();
    for name in GROUPS {
        groups.insert(name.to_owned(), json!({ "invite": true, "library": { "libraries": NASTY } }));
    }
    let (mut apps, mut users) = (Map::new(), Map::new());
    for (index, text) in NASTY.iter().enumerate() {
        let group = GROUPS[index % GROUPS.len()];
        let mut app = json!({ "url": format!("https://app{index}.example.org"), "namespace": "apps", "name": text,
            "category": text, "description": text, "allow": [group] });
        match index % 3 {
            0 => app["ldap"] = json!({}),
            _ => app["oidc"] = json!({ "redirect_uris": ["/callback"], "scopes": { "own": PROGRAM } }),
        }
        apps.insert(format!("app{index}"), app);
        let email = format!("user{index}@example.org");
        users.insert(format!("user{index}"), json!({ "name": text, "email": email, "groups": GROUPS }));
    }
    smallest()
        + &format!(
            "  ldap: {{ suffix: 'dc=ldap,dc=example,dc=org', host: ldap.example.org, outpost: {{ service_type: LoadBalancer }} }}\n  email_otp: {}\n",
            json!({ "name": "${codes} \"by\" mail %{x}" })
        )
        + &format!("groups: {}\nusers: {}\napps: {}\n", Json::from(groups), Json::from(users), Json::from(apps))
}
