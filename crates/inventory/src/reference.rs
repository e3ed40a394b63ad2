//! The reference page of the inventory, in Markdown.

use crate::keys::Record;
use crate::{EXAMPLE, Inventory, MAX_FILE, example};

/// The text of `docs/inventory.md`.
pub fn reference() -> String {
    document::reference(&head(), Inventory::info(), example::at)
}

fn head() -> String {
    let limit = MAX_FILE >> 20;
    format!(
        "<!-- Made by `cargo xtask docs` from crates/inventory; do not edit. -->
# The inventory

One YAML document, `inventory.yaml`. A large lab may split it over `inventory/**/*.yaml`: the sections of all
files are merged by their direct keys, and a key that two files set is an error that names both places.

- A key that is not listed here is an error. Where a key is left out, it has its default.
- A text takes the characters that are written: `version: 2026.5` is the text `2026.5`, `name: 0755` is `0755`.
  Only nothing at all, `~` and `null` are no text.
- `true` and `false` are the only booleans; numbers are decimal.
- Below `release.values`, which is handed on as it is, a plain scalar that YAML 1.2 and Kubernetes read
  differently (`yes`, `0755`, `1_000`) is an error.
- Anchors and aliases are fine; merge keys (`<<`) and tags are not read.
- No secret is written here. Each lies in Vault, and a key that would hold one says where.
- A file is UTF-8 and {limit} MiB at most.

## Example

```yaml
{EXAMPLE}```

"
    )
}
