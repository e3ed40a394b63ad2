//! The judge `formats`: what `labtree check` prints for programs is what those programs read, and says the same in each
//! format.

mod judges;

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use super::{Bench, Verdict};
use crate::{Failure, binary, repository};

/// Files whose names and texts hold what each format must escape.
const ODD: [(&str, &str); 2] = [
    (
        "a b,c:d%/<größe> & \"x\".yaml",
        "\"<b>&'%0A::error::\": 1\n\"<b>&'%0A::error::\": 2\n\"]]>\\e[0m\\n𝄞\": 1\n\"]]>\\e[0m\\n𝄞\": 2\n",
    ),
    ("'b'.yaml", "key:\n\t- tab\n"),
];
const NO_ERRORS: &str = "kind: ConfigMap\n";

/// What was printed for one folder.
struct Printed {
    /// What the folder is called in messages.
    name: String,
    /// The findings of the JSON document, paths as in the other formats, errors first where the format says so.
    findings: Vec<Json>,
    /// The files with the output, by format.
    folder: Utf8PathBuf,
}

impl Printed {
    fn file(&self, format: &str) -> Utf8PathBuf {
        self.folder.join(format)
    }

    /// Its findings, for a script.
    fn listed(&self) -> Utf8PathBuf {
        self.folder.join("findings")
    }
}

/// Judges the broken labs, a file with an odd name, and a folder in which nothing is found.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("documents");
    let program = binary("labtree", &[])?;
    let mut folders: Vec<(Utf8PathBuf, String)> = Vec::new();
    let broken = repository().join("fixtures/broken");
    for entry in broken.read_dir_utf8()? {
        let entry = entry?;
        if entry.path().is_dir() {
            folders.push((entry.path().to_owned(), format!("fixtures/broken/{}/", entry.file_name())));
        }
    }
    folders.sort();
    for (name, files) in [("odd", &ODD[..]), ("clean", &[("app/config.yaml", NO_ERRORS)])] {
        let folder = bench.folder(name)?;
        for (path, text) in files {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().unwrap_or(&folder))?;
            fs::write(file, text)?;
        }
        folders.push((folder, String::new()));
    }
    folders.push((compared(bench, &program)?, String::new()));
    let printed: Vec<_> =
        folders.iter().map(|(root, prefix)| print(bench, &program, root, prefix)).collect::<Result<_, _>>()?;
    let [.., odd, _, compared] = &printed[..] else { return Err("no folder was judged".into()) };
    verdict.must(odd.findings.len() > 2, || format!("{} findings in the odd file", odd.findings.len()));
    for (printed, state) in [(odd, None), (compared, Some("new"))] {
        let states = baseline_states(printed)?;
        let is_right = states.len() == printed.findings.len() && states.iter().all(|found| found.as_deref() == state);
        verdict.must(is_right, || format!("{}: the results are {states:?}, not all {state:?}", printed.name));
    }
    for judge in judges::ALL {
        verdict.faults.extend(judge(bench, &printed)?);
    }
    verdict.judged = printed.len() * FORMATS.len();
    verdict.aside = format!("{} findings", printed.iter().map(|printed| printed.findings.len()).sum::<usize>());
    Ok(verdict)
}

/// A folder with a baseline, and with findings that it does not know.
fn compared(bench: &Bench, program: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let folder = bench.folder("compared")?;
    let [(new, text), (old, known)] = ODD;
    fs::write(folder.join(old), known)?;
    let done =
        Command::new(program).args(["check", "--quiet", "--write-baseline", "--root", folder.as_str()]).output()?;
    if !done.status.success() {
        return Err(format!("no baseline was written: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let file = folder.join(new);
    fs::create_dir_all(file.parent().unwrap_or(&folder))?;
    fs::write(file, text)?;
    Ok(folder)
}

/// What SARIF says of each result beside those of another run.
fn baseline_states(printed: &Printed) -> Result<Vec<Option<String>>, Failure> {
    let document: Json = serde_json::from_str(&fs::read_to_string(printed.file("sarif"))?)?;
    let results = document["runs"][0]["results"].as_array().ok_or("the SARIF document has no results")?;
    Ok(results.iter().map(|result| result["baselineState"].as_str().map(str::to_owned)).collect())
}

const FORMATS: [&str; 5] = ["json", "sarif", "github", "gitlab", "junit"];

fn print(bench: &Bench, program: &Utf8Path, root: &Utf8Path, prefix: &str) -> Result<Printed, Failure> {
    let folder = bench.folder("printed")?;
    for format in FORMATS {
        let mut check = Command::new(program);
        check.args(["check", "--quiet", "--show", "warning", "--format", format, "--root", root.as_str()]);
        let done = check.output()?;
        if !matches!(done.status.code(), Some(0 | 1)) {
            return Err(format!("{check:?}: {}", String::from_utf8_lossy(&done.stderr)).into());
        }
        fs::write(folder.join(format), done.stdout)?;
    }
    let document: Json = serde_json::from_str(&fs::read_to_string(folder.join("json"))?)?;
    let mut findings = document["findings"].as_array().cloned().ok_or("the JSON document has no findings")?;
    for finding in &mut findings {
        prepend(prefix, finding);
        finding["related"].as_array_mut().into_iter().flatten().for_each(|related| prepend(prefix, related));
    }
    fs::write(folder.join("findings"), serde_json::to_string(&findings)?)?;
    let name = root.file_name().unwrap_or_default().to_owned();
    Ok(Printed { name, findings, folder })
}

/// The other formats have paths from the git repository on.
fn prepend(prefix: &str, place: &mut Json) {
    if let Some(path) = place["path"].as_str() {
        place["path"] = format!("{prefix}{path}").into();
    }
}
