//! The command line.

mod apps;

use camino::Utf8PathBuf;
use clap::builder::styling::AnsiColor;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use diagnostic::Severity;
use lint::Family;

pub(crate) use apps::*;

pub(crate) const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Keeps a homelab's Flux and OpenTofu trees true to one inventory.
///
/// Describe the lab once in inventory.yaml: the identity provider authentik, its apps, groups and people.
/// labtree renders the Flux tree, the OpenTofu root, the secret references and the identity page from it.
#[derive(Debug, Parser)]
#[command(name = "labtree", version, styles = STYLES, propagate_version = true)]
#[command(after_help = "Exit status: 0 clean, 1 findings, 2 could not run.")]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The root of the lab; without it, the nearest folder upwards that holds an inventory.
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub root: Option<Utf8PathBuf>,
    /// When to colour what is printed; `NO_COLOR` is respected.
    #[arg(long, global = true, value_name = "WHEN", default_value_t, value_enum)]
    pub color: Color,
    /// Print findings only.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// When to colour what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON document, version 1.
    Json,
}

/// How the findings of `check` are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON document, version 1.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For GitHub Actions: annotations beside the code.
    Github,
    /// For GitLab: a report for Code Quality.
    Gitlab,
    /// For any other CI: JUnit's XML, each finding a test that failed.
    Junit,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Weight {
    /// It will fail, or is unsafe.
    Error,
    /// It works today, for the wrong reason.
    Warning,
    /// Tidiness.
    Hint,
}

impl From<Weight> for Severity {
    fn from(weight: Weight) -> Self {
        match weight {
            Weight::Error => Severity::Error,
            Weight::Warning => Severity::Warning,
            Weight::Hint => Severity::Hint,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new lab: inventory, rendered trees, page, and what to do next.
    Init(Init),
    /// Render the trees from the inventory.
    Generate(Generate),
    /// Find what will fail, what works for the wrong reason, and what is untidy.
    ///
    /// Works in any repository, with or without an inventory. Without `--root`, everything below the lab is read, or
    /// below the git repository around the current folder, or below that folder.
    Check(Check),
    /// Lay out OpenTofu's files as `tofu fmt` does.
    ///
    /// Works in any repository, as `check` does: every `.tf`, `.tofu` and `.tfvars` file, and the tests of modules.
    Fmt(Fmt),
    /// Print the page of a rule: why, how to mend it, an example.
    Explain(Explain),
    /// List the rules.
    Rules(Rules),
    /// Tell where a rendered line comes from.
    Why(Why),
    /// List the templates with who provides each, or show one.
    Templates(Templates),
    /// Add something to the lab.
    New {
        #[command(subcommand)]
        what: New,
    },
    /// Remove something from the lab.
    Remove {
        #[command(subcommand)]
        what: Remove,
    },
    /// Give something another name.
    Rename {
        #[command(subcommand)]
        what: Rename,
    },
    /// List what the lab has.
    List {
        #[command(subcommand)]
        what: List,
    },
    /// Draw what hangs together: who may open what, what a flow does, what waits for what.
    Graph(Graph),
    /// Let git judge each commit before it is made.
    Hook {
        #[command(subcommand)]
        what: Hook,
    },
    /// Teach `check` the kinds of your own cluster, and other providers of OpenTofu.
    Schema {
        #[command(subcommand)]
        what: Schema,
    },
    /// Look at the settings in labtree.toml.
    Config {
        #[command(subcommand)]
        what: Config,
    },
    /// Print the workflow that runs `check` where the repository is hosted.
    Ci(Ci),
    /// Print a man page, or write them all.
    Man(Man),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub struct Init {
    /// The folder to make; it must be empty or not exist.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Utf8PathBuf,
    /// The lab's name; without it, the folder's.
    #[arg(long)]
    pub name: Option<String>,
    /// The domain that the lab's hosts lie under.
    #[arg(long, default_value = "example.org")]
    pub domain: String,
}

#[derive(Clone, Debug, Default, Args)]
pub struct Generate {
    /// Write nothing; exit 1 if a file differs from what would be rendered.
    #[arg(long, conflicts_with_all = ["force", "dry_run"])]
    pub check: bool,
    /// Write nothing; say what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Show what changes in each file.
    #[arg(long)]
    pub diff: bool,
    /// Overwrite and delete files that were edited by hand too.
    #[arg(long)]
    pub force: bool,
    /// How results are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Clone, Debug, Default, Args)]
pub struct Check {
    /// Show only what is found in these files and folders; everything is read all the same.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<Utf8PathBuf>,
    /// Judge what is staged instead of the files, and show only what the commit brings.
    #[arg(long, conflicts_with_all = ["since", "write_baseline"])]
    pub staged: bool,
    /// Show only what came since this branch left REV, a branch, tag or commit such as `origin/main`.
    #[arg(long, value_name = "REV", conflicts_with = "write_baseline")]
    pub since: Option<String>,
    /// Write what is found to labtree.baseline; from then on, only what is new is shown.
    #[arg(long, conflicts_with_all = ["paths", "no_baseline"])]
    pub write_baseline: bool,
    #[command(flatten)]
    pub settings: Overrides,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
    /// The least severity that is shown; without it, `hint` in text and json, else `warning`.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub show: Option<Weight>,
}

/// What goes before a setting in labtree.toml.
#[derive(Clone, Debug, Default, Args)]
pub struct Overrides {
    /// The least severity that ends `check` with status 1; without it, as labtree.toml says, or `error`.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<Weight>,
    /// Leave the baseline aside, so that `check` shows what it knows, too.
    #[arg(long)]
    pub no_baseline: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct Fmt {
    /// Lay out only these files and what lies in these folders.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<Utf8PathBuf>,
    /// Write nothing; exit 1 if a file would be laid out anew.
    #[arg(long)]
    pub check: bool,
    /// Show what changes in each file.
    #[arg(long)]
    pub diff: bool,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// The rule's id, as a finding shows it in brackets.
    pub rule: String,
}

#[derive(Debug, Args)]
pub struct Rules {
    /// List the rules of this family only.
    #[arg(value_parser = PossibleValuesParser::new(Family::ALL.map(Family::name)))]
    pub family: Option<String>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Why {
    /// A line of a rendered file.
    #[arg(value_name = "FILE:LINE[:COLUMN]", value_hint = ValueHint::FilePath)]
    pub place: String,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Templates {
    /// Print the text of this template, to start one of your own from.
    #[arg(value_name = "TEMPLATE")]
    pub show: Option<String>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Who hosts a repository and runs its workflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Host {
    /// GitHub Actions: annotations and code scanning.
    Github,
    /// GitLab CI: Code Quality.
    Gitlab,
    /// Forgejo Actions.
    Forgejo,
}

#[derive(Debug, Args)]
pub struct Ci {
    /// Who hosts the repository.
    pub host: Host,
    /// The git repository that labtree is installed from, at the tag of this version.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, value_parser = NonEmptyStringValueParser::new())]
    pub git: String,
    /// Write it where the host looks for it; what stands there is left alone.
    #[arg(long)]
    pub write: bool,
}

#[derive(Debug, Args)]
pub struct Man {
    /// The command whose page is printed; without it, labtree's own.
    #[arg(value_name = "COMMAND", conflicts_with = "to")]
    pub command: Vec<String>,
    /// Write the page of every command to this folder, such as `~/.local/share/man/man1`.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub to: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
pub struct Graph {
    /// What to draw.
    pub kind: GraphKind,
    /// The language of the diagram.
    #[arg(long, value_enum, default_value_t)]
    pub format: DiagramFormat,
}

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphKind {
    /// Which groups, policies and users may open which application, as the OpenTofu roots say.
    Apps,
    /// The stages of each flow in order, with the policies that decide about them.
    Flows,
    /// The Flux Kustomizations and HelmReleases of each cluster, with what waits for what.
    Flux,
}

/// The language of a diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiagramFormat {
    /// For Markdown, as GitHub, GitLab and Forgejo show it.
    #[default]
    Mermaid,
    /// For Graphviz.
    Dot,
}

#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Write git's hook `pre-commit`; one that is there already is left alone.
    Install,
    /// Remove the hook that `install` wrote.
    Uninstall,
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Tell each setting with its value, and who says so.
    ///
    /// Takes the options of `check` that go before a setting, and tells what would count with them.
    Show(ConfigShow),
}

#[derive(Debug, Args)]
pub struct ConfigShow {
    /// List every rule; without it, those that labtree.toml names.
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub settings: Overrides,
    /// How the settings are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Subcommand)]
pub enum Schema {
    /// Keep what a cluster or OpenTofu says of its schemas.
    ///
    /// Takes what `kubectl get crd -o yaml` or `tofu providers schema -json` prints, and writes a file for each API
    /// group, or for each provider at the version in the lock file, to the folder `schemas`. `check` judges by them
    /// from then on.
    Import(SchemaImport),
    /// List what is built in and what was imported.
    List(SchemaList),
}

#[derive(Debug, Args)]
pub struct SchemaImport {
    /// A file with what was printed, or `-` for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: Utf8PathBuf,
    /// Where the versions of providers stand; without it, `.terraform.lock.hcl` in the current folder.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub lock: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
pub struct SchemaList {
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
