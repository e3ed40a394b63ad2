//! Mappings: their keys, known and unknown, missing and written twice.

use std::collections::HashMap;

use diagnostic::{Diagnostic, Span};
use syntax::yaml::{Content, Node, Pair, Plain, Style};

use crate::read::{At, Field, Reader, kind, refuse_tag, wrong_kind};
use crate::shape::{RecordInfo, Shape, listed};
use crate::{example, rules};

/// A mapping with fixed keys.
pub trait Record {
    const INFO: RecordInfo;
    /// [`Record::INFO`] with an address.
    fn info() -> &'static RecordInfo;
}

/// A written key of a record with its value.
#[derive(Clone, Copy)]
struct Written<'n> {
    key: Span,
    value: &'n Node,
}

/// The keys of a record that are written.
pub struct Keys<'n, 'a> {
    info: &'static RecordInfo,
    at: &'a At<'a>,
    written: Vec<Option<Written<'n>>>,
    /// Whether the mapping itself is at fault, so that its keys are not missed.
    broken: bool,
    /// Keys that somebody meant and mistyped; they are not missed either.
    meant: Vec<&'static str>,
}

impl<'n, 'a> Keys<'n, 'a> {
    pub fn of(info: &'static RecordInfo, node: &'n Node, at: &'a At<'a>, reader: &mut Reader) -> Self {
        let mut keys = Self { info, at, written: vec![None; info.fields.len()], broken: false, meant: Vec::new() };
        match &node.content {
            Content::Mapping(pairs) => keys.take(pairs, reader),
            Content::Scalar(scalar) if scalar.plain() == Plain::Null && node.tag().is_none() => {}
            Content::Scalar(_) if info.short.is_some() => {
                let short = info.fields.iter().position(|field| Some(field.key) == info.short);
                if let Some(index) = short {
                    keys.written[index] = Some(Written { key: node.span, value: node });
                }
            }
            _ => {
                keys.broken = true;
                wrong_kind(node, &Shape::Record(info), at, reader);
            }
        }
        if !keys.broken {
            keys.either(reader);
        }
        keys
    }

    fn take(&mut self, pairs: &'n [Pair], reader: &mut Reader) {
        for pair in pairs {
            let Some(name) = key_text(&pair.key, self.at, reader) else { continue };
            let Some(index) = self.info.fields.iter().position(|field| field.key == name) else {
                self.unknown(name, pair, reader);
                continue;
            };
            match self.written[index] {
                Some(first) => duplicate(name, pair.key.used_at(), first.key, self.at, reader),
                None => self.written[index] = Some(Written { key: pair.key.used_at(), value: &pair.value }),
            }
        }
    }

    fn unknown(&mut self, name: &str, pair: &Pair, reader: &mut Reader) {
        let span = pair.key.used_at();
        if let Some(place) = (self.at.document.refusal)(&self.at.names(), name) {
            let finding = Diagnostic::error(rules::WRITTEN_SECRET, span, place);
            reader.report(finding.help(format!("delete `{name}`")));
            return;
        }
        let message = format!("unknown key `{name}` in {}", self.at.shown());
        let finding = Diagnostic::error(rules::UNKNOWN_KEY, span, message);
        if let Some(near) = reader.nearest(name, self.info.fields.iter().map(|field| field.key)) {
            self.meant.push(near);
            let message = format!("{}, did you mean `{near}`?", finding.message);
            reader.report(Diagnostic { message, ..finding });
            return;
        }
        let below = self.info.fields.iter().find(|field| match (field.shape)() {
            Shape::Record(info) => info.field(name).is_some(),
            _ => false,
        });
        reader.report(match below {
            Some(field) => finding.help(format!("`{name}` belongs under `{}`", field.key)),
            None => {
                let keys = listed(self.info.fields.iter().map(|field| field.key), "and");
                finding.help(format!("{} takes {keys}", self.at.shown()))
            }
        });
    }

    /// Of two keys that exclude each other exactly one is written.
    fn either(&self, reader: &mut Reader) {
        let Some((first, second)) = self.info.either else { return };
        let shown = self.at.shown();
        match (self.find(first), self.find(second)) {
            (Some(one), Some(other)) => {
                let message = format!("{shown} has both `{first}` and `{second}`");
                let found = Diagnostic::error(rules::EITHER_OR, other.key, message);
                reader.report(found.related(one.key, format!("`{first}` is written here")).help("delete one of them"));
            }
            (None, None) if !self.meant.iter().any(|meant| [first, second].contains(meant)) => {
                let line = |key| {
                    let at = self.at.below(key, self.at.key);
                    self.info.field(key).map_or_else(String::new, |field| example::line(&at, &(field.shape)()))
                };
                let message = format!("{shown} has neither `{first}` nor `{second}`");
                let help = format!("add {} or {}", line(first), line(second));
                reader.report(Diagnostic::error(rules::EITHER_OR, self.at.key, message).help(help));
            }
            _ => {}
        }
    }

    fn find(&self, key: &str) -> Option<Written<'n>> {
        let index = self.info.fields.iter().position(|field| field.key == key)?;
        self.written.get(index).copied().flatten()
    }

    /// The value of the key `key`, which has the default `default`.
    pub fn field<T: Field>(&self, key: &'static str, default: Option<fn() -> T::Default>, reader: &mut Reader) -> T {
        if let Some(written) = self.find(key) {
            let filled = T::filled(default.map(|default| default()).as_ref());
            let at = At { filled, ..self.at.below(key, written.key) };
            return T::read(written.value, &at, reader);
        }
        if let Some(default) = default {
            return T::from_default(default(), self.at.key);
        }
        T::absent(self.at.key).unwrap_or_else(|| {
            let held_elsewhere = reader.incomplete && self.at.depth() <= 1;
            if !self.broken && !held_elsewhere && !self.meant.contains(&key) {
                let (rule, help) = T::missing(&self.at.below(key, self.at.key));
                let message = format!("`{key}` is missing in {}", self.at.shown());
                reader.report(Diagnostic::error(rule, self.at.key, message).help(help));
            }
            T::stand_in()
        })
    }
}

/// The text of a key; a merge key and a key that is no scalar are reported.
pub fn key_text<'n>(key: &'n Node, at: &At<'_>, reader: &mut Reader) -> Option<&'n str> {
    let Some(scalar) = key.scalar() else {
        let message = format!("a key in {} is a {}, not a text", at.shown(), kind(key));
        let help = "put the text in quotes: `\"{{ … }}\"`";
        reader.report(Diagnostic::error(rules::WRONG_KIND, key.used_at(), message).help(help));
        return None;
    };
    refuse_tag(key, reader);
    if scalar.style == Style::Plain && scalar.text == "<<" {
        let message = format!("{} reads no merge key `<<`", at.document.name);
        let help = "write the keys out; an alias for a whole value, `key: *name`, is fine";
        reader.report(Diagnostic::error(rules::YAML_MERGE_KEY, key.used_at(), message).help(help));
        return None;
    }
    if scalar.text.trim().is_empty() {
        let finding = Diagnostic::error(rules::EMPTY_VALUE, key.used_at(), format!("an empty key in {}", at.shown()));
        reader.report(finding.help("write a name before the `:`"));
        return None;
    }
    Some(&scalar.text)
}

/// One key is set at two places.
pub fn duplicate(name: &str, second: Span, first: Span, at: &At<'_>, reader: &mut Reader) {
    let message = format!("`{name}` is set twice in {}", at.shown());
    let help = if second.file == first.file { "delete one of them" } else { "delete it in one of the two files" };
    reader.report(Diagnostic::error(rules::DUPLICATE_KEY, second, message).related(first, "first set here").help(help));
}

/// The pairs of a mapping whose keys a person chooses, without duplicates.
pub fn distinct<'n>(pairs: &'n [Pair], at: &At<'_>, reader: &mut Reader) -> Vec<(&'n str, &'n Pair)> {
    let mut first: HashMap<&str, Span> = HashMap::with_capacity(pairs.len());
    let mut kept = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let Some(name) = key_text(&pair.key, at, reader) else { continue };
        match first.get(name) {
            Some(first) => duplicate(name, pair.key.used_at(), *first, at, reader),
            None => {
                first.insert(name, pair.key.used_at());
                kept.push((name, pair));
            }
        }
    }
    kept
}
