//! What is read of `labtree.toml`, and what is said of its faults.

use diagnostic::Sources;

use super::*;

fn parse(text: &str) -> (Settings, Vec<String>) {
    let mut sources = Sources::default();
    let file = sources.add(SETTINGS_PATH, text);
    let mut found = Vec::new();
    let settings = Settings::parse(text, file, &mut found);
    let say = |finding: &Diagnostic| format!("{}: {}", sources.slice(finding.primary.span), finding.message);
    (settings, found.iter().map(say).collect())
}

#[test]
fn every_setting_is_read() {
    let (settings, said) = parse(
        "fail-on = \"hint\"\nexclude = [\"vendor/\", \"**/*.gen.yaml\"]\n[rules]\nunused-allow = \"off\"\n\
         yaml-tab = \"warning\"\n[tofu]\nroots = [\"tofu/home/\"]\n",
    );
    assert_eq!(said, [""; 0]);
    assert_eq!(settings.fail_on, Severity::Hint);
    let levels: Vec<_> = settings.levels.iter().map(|(id, level)| (id.as_str(), *level)).collect();
    assert_eq!(levels, [("unused-allow", None), ("yaml-tab", Some(Severity::Warning))]);
    assert_eq!(settings.exclude.iter().map(Glob::glob).collect::<Vec<_>>(), ["vendor", "**/*.gen.yaml"]);
    let roots = settings.tofu_roots.expect("they are written");
    assert_eq!(roots.iter().map(|root| root.value.as_str()).collect::<Vec<_>>(), ["tofu/home"]);
}

#[test]
fn a_mistyped_key_and_a_mistyped_word_are_both_told() {
    let (_, said) = parse("fail_on = \"hint\"\nfail-on = \"eror\"\n");
    assert_eq!(
        said,
        [
            "\"eror\": unknown severity `eror`, did you mean `error`?",
            "fail_on: unknown setting `fail_on`, did you mean `fail-on`?",
        ]
    );
}

#[test]
fn faults_inside_tables_and_lists_are_told_at_their_place() {
    for (text, fault) in [
        ("[rules]\nunused-alow = \"off\"\n", "unused-alow: unknown rule `unused-alow`, did you mean `unused-allow`?"),
        ("[rules]\nunused-allow = \"of\"\n", "\"of\": unknown severity `of`, did you mean `off`?"),
        ("[rules]\nunused-allow = false\n", "false: `unused-allow` takes a text"),
        ("rules = \"off\"\n", "\"off\": `rules` takes a table"),
        ("schemas = []\n", "[]: `schemas` takes a text"),
        ("schemas = \"../x\"\n", "\"../x\": the path `../x` leads out of its folder with `..`"),
        ("exclude = \"a\"\n", "\"a\": `exclude` takes a list of texts"),
        ("exclude = [\"a\", 1]\n", "1: `exclude` takes a list of texts"),
        ("exclude = [\"a[\"]\n", "\"a[\": `a[` is no pattern: unclosed character class; missing ']'"),
        ("[tofu]\nroot = []\n", "root: unknown setting `tofu.root`, did you mean `roots`?"),
        ("tofu.roots = [\"../x\"]\n", "\"../x\": the path `../x` leads out of its folder with `..`"),
    ] {
        assert_eq!(parse(text).1, [fault], "{text}");
    }
}

#[test]
fn what_is_no_toml_is_told_at_its_place() {
    let (_, said) = parse("fail-on = \n");
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("this is not TOML"), "{said:?}");
}

#[test]
fn the_schema_and_the_reader_agree() {
    let schema = serde_json::from_str(&schema_text()).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    for text in [
        "fail-on = \"hint\"\nexclude = [\"a\"]\n[rules]\nunused-allow = \"off\"\n[tofu]\nroots = [\"a\"]\n",
        "",
        "fail_on = \"hint\"\n",
        "fail-on = \"off\"\n",
        "exclude = \"a\"\n",
        "exclude = [1]\n",
        "[rules]\nunused-alow = \"off\"\n",
        "[rules]\nunused-allow = \"of\"\n",
        "rules = []\n",
        "[tofu]\nroot = []\n",
        "tofu = 1\n",
        "schemas = \"a\"\n",
        "schemas = 1\n",
    ] {
        let table: toml::Table = text.parse().expect("it is TOML");
        let document = serde_json::to_value(table).expect("it can be JSON");
        assert_eq!(schema.is_valid(&document), parse(text).1.is_empty(), "{text}");
    }
}

#[test]
fn the_schema_knows_every_key_and_every_rule() {
    let schema: serde_json::Value = serde_json::from_str(&schema_text()).expect("the schema is JSON");
    let keys = |pointer: &str| schema.pointer(pointer).expect("it is there").as_object().expect("an object").len();
    assert_eq!(keys("/properties"), SETTINGS.len());
    assert_eq!(keys("/properties/rules/properties"), catalogue::all().len());
}

#[test]
fn the_values_are_those_of_every_setting() {
    fn names(settings: &[Setting], above: &str, found: &mut Vec<String>) {
        for setting in settings {
            match setting.shape {
                Shape::Table(below) => names(below, &format!("{above}{}.", setting.key), found),
                Shape::Levels => {}
                _ => found.push(format!("{above}{}", setting.key)),
            }
        }
    }
    let mut known = Vec::new();
    names(SETTINGS, "", &mut known);
    assert_eq!(Settings::default().values().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), known);
}
