//! The judge `markdownlint`: its rules, but for the length of lines, find nothing.

use std::fs;
use std::process::Command;

use camino::Utf8PathBuf;

use super::labs::{self, Lab};
use super::{Bench, Verdict};
use crate::{Failure, repository};

/// Tables and links are as long as what they say, and a tab in an example is one of the file that it shows.
const RULES: &str = r#"{ "config": { "default": true, "MD010": { "code_blocks": false }, "MD013": false }, "noBanner": true, "noProgress": true }"#;
/// The pages of this repository.
const OURS: [&str; 5] = ["ARCHITECTURE.md", "CHANGELOG.md", "README.md", "docs", "schemas"];

/// Judges all labs and the pages of this repository.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("pages");
    let control = bench.folder("broken-page")?.join("page.md");
    fs::write(&control, "# A\n# B\n")?;
    verdict.must(!lint(bench, &[control])?.is_empty(), || "a broken page is clean".to_owned());
    let mut pages = Vec::new();
    for path in OURS {
        let path = repository().join(path);
        if path.is_dir() {
            pages.extend(labs::files(&path, &[".md"])?);
        } else {
            pages.push(path);
        }
    }
    for lab in bench.labs()? {
        pages.extend(lab.files(&[".md"])?);
    }
    verdict.judged += pages.len();
    verdict.faults.extend(lint(bench, &pages)?);
    Ok(verdict)
}

/// What is wrong with the pages of a lab.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<Vec<String>, Failure> {
    lint(bench, &lab.files(&[".md"])?)
}

fn lint(bench: &Bench, files: &[Utf8PathBuf]) -> Result<Vec<String>, Failure> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let node = bench.tools.node()?;
    let settings = bench.folder("markdownlint")?.join(".markdownlint-cli2.jsonc");
    fs::write(&settings, RULES)?;
    let program = node.folder.join("node_modules/markdownlint-cli2/markdownlint-cli2-bin.mjs");
    let mut lint = Command::new(&node.program);
    // A path behind a colon is taken as it is written.
    let files = files.iter().map(|file| format!(":{file}"));
    let done = lint.args([program.as_str(), "--config", settings.as_str()]).args(files).output()?;
    let text = String::from_utf8_lossy(&done.stderr).into_owned();
    match done.status.code() {
        Some(0) => Ok(Vec::new()),
        Some(1) => Ok(text.lines().map(str::to_owned).collect()),
        _ => Err(format!("markdownlint: {text}").into()),
    }
}
