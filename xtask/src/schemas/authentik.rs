//! The table of the authentik provider, from a table of facts.

use std::fs;

use camino::Utf8Path;

use crate::Failure;

const TABLE: &str = "schemas/authentik-provider.json";

/// The path of the table, and what it holds by the file `facts`.
pub(super) fn derive(facts: &Utf8Path) -> Result<(String, String), Failure> {
    let text = fs::read_to_string(facts).map_err(|error| format!("cannot read `{facts}`: {error}"))?;
    Ok((TABLE.to_owned(), schema::derive::authentik_provider(&text)?))
}
