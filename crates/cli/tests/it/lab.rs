//! A lab in a temporary folder, and runs of the real binary in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// A lab in a folder that goes with it.
pub(crate) struct Lab {
    root: Utf8PathBuf,
    _folder: TempDir,
}

/// What a run of the binary left.
pub(crate) struct Ran {
    /// Its exit status.
    pub(crate) status: i32,
    /// What a pipe gets.
    pub(crate) stdout: String,
    /// What the person at the keyboard gets.
    pub(crate) stderr: String,
}

/// All as it is read in a snapshot.
impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "exit status: {}", self.status)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "----- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}

impl Ran {
    /// Standard output from the line that names `path` on, up to the next file or the total: what is said about it.
    #[track_caller]
    pub(crate) fn about(&self, path: &str) -> String {
        let mut lines = self.stdout.lines().skip_while(|line| !line.ends_with(path));
        let head = lines.next().unwrap_or_else(|| panic!("nothing is said about {path}:\n{self}"));
        let rest = lines.take_while(|line| line.is_empty() || line.starts_with("            "));
        std::iter::once(head).chain(rest).map(|line| format!("{line}\n")).collect()
    }

    /// Itself, if it ended with `status`.
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// The rules of the findings on standard error, in their order.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let rule = |line: &'_ str| -> Option<(usize, usize)> {
            let open = ["error[", "warning[", "hint["].iter().find(|word| line.starts_with(**word))?.len();
            Some((open, line.find("]: ")?))
        };
        self.stderr.lines().filter_map(|line| rule(line).map(|(open, close)| &line[open..close])).collect()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("this is no JSON ({error}):\n{self}"))
    }
}

/// Where the example lab of this repository lies.
pub(crate) fn example_folder() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/hdhomelab")
}

/// Where the labs with one fault each lie.
pub(crate) fn broken_folder() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/broken")
}

/// The inventory of the example lab.
pub(crate) fn example_inventory() -> String {
    fs::read_to_string(example_folder().join("inventory.yaml")).unwrap()
}

/// A command that runs the binary with nothing of this machine's environment but `PATH`.
pub(crate) fn labtree(folder: &Utf8Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_labtree"));
    command.args(arguments).current_dir(folder).env_clear().env("HOME", "/nonexistent").stdin(Stdio::null());
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// What a run of `command` left.
pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        status: output.status.code().unwrap_or_else(|| panic!("killed: {output:?}")),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Lab {
    /// A folder in which nothing lies.
    pub(crate) fn empty() -> Self {
        Self::empty_at("")
    }

    /// A folder in which nothing lies, `below` the temporary one.
    fn empty_at(below: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("lab").tempdir().unwrap();
        let folder_path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        let root = if below.is_empty() { folder_path } else { folder_path.join(below) };
        fs::create_dir_all(&root).unwrap();
        Self { root, _folder: folder }
    }

    /// What a person wrote in the example lab; nothing is rendered yet.
    pub(crate) fn written() -> Self {
        Self::written_at("")
    }

    /// The same in the folder `below` the temporary one.
    pub(crate) fn written_at(below: &str) -> Self {
        let lab = Self::empty_at(below);
        copy(&example_folder(), lab.root());
        let lock = fs::read_to_string(lab.root().join("labtree.lock")).unwrap_or_default();
        for path in locked(&lock) {
            fs::remove_file(lab.root().join(path)).unwrap();
        }
        let _ = fs::remove_file(lab.root().join("labtree.lock"));
        remove_empty_folders(lab.root());
        lab
    }

    /// The example lab, rendered.
    pub(crate) fn example() -> Self {
        static RENDERED: OnceLock<Lab> = OnceLock::new();
        let rendered = RENDERED.get_or_init(|| {
            let lab = Self::written();
            lab.run(&["generate"]).ended(0);
            lab
        });
        let lab = Self::empty();
        copy(rendered.root(), lab.root());
        lab
    }

    /// A lab of this inventory and nothing else.
    pub(crate) fn with(inventory: impl AsRef<[u8]>) -> Self {
        let lab = Self::empty();
        lab.write("inventory.yaml", inventory);
        lab
    }

    pub(crate) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Runs the binary in the root.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments))
    }

    /// Runs the binary in `folder` below the root.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Ran {
        run(&mut labtree(&self.root.join(folder), arguments))
    }

    /// The binary in the root, to be given more before it runs.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        labtree(&self.root, arguments)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        fs::symlink_metadata(self.root.join(path)).is_ok()
    }

    /// Puts `to` in the place of `from`, which stands in the file once.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "`{from}` does not stand once in {path}:\n{text}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// All files with their bytes; a folder in which nothing lies has a `/` behind it, a symlink a `@`.
    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let mut tree = BTreeMap::new();
        walk(&self.root, &mut |path, metadata| {
            let relative = path.strip_prefix(&self.root).unwrap();
            if metadata.is_symlink() {
                tree.insert(format!("{relative}@"), path.read_link_utf8().unwrap().into_string().into_bytes());
            } else if metadata.is_file() {
                tree.insert(relative.to_string(), fs::read(path).unwrap());
            } else if path.read_dir_utf8().unwrap().next().is_none() {
                tree.insert(format!("{relative}/"), Vec::new());
            }
        });
        tree
    }

    /// Runs `labtree generate`, which must end with `status`, leave everything as it is and say nothing of it.
    #[track_caller]
    pub(crate) fn refuses(&self, status: i32) -> Ran {
        let (tree, stamps) = (self.tree(), self.stamps());
        let ran = self.run(&["generate"]).ended(status);
        assert_eq!(self.changes_since(&tree), [""; 0], "{ran}");
        assert_eq!(self.stamps(), stamps, "{ran}");
        assert_eq!(ran.stdout, "", "{ran}");
        ran
    }

    /// All files and folders with what tells whether they were written: inode, time of change, mode, size.
    pub(crate) fn stamps(&self) -> BTreeMap<String, (u64, i64, i64, u32, u64)> {
        let mut stamps = BTreeMap::new();
        walk(&self.root, &mut |path, metadata| {
            let stamp = (metadata.ino(), metadata.mtime(), metadata.mtime_nsec(), metadata.mode(), metadata.len());
            stamps.insert(path.strip_prefix(&self.root).unwrap().to_string(), stamp);
        });
        stamps
    }

    /// Which files differ from those in `before`: `+` new, `-` gone, `~` of another text.
    pub(crate) fn changes_since(&self, before: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
        let now = self.tree();
        let paths: std::collections::BTreeSet<_> = before.keys().chain(now.keys()).collect();
        let sign = |path: &String| match (before.get(path), now.get(path)) {
            (None, _) => Some('+'),
            (_, None) => Some('-'),
            (was, is) => (was != is).then_some('~'),
        };
        paths.into_iter().filter_map(|path| Some(format!("{} {path}", sign(path)?))).collect()
    }
}

/// The paths that a lock knows.
pub(crate) fn locked(lock: &str) -> impl Iterator<Item = &str> {
    lock.lines().filter(|line| !line.starts_with('#')).filter_map(|line| Some(line.split_once("  ")?.1))
}

/// Calls `see` for everything below `folder`.
fn walk(folder: &Utf8Path, see: &mut impl FnMut(&Utf8Path, &fs::Metadata)) {
    for entry in folder.read_dir_utf8().unwrap() {
        let path = entry.unwrap().into_path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        see(&path, &metadata);
        if metadata.is_dir() {
            walk(&path, see);
        }
    }
}

pub(crate) fn copy(from: &Utf8Path, to: &Utf8Path) {
    walk(from, &mut |path, metadata| {
        let target = to.join(path.strip_prefix(from).unwrap());
        if metadata.is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(path, target).unwrap();
        }
    });
}

fn remove_empty_folders(folder: &Utf8Path) {
    for entry in folder.read_dir_utf8().unwrap() {
        let path = entry.unwrap().into_path();
        if path.is_dir() {
            remove_empty_folders(&path);
            let _ = fs::remove_dir(path); // one that holds something stays
        }
    }
}
