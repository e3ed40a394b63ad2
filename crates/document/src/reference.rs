//! The reference page of a document, in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::schema::prose;
use crate::shape::{FieldInfo, RecordInfo, Shape, TextInfo, WordsInfo};

/// What is known to stand behind the keys of a path, if it fits in a cell.
pub type Known = fn(&[&str]) -> Option<&'static str>;

/// The page of a document that is the record `info`: `head`, a table for each record, and what each type takes.
pub fn reference(head: &str, info: &'static RecordInfo, example: Known) -> String {
    let mut page = Page { text: head.to_owned(), example, texts: BTreeMap::new(), words: BTreeMap::new() };
    page.line("## Keys\n");
    page.record(info, "");
    page.types();
    page.text
}

struct Page {
    text: String,
    example: Known,
    texts: BTreeMap<&'static str, &'static TextInfo>,
    words: BTreeMap<&'static str, &'static WordsInfo>,
}

impl Page {
    fn line(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    /// The table of a record at `path`, then the records below it.
    fn record(&mut self, info: &'static RecordInfo, path: &str) {
        if !path.is_empty() {
            self.line(format!("### `{path}`\n"));
        }
        self.line(prose(info.doc) + "\n");
        if let Some((first, second)) = info.either {
            self.line(format!("Exactly one of `{first}` and `{second}` is written.\n"));
        }
        if let Some(short) = info.short {
            self.line(format!("`{short}` alone can be written in place of the mapping.\n"));
        }
        self.line("| Key | Type | Default | What it is | Example |");
        self.line("| --- | --- | --- | --- | --- |");
        for field in info.fields {
            let row = self.row(info, field, path);
            self.line(row);
        }
        self.line("");
        for field in info.fields {
            let path = join(path, field.key);
            self.below(&(field.shape)(), &path);
        }
    }

    fn below(&mut self, shape: &Shape, path: &str) {
        match shape {
            Shape::Record(info) => self.record(info, path),
            Shape::List { item, .. } => self.below(item, path),
            Shape::Entries { value, .. } => self.below(value, &join(path, "<name>")),
            _ => {}
        }
    }

    fn row(&mut self, info: &RecordInfo, field: &FieldInfo, path: &str) -> String {
        let path = join(path, field.key);
        let shape = (field.shape)();
        let kind = self.kind(&shape, &path);
        let alternative = info.either.is_some_and(|(first, second)| [first, second].contains(&field.key));
        let default = match field.default.map(|default| default()) {
            Some(default) => code(&shown(&default)),
            None if (field.required)() => String::from("**required**"),
            None if alternative => String::from("see above"),
            None if matches!(&shape, Shape::Record(info) if !info.demands()) && !field.optional => String::from("`{}`"),
            None => String::from("–"),
        };
        let example = (self.example)(&path.split('.').collect::<Vec<_>>()).map_or_else(|| String::from("–"), code);
        let cells = [format!("`{}`", field.key), kind, default, prose(field.doc), example];
        format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
    }

    fn kind(&mut self, shape: &Shape, path: &str) -> String {
        match shape {
            Shape::Bool => String::from("`true`, `false`"),
            Shape::Integer { minimum, maximum, .. } => match (*minimum, *maximum) {
                (0, maximum) if maximum == i64::from(u32::MAX) => String::from("number"),
                (minimum, _) if minimum == i64::from(i32::MIN) => String::from("number, negative too"),
                (minimum, maximum) => format!("number, {minimum} to {maximum}"),
            },
            Shape::Text(info) => {
                self.texts.insert(info.name, info);
                link(info.name, info.name)
            }
            Shape::Words(info) => {
                self.words.insert(info.name, info);
                link(info.name, info.name)
            }
            Shape::Record(_) => link("mapping", path),
            Shape::List { item, filled } => {
                let item = self.kind(item, path);
                if *filled { format!("list of {item}, not empty") } else { format!("list of {item}") }
            }
            Shape::Entries { key, value } => {
                let key = self.kind(key, path);
                let value = self.kind(value, &join(path, "<name>"));
                format!("{key}: {value}")
            }
            Shape::WordOrList { word, item, .. } => {
                let item = self.kind(item, path);
                format!("`{word}`, or list of {item}, not empty")
            }
            Shape::Any => String::from("anything"),
        }
    }

    fn types(&mut self) {
        self.line("## Texts\n");
        for info in std::mem::take(&mut self.texts).into_values() {
            self.line(format!("### {}\n", info.name));
            self.line(prose(info.doc) + "\n");
            let examples: Vec<_> = info.examples.iter().map(|example| code(example)).collect();
            self.line(format!("For example {}.\n", examples.join(", ")));
        }
        self.line("## Words\n");
        let words = std::mem::take(&mut self.words);
        let last = words.len();
        for (index, info) in words.into_values().enumerate() {
            self.line(format!("### {}\n", info.name));
            self.line(prose(info.doc) + "\n");
            self.line("| Word | Meaning |");
            self.line("| --- | --- |");
            for (word, doc) in info.words {
                self.line(format!("| `{word}` | {} |", prose(doc)));
            }
            if index + 1 < last {
                self.line("");
            }
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { String::from(key) } else { format!("{path}.{key}") }
}

/// A link to a heading of this page, as GitHub names it.
fn link(text: &str, heading: &str) -> String {
    let kept = |next: &char| next.is_alphanumeric() || matches!(next, '-' | '_');
    let anchor: String = heading.chars().filter(kept).flat_map(char::to_lowercase).collect();
    format!("[{text}](#{anchor})")
}

/// A value as YAML on one line.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
