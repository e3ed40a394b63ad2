//! What stands in the way: a clear error, and nothing is lost.

use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use crate::lab::{Lab, Ran, run};

const PAGE: &str = "docs/authentik.md";
const LOCALS: &str = "tofu/tf-deploy/authentik/locals.tf";

/// The example lab with a change in the inventory, so that a run has something to write.
fn with_work() -> Lab {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "url: https://requests.hdhomelab.com", "url: https://seerr.hdhomelab.com");
    lab
}

/// A folder outside every lab, with a file in it.
fn outside() -> Lab {
    let outside = Lab::empty();
    outside.write("file", "outside\n");
    outside
}

#[test]
fn a_folder_where_a_file_belongs_is_told_and_nothing_is_written() {
    let lab = with_work();
    for path in [PAGE, LOCALS] {
        lab.remove(path);
        lab.write(&format!("{path}/mine"), "mine\n");
    }
    insta::assert_snapshot!(lab.refuses(2).stderr, @"
    error: `docs/authentik.md` is a folder
           `tofu/tf-deploy/authentik/locals.tf` is a folder; nothing was written
     help: move it away, so that the rendered file can stand there
    ");
    let check = lab.run(&["generate", "--check"]).ended(2);
    assert_eq!(check.stdout, "");
}

#[test]
fn a_file_where_a_folder_belongs_is_told() {
    let lab = with_work();
    fs::remove_dir_all(lab.root().join("flux/apps")).unwrap();
    lab.write("flux/apps", "mine\n");
    let ran = lab.refuses(2);
    assert!(ran.stderr.contains("cannot stand there: `flux/apps` is a file, not a folder"), "{ran}");
    assert!(ran.stderr.ends_with(" help: move `flux/apps` away, so that a folder can stand there\n"), "{ran}");
}

#[test]
fn a_symlink_that_leads_out_is_not_followed() {
    let outside = outside();
    let expected = outside.tree();
    let file = with_work();
    file.remove(PAGE);
    symlink(outside.root().join("file"), file.root().join(PAGE)).unwrap();
    insta::assert_snapshot!(file.refuses(2).stderr, @"
    error: `docs/authentik.md` is a symlink; nothing was written
     help: move it away, so that the rendered file can stand there
    ");

    let folder = with_work();
    fs::remove_dir_all(folder.root().join("docs")).unwrap();
    symlink(outside.root(), folder.root().join("docs")).unwrap();
    insta::assert_snapshot!(folder.refuses(2).stderr, @"
    error: `docs/authentik.md` cannot stand there: `docs` is a symlink that leads out of the root or to nothing; nothing was written
     help: move `docs` away, so that a folder can stand there
    ");

    let relative = with_work();
    fs::remove_dir_all(relative.root().join("tofu")).unwrap();
    symlink("../../../..", relative.root().join("tofu")).unwrap();
    let ran = relative.refuses(2);
    assert!(ran.stderr.contains("`tofu` is a symlink that leads out of the root or to nothing"), "{ran}");
    assert_eq!(outside.tree(), expected);
}

#[test]
fn a_symlink_to_a_folder_inside_is_a_folder() {
    let lab = with_work();
    fs::rename(lab.root().join("docs"), lab.root().join("pages")).unwrap();
    symlink("pages", lab.root().join("docs")).unwrap();
    lab.run(&["generate"]).ended(0);
    assert!(lab.read("pages/authentik.md").contains("https://seerr.hdhomelab.com"));
    assert!(lab.root().join("docs").is_symlink());
}

#[test]
fn a_root_that_is_a_symlink_is_the_folder_behind_it() {
    let lab = with_work();
    let elsewhere = Lab::empty();
    symlink(lab.root(), elsewhere.root().join("lab")).unwrap();
    elsewhere.run(&["generate", "--root", "lab"]).ended(0);
    lab.run(&["generate", "--check"]).ended(0);
}

#[test]
fn a_pipe_where_a_file_belongs_is_told_and_not_waited_for() {
    let lab = with_work();
    lab.remove(PAGE);
    match Command::new("mkfifo").arg(lab.root().join(PAGE)).status() {
        Ok(made) if made.success() => {}
        _ => return,
    }
    let ran = lab.run(&["generate"]).ended(2);
    assert!(ran.stderr.starts_with("error: `docs/authentik.md` is neither a file nor a folder"), "{ran}");
}

#[test]
fn a_part_of_the_inventory_that_is_a_symlink_is_told_and_not_passed_over() {
    let outside = outside();
    let said: String = ["inventory.yaml", "inventory/apps.yaml", "labtree.toml", "templates"]
        .into_iter()
        .map(|path| {
            let lab = Lab::example();
            let _ = fs::remove_file(lab.root().join(path));
            fs::create_dir_all(lab.root().join(path).parent().unwrap()).unwrap();
            symlink(outside.root().join("file"), lab.root().join(path)).unwrap();
            lab.refuses(2).stderr
        })
        .collect();
    insta::assert_snapshot!(said, @"
    error: `inventory.yaml` is a symlink
     help: put what it leads to in its place: labtree reads through no symlink
    error: `inventory/apps.yaml` is a symlink
     help: put what it leads to in its place: labtree reads through no symlink
    error: `labtree.toml` is a symlink
     help: put what it leads to in its place: labtree reads through no symlink
    error: `templates` is a symlink
     help: put what it leads to in its place: labtree reads through no symlink
    ");
}

#[test]
fn a_part_of_the_inventory_of_another_ending_is_told_and_not_passed_over() {
    let lab = Lab::example();
    lab.write("inventory/README.md", "What lies here\n");
    lab.run(&["generate", "--check"]).ended(0);
    lab.write("inventory/media.yml", "apps: {}\n");
    insta::assert_snapshot!(lab.refuses(2).stderr, @"
    error: `inventory/media.yml` is not read: the files of an inventory end in `.yaml`
     help: rename it to `inventory/media.yaml`
    ");
}

#[test]
fn a_folder_where_the_inventory_belongs_is_told() {
    let lab = Lab::example();
    lab.remove("inventory.yaml");
    fs::create_dir(lab.root().join("inventory.yaml")).unwrap();
    insta::assert_snapshot!(lab.refuses(2).stderr, @"
    error: `inventory.yaml` is a folder
     help: put a file in its place
    ");
}

#[test]
fn a_lab_without_an_inventory_is_told() {
    let lab = Lab::example();
    lab.remove("inventory.yaml");
    let missing = lab.refuses(2).stderr;
    lab.write("inventory.yml", "lab: {}\n");
    let misnamed = lab.refuses(2).stderr;
    insta::assert_snapshot!(missing + &misnamed, @"
    error: there is no `inventory.yaml` here
     help: `labtree.lock` tells that there was one: `git restore inventory.yaml` takes it back
    error: `inventory.yml` is not read: the files of an inventory end in `.yaml`
     help: rename it to `inventory.yaml`
    ");
}

#[test]
fn a_root_that_is_none_is_told() {
    let lab = Lab::example();
    let said: String = ["inventory.yaml", "nowhere", "docs"]
        .into_iter()
        .map(|root| {
            format!("$ labtree generate --root {root}\n{}", lab.run(&["generate", "--root", root]).ended(2).stderr)
        })
        .collect();
    insta::assert_snapshot!(said, @"
    $ labtree generate --root inventory.yaml
    error: cannot open the root `inventory.yaml`: not a directory
     help: name a folder with `--root`
    $ labtree generate --root nowhere
    error: cannot open the root `nowhere`: no such file or directory
     help: name a folder with `--root`
    $ labtree generate --root docs
    error: there is no `inventory.yaml` here
     help: `labtree init DIR` makes a lab; `--root DIR` names one elsewhere
    ");
}

#[test]
fn a_damaged_lock_is_told_at_its_place() {
    let lock = Lab::example().read("labtree.lock");
    let second = lock.lines().nth(1).unwrap();
    let said: String = [
        lock.replacen(second, "nonsense", 1).into_bytes(),
        lock.replacen(second, &second.replace("  ", "  ../../"), 1).into_bytes(),
        lock.as_bytes()[..lock.len() - 20].to_vec(),
        [lock.as_bytes(), b"\xff\n"].concat(),
        Vec::new(),
    ]
    .into_iter()
    .map(|bytes| {
        let lab = with_work();
        lab.write("labtree.lock", bytes);
        lab.refuses(2).stderr
    })
    .collect();
    insta::assert_snapshot!("damaged_lock", said.replace(&second[..64], "<digest>"));
}

#[test]
fn a_lock_that_is_no_file_is_told() {
    let lab = with_work();
    lab.remove("labtree.lock");
    fs::create_dir(lab.root().join("labtree.lock")).unwrap();
    let ran = lab.refuses(2);
    assert!(ran.stderr.starts_with("error: `labtree.lock` is a folder"), "{ran}");
}

/// `ours` and `theirs` as git leaves them when it cannot merge.
fn conflict(ours: &str, theirs: &str) -> String {
    format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> feature\n")
}

#[test]
fn a_merge_that_git_left_open_is_settled_by_the_next_run() {
    let (ours, theirs) = (Lab::example(), with_work());
    theirs.run(&["generate"]).ended(0);
    let merged = Lab::example();
    let expected = theirs.tree();
    for path in ["labtree.lock", PAGE, LOCALS] {
        merged.write(path, conflict(&ours.read(path), &theirs.read(path)));
    }
    // The person settles the inventory, which nobody but them can.
    merged.write("inventory.yaml", theirs.read("inventory.yaml"));
    merged.run(&["generate", "--check"]).ended(1);
    let ran = merged.run(&["generate"]).ended(0);
    assert_eq!(merged.changes_since(&expected), [""; 0], "{ran}");
}

/// Runs the binary as somebody who may not write everywhere, to whom the whole lab belongs. `None` where that cannot
/// be tried: the tests run as root, and nobody else may run the binary.
fn run_as_person(lab: &Lab, arguments: &[&str]) -> Option<Ran> {
    const NOBODY: u32 = 65534;
    let mut command = lab.command(arguments);
    if fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        chown(lab.root(), Some(NOBODY), Some(NOBODY)).unwrap();
        for path in lab.stamps().keys() {
            chown(lab.root().join(path), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        command.uid(NOBODY).gid(NOBODY);
        let may_run = Command::new(env!("CARGO_BIN_EXE_labtree")).arg("-V").uid(NOBODY).gid(NOBODY).output();
        if !may_run.is_ok_and(|output| output.status.success()) {
            return None;
        }
    }
    Some(run(&mut command))
}

#[test]
fn a_folder_that_may_not_be_written_is_told_and_nothing_is_written() {
    for folder in ["docs", "."] {
        let lab = with_work();
        let tree = lab.tree();
        let mode = |mode| fs::set_permissions(lab.root().join(folder), Permissions::from_mode(mode)).unwrap();
        mode(0o555);
        let ran = run_as_person(&lab, &["generate"]);
        mode(0o755);
        let Some(ran) = ran else { return };
        assert_eq!(ran.status, 2, "{ran}");
        assert!(ran.stderr.contains("may not be written; nothing was written"), "{ran}");
        assert!(ran.stderr.contains("chmod u+w"), "{ran}");
        assert_eq!(lab.changes_since(&tree), [""; 0], "{ran}");
    }
}

#[test]
fn a_file_that_may_not_be_read_is_told() {
    for path in ["inventory.yaml", PAGE, "labtree.lock"] {
        let lab = with_work();
        let tree = lab.tree();
        let mode = |mode| fs::set_permissions(lab.root().join(path), Permissions::from_mode(mode)).unwrap();
        mode(0o000);
        let ran = run_as_person(&lab, &["generate"]);
        mode(0o644);
        let Some(ran) = ran else { return };
        assert_eq!(ran.status, 2, "{ran}");
        assert!(ran.stderr.contains(&format!("`{path}`")) && ran.stderr.contains("permission denied"), "{ran}");
        assert_eq!(lab.changes_since(&tree), [""; 0], "{ran}");
    }
}

#[test]
fn a_second_run_says_that_it_waits_and_then_does_its_work() {
    let lab = with_work();
    let held = File::open(lab.root()).unwrap();
    held.lock().unwrap();
    let mut second = lab.command(&["generate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(second.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(line, "another labtree is at work on this lab; waiting for it\n");
    assert_eq!(second.try_wait().unwrap(), None);
    assert!(!lab.read(PAGE).contains("https://seerr.hdhomelab.com"), "it did not wait");
    held.unlock().unwrap();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!((second.wait().unwrap().code(), rest.as_str()), (Some(0), ""));
    assert!(lab.read(PAGE).contains("https://seerr.hdhomelab.com"));
}

#[test]
fn runs_that_only_read_do_not_wait_for_each_other() {
    let lab = Lab::example();
    let held = File::open(lab.root()).unwrap();
    held.lock_shared().unwrap();
    let ran = lab.run(&["generate", "--check"]).ended(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn many_runs_at_once_leave_one_whole_tree() {
    let expected = Lab::example().tree();
    let lab = Lab::written();
    let start = |_| lab.command(&["generate"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    for child in (0..6).map(start).collect::<Vec<_>>() {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(lab.changes_since(&expected), [""; 0]);
}
