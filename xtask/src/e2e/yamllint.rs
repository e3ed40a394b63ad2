//! The judge `yamllint`: its default rules, but for the length of lines, find nothing.

use std::process::Command;

use camino::Utf8PathBuf;

use super::labs::Lab;
use super::{Bench, Verdict};
use crate::Failure;

/// Judges all labs but the ones whose inventories are written for tests; there, what is rendered.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("files");
    for lab in bench.labs()? {
        verdict.judged += files(&lab)?.len();
        verdict.blame(&lab, judge_lab(bench, &lab)?);
    }
    Ok(verdict)
}

fn files(lab: &Lab) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut files = lab.files(&[".yaml", ".yml"])?;
    files.retain(|file| file.file_name() != Some("inventory.yaml") || lab.name == "example");
    Ok(files)
}

/// What is wrong with the files of a lab.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<Vec<String>, Failure> {
    let rules = "{extends: default, rules: {line-length: disable}}";
    let mut yamllint = Command::new(bench.tools.python()?);
    let done =
        yamllint.args(["-m", "yamllint", "--strict", "-f", "parsable", "-d", rules]).args(files(lab)?).output()?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    Ok(if done.status.success() { Vec::new() } else { vec![text] })
}
