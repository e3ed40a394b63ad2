//! The judge `layout`: files that others wrote are laid out as `tofu fmt` lays them out, to the byte.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use syntax::hcl;

use super::{Bench, Verdict, labs};
use crate::{Failure, corpus};

/// What `tofu fmt` lays out.
const ENDINGS: [&str; 5] = [".tf", ".tofu", ".tfvars", ".tftest.hcl", ".tofutest.hcl"];

/// A file of the corpus.
struct Case {
    /// Where it lies: the repository, then the path in it.
    path: Utf8PathBuf,
    /// What it is called where OpenTofu lays it out.
    name: String,
    /// Its text as labtree lays it out; `None` if labtree refuses it.
    ours: Option<Vec<u8>>,
}

/// Judges all files of the corpus, if there is one.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("files");
    let Some(corpus) = corpus::folder()? else {
        verdict.aside = format!("passed over: {}", corpus::unset());
        return Ok(verdict);
    };
    let work = bench.folder("layout")?;
    let mut cases = Vec::new();
    for repository in corpus::repositories(&corpus)? {
        for path in labs::files(&repository, &ENDINGS)? {
            if fs::symlink_metadata(&path)?.is_file() {
                cases.push(case(&corpus, path, cases.len(), &work)?);
            }
        }
    }
    let tofu = bench.tools.tofu()?;
    let refused = refused(&tofu, &work, &cases.iter().collect::<Vec<_>>())?;
    let mut refused_by_both = 0;
    for case in &cases {
        let theirs = match refused.contains(&case.name.as_str()) {
            true => None,
            false => Some(fs::read(work.join(&case.name))?),
        };
        let path = &case.path;
        match (&case.ours, theirs) {
            (None, None) => refused_by_both += 1,
            (Some(ours), Some(theirs)) => {
                let at = || ours.split(|byte| *byte == b'\n').zip(theirs.split(|byte| *byte == b'\n'));
                verdict.must(*ours == theirs, || {
                    let same = at().take_while(|(ours, theirs)| ours == theirs).count();
                    format!("{path}:{}: `tofu fmt` lays out another text", same + 1)
                });
            }
            (Some(_), None) => verdict.faults.push(format!("{path}: `tofu fmt` refuses what labtree lays out")),
            (None, Some(_)) => verdict.faults.push(format!("{path}: labtree refuses what `tofu fmt` lays out")),
        }
    }
    verdict.judged = cases.len();
    let agree = cases.len() - refused_by_both - verdict.faults.len();
    verdict.aside = format!("{agree} agree, {} differ, {refused_by_both} refused by both", verdict.faults.len());
    Ok(verdict)
}

/// Copies the file `path` into `work`, where no two have one name.
fn case(corpus: &Utf8Path, path: Utf8PathBuf, number: usize, work: &Utf8Path) -> Result<Case, Failure> {
    let bytes = fs::read(&path)?;
    let name = format!("{number:05}-{}", path.file_name().unwrap_or_default());
    fs::write(work.join(&name), &bytes)?;
    let ours = str::from_utf8(&bytes).ok().and_then(|text| hcl::format(text).ok()).map(String::into_bytes);
    Ok(Case { path: path.strip_prefix(corpus)?.to_owned(), name, ours })
}

/// Has OpenTofu lay out all `cases` in `work`; the names of those that it refuses. Its status tells only that one of
/// many was refused, so these are halved until it is found.
fn refused<'c>(tofu: &Utf8Path, work: &Utf8Path, cases: &[&'c Case]) -> Result<Vec<&'c str>, Failure> {
    let mut refused = Vec::new();
    let mut open = vec![cases];
    while let Some(cases) = open.pop() {
        let names = cases.iter().map(|case| case.name.as_str());
        let done =
            Command::new(tofu).current_dir(work).args(["fmt", "-no-color", "-list=false"]).args(names).output()?;
        match (done.status.code(), cases) {
            (Some(0), _) => {}
            (Some(2), [case]) => refused.push(case.name.as_str()),
            (Some(2), _) => open.extend([&cases[..cases.len() / 2], &cases[cases.len() / 2..]]),
            _ => return Err(format!("`tofu fmt`: {}\n{}", done.status, String::from_utf8_lossy(&done.stderr)).into()),
        }
    }
    Ok(refused)
}
