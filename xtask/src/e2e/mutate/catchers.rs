//! Who may notice that a line is missing, the cheapest first.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use labtree::Input;
use labtree::disk::RealDisk;

use super::super::tools::Tools;
use super::super::{Bench, labs};
use super::judges::Judges;
use super::{Mutant, put};
use crate::{Failure, executables, repository};

/// The comparison with the committed lab, which notices every byte. It is counted apart: it says that something
/// changed, not that it is wrong.
pub(super) const GOLDEN: &str = "comparison with the committed lab";

/// The tests of the generators that render what lies below a folder of `templates/`.
const TESTS: &[(&str, &[&str])] =
    &[("docs/", &["render-docs"]), ("flux/", &["render-flux", "render-secrets"]), ("tofu/", &["render-tofu"])];

/// A rendered lab: its files by path.
pub(super) type Rendered = BTreeMap<Utf8PathBuf, String>;

/// What all workers share.
pub(super) struct Catchers {
    /// Each lab: its name, its inventory, and what is rendered for it.
    labs: Vec<(&'static str, String, Rendered)>,
    /// The test binaries of each package.
    tests: BTreeMap<&'static str, Vec<Utf8PathBuf>>,
}

impl Catchers {
    /// Renders the labs, builds the tests, and sees that the tools are there.
    pub(super) fn new(bench: &Bench) -> Result<Self, Failure> {
        let folder = bench.folder("unbroken")?;
        let mut labs = Vec::new();
        for (name, inventory) in labs::ALL.iter().filter(|(name, _)| *name != "many") {
            let inventory = inventory();
            let rendered = render(&folder, &inventory)?.ok_or(format!("the lab `{name}` does not render"))?;
            labs.push((*name, inventory, rendered));
        }
        let mut tests = BTreeMap::new();
        for package in TESTS.iter().flat_map(|(_, packages)| *packages) {
            tests.insert(*package, test_binaries(&bench.tools, package)?);
        }
        bench.tools.python()?;
        bench.tools.node()?;
        bench.tools.kustomize()?;
        bench.tools.kubeconform()?;
        bench.settings()?;
        Ok(Self { labs, tests })
    }
}

/// Where one worker works.
pub(super) struct Place<'c> {
    /// A lab, with a broken template of its own.
    lab: Utf8PathBuf,
    /// All templates, one of them broken.
    templates: Utf8PathBuf,
    judges: Judges,
    catchers: &'c Catchers,
}

impl<'c> Place<'c> {
    /// A new one.
    pub(super) fn new(catchers: &'c Catchers) -> Result<Self, Failure> {
        let judges = Judges::new(&labs::example())?;
        let folder = judges.bench.folder("mutant")?;
        let (lab, templates) = (folder.join("lab"), folder.join("templates"));
        fs::create_dir_all(&lab)?;
        let ours = repository().join("templates");
        if !Command::new("cp").args(["-r", ours.as_str(), templates.as_str()]).status()?.success() {
            return Err("the templates could not be copied".into());
        }
        Ok(Self { lab, templates, judges, catchers })
    }

    /// Who notices `mutant`.
    pub(super) fn catch(&self, mutant: &Mutant) -> Result<Option<String>, Failure> {
        if let Some(test) = self.tests(mutant)? {
            return Ok(Some(test));
        }
        let own = self.lab.join("templates");
        put(&own, &mutant.template, &mutant.rest)?;
        let caught = self.judge(mutant);
        fs::remove_dir_all(own)?;
        caught
    }

    fn judge(&self, mutant: &Mutant) -> Result<Option<String>, Failure> {
        let mut changed = Vec::new();
        for (name, inventory, unbroken) in &self.catchers.labs {
            let Some(rendered) = render(&self.lab, inventory)? else { return Ok(Some("rendering".to_owned())) };
            if rendered != *unbroken {
                changed.push((*name, inventory, unbroken, rendered));
            }
        }
        if mutant.is_comment() {
            return Ok(changed.iter().any(|(name, ..)| *name == "example").then(|| GOLDEN.to_owned()));
        }
        // The example comes first: where it changes too, all judges look at it. At the others looks the one to whom
        // another value in the inventory makes a difference.
        for (at, (name, inventory, unbroken, rendered)) in changed.iter().enumerate() {
            let differs = |(path, text): &(&Utf8PathBuf, &String)| unbroken.get(*path) != Some(*text);
            let paths: Vec<&Utf8Path> = rendered.iter().filter(differs).map(|(path, _)| path.as_path()).collect();
            let judged = match at {
                0 => self.judges.judge(name, inventory, rendered, &paths)?,
                _ => self.judges.meaning(name, inventory, rendered, &paths)?,
            };
            if let Some(judge) = judged {
                return Ok(Some(judge.to_owned()));
            }
        }
        Ok(changed.iter().any(|(name, ..)| *name == "example").then(|| GOLDEN.to_owned()))
    }

    /// The first test that fails.
    fn tests(&self, mutant: &Mutant) -> Result<Option<String>, Failure> {
        let whole = fs::read_to_string(self.templates.join(&mutant.template))?;
        put(&self.templates, &mutant.template, &mutant.rest)?;
        let mut failed = None;
        let packages = TESTS.iter().filter(|(folder, _)| mutant.template.starts_with(folder));
        for package in packages.flat_map(|(_, packages)| *packages) {
            for binary in self.catchers.tests.get(package).into_iter().flatten() {
                let done = Command::new(binary)
                    .current_dir(repository().join("crates").join(package))
                    .env("LABTREE_TEST_TEMPLATES", &self.templates)
                    .env("RUST_BACKTRACE", "0")
                    .env("INSTA_UPDATE", "no")
                    .output()?;
                if failed.is_none() && !done.status.success() {
                    let text = String::from_utf8_lossy(&done.stdout).into_owned();
                    let test = text.lines().find_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
                    failed = Some(format!("{package} {}", test.unwrap_or("as a whole")));
                }
            }
        }
        put(&self.templates, &mutant.template, &whole)?;
        Ok(failed)
    }
}

/// What is rendered for `inventory` with the templates of the lab in `folder`; `None` if that is refused.
fn render(folder: &Utf8Path, inventory: &str) -> Result<Option<Rendered>, Failure> {
    fs::write(folder.join("inventory.yaml"), inventory)?;
    let mut input = Input::read(&RealDisk::open(folder)?)?;
    let tree = input.render();
    Ok(tree.map(|tree| tree.iter().map(|(path, file)| (path.to_owned(), file.text.clone())).collect()))
}

/// Builds the tests of `package`, and tells where the binaries lie. They run thousands of times, so they are optimized.
fn test_binaries(tools: &Tools, package: &str) -> Result<Vec<Utf8PathBuf>, Failure> {
    let optimized = [("CARGO_PROFILE_DEV_OPT_LEVEL", "1"), ("CARGO_PROFILE_TEST_OPT_LEVEL", "1")];
    let target = tools.kept("tests");
    executables(&["test", "--no-run", "--package", package, "--target-dir", target.as_str()], &optimized)
}
