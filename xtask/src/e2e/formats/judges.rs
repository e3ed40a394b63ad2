//! Who reads each format. Each first gets a document that it must refuse, or its silence proves nothing.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Bench, Printed};
use crate::{Failure, repository};

/// What is wrong with what was printed.
type Judge = fn(&Bench, &[Printed]) -> Result<Vec<String>, Failure>;

/// All of them.
pub(super) const ALL: &[Judge] = &[json, sarif, multitool, gitlab, junit, github];

/// Our own schema, read by `check-jsonschema`.
fn json(bench: &Bench, printed: &[Printed]) -> Result<Vec<String>, Failure> {
    let control = r#"{ "version": 1, "findings": [{ "rule": "x" }], "summary": {} }"#;
    by_schema(bench, &repository().join("schemas/findings.schema.json"), "json", printed, control)
}

/// The schema of OASIS, as Microsoft's package ships it.
fn sarif(bench: &Bench, printed: &[Printed]) -> Result<Vec<String>, Failure> {
    let control = r#"{ "version": "2.1.0", "runs": [{ "tool": {} }] }"#;
    let schema = bench.tools.sarif()?.with_file_name("sarif-2.1.0.json");
    by_schema(bench, &schema, "sarif", printed, control)
}

fn by_schema(
    bench: &Bench,
    schema: &Utf8Path,
    format: &str,
    printed: &[Printed],
    control: &str,
) -> Result<Vec<String>, Failure> {
    let place = bench.folder("control")?.join("bad.json");
    fs::write(&place, control)?;
    let check = |files: &[Utf8PathBuf]| {
        let mut check = Command::new(bench.tools.reader("check-jsonschema")?);
        let done = check.args(["--schemafile", schema.as_str(), "--default-filetype", "json"]).args(files).output()?;
        let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        Ok::<_, Failure>(if done.status.success() { Vec::new() } else { vec![format!("{format}: {text}")] })
    };
    let mut faults = check(&printed.iter().map(|printed| printed.file(format)).collect::<Vec<_>>())?;
    if check(&[place])?.is_empty() {
        faults.push(format!("{schema} takes what is none"));
    }
    Ok(faults)
}

/// Its one warning about every log: labtree has no page of its own to name.
const NO_PAGE: &str = " SARIF2005: ";

/// The rules of SARIF that no schema can say, by Microsoft's validator.
fn multitool(bench: &Bench, printed: &[Printed]) -> Result<Vec<String>, Failure> {
    let program = bench.tools.sarif()?;
    let folder = bench.folder("sarif")?;
    for (index, printed) in printed.iter().enumerate() {
        fs::copy(printed.file("sarif"), folder.join(format!("{index}.sarif")))?;
    }
    let control = folder.join("control.sarif");
    let empty = r#"{ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "x" } },
        "results": [{ "ruleIndex": 7, "message": { "text": "x" } }] }] }"#;
    fs::write(&control, empty)?;
    let mut validate = Command::new(program);
    validate.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1").current_dir(&folder);
    let done = validate.args(["validate", folder.join("*.sarif").as_str()]).output()?;
    let text = String::from_utf8(done.stdout)?;
    if !done.status.success() || !text.contains(&format!("{} files scanned", printed.len() + 1)) {
        return Err(format!("sarif-multitool: {text}{}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let told = text.lines().filter(|line| line.contains("): error ") || line.contains("): warning "));
    let (of_control, others): (Vec<_>, Vec<_>) = told.partition(|line| line.contains("control.sarif"));
    let mut faults: Vec<String> =
        others.into_iter().filter(|line| !line.contains(NO_PAGE)).map(str::to_owned).collect();
    if !of_control.iter().any(|line| line.contains("): error ")) {
        faults.push("sarif-multitool takes what is none".to_owned());
    }
    Ok(faults)
}

const TYPESCRIPT: &str = r#"{ "files": ["reports.ts"], "compilerOptions": { "noEmit": true, "strict": true, "types": [],
    "target": "es2022", "module": "esnext", "moduleResolution": "bundler" } }"#;

/// The types of Code Climate's format, checked by TypeScript.
fn gitlab(bench: &Bench, printed: &[Printed]) -> Result<Vec<String>, Failure> {
    let check = |documents: &[(&str, String)]| {
        let node = bench.tools.node()?;
        let folder = bench.folder("gitlab")?;
        std::os::unix::fs::symlink(node.folder.join("node_modules"), folder.join("node_modules"))?;
        let mut text = "import type { Issue } from 'codeclimate-types'\n".to_owned();
        for (name, document) in documents {
            // GitLab joins reports by fingerprint, and takes none without.
            text += &format!("// {name}\n;({document}) satisfies (Issue & {{ fingerprint: string }})[]\n");
        }
        fs::write(folder.join("reports.ts"), text)?;
        fs::write(folder.join("tsconfig.json"), TYPESCRIPT)?;
        let program = node.folder.join("node_modules/typescript/bin/tsc");
        let mut check = Command::new(&node.program);
        let done = check.current_dir(&folder).args([program.as_str(), "--pretty", "false"]).output()?;
        let text = String::from_utf8(done.stdout)?;
        Ok::<_, Failure>(text.lines().map(|line| format!("gitlab: {line}")).collect::<Vec<_>>())
    };
    let mut documents = Vec::new();
    for printed in printed {
        documents.push((printed.name.as_str(), fs::read_to_string(printed.file("gitlab"))?));
    }
    let mut faults = check(&documents)?;
    if check(&[("control", r#"[{ "type": "issue", "check_name": "x" }]"#.to_owned())])?.is_empty() {
        faults.push("TypeScript takes an issue of Code Climate that is none".to_owned());
    }
    Ok(faults)
}

/// Reads reports as `junitparser` does, and compares each with the findings in the file beside it.
const JUNIT: &str = "
import json, sys
from junitparser import JUnitXml
for report, findings in zip(sys.argv[1::2], sys.argv[2::2]):
    read = JUnitXml.fromfile(report)
    cases = [(suite.name, case) for suite in read for case in suite]
    told = [(name, case._elem.get('line'), kind.type, kind.message)
            for name, case in cases for kind in case.result]
    wanted = [(f['path'], str(f['line']), f['severity'], f['message']) for f in json.load(open(findings))]
    # XML has no words for other signs, and makes one space of any in an attribute.
    clean = lambda rows: [tuple(''.join(c for c in text if c > ' ').replace('[0m', '') for text in row) for row in rows]
    if clean(told) != clean(wanted):
        print(f'junit: {report}: {told} instead of {wanted}')
    if read.failures != len(wanted) or read.tests != max(1, len(wanted)):
        print(f'junit: {report}: {read.failures} failures of {read.tests} tests')
    if len({(case.classname, case.name) for _, case in cases}) != len(cases):
        print(f'junit: {report}: two tests have one name')
";

fn junit(bench: &Bench, printed: &[Printed]) -> Result<Vec<String>, Failure> {
    let mut python = Command::new(bench.tools.reader("python")?);
    python.args(["-c", JUNIT]);
    for printed in printed {
        python.args([printed.file("junit"), printed.listed()]);
    }
    told(&mut python)
}

/// Writes the findings as GitHub's own library writes its commands, and compares.
const GITHUB: &str = "
import { readFileSync } from 'node:fs';
const core = await import('@actions/core');
const write = { error: core.error, warning: core.warning, hint: core.notice };
const weight = { error: 0, warning: 1, hint: 2 };
const files = process.argv.slice(1);
for (let at = 0; at < files.length; at += 2) {
  const findings = JSON.parse(readFileSync(files[at + 1], 'utf8'));
  findings.sort((one, other) => weight[one.severity] - weight[other.severity]);
  let wanted = '';
  const real = process.stdout.write;
  process.stdout.write = (text) => { wanted += text; return true; };
  for (const f of findings) {
    let text = f.message + (f.help === null ? '' : `\\nhelp: ${f.help}`);
    for (const r of f.related) text += `\\n${r.path}:${r.line}: ${r.text}`;
    if (text.length > 4096) throw new Error(`a message of ${text.length} characters`);
    const one = f.line === f.end_line;
    write[f.severity](text, { title: f.rule, file: f.path, startLine: f.line, endLine: f.end_line,
      startColumn: one ? f.column : undefined, endColumn: one ? f.end_column : undefined });
  }
  process.stdout.write = real;
  const told = readFileSync(files[at], 'utf8');
  if (told !== wanted) console.log(`github: ${files[at]}: ${told} instead of ${wanted}`);
}
";

fn github(bench: &Bench, printed: &[Printed]) -> Result<Vec<String>, Failure> {
    let node = bench.tools.node()?;
    let mut script = Command::new(&node.program);
    script.current_dir(&node.folder).args(["--input-type=module", "--eval", GITHUB, "--"]);
    for printed in printed {
        script.args([printed.file("github"), printed.listed()]);
    }
    told(&mut script)
}

/// The lines that a script prints, a fault each.
fn told(script: &mut Command) -> Result<Vec<String>, Failure> {
    let done = script.output()?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
    }
    Ok(String::from_utf8(done.stdout)?.lines().map(str::to_owned).collect())
}
