//! The command line of the apps.

use std::str::FromStr;

use clap::{Args, Subcommand};

use super::Format;

#[derive(Debug, Subcommand)]
pub enum New {
    /// Add an app: its entry in the inventory, and all that follows.
    ///
    /// What no flag says is taken from the catalog, if that knows the app, or asked for on a terminal. The rest of the
    /// inventory stays as it is, to the byte. What is left to do by hand is printed, in order.
    App(Box<NewApp>),
}

#[derive(Debug, Subcommand)]
pub enum Remove {
    /// Remove an app: its entry in the inventory with its comments, and all that followed.
    ///
    /// What goes with it, in the cluster and in authentik, is printed; nothing of that happens here.
    App(RemoveApp),
}

#[derive(Debug, Subcommand)]
pub enum Rename {
    /// Rename an app; OpenTofu keeps what it made for it.
    ///
    /// The entry says `formerly: [OLD]` from then on, from which `moved` blocks follow: the next apply destroys nothing
    /// but the secret in Vault, which it writes anew at the path of the new name.
    App(RenameApp),
}

#[derive(Debug, Subcommand)]
pub enum List {
    /// List the apps, with how they log people in, where they run and who may open them.
    Apps(ListApps),
}

#[derive(Clone, Debug, Default, Args)]
pub struct NewApp {
    /// The app's key: lower-case letters, digits and `-`.
    #[arg(value_name = "NAME", required_unless_present = "list")]
    pub name: Option<String>,
    /// Where people open it.
    #[arg(long)]
    pub url: Option<String>,
    /// It logs people in by OpenID Connect.
    #[arg(long, conflicts_with = "ldap")]
    pub oidc: bool,
    /// It logs people in by LDAP.
    #[arg(long, conflicts_with = "redirect_uri")]
    pub ldap: bool,
    /// Where it may have people sent back to: a path of its URL, or an absolute URI; it can be given several times.
    #[arg(long, value_name = "URI")]
    pub redirect_uri: Vec<String>,
    /// Who may open it: groups, or `everyone`.
    #[arg(long, value_name = "GROUP", num_args = 1.., value_delimiter = ',')]
    pub allow: Vec<String>,
    /// Groups whose members have a role in it, of those that the catalog knows: `admin=admins`; it can be given several
    /// times.
    #[arg(long, value_name = "ROLE=GROUP")]
    pub role: Vec<Role>,
    /// The namespace it runs in.
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// It runs outside the clusters, so Flux has no part in it.
    #[arg(long, conflicts_with_all = ["namespace", "release", "smtp"])]
    pub outside: bool,
    /// The name that people see.
    #[arg(long, value_name = "TEXT")]
    pub display_name: Option<String>,
    /// The heading it stands under in the list of apps.
    #[arg(long, value_name = "TEXT")]
    pub category: Option<String>,
    /// A sentence on what it is.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Its picture: an address, or `fa://fa-…`.
    #[arg(long, value_name = "ICON")]
    pub icon: Option<String>,
    /// The entry of the catalog that it is taken from; without it, the one of its name.
    #[arg(long, value_name = "ENTRY")]
    pub catalog: Option<String>,
    /// Do not look into the catalog.
    #[arg(long, conflicts_with = "catalog")]
    pub no_catalog: bool,
    /// Render its HelmRelease: of the chart that the catalog knows, or of `REPOSITORY/CHART@VERSION`.
    #[arg(long, value_name = "CHART", num_args = 0..=1, require_equals = true, requires = "namespace")]
    pub release: Option<Option<Chart>>,
    /// It sends mail with the SMTP account of the lab.
    #[arg(long, requires = "namespace")]
    pub smtp: bool,
    /// Write nothing; show what would change, in the inventory and in each rendered file.
    #[arg(long)]
    pub dry_run: bool,
    /// List the apps that the catalog knows.
    #[arg(long, exclusive = true)]
    pub list: bool,
}

impl NewApp {
    /// The app's key; empty where only a list is wanted.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}

/// A role in an app, with the groups that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub name: String,
    pub groups: Vec<String>,
}

/// `admin=admins`, `editor=family,friends`.
impl FromStr for Role {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, groups) = text.split_once('=').unwrap_or_default();
        let groups: Vec<_> = groups.split(',').map(|group| group.trim().to_owned()).collect();
        match name.is_empty() || groups.iter().any(String::is_empty) {
            true => Err("it takes the form `admin=GROUP`, or `admin=GROUP,GROUP`"),
            false => Ok(Self { name: name.to_owned(), groups }),
        }
    }
}

/// A Helm chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    pub repository: String,
    pub chart: String,
    pub version: String,
}

/// `https://charts.example.org/wiki@1.2.3`.
impl FromStr for Chart {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.rsplit_once('@').and_then(|(whole, version)| Some((whole.rsplit_once('/')?, version)));
        match parts {
            Some(((repository, chart), version)) if repository.contains("://") && !chart.is_empty() => {
                Ok(Self { repository: repository.to_owned(), chart: chart.to_owned(), version: version.to_owned() })
            }
            _ => Err("it takes the form `https://charts.example.org/CHART@1.2.3`"),
        }
    }
}

#[derive(Clone, Debug, Args)]
pub struct RemoveApp {
    /// The app's key.
    pub name: String,
    /// Write nothing; show what would change, in the inventory and in each rendered file.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Debug, Args)]
pub struct RenameApp {
    /// The key that it has.
    pub old: String,
    /// The key that it gets.
    pub new: String,
    /// Write nothing; show what would change, in the inventory and in each rendered file.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Debug, Args)]
pub struct ListApps {
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
