//! The product's verbs as verbs of `cargo xtask`, where a chore has no part in them.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _, value_parser};

use crate::Cli;

/// What a person types to run them.
pub(crate) const PROGRAM: &str = "cargo xtask";

/// What stands behind the words of a forwarded verb.
const REST: &str = "ARGUMENT";

/// The chores with all verbs of the product.
pub(crate) fn command() -> Command {
    // A command keeps its name for as long as the program runs.
    with_verbs(Cli::command(), Box::leak(Box::new(labtree::Cli::command())))
}

/// `own` with the verbs of `product`; where both have one of a name, the verbs below it stand side by side.
fn with_verbs(own: Command, product: &'static Command) -> Command {
    product.get_subcommands().fold(own, |own, verb| match own.find_subcommand(verb.get_name()) {
        Some(_) => own.mut_subcommand(verb.get_name(), |own| with_verbs(own, verb)),
        None => own.subcommand(forwarded(verb)),
    })
}

/// `verb` with all that stands behind it, which the product is to read.
fn forwarded(verb: &'static Command) -> Command {
    let rest = Arg::new(REST).action(ArgAction::Append).num_args(0..).value_parser(value_parser!(OsString));
    Command::new(verb.get_name())
        .about(verb.get_about().cloned().unwrap_or_default())
        .disable_help_flag(true)
        .arg(rest.trailing_var_arg(true).allow_hyphen_values(true))
}

/// The command line of the product, if a verb of it is meant.
pub(crate) fn arguments(matches: &ArgMatches) -> Option<Vec<OsString>> {
    let (mut arguments, mut matches) = (vec![PROGRAM.into()], matches);
    let mut chores = Cli::command();
    while let Some((word, below)) = matches.subcommand() {
        arguments.push(word.into());
        let Some(chore) = chores.find_subcommand(word) else {
            arguments.extend(below.get_many::<OsString>(REST).into_iter().flatten().cloned());
            return Some(arguments);
        };
        (chores, matches) = (chore.clone(), below);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of every verb of the product.
    fn verbs(command: &Command, words: &[&str], all: &mut Vec<Vec<String>>) {
        let mut below = command.get_subcommands().peekable();
        if below.peek().is_none() {
            all.push(words.iter().map(|word| (*word).to_owned()).collect());
        }
        below.for_each(|verb| verbs(verb, &[words, &[verb.get_name()]].concat(), all));
    }

    #[test]
    fn every_verb_of_the_product_is_forwarded_with_all_that_stands_behind_it() {
        let mut all = Vec::new();
        verbs(&labtree::Cli::command(), &[], &mut all);
        assert!(all.len() > 20, "{all:?}");
        for words in all {
            let typed = [&[PROGRAM.to_owned()], &words[..], &["--help".to_owned(), "a b".to_owned()]].concat();
            let matches = command().try_get_matches_from(&typed).unwrap_or_else(|error| panic!("{words:?}: {error}"));
            let typed: Vec<OsString> = typed.into_iter().map(OsString::from).collect();
            assert_eq!(arguments(&matches), Some(typed));
        }
    }

    #[test]
    fn chores_are_none_of_the_product() {
        for chore in [&["new", "rule", "plain-rule"][..], &["docs", "--check"], &["test", "--lib"]] {
            let matches = command().try_get_matches_from([&[PROGRAM], chore].concat()).expect("it is a chore");
            assert_eq!(arguments(&matches), None, "{chore:?}");
        }
    }
}
