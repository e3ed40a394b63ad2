//! `labtree remove app`, `rename app` and `list apps`, and that all of them leave the rest of the inventory alone.

use crate::lab::{Lab, Ran, example_inventory};

const IMMICH: &[&str] =
    &["new", "app", "immich", "--url", "https://photos.hdhomelab.com", "--allow", "family", "--namespace", "media"];

/// Runs labtree, which must end with `status` and leave everything as it is.
#[track_caller]
fn refused(lab: &Lab, status: i32, arguments: &[&str]) -> Ran {
    let tree = lab.tree();
    let ran = lab.run(arguments).ended(status);
    assert_eq!(lab.changes_since(&tree), [""; 0], "{ran}");
    ran
}

/// What is left to do.
#[track_caller]
fn left(ran: &Ran) -> &str {
    ran.stdout.split_once("left to do:\n").unwrap_or_else(|| panic!("nothing is left:\n{ran}")).1
}

#[test]
fn an_app_that_is_added_renamed_and_removed_leaves_no_trace() {
    let lab = Lab::example();
    let start = lab.tree();
    lab.run(IMMICH).ended(0);
    lab.run(&["rename", "app", "immich", "photos"]).ended(0);
    assert!(lab.exists("tofu/tf-deploy/authentik/moved.tf"));
    lab.run(&["remove", "app", "photos"]).ended(0);
    assert_eq!(lab.changes_since(&start), [""; 0]);
}

#[test]
fn apps_added_and_removed_in_any_order_leave_no_trace() {
    let lab = Lab::example();
    let start = lab.tree();
    let names = ["immich", "vikunja", "kavita", "mealie", "a-b", "on", "null", "7"];
    let (mut there, mut seed) = ([false; 8], 1_u32);
    for _ in 0..40 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let index = (seed >> 16) as usize % names.len();
        let name = names[index];
        let url = format!("https://{name}.hdhomelab.com");
        let redirects = ["--redirect-uri", "/cb", "--no-catalog", "--allow", "family", "--url", url.as_str()];
        let arguments = match there[index] {
            true => vec!["remove", "app", name],
            false => [&["new", "app", name][..], &redirects].concat(),
        };
        lab.run(&arguments).ended(0);
        there[index] = !there[index];
        assert!(lab.read("inventory.yaml").starts_with(&example_inventory()));
    }
    for (name, _) in names.iter().zip(there).filter(|(_, there)| *there) {
        lab.run(&["remove", "app", name]).ended(0);
    }
    assert_eq!(lab.changes_since(&start), [""; 0]);
}

#[test]
fn what_goes_with_an_app_is_told() {
    let lab = Lab::example();
    let before = lab.tree();
    let ran = lab.run(&["remove", "app", "grafana"]).ended(0);
    insta::assert_snapshot!(lab.changes_since(&before).join("\n"), @"
    ~ docs/authentik.md
    - flux/apps/base/grafana/grafana-oidc.yaml
    - flux/apps/base/grafana/helmrelease.yaml
    - flux/apps/base/grafana/helmrepository.yaml
    - flux/apps/base/grafana/kustomization.yaml
    ~ flux/clusters/home/apps.yaml
    ~ inventory.yaml
    ~ labtree.lock
    - tofu/tf-deploy/authentik/apps/grafana/grafana_role.py
    ~ tofu/tf-deploy/authentik/locals.tf
    ");
    insta::assert_snapshot!(ran.stdout, @"
       changed  inventory.yaml
       changed  docs/authentik.md
       removed  flux/apps/base/grafana/grafana-oidc.yaml
       removed  flux/apps/base/grafana/helmrelease.yaml
       removed  flux/apps/base/grafana/helmrepository.yaml
       removed  flux/apps/base/grafana/kustomization.yaml
       changed  flux/clusters/home/apps.yaml
       removed  tofu/tf-deploy/authentik/apps/grafana/grafana_role.py
       changed  tofu/tf-deploy/authentik/locals.tf
    3 changed, 5 removed, 45 unchanged

    left to do:
      1. look at the change and commit it
           git add docs flux inventory.yaml labtree.lock tofu
           git diff --staged
           git commit -m 'Remove grafana'
      2. push: Flux deletes from the namespace `monitoring`: the Secret `grafana-oidc`, the HelmRelease `grafana` and with it all that the chart installed
           git push
           flux reconcile source git flux-system
      3. apply the OpenTofu root: it destroys in authentik the application `grafana` with its provider and bindings, and in Vault `infra/apps/grafana/oidc`
           tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
           tofu -chdir=tofu/tf-deploy/authentik apply plan.out
    ");
    let ran = lab.run(&["remove", "app", "gitea"]).ended(0);
    insta::assert_snapshot!(left(&ran), @"
    1. look at the change and commit it
         git add docs flux inventory.yaml labtree.lock tofu
         git diff --staged
         git commit -m 'Remove gitea'
    2. push: Flux deletes from the namespace `gitea`: the Secret `gitea-oidc`, the Secret `gitea-smtp`
         git push
         flux reconcile source git flux-system
    3. apply the OpenTofu root: it destroys in authentik the application `gitea` with its provider and bindings, and in Vault `infra/apps/gitea/oidc`
         tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
         tofu -chdir=tofu/tf-deploy/authentik apply plan.out
    4. delete the namespace `gitea` once nothing in it is needed: Flux leaves it
         kubectl delete namespace gitea
    ");
    let inventory = lab.read("inventory.yaml");
    assert!(inventory.contains("\napps:\n  headlamp:\n") && !inventory.contains("\n\n\n"), "{inventory}");
}

#[test]
fn the_last_ldap_app_takes_the_outpost_along() {
    let lab = Lab::example();
    let first = lab.run(&["remove", "app", "jellyfin"]).ended(0);
    assert!(!first.stdout.contains("outpost"), "{first}");
    let last = lab.run(&["remove", "app", "emby"]).ended(0);
    insta::assert_snapshot!(left(&last), @"
    1. look at the change and commit it
         git add docs inventory.yaml labtree.lock tofu
         git diff --staged
         git commit -m 'Remove emby'
    2. push
         git push
    3. apply the OpenTofu root: it destroys in authentik the application `emby` with its provider and bindings, and in Vault `infra/apps/emby/ldap`, and with the last LDAP app the outpost and the flow of binds
         tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
         tofu -chdir=tofu/tf-deploy/authentik apply plan.out
    ");
}

#[test]
fn a_renamed_app_keeps_what_was_made_for_it() {
    let lab = Lab::example();
    lab.edit(
        "inventory.yaml",
        "        ingress: {enabled",
        "        envFromSecret: grafana-oidc\n        ingress: {enabled",
    );
    lab.run(&["generate"]).ended(0);
    let before = lab.tree();
    let ran = lab.run(&["rename", "app", "grafana", "dashboards"]).ended(0);
    insta::assert_snapshot!(ran.stdout, @"
       changed  inventory.yaml
       changed  docs/authentik.md
       created  flux/apps/base/dashboards/dashboards-oidc.yaml
       created  flux/apps/base/dashboards/helmrelease.yaml
       created  flux/apps/base/dashboards/helmrepository.yaml
       created  flux/apps/base/dashboards/kustomization.yaml
       removed  flux/apps/base/grafana/grafana-oidc.yaml
       removed  flux/apps/base/grafana/helmrelease.yaml
       removed  flux/apps/base/grafana/helmrepository.yaml
       removed  flux/apps/base/grafana/kustomization.yaml
       changed  flux/clusters/home/apps.yaml
       created  tofu/tf-deploy/authentik/apps/dashboards/grafana_role.py
       removed  tofu/tf-deploy/authentik/apps/grafana/grafana_role.py
       changed  tofu/tf-deploy/authentik/locals.tf
       created  tofu/tf-deploy/authentik/moved.tf
    6 created, 3 changed, 5 removed, 45 unchanged

    left to do:
      1. name the new Secrets where the old ones are named: inventory.yaml:143:24
           labtree generate
      2. look at the change and commit it
           git add docs flux inventory.yaml labtree.lock tofu
           git diff --staged
           git commit -m 'Rename grafana to dashboards'
      3. apply the OpenTofu root: it moves what `grafana` had to `dashboards`, and destroys nothing but the secret `infra/apps/grafana/oidc` in Vault, which it writes to `infra/apps/dashboards/oidc`
           tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
           tofu -chdir=tofu/tf-deploy/authentik apply plan.out
      4. push: Flux fills `dashboards-oidc` in place of the old
           git push
           flux reconcile source git flux-system
      5. restart what reads them: client id and issuer are others now
      6. see whether anything still names `grafana-oidc`
           labtree check
      7. once every root is applied, `formerly` may be deleted below `dashboards`
    ");
    insta::assert_snapshot!(lab.read("tofu/tf-deploy/authentik/moved.tf"), @r#"
    # rendered by labtree from templates/tofu/tf-deploy/authentik/moved.tf.j2; edit inventory.yaml and run `labtree generate`

    # Apps that were renamed, each from one key to the next: what was made for them is kept, under another name. Only their
    # secret in Vault is made anew, at another path.

    moved {
      from = module.oidc["grafana"]
      to   = module.oidc["dashboards"]
    }
    "#);
    assert!(lab.read("inventory.yaml").contains("\n  dashboards:\n    formerly: [grafana]\n    url: "));
    let back = lab.run(&["rename", "app", "dashboards", "grafana"]).ended(0);
    insta::assert_snapshot!(left(&back), @"
    1. look at the change and commit it
         git add docs flux inventory.yaml labtree.lock tofu
         git diff --staged
         git commit -m 'Rename dashboards to grafana'
    2. apply the OpenTofu root: nothing is left to do if `dashboards` was never applied; otherwise write `formerly: [dashboards]` below `grafana` first, or it makes the app anew
         tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
         tofu -chdir=tofu/tf-deploy/authentik apply plan.out
    3. push: Flux fills `grafana-oidc` in place of the old
         git push
         flux reconcile source git flux-system
    4. restart what reads them: client id and issuer are others now
    5. see whether anything still names `dashboards-oidc`
         labtree check
    ");
    assert_eq!(lab.changes_since(&before), [""; 0]);
}

#[test]
fn a_renamed_app_outside_the_clusters_is_told_its_new_credentials() {
    let lab = Lab::example();
    let ran = lab.run(&["rename", "app", "jellyfin", "films"]).ended(0);
    insta::assert_snapshot!(left(&ran), @"
    1. look at the change and commit it
         git add docs inventory.yaml labtree.lock tofu
         git diff --staged
         git commit -m 'Rename jellyfin to films'
    2. apply the OpenTofu root: it moves what `jellyfin` had to `films`, and destroys nothing but the secret `infra/apps/jellyfin/ldap` in Vault, which it writes to `infra/apps/films/ldap`
         tofu -chdir=tofu/tf-deploy/authentik plan -out plan.out
         tofu -chdir=tofu/tf-deploy/authentik apply plan.out
    3. push
         git push
    4. give `films` its credentials anew, since base DN and bind DN are others now
         vault kv get -mount=infra apps/films/ldap
    5. once every root is applied, `formerly` may be deleted below `films`
    ");
}

#[test]
fn a_former_name_is_free_only_once_it_is_forgotten() {
    let lab = Lab::example();
    lab.run(&["rename", "app", "gitea", "forgejo"]).ended(0);
    let flags = ["--redirect-uri", "/cb", "--no-catalog", "--allow", "family", "--url", "https://x.hdhomelab.com"];
    let ran = refused(&lab, 1, &[&["new", "app", "gitea"], &flags[..]].concat());
    assert_eq!(ran.rules(), ["former-name-in-use"]);
    lab.edit("inventory.yaml", "    formerly: [gitea]\n", "");
    lab.run(&[&["new", "app", "gitea"], &flags[..]].concat()).ended(0);
}

#[test]
fn an_app_that_is_renamed_already_needs_only_to_be_rendered() {
    let lab = Lab::example();
    lab.run(&["rename", "app", "gitea", "git"]).ended(0);
    insta::assert_snapshot!(refused(&lab, 2, &["rename", "app", "gitea", "git"]).stderr, @"
    error: `gitea` is called `git` already
     help: `labtree generate` renders what follows from it
    ");
}

#[test]
fn names_that_are_none_missing_or_taken_are_refused() {
    let lab = Lab::example();
    let cases: [(i32, &[&str]); 6] = [
        (2, &["remove", "app", "giteaa"]),
        (2, &["rename", "app", "nothing", "something"]),
        (2, &["rename", "app", "gitea", "grafana"]),
        (2, &["rename", "app", "gitea", "gitea"]),
        (2, &["rename", "app", "gitea", "Git"]),
        (2, &["remove", "app"]),
    ];
    let said: String = cases
        .into_iter()
        .map(|(status, arguments)| {
            format!("$ labtree {}\n{}", arguments.join(" "), refused(&lab, status, arguments).stderr)
        })
        .collect();
    insta::assert_snapshot!(said, @"
    $ labtree remove app giteaa
    error: there is no app `giteaa`, did you mean `gitea`?
     help: `labtree list apps` shows all of them; what a stopped run left, `labtree generate` completes
    $ labtree rename app nothing something
    error: there is no app `nothing`
     help: `labtree list apps` shows all of them; what a stopped run left, `labtree generate` completes
    $ labtree rename app gitea grafana
    error: there is an app `grafana` already: inventory.yaml:124:3
     help: choose another name, or edit that entry and run `labtree generate`
    $ labtree rename app gitea gitea
    error: there is an app `gitea` already: inventory.yaml:157:3
     help: choose another name, or edit that entry and run `labtree generate`
    $ labtree rename app gitea Git
    error: `Git` has `G`, which a name in Kubernetes cannot have
     help: write `git`
    $ labtree remove app
    error: the following required arguments were not provided:
      <NAME>

    Usage: labtree remove app <NAME>

    For more information, try '--help'.
    ");
}

#[test]
fn an_app_whose_value_another_one_uses_is_not_removed() {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "allow: [admins]", "allow: &all [admins]");
    lab.edit("inventory.yaml", "    category: Media\n    allow: [family]\n", "    category: Media\n    allow: *all\n");
    lab.run(&["generate"]).ended(0);
    let ran = refused(&lab, 1, &["remove", "app", "headlamp"]);
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stderr
    error[uneditable-entry]: `headlamp` holds a value that another entry uses
       --> inventory.yaml:153:17
        |
    153 |     allow: &all [admins]
        |                 ^^^^^^^^
    ...
    188 |     allow: *all
        |            ---- used here
        |
        = help: write the value out there, then remove the app
    ");
}

#[test]
fn dry_runs_show_what_would_change() {
    let lab = Lab::example();
    let removed = refused(&lab, 0, &["remove", "app", "gitea", "--dry-run"]);
    insta::assert_snapshot!(removed.about("inventory.yaml"), @"
    to change  inventory.yaml
               @@ -155,18 +155,4 @@
                      redirect_uris: [/oidc-callback]

               -  gitea:
               -    url: https://git.hdhomelab.com
               -    catalog: gitea
               -    namespace: gitea
               -    category: Development
               -    allow: [family, friends]
               -    # A claim of its own tells it who is an administrator; docs/authentik.md says what to set in Gitea.
               -    roles:
               -      admin: [admins]
               -    oidc:
               -      redirect_uris: [/user/oauth2/authentik/callback]
               -    # Gitea sends mail of its own.
               -    smtp: true
               -
                  # No namespace: these run on the NAS. Their credentials lie in Vault, and docs/authentik.md says where.
                  jellyseerr:
    ");
    assert!(removed.about("flux/apps/base/gitea/gitea-oidc.yaml").starts_with(" to remove"), "{removed}");
    let renamed = refused(&lab, 0, &["rename", "app", "gitea", "forgejo", "--dry-run"]);
    insta::assert_snapshot!(renamed.about("inventory.yaml"), @"
    to change  inventory.yaml
               @@ -155,5 +155,6 @@
                      redirect_uris: [/oidc-callback]

               -  gitea:
               +  forgejo:
               +    formerly: [gitea]
                    url: https://git.hdhomelab.com
                    catalog: gitea
    ");
    assert!(renamed.about("tofu/tf-deploy/authentik/moved.tf").contains("+moved {"), "{renamed}");
}

#[test]
fn the_apps_are_listed_for_people_and_for_programs() {
    let lab = Lab::example();
    lab.run(&["rename", "app", "gitea", "forgejo"]).ended(0);
    lab.edit("inventory.yaml", "allow: [admins]", "allow: everyone");
    let ran = lab.run(&["list", "apps"]).ended(0);
    insta::assert_snapshot!(ran, @"
    exit status: 0
    ----- stdout
    name        protocol  url                             namespace   groups           catalog
    emby        ldap      https://emby.hdhomelab.com      -           family           -
    forgejo     oidc      https://git.hdhomelab.com       gitea       family, friends  gitea
    grafana     oidc      https://grafana.hdhomelab.com   monitoring  family           grafana
    headlamp    oidc      https://headlamp.hdhomelab.com  monitoring  everyone         -
    jellyfin    ldap      https://jellyfin.hdhomelab.com  -           family, friends  -
    jellyseerr  oidc      https://requests.hdhomelab.com  -           family, friends  -
    ");
    let listed = lab.run(&["list", "apps", "--format", "json"]).ended(0).json();
    assert_eq!(listed["version"], 1);
    insta::assert_json_snapshot!(listed["apps"][1], @r#"
    {
      "name": "forgejo",
      "protocol": "oidc",
      "url": "https://git.hdhomelab.com",
      "namespace": "gitea",
      "category": "Development",
      "everyone": false,
      "groups": [
        "family",
        "friends"
      ],
      "catalog": "gitea",
      "formerly": [
        "gitea"
      ]
    }
    "#);
    assert_eq!(listed["apps"].as_array().unwrap().len(), 6);
    let broken = Lab::with("lab: {}\n");
    assert_eq!(broken.run(&["list", "apps"]).ended(1).stdout, "");
}
