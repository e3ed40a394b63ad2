//! Edits of texts that people write in their own ways.

mod random;
mod refusals;

use diagnostic::FileId;

use super::{Part, add, remove, rename};

const FILE: FileId = FileId(0);

fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

fn map(entries: &[(&str, Part)]) -> Part {
    Part::Map(entries.iter().map(|(key, part)| ((*key).to_owned(), part.clone())).collect())
}

fn list(items: &[&str]) -> Part {
    Part::List(items.iter().map(|item| text(item)).collect())
}

/// A small app.
fn app() -> Part {
    map(&[("url", text("https://x.example.org")), ("allow", list(&["family"])), ("ldap", map(&[]))])
}

/// Adding an app gives `wanted`, and removing it the text again.
#[track_caller]
fn there_and_back(start: &str, wanted: &str) {
    let added = add(FILE, start, "x", &app()).unwrap_or_else(|refused| panic!("{refused:?}:\n{start}"));
    assert_eq!(added, wanted, "\n{added}");
    let removed = remove(FILE, &added, "x").unwrap_or_else(|refused| panic!("{refused:?}:\n{added}"));
    assert_eq!(removed, start, "\n{removed}");
}

/// Renaming `a` to `b` gives `wanted`, and renaming it back the text again.
#[track_caller]
fn renamed_and_back(start: &str, wanted: &str) {
    let renamed = rename(FILE, start, "a", "b").unwrap_or_else(|refused| panic!("{refused:?}:\n{start}"));
    assert_eq!(renamed, wanted, "\n{renamed}");
    let back = rename(FILE, &renamed, "b", "a").unwrap_or_else(|refused| panic!("{refused:?}:\n{renamed}"));
    assert_eq!(back, start, "\n{back}");
}

const ENTRY: &str = "  x:\n    url: https://x.example.org\n    allow: [family]\n    ldap: {}\n";

#[test]
fn an_app_goes_behind_the_others_as_far_apart_as_they_are() {
    let apps = "apps:\n  a:\n    ldap: {}\n  b:\n    ldap: {}\n";
    there_and_back(apps, &format!("{apps}{ENTRY}"));
    let apps = "apps:\n  a:\n    ldap: {}\n\n  # The second.\n  b:\n    ldap: {}\n";
    there_and_back(apps, &format!("{apps}\n{ENTRY}"));
    let apps = "apps:\n  a:\n    ldap: {}\n\n\n  b:\n    ldap: {}\n";
    there_and_back(apps, &format!("{apps}\n\n{ENTRY}"));
    let one = "apps:\n  a:\n    ldap: {}\n";
    there_and_back(one, &format!("{one}\n{ENTRY}"));
}

#[test]
fn what_comes_behind_the_apps_stays_there() {
    for rest in [
        "lab:\n  name: a\n",
        "\nlab: {}\n",
        "  # A comment at the end.\n",
        "\n  # Apart.\n\n# More.\nlab: {}\n",
        "...\n",
    ] {
        let apps = "apps:\n  a:\n    ldap: {}\n  b:\n    ldap: {} # here\n    # and below it\n";
        there_and_back(&format!("{apps}{rest}"), &format!("{apps}{ENTRY}{rest}"));
    }
}

#[test]
fn a_place_without_apps_is_filled_and_emptied() {
    for rest in ["", "\nlab: {}\n", "  # A comment.\n", "    # A deep one.\n\n  # Another.\nlab: {}\n"] {
        let deep = if rest.starts_with("    #") { "    # A deep one.\n" } else { "" };
        let after = &rest[deep.len()..];
        there_and_back(&format!("apps: {{}}\n{rest}"), &format!("apps:\n{deep}{ENTRY}{after}"));
        there_and_back(&format!("apps: {{}} # none\n{rest}"), &format!("apps: # none\n{deep}{ENTRY}{after}"));
    }
    let lab = "lab:\n  name: a\n";
    there_and_back(lab, &format!("{lab}\n# Apps that people log in to.\napps:\n{ENTRY}"));
    there_and_back("", &format!("# Apps that people log in to.\napps:\n{ENTRY}"));
    there_and_back("# Mine.\n", &format!("# Mine.\n\n# Apps that people log in to.\napps:\n{ENTRY}"));
}

#[test]
fn nothing_behind_the_key_becomes_no_apps() {
    for none in ["apps:\n", "apps: ~\n", "apps: null\n", "apps:   # none\n"] {
        let added = add(FILE, none, "x", &app()).expect("it can be edited");
        let removed = remove(FILE, &added, "x").expect("it can be edited");
        assert_eq!(removed, if none.contains('#') { "apps: {}   # none\n" } else { "apps: {}\n" });
    }
}

#[test]
fn the_indentation_of_the_neighbours_is_kept() {
    let apps = "lab:\n    name: a\napps:\n    a:\n       ldap: {}\n    b:\n       ldap: {}\n";
    let entry = "    x:\n       url: https://x.example.org\n       allow: [family]\n       ldap: {}\n";
    there_and_back(apps, &format!("{apps}{entry}"));
    let apps = "lab:\n    name: a\napps: {}\n";
    let entry = "    x:\n        url: https://x.example.org\n        allow: [family]\n        ldap: {}\n";
    there_and_back(apps, &format!("lab:\n    name: a\napps:\n{entry}"));
}

#[test]
fn entries_in_braces_stay_in_braces() {
    let apps = "apps:\n  a: {url: https://a.example.org, ldap: {}}\n  b: { ldap: {} }\nlab: {}\n";
    there_and_back(
        apps,
        "apps:\n  a: {url: https://a.example.org, ldap: {}}\n  b: { ldap: {} }\n  \
         x: { url: https://x.example.org, allow: [family], ldap: {} }\nlab: {}\n",
    );
    there_and_back(
        "apps: {a: {ldap: {}}} # all\n",
        "apps: {a: {ldap: {}}, x: {url: https://x.example.org, allow: [family], ldap: {}}} # all\n",
    );
    there_and_back(
        "apps: {\n  a: {ldap: {}},\n  b: {ldap: {}},\n}\n",
        "apps: {\n  a: {ldap: {}},\n  b: {ldap: {}},\n  x: {url: https://x.example.org, allow: [family], ldap: {}},\n}\n",
    );
    there_and_back(
        "{\n  \"lab\": {},\n  \"apps\": {\n    \"a\": { \"ldap\": {} }\n  }\n}\n",
        "{\n  \"lab\": {},\n  \"apps\": {\n    \"a\": { \"ldap\": {} },\n    \
         \"x\": {\"url\": \"https://x.example.org\", \"allow\": [\"family\"], \"ldap\": {}}\n  }\n}\n",
    );
    there_and_back(
        "{lab: {}, apps: {}}",
        "{lab: {}, apps: {x: {url: https://x.example.org, allow: [family], ldap: {}}}}",
    );
}

#[test]
fn the_end_of_the_text_and_its_line_breaks_are_kept() {
    let apps = "apps:\n  a:\n    ldap: {}\n  b:\n    ldap: {}";
    there_and_back(apps, &format!("{apps}\n{}", ENTRY.trim_end()));
    there_and_back("apps: {}", &format!("apps:\n{}", ENTRY.trim_end()));
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let apps = "# é\nlab: {}\napps:\n  a:\n    ldap: {}\n\n  b:\n    ldap: {}\n";
    there_and_back(&crlf(apps), &crlf(&format!("{apps}\n{ENTRY}")));
    there_and_back(&format!("\u{feff}{apps}"), &format!("\u{feff}{apps}\n{ENTRY}"));
}

#[test]
fn a_hash_in_a_text_is_no_comment() {
    let apps = "apps:\n  a:\n    oidc:\n      scopes:\n        one: |\n          # Python\n          return {}\n          # the end\n\n";
    there_and_back(
        &format!("{apps}# A comment.\nlab: {{}}\n"),
        &format!("{}\n{ENTRY}\n# A comment.\nlab: {{}}\n", &apps[..apps.len() - 1]),
    );
}

#[test]
fn the_comments_of_an_app_go_with_it() {
    let apps = "apps:\n  # Free.\n\n  # Of a.\n  # Two lines.\n  a:\n    # inside\n    ldap: {}\n    # below\n\n# a heading\n  # Of b.\n  b:\n    ldap: {}\n";
    let without_a = "apps:\n  # Free.\n\n# a heading\n  # Of b.\n  b:\n    ldap: {}\n";
    assert_eq!(remove(FILE, apps, "a").expect("it can be edited"), without_a);
    assert_eq!(remove(FILE, without_a, "b").expect("it can be edited"), "apps: {}\n  # Free.\n\n# a heading\n");
    let first = "apps:\n  a:\n    ldap: {}\n\n  b:\n    ldap: {}\n";
    assert_eq!(remove(FILE, first, "a").expect("it can be edited"), "apps:\n  b:\n    ldap: {}\n");
    assert_eq!(remove(FILE, first, "b").expect("it can be edited"), "apps:\n  a:\n    ldap: {}\n");
}

#[test]
fn a_renamed_app_says_what_it_was_called() {
    renamed_and_back(
        "apps:\n  a: # mine\n    # above\n    url: b\n",
        "apps:\n  b: # mine\n    formerly: [a]\n    # above\n    url: b\n",
    );
    renamed_and_back("apps:\n  'a': {url: b}\n", "apps:\n  'b': {formerly: [a], url: b}\n");
    renamed_and_back("{\"apps\": {\"a\": {\"url\": 1}}}", "{\"apps\": {\"b\": {\"formerly\": [\"a\"], \"url\": 1}}}");
    renamed_and_back("apps:\r\n  a:\r\n      url: b", "apps:\r\n  b:\r\n      formerly: [a]\r\n      url: b");
    renamed_and_back(
        "apps:\n  a:\n    formerly: [z, y]\n    url: b\n",
        "apps:\n  b:\n    formerly: [z, y, a]\n    url: b\n",
    );
    renamed_and_back(
        "apps:\n  a:\n    formerly:\n    - z # old\n",
        "apps:\n  b:\n    formerly:\n    - z # old\n    - a\n",
    );
    renamed_and_back(
        "apps:\n  a:\n    formerly:\n      - z\n    url: b\n",
        "apps:\n  b:\n    formerly:\n      - z\n      - a\n    url: b\n",
    );
}

#[test]
fn an_app_that_goes_back_two_names_forgets_both() {
    let start = "apps:\n  a:\n    url: b\n";
    let second = rename(FILE, start, "a", "b").expect("it can be edited");
    let third = rename(FILE, &second, "b", "c").expect("it can be edited");
    assert_eq!(third, "apps:\n  c:\n    formerly: [a, b]\n    url: b\n");
    assert_eq!(rename(FILE, &third, "c", "b").expect("it can be edited"), second);
    assert_eq!(rename(FILE, &third, "c", "a").expect("it can be edited"), start);
}

#[test]
fn texts_are_quoted_where_they_must_be() {
    let entry = map(&[
        ("plain", text("a, b")),
        ("colon", text("a: b")),
        ("word", text("yes")),
        ("number", text("1.10")),
        ("path", text("/a/b?c=d")),
        ("pattern", text("https://a\\.b/.*")),
        ("both", text("it's \\ this")),
        ("python", text("if x:\n    return {}\n\nreturn None\n")),
        ("ragged", text("  a\nb")),
        ("cut", text("a\nb")),
        ("redirects", Part::List(vec![text("/x"), map(&[("url", text("/y")), ("matching", text("regex"))])])),
        ("long", Part::List(vec![text(&"x".repeat(80)), text(&"y".repeat(80))])),
        ("smtp", Part::Bool(true)),
    ]);
    let added = add(FILE, "apps: {}\n", "x", &entry).expect("it can be edited");
    let (long, other) = ("x".repeat(80), "y".repeat(80));
    assert_eq!(
        added,
        format!(
            "apps:
  x:
    plain: \"a, b\"
    colon: \"a: b\"
    word: \"yes\"
    number: \"1.10\"
    path: /a/b?c=d
    pattern: 'https://a\\.b/.*'
    both: \"it's \\\\ this\"
    python: |
      if x:
          return {{}}

      return None
    ragged: \"  a\\nb\"
    cut: |-
      a
      b
    redirects:
      - /x
      - {{url: /y, matching: regex}}
    long:
      - {long}
      - {other}
    smtp: true
"
        )
    );
    assert_eq!(remove(FILE, &added, "x").expect("it can be edited"), "apps: {}\n");
}
