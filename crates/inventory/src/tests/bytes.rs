//! Files that are no inventory at all, and inventories that somebody damaged.

use diagnostic::{Diagnostic, Sources};
use proptest::prelude::*;

use super::marks::{check, check_alone};
use crate::{EXAMPLE, Inventory, InventoryFile, MAX_FILE, parse};

/// What is found in files of these bytes, as `path:line:column rule: message | help`.
fn found(files: &[(&str, &[u8])]) -> (Vec<String>, Option<Inventory>) {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let files: Vec<_> =
        files.iter().map(|(path, bytes)| InventoryFile { path: String::from(*path), bytes: bytes.to_vec() }).collect();
    let inventory = parse(&mut sources, &files, &mut found);
    let shown = |finding: &Diagnostic| {
        let at = sources.location(finding.primary.span);
        let path = sources.path(finding.primary.span);
        let help = finding.help.as_deref().unwrap_or("-");
        format!("{path}:{}:{} {}: {} | {help}", at.line, at.column, finding.rule, finding.message)
    };
    (found.iter().map(shown).collect(), inventory)
}

#[track_caller]
fn one(bytes: &[u8], expected: &str) {
    assert_eq!(found(&[("inventory.yaml", bytes)]).0, [expected]);
}

#[test]
fn a_file_that_is_not_utf8_is_one_error_at_its_first_bad_byte() {
    one(
        b"lab:\n  name: gr\xf6sse\n",
        "inventory.yaml:2:11 not-utf8: `inventory.yaml` is not UTF-8 from here on | save it as UTF-8",
    );
    one(
        b"\xff\xfel\0a\0b\0",
        "inventory.yaml:1:1 not-utf8: `inventory.yaml` is not UTF-8 from here on | save it as UTF-8",
    );
}

#[test]
fn a_file_that_is_too_large_is_one_error() {
    let bytes = vec![b'a'; MAX_FILE + 1];
    one(
        &bytes,
        "inventory.yaml:1:1 file-too-large: `inventory.yaml` is larger than 16 MiB | split it over `inventory/*.yaml`",
    );
}

#[test]
fn control_characters_tabs_and_second_documents_are_one_error_each() {
    one(
        b"lab:\n  name: a\0b\n",
        "inventory.yaml:2:10 control-character: the control character NUL cannot stand in YAML | \
         delete it; where a text needs it, write it as an escape in double quotes",
    );
    one(b"lab:\n\tname: a\n", "inventory.yaml:2:1 yaml-tab: a tab in the indentation | use spaces");
    one(
        b"lab: {}\n---\nvault: {}\n",
        "inventory.yaml:2:1 yaml-documents: a second YAML document starts here; a file of the inventory is one document | \
         delete this line; the second part can be a file `inventory/….yaml`",
    );
}

#[test]
fn deep_nesting_and_alias_bombs_are_one_error_each() {
    let deep = format!("lab: {}", "[".repeat(10_000));
    one(deep.as_bytes(), "inventory.yaml:1:134 yaml-nesting: nested more than 128 levels deep | -");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    let (found, _) = found(&[("inventory.yaml", bomb.as_bytes())]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("yaml-alias: with `*a4` this file expands to more than 1000000 values"), "{found:?}");
}

#[test]
fn values_as_deep_as_yaml_allows_are_read_without_an_overflow() {
    let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
    check(&format!(
        "
apps:
  a:
    url: https://a.example.org
    allow: everyone
    namespace: a
    ldap: {{}}
    release: {{ repository: https://x.org, chart: a, version: 1.2.3, values: {{ deep: {deep} }} }}
"
    ))
    .expect("it has no fault");
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_fine() {
    let windows = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    let (found, inventory) = found(&[("inventory.yaml", windows.as_bytes())]);
    assert_eq!(found, Vec::<String>::new());
    let inventory = inventory.expect("it has no fault");
    assert_eq!(inventory.apps.len(), 3);
}

#[test]
fn what_an_unreadable_file_would_hold_is_not_missed() {
    let rest = EXAMPLE.split_once("\nidentity:").expect("the example has the section").0;
    let bad = b"identity:\n  host: \"auth\n";
    let (found, _) = found(&[("inventory.yaml", rest.as_bytes()), ("inventory/identity.yaml", bad)]);
    assert_eq!(found, ["inventory/identity.yaml:2:9 yaml-syntax: this `\"` is never closed | add the closing `\"`"]);
}

#[test]
fn the_faults_of_all_files_are_reported_in_one_run() {
    check_alone(
        "
#- inventory.yaml
lab: { name: hdhomelab, domain: Example.org }
#                               ^^^^^^^^^^^ error[invalid-host]: the host `Example.org` has capital letters
# help: write `example.org`
#- inventory/a.yaml
vault: [
#      ^ error[yaml-syntax]: this `[` is never closed
# help: add the closing `]`
#- inventory/b.yaml
groups: { family: { invte: true } }
#                   ^^^^^ error[unknown-key]: unknown key `invte` in `groups.family`, did you mean `invite`?
",
    );
}

#[test]
fn ten_thousand_faults_are_enough() {
    let keys: String = (0..50_000).map(|number| format!("key{number}: 1\n")).collect();
    let (found, inventory) = found(&[("inventory.yaml", keys.as_bytes())]);
    assert!(found.len() <= 10_000 && inventory.is_none());
}

#[test]
fn no_files_are_no_inventory() {
    let (found, inventory) = found(&[]);
    assert!(found.is_empty() && inventory.is_none());
}

/// Reads two files of these bytes and holds everything found against their texts.
fn survives(bytes: Vec<u8>, other: Vec<u8>) -> Result<(), TestCaseError> {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let files = [("inventory.yaml", bytes), ("inventory/other.yaml", other)]
        .map(|(path, bytes)| InventoryFile { path: String::from(path), bytes });
    let inventory = parse(&mut sources, &files, &mut found);
    prop_assert_eq!(inventory.is_none(), diagnostic::any_error(&found));
    for finding in &found {
        for label in std::iter::once(&finding.primary).chain(&finding.related) {
            let text = &sources.get(label.span.file).text;
            prop_assert!(text.get(label.span.range()).is_some(), "{:?}", finding);
        }
        prop_assert!(!finding.message.contains(char::is_control), "{:?}", finding.message);
    }
    Ok(())
}

/// What is put in somewhere.
fn splinter() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\\PC\\n\\t\u{0}\u{feff}]{0,3}",
        prop::sample::select(vec![
            "[", "]", "{", "}", ": ", "- ", "\n", "  ", "&a ", "*a", "!x ", "<<: ", "~", "|", ">", "'", "\"", "#",
            "\\", "${", "%{", ",", "null", "yes", "0755", "\u{202e}", "\r", "\t", "---\n",
        ])
        .prop_map(String::from),
    ]
}

/// Sixty-four cases, or as many as `PROPTEST_CASES` says.
fn few() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), other in prop::collection::vec(any::<u8>(), 0..50)) {
        survives(bytes, other)?;
    }

    #[test]
    fn no_damage_to_an_inventory_makes_it_panic(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, splinter()), 1..4),
        split in any::<prop::sample::Index>(),
    ) {
        let mut characters: Vec<char> = EXAMPLE.chars().collect();
        for (at, length, splinter) in cuts {
            let at = at.index(characters.len());
            let end = (at + length).min(characters.len() - 1);
            characters.splice(at..end, splinter.chars());
        }
        let split = split.index(characters.len());
        let (one, other) = (characters[..split].iter().collect::<String>(), characters[split..].iter().collect::<String>());
        survives(characters.iter().collect::<String>().into_bytes(), Vec::new())?;
        survives(one.into_bytes(), other.into_bytes())?;
    }
}
