//! The command line of labtree: the disk, the terminal, and the verbs.
//!
//! [`generate`] is the program in one breath; start reading there.

mod app;
pub mod apply;
mod args;
mod baseline;
mod builtin;
pub mod catalogue;
pub mod check;
mod ci;
mod config;
mod diff;
pub mod disk;
mod drift;
mod earlier;
mod entry;
mod examples;
mod explain;
mod failure;
mod fmt;
pub mod generate;
mod git;
mod graph;
mod hook;
mod init;
mod input;
mod listed;
mod man;
mod origin;
mod refusal;
mod render;
mod schemas;
mod settings;
mod source_ignore;
mod standing;
mod summary;
mod templates;
mod terminal;
mod walk;
mod why;

use std::ffi::OsString;
use std::process::ExitCode;

use camino::Utf8Path;
use clap::FromArgMatches as _;

pub use args::{Check, CheckFormat, Cli, Command, Format, Generate, Weight};
use args::{Config, Schema};
pub use failure::Failure;
pub use input::Input;
pub use settings::schema_text as settings_schema;
pub use terminal::Terminal;

use crate::args::{List, New, Remove, Rename};
use crate::disk::{RealDisk, reason};
use crate::standing::Standing;

/// How a run ended that could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to complain about: status 0.
    Clean,
    /// Findings that count: status 1.
    Findings,
}

/// Runs the command line `arguments`, the program's name first.
///
/// `program` is what a person types to run it, for messages. `root` is where the lab lies if `--root` does not
/// say; without it, the nearest folder upwards that holds an inventory.
pub fn run(arguments: impl IntoIterator<Item = OsString>, program: &'static str, root: Option<&Utf8Path>) -> ExitCode {
    let mut command = examples::command();
    let parsed = command.try_get_matches_from_mut(arguments);
    let cli =
        match parsed.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| error.format(&mut command)) {
            Ok(cli) => cli,
            Err(error) => {
                let _ = error.print();
                return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
            }
        };
    let mut terminal = Terminal::new(&cli.global, program);
    let ended = dispatch(&cli, root, &mut terminal).and_then(|outcome| terminal.finish().map(|()| outcome));
    if let Err(failure) = &ended {
        terminal.failure(failure);
    }
    match ended {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(_) => ExitCode::from(2),
    }
}

fn dispatch(cli: &Cli, root: Option<&Utf8Path>, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    match &cli.command {
        Command::Init(arguments) => {
            if let Some(root) = &cli.global.root {
                let message = "`init` makes its lab in the folder that stands behind it, whatever `--root` says";
                return Err(Failure::usage(message, format!("type `{} init {root}`", terminal.program)));
            }
            return init::run(arguments, terminal);
        }
        Command::Completions { shell } => {
            let mut script = Vec::new(); // a closed pipe would end the generator with a panic
            clap_complete::generate(*shell, &mut examples::command(), "labtree", &mut script);
            terminal.write(&String::from_utf8_lossy(&script));
            return Ok(Outcome::Clean);
        }
        Command::Man(arguments) => return man::run(arguments, terminal),
        Command::Explain(arguments) => return explain::page(arguments, terminal),
        Command::Rules(arguments) => return explain::list(arguments, terminal),
        _ => {}
    }
    let root = match (cli.global.root.as_deref().or(root), &cli.command) {
        (Some(root), _) => root.to_owned(),
        (
            None,
            Command::Check(_)
            | Command::Fmt(_)
            | Command::Ci(_)
            | Command::Config { .. }
            | Command::Graph(_)
            | Command::Hook { .. }
            | Command::Schema { .. },
        ) => standing::repository()?,
        (None, Command::New { what: New::App(arguments) }) if arguments.list => standing::repository()?,
        (None, _) => standing::lab()?,
    };
    let disk = RealDisk::open(&root).map_err(|error| {
        Failure::usage(format!("cannot open the root `{root}`: {}", reason(&error)), "name a folder with `--root`")
    })?;
    match &cli.command {
        Command::Generate(arguments) => generate::run(&disk, arguments, terminal),
        Command::Check(arguments) => check::run(&disk, &Standing::at(&root), arguments, terminal),
        Command::New { what: New::App(arguments) } => app::new::run(&disk, arguments, terminal),
        Command::Remove { what: Remove::App(arguments) } => app::remove::run(&disk, arguments, terminal),
        Command::Rename { what: Rename::App(arguments) } => app::rename::run(&disk, arguments, terminal),
        Command::List { what: List::Apps(arguments) } => app::list::run(&disk, arguments, terminal),
        Command::Fmt(arguments) => fmt::run(&disk, &Standing::at(&root), arguments, terminal),
        Command::Why(arguments) => why::run(&disk, &Standing::at(&root), arguments, terminal),
        Command::Templates(arguments) => templates::run(&disk, arguments, terminal),
        Command::Config { what: Config::Show(arguments) } => {
            let is_named = cli.global.root.is_some();
            config::show(&disk, &Standing::at(&root), is_named, arguments, terminal)
        }
        Command::Schema { what: Schema::Import(arguments) } => schemas::import(&disk, arguments, terminal),
        Command::Schema { what: Schema::List(arguments) } => schemas::list(&disk, arguments, terminal),
        Command::Graph(arguments) => graph::run(&disk, &Standing::at(&root), arguments, terminal),
        Command::Hook { what } => hook::run(&Standing::at(&root), what, terminal),
        Command::Ci(arguments) => ci::run(&Standing::at(&root), arguments, terminal),
        Command::Init(_) | Command::Completions { .. } | Command::Man(_) | Command::Explain(_) | Command::Rules(_) => {
            unreachable!("they were answered above")
        }
    }
}
