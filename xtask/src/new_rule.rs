//! `cargo xtask new rule`: the file of a rule with a test that fails, and its two lines in the list.

use std::fs;

use camino::Utf8Path;
use clap::ValueEnum;

use crate::{Failure, repository, say};

const LIST: &str = "crates/lint/src/rules.rs";
const FOLDER: &str = "crates/lint/src/rules";

/// What the new rule is.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The id, which names what is wrong: `shared-ldap-base-dn`.
    id: String,
    /// What it is about.
    #[arg(long, value_enum, default_value_t)]
    family: Family,
    /// How much a finding weighs.
    #[arg(long, value_enum, default_value_t)]
    severity: Severity,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Family {
    Identity,
    #[default]
    Tofu,
    Flux,
    Secrets,
    Repository,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Severity {
    #[default]
    Error,
    Warning,
    Hint,
}

/// Writes the file, and adds the lines.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let id = arguments.id.as_str();
    if let Some(fault) = fault(id) {
        return Err(format!("`{id}` cannot be the id of a rule: {fault}").into());
    }
    if labtree::catalogue::all().iter().any(|entry| entry.id == id) {
        return Err(format!("there is a rule `{id}` already; `cargo xtask explain {id}` prints its page").into());
    }
    let module = id.replace('-', "_");
    let path = Utf8Path::new(FOLDER).join(&module).with_extension("rs");
    let list = fs::read_to_string(repository().join(LIST))?;
    fs::write(repository().join(&path), text(arguments))?;
    fs::write(repository().join(LIST), with_rule(&list, &module))?;
    say(format!("  created  {path}\n  changed  {LIST}"));
    say("write what is wrong into its examples and tests, then `cargo test -p lint` until nothing fails");
    Ok(true)
}

/// Why `id` names no rule.
fn fault(id: &str) -> Option<&'static str> {
    let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    match () {
        () if !id.starts_with(|first: char| first.is_ascii_lowercase()) => Some("it begins with a small letter"),
        () if id.split('-').any(|word| word.is_empty() || !is_word(word)) => {
            Some("it is small letters and digits, with `-` between words")
        }
        () => None,
    }
}

/// The list of rules with one more, in order.
fn with_rule(list: &str, module: &str) -> String {
    let declared = |line: &str| {
        let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    let listed = |line: &str| Some(line.strip_prefix("    &")?.strip_suffix("::RULE,")?.to_owned());
    let list = inserted(list, &format!("mod {module};"), module, declared);
    inserted(&list, &format!("    &{module}::RULE,"), module, listed)
}

/// `text` with `line` before the first line whose name, as `name` tells it, comes behind `new`, or behind the last.
fn inserted(text: &str, line: &str, new: &str, name: impl Fn(&str) -> Option<String>) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let named: Vec<(usize, String)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, name(line)?))).collect();
    let behind = named.iter().find(|(_, name)| name.as_str() > new).map(|(index, _)| *index);
    let at = behind.or(named.last().map(|(index, _)| index + 1)).unwrap_or(lines.len());
    lines.insert(at, line);
    lines.join("\n") + "\n"
}

fn text(arguments: &Arguments) -> String {
    let Arguments { id, family, severity } = arguments;
    let word = format!("{severity:?}").to_lowercase();
    format!(
        r##"//! What is wrong, in one sentence.

use crate::{{Findings, Repo}};

crate::rule! {{
    /// What is wrong, in one sentence.
    ///
    /// ## Why
    /// What happens then, and where that can be read: `https://`
    ///
    /// ## Fix
    /// What to write instead.
    ///
    /// ## Example
    /// ```text
    /// #- flux/app.yaml
    /// name: wrong
    /// #     ^^^^^ {word}[{id}]: `wrong` is wrong
    /// ```
    ///
    /// Mended:
    /// ```text
    /// #- flux/app.yaml
    /// name: right
    /// ```
    ///
    /// ## When to allow
    /// Who has reason to.
    "{id}", {severity:?}, {family:?}, check
}}

fn check(_repo: &Repo<'_>, _findings: &mut Findings<'_>) {{}}

#[cfg(test)]
mod tests {{
    use crate::tests::check;

    #[test]
    fn what_is_wrong_is_reported() {{
        check(
            "
#- flux/app.yaml
name: wrong
#     ^^^^^ {word}[{id}]: `wrong` is wrong
",
        );
    }}

    #[test]
    fn what_is_right_is_left_alone() {{
        check("#- flux/app.yaml\nname: right\n");
    }}
}}
"##
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_listed_in_order_wherever_it_belongs() {
        let list = "//! Head.\n\nmod b_rule;\npub(crate) mod d_rule;\n\npub static RULES: &[&Rule] = &[\n    &b_rule::RULE,\n    &d_rule::RULE,\n];\n";
        for (new, names) in [
            ("a_rule", ["a_rule", "b_rule", "d_rule"]),
            ("c_rule", ["b_rule", "c_rule", "d_rule"]),
            ("e_rule", ["b_rule", "d_rule", "e_rule"]),
        ] {
            let text = with_rule(list, new);
            let declared =
                text.lines().filter_map(|line| line.split_once("mod ")).map(|(_, name)| name.trim_end_matches(';'));
            assert_eq!(declared.collect::<Vec<_>>(), names, "{text}");
            let listed = text.lines().filter_map(|line| line.strip_prefix("    &")?.strip_suffix("::RULE,"));
            assert_eq!(listed.collect::<Vec<_>>(), names, "{text}");
        }
    }

    #[test]
    fn the_list_as_it_is_can_be_added_to() {
        let list = fs::read_to_string(repository().join(LIST)).expect("the list can be read");
        let text = with_rule(&list, "a_rule");
        assert_eq!(text.lines().count(), list.lines().count() + 2);
        assert!(text.contains("\nmod a_rule;\n") && text.contains("\n    &a_rule::RULE,\n"), "{text}");
    }

    #[test]
    fn an_id_is_words_with_dashes() {
        for id in ["", "Shared-slug", "shared_slug", "shared--slug", "-slug", "slug-", "9-slugs", "../slug"] {
            assert!(fault(id).is_some(), "{id}");
        }
        for id in ["slug", "shared-slug", "shared-slug-2"] {
            assert_eq!(fault(id), None, "{id}");
        }
    }
}
