//! The judge `verdicts`: labtree refuses the modules that OpenTofu's own tests hold to be invalid, and no others.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::Severity;
use labtree::check::judge as check;
use labtree::disk::RealDisk;

use super::{Bench, Verdict, labs};
use crate::{Failure, corpus};

/// Where OpenTofu's repository keeps modules for its tests: the folder, whether those in it are refused, and whether
/// each is one file.
const CASES: [(&str, bool, bool); 8] = [
    ("internal/command/testdata/validate-invalid", true, false),
    ("internal/command/testdata/validate-valid", false, false),
    ("internal/configs/testdata/invalid-files", true, true),
    ("internal/configs/testdata/invalid-import-files", true, true),
    ("internal/configs/testdata/invalid-modules", true, false),
    ("internal/configs/testdata/valid-files", false, true),
    ("internal/configs/testdata/valid-modules", false, false),
    ("internal/configs/testdata/warning-files", false, true),
];

/// Those that labtree judges otherwise, each with the reason.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "valid-files/modules-with-version.tf",
        "OpenTofu's test reads the file alone; the module that it calls is nowhere",
    ),
    ("valid-files/outputs.tf", "OpenTofu's test reads the file alone; what it refers to is nowhere"),
    (
        "valid-modules/moved-blocks",
        "OpenTofu's test reads the module; `tofu validate` refuses an object moved to two places",
    ),
    ("valid-modules/override-module", "OpenTofu's test reads the module; the module that it calls is nowhere"),
];

/// Judges all of them, if the corpus has OpenTofu's repository.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("modules");
    let Some(corpus) = corpus::folder()? else {
        verdict.aside = format!("passed over: {}", corpus::unset());
        return Ok(verdict);
    };
    let mut otherwise = 0;
    for repository in corpus::repositories(&corpus)? {
        for (folder, is_refused, is_file) in CASES {
            for case in cases(&repository.join(folder), is_file)? {
                let name = case.strip_prefix(&repository)?.to_string();
                let errors = errors(bench, &case, is_file)?;
                let is_refused = recorded(&case)?.unwrap_or(is_refused);
                verdict.judged += 1;
                match (errors.is_empty() != is_refused, OTHERWISE.iter().any(|(known, _)| name.ends_with(known))) {
                    (true, false) => {}
                    (false, true) => otherwise += 1,
                    (true, true) => verdict.faults.push(format!("{name} agrees by now: take it out of the list")),
                    (false, false) if is_refused => verdict.faults.push(format!("{name}: OpenTofu refuses it")),
                    (false, false) => verdict.faults.push(format!("{name}: OpenTofu takes it: {}", errors.join("; "))),
                }
            }
        }
    }
    let agree = verdict.judged - otherwise - verdict.faults.len();
    verdict.aside = format!("{agree} agree, {otherwise} differ for a reason");
    Ok(verdict)
}

/// What OpenTofu's own test expects of `tofu validate`, where that is recorded: whether it refuses.
fn recorded(case: &Utf8Path) -> Result<Option<bool>, Failure> {
    let Ok(text) = fs::read_to_string(case.join("output.json")) else { return Ok(None) };
    let said: serde_json::Value = serde_json::from_str(&text)?;
    Ok(said["valid"].as_bool().map(|is_valid| !is_valid))
}

/// The files in `folder`, or the folders with files in them and itself.
fn cases(folder: &Utf8Path, is_file: bool) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in folder.read_dir_utf8()? {
        let path = entry?.into_path();
        if path.is_dir() != is_file {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The errors that labtree finds in `case`, alone in a repository of which it is the root module.
fn errors(bench: &Bench, case: &Utf8Path, is_file: bool) -> Result<Vec<String>, Failure> {
    let lab = bench.folder("verdict")?;
    if is_file {
        fs::copy(case, lab.join(case.file_name().unwrap_or_default()))?;
    } else {
        copy(case, &lab)?;
    }
    if labs::files(&lab, &[".tf", ".tofu", ".tf.json", ".tofu.json"])?.iter().any(|path| path.parent() == Some(&lab)) {
        fs::write(lab.join("labtree.toml"), "[tofu]\nroots = [\".\"]\n")?;
    }
    let judged = check(&RealDisk::open(&lab)?, "labtree")?;
    let errors = judged.found.iter().filter(|finding| finding.severity == Severity::Error);
    let errors = errors.map(|finding| format!("{}: {}", finding.rule, finding.message)).collect();
    fs::remove_dir_all(lab)?;
    Ok(errors)
}

/// Copies what lies in `folder` to `to`.
fn copy(folder: &Utf8Path, to: &Utf8Path) -> Result<(), Failure> {
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
