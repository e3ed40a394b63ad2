//! Reading nodes as what the model wants. Reading is total: what is wrong is reported and replaced by a stand-in,
//! so that everything else is read and checked in the same run.

use std::collections::HashMap;

use diagnostic::{Diagnostic, FileId, Severity, Span, did_you_mean, nearest};
use serde_json::Value as Json;
use syntax::yaml::{Content, Node, Pair, Style};

use crate::example;
use crate::rules;
use crate::secret;
use crate::shape::{RecordInfo, Shape, listed};

/// The place of a stand-in. A finding that touches it follows from another one, and is not shown.
pub(crate) const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

/// How many findings are kept; nobody reads more.
const MAX_FOUND: usize = 10_000;

/// How many mistyped words are looked up: the time for it grows with the words and with the candidates.
const MAX_SUGGESTIONS: usize = 200;

/// What is found while reading.
pub(crate) struct Reader {
    pub(crate) found: Vec<Diagnostic>,
    /// Whether a file could not be read, so that what it holds is not missed.
    pub(crate) incomplete: bool,
    suggestions: usize,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self { found: Vec::new(), incomplete: false, suggestions: 0 }
    }

    /// Takes a finding in, unless it follows from a stand-in.
    pub(crate) fn report(&mut self, mut finding: Diagnostic) {
        let nowhere = |span: Span| span.file == NOWHERE.file;
        if nowhere(finding.primary.span) || finding.related.iter().any(|label| nowhere(label.span)) {
            return;
        }
        let texts = finding.related.iter_mut().map(|label| &mut label.text).chain(finding.help.as_mut());
        for text in texts.chain([&mut finding.message]).filter(|text| text.contains(is_unseen)) {
            *text = text.replace(is_unseen, "\u{fffd}");
        }
        if self.found.len() < MAX_FOUND || (finding.severity == Severity::Error && !diagnostic::any_error(&self.found))
        {
            self.found.push(finding);
        }
    }

    /// The candidate that `word` was probably meant to be.
    pub(crate) fn nearest<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS || word.len() > 100 { None } else { nearest(word, candidates) }
    }

    /// `, did you mean `x`?`, or nothing.
    pub(crate) fn did_you_mean<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS || word.len() > 100 {
            String::new()
        } else {
            did_you_mean(word, candidates)
        }
    }
}

/// Where in the inventory reading is.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// The key, or the empty text at the top.
    pub(crate) name: &'a str,
    /// The key's place; the nearest written one around it where nobody wrote it.
    pub(crate) key: Span,
    /// What is around it.
    pub(crate) around: Option<&'a At<'a>>,
    /// Whether a list must have an item.
    pub(crate) filled: bool,
    /// Whether it is an item of the list behind the key.
    pub(crate) item: bool,
}

impl<'a> At<'a> {
    /// The top of the inventory.
    pub(crate) fn top(key: Span) -> Self {
        At { name: "", key, around: None, filled: false, item: false }
    }

    /// The place below the key `name`.
    pub(crate) fn below(&'a self, name: &'a str, key: Span) -> Self {
        At { name, key, around: Some(self), filled: false, item: false }
    }

    /// `apps.grafana.url`; empty at the top.
    pub(crate) fn path(&self) -> String {
        self.names().join(".")
    }

    /// The keys from the top down to here.
    pub(crate) fn names(&self) -> Vec<&'a str> {
        let mut names = self.around.map(At::names).unwrap_or_default();
        if !self.name.is_empty() {
            names.push(self.name);
        }
        names
    }

    /// `` `apps.grafana` ``, or "the inventory".
    pub(crate) fn shown(&self) -> String {
        match self.around {
            None => String::from("the inventory"),
            Some(_) if self.item => format!("an item of `{}`", self.path()),
            Some(_) => format!("`{}`", self.path()),
        }
    }

    /// How many keys are above it.
    fn depth(&self) -> usize {
        self.around.map_or(0, |around| around.depth() + 1)
    }
}

/// What can stand behind a key.
pub(crate) trait Field: Sized {
    /// What a default is given as.
    type Default;

    /// Whether it is nothing at all where nobody wrote it.
    const OPTIONAL: bool = false;

    /// What it looks like.
    fn shape() -> Shape;
    /// Reads it; what is wrong goes to `reader`.
    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self;
    /// Its value where nobody wrote it; `None` if it must be written. `near` is the nearest key around it.
    fn absent(near: Span) -> Option<Self>;
    /// Something to go on with after a fault.
    fn stand_in() -> Self;
    /// The value that the model's default stands for.
    fn from_default(default: Self::Default, near: Span) -> Self;
    /// A default as it is shown.
    fn show(default: &Self::Default) -> Json;
    /// Whether a list with this default must have an item; a list whose default is empty may be empty.
    fn filled(_default: Option<&Self::Default>) -> bool {
        false
    }
    /// The rule that an absent key breaks, and what to type.
    fn missing(path: &[&str]) -> (&'static str, String) {
        (rules::MISSING_KEY, format!("add {}", example::line(path, &Self::shape())))
    }
    /// The rule that a list of these breaks by having none, and why there must be one.
    fn none_in_list() -> (&'static str, &'static str) {
        (rules::EMPTY_LIST, "")
    }
}

/// A mapping with fixed keys.
pub(crate) trait Record {
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
pub(crate) struct Keys<'n, 'a> {
    info: &'static RecordInfo,
    at: &'a At<'a>,
    written: Vec<Option<Written<'n>>>,
    /// Whether the mapping itself is at fault, so that its keys are not missed.
    broken: bool,
    /// Keys that somebody meant and mistyped; they are not missed either.
    meant: Vec<&'static str>,
}

impl<'n, 'a> Keys<'n, 'a> {
    pub(crate) fn of(info: &'static RecordInfo, node: &'n Node, at: &'a At<'a>, reader: &mut Reader) -> Self {
        let mut keys = Self { info, at, written: vec![None; info.fields.len()], broken: false, meant: Vec::new() };
        match &node.content {
            Content::Mapping(pairs) => keys.take(pairs, reader),
            Content::Scalar(scalar) if scalar.style == Style::Empty => {}
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
        if let Some(place) = secret::refusal(&self.at.names(), name) {
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
                    let names = self.at.below(key, self.at.key).names();
                    self.info.field(key).map_or_else(String::new, |field| example::line(&names, &(field.shape)()))
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
    pub(crate) fn field<T: Field>(
        &self,
        key: &'static str,
        default: Option<fn() -> T::Default>,
        reader: &mut Reader,
    ) -> T {
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
                let (rule, help) = T::missing(&self.at.below(key, self.at.key).names());
                let message = format!("`{key}` is missing in {}", self.at.shown());
                reader.report(Diagnostic::error(rule, self.at.key, message).help(help));
            }
            T::stand_in()
        })
    }
}

/// The text of a key; a merge key and a key that is no scalar are reported.
pub(crate) fn key_text<'n>(key: &'n Node, at: &At<'_>, reader: &mut Reader) -> Option<&'n str> {
    let Some(scalar) = key.scalar() else {
        let message = format!("a key in {} is a {}, not a text", at.shown(), kind(key));
        let help = "put the text in quotes: `\"{{ … }}\"`";
        reader.report(Diagnostic::error(rules::WRONG_KIND, key.used_at(), message).help(help));
        return None;
    };
    refuse_tag(key, reader);
    if scalar.style == Style::Plain && scalar.text == "<<" {
        let message = "the inventory reads no merge key `<<`";
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
pub(crate) fn duplicate(name: &str, second: Span, first: Span, at: &At<'_>, reader: &mut Reader) {
    let message = format!("`{name}` is set twice in {}", at.shown());
    let help = if second.file == first.file { "delete one of them" } else { "delete it in one of the two files" };
    reader.report(Diagnostic::error(rules::DUPLICATE_KEY, second, message).related(first, "first set here").help(help));
}

/// The pairs of a mapping whose keys a person chooses, without duplicates.
pub(crate) fn distinct<'n>(pairs: &'n [Pair], at: &At<'_>, reader: &mut Reader) -> Vec<(&'n str, &'n Pair)> {
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

/// What a node is, in one word.
pub(crate) fn kind(node: &Node) -> &'static str {
    match &node.content {
        Content::Scalar(scalar) if scalar.style == Style::Empty => "nothing",
        Content::Scalar(_) => "text",
        Content::Sequence(_) => "list",
        Content::Mapping(_) => "mapping",
    }
}

/// Something else is wanted than what `node` is.
pub(crate) fn wrong_kind(node: &Node, shape: &Shape, at: &At<'_>, reader: &mut Reader) {
    refuse_tag(node, reader);
    let found = match &node.content {
        Content::Scalar(scalar) if scalar.style == Style::Empty => return empty(shape, at, reader),
        Content::Scalar(scalar) => format!("the text `{}`", shorten(&scalar.text)),
        _ => format!("a {}", kind(node)),
    };
    let message = format!("{} is {found}; it takes {}", at.shown(), shape.wanted());
    let help = match at.around {
        None => String::from("start with `lab:`; `labtree init` writes a complete example"),
        Some(_) if at.item => format!("for example `{}`", shape.example()),
        Some(_) => format!("for example {}", example::line(&at.names(), shape)),
    };
    reader.report(with_alias(Diagnostic::error(rules::WRONG_KIND, first_line(node), message), node).help(help));
}

/// Nothing is written where something must be.
pub(crate) fn empty(shape: &Shape, at: &At<'_>, reader: &mut Reader) {
    let message = format!("nothing is written behind {}; it takes {}", at.shown(), shape.wanted());
    let help = format!("for example {}", example::line(&at.names(), shape));
    reader.report(Diagnostic::error(rules::EMPTY_VALUE, at.key, message).help(help));
}

/// Only `!!str` has a meaning here, and it is the reader of scalars that gives it one.
pub(crate) fn refuse_tag(node: &Node, reader: &mut Reader) {
    if let Some(tag) = node.tag().filter(|tag| tag.as_str() != "tag:yaml.org,2002:str") {
        let message = "the inventory reads no tags but `!!str`";
        reader.report(Diagnostic::error(rules::YAML_TAG, tag.span, message).help("delete the tag"));
    }
}

/// With the alias that brings the value here, if there is one.
pub(crate) fn with_alias(finding: Diagnostic, node: &Node) -> Diagnostic {
    match node.alias() {
        Some(alias) => finding.related(alias.span, "used here"),
        None => finding,
    }
}

/// The place of a scalar; of a collection its first key or item, so that not half the file is marked.
pub(crate) fn first_line(node: &Node) -> Span {
    match &node.content {
        Content::Scalar(_) => node.span,
        Content::Sequence(items) => items.first().map_or(node.span, first_line),
        Content::Mapping(pairs) => pairs.first().map_or(node.span, |pair| first_line(&pair.key)),
    }
}

/// The first 40 characters of a text, its line breaks shown as `␤`.
pub(crate) fn shorten(text: &str) -> String {
    let mut characters = text.chars().map(|character| if character == '\n' { '␤' } else { character });
    let short: String = characters.by_ref().take(40).collect();
    if characters.next().is_some() { short + "…" } else { short }
}

/// What a terminal would not show, or would do something else with.
fn is_unseen(character: char) -> bool {
    character.is_control() || matches!(u32::from(character), 0x200e..=0x200f | 0x202a..=0x202e | 0x2066..=0x2069)
}
