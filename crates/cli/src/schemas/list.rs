//! `labtree schema list`: what is built in, and what was imported.

use diagnostic::Sources;
use schema::{Kind, Provider, kubernetes};
use serde_json::{Value, json};

use super::Schemas;
use crate::Outcome;
use crate::args::{Format, SchemaList};
use crate::disk::Disk;
use crate::failure::Failure;
use crate::input::{outcome, settings};
use crate::terminal::Terminal;

/// Where labtree's own schemas come from.
const BUILT_IN: &str = "built in";

/// A schema: of what, at which versions, how much it has, and where it comes from.
struct Listed {
    name: String,
    versions: String,
    holds: String,
    from: String,
}

/// Lists them.
///
/// # Errors
/// The disk fails.
pub(crate) fn run(disk: &impl Disk, arguments: &SchemaList, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let settings = settings(disk, &mut sources, &mut found)?;
    let schemas = Schemas::read(disk, &settings, &mut sources, &mut found)?;
    let listed = listed(&schemas);
    terminal.findings(&sources, &found);
    match arguments.format {
        Format::Json => {
            let schemas: Value = listed.iter().map(json).collect();
            terminal.print(json!({ "version": 1, "schemas": schemas }).to_string());
        }
        Format::Text => {
            let width = |part: fn(&Listed) -> &str| listed.iter().map(|one| part(one).len()).max().unwrap_or_default();
            let (names, versions) = (width(|one| &one.name), width(|one| &one.versions));
            let holds = width(|one| &one.holds);
            for Listed { name, versions: version, holds: held, from } in &listed {
                terminal.print(format!("{name:names$}  {version:versions$}  {held:holds$}  {from}"));
            }
        }
    }
    Ok(outcome(&found, diagnostic::Severity::Error))
}

fn json(listed: &Listed) -> Value {
    json!({ "name": listed.name, "versions": listed.versions, "holds": listed.holds, "from": listed.from })
}

fn listed(schemas: &Schemas) -> Vec<Listed> {
    let range = |first: String, last: String| if first == last { first } else { format!("{first} to {last}") };
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let types = |resources: usize, data: usize| {
        format!("{}, {}", count(resources, "resource type"), count(data, "data source"))
    };
    let mut files = schemas.kind_files.iter();
    let mut all: Vec<Listed> = kubernetes::tables(schemas.kinds)
        .map(|table| Listed {
            from: match table.is_imported {
                true => files.next().map_or_else(String::new, ToString::to_string),
                false => BUILT_IN.to_owned(),
            },
            name: table.project.to_owned(),
            versions: range(table.oldest, table.newest),
            holds: count(table.kinds, "kind"),
        })
        .collect();
    let authentik = Provider::authentik();
    let releases: Vec<String> = authentik.releases().map(|release| release.version().to_string()).collect();
    let (first, last) = (releases.first().cloned().unwrap_or_default(), releases.last().cloned().unwrap_or_default());
    all.push(Listed {
        name: "goauthentik/authentik".to_owned(),
        versions: range(first, last),
        holds: types(authentik.types(Kind::Resource).count(), authentik.types(Kind::DataSource).count()),
        from: BUILT_IN.to_owned(),
    });
    all.extend(schemas.packages.iter().zip(&schemas.package_files).map(|(package, file)| Listed {
        name: package.address.clone(),
        versions: package.version.to_string(),
        holds: types(package.types(Kind::Resource).count(), package.types(Kind::DataSource).count()),
        from: file.to_string(),
    }));
    all
}
