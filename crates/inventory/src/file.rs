//! The files of an inventory: bytes → one document → the model.

use std::collections::HashMap;

use diagnostic::{Diagnostic, FileId, Sources, Span, any_error};
use syntax::yaml::{self, Content, Node, Pair};

use crate::keys::Record;
use crate::read::{At, Document, Field, Reader, refuse_tag, wrong_kind};
use crate::shape::Shape;
use crate::{Inventory, check, example, rules, secret};

/// How large a file of an inventory may be. Five thousand apps are about 3 MiB.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

static DOCUMENT: Document = Document {
    name: "the inventory",
    start: "start with `lab:`; `labtree init` writes a complete example",
    example: example::fitting,
    refusal: secret::refusal,
};

/// A file of an inventory as it was read.
#[derive(Clone, Debug)]
pub struct InventoryFile {
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// Its bytes, whatever they are.
    pub bytes: Vec<u8>,
}

/// Reads `files`, `inventory.yaml` first, as the one document that they are together.
///
/// The sections of all files are merged by their direct keys: `identity.email` in one file and `identity.ldap` in
/// another is fine, and one key in two files is an error. Every fault of every file goes to `found`, sorted by
/// place; `None` is returned if one of them is an error, and for no files at all.
pub fn parse(sources: &mut Sources, files: &[InventoryFile], found: &mut Vec<Diagnostic>) -> Option<Inventory> {
    let mut reader = Reader::default();
    let mut roots = Vec::new();
    let mut first = None;
    for file in files {
        let (id, root) = document(sources, file, &mut reader);
        first.get_or_insert(id);
        roots.extend(root);
    }
    let inventory = read(roots, Span::new(first?, 0..0), &mut reader).filter(|_| !any_error(&reader.found));
    let mut faults = reader.found;
    faults.sort_by(|one, other| {
        let place = |fault: &Diagnostic| (fault.primary.span, fault.rule);
        place(one).cmp(&place(other)).then_with(|| one.message.cmp(&other.message))
    });
    // A value that several aliases bring in is at fault once.
    faults.dedup_by(|one, other| {
        (one.primary.span, one.rule, &one.message) == (other.primary.span, other.rule, &other.message)
    });
    found.append(&mut faults);
    inventory
}

fn read(roots: Vec<Node>, start: Span, reader: &mut Reader) -> Option<Inventory> {
    let pairs = merged(roots, reader);
    if pairs.is_empty() {
        if !any_error(&reader.found) {
            let fault = Diagnostic::error(rules::EMPTY_INVENTORY, start, "the inventory is empty");
            reader.report(fault.help("`labtree init` writes a complete example"));
        }
        return None;
    }
    let root = Node { content: Content::Mapping(pairs), span: start, properties: None };
    let inventory = Inventory::read(&root, &At::top(&DOCUMENT, start), reader);
    drop(root);
    if !reader.incomplete {
        check::all(&inventory, reader);
    }
    Some(inventory)
}

/// The text of `file` and the root of its document; `None` if there is no document, or a fault.
fn document(sources: &mut Sources, file: &InventoryFile, reader: &mut Reader) -> (FileId, Option<Node>) {
    let mut broken = |fault: Diagnostic, id: FileId| {
        reader.incomplete = true;
        reader.report(fault);
        (id, None)
    };
    if file.bytes.len() > MAX_FILE {
        let id = sources.add(&*file.path, "");
        let message = format!("`{}` is larger than {} MiB", file.path, MAX_FILE >> 20);
        let fault = Diagnostic::error(rules::FILE_TOO_LARGE, Span::new(id, 0..0), message);
        return broken(fault.help("split it over `inventory/*.yaml`"), id);
    }
    let (text, bad) = match std::str::from_utf8(&file.bytes) {
        Ok(text) => (text, false),
        Err(error) => (std::str::from_utf8(&file.bytes[..error.valid_up_to()]).unwrap_or_default(), true),
    };
    let id = sources.add(&*file.path, text);
    if bad {
        let span = Span::new(id, text.len()..text.len());
        let fault = Diagnostic::error(rules::NOT_UTF8, span, format!("`{}` is not UTF-8 from here on", file.path));
        return broken(fault.help("save it as UTF-8"), id);
    }
    match yaml::parse_all(id, text) {
        Ok(documents) => match documents.get(1) {
            Some(second) => {
                let message = "a second YAML document starts here; a file of the inventory is one document";
                let fault = Diagnostic::error(yaml::YAML_DOCUMENTS, second.start, message);
                broken(fault.help("delete this line; the second part can be a file `inventory/….yaml`"), id)
            }
            None => (id, documents.into_iter().next().map(|document| document.root)),
        },
        Err(fault) => broken(fault, id),
    }
}

/// The keys of all files, sections that several files write to put together. What is written twice stays twice.
fn merged(roots: Vec<Node>, reader: &mut Reader) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut sections: HashMap<String, usize> = HashMap::new();
    for root in roots {
        refuse_tag(&root, reader);
        let own = match root.content {
            Content::Mapping(own) => own,
            _ if root.is_empty() => continue,
            _ => {
                wrong_kind(&root, &Shape::Record(Inventory::info()), &At::top(&DOCUMENT, root.span), reader);
                continue;
            }
        };
        for pair in own {
            let name = pair.key.scalar().map(|scalar| scalar.text.clone()).unwrap_or_default();
            let section = sections.get(&name).and_then(|index| pairs.get_mut(*index));
            match (section, pair) {
                (Some(section), pair) if section.key.span.file != pair.key.span.file && joinable(section, &pair) => {
                    join(section, pair);
                }
                (_, pair) => {
                    sections.entry(name).or_insert(pairs.len());
                    pairs.push(pair);
                }
            }
        }
    }
    pairs
}

fn joinable(section: &Pair, other: &Pair) -> bool {
    let mapping = |node: &Node| node.is_empty() || matches!(node.content, Content::Mapping(_));
    mapping(&section.value) && mapping(&other.value)
}

fn join(section: &mut Pair, other: Pair) {
    match (&mut section.value.content, other.value.content) {
        (Content::Mapping(pairs), Content::Mapping(more)) => pairs.extend(more),
        (content, Content::Mapping(more)) => *content = Content::Mapping(more),
        _ => {}
    }
}
