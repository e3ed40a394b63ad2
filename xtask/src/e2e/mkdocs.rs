//! The judge `mkdocs`: the identity page is built without a warning, and mermaid reads its diagrams.

use std::fs;
use std::process::Command;

use camino::Utf8PathBuf;

use super::labs::Lab;
use super::{Bench, Verdict};
use crate::Failure;

/// mkdocs-material as its documentation sets it up for diagrams.
const SETTINGS: &str = "site_name: lab
theme: { name: material, font: false }
plugins: []
validation: { links: { not_found: warn, anchors: warn, absolute_links: warn, unrecognized_links: warn } }
markdown_extensions:
  - admonition
  - tables
  - toc
  - pymdownx.superfences: { custom_fences: [{ name: mermaid, class: mermaid }] }
";

/// Reads diagrams as mermaid does in a browser; prints what is wrong with each.
const MERMAID: &str = "
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document, Element: window.Element });
const { default: mermaid } = await import('mermaid');
for (const file of process.argv.slice(1)) {
  try { await mermaid.parse(readFileSync(file, 'utf8')); }
  catch (error) { console.log(`${file}: ${String(error.message ?? error).split('\\n').slice(0, 4).join(' ')}`); }
}
";

/// A diagram that must be refused, or the others prove nothing.
const BROKEN: &str = "flowchart LR\n  a[open --> b\n";

/// Judges all labs.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("pages");
    let control = bench.folder("broken-diagram")?.join("0.mmd");
    fs::write(&control, BROKEN)?;
    let mut all = Vec::new();
    for lab in bench.labs()? {
        let (diagrams, faults) = pages(bench, &lab)?;
        all.extend(diagrams);
        verdict.judged += lab.files(&[".md"])?.len();
        verdict.blame(&lab, faults);
    }
    verdict.aside = format!("{} diagrams", all.len());
    all.push(control.clone());
    // One run for all: Node and its page take longer to start than any diagram takes to read.
    let (of_control, faults): (Vec<_>, Vec<_>) =
        mermaid(bench, &all)?.into_iter().partition(|fault| fault.starts_with(control.as_str()));
    verdict.must(!of_control.is_empty(), || "mermaid takes a broken diagram".to_owned());
    verdict.faults.extend(faults);
    Ok(verdict)
}

/// What is wrong with the lab's pages and their diagrams.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<Vec<String>, Failure> {
    let (diagrams, mut faults) = pages(bench, lab)?;
    faults.extend(mermaid(bench, &diagrams)?);
    Ok(faults)
}

/// The diagrams in the lab's pages, a file each, and what is wrong with the pages themselves.
fn pages(bench: &Bench, lab: &Lab) -> Result<(Vec<Utf8PathBuf>, Vec<String>), Failure> {
    let mut faults = Vec::new();
    let site = bench.folder(&format!("site-{}", lab.name))?;
    fs::create_dir_all(site.join("docs"))?;
    fs::write(site.join("mkdocs.yml"), SETTINGS)?;
    let mut diagrams = Vec::new();
    for (page, file) in lab.files(&[".md"])?.iter().enumerate() {
        let text = fs::read_to_string(file)?;
        // The site's first page, whatever its name is in the lab.
        let name = if page == 0 { "index.md" } else { file.file_name().unwrap_or_default() };
        fs::write(site.join("docs").join(name), &text)?;
        for diagram in blocks(&text) {
            let file = site.join(format!("{}.mmd", diagrams.len()));
            fs::write(&file, diagram)?;
            diagrams.push(file);
        }
    }
    let mut mkdocs = Command::new(bench.tools.python()?);
    let done = mkdocs.current_dir(&site).args(["-m", "mkdocs", "build", "--strict"]).output()?;
    let warned = String::from_utf8_lossy(&done.stderr).into_owned();
    if !done.status.success() {
        faults.push(format!("mkdocs: {warned}"));
    }
    Ok((diagrams, faults))
}

/// What stands in the fenced blocks of mermaid.
fn blocks(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.trim_start() {
            "```mermaid" => {
                inside = true;
                found.push(String::new());
            }
            "```" => inside = false,
            _ if inside => found.last_mut().expect("a block was opened").extend([line, "\n"]),
            _ => {}
        }
    }
    found
}

/// A line for each of `files` that mermaid does not read.
pub(super) fn mermaid(bench: &Bench, files: &[Utf8PathBuf]) -> Result<Vec<String>, Failure> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let node = bench.tools.node()?;
    let mut mermaid = Command::new(&node.program);
    // What is imported is looked for from this folder on.
    mermaid.current_dir(&node.folder).args(["--input-type=module", "--eval", MERMAID, "--"]);
    let done = mermaid.args(files).output()?;
    if !done.status.success() {
        return Err(format!("mermaid: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    Ok(String::from_utf8(done.stdout)?.lines().map(str::to_owned).collect())
}
