//! Chores of this repository, and the product's own verbs on the example lab.

mod abort;
mod bench;
mod corpus;
mod docs;
mod e2e;
mod forward;
mod new_rule;
mod schemas;
mod synthetic;
mod test;
#[cfg(test)]
mod tidy;
mod untested;

use std::ffi::OsString;
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{FromArgMatches as _, Parser, Subcommand};

/// Chores of the labtree repository. The product's verbs work on fixtures/hdhomelab unless `--root` says otherwise.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Begin something: a rule of labtree, or a part of the example lab.
    New {
        #[command(subcommand)]
        what: New,
    },
    /// Run all tests.
    Test {
        /// What `cargo test` is given, such as the name of a test.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// Write what is made from the code: schemas, the inventory's reference page, the pages of the rules.
    Docs {
        /// Write nothing; exit 1 if a file differs.
        #[arg(long)]
        check: bool,
    },
    /// Derive the schemas of Kubernetes' kinds again from what their projects publish, or that of the authentik
    /// provider from a table of facts; schemas/README.md tells how.
    Schemas {
        /// Write nothing; exit 1 if a file differs.
        #[arg(long)]
        check: bool,
        /// The table of facts of the authentik provider.
        facts: Option<Utf8PathBuf>,
    },
    /// List the rendered files of the example lab that no test makes an assertion about.
    Untested,
    /// Check repositories that others wrote: how often each rule is broken in each, and every error.
    ///
    /// LABTREE_CORPUS names a folder whose folders are checked-out repositories.
    Corpus {
        /// Print every finding of this rule, and nothing of the others.
        #[arg(long, value_name = "ID")]
        rule: Option<String>,
        #[command(subcommand)]
        what: Option<Corpus>,
    },
    /// Kill 200 runs of `generate`, and as many of `new`, `rename` and `remove app`, at moments spread over their length;
    /// the next run must complete each.
    Abort,
    /// Have real tools judge what is rendered: OpenTofu, PostgreSQL, kustomize, CPython, mkdocs and others.
    ///
    /// Tools that are missing are fetched and built below target/e2e-tools. LABTREE_E2E_TOOLS names a folder with
    /// `tofu`, `kustomize` and `kubeconform` that are ready, LABTREE_CORPUS one with checked-out repositories for the
    /// judges `layout`, `schemas` and `apiserver`.
    E2e {
        /// The judges to run; all if none is named. `mutate [PREFIX…]` is none of them: it leaves out each line of
        /// the templates below PREFIX and tells who misses it, which takes an hour.
        judges: Vec<String>,
    },
    /// Measure.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Debug, Subcommand)]
enum New {
    /// Write the file of a rule with a test that fails, and list the rule.
    Rule(new_rule::Arguments),
}

/// What else is done with the corpus.
#[derive(Debug, Subcommand)]
enum Corpus {
    /// Plant defects in what clusters run, one at a time: `check` must tell each at its line, and no other error.
    Mutate {
        /// Which defects: the same number plants the same ones.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many.
        #[arg(long, default_value_t = 300)]
        count: usize,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// `generate` on labs of 10, 100, 1,000 and 5,000 apps, beside `cp` and hashing of the same files.
    Generate,
    /// `check` of any folder, beside reading and parsing the same files: time, memory, and instructions where there is
    /// a valgrind.
    Check(Root),
    /// `check --staged` in a large lab, beside reading and parsing its files.
    Staged {
        /// How many apps the lab has.
        #[arg(long, default_value_t = 1000)]
        apps: usize,
    },
    /// The files whose text `check` reads.
    #[command(hide = true)]
    Files(Root),
}

#[derive(Debug, clap::Args)]
struct Root {
    /// The folder.
    #[arg(long, default_value_t = lab())]
    root: Utf8PathBuf,
}

/// Why a chore failed.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let matches = forward::command().get_matches();
    if let Some(arguments) = forward::arguments(&matches) {
        return labtree::run(arguments, forward::PROGRAM, Some(&lab()));
    }
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let done = match cli.verb {
        Verb::New { what: New::Rule(arguments) } => new_rule::run(&arguments),
        Verb::Test { rest } => test::run(&rest),
        Verb::Docs { check } => docs::run(check),
        Verb::Schemas { check, facts } => schemas::run(facts.as_deref(), check),
        Verb::Untested => untested::run(),
        Verb::Corpus { what: Some(Corpus::Mutate { seed, count }), .. } => corpus::mutate(seed, count),
        Verb::Corpus { rule, what: None } => corpus::run(rule.as_deref()),
        Verb::Abort => abort::run(),
        Verb::E2e { judges } => e2e::run(&judges),
        Verb::Bench { what: Bench::Generate } => bench::generate::run(),
        Verb::Bench { what: Bench::Check(Root { root }) } => bench::check::run(&root),
        Verb::Bench { what: Bench::Staged { apps } } => bench::staged::run(apps),
        Verb::Bench { what: Bench::Files(Root { root }) } => bench::check::files(&root),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            say(format!("error: {failure}"));
            ExitCode::from(2)
        }
    }
}

/// The root of this repository.
fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// The example lab.
fn lab() -> Utf8PathBuf {
    repository().join("fixtures/hdhomelab")
}

/// A line for the person at the keyboard.
fn say(line: impl AsRef<str>) {
    anstream::println!("{}", line.as_ref());
}

/// Builds the binary as people run it, and tells where it lies.
fn release_binary() -> Result<Utf8PathBuf, Failure> {
    binary("labtree", &["--release"])
}

/// Builds the binary of `package`, and tells where it lies.
fn binary(package: &str, flags: &[&str]) -> Result<Utf8PathBuf, Failure> {
    let built = executables(&[&["build", "--package", package], flags].concat(), &[])?;
    Ok(built.into_iter().next_back().ok_or("cargo named no binary")?)
}

/// Runs cargo, which builds, and tells where each executable lies.
fn executables(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Vec<Utf8PathBuf>, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = std::process::Command::new(cargo)
        .current_dir(repository())
        .args(arguments)
        .args(["--quiet", "--locked", "--message-format=json-render-diagnostics"])
        .envs(environment.iter().copied())
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !built.status.success() {
        return Err(format!("`cargo {}` failed", arguments.join(" ")).into());
    }
    let messages = String::from_utf8(built.stdout)?;
    let executable = |line: &str| Some(line.split_once("\"executable\":\"")?.1.split('"').next()?.into());
    Ok(messages.lines().filter_map(executable).collect())
}
