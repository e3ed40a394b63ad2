//! `labtree new app`: an app more.

use catalog::{Catalog, Entry};
use diagnostic::{Sources, any_error};
use inventory::{AppName, edit};

use super::answers::gather;
use super::ask::{Ask, Person};
use super::change::Before;
use super::known::Known;
use super::{refuse_taken, remaining};
use crate::Outcome;
use crate::args::NewApp;
use crate::disk::Disk;
use crate::failure::Failure;
use crate::input::{Input, is_lab, read_catalog};
use crate::terminal::Terminal;

/// Adds the app that `arguments` describe and renders what follows, or tells what would be done; with `list` it shows
/// what the catalog knows.
///
/// # Errors
/// The name is taken or none, something is missing that nobody can be asked for, or the disk refuses.
pub(crate) fn run(disk: &impl Disk, arguments: &NewApp, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    if arguments.list {
        return list(disk, terminal);
    }
    let name = arguments.name();
    if let Err(fault) = AppName::new(name) {
        let help = fault.help.unwrap_or_else(|| String::from("take lower-case letters, digits and `-`"));
        return Err(Failure::usage(fault.message, help));
    }
    let mut input = Input::read(disk)?;
    let (Some(inventory), false) = (input.inventory.as_ref(), any_error(&input.found)) else {
        input.report(terminal);
        return Ok(Outcome::Findings);
    };
    refuse_taken(&input, inventory, name)?;
    let known = Known::find(arguments, &input.catalog, &input.sources)?;
    if let (None, Some(near), false) = (&known, Known::near(arguments, &input.catalog), terminal.quiet) {
        terminal.note(format!("note: the catalog has no `{name}`; `--catalog {near}` takes what it knows of that app"));
    }
    let mut person = Person::here();
    let ask = person.as_mut().map(|person| person as &mut dyn Ask);
    let entry = gather(arguments, inventory, known.as_ref(), ask)?.entry(arguments, inventory, known.as_ref());

    let Some(before) = Before::read(disk, arguments.dry_run, terminal)? else { return Ok(Outcome::Findings) };
    let file = before.file_for_new();
    let edit = |file, text: &str| edit::add(file, text, name, &entry);
    let Some(after) = before.carry_out(disk, file, edit, terminal)? else { return Ok(Outcome::Findings) };
    if !arguments.dry_run {
        let steps = remaining::after_new(&after, name);
        remaining::show(&steps, terminal);
        remaining::show_notes(&remaining::notes(&after, name), terminal);
    }
    Ok(Outcome::Clean)
}

/// Prints what the catalog knows, by name; outside of a lab, what is built in.
fn list(disk: &impl Disk, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let catalog = match is_lab(disk)? {
        true => read_catalog(disk, &mut sources, &mut found)?,
        false => Catalog::load(&mut sources, catalog::builtin(), Vec::new(), &mut found),
    };
    terminal.findings(&sources, &found);
    let row = |entry: &Entry| {
        let protocols: Vec<_> = entry.facts.clients().iter().map(|(protocol, _)| protocol.as_str()).collect();
        let (category, description) = (entry.facts.category.to_string(), entry.facts.description.to_string());
        [entry.key.clone(), protocols.join(", "), category, description]
    };
    let rows: Vec<_> = catalog.iter().map(row).collect();
    terminal.table(["name", "logs in by", "category", "what it is"], &rows);
    Ok(if any_error(&found) { Outcome::Findings } else { Outcome::Clean })
}
