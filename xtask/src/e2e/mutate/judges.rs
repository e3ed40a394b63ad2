//! The judges of `e2e` on one lab with a broken template, as far as they look at what changed.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use super::catchers::Rendered;
use super::put;
use crate::Failure;
use crate::e2e::labs::Lab;
use crate::e2e::root::Root;
use crate::e2e::{Bench, kubeconform, kustomize, markdownlint, meaning, mkdocs, modules, policies, readers, yamllint};

/// A bench of one's own, with the example lab on it, initialised.
pub(super) struct Judges {
    pub(super) bench: Bench,
    example: Lab,
    root: Root,
    modules: Vec<(&'static str, Root)>,
}

impl Judges {
    /// Renders the lab and initialises its root and its modules.
    pub(super) fn new(example: &str) -> Result<Self, Failure> {
        let bench = Bench::new()?;
        let example = bench.lab("example", example)?;
        let root = |folder: Utf8PathBuf, name: &str| -> Result<Root, Failure> {
            let root = Root::new(&bench, folder, bench.folder(name)?.join("store"))?;
            if name == "root" {
                root.keep_state_here()?;
            }
            let init = root.init()?;
            if init.status == 0 { Ok(root) } else { Err(init.text.into()) }
        };
        let modules = modules::MODULES
            .iter()
            .map(|name| Ok((*name, root(example.folder.join("tofu/modules").join(name), name)?)))
            .collect::<Result<Vec<_>, Failure>>()?;
        let root = root(example.root(), "root")?;
        Ok(Self { bench, example, root, modules })
    }

    /// The first judge that finds a fault in a lab of which `paths` changed.
    pub(super) fn judge(
        &self,
        name: &str,
        inventory: &str,
        rendered: &Rendered,
        paths: &[&Utf8Path],
    ) -> Result<Option<&'static str>, Failure> {
        let below = |folder: &str| paths.iter().any(|path| path.starts_with(folder));
        if below("tofu") && name == "example" {
            let found = self.tofu(rendered, paths)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        let lab = self.lab(name, inventory, rendered)?;
        let found = match self.files(&lab, paths) {
            Ok(None) if name != "example" => self.root_of(&lab, paths),
            found => found,
        };
        fs::remove_dir_all(&lab.folder)?;
        found
    }

    /// Whether the root of a lab of which `paths` changed still does what the inventory promises.
    pub(super) fn meaning(
        &self,
        name: &str,
        inventory: &str,
        rendered: &Rendered,
        paths: &[&Utf8Path],
    ) -> Result<Option<&'static str>, Failure> {
        let lab = self.lab(name, inventory, rendered)?;
        let found = self.root_of(&lab, paths);
        fs::remove_dir_all(&lab.folder)?;
        found
    }

    fn root_of(&self, lab: &Lab, paths: &[&Utf8Path]) -> Result<Option<&'static str>, Failure> {
        if !paths.iter().any(|path| path.starts_with("tofu") && !is_test(path)) {
            return Ok(None);
        }
        Ok((!meaning::judge_lab(&self.bench, lab)?.1.is_empty()).then_some("meaning"))
    }

    /// The judges that read files.
    fn files(&self, lab: &Lab, paths: &[&Utf8Path]) -> Result<Option<&'static str>, Failure> {
        let below = |folder: &str| paths.iter().any(|path| path.starts_with(folder));
        let bench = &self.bench;
        if below("flux") {
            if !kustomize::judge_lab(bench, lab)?.1.is_empty() {
                return Ok(Some("kustomize"));
            }
            if !kubeconform::judge_lab(bench, lab)?.is_empty() {
                return Ok(Some("kubeconform"));
            }
            if !readers::judge_lab(bench, lab)?.is_empty() {
                return Ok(Some("readers"));
            }
            if !yamllint::judge_lab(bench, lab)?.is_empty() {
                return Ok(Some("yamllint"));
            }
        }
        if paths.iter().any(|path| path.extension() == Some("py")) && !policies::judge_lab(bench, lab)?.is_empty() {
            return Ok(Some("policies"));
        }
        if below("docs") {
            if !markdownlint::judge_lab(bench, lab)?.is_empty() {
                return Ok(Some("markdownlint"));
            }
            if !mkdocs::judge_lab(bench, lab)?.is_empty() {
                return Ok(Some("mkdocs"));
            }
        }
        Ok(None)
    }

    /// A folder with what is rendered.
    fn lab(&self, name: &str, inventory: &str, rendered: &Rendered) -> Result<Lab, Failure> {
        let lab = Lab { name: name.to_owned(), folder: self.bench.folder("broken")? };
        fs::write(lab.folder.join("inventory.yaml"), inventory)?;
        for (path, text) in rendered {
            put(&lab.folder, path, text)?;
        }
        Ok(lab)
    }

    /// OpenTofu on the example with the files that changed, which are as they were afterwards.
    fn tofu(&self, rendered: &Rendered, paths: &[&Utf8Path]) -> Result<Option<&'static str>, Failure> {
        let mut before = Vec::new();
        for path in paths {
            before.push((*path, fs::read_to_string(self.example.folder.join(path)).ok()));
            put(&self.example.folder, path, &rendered[*path])?;
        }
        let found = self.run_tofu(paths);
        for (path, text) in before {
            match text {
                Some(text) => put(&self.example.folder, path, &text)?,
                None => fs::remove_file(self.example.folder.join(path))?,
            }
        }
        found
    }

    fn run_tofu(&self, paths: &[&Utf8Path]) -> Result<Option<&'static str>, Failure> {
        let laid_out = self.root.tofu_in(&self.example.folder, &["fmt", "-check", "-recursive"])?;
        if laid_out.status != 0 {
            return Ok(Some("fmt"));
        }
        for (module, root) in &self.modules {
            let folder = Utf8Path::new("tofu/modules").join(module);
            if paths.iter().any(|path| path.starts_with(&folder)) && modules::test(root, module)?.1.is_some() {
                return Ok(Some("modules"));
            }
        }
        if paths.iter().all(|path| is_test(path)) {
            return Ok(None);
        }
        self.root.fresh()?;
        let applied = self.root.apply()?.status == 0;
        let settled = applied && self.root.plan()?.is_ok_and(|plan| plan.is_empty());
        if !settled {
            return Ok(Some("lifecycle"));
        }
        Ok((!meaning::judge_applied(&self.example, &self.root)?.1.is_empty()).then_some("meaning"))
    }
}

/// Whether OpenTofu reads the file in `tofu test` alone.
fn is_test(path: &Utf8Path) -> bool {
    path.components().any(|part| part.as_str() == "tests")
}
