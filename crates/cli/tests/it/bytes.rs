//! Input that nobody means well with: one clear error at its place, and nothing is written.

use crate::lab::{Lab, Ran, example_inventory};

/// The example lab, rendered, with these bytes as its inventory.
#[track_caller]
fn refused(bytes: impl AsRef<[u8]>) -> Ran {
    let lab = Lab::example();
    lab.write("inventory.yaml", bytes);
    lab.refuses(1)
}

/// The example's inventory with `from`, which stands in it once, replaced.
#[track_caller]
fn example_with(from: &str, to: &str) -> String {
    let text = example_inventory();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn bytes_that_are_no_text_are_told_at_the_first() {
    let mut bytes = example_inventory().into_bytes();
    let at = example_inventory().find("Alex").unwrap();
    bytes[at] = 0xff;
    let ran = refused(bytes);
    insta::assert_snapshot!(ran.stderr, @"
    error[not-utf8]: `inventory.yaml` is not UTF-8 from here on
       --> inventory.yaml:115:11
        |
    115 |     name: 
        |           ^
        |
        = help: save it as UTF-8
    ");
    for bytes in [&b"\xff\xfel\0a\0b\0"[..], b"\x00\x00\x00", &[0xf8; 4096]] {
        let ran = refused(bytes);
        assert_eq!(ran.rules().len(), 1, "{ran}");
    }
}

#[test]
fn carriage_returns_and_a_mark_at_the_start_change_nothing() {
    let expected = Lab::example();
    for text in [
        example_inventory().replace('\n', "\r\n"),
        format!("\u{feff}{}", example_inventory()),
        format!("\u{feff}{}", example_inventory().replace('\n', "\r\n")),
    ] {
        let lab = Lab::example();
        lab.write("inventory.yaml", text);
        let ran = lab.run(&["generate", "--check"]).ended(0);
        assert_eq!(ran.stderr, "");
        assert_eq!(ran.stdout, expected.run(&["generate", "--check"]).stdout);
    }
}

#[test]
fn carriage_returns_do_not_move_the_place_of_a_fault() {
    let text = example_with("allow: [admins]", "alow: [admins]");
    let lines_feeds = refused(&text);
    let carriage_returns = refused(text.replace('\n', "\r\n"));
    assert_eq!(lines_feeds.stderr, carriage_returns.stderr);
}

#[test]
fn a_tab_in_the_indentation_is_told_at_its_place() {
    let ran = refused(example_with("    allow: [admins]\n", "\tallow: [admins]\n"));
    insta::assert_snapshot!(ran.stderr, @"
    error[yaml-tab]: a tab in the indentation
       --> inventory.yaml:153:1
        |
    153 |     allow: [admins]
        | ^^^^
        |
        = help: use spaces
    ");
}

#[test]
fn nesting_without_end_is_told_and_no_crash() {
    for text in [
        format!("{}apps: {}{}\n", example_inventory(), "[".repeat(10_000), "]".repeat(10_000)),
        format!("{}apps: {}\n", example_inventory(), "[".repeat(1_000_000)),
        format!("apps: {}{}\n", "{a: ".repeat(10_000), "}".repeat(10_000)),
        (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        "- ".repeat(10_000),
        "? ".repeat(10_000),
    ] {
        let ran = refused(&text);
        assert_eq!(ran.rules(), ["yaml-nesting"], "{}: {ran}", &text[text.len().saturating_sub(40)..]);
    }
}

#[test]
fn aliases_that_multiply_are_told_and_quick() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (before, name) in ('a'..='y').zip('b'..='z') {
        bomb += &format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", "));
    }
    let started = std::time::Instant::now();
    let ran = refused(&bomb);
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    insta::assert_snapshot!(ran.stderr, @"
    error[yaml-alias]: with `*f` this file expands to more than 1000000 values or 64 MiB of text
     --> inventory.yaml:7:8
      |
    7 | g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]
      |        ^^
      |
      = help: write the values out, or share fewer of them
    ");
    let itself = refused("apps: &apps\n  grafana: *apps\n");
    assert_eq!(itself.rules(), ["yaml-alias"], "{itself}");
}

#[test]
fn a_file_of_100_megabytes_is_told_before_it_is_read() {
    let lab = Lab::example();
    let file = std::fs::File::create(lab.root().join("inventory.yaml")).unwrap();
    file.set_len(100_000_000).unwrap(); // all of it zeros, and none of it on the disk
    let tree = lab.stamps();
    let ran = lab.run(&["generate"]);
    assert!([1, 2].contains(&ran.status), "{ran}");
    assert_eq!(lab.stamps(), tree);
    insta::assert_snapshot!(ran, @"
    exit status: 2
    ----- stderr
    error: `inventory.yaml` is larger than 16 MiB
     help: split it over `inventory/*.yaml`
    ");
}

#[test]
fn keys_written_twice_are_told_with_both_places() {
    let ran = refused(example_with("    allow: [admins]\n", "    allow: [admins]\n    allow: [family]\n"));
    insta::assert_snapshot!(ran.stderr, @"
    error[duplicate-key]: `allow` is set twice in `apps.headlamp`
       --> inventory.yaml:154:5
        |
    153 |     allow: [admins]
        |     ----- first set here
    154 |     allow: [family]
        |     ^^^^^
        |
        = help: delete one of them
    ");
}

#[test]
fn a_name_with_a_line_break_or_a_control_character_is_told_at_its_place() {
    let said: String =
        ["\"Al\\nex\"", "\"Al\\rex\"", "\"Al\\tex\"", "\"Al\\0ex\"", "\"Al\\u2028ex\"", "|\n      Alex\n"]
            .map(|name| refused(example_with("    name: Alex\n", &format!("    name: {name}\n"))).stderr)
            .concat();
    insta::assert_snapshot!("names_with_control_characters", said);
}

#[test]
fn what_turns_text_around_is_shown_and_not_done_in_a_message() {
    let ran = refused(example_with("allow: [admins]", "allow: [\"ad\u{202e}mins\"]"));
    assert!(!ran.stderr.contains('\u{202e}'), "{ran}");
    let escape = refused(example_with("    allow: [admins]\n", "    \"al\\e[31mlow\": [admins]\n"));
    assert!(!escape.stderr.contains('\u{1b}'), "{escape}");
}

#[test]
fn no_prefix_of_an_inventory_makes_a_run_panic() {
    let text = example_inventory();
    let lab = Lab::empty();
    for end in (0..text.len()).step_by(397).chain([1, 2, 3]) {
        lab.write("inventory.yaml", &text[..end]);
        let ran = lab.run(&["generate", "--dry-run"]);
        assert!([0, 1].contains(&ran.status), "{ran}");
        assert!(!ran.stderr.contains("panicked"), "{ran}");
    }
}

#[test]
fn settings_and_templates_are_read_with_the_same_care() {
    for path in ["labtree.toml", "templates/flux/infrastructure/base/namespaces/__namespace__.yaml.j2"] {
        for bytes in [&b"\xff\xfe"[..], b"\0\0\0\0", &[b'['; 100_000]] {
            let lab = Lab::example();
            lab.write(path, bytes);
            let ran = lab.run(&["generate", "--dry-run"]);
            assert!([0, 1].contains(&ran.status), "{path}: {ran}");
            assert!(!ran.stderr.contains("panicked"), "{path}: {ran}");
        }
    }
}
