//! The judge `readers`: a reader of YAML 1.1 and one of YAML 1.2 read each rendered file to the same value.

use std::fs;
use std::process::Command;

use camino::Utf8PathBuf;

use super::labs::Lab;
use super::{Bench, Verdict};
use crate::Failure;

/// Prints the files that are read to different values.
const COMPARE: &str = "
import sys
import yaml
from ruamel.yaml import YAML

def plain(value):
    if isinstance(value, dict):
        return ('map', [(plain(key), plain(item)) for key, item in value.items()])
    if isinstance(value, (list, tuple)):
        return ('list', [plain(item) for item in value])
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return (kind.__name__, kind(value))
    if value is None:
        return None
    # Neither JSON nor Kubernetes has such a value, whoever reads it.
    raise ValueError(f'{value} is read as a {type(value).__name__}')

for path in sys.argv[1:]:
    text = open(path, encoding='utf-8').read()
    newer = YAML(typ='safe', pure=True)
    newer.version = (1, 2)
    try:
        one = [plain(document) for document in yaml.safe_load_all(text)]
        two = [plain(document) for document in newer.load_all(text)]
    except Exception as error:
        print(f'{path}: {error}'.replace('\\n', ' '))
        continue
    if one != two:
        print(f'{path}: YAML 1.1 and YAML 1.2 differ')
";

/// Values that the two read differently: each must be noticed, or the others prove nothing.
const BROKEN: [&str; 6] = ["a: no\n", "a: 0755\n", "a: 1e3\n", "a: 2026-01-01\n", "a: =\n", "on: a\n"];

/// Judges all labs.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("files");
    let folder = bench.folder("broken-yaml")?;
    for (index, text) in BROKEN.iter().enumerate() {
        let file = folder.join(format!("{index}.yaml"));
        fs::write(&file, text)?;
        verdict.must(!compare(bench, &[file])?.is_empty(), || format!("{text:?} is read alike"));
    }
    for lab in bench.labs()? {
        verdict.judged += rendered(&lab)?.len();
        verdict.faults.extend(judge_lab(bench, &lab)?);
    }
    Ok(verdict)
}

/// What is wrong with the files of a lab.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<Vec<String>, Failure> {
    compare(bench, &rendered(lab)?)
}

/// What a person wrote is theirs.
fn rendered(lab: &Lab) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut files = lab.files(&[".yaml", ".yml"])?;
    files.retain(|file| file.file_name() != Some("inventory.yaml"));
    Ok(files)
}

fn compare(bench: &Bench, files: &[Utf8PathBuf]) -> Result<Vec<String>, Failure> {
    let done = Command::new(bench.tools.python()?).args(["-c", COMPARE]).args(files).output()?;
    if !done.status.success() {
        return Err(format!("the readers of YAML: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    Ok(String::from_utf8(done.stdout)?.lines().map(str::to_owned).collect())
}
