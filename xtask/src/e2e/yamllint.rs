//! The judge `yamllint`: its default rules, but for the length of lines, find nothing.

use std::process::Command;

use super::{Bench, Verdict};
use crate::Failure;

/// Judges all labs but the one whose inventory is JSON; there, what is rendered.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("files");
    for lab in bench.labs()? {
        let mut files = lab.files(&[".yaml", ".yml"])?;
        files.retain(|file| file.file_name() != Some("inventory.yaml") || lab.name == "example");
        verdict.judged += files.len();
        let rules = "{extends: default, rules: {line-length: disable}}";
        let mut yamllint = Command::new(bench.tools.python()?);
        let done =
            yamllint.args(["-m", "yamllint", "--strict", "-f", "parsable", "-d", rules]).args(&files).output()?;
        let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        verdict.must(done.status.success(), || format!("the lab `{}`:\n{text}", lab.name));
    }
    Ok(verdict)
}
