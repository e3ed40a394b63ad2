//! `labtree config show`: which settings count, and who says so.

use crate::lab::Lab;

#[test]
fn each_setting_has_a_value_and_an_origin() {
    let lab = Lab::empty();
    lab.write("labtree.toml", "fail-on = \"warning\"\n\n[rules]\nplain-secret = \"off\"\n[tofu]\nroots = [\"tofu\"]\n");
    let told = |arguments: &[&str]| {
        let ran = lab.run(arguments).ended(0);
        ran.stdout.replace(lab.root().canonicalize_utf8().expect("it is there").as_str(), "/home/alex/lab")
    };
    let text = told(&["config", "show", "--quiet"]);
    insta::assert_snapshot!(text, @r#"
    # root: /home/alex/lab (it holds labtree.toml)
    fail-on = "warning"            # labtree.toml:1
    exclude = []                   # default
    baseline = "labtree.baseline"  # default
    schemas = "schemas"            # default
    # flux.roots: as the files tell
    tofu.roots = ["tofu"]          # labtree.toml:6
    rules.plain-secret = "off"     # labtree.toml:4
    "#);
    let all = told(&["config", "show", "--all"]);
    assert!(all.contains("\nrules.yaml-syntax = \"error\""), "{all}");
    let document = told(&["config", "show", "--format", "json", "--root", lab.root().as_str()]);
    insta::assert_snapshot!(document, @r#"{"version":1,"root":{"path":"/home/alex/lab","from":"--root"},"settings":[{"name":"fail-on","value":"warning","from":"labtree.toml","line":1},{"name":"exclude","value":[],"from":"default","line":null},{"name":"baseline","value":"labtree.baseline","from":"default","line":null},{"name":"schemas","value":"schemas","from":"default","line":null},{"name":"flux.roots","value":null,"from":"default","line":null},{"name":"tofu.roots","value":["tofu"],"from":"labtree.toml","line":6},{"name":"rules.plain-secret","value":"off","from":"labtree.toml","line":4}]}"#);
}

#[test]
fn an_option_of_check_goes_before_a_setting() {
    let lab = Lab::empty();
    lab.write("labtree.toml", "fail-on = \"warning\"\n");
    let options = ["--fail-on", "hint", "--no-baseline"];
    let ran = lab.run(&[&["config", "show", "--quiet"], &options[..]].concat()).ended(0);
    let text: Vec<_> = ran.stdout.lines().skip(1).take(3).collect();
    insta::assert_snapshot!(text.join("\n"), @r#"
    fail-on = "hint"     # --fail-on
    exclude = []         # default
    # baseline: none, by --no-baseline
    "#);
    let document = lab.run(&[&["config", "show", "--format", "json"], &options[..]].concat()).ended(0).json();
    assert_eq!(document["settings"][0]["from"], "--fail-on");
    assert_eq!(
        document["settings"][2],
        serde_json::json!({
            "name": "baseline", "value": null, "from": "--no-baseline", "line": null
        })
    );
}

#[test]
fn faults_of_the_settings_are_told_beside_what_counts() {
    let lab = Lab::empty();
    lab.write("labtree.toml", "fail_on = \"warning\"\n");
    let ran = lab.run(&["config", "show"]).ended(1);
    assert!(ran.stderr.contains("unknown setting `fail_on`, did you mean `fail-on`?"), "{ran}");
    assert!(ran.stdout.contains("fail-on = \"error\"") && ran.stdout.contains("# default"), "{ran}");
    lab.write("labtree.toml", "fail-on = \"eror\"\nbaseline = 1\n[rules]\nplain-secret = \"of\"\n");
    let ran = lab.run(&["config", "show"]).ended(1);
    assert!(!ran.stdout.contains("# labtree.toml:"), "what is at fault keeps its default: {ran}");
}
