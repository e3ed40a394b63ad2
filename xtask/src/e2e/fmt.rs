//! The judge `fmt`: `tofu fmt` has nothing to change in any lab.

use std::process::Command;

use super::{Bench, Verdict};
use crate::Failure;

/// Judges all labs.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("files");
    for lab in bench.labs()? {
        let mut tofu = Command::new(bench.tools.tofu()?);
        let done =
            tofu.current_dir(&lab.folder).args(["fmt", "-check", "-recursive", "-diff", "-no-color"]).output()?;
        let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        verdict.must(done.status.success(), || format!("the lab `{}`:\n{text}", lab.name));
        verdict.judged += lab.files(&[".tf", ".tftest.hcl"])?.len();
    }
    Ok(verdict)
}
