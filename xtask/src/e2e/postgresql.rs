//! The judge `postgresql`: the state of the root lies in a real PostgreSQL, in the schema that the inventory names.

mod server;

use std::fs;

use super::labs::{self, Lab};
use super::root::{Ran, Root};
use super::{Bench, Verdict};
use crate::Failure;
use server::Server;

/// The role that OpenTofu logs in with, and its password.
const USER: &str = "opentofu";
const PASSWORD: &str = "correct horse battery staple";
/// The database and the schema in the inventory of this lab.
const DATABASE: &str = "states";
const SCHEMA: &str = "identity_state";

/// Judges the example lab, with the address of a server that is started for it.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("roots");
    let server = Server::start(bench, USER, PASSWORD)?;
    server.query("postgres", &format!("CREATE DATABASE {DATABASE}"))?;
    let lab = bench.lab("state", &inventory(server.port))?;
    let root = Root::new(bench, lab.root(), lab.folder.join("store.jsonl"))?;
    verdict.judged += 1;
    if !stored(&server, &lab, &root, &mut verdict)? {
        return Ok(verdict);
    }
    locked(&server, &root, &mut verdict)?;
    guarded(&lab, &root, &mut verdict)?;
    Ok(verdict)
}

/// The example with another place for its state.
fn inventory(port: u16) -> String {
    let place = format!("    host: 127.0.0.1\n    port: {port}\n    database: {DATABASE}\n");
    let schema = format!("    schema: {SCHEMA}\n    sslmode: disable\n");
    let edits = [
        ("    host: 192.168.68.7\n    port: 5432\n    database: tofu\n", place.as_str()),
        ("    schema: authentik\n", schema.as_str()),
    ];
    labs::edited(labs::example(), &edits)
}

fn tofu(root: &Root, password: &str, arguments: &[&str]) -> Result<Ran, Failure> {
    root.tofu_with(&[("PGUSER", USER), ("PGPASSWORD", password)], arguments)
}

/// `init` as the rendered files say, `apply`, and then the state is where it should be and nowhere else. Whether it is
/// there: without it nothing else can be asked.
fn stored(server: &Server, lab: &Lab, root: &Root, verdict: &mut Verdict) -> Result<bool, Failure> {
    for arguments in [
        &["init", "-no-color", "-input=false", "-backend-config=backend.pg.tfbackend"][..],
        &["apply", "-no-color", "-input=false", "-auto-approve"],
        &["plan", "-no-color", "-input=false", "-detailed-exitcode"],
    ] {
        let ran = tofu(root, PASSWORD, arguments)?;
        verdict.must(ran.status == 0, || format!("`tofu {}` ends with {}:\n{}", arguments[0], ran.status, ran.text));
    }
    let ours = "SELECT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
    let schemas = server.query(DATABASE, ours)?;
    verdict.must(schemas == SCHEMA, || format!("there are tables in the schemas {schemas:?}, not in `{SCHEMA}` alone"));
    if !schemas.lines().any(|schema| schema == SCHEMA) {
        return Ok(false);
    }
    let states = server
        .query(DATABASE, &format!("SELECT count(*) FROM {SCHEMA}.states WHERE data LIKE '%authentik_application%'"))?;
    verdict.must(states == "1", || format!("{states} rows hold the state"));
    verdict.must(!lab.root().join("terraform.tfstate").exists(), || "the state lies in the folder too".to_owned());
    Ok(states == "1")
}

/// While somebody else holds the lock of the state, nothing is planned.
fn locked(server: &Server, root: &Root, verdict: &mut Verdict) -> Result<(), Failure> {
    let id = server.query(DATABASE, &format!("SELECT id FROM {SCHEMA}.states"))?;
    let plan = ["plan", "-no-color", "-input=false", "-lock-timeout=0s"];
    let held = server.hold(DATABASE, &format!("SELECT pg_advisory_lock({id})"))?;
    let ran = tofu(root, PASSWORD, &plan)?;
    drop(held);
    verdict.must(ran.status == 1 && ran.text.contains("Error acquiring the state lock"), || {
        format!("a plan of a locked state ends with {}:\n{}", ran.status, ran.text)
    });
    Ok(())
}

/// Another password is refused, and the right one stands in no file.
fn guarded(lab: &Lab, root: &Root, verdict: &mut Verdict) -> Result<(), Failure> {
    let ran = tofu(root, "another", &["plan", "-no-color", "-input=false"])?;
    verdict.must(ran.status == 1 && ran.text.contains("password authentication failed"), || {
        format!("a plan with another password ends with {}:\n{}", ran.status, ran.text)
    });
    let settings = lab.root().join(".terraform/terraform.tfstate");
    let mut files = lab.files(&[""])?;
    verdict.must(settings.exists(), || format!("{settings} is not there"));
    files.push(settings);
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(&file)?).into_owned();
        verdict.must(!text.contains(PASSWORD), || format!("the password stands in {file}"));
    }
    Ok(())
}
