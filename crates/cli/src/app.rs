//! `labtree new app`, `remove app`, `rename app` and `list apps`: the apps of the inventory, edited in its text.

#![allow(clippy::result_large_err, reason = "a refused edit ends the run, so it happens once")]

mod answers;
mod ask;
mod change;
mod known;
pub(crate) mod list;
pub(crate) mod new;
mod remaining;
pub(crate) mod remove;
pub(crate) mod rename;

use diagnostic::did_you_mean;
use inventory::{App, AppName, Entry, Inventory};

use crate::entry::place;
use crate::failure::Failure;
use crate::input::Input;

/// The app `name`, which must be there.
fn existing<'i>(inventory: &'i Inventory, name: &str) -> Result<&'i Entry<AppName, App>, Failure> {
    inventory.app(name).ok_or_else(|| {
        let near = did_you_mean(name, inventory.apps.iter().map(|app| app.name.as_str()));
        let help = "`labtree list apps` shows all of them; what a stopped run left, `labtree generate` completes";
        Failure::usage(format!("there is no app `{name}`{near}"), help)
    })
}

/// That no app is called `name`.
fn refuse_taken(input: &Input, inventory: &Inventory, name: &str) -> Result<(), Failure> {
    match inventory.app(name) {
        Some(app) => {
            let at = place(&input.sources, app.name.span);
            let message = format!("there is an app `{name}` already: {at}");
            Err(Failure::usage(message, "choose another name, or edit that entry and run `labtree generate`"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
