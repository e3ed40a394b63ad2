//! What the catalog knows of an app that is to be added.

use catalog::{Catalog, Entry};
use diagnostic::{Sources, did_you_mean, nearest};

use crate::args::{Chart, NewApp};
use crate::failure::Failure;

/// An entry of the catalog, as far as the inventory takes it in.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) category: String,
    pub(super) icon: Option<String>,
    /// What stands behind the host of its address.
    pub(super) path: Option<String>,
    pub(super) smtp: bool,
    pub(super) release: Option<Chart>,
    /// What is written below `oidc`, from the first column on.
    pub(super) oidc: Option<String>,
    /// What is written below `ldap`, likewise.
    pub(super) ldap: Option<String>,
}

impl Known {
    /// The entry that `arguments` name, or the one of the app's own name.
    ///
    /// # Errors
    /// The catalog has no entry of the name that was asked for.
    pub(super) fn find(arguments: &NewApp, catalog: &Catalog, sources: &Sources) -> Result<Option<Self>, Failure> {
        if arguments.no_catalog {
            return Ok(None);
        }
        let key = arguments.catalog.as_deref().unwrap_or(arguments.name());
        match catalog.get(key) {
            Some(entry) => Ok(Some(Self::of(entry, sources))),
            None if arguments.catalog.is_none() => Ok(None),
            None => {
                let near = did_you_mean(key, catalog.names());
                let help = "`labtree new app --list` shows what it knows";
                Err(Failure::usage(format!("the catalog has no app `{key}`{near}"), help))
            }
        }
    }

    /// The key of the entry that the app may be of, where the catalog has none of its very name: `paperless-ngx` for
    /// `paperless`, `gitea` for `gitea-work` or `gitae`.
    pub(super) fn near<'c>(arguments: &NewApp, catalog: &'c Catalog) -> Option<&'c str> {
        if arguments.no_catalog {
            return None;
        }
        let name = arguments.name();
        let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'));
        nearest(name, catalog.names()).or_else(|| catalog.names().find(|key| begins(key, name) || begins(name, key)))
    }

    fn of(entry: &Entry, sources: &Sources) -> Self {
        let facts = &entry.facts;
        let release = facts.release.as_ref().map(|release| Chart {
            repository: release.repository.to_string(),
            chart: release.chart.to_string(),
            version: release.version.to_string(),
        });
        Self {
            key: entry.key.clone(),
            name: facts.name.to_string(),
            description: facts.description.to_string(),
            category: facts.category.to_string(),
            icon: facts.icon.as_ref().map(|icon| icon.to_string()),
            path: facts.path.as_ref().map(|path| path.to_string()),
            smtp: *facts.smtp,
            release,
            oidc: entry.oidc_text(sources),
            ldap: entry.ldap_text(sources),
        }
    }
}
