//! YAML text → a tree of nodes that know their place.
//!
//! [`parse`] reads one document, [`parse_all`] every document of a stream. Aliases arrive expanded, under the
//! budgets [`MAX_NODES`] and [`MAX_TEXT`]; nesting ends at [`MAX_NESTING`]. Duplicate keys and merge keys (`<<`)
//! are kept as they are written: whoever decodes the tree decides what they mean.

#![allow(clippy::result_large_err, reason = "a fault ends the reading, so it happens once a file")]

mod alias_key;
mod fault;
mod load;
mod node;
pub mod plain;
#[cfg(test)]
mod tests;

use diagnostic::{Diagnostic, FileId, Span};

pub use self::node::{Comment, Content, Document, Node, Pair, Properties, Scalar, Style};
pub use self::plain::Plain;

/// How many levels deep a document may nest, aliases expanded. Everything that walks a tree may recurse.
pub const MAX_NESTING: usize = 128;

/// How many nodes a file may have, aliases expanded.
pub const MAX_NODES: usize = 1_000_000;

/// How many bytes of text the scalars of a file may have, aliases expanded.
pub const MAX_TEXT: usize = 64 * 1024 * 1024;

/// What can be wrong with YAML, by rule id.
pub const RULES: &[(&str, &str)] = &[
    (CONTROL_CHARACTER, "A file holds a control character, such as NUL, that YAML does not allow."),
    (YAML_ALIAS, "An alias refers to no anchor, contains itself, or expands to too much."),
    (YAML_DOCUMENTS, "A file holds several YAML documents, or none, where one is wanted."),
    (YAML_NESTING, "A YAML document is nested too deep."),
    (YAML_SIZE, "A YAML file has too many nodes or too much text."),
    (YAML_SYNTAX, "A text is not YAML."),
    (YAML_TAB, "A line is indented with a tab."),
];

pub(crate) const CONTROL_CHARACTER: &str = "control-character";
pub(crate) const YAML_ALIAS: &str = "yaml-alias";
/// A file holds several documents, or none, where one is wanted; whoever wants one says so.
pub const YAML_DOCUMENTS: &str = "yaml-documents";
pub(crate) const YAML_NESTING: &str = "yaml-nesting";
pub(crate) const YAML_SIZE: &str = "yaml-size";
pub(crate) const YAML_SYNTAX: &str = "yaml-syntax";
pub(crate) const YAML_TAB: &str = "yaml-tab";

/// The one document of `text`, which is the source `file`. Several documents, or none, are an error.
///
/// # Errors
/// The first fault of the text; its place is always inside the text.
pub fn parse(file: FileId, text: &str) -> Result<Document, Diagnostic> {
    let mut documents = parse_all(file, text)?;
    if let Some(second) = documents.get(1) {
        let message = "a second YAML document starts here; this file is one document";
        return Err(Diagnostic::error(YAML_DOCUMENTS, second.start, message).help("delete the line `---` or `...`"));
    }
    documents.pop().ok_or_else(|| {
        Diagnostic::error(
            YAML_DOCUMENTS,
            Span::new(file, 0..0),
            "the file holds no YAML document, only blanks and comments",
        )
    })
}

/// Every document of `text`, which is the source `file`; none for a text of blanks and comments.
///
/// # Errors
/// The first fault of the text; its place is always inside the text.
pub fn parse_all(file: FileId, text: &str) -> Result<Vec<Document>, Diagnostic> {
    refuse_control_characters(file, text)?;
    load::documents(file, text)
}

/// YAML's printable characters, without the BOM: it is fine at the start only, and the parser sees to that.
fn refuse_control_characters(file: FileId, text: &str) -> Result<(), Diagnostic> {
    let control = |character: char| match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        _ => character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'),
    };
    let Some((offset, character)) = text.char_indices().find(|&(_, character)| control(character)) else {
        return Ok(());
    };
    let span = Span::new(file, offset..offset + character.len_utf8());
    let name = if character == '\0' { String::from("NUL") } else { format!("U+{:04X}", u32::from(character)) };
    Err(Diagnostic::error(CONTROL_CHARACTER, span, format!("the control character {name} cannot stand in YAML"))
        .help("delete it; where a text needs it, write it as an escape in double quotes"))
}
