//! The judge `imports`: of a provider that was imported from OpenTofu's own output, `labtree check` and `tofu validate`
//! refuse the same blocks.

use std::fs;
use std::process::{Command, Stdio};

use camino::Utf8Path;
use serde_json::Value as Json;

use super::{Bench, Verdict};
use crate::{Failure, binary};

const HEAD: &str = r#"terraform {
  required_providers {
    vault = {
      source  = "hashicorp/vault"
      version = "5.3.0"
    }
    authentik = {
      source  = "goauthentik/authentik"
      version = "2026.5.0"
    }
  }
}
"#;
/// Blocks, each alone in a root; what stands for a value is one that fits. An argument that can only be read is not among
/// them: OpenTofu leaves it to the SDKs of providers to refuse it, and the stand-in has none.
const BLOCKS: [&str; 10] = [
    "resource \"vault_kv_secret_v2\" \"a\" {\n  mount     = \"infra\"\n  name      = \"a\"\n  data_json = \"{}\"\n}\n",
    "resource \"vault_kv_secret_v3\" \"a\" {\n  mount = \"infra\"\n}\n",
    "resource \"vault_kv_secret_v2\" \"a\" {\n  mount     = \"infra\"\n  data_json = \"{}\"\n}\n",
    "resource \"vault_kv_secret_v2\" \"a\" {\n  mount     = \"infra\"\n  nam       = \"a\"\n  name      = \"a\"\n  data_json = \"{}\"\n}\n",
    "resource \"vault_kv_secret_v2\" \"a\" {\n  mount     = \"infra\"\n  name      = \"a\"\n  data_json = \"{}\"\n  mount {\n  }\n}\n",
    "resource \"vault_kv_secret_v2\" \"a\" {\n  mount     = \"infra\"\n  name      = \"a\"\n  data_json = \"{}\"\n  nothing {\n  }\n}\n",
    "resource \"vault_kv_secret_v2\" \"a\" {\n  count     = 2\n  mount     = \"infra\"\n  name      = \"a\"\n  data_json = \"{}\"\n  lifecycle {\n    ignore_changes = [name]\n  }\n}\n",
    "data \"vault_kv_secret_v2\" \"a\" {\n  mount = \"infra\"\n  name  = \"a\"\n}\n",
    "data \"vault_kv_secret_v2\" \"a\" {\n  name = \"a\"\n}\n",
    "data \"vault_generic\" \"a\" {\n}\n",
];

/// The stand-in speaks to OpenTofu without TLS.
const PLAIN: &[(&str, &str)] = &[("TF_DISABLE_PLUGIN_TLS", "1")];

/// Judges each block.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("blocks");
    let (program, tofu) = (binary("labtree", &[])?, bench.tofu()?);
    let root = bench.folder("imports")?;
    fs::write(root.join("main.tf"), HEAD)?;
    fs::create_dir_all(root.join(".git"))?;
    let must = |arguments: &[&str]| {
        let done = tofu.run(&root, arguments, PLAIN)?;
        if !done.status.success() {
            return Err(format!("tofu {arguments:?}: {}", String::from_utf8_lossy(&done.stderr)).into());
        }
        Ok::<_, Failure>(done.stdout)
    };
    must(&["init", "-input=false"])?;
    fs::write(root.join("schemas.json"), must(&["providers", "schema", "-json"])?)?;
    let mut import = Command::new(&program);
    let done = import.current_dir(&root).args(["schema", "import", "schemas.json"]).output()?;
    if !done.status.success() {
        return Err(format!("labtree schema import: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let mut refused = 0;
    for block in BLOCKS {
        fs::write(root.join("main.tf"), format!("{HEAD}{block}"))?;
        let done = tofu.run(&root, &["validate", "-json"], PLAIN)?;
        let theirs: Json = serde_json::from_slice(&done.stdout)?;
        let theirs = theirs["valid"] != true;
        let ours = errors(&program, &root)?;
        refused += usize::from(theirs);
        verdict
            .must(ours.is_empty() != theirs, || format!("OpenTofu refuses it: {theirs}, labtree: {ours:?}:\n{block}"));
        verdict.judged += 1;
    }
    verdict.aside = format!("{refused} refused by both");
    Ok(verdict)
}

/// The errors that rules on providers find.
fn errors(program: &Utf8Path, root: &Utf8Path) -> Result<Vec<String>, Failure> {
    let mut check = Command::new(program);
    check.args(["check", "--format", "json", "--root", root.as_str()]).stderr(Stdio::inherit());
    let document: Json = serde_json::from_slice(&check.output()?.stdout)?;
    let found = document["findings"].as_array().into_iter().flatten();
    let errors = found.filter(|finding| finding["severity"] == "error");
    let errors = errors.filter(|finding| finding["rule"].as_str().is_some_and(|rule| rule.contains("-provider-")));
    Ok(errors.map(|finding| finding["message"].as_str().unwrap_or_default().to_owned()).collect())
}
