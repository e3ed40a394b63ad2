//! What is asked on a terminal.

use rexpect::session::{PtySession, spawn_command};

use crate::lab::{Lab, example_inventory};

const DOWN: &str = "\u{1b}[B";
const ENTER: &str = "\r";

/// labtree on a terminal, in the root of `lab`.
fn on_a_terminal(lab: &Lab, arguments: &[&str]) -> PtySession {
    let mut command = lab.command(arguments);
    command.env("TERM", "xterm").stdin(std::process::Stdio::inherit());
    spawn_command(command, Some(60_000)).unwrap()
}

/// Waits for a question and answers it with these keys.
#[track_caller]
fn answer(terminal: &mut PtySession, question: &str, keys: &str) {
    terminal.exp_string(question).unwrap_or_else(|error| panic!("{question}: {error}"));
    terminal.send(keys).unwrap();
    terminal.flush().unwrap();
}

/// The entry that was added.
fn added(lab: &Lab) -> String {
    let inventory = lab.read("inventory.yaml");
    inventory.strip_prefix(&example_inventory()).unwrap_or_else(|| panic!("{inventory}")).to_owned()
}

#[test]
fn every_question_has_an_answer_to_take_with_enter() {
    let lab = Lab::example();
    let mut terminal = on_a_terminal(&lab, &["new", "app", "wiki"]);
    for question in [
        "How does it log people in?",
        "Where may it have people sent back to?",
        "Where do people open it?",
        "Which namespace does it run in?",
        "Who may open it?",
        "Which heading does it stand under",
    ] {
        answer(&mut terminal, question, ENTER);
    }
    terminal.exp_string("left to do:").unwrap();
    terminal.exp_eof().unwrap();
    insta::assert_snapshot!(added(&lab), @"

    wiki:
      url: https://wiki.hdhomelab.com
      namespace: wiki
      allow: [family]
      oidc:
        redirect_uris: [/oauth/callback]
    ");
}

#[test]
fn other_answers_are_chosen_with_the_arrow_keys() {
    let lab = Lab::example();
    let mut terminal = on_a_terminal(&lab, &["new", "app", "wiki", "--category", "Office"]);
    answer(&mut terminal, "How does it log people in?", &format!("{DOWN}{ENTER}"));
    answer(&mut terminal, "Where do people open it?", "wiki.example.org\r");
    answer(&mut terminal, "has no `https://`", "https://wiki.example.org\r");
    answer(&mut terminal, "Which namespace does it run in?", &format!("{DOWN}{DOWN}{DOWN}{ENTER}"));
    answer(&mut terminal, "Who may open it?", &format!(" {DOWN} {ENTER}"));
    terminal.exp_string("left to do:").unwrap();
    terminal.exp_eof().unwrap();
    insta::assert_snapshot!(added(&lab), @"

    wiki:
      url: https://wiki.example.org
      category: Office
      allow: [admins]
      ldap: {}
    ");
}

#[test]
fn an_answer_that_would_not_do_is_asked_again() {
    let lab = Lab::example();
    let flags =
        ["--outside", "--allow", "family", "--category", "Office", "--oidc", "--url", "https://wiki.example.org"];
    let mut terminal = on_a_terminal(&lab, &[&["new", "app", "wiki"], &flags[..]].concat());
    answer(&mut terminal, "Where may it have people sent back to?", "/cb, callback\r");
    answer(&mut terminal, "`callback` is neither a path nor an absolute URI; write `/callback`", "/cb, /callback\r");
    terminal.exp_string("left to do:").unwrap();
    terminal.exp_eof().unwrap();
    assert!(added(&lab).contains("redirect_uris: [/cb, /callback]"));
}

#[test]
fn what_a_flag_says_is_not_asked() {
    let lab = Lab::example();
    let flags =
        ["--url", "https://wiki.hdhomelab.com", "--redirect-uri", "/cb", "--allow", "family", "--category", "Office"];
    let mut terminal = on_a_terminal(&lab, &[&["new", "app", "wiki", "--outside"], &flags[..]].concat());
    let before = terminal.exp_string("left to do:").unwrap();
    assert!(!before.contains('?'), "{before}");
    terminal.exp_eof().unwrap();
}

#[test]
fn whoever_gives_up_leaves_everything_as_it_was() {
    let lab = Lab::example();
    let tree = lab.tree();
    let mut terminal = on_a_terminal(&lab, &["new", "app", "wiki"]);
    answer(&mut terminal, "How does it log people in?", "\u{1b}");
    terminal.exp_string("given up; nothing was written").unwrap();
    terminal.exp_eof().unwrap();
    assert_eq!(lab.changes_since(&tree), [""; 0]);
}
