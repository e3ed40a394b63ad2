//! The page about the format of an entry.

use std::sync::LazyLock;

use document::Sample;
use document::keys::Record;

use crate::{Facts, Placeholder, Protocol, Reach};

/// An entry that has a bit of everything.
const EXAMPLE: &str = include_str!("../../../catalog/grafana.yaml");

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| Sample::new(EXAMPLE));

/// What the example has at the keys `path`, if it fits on a line.
pub(crate) fn at(path: &[&str]) -> Option<&'static str> {
    SAMPLE.at(path)
}

/// The text of `docs/catalog.md`.
pub fn reference() -> String {
    document::reference(&head(), Facts::info(), at)
}

fn head() -> String {
    let placeholders: String = Placeholder::ALL.iter().map(|placeholder| row(*placeholder)).collect();
    format!(
        "<!-- Made by `cargo xtask docs` from crates/catalog; do not edit. -->
# The catalog

What labtree knows of the apps that homelabs run: [one page for each](catalog/README.md). An entry is a file
`catalog/<app>.yaml`; the name of the file is the name of the entry. A lab can have a folder `catalog/` of its own: an
entry there wins over labtree's of the same name. `labtree generate` then writes `schemas/catalog.schema.json` beside
the schema of the inventory, for the editor.

- The side of authentik, `oidc.identity` or `ldap.identity`, is copied into the inventory by `labtree new app`, so that
  the inventory says all there is.
- The side of the app, `oidc.client` or `ldap.client`, is rendered for an app of the inventory that has
  `catalog: <name>`: its Secret gets the keys that the app reads. Where the app has a `release` of the chart that the
  entry names, the values of the entry are rendered below the app's own: a value of the app's own wins, and so does a
  list as a whole.
- Where the inventory gives groups a role in the app, `roles: {{ admin: [admins] }}`, labtree adds the claim of
  `oidc.roles` to the scope `profile`, and what the app is told has that of `oidc.roles.client` above it. Groups below
  those that are named count too.
- What is not rendered is shown on the identity page, with what the lab knows filled in: values for a chart that
  somebody else installs, environment variables, files, pages of settings; and steps and traps in any case.
- Every part has a source. One that no source `covers` is an error, and so is a source that covers what is not there.

## Example

```yaml
{EXAMPLE}```

## Placeholders

`%{{issuer}}` in a text stands for what only a lab knows; `%%{{` is the text `%{{`. Nothing else has a meaning: what is
between `{{{{` and `}}}}`, `${{` and `}}` or `<` and `>` is left as it is.

| placeholder | for | what it stands for | where |
| --- | --- | --- | --- |
{placeholders}
"
    )
}

fn row(placeholder: Placeholder) -> String {
    let protocol = placeholder.protocol().map_or("both", Protocol::as_str);
    let place = match placeholder.reach() {
        Reach::Anywhere => "everywhere",
        Reach::Cluster => "Secrets, values, steps and traps",
        Reach::Secret => "Secrets, environment, files and settings",
    };
    format!("| `%{{{}}}` | {protocol} | {} | {place} |\n", placeholder.name(), placeholder.doc())
}
