//! Templates: one minijinja environment whose filters place the lab's values in YAML, HCL, Python and Markdown.
//!
//! A generator hands values over as [`Placed`]: data with the inventory places it follows from. Every one of
//! them goes through the filter of its language, which quotes and escapes it, and wraps it in marks; after
//! rendering the marks are taken out and become the file's [`tree::SourceMap`]. Text that passed no filter is
//! an error at its place in the template.
//!
//! Delimiters are `#{ }#`, `#% %#` and `#| |#`, so that Helm's `{{ }}` and Flux's `${ }` pass through. Templates
//! branch on plain booleans only: comparing values, joining text and deriving names is done in Rust, where the
//! places stay known.
//!
//! | filter | gives |
//! |---|---|
//! | `yaml`, `yaml(indent=N)` | a YAML scalar in block context; a whole value laid out from column `N` |
//! | `yaml(tpl=true)` | the same for a place that Helm runs through its `tpl` function |
//! | `hcl`, `hcl(indent=N)` | an HCL expression on one line; a whole value as `tofu fmt` leaves it |
//! | `python` | a Python literal |
//! | `markdown`, `code` | inline text, and a code span, that a table cell may hold |
//! | `mermaid` | the text of a label `["…"]` in a mermaid diagram |
//! | `json(indent=N)` | a JSON document for a fenced code block |
//! | `items` | the entries of a placed map, for `#% for key, value in map \| items %#` |

mod failure;
mod filters;
mod mark;
mod path;
mod placed;
mod scan;
mod templates;

pub use minijinja::{Value, context};

pub use crate::filters::mermaid;
pub use crate::placed::{Data, Place, Placed};
pub use crate::templates::{Provider, Templates};
