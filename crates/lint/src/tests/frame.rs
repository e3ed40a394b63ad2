//! Rules, their files and ids; what settings and source maps do to findings.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Severity, Sources, Span};
use tree::{Origin, SourceMap, TemplateLine};

use super::check_with;
use crate::{Files, Kind, Known, RULES, Repo, Written, allows, run, tofu};

#[test]
fn every_file_in_rules_is_a_registered_rule_of_that_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let name = |entry: std::fs::DirEntry| entry.file_name().into_string().expect("names are UTF-8");
    let names: BTreeSet<String> = entries.map(|entry| name(entry.expect("the folder can be read"))).collect();
    // A rule with many tests has them in a folder of its name.
    let files: BTreeSet<_> = names.iter().map(|name| name.trim_end_matches(".rs").replace('_', "-")).collect();
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(files.into_iter().collect::<Vec<_>>(), ids, "left: the files of src/rules; right: RULES, in this order");
}

fn levels(of: &[(&str, Option<Severity>)]) -> BTreeMap<String, Option<Severity>> {
    of.iter().map(|(id, level)| ((*id).to_owned(), *level)).collect()
}

#[test]
fn the_settings_change_the_severity_of_a_rule() {
    let text = "#- a.yaml\na: 1\na: 2\n^ hint[duplicate-yaml-key]: `a` is written twice\n";
    check_with(text, &levels(&[("duplicate-yaml-key", Some(Severity::Hint))]));
}

#[test]
fn a_rule_that_is_off_says_nothing_and_what_allows_it_is_left_alone() {
    let text = "#- a.yaml\na: 1\n# labtree: allow(duplicate-yaml-key): gathered\na: 2\n";
    check_with(text, &levels(&[("duplicate-yaml-key", None)]));
}

/// A rendered file whose second `a` follows from line 2 of the inventory, which may say `comment`.
fn rendered(comment: &str, follows: bool) -> (Sources, Vec<diagnostic::Diagnostic>) {
    let mut sources = Sources::default();
    let inventory = format!("apps:\n  grafana: x{comment}\n");
    let entry = sources.add("inventory.yaml", inventory.as_str());
    let template = sources.add("templates/a.yaml.j2", "a: 1\n#{ x }#: 2\n");
    let file = sources.add("a.yaml", "a: 1\na: 2\n");
    let value = (5..6, Span::new(entry, 17..18));
    let line = |line| TemplateLine { template, line };
    let map = SourceMap { values: follows.then_some(value).into_iter().collect(), lines: vec![line(1), line(2)] };
    let origin = Origin::Rendered { template: "a.yaml.j2".to_owned(), map };
    let written = vec![
        Written { path: "inventory.yaml".into(), id: entry, kind: Kind::Inventory, origin: Origin::Written },
        Written { path: "a.yaml".into(), id: file, kind: Kind::Yaml, origin },
    ];
    let names: BTreeSet<String> = written.iter().map(|written| written.path.to_string()).collect();
    let files = Files::read(&sources, written, names);
    let view = tofu::view(&sources, &files);
    let modules = resolve_tofu::Modules::load(&view, &mut Vec::new());
    let server = tofu::Server::default();
    let mut tofu = tofu::Tofu::resolve(&sources, &files, &view, &modules, None, &mut Vec::new());
    tofu.run_by(server, &sources, &files);
    let repo = Repo {
        sources: &sources,
        inventory: None,
        files: &files,
        tofu: &tofu,
        flux: &crate::flux::Flux::default(),
        allows: &allows(&sources, &files),
        known: &Known::of(RULES.iter().map(|rule| rule.id)),
        levels: &BTreeMap::new(),
        is_complete: true,
    };
    let found = run(&repo, Vec::new());
    (sources, found)
}

#[test]
fn a_finding_in_a_rendered_file_is_told_at_the_entry_that_it_follows_from() {
    let (sources, found) = rendered("", true);
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!((sources.path(finding.primary.span), sources.slice(finding.primary.span)), ("inventory.yaml", "x"));
    let related: Vec<_> = finding.related.iter().map(|label| (sources.path(label.span), label.text.as_str())).collect();
    assert_eq!(related, [("a.yaml", "rendered here"), ("a.yaml", "it stands here first")]);
}

#[test]
fn a_finding_that_follows_from_no_entry_names_the_line_of_the_template() {
    let (sources, found) = rendered("", false);
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!(sources.path(finding.primary.span), "a.yaml");
    let last = finding.related.last().expect("the template is related");
    assert_eq!(sources.slice(last.span), "#{ x }#: 2");
}

#[test]
fn a_comment_in_the_inventory_allows_what_follows_from_its_line() {
    let (_, found) = rendered(" # labtree: allow(duplicate-yaml-key): gathered", true);
    assert_eq!(found, []);
    let (_, found) = rendered(" # labtree: allow(duplicate-yaml-key): gathered", false);
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["duplicate-yaml-key", "unused-allow"]);
}

#[test]
fn what_is_wrong_again_and_again_is_told_a_hundred_times_and_then_counted() {
    let text = format!("#- a.yaml\n{}#- b.yaml\nb: 1\nb: 2\n", "a: 1\n".repeat(151));
    let (sources, found) = super::judge(&fixture::Fixture::parse(&text), &BTreeMap::new());
    let of = |path: &str| found.iter().filter(|finding| sources.path(finding.primary.span) == path).count();
    assert_eq!((of("a.yaml"), of("b.yaml")), (100, 1));
    let help = "keep one of them; 50 more places of this file break `duplicate-yaml-key`";
    assert_eq!(found.iter().filter(|finding| finding.help.as_deref() == Some(help)).count(), 1);
}

#[test]
fn thousands_of_comments_and_findings_take_no_time_that_grows_with_both() {
    let lines = "a: 1 # labtree: allow(duplicate-yaml-key): gathered\n".repeat(30_000);
    let block = "# labtree: allow(duplicate-yaml-key): gathered\n".repeat(30_000);
    let (_, found) = super::judge(&fixture::Fixture::parse(&format!("#- a.yaml\n{lines}")), &BTreeMap::new());
    assert_eq!(found.len(), 1, "the first line breaks nothing: {:?}", found.first());
    let (_, found) = super::judge(&fixture::Fixture::parse(&format!("#- a.yaml\n{block}a: 1\n")), &BTreeMap::new());
    assert_eq!(found.len(), 100);
}

#[test]
fn what_is_wrong_in_a_module_that_is_called_twice_is_told_once() {
    super::check_rule(
        "binding-without-subject",
        r#"
#- tofu/home/main.tf
module "one" { source = "../modules/gate" }
module "other" { source = "../modules/gate" }
#- tofu/modules/gate/main.tf
  resource "authentik_policy_binding" "this" {
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[binding-without-subject]: the binding has neither `policy` nor `group` nor `user`, so authentik refuses it
  target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  order  = 0
}
"#,
    );
}
