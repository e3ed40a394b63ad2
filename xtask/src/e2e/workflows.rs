//! The judge `workflows`: what `labtree ci` prints, and the action in this repository, are taken by who runs and who
//! lints such files, and the action's own script does what its inputs say.

use std::fs;
use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};

use super::{Bench, Verdict};
use crate::{Failure, binary, repository};

const GIT: &str = "https://git.example.org/alex/labtree";
/// Each host, where it looks, and the schema of its workflows.
const HOSTS: [(&str, &str, &str); 3] = [
    ("github", ".github/workflows/labtree.yml", "vendor.github-workflows"),
    ("forgejo", ".forgejo/workflows/labtree.yml", "vendor.github-workflows"),
    ("gitlab", ".gitlab-ci.yml", "vendor.gitlab-ci"),
];
/// The label of Forgejo's usual runner, which GitHub has not.
const LABELS: &str = "self-hosted-runner:\n  labels: [docker]\n";
/// A workflow that all must refuse: a context that is none, and a key that is none.
const BROKEN: &str = "on: push\njobs:\n  check:\n    runs-on: ubuntu-24.04\n    stepps: []\n    steps:\n      - uses: actions/checkout@v7\n      - run: echo ${{ github.nothing }}\n";

/// Judges all of them.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("workflows");
    let program = binary("labtree", &[])?;
    let folder = bench.folder("workflows")?;
    fs::create_dir_all(folder.join(".git"))?;
    let mut workflows = Vec::new();
    for (host, path, schema) in HOSTS {
        let mut ci = Command::new(&program);
        let done = ci.args(["ci", host, "--git", GIT, "--write", "--root", folder.as_str()]).output()?;
        verdict.must(done.status.success(), || format!("labtree ci {host}: {}", words(&done)));
        by_schema(bench, schema, &folder.join(path), &mut verdict)?;
        if schema == "vendor.github-workflows" {
            workflows.push(folder.join(path));
        }
        verdict.judged += 1;
    }
    let action = repository().join("action.yml");
    by_schema(bench, "vendor.github-actions", &action, &mut verdict)?;
    verdict.judged += 1;
    let control = folder.join(".github/workflows/control.yml");
    fs::write(&control, BROKEN)?;
    actionlint(bench, &folder, &workflows, &control, &mut verdict)?;
    workflows.push(action.clone());
    zizmor(bench, &workflows, &control, &mut verdict)?;
    run_action(bench, &program, &action, &mut verdict)?;
    Ok(verdict)
}

fn by_schema(bench: &Bench, schema: &str, file: &Utf8Path, verdict: &mut Verdict) -> Result<(), Failure> {
    let check = |file: &Utf8Path| {
        let mut check = Command::new(bench.tools.reader("check-jsonschema")?);
        Ok::<_, Failure>(check.args(["--builtin-schema", schema, file.as_str()]).output()?)
    };
    let done = check(file)?;
    verdict.must(done.status.success(), || format!("{schema}: {}", words(&done)));
    let control = bench.folder("control")?.join("control.yml");
    fs::write(&control, "jobs: 1\ninputs: 1\ndefault: 1\n")?;
    verdict.must(!check(&control)?.status.success(), || format!("{schema} takes what is none"));
    Ok(())
}

fn actionlint(
    bench: &Bench,
    folder: &Utf8Path,
    files: &[Utf8PathBuf],
    control: &Utf8Path,
    verdict: &mut Verdict,
) -> Result<(), Failure> {
    let settings = folder.join("actionlint.yaml");
    fs::write(&settings, LABELS)?;
    let lint = |files: &[&Utf8Path]| {
        let mut lint = Command::new(bench.tools.actionlint()?);
        lint.current_dir(folder).args(["-no-color", "-oneline", "-config-file", settings.as_str()]);
        Ok::<_, Failure>(lint.args(files).output()?)
    };
    let done = lint(&files.iter().map(Utf8PathBuf::as_path).collect::<Vec<_>>())?;
    verdict.must(done.status.success(), || format!("actionlint: {}", words(&done)));
    verdict.must(lint(&[control])?.status.code() == Some(1), || "actionlint takes a broken workflow".to_owned());
    Ok(())
}

fn zizmor(bench: &Bench, files: &[Utf8PathBuf], control: &Utf8Path, verdict: &mut Verdict) -> Result<(), Failure> {
    let audit = |files: &[&Utf8Path]| {
        let mut audit = Command::new(bench.tools.reader("zizmor")?);
        audit.args(["--offline", "--no-config", "--no-progress", "--color", "never"]);
        Ok::<_, Failure>(audit.args(files).output()?)
    };
    let done = audit(&files.iter().map(Utf8PathBuf::as_path).collect::<Vec<_>>())?;
    verdict.must(done.status.success(), || format!("zizmor: {}", words(&done)));
    verdict.must(!audit(&[control])?.status.success(), || "zizmor takes an unpinned action".to_owned());
    Ok(())
}

/// Runs the script of the action as a runner does, with labtree where the first step installs it.
fn run_action(bench: &Bench, program: &Utf8Path, action: &Utf8Path, verdict: &mut Verdict) -> Result<(), Failure> {
    let text = fs::read_to_string(action)?;
    let script = text.rsplit_once("      run: |\n").ok_or("the action has a script")?.1;
    let script: String = script.lines().map(|line| format!("{}\n", line.trim_start_matches("        "))).collect();
    let temporary = bench.folder("runner")?;
    fs::create_dir_all(temporary.join("labtree/bin"))?;
    std::os::unix::fs::symlink(program, temporary.join("labtree/bin/labtree"))?;
    let folder = bench.folder("judged")?;
    fs::create_dir_all(folder.join("my lab"))?;
    let run = |fail_on: &str, format: &str, sarif: &str| {
        let mut run = Command::new("bash");
        run.current_dir(&folder).args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script]);
        run.env("RUNNER_TEMP", &temporary).env("ROOT", "my lab").env("FAIL_ON", fail_on);
        Ok::<_, Failure>(run.env("FORMAT", format).env("SARIF_FILE", sarif).output()?)
    };
    fs::write(folder.join("my lab/a.yaml"), "a: 1\n")?;
    let clean = run("", "github", "clean.sarif")?;
    verdict.must(clean.status.code() == Some(0), || format!("the action on a clean folder: {}", words(&clean)));
    fs::write(folder.join("my lab/a.yaml"), "a: 1\na: 2\n")?;
    let warned = run("", "github", "")?;
    verdict.must(warned.status.code() == Some(0) && words(&warned).contains("::warning "), || {
        format!("the action on a warning: {}", words(&warned))
    });
    let failed = run("warning", "text", "failed.sarif")?;
    verdict.must(failed.status.code() == Some(1) && words(&failed).contains("is written twice"), || {
        format!("the action that fails on warnings: {}", words(&failed))
    });
    let bad = run("nothing", "text", "bad.sarif")?;
    verdict.must(bad.status.code() == Some(2), || format!("the action with a bad input: {}", words(&bad)));
    for (file, results) in [("clean.sarif", 0), ("failed.sarif", 1)] {
        let log: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join(file))?)?;
        let found = log["runs"][0]["results"].as_array().map(Vec::len);
        verdict.must(found == Some(results), || format!("{file} has {found:?} results"));
    }
    Ok(())
}

fn words(done: &Output) -> String {
    String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr)
}
