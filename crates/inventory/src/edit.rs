//! Changes of an inventory's text that keep every other byte: an app is added, removed or renamed.
//!
//! Each change is made to the text and then read back: an edit that changed anything else is refused. What was added
//! and is removed again leaves the text as it was, wherever the app went in the meantime.

#![allow(clippy::result_large_err, reason = "a refusal ends the edit, so it happens once")]

mod block;
mod flow;
mod former;
mod lines;
mod part;
mod same;
#[cfg(test)]
mod tests;

use diagnostic::{Diagnostic, FileId, Span};
use syntax::yaml::{self, Document, Node, Pair};

use self::block::Block;
use self::lines::Lines;
pub use self::part::Part;
use self::same::Change;

/// The rule of every refusal: an entry is written in a way that is not edited, or is not there.
pub const UNEDITABLE: &str = "uneditable-entry";

/// The key of the apps.
const APPS: &str = "apps";

/// What stands above `apps` where labtree wrote the key; with the last app it goes again.
const HEADING: &str = "# Apps that people log in to.";

/// `text`, the file `file` of an inventory, with the app `name` behind its others, laid out as they are.
///
/// # Errors
/// The text is no YAML, has such an app already, or is written in a way that cannot be edited.
pub fn add(file: FileId, text: &str, name: &str, entry: &Part) -> Result<String, Diagnostic> {
    let edit = Edit::of(file, text)?;
    if let Some(pair) = edit.apps().and_then(|apps| find(&apps.value, name)) {
        return Err(refused(pair.key.span, format!("`{name}` exists already")));
    }
    let added = edit.add(name, entry)?;
    edit.checked(added, &Change::Added(name))
}

/// `text`, the file `file` of an inventory, without the app `name`: without the comments directly above it and those in
/// it.
///
/// # Errors
/// The text is no YAML, has no such app, is written in a way that cannot be edited, or uses a part of the app elsewhere.
pub fn remove(file: FileId, text: &str, name: &str) -> Result<String, Diagnostic> {
    let edit = Edit::of(file, text)?;
    let (apps, index) = edit.app(name)?;
    let pair = &pairs(&apps.value)[index];
    if let Some((anchor, alias)) = used_elsewhere(&edit.document.root, pair) {
        let message = format!("`{name}` holds a value that another entry uses");
        let finding = refused(anchor, message).related(alias, "used here");
        return Err(finding.help("write the value out there, then remove the app"));
    }
    let removed = edit.remove(apps, index)?;
    edit.checked(removed, &Change::Removed(name))
}

/// `text`, the file `file` of an inventory, in which the app `old` is called `new` and says that it was called `old`
/// before. A name that it had before is taken back, with all that came after it.
///
/// # Errors
/// The text is no YAML, has no such app, or is written in a way that cannot be edited.
pub fn rename(file: FileId, text: &str, old: &str, new: &str) -> Result<String, Diagnostic> {
    let edit = Edit::of(file, text)?;
    let (apps, index) = edit.app(old)?;
    if let Some(pair) = find(&apps.value, new) {
        return Err(refused(pair.key.span, format!("`{new}` exists already")));
    }
    let renamed = edit.rename(apps, index, old, new)?;
    edit.checked(renamed, &Change::Renamed(old, new))
}

/// The apps of `text`, the file `file` of an inventory, in the order written; `None` where it has no key `apps`.
///
/// # Errors
/// The text is no YAML.
pub fn names(file: FileId, text: &str) -> Result<Option<Vec<String>>, Diagnostic> {
    let edit = Edit::of(file, text)?;
    let name = |pair: &Pair| pair.key.scalar().map(|scalar| scalar.text.clone());
    Ok(edit.apps().map(|apps| pairs(&apps.value).iter().filter_map(name).collect()))
}

/// A text to edit, as it was read.
struct Edit<'t> {
    /// What a person wrote.
    text: &'t str,
    /// The same with a line break at its end.
    whole: String,
    document: Document,
}

impl<'t> Edit<'t> {
    fn of(file: FileId, text: &'t str) -> Result<Self, Diagnostic> {
        let mut whole = text.to_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            whole.push_str(lines::line_break(text));
        }
        let document = match yaml::parse_all(file, text)?.as_slice() {
            [] => empty(file),
            [document] => document.clone(),
            [_, second, ..] => return Err(refused(second.start, "a second YAML document starts here")),
        };
        Ok(Self { text, whole, document })
    }

    fn apps(&self) -> Option<&Pair> {
        find(&self.document.root, APPS)
    }

    fn app(&self, name: &str) -> Result<(&Pair, usize), Diagnostic> {
        let start = Span::new(self.document.root.span.file, 0..0);
        let apps = self.apps().ok_or_else(|| refused(start, "there is no key `apps` here"))?;
        let index = pairs(&apps.value).iter().position(|pair| is_named(pair, name));
        Ok((apps, index.ok_or_else(|| refused(apps.key.span, format!("there is no app `{name}` here")))?))
    }

    fn lines(&self) -> Lines<'_> {
        Lines::of(&self.whole, &self.document.comments)
    }

    fn add(&self, name: &str, entry: &Part) -> Result<String, Diagnostic> {
        let root = &self.document.root;
        let Some(apps) = self.apps() else {
            let apps = Part::Map(vec![(name.to_owned(), entry.clone())]);
            if flow::is_flow(&self.whole, root) {
                return Ok(flow::add(&self.whole, root, APPS, &apps));
            }
            return Block::root(self.lines(), root)?.add(APPS, &apps, Some(HEADING));
        };
        refuse_alias(&apps.value)?;
        if flow::is_flow(&self.whole, &apps.value)
            && (!pairs(&apps.value).is_empty() || flow::is_flow(&self.whole, root))
        {
            return Ok(flow::add(&self.whole, &apps.value, name, entry));
        }
        let block = Block::below(self.lines(), root, apps)?;
        if pairs(&apps.value).is_empty() { block.fill(apps, name, entry) } else { block.add(name, entry, None) }
    }

    fn remove(&self, apps: &Pair, index: usize) -> Result<String, Diagnostic> {
        refuse_alias(&apps.value)?;
        if flow::is_flow(&self.whole, &apps.value) {
            return Ok(flow::remove(&self.whole, &apps.value, index));
        }
        let root = &self.document.root;
        if pairs(&apps.value).len() == 1 {
            let of_root = Block::root(self.lines(), root)?;
            let at = pairs(root).iter().position(|pair| is_named(pair, APPS)).unwrap_or_default();
            if of_root.heading(at) == Some(HEADING) {
                return Ok(of_root.remove(at));
            }
            return Block::below(self.lines(), root, apps)?.clear(apps);
        }
        Ok(Block::below(self.lines(), root, apps)?.remove(index))
    }

    fn rename(&self, apps: &Pair, index: usize, old: &str, new: &str) -> Result<String, Diagnostic> {
        let pair = &pairs(&apps.value)[index];
        refuse_alias(&pair.key)?;
        refuse_alias(&pair.value)?;
        let range = pair.key.span.range();
        let written = &self.whole[range.clone()];
        let start = range.start + written.find(old).ok_or_else(|| refused(pair.key.span, "this key has escapes"))?;
        let edits = former::edits(&self.whole, || self.lines(), pair, old, new)?;
        let mut renamed = self.whole.clone();
        for (range, text) in edits.into_iter().rev() {
            renamed.replace_range(range, &text); // behind the key, from the last one back
        }
        renamed.replace_range(start..start + old.len(), new);
        Ok(renamed)
    }

    /// `edited` with the end that the text has, if nothing but `change` happened to it.
    fn checked(&self, mut edited: String, change: &Change<'_>) -> Result<String, Diagnostic> {
        if self.whole.len() != self.text.len() && edited.ends_with('\n') {
            let length = edited.len() - (self.whole.len() - self.text.len());
            edited.truncate(length);
        }
        let root = &self.document.root;
        let place = self.apps().map_or(Span::new(root.span.file, 0..0), |apps| apps.key.span);
        let read = yaml::parse_all(place.file, &edited).ok();
        let now = read.map(|documents| documents.into_iter().next().unwrap_or_else(|| empty(place.file)).root);
        match now {
            Some(now) if same::but_for(root, &now, change) => Ok(edited),
            _ => Err(uneditable(place)),
        }
    }
}

/// A document in which nothing stands.
fn empty(file: FileId) -> Document {
    let span = Span::new(file, 0..0);
    let root = Node { content: yaml::Content::Mapping(Vec::new()), span, properties: None };
    Document { root, comments: Vec::new(), start: span }
}

fn pairs(node: &Node) -> &[Pair] {
    node.mapping().unwrap_or_default()
}

fn is_named(pair: &Pair, name: &str) -> bool {
    pair.key.scalar().is_some_and(|scalar| scalar.text == name)
}

fn find<'n>(node: &'n Node, name: &str) -> Option<&'n Pair> {
    pairs(node).iter().find(|pair| is_named(pair, name))
}

fn refused(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(UNEDITABLE, span, message)
}

/// What is refused where the text has a form that nobody thought of.
fn uneditable(span: Span) -> Diagnostic {
    refused(span, "this is written in a way that labtree cannot edit without changing more")
        .help("edit the inventory by hand, then run `labtree generate`")
}

/// What an alias stands for is written elsewhere, and others may use it.
fn refuse_alias(node: &Node) -> Result<(), Diagnostic> {
    match node.alias() {
        Some(alias) => Err(refused(alias.span, "this is an alias, and what it stands for is written elsewhere")
            .related(node.span, "written here")
            .help("write it out here first")),
        None => Ok(()),
    }
}

/// An anchored value in `pair` and an alias outside that stands for it.
fn used_elsewhere(root: &Node, pair: &Pair) -> Option<(Span, Span)> {
    let inside = pair.key.span.to(pair.value.used_at().max(pair.key.span));
    let holds = |span: Span| inside.start <= span.start && span.end <= inside.end;
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match node.alias() {
            Some(alias) if holds(node.span) && !holds(alias.span) => return Some((node.span, alias.span)),
            Some(_) => continue, // what it stands for is visited where it is written
            None => {}
        }
        open.extend(node.sequence().unwrap_or_default());
        open.extend(pairs(node).iter().flat_map(|pair| [&pair.key, &pair.value]));
    }
    None
}
