//! A verb that is stopped before any of its operations is completed by the next run.

use std::collections::BTreeMap;

use super::*;
use crate::args::{Color, Generate, Global, NewApp, RemoveApp, RenameApp};
use crate::disk::{FailingDisk, MemoryDisk};
use crate::terminal::Terminal;
use crate::{Outcome, generate};

type Stopped<'d> = FailingDisk<'d, MemoryDisk>;
type Verb = fn(&Stopped<'_>, &mut Terminal) -> Result<Outcome, Failure>;

fn terminal() -> Terminal {
    Terminal::new(&Global { root: None, color: Color::Never, quiet: true }, "labtree")
}

fn new(disk: &Stopped<'_>, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let arguments = NewApp {
        name: Some("wiki".to_owned()),
        url: Some("https://wiki.example.org".to_owned()),
        oidc: true,
        redirect_uri: vec!["/callback".to_owned()],
        allow: vec!["everyone".to_owned()],
        namespace: Some("wiki".to_owned()),
        category: Some("Tools".to_owned()),
        no_catalog: true,
        ..NewApp::default()
    };
    new::run(disk, &arguments, terminal)
}

fn rename(disk: &Stopped<'_>, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    rename::run(disk, &RenameApp { old: "grafana".to_owned(), new: "dash".to_owned(), dry_run: false }, terminal)
}

fn remove(disk: &Stopped<'_>, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    remove::run(disk, &RemoveApp { name: "grafana".to_owned(), dry_run: false }, terminal)
}

/// Runs `generate`, which must find no file that looks edited.
#[track_caller]
fn generated(disk: &MemoryDisk) -> BTreeMap<String, Vec<u8>> {
    let outcome = generate::run(disk, &Generate::default(), &mut terminal());
    assert_eq!(outcome.expect("nothing stands in the way"), Outcome::Clean);
    disk.contents()
}

/// Stops `verb` before each of its operations but those that come before it has written anything. A person then types
/// the verb again, and `generate` where that says that it is done.
#[track_caller]
fn stop_everywhere(verb: Verb) {
    let lab = MemoryDisk::of([("inventory.yaml", inventory::EXAMPLE)]);
    let before = generated(&lab);
    let whole = lab.clone();
    let counting = FailingDisk::dies_at(&whole, usize::MAX);
    assert_eq!(verb(&counting, &mut terminal()).expect("nothing stands in the way"), Outcome::Clean);
    let (after, operations) = (whole.contents(), counting.operations());
    assert_ne!(before, after);
    let mut left = after.clone();
    for k in (0..operations).rev() {
        let disk = lab.clone();
        verb(&FailingDisk::dies_at(&disk, k), &mut terminal()).expect_err("it was stopped");
        if disk.contents() == before {
            assert!(operations - k > 30, "it wrote only in its last {} operations", operations - k);
            return;
        }
        if disk.contents() == left {
            continue; // the operation before it only looked
        }
        left = disk.contents();
        let other = disk.clone();
        let again = verb(&FailingDisk::dies_at(&disk, usize::MAX), &mut terminal());
        let (is_done, completed) = (again.is_err(), generated(&other));
        let (paths, wanted) = (completed.keys().collect::<Vec<_>>(), if is_done { &after } else { &before });
        assert!(completed == *wanted, "stopped before operation {k}, `generate` leaves {paths:?}");
        assert!(is_done || disk.contents() == after, "stopped before operation {k}, the verb does not do it");
    }
}

#[test]
fn a_new_app_that_is_stopped_anywhere_is_completed() {
    stop_everywhere(new);
}

#[test]
fn an_app_that_is_being_renamed_is_renamed_in_the_end() {
    stop_everywhere(rename);
}

#[test]
fn an_app_that_is_being_removed_is_gone_in_the_end() {
    stop_everywhere(remove);
}
