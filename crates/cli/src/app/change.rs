//! An edit of the inventory and what follows from it, carried out together or not at all.
//!
//! Everything is rendered in memory first. The inventory is written before the tree: a run that is stopped between the
//! two leaves a lab that the next `labtree generate` completes.

use std::collections::BTreeSet;

use anstyle::AnsiColor;
use camino::Utf8Path;
use diagnostic::{Diagnostic, FileId, Sources, any_error};
use inventory::{Inventory, InventoryFile};
use lab::Lab;
use tree::Change;

use crate::apply::{apply, write_file};
use crate::diff;
use crate::disk::{Disk, RunLock, Share, read_lock, read_on_disk};
use crate::failure::Failure;
use crate::generate::{refuse_blocked, run_lock};
use crate::input::{Input, inventory_files};
use crate::refusal::refusals;
use crate::summary::{Mode, Summary};
use crate::terminal::Terminal;

/// A lab before the edit.
pub(super) struct Before {
    files: Vec<InventoryFile>,
    pub(super) input: Input,
    mode: Mode,
    _alone: RunLock,
}

/// A lab after the edit: what it is now, or would be.
pub(super) struct After {
    pub(super) input: Input,
    /// The folders and files in the root that changed.
    pub(super) touched: BTreeSet<String>,
    /// Whether the OpenTofu root calls a module that it did not call before.
    pub(super) calls_more: bool,
}

impl After {
    /// What follows from the inventory.
    pub(super) fn lab(&self) -> Lab<'_> {
        let inventory = self.input.inventory.as_ref().expect("a lab at fault is not written");
        Lab::of(inventory, &self.input.catalog, &mut Vec::new())
    }
}

impl Before {
    /// Reads the lab on `disk`, keeping other runs out. `None` if it is at fault already, which is said.
    pub(super) fn read(disk: &impl Disk, dry_run: bool, terminal: &mut Terminal) -> Result<Option<Self>, Failure> {
        let (mode, share) = if dry_run { (Mode::DryRun, Share::WithReaders) } else { (Mode::Write, Share::Alone) };
        let alone = run_lock(disk, share, terminal)?;
        let files = inventory_files(disk)?;
        let mut input = Input::of(disk, &files)?;
        if input.inventory.is_none() || any_error(&input.found) {
            input.report(terminal);
            return Ok(None);
        }
        Ok(Some(Self { files, input, mode, _alone: alone }))
    }

    /// The inventory.
    pub(super) fn inventory(&self) -> &Inventory {
        self.input.inventory.as_ref().expect("a lab at fault is not edited")
    }

    /// What follows from it.
    pub(super) fn lab(&self) -> Lab<'_> {
        Lab::of(self.inventory(), &self.input.catalog, &mut Vec::new())
    }

    /// The file in which the app `name` stands.
    pub(super) fn file_of(&self, name: &str) -> usize {
        let app = self.inventory().app(name).expect("the app was looked up");
        let path = self.input.sources.path(app.name.span);
        self.files.iter().position(|file| file.path == path).unwrap_or_default()
    }

    /// The file that a new app goes to: the last of those that hold most apps.
    pub(super) fn file_for_new(&self) -> usize {
        let count = |index: &usize| {
            let names = std::str::from_utf8(&self.files[*index].bytes).map(|text| names(text).map_or(0, |all| 1 + all));
            names.unwrap_or_default()
        };
        let fullest = (0..self.files.len()).max_by_key(count).unwrap_or_default();
        if count(&fullest) == 0 { 0 } else { fullest }
    }

    /// Edits the inventory's file `index` with `edit` and carries it out, or tells what would be done. `None` if that
    /// cannot be, which is said; then nothing is written.
    pub(super) fn carry_out(
        mut self,
        disk: &impl Disk,
        index: usize,
        edit: impl FnOnce(FileId, &str) -> Result<String, Diagnostic>,
        terminal: &mut Terminal,
    ) -> Result<Option<After>, Failure> {
        let InventoryFile { path, bytes } = self.files[index].clone();
        let was = String::from_utf8(bytes).expect("an inventory without faults is UTF-8");
        let mut sources = Sources::default();
        let file = sources.add(path.as_str(), was.as_str());
        let text = match edit(file, &was) {
            Ok(text) => text,
            Err(refused) => {
                terminal.findings(&sources, &[refused]);
                return Ok(None);
            }
        };
        self.files[index].bytes = text.clone().into_bytes();
        let mut after = Input::of(disk, &self.files)?;
        let Some(wanted) = after.render() else {
            return refused(&mut after, &format!("nothing was written; `{path}` would have these faults"), terminal);
        };
        let lock = read_lock(disk)?;
        let on_disk = read_on_disk(disk, &wanted, &lock)?;
        let plan = tree::plan(&wanted, &on_disk, &lock, false);
        refuse_blocked(&plan)?;
        let edited_by_hand = refusals(&mut after.sources, &wanted, &plan, terminal.program);
        if !edited_by_hand.is_empty() {
            after.found = edited_by_hand;
            return refused(&mut after, "nothing was written, because files were edited by hand", terminal);
        }
        if self.mode == Mode::Write {
            write_file(disk, Utf8Path::new(&path), &text, Some(was.as_bytes()))?;
            apply(disk, &plan)?;
        }
        after.report(terminal);
        self.tell_inventory(&path, &was, &text, terminal);
        let summary = Summary { plan: &plan, wanted: &wanted, mode: self.mode, full: self.mode == Mode::DryRun };
        summary.show(&after.sources, plan.changes().next().is_some() || lock != plan.settled, terminal);
        let top = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
        let mut touched: BTreeSet<_> = plan.changes().map(|step| top(step.path.as_str())).collect();
        touched.extend([top(&path), tree::LOCK_PATH.to_owned()]);
        let is_main = |path: &Utf8Path| path.starts_with(lab::TOFU_ROOT) && path.file_name() == Some("main.tf");
        let calls = |text: &str| text.lines().filter(|line| line.starts_with("module ")).count();
        let calls_more = plan.changes().any(|step| match step.change {
            Change::Update { text, was } => is_main(step.path) && calls(text) > calls(&String::from_utf8_lossy(was)),
            Change::Create { .. } => is_main(step.path),
            _ => false,
        });
        Ok(Some(After { input: after, touched, calls_more }))
    }

    fn tell_inventory(&self, path: &str, was: &str, text: &str, terminal: &mut Terminal) {
        let word = if self.mode == Mode::Write { "changed" } else { "to change" };
        let word = terminal.paint(AnsiColor::Yellow, &format!("{word:>10}"));
        terminal.say(format!("{word}  {path}"));
        if self.mode == Mode::DryRun {
            for line in diff::hunks(was.as_bytes(), text.as_bytes()).iter().flat_map(|hunk| &hunk.lines) {
                let line = terminal.paint_difference(line);
                terminal.say(format!("            {line}").trim_end());
            }
        }
    }
}

fn refused(input: &mut Input, why: &str, terminal: &mut Terminal) -> Result<Option<After>, Failure> {
    input.report(terminal);
    terminal.note(why);
    Ok(None)
}

/// How many apps stand in a file; `None` where it has no key for them.
fn names(text: &str) -> Option<usize> {
    let names = inventory::edit::names(FileId(0), text).ok().flatten();
    names.map(|names| names.len())
}
