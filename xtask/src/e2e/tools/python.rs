//! What comes from PyPI.

use std::fs;
use std::process::Command;

use camino::Utf8PathBuf;

use super::{Tools, run};
use crate::{Failure, say};

/// A Python that has the packages below, in place of one in the cache.
const PYTHON: &str = "LABTREE_E2E_PYTHON";
/// What the judges in Python need.
const PACKAGES: &[&str] = &["mkdocs-material==9.8.2", "pyyaml==6.0.4", "ruamel.yaml==0.19.1", "yamllint==1.38.0"];
/// Who reads what is printed for programs, and workflows.
const READERS: &[&str] = &["check-jsonschema==0.39.0", "junitparser==5.0.3", "pydot==4.0.1", "zizmor==1.32.0"];
/// What runs hooks of git that come from elsewhere.
const PRE_COMMIT: &str = "pre-commit==4.7.0";
/// PostgreSQL 16, as a package of Python.
const POSTGRESQL: &str = "pgserver==0.1.4";

impl Tools {
    /// A Python with yamllint, mkdocs, and readers of YAML 1.1 and 1.2.
    pub(crate) fn python(&self) -> Result<Utf8PathBuf, Failure> {
        match std::env::var(PYTHON) {
            Ok(python) => Ok(python.into()),
            Err(_) => Ok(self.environment("python", PACKAGES)?.join("bin/python")),
        }
    }

    /// The program `name` of those that read what is printed for programs; `python` has their packages.
    pub(crate) fn reader(&self, name: &str) -> Result<Utf8PathBuf, Failure> {
        Ok(self.environment("readers", READERS)?.join("bin").join(name))
    }

    /// A virtual environment with pre-commit.
    pub(crate) fn pre_commit(&self) -> Result<Utf8PathBuf, Failure> {
        self.environment("pre-commit", &[PRE_COMMIT])
    }

    /// The folders of PostgreSQL, side by side as they must stay: its programs, in `pgserver/pginstall/bin`, and the
    /// libraries that they look for beside them.
    pub(crate) fn postgresql(&self) -> Result<[Utf8PathBuf; 2], Failure> {
        let environment = self.environment("postgresql", &[POSTGRESQL])?;
        // Importing the package would make a folder for servers of its own.
        let ask = "from importlib.util import find_spec; print(find_spec('pgserver').submodule_search_locations[0])";
        let wheel = run(Command::new(environment.join("bin/python")).args(["-c", ask]))?;
        let wheel = Utf8PathBuf::from(wheel.trim());
        let libraries = wheel.with_file_name("pgserver.libs");
        Ok([wheel, libraries])
    }

    /// A virtual environment with `packages`, made when the cache has none with just these.
    pub(super) fn environment(&self, name: &str, packages: &[&str]) -> Result<Utf8PathBuf, Failure> {
        let place = self.cache.join(name);
        let complete = place.join("complete");
        let wanted = packages.join("\n");
        if fs::read_to_string(&complete).ok().as_deref() != Some(wanted.as_str()) {
            say(format!("installing {} …", packages.join(", ")));
            run(Command::new("python3").args(["-m", "venv", "--clear", place.as_str()]))?;
            let mut pip = Command::new(place.join("bin/python"));
            run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages))?;
            fs::write(complete, wanted)?;
        }
        Ok(place)
    }
}
