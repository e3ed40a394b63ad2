//! Parser events → a flat list of nodes with all limits checked → the tree.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use diagnostic::{Diagnostic, FileId, Span, Spanned};
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::alias_key::{AliasKeys, colon_of_alias};
use super::fault::{self, Around};
use super::{Comment, Content, Document, MAX_NESTING, MAX_NODES, MAX_TEXT, Node, Pair, Properties, Scalar, Style};
use super::{YAML_ALIAS, YAML_NESTING, YAML_SIZE};

/// Every document of `text`.
pub(super) fn documents(file: FileId, text: &str) -> Result<Vec<Document>, Diagnostic> {
    let mut keys = AliasKeys::default();
    loop {
        match read(file, text, &keys) {
            Ok(documents) => return Ok(documents),
            Err((fault, colon)) => {
                if !colon.is_some_and(|colon| keys.add(colon)) {
                    return Err(fault);
                }
            }
        }
    }
}

/// Every document of `text`; a fault says too which colon ends the name of an alias, where that would mend it.
fn read(file: FileId, text: &str, keys: &AliasKeys) -> Result<Vec<Document>, (Diagnostic, Option<usize>)> {
    let options = granit_parser::options! {
        emit_anchor_events: true,
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_NESTING,
        block_nesting_limit: MAX_NESTING * 2,
    };
    let spaced = keys.spaced(text);
    let mut loader = Loader::new(file, text);
    let place = |range: Option<Range<usize>>| range.map(|range| keys.written(range.start)..keys.written(range.end));
    for event in Parser::new_from_str_with_options(&spaced, options) {
        match event {
            Ok((event, span)) => {
                let tag = place(span.tag_span().and_then(|span| span.byte_range()));
                let range = place(span.byte_range()).unwrap_or_default();
                loader.take(event, range, tag).map_err(|fault| (fault, None))?;
            }
            Err(error) => {
                let at = error.marker().byte_offset().map_or(text.len(), |at| keys.written(at));
                let at = text.floor_char_boundary(at);
                return Err((fault::explain(error.kind(), at, &loader.around()), colon_of_alias(text, at)));
            }
        }
    }
    Ok(loader.finish())
}

/// A node before the tree is built; the children of a collection follow it, up to `next`.
struct Flat<'t> {
    kind: Kind<'t>,
    range: Range<usize>,
    next: usize,
    properties: Option<Box<Properties>>,
}

enum Kind<'t> {
    Scalar(Cow<'t, str>, Style),
    Sequence,
    Mapping,
    /// What an alias stands for, by its number.
    Alias(usize),
}

/// What a node adds to the budgets, aliases expanded.
#[derive(Clone, Copy, Default)]
struct Cost {
    nodes: usize,
    text: usize,
}

/// A collection whose end has not come yet.
struct Open {
    number: usize,
    flow: bool,
    /// What was spent before it.
    before: Cost,
    /// How many levels lie below it.
    height: usize,
}

/// What an alias may stand for.
#[derive(Clone, Copy)]
struct Anchored {
    number: usize,
    cost: Cost,
    height: usize,
}

struct Loader<'t> {
    file: FileId,
    text: &'t str,
    documents: Vec<Document>,
    comments: Vec<Comment>,
    start: Range<usize>,
    flat: Vec<Flat<'t>>,
    open: Vec<Open>,
    /// Numbers of anchors (granit's) → finished nodes.
    anchored: HashMap<usize, Anchored>,
    /// Numbers of nodes → numbers of their anchors.
    anchors: HashMap<usize, usize>,
    spent: Cost,
    /// Where the last node ended.
    end: usize,
}

impl<'t> Loader<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            documents: Vec::new(),
            comments: Vec::new(),
            start: 0..0,
            flat: Vec::new(),
            open: Vec::new(),
            anchored: HashMap::new(),
            anchors: HashMap::new(),
            spent: Cost::default(),
            end: 0,
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    fn around(&self) -> Around<'_> {
        let last_scalar = self.flat.last().filter(|flat| matches!(flat.kind, Kind::Scalar(_, Style::Plain)));
        Around {
            file: self.file,
            text: self.text,
            open_flow: self.open.last().filter(|open| open.flow).map(|open| self.flat[open.number].range.start),
            last_plain: last_scalar.map(|flat| flat.range.clone()),
            last_end: self.end,
        }
    }

    fn take(&mut self, event: Event<'t>, range: Range<usize>, tag: Option<Range<usize>>) -> Result<(), Diagnostic> {
        match event {
            Event::DocumentStart(explicit, _) => {
                self.start = if explicit { range } else { range.start..range.start };
            }
            Event::DocumentEnd => self.finish_document(),
            Event::Comment(text, _) => {
                let span = self.span(range);
                self.comments.push(Comment { text: text.into_owned(), span });
            }
            Event::Scalar(text, style, _, name) => {
                let style = if range.is_empty() && text == "~" { Style::Empty } else { style_of(style) };
                let text = match style {
                    Style::Empty => Cow::Borrowed(""),
                    Style::Literal | Style::Folded => self.without_added_break(text, &range),
                    _ => text,
                };
                self.spend(Cost { nodes: 1, text: text.len() }, &range)?;
                self.push(Kind::Scalar(text, style), range.clone(), tag, name.as_deref());
                self.finished(0);
            }
            Event::SequenceStart(style, _, name) => self.open(Kind::Sequence, style, range, tag, name.as_deref())?,
            Event::MappingStart(style, _, name) => self.open(Kind::Mapping, style, range, tag, name.as_deref())?,
            Event::SequenceEnd | Event::MappingEnd => self.close(&range),
            Event::Anchor(id, name) => self.anchor(id, name.into_owned(), range),
            Event::Alias(id) => self.alias(id, range)?,
            _ => {}
        }
        Ok(())
    }

    /// The text of a block without the line break that granit adds where the file ends in the middle of a line.
    fn without_added_break(&self, mut text: Cow<'t, str>, range: &Range<usize>) -> Cow<'t, str> {
        let last_line = self.text.rsplit(['\n', '\r']).next().unwrap_or_default();
        if range.end >= self.text.len() && !last_line.trim_matches([' ', '\t']).is_empty() && text.ends_with('\n') {
            text.to_mut().pop();
        }
        text
    }

    fn push(&mut self, kind: Kind<'t>, range: Range<usize>, tag: Option<Range<usize>>, name: Option<&Tag>) {
        let properties = name.map(|name| {
            let (handle, suffix) = name.parts();
            let span = self.span(tag.unwrap_or(range.start..range.start));
            Box::new(Properties { tag: Some(Spanned::new(format!("{handle}{suffix}"), span)), ..Properties::default() })
        });
        self.end = range.end;
        let next = self.flat.len() + 1;
        self.flat.push(Flat { kind, range, next, properties });
    }

    fn open(
        &mut self,
        kind: Kind<'t>,
        style: StructureStyle,
        range: Range<usize>,
        tag: Option<Range<usize>>,
        name: Option<&Tag>,
    ) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_NESTING {
            return Err(fault::nesting(self.span(range)));
        }
        let before = self.spent;
        self.spend(Cost { nodes: 1, text: 0 }, &range)?;
        let number = self.flat.len();
        self.push(kind, range, tag, name);
        self.open.push(Open { number, flow: style == StructureStyle::Flow, before, height: 0 });
        Ok(())
    }

    fn close(&mut self, range: &Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        let next = self.flat.len();
        let end = if open.flow { range.end } else { self.end };
        let flat = &mut self.flat[open.number];
        flat.next = next;
        flat.range.end = end.max(flat.range.start);
        self.end = flat.range.end;
        if let Some(id) = self.anchors.get(&open.number) {
            let cost = Cost { nodes: self.spent.nodes - open.before.nodes, text: self.spent.text - open.before.text };
            self.anchored.insert(*id, Anchored { number: open.number, cost, height: open.height });
        }
        self.finished(open.height);
    }

    /// A node of this height is complete: it raises the collection around it.
    fn finished(&mut self, height: usize) {
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(height + 1);
        }
    }

    /// An anchor's event comes right behind its node's.
    fn anchor(&mut self, id: usize, name: String, range: Range<usize>) {
        let span = self.span(range);
        let Some(number) = self.flat.len().checked_sub(1) else { return };
        let flat = &mut self.flat[number];
        flat.properties.get_or_insert_default().anchor = Some(Spanned::new(name, span));
        match &flat.kind {
            Kind::Scalar(text, _) => {
                let cost = Cost { nodes: 1, text: text.len() };
                self.anchored.insert(id, Anchored { number, cost, height: 0 });
            }
            _ => {
                self.anchors.insert(number, id);
            }
        }
    }

    fn alias(&mut self, id: usize, range: Range<usize>) -> Result<(), Diagnostic> {
        let written = self.text.get(range.clone()).unwrap_or_default();
        let span = self.span(range.clone());
        let Some(target) = self.anchored.get(&id).copied() else {
            return Err(Diagnostic::error(
                YAML_ALIAS,
                span,
                format!("`{written}` stands inside the value it refers to"),
            ));
        };
        if self.open.len() + target.height > MAX_NESTING {
            let message = format!("`{written}` nests this file more than {MAX_NESTING} levels deep");
            return Err(Diagnostic::error(YAML_NESTING, span, message));
        }
        self.spent.nodes += target.cost.nodes;
        self.spent.text += target.cost.text;
        if self.spent.nodes > MAX_NODES || self.spent.text > MAX_TEXT {
            let message = format!(
                "with `{written}` this file expands to more than {MAX_NODES} values or {} MiB of text",
                MAX_TEXT >> 20
            );
            return Err(
                Diagnostic::error(YAML_ALIAS, span, message).help("write the values out, or share fewer of them")
            );
        }
        let name = written.trim_start_matches('*').to_owned();
        let properties = Properties { alias: Some(Spanned::new(name, span)), ..Properties::default() };
        self.push(Kind::Alias(target.number), range, None, None);
        if let Some(flat) = self.flat.last_mut() {
            flat.properties = Some(Box::new(properties));
        }
        self.finished(target.height);
        Ok(())
    }

    fn spend(&mut self, cost: Cost, range: &Range<usize>) -> Result<(), Diagnostic> {
        self.spent.nodes += cost.nodes;
        self.spent.text += cost.text;
        if self.spent.nodes > MAX_NODES {
            let span = self.span(range.clone());
            return Err(Diagnostic::error(YAML_SIZE, span, format!("this file has more than {MAX_NODES} values")));
        }
        Ok(())
    }

    /// Comments behind the last document belong to it.
    fn finish(mut self) -> Vec<Document> {
        if let Some(last) = self.documents.last_mut() {
            last.comments.append(&mut self.comments);
        }
        self.documents
    }

    fn finish_document(&mut self) {
        let flat = std::mem::take(&mut self.flat);
        self.open.clear();
        self.anchored.clear();
        self.anchors.clear();
        if let Some(root) = flat.first().map(|_| build(self.file, &flat, 0)) {
            let comments = std::mem::take(&mut self.comments);
            self.documents.push(Document { root, comments, start: self.span(self.start.clone()) });
        }
    }
}

/// The node `number` with everything below it. It recurses: no document nests deeper than [`MAX_NESTING`].
fn build(file: FileId, flat: &[Flat<'_>], number: usize) -> Node {
    let node = &flat[number];
    let children = || {
        let mut child = number + 1;
        std::iter::from_fn(move || {
            let this = child;
            child = flat.get(this)?.next;
            (this < node.next).then_some(this)
        })
        .map(|child| build(file, flat, child))
    };
    let content = match &node.kind {
        Kind::Scalar(text, style) => Content::Scalar(Scalar { text: text.clone().into_owned(), style: *style }),
        Kind::Sequence => Content::Sequence(children().collect()),
        Kind::Mapping => {
            let mut pairs = Vec::new();
            let mut children = children();
            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                pairs.push(Pair { key, value });
            }
            Content::Mapping(pairs)
        }
        Kind::Alias(target) => {
            let mut target = build(file, flat, *target);
            let properties = target.properties.get_or_insert_default();
            properties.alias = node.properties.as_ref().and_then(|own| own.alias.clone());
            return target;
        }
    };
    Node { content, span: Span::new(file, node.range.clone()), properties: node.properties.clone() }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}
