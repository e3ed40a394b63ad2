//! The command line of labtree: the disk, the terminal, and the verbs.
//!
//! [`generate`] is the program in one breath; start reading there.

pub mod apply;
mod args;
mod builtin;
mod diff;
pub mod disk;
mod entry;
mod failure;
pub mod generate;
mod init;
mod input;
mod listed;
mod origin;
mod refusal;
mod render;
mod settings;
mod summary;
mod templates;
mod terminal;
mod why;

use std::ffi::OsString;
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{CommandFactory, Parser};
use tree::LOCK_PATH;

pub use args::{Cli, Command, Format, Generate};
pub use failure::Failure;
pub use input::Input;
pub use terminal::Terminal;

use crate::disk::{RealDisk, reason};

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
    let cli = match Cli::try_parse_from(arguments) {
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
        Command::Init(arguments) => return init::run(arguments, terminal),
        Command::Completions { shell } => {
            let mut script = Vec::new(); // a closed pipe would end the generator with a panic
            clap_complete::generate(*shell, &mut Cli::command(), "labtree", &mut script);
            terminal.write(&String::from_utf8_lossy(&script));
            return Ok(Outcome::Clean);
        }
        _ => {}
    }
    let root = match cli.global.root.as_deref().or(root) {
        Some(root) => root.to_owned(),
        None => find_root()?,
    };
    let disk = RealDisk::open(&root).map_err(|error| {
        Failure::usage(format!("cannot open the root `{root}`: {}", reason(&error)), "name a folder with `--root`")
    })?;
    match &cli.command {
        Command::Generate(arguments) => generate::run(&disk, arguments, terminal),
        Command::Why(arguments) => why::run(&disk, &standing(&root), arguments, terminal),
        Command::Templates(arguments) => templates::run(&disk, arguments, terminal),
        Command::Init(_) | Command::Completions { .. } => unreachable!("they were answered above"),
    }
}

/// The nearest folder upwards that holds an inventory.
fn find_root() -> Result<Utf8PathBuf, Failure> {
    let here = current_folder()?;
    let holds_one = |folder: &&Utf8Path| {
        [input::INVENTORY_PATH, settings::SETTINGS_PATH, LOCK_PATH].iter().any(|name| folder.join(name).is_file())
    };
    here.ancestors().find(holds_one).map(Utf8Path::to_owned).ok_or_else(|| {
        Failure::usage(
            format!("neither `{here}` nor a folder above it holds an inventory.yaml"),
            "`labtree init DIR` makes a lab; `--root DIR` names one elsewhere",
        )
    })
}

fn current_folder() -> Result<Utf8PathBuf, Failure> {
    let help = "go to another folder, or name the lab with `--root`";
    let here = std::env::current_dir()
        .map_err(|error| Failure::usage(format!("cannot tell the current folder: {}", reason(&error)), help))?;
    Utf8PathBuf::from_path_buf(here).map_err(|here| {
        Failure::usage(format!("the path of the current folder is not UTF-8: {}", here.display()), help)
    })
}

/// The root and the current folder, as far as their paths can be told.
fn standing(root: &Utf8Path) -> why::Standing {
    let root = root.canonicalize_utf8().unwrap_or_default();
    let here = current_folder().ok().and_then(|here| here.canonicalize_utf8().ok());
    why::Standing { here: here.unwrap_or_else(|| root.clone()), root }
}
