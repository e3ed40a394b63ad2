//! The judge `modules`: the tests that are rendered with the modules pass, without any server.

use std::collections::BTreeSet;
use std::fs;

use super::labs::{self, Lab};
use super::root::Root;
use super::{Bench, Verdict};
use crate::Failure;

/// The modules that are rendered.
pub(super) const MODULES: [&str; 2] = ["authentik-ldap", "authentik-oidc"];

/// Judges the modules of all labs, and of an older release; those with the same text once.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("runs of `tofu test`");
    let mut all = bench.labs()?;
    all.push(bench.lab("older", &labs::at_release("2026.2"))?);
    let mut known = BTreeSet::new();
    for lab in all {
        for module in MODULES {
            if known.insert(text(&lab, module)?) {
                let (runs, fault) = judge_module(bench, &lab, module)?;
                verdict.judged += runs;
                verdict.blame(&lab, fault);
            }
        }
    }
    Ok(verdict)
}

/// All that the module says.
fn text(lab: &Lab, module: &str) -> Result<String, Failure> {
    let files = labs::files(&lab.folder.join("tofu/modules").join(module), &[""])?;
    let texts = files.into_iter().map(|file| Ok(fs::read_to_string(file)?));
    Ok(texts.collect::<Result<Vec<_>, Failure>>()?.concat())
}

/// How many runs the tests of the lab's module have, and what is wrong with them.
fn judge_module(bench: &Bench, lab: &Lab, module: &str) -> Result<(usize, Option<String>), Failure> {
    let store = bench.folder(&format!("{}-{module}", lab.name))?.join("store");
    let root = Root::new(bench, lab.folder.join("tofu/modules").join(module), store)?;
    let init = root.init()?;
    if init.status != 0 {
        return Ok((0, Some(format!("{module}: `tofu init` fails:\n{}", init.text))));
    }
    test(&root, module)
}

/// Runs the tests in a folder that is initialised.
pub(super) fn test(root: &Root, module: &str) -> Result<(usize, Option<String>), Failure> {
    let test = root.tofu(&["test", "-no-color"])?;
    let passed = test.text.lines().filter(|line| line.starts_with("  run ") && line.ends_with("... pass")).count();
    let good = test.status == 0 && passed > 0 && test.text.contains(", 0 failed.");
    Ok((passed, (!good).then(|| format!("{module}: `tofu test` ends with {}:\n{}", test.status, test.text))))
}
