//! Questions on a terminal.

use std::io::IsTerminal as _;

use inquire::validator::Validation;
use inquire::{Confirm, InquireError, MultiSelect, Select, Text};

use crate::failure::Failure;

/// Whether a text will do; `Err` says why not.
pub(super) type Check<'c> = &'c dyn Fn(&str) -> Result<(), String>;

/// Someone who answers.
pub(super) trait Ask {
    /// One of `options`, by its number; `default` is where the arrow stands first.
    fn one(&mut self, question: &str, options: &[String], default: usize) -> Result<usize, Failure>;
    /// Some of `options`, by their numbers.
    fn some(&mut self, question: &str, options: &[String], default: &[usize]) -> Result<Vec<usize>, Failure>;
    /// A text.
    fn text(&mut self, question: &str, default: &str, check: Check<'_>) -> Result<String, Failure>;
    /// Yes or no.
    fn yes(&mut self, question: &str, default: bool) -> Result<bool, Failure>;
}

/// The person at the keyboard.
pub(super) struct Person;

impl Person {
    /// The one at this terminal, if this is one.
    pub(super) fn here() -> Option<Self> {
        (std::io::stdin().is_terminal() && std::io::stderr().is_terminal()).then_some(Self)
    }
}

impl Ask for Person {
    fn one(&mut self, question: &str, options: &[String], default: usize) -> Result<usize, Failure> {
        let asked = Select::new(question, options.to_vec()).with_starting_cursor(default).raw_prompt();
        asked.map(|chosen| chosen.index).map_err(given_up)
    }

    fn some(&mut self, question: &str, options: &[String], default: &[usize]) -> Result<Vec<usize>, Failure> {
        let asked = MultiSelect::new(question, options.to_vec())
            .with_default(default)
            .with_help_message("arrow keys to move, space to choose, enter when done")
            .with_validator(|chosen: &[inquire::list_option::ListOption<&String>]| {
                Ok(if chosen.is_empty() {
                    Validation::Invalid("choose at least one".into())
                } else {
                    Validation::Valid
                })
            })
            .raw_prompt();
        asked.map(|chosen| chosen.into_iter().map(|chosen| chosen.index).collect()).map_err(given_up)
    }

    fn text(&mut self, question: &str, default: &str, check: Check<'_>) -> Result<String, Failure> {
        loop {
            let mut prompt = Text::new(question);
            if !default.is_empty() {
                prompt = prompt.with_default(default);
            }
            let text = prompt.prompt().map_err(given_up)?.trim().to_owned();
            match check(&text) {
                Ok(()) => return Ok(text),
                Err(why) => anstream::eprintln!("  {why}"),
            }
        }
    }

    fn yes(&mut self, question: &str, default: bool) -> Result<bool, Failure> {
        Confirm::new(question).with_default(default).prompt().map_err(given_up)
    }
}

fn given_up(error: InquireError) -> Failure {
    let message = match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => String::from("given up"),
        error => format!("cannot ask: {error}"),
    };
    Failure::usage(format!("{message}; nothing was written"), "each question has a flag: `labtree new app --help`")
}
