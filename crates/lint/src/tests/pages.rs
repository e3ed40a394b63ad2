//! The pages of the rules: what each must say, and that its examples are true.

use fixture::{Fixture, Said};

use super::judge;
use crate::{Page, RULES};

/// What a page lacks.
fn faults(page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    let title = page.title();
    if !title.ends_with('.') || title.trim_end_matches('.').contains(". ") {
        faults.push(format!("its first paragraph is one sentence, and not `{title}`"));
    }
    for section in ["Why", "Fix", "Example", "When to allow"] {
        if page.section(section).is_none_or(|text| text.trim().is_empty()) {
            faults.push(format!("it has no `## {section}`"));
        }
    }
    if page.section("Why").is_some_and(|why| !why.contains("https://")) {
        faults.push("its `## Why` names no source".to_owned());
    }
    if page.examples().len() != 2 {
        faults.push("its `## Example` is what is wrong, and then how it is right".to_owned());
    }
    faults
}

/// Every id with its page: those of the rules, and of what is found while Flux and kustomizations are followed.
fn pages() -> impl Iterator<Item = (&'static str, Page)> {
    let resolved = kustomize::RULES.iter().chain(resolve_flux::RULES).map(|(id, text)| (*id, Page::new(text)));
    RULES.iter().map(|rule| (rule.id, rule.page())).chain(resolved)
}

#[test]
fn every_page_says_why_how_to_mend_it_and_when_to_allow_it() {
    for (id, page) in pages() {
        assert_eq!(faults(&page), [""; 0], "{id}");
    }
}

#[test]
fn a_page_that_lacks_something_is_refused() {
    let page = Page::of(" A sentence. And another.\n\n ## Why\n Because.\n\n ## Example\n ```text\n a\n ```\n");
    assert_eq!(
        faults(&page),
        [
            "its first paragraph is one sentence, and not `A sentence. And another.`",
            "it has no `## Fix`",
            "it has no `## When to allow`",
            "its `## Why` names no source",
            "its `## Example` is what is wrong, and then how it is right",
        ]
    );
}

#[test]
fn the_examples_of_a_page_are_true() {
    let mut faults = Vec::new();
    for (id, page) in pages() {
        let [wrong, right] = &page.examples()[..] else { panic!("{id} has other examples") };
        let mut run = |text: &str| {
            let fixture = Fixture::parse(text);
            let (sources, mut found) = judge(&fixture, &Default::default());
            found.retain(|finding| finding.rule == id); // an example shows one thing
            if let Err(differs) = fixture::compare(&fixture, &sources, &found) {
                faults.push(format!("an example of {id} differs:\n{differs}"));
            }
            fixture
        };
        let of_rule = |said: &Said| matches!(said, Said::Finding { rule, .. } if rule == id);
        let (wrong, right) = (run(&wrong.text), run(&right.text));
        if !wrong.marks.iter().any(|mark| of_rule(&mark.said)) {
            faults.push(format!("the first example does not break {id}"));
        }
        if !right.marks.is_empty() {
            faults.push(format!("the second example of {id} is not right"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
