//! `labtree new app`: an entry in the inventory, what follows from it, and what is left to do.

use crate::lab::{Lab, Ran, example_inventory};

const IMMICH: &[&str] =
    &["new", "app", "immich", "--url", "https://photos.hdhomelab.com", "--allow", "family", "--namespace", "media"];

/// Runs labtree, which must end with `status` and leave everything as it is.
#[track_caller]
pub(crate) fn refused(lab: &Lab, status: i32, arguments: &[&str]) -> Ran {
    let (tree, stamps) = (lab.tree(), lab.stamps());
    let ran = lab.run(arguments).ended(status);
    assert_eq!(lab.changes_since(&tree), [""; 0], "{ran}");
    assert_eq!(lab.stamps(), stamps, "{ran}");
    ran
}

#[test]
fn an_app_of_the_catalog_needs_no_look_up() {
    let lab = Lab::example();
    let before = lab.tree();
    let ran = lab.run(IMMICH).ended(0);
    insta::assert_snapshot!(ran, @"
    exit status: 0
    ----- stdout
       changed  inventory.yaml
       changed  docs/authentik.md
       created  flux/apps/base/immich/immich-oidc.yaml
       created  flux/apps/base/immich/kustomization.yaml
       changed  flux/clusters/home/apps.yaml
       changed  flux/infrastructure/base/namespaces/kustomization.yaml
       created  flux/infrastructure/base/namespaces/media.yaml
       changed  tofu/tf-deploy/authentik/locals.tf
    3 created, 4 changed, 49 unchanged

    left to do:
      1. look at the change and commit it
           git add docs flux inventory.yaml labtree.lock tofu
           git diff --staged
           git commit -m 'Add immich'
      2. apply the OpenTofu root: it makes `immich` in authentik and writes `infra/apps/immich/oidc` to Vault
           tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
           tofu -chdir=tofu/tf-deploy/authentik apply plan.out
      3. push: Flux fills the Secret `immich-oidc` in the namespace `media`
           git push
           flux reconcile source git flux-system
      4. give `immich` its credentials from the Secret `immich-oidc` of `media`
      5. find the settings of `immich` in docs/authentik.md: by the values of its chart, in the file that IMMICH_CONFIG_FILE names, on its page `Administration > Settings > OAuth Authentication`

    mind:
      - With a configuration file the settings page is read-only, and what was set there before counts no more.
      - The redirect URI of the apps for phones has three slashes.
      - After a wrong `autoLaunch`, `https://photos.hdhomelab.com/auth/login?autoLaunch=0` shows the form again.
      - Groups can have roles in it, `admin`: write `roles: { admin: [GROUP] }` in its entry.
    ");
    let inventory = lab.read("inventory.yaml");
    let added = inventory.strip_prefix(&example_inventory()).expect("what was there stays");
    insta::assert_snapshot!(added, @"

    immich:
      url: https://photos.hdhomelab.com
      catalog: immich
      namespace: media
      category: Media
      description: Photos and videos
      allow: [family]
      oidc:
        redirect_uris:
          - /auth/login
          - /user-settings
          # The apps for phones.
          - app.immich:///oauth-callback
        logout: /api/oauth/backchannel-logout
    ");
    insta::assert_snapshot!(lab.changes_since(&before).join("\n"), @"
    ~ docs/authentik.md
    + flux/apps/base/immich/immich-oidc.yaml
    + flux/apps/base/immich/kustomization.yaml
    ~ flux/clusters/home/apps.yaml
    ~ flux/infrastructure/base/namespaces/kustomization.yaml
    + flux/infrastructure/base/namespaces/media.yaml
    ~ inventory.yaml
    ~ labtree.lock
    ~ tofu/tf-deploy/authentik/locals.tf
    ");
    let again = lab.run(&["generate", "--check"]).ended(0);
    assert!(again.stdout.starts_with("nothing to do: "), "{again}");
}

#[test]
fn an_app_that_the_catalog_does_not_know_is_added_by_flags() {
    let lab = Lab::example();
    let flags = ["--redirect-uri", "/cb", "--redirect-uri", "app.wiki:/cb", "--url", "https://wiki.hdhomelab.com"];
    let more = ["--allow", "friends,family", "--namespace", "wiki", "--smtp", "--display-name", "Our: wiki"];
    let chart =
        ["--release=https://charts.example.org/home/wiki@1.2.3", "--category", "Office", "--icon", "fa://fa-book"];
    let ran = lab.run(&[&["new", "app", "our-wiki"], &flags[..], &more, &chart].concat()).ended(0);
    let inventory = lab.read("inventory.yaml");
    insta::assert_snapshot!(inventory.strip_prefix(&example_inventory()).expect("what was there stays"), @r#"

    our-wiki:
      url: https://wiki.hdhomelab.com
      name: "Our: wiki"
      namespace: wiki
      category: Office
      icon: fa://fa-book
      allow: [friends, family]
      oidc:
        redirect_uris: [/cb, app.wiki:/cb]
      release:
        repository: https://charts.example.org/home
        chart: wiki
        version: 1.2.3
      smtp: true
    "#);
    insta::assert_snapshot!(ran.stdout.split_once("left to do:").expect("something is left").1, @"

    1. look at the change and commit it
         git add docs flux inventory.yaml labtree.lock tofu
         git diff --staged
         git commit -m 'Add our-wiki'
    2. see that Vault has `username` and `password` at `infra/authentik/smtp`
         vault kv get -mount=infra authentik/smtp
    3. apply the OpenTofu root: it makes `our-wiki` in authentik and writes `infra/apps/our-wiki/oidc` to Vault
         tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
         tofu -chdir=tofu/tf-deploy/authentik apply plan.out
    4. push: Flux fills the Secrets `our-wiki-oidc` and `our-wiki-smtp` in the namespace `wiki` and installs the chart `wiki`
         git push
         flux reconcile source git flux-system
    5. give `our-wiki` its credentials from the Secret `our-wiki-oidc` of `wiki`
    ");
    lab.run(&["generate", "--check"]).ended(0);
}

#[test]
fn an_ldap_app_outside_the_clusters_is_told_where_its_credentials_lie() {
    let lab = Lab::example();
    let url = ["--url", "https://kodi.hdhomelab.com"];
    let ran =
        lab.run(&[&["new", "app", "kodi", "--ldap", "--allow", "everyone", "--outside"], &url[..]].concat()).ended(0);
    insta::assert_snapshot!(ran.stdout.split_once("left to do:").expect("something is left").1, @"

    1. look at the change and commit it
         git add docs inventory.yaml labtree.lock tofu
         git diff --staged
         git commit -m 'Add kodi'
    2. apply the OpenTofu root: it makes `kodi` in authentik and writes `infra/apps/kodi/ldap` to Vault
         tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
         tofu -chdir=tofu/tf-deploy/authentik apply plan.out
    3. push: docs/authentik.md has its addresses then
         git push
         flux reconcile source git flux-system
    4. give `kodi` its credentials: `bind_dn`, `bind_password` and `base_dn`; LDAP answers at `ldap.hdhomelab.com`
         vault kv get -mount=infra apps/kodi/ldap
    ");
    assert!(lab.read("inventory.yaml").ends_with("    allow: everyone\n    ldap: {}\n"));
}

#[test]
fn the_first_ldap_app_needs_an_init() {
    let lab = Lab::example();
    let inventory = example_inventory();
    lab.write("inventory.yaml", &inventory[..inventory.find("\n  jellyfin:\n").unwrap()]);
    lab.run(&["generate"]).ended(0);
    let url = ["--url", "https://kodi.hdhomelab.com"];
    let ran = lab.run(&[&["new", "app", "kodi", "--ldap", "--allow", "everyone"], &url[..]].concat()).ended(0);
    assert!(ran.stdout.contains("tofu -chdir=tofu/tf-deploy/authentik init -backend-config"), "{ran}");
}

#[test]
fn a_dry_run_shows_every_difference_and_writes_nothing() {
    let lab = Lab::example();
    let ran = refused(&lab, 0, &[IMMICH, &["--dry-run"]].concat());
    insta::assert_snapshot!(ran.about("inventory.yaml"), @"
    to change  inventory.yaml
               @@ -188,2 +188,17 @@
                    allow: [family]
                    ldap: {}
               +
               +  immich:
               +    url: https://photos.hdhomelab.com
               +    catalog: immich
               +    namespace: media
               +    category: Media
               +    description: Photos and videos
               +    allow: [family]
               +    oidc:
               +      redirect_uris:
               +        - /auth/login
               +        - /user-settings
               +        # The apps for phones.
               +        - app.immich:///oauth-callback
               +      logout: /api/oauth/backchannel-logout
    ");
    assert!(ran.about("tofu/tf-deploy/authentik/locals.tf").contains("+    immich = {"), "{ran}");
    assert!(ran.about("flux/apps/base/immich/immich-oidc.yaml").contains("+  name: immich-oidc"), "{ran}");
    assert!(!ran.stdout.contains("left to do"), "{ran}");
}

#[test]
fn a_name_that_is_taken_or_none_is_refused() {
    let lab = Lab::example();
    let mut said = String::new();
    for name in ["gitea", "Immich", "token", "a b", "-"] {
        let ran = refused(&lab, 2, &[&["new", "app", name], &IMMICH[3..]].concat());
        said += &format!("$ labtree new app {name}\n{}", ran.stderr);
    }
    insta::assert_snapshot!(said, @"
    $ labtree new app gitea
    error: there is an app `gitea` already: inventory.yaml:157:3
     help: choose another name, or edit that entry and run `labtree generate`
    $ labtree new app Immich
    error: `Immich` has `I`, which a name in Kubernetes cannot have
     help: write `immich`
    $ labtree new app token
    error: the slug `token` is taken by authentik itself
     help: write `token-app`
    $ labtree new app a b
    error: `a b` has a space, which a name in Kubernetes cannot have
     help: write `a-b`
    $ labtree new app -
    error: `-` starts or ends with `-`
     help: use lower-case letters, digits and `-`
    ");
}

#[test]
fn the_same_app_twice_is_refused() {
    let lab = Lab::example();
    lab.run(IMMICH).ended(0);
    let ran = refused(&lab, 2, IMMICH);
    assert!(ran.stderr.starts_with("error: there is an app `immich` already: inventory.yaml:"), "{ran}");
}

#[test]
fn without_a_terminal_what_is_missing_is_named_by_its_flag() {
    let lab = Lab::example();
    let cases: [&[&str]; 6] = [
        &["new", "app", "immich"],
        &["new", "app", "wiki"],
        &["new", "app", "wiki", "--oidc", "--allow", "family", "--url", "https://wiki.hdhomelab.com"],
        &["new", "app", "wiki", "--ldap", "--allow", "family"],
        &["new", "app", "jellyfin2", "--catalog", "jellyfn"],
        &["new", "app"],
    ];
    let said: String = cases
        .into_iter()
        .map(|arguments| format!("$ labtree {}\n{}", arguments.join(" "), refused(&lab, 2, arguments).stderr))
        .collect();
    insta::assert_snapshot!(said, @"
    $ labtree new app immich
    error: `--url` and `--allow` are missing, and there is no terminal to ask on
     help: for example `--url https://immich.hdhomelab.com --allow family`
    $ labtree new app wiki
    note: the catalog has no `wiki`; `--catalog wiki-js` takes what it knows of that app
    error: `--redirect-uri` or `--ldap`, `--url` and `--allow` are missing, and there is no terminal to ask on
     help: for example `--redirect-uri /oauth/callback --url https://wiki.hdhomelab.com --allow family`
    $ labtree new app wiki --oidc --allow family --url https://wiki.hdhomelab.com
    note: the catalog has no `wiki`; `--catalog wiki-js` takes what it knows of that app
    error: `--redirect-uri` is missing, and there is no terminal to ask on
     help: for example `--redirect-uri /oauth/callback`
    $ labtree new app wiki --ldap --allow family
    note: the catalog has no `wiki`; `--catalog wiki-js` takes what it knows of that app
    error: `--url` is missing, and there is no terminal to ask on
     help: for example `--url https://wiki.hdhomelab.com`
    $ labtree new app jellyfin2 --catalog jellyfn
    error: the catalog has no app `jellyfn`, did you mean `jellyfin`?
     help: `labtree new app --list` shows what it knows
    $ labtree new app
    error: the following required arguments were not provided:
      <NAME>

    Usage: labtree new app <NAME>

    For more information, try '--help'.
    ");
}

#[test]
fn everyone_beside_groups_opens_no_app_to_everyone() {
    let lab = Lab::example();
    let app = ["new", "app", "immich", "--url", "https://photos.hdhomelab.com", "--allow"];
    let ran = refused(&lab, 1, &[&app[..], &["everyone,family"]].concat());
    assert_eq!(ran.rules(), ["unknown-group"]);
    assert!(ran.stderr.contains("help: for whoever can log in write `allow: everyone`"), "{ran}");
    lab.run(&[&app[..], &["family, friends"]].concat()).ended(0);
    assert!(lab.read("inventory.yaml").ends_with("/backchannel-logout\n"));
    assert!(lab.read("inventory.yaml").contains("    description: Photos and videos\n    allow: [family, friends]\n"));
}

#[test]
fn an_entry_with_faults_is_shown_and_not_written() {
    let lab = Lab::example();
    let ran = refused(
        &lab,
        1,
        &["new", "app", "wiki", "--redirect-uri", "callback", "--allow", "familly", "--url", "wiki.hdhomelab.com"],
    );
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stderr
    note: the catalog has no `wiki`; `--catalog wiki-js` takes what it knows of that app
    error[url-without-scheme]: `wiki.hdhomelab.com` has no `https://`
       --> inventory.yaml:192:10
        |
    192 |     url: wiki.hdhomelab.com
        |          ^^^^^^^^^^^^^^^^^^
        |
        = help: write `https://wiki.hdhomelab.com`

    error[unknown-group]: unknown group `familly`, did you mean `family`?
       --> inventory.yaml:193:13
        |
    193 |     allow: [familly]
        |             ^^^^^^^

    error[invalid-redirect-uri]: `callback` is neither a path nor an absolute URI
       --> inventory.yaml:195:23
        |
    195 |       redirect_uris: [callback]
        |                       ^^^^^^^^
        |
        = help: write `/callback`

    nothing was written; `inventory.yaml` would have these faults
    ");
}

#[test]
fn nothing_is_written_where_a_file_was_edited_by_hand() {
    let lab = Lab::example();
    lab.edit("docs/authentik.md", "## Add an app", "## Add an app of yours");
    let ran = refused(&lab, 1, IMMICH);
    assert_eq!(ran.rules()[0], "edited-rendered-file", "{ran}");
    assert!(ran.stderr.ends_with("nothing was written, because files were edited by hand\n"), "{ran}");
}

#[test]
fn a_lab_at_fault_is_not_edited() {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "allow: [admins]", "allow: [admin]");
    let ran = refused(&lab, 1, IMMICH);
    assert_eq!(ran.rules(), ["unknown-group"]);
}

#[test]
fn a_new_app_goes_to_the_file_that_holds_most_apps() {
    let lab = Lab::example();
    let inventory = example_inventory();
    let (head, apps) = inventory.split_at(inventory.find("apps:\n").unwrap());
    let (cluster, nas) = apps.split_at(apps.find("\n  # No namespace:").unwrap());
    lab.write("inventory.yaml", head);
    lab.write("inventory/apps/cluster.yaml", cluster);
    lab.write("inventory/apps/nas.yaml", format!("apps:{nas}"));
    lab.run(&["generate"]).ended(0);
    let before = lab.tree();
    lab.run(IMMICH).ended(0);
    assert!(lab.read("inventory/apps/nas.yaml").contains("\n\n  immich:\n"));
    lab.run(&["rename", "app", "gitea", "forgejo"]).ended(0);
    assert!(lab.read("inventory/apps/cluster.yaml").contains("  forgejo:\n    formerly: [gitea]\n"));
    lab.run(&["rename", "app", "forgejo", "gitea"]).ended(0);
    lab.run(&["remove", "app", "immich"]).ended(0);
    assert_eq!(lab.changes_since(&before), [""; 0]);
}

#[test]
fn a_run_that_is_stopped_behind_the_inventory_is_completed_by_the_next() {
    let lab = Lab::example();
    lab.run(IMMICH).ended(0);
    let whole = lab.tree();
    let stopped = Lab::example();
    stopped.write("inventory.yaml", lab.read("inventory.yaml"));
    stopped.run(&["generate"]).ended(0);
    assert_eq!(stopped.changes_since(&whole), [""; 0]);
}
