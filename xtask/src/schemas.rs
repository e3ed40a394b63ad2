//! `cargo xtask schemas`: what is known about versions, derived again from its facts.

use std::fs;

use camino::Utf8Path;

use crate::{Failure, repository, say};

const TABLE: &str = "schemas/authentik-provider.json";

/// Writes the table of the authentik provider from the facts in the file `facts`.
pub(crate) fn run(facts: &Utf8Path) -> Result<bool, Failure> {
    let text = fs::read_to_string(facts).map_err(|error| format!("cannot read `{facts}`: {error}"))?;
    let table = schema::derive::authentik_provider(&text)?;
    let place = repository().join(TABLE);
    let changed = fs::read_to_string(&place)? != table;
    if changed {
        fs::write(&place, table)?;
    }
    say(format!("{TABLE} is {}", if changed { "changed" } else { "as before" }));
    Ok(true)
}
