//! `labtree man`: the manual, a page for each command.

use camino::Utf8Path;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use diagnostic::did_you_mean;

use crate::Outcome;
use crate::args::{Cli, Man as Arguments};
use crate::disk::{DiskError, Doing, RealDisk, put};
use crate::examples::EXAMPLES;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Prints a page, or writes them all.
///
/// # Errors
/// There is no such command, or the folder cannot be written to.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let mut whole = <Cli as clap::CommandFactory>::command().disable_help_subcommand(true);
    whole.build();
    match &arguments.to {
        None => terminal.write(&page(named(&whole, &arguments.command)?)),
        Some(folder) => {
            let pages = pages(&whole);
            write(folder, &pages)?;
            terminal.say(format!("wrote {} pages to {folder}; read one with `man labtree-check`", pages.len()));
        }
    }
    Ok(Outcome::Clean)
}

fn write(folder: &Utf8Path, pages: &[(String, String)]) -> Result<(), Failure> {
    let failed = |doing| move |error| Failure::from(DiskError::at(doing, folder)(error));
    std::fs::create_dir_all(folder).map_err(failed(Doing::CreateFolder))?;
    let disk = RealDisk::open(folder).map_err(failed(Doing::Read))?;
    for (name, text) in pages {
        put(&disk, Utf8Path::new(name), text)?;
    }
    Ok(())
}

/// The command that `words` lead to.
fn named<'c>(whole: &'c Command, words: &[String]) -> Result<&'c Command, Failure> {
    words.iter().try_fold(whole, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let near = did_you_mean(word, command.get_subcommands().map(Command::get_name));
            Failure::usage(format!("there is no command `{word}`{near}"), "`labtree --help` lists the commands")
        })
    })
}

/// The name and the text of every page.
fn pages(command: &Command) -> Vec<(String, String)> {
    let own = (format!("{}.1", name(command)), page(command));
    std::iter::once(own).chain(command.get_subcommands().flat_map(pages)).collect()
}

/// `labtree-check`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

/// The page of a command, with its examples.
fn page(command: &Command) -> String {
    let mut text = Vec::new();
    let source = format!("labtree {}", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(source).render(&mut text).expect("what is written to memory can be written");
    let called = name(command).replace('-', " ");
    let is_its = |(path, _): &&(&str, _)| called == format!("labtree {path}");
    if let Some((_, examples)) = EXAMPLES.iter().find(is_its) {
        let mut roff = Roff::new();
        roff.control("SH", ["EXAMPLES"]);
        for (line, about) in *examples {
            roff.control("TP", []).text([bold(*line)]).text([roman(*about)]);
        }
        text.extend(roff.to_roff().into_bytes()); // the page has begun
    }
    String::from_utf8(text).expect("the command line is text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_and_those_that_do_something_have_examples() {
        let mut whole = <Cli as clap::CommandFactory>::command().disable_help_subcommand(true);
        whole.build();
        let pages = pages(&whole);
        for (path, examples) in EXAMPLES {
            let name = format!("labtree-{}.1", path.replace(' ', "-"));
            let (_, text) = pages.iter().find(|(known, _)| *known == name).expect("it has a page");
            let (_, about) = examples[0];
            assert!(text.contains(".SH EXAMPLES") && text.contains(about), "{text}");
        }
        assert_eq!(pages[0].0, "labtree.1");
    }
}
