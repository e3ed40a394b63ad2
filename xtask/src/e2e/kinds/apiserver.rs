//! The judge `apiserver`: the API server's own code says of an object of a custom kind what labtree says.
//!
//! It prunes and fills in, validates, and evaluates the rules in CEL; kubeconform does neither of the first nor the
//! last.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;
use serde_json::Value as Json;

use super::{Bench, Object, Objects, Verdict, changed, found, schemas};
use crate::Failure;

/// The program and its module.
const PROGRAM: &str = include_str!("apiserver.go");
const MODULE: &str = "module apiserver\n\ngo 1.26.0\n\nrequire (\n\tk8s.io/apiextensions-apiserver v0.36.0\n\
                      \tk8s.io/apimachinery v0.36.0\n\tk8s.io/apiserver v0.36.0\n)\n";

/// Judges every whole object of the example lab and of the corpus, and changed copies.
pub(in super::super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("objects");
    let program = bench.tools.go_program("apiserver-0.36.0", MODULE, PROGRAM)?;
    let whole = found(bench, &mut verdict)?;
    let copies = changed(bench, &whole)?.1;
    let judged: Vec<&Object> = [&whole, &copies].into_iter().flat_map(Objects::values).flatten().collect();
    let judged: Vec<&Object> = judged.into_iter().filter(|object| object.is_known && !object.is_substituted).collect();
    let said = said(&program, &schemas::files(&bench.tools)?, &judged)?;
    let (mut valid, mut invalid) = (0, 0);
    for (object, said) in judged.iter().zip(said) {
        // It says nothing of Kubernetes' own kinds.
        let Some(said) = said.as_array() else { continue };
        verdict.judged += 1;
        let ours: Vec<&str> = object
            .misfits
            .iter()
            .filter(|misfit| !misfit.path.starts_with("metadata"))
            .map(|misfit| misfit.message.as_str())
            .collect();
        match (ours.is_empty(), said.is_empty()) {
            (true, true) => valid += 1,
            (false, false) => invalid += 1,
            // Flux Operator adds its kinds to the list.
            (true, false) if said.iter().all(|said| said.to_string().contains("value: \\\"FluxInstance")) => valid += 1,
            _ => {
                let kind = format!("{} {}", object.api_version, object.json["kind"]);
                verdict.faults.push(format!("{kind}: labtree: {ours:?}; the API server: {said:?}; {}", object.json));
            }
        }
    }
    verdict.aside += &format!("{valid} valid and {invalid} invalid to both");
    Ok(verdict)
}

fn said(program: &Utf8PathBuf, definitions: &[Utf8PathBuf], objects: &[&Object]) -> Result<Vec<Json>, Failure> {
    let mut lines = String::new();
    for object in objects {
        let mut json = object.json.clone();
        // They are gone, or not looked at.
        for name in ["sops", "status"] {
            json.as_object_mut().and_then(|fields| fields.remove(name));
        }
        lines.push_str(&json.to_string());
        lines.push('\n');
    }
    let input = tempfile::NamedTempFile::new()?;
    input.as_file().write_all(lines.as_bytes())?;
    let done = Command::new(program)
        .args(definitions)
        .stdin(Stdio::from(fs::File::open(input.path())?))
        .stderr(Stdio::inherit())
        .output()?;
    if !done.status.success() {
        return Err(format!("the API server's code: {}", done.status).into());
    }
    Ok(String::from_utf8(done.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}
