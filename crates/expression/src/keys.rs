//! Which keys of authentik's objects an expression reads and writes, and how.

use std::collections::BTreeSet;
use std::ops::Range;

use ruff_python_ast::{Expr, ExprAttribute, ExprCall, ExprCompare, ExprContext, ExprSubscript, StmtAugAssign};
use ruff_text_size::{Ranged, TextRange};

use crate::checks::Source;
use crate::guards::{Guard, guard};
use crate::objects::Object;
use crate::reader::Reader;
use crate::values::{Held, attribute_of};

/// A key of an object, or the name of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// It is written in the text.
    Known(String),
    /// It is computed, or it may be any of them.
    Unknown,
}

/// The way to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `[...]`: a read fails without the key.
    Item,
    /// `.get(...)`.
    Get {
        /// There is a second argument.
        fallback: bool,
    },
    /// `in`.
    Contains,
    /// `.pop(...)`, a read and a write.
    Pop {
        /// There is a second argument; without one it fails without the key.
        fallback: bool,
    },
    /// `.setdefault(...)`, a read and a write.
    SetDefault,
    /// `.update(...)`, `|=`.
    Update,
    /// `del`, `.clear()`, `.popitem()`.
    Delete,
    /// `+=` and its like, a read and a write.
    Augment,
    /// An attribute, with a dot or by `getattr`, `hasattr` and `setattr`.
    Attribute,
    /// The object goes elsewhere as a whole: any key of it may be read there.
    Whole,
}

/// The keys of its context that a flow brings once its stages run.
pub const BROUGHT: [&str; 3] = ["invitation", "pending_user", "prompt_data"];

fn is_of_context((object, key): &Guard, name: &str) -> bool {
    *object == Object::Context && key == name
}

/// A read or a write of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The object whose key it is.
    pub object: Object,
    /// The key.
    pub key: Key,
    /// How it is reached.
    pub how: How,
    /// Whether something says that the key is there, or catches that it is not.
    pub guarded: bool,
    /// For a read: which of [`BROUGHT`] are there at this place, by what was asked before.
    pub given: BTreeSet<&'static str>,
    /// Whether what is read is used at once as something that is there: `context.get("prompt_data").get("name")`.
    pub chained: bool,
    /// For a write: the objects that the new value comes from.
    pub origins: BTreeSet<Object>,
    /// The same with the keys that it is read from.
    pub sources: BTreeSet<Source>,
    /// Where the key is written, or else the object.
    pub range: Range<usize>,
}

impl Access {
    /// Whether it ends in an exception where the key is missing.
    pub fn fails_without_key(&self) -> bool {
        let raises = matches!(self.how, How::Item | How::Pop { fallback: false } | How::Augment);
        let is_none = matches!(self.how, How::Get { fallback: false }) && self.chained;
        !self.guarded && (raises || is_none)
    }
}

/// What becomes of the value of an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Use {
    /// It goes somewhere as a whole.
    #[default]
    Whole,
    /// It gets a name, is tested or dropped: nothing is read of it yet.
    Kept,
    /// Something of it is read at once.
    Chained,
    /// It is called, so an attribute is a method.
    Called,
}

/// An access without the place it stands in.
struct Touch<'k> {
    key: &'k Expr,
    how: How,
    usage: Use,
}

impl<'a> Reader<'a> {
    pub(crate) fn item(&mut self, item: &'a ExprSubscript, usage: Use) {
        let objects = self.mappings(&item.value);
        match item.ctx {
            ExprContext::Load => self.read_keys(&objects, &Touch { key: &item.slice, how: How::Item, usage }),
            ExprContext::Del => self.write_keys(&objects, &item.slice, How::Delete, None),
            _ => {}
        }
    }

    pub(crate) fn attribute(&mut self, attribute: &'a ExprAttribute, usage: Use) {
        let key = || Key::Known(attribute.attr.to_string());
        let objects = self.values().objects(&attribute.value);
        for held in objects.into_iter().filter(|held| !held.object.is_mapping()) {
            match attribute.ctx {
                ExprContext::Load if usage != Use::Called => {
                    self.read(held.object, key(), How::Attribute, usage, attribute.attr.range);
                }
                ExprContext::Del => self.write(held, key(), How::Delete, None, attribute.attr.range),
                _ => {}
            }
        }
    }

    /// What an assignment puts under a key or into an attribute.
    pub(crate) fn assigned(&mut self, target: &'a Expr, value: Option<&'a Expr>, how: How) {
        match target {
            Expr::Subscript(item) => {
                let objects = self.mappings(&item.value);
                self.write_keys(&objects, &item.slice, how, value);
            }
            Expr::Attribute(attribute) => {
                let how = if how == How::Item { How::Attribute } else { how };
                let objects = self.values().objects(&attribute.value);
                for held in objects.into_iter().filter(|held| !held.object.is_mapping()) {
                    self.write(held, Key::Known(attribute.attr.to_string()), how, value, attribute.attr.range);
                }
            }
            Expr::Starred(starred) => self.assigned(&starred.value, value, how),
            Expr::Tuple(_) | Expr::List(_) => {
                let (targets, values) = (elements(target), value.map_or(&[][..], elements));
                let paired = targets.len() == values.len();
                for (index, target) in targets.iter().enumerate() {
                    self.assigned(target, values.get(index).filter(|_| paired).or(value), how);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn augmented(&mut self, assign: &'a StmtAugAssign) {
        if let Expr::Subscript(item) = assign.target.as_ref() {
            let objects = self.mappings(&item.value);
            self.read_keys(&objects, &Touch { key: &item.slice, how: How::Augment, usage: Use::Kept });
        }
        self.assigned(&assign.target, Some(&assign.value), How::Augment);
        for held in self.mappings(&assign.target) {
            self.updated(held, &assign.value, assign.target.range());
        }
    }

    pub(crate) fn contains(&mut self, compare: &'a ExprCompare) {
        let mut left = compare.left.as_ref();
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            if op.is_in() || op.is_not_in() {
                let objects = self.mappings(right);
                self.read_keys(&objects, &Touch { key: left, how: How::Contains, usage: Use::Kept });
            }
            left = right;
        }
    }

    /// The methods of dictionaries, and the functions that reach attributes by name.
    pub(crate) fn keys_of_call(&mut self, call: &'a ExprCall, usage: Use) {
        let arguments = &call.arguments.args;
        match call.func.as_ref() {
            Expr::Attribute(method) => {
                let objects = self.mappings(&method.value);
                if objects.is_empty() {
                    return;
                }
                let fallback = arguments.len() > 1 || !call.arguments.keywords.is_empty();
                let how = match (method.attr.as_str(), &arguments[..]) {
                    ("get", [_, ..]) => How::Get { fallback },
                    ("pop", [_, ..]) => How::Pop { fallback },
                    ("setdefault", [_, ..]) => How::SetDefault,
                    ("__getitem__", [_]) => How::Item,
                    ("update", _) => return self.update(&objects, call),
                    ("clear" | "popitem", []) => {
                        return objects.iter().for_each(|held| {
                            self.write(*held, Key::Unknown, How::Delete, None, method.value.range());
                        });
                    }
                    ("copy", []) => return,
                    _ => {
                        return objects.iter().for_each(|held| {
                            self.read(held.object, Key::Unknown, How::Whole, usage, method.value.range());
                        });
                    }
                };
                self.read_keys(&objects, &Touch { key: &arguments[0], how, usage });
                if matches!(how, How::Pop { .. } | How::SetDefault) {
                    self.write_keys(&objects, &arguments[0], how, arguments.get(1));
                }
            }
            Expr::Name(function) => {
                let Some((value, name)) = attribute_of(&call.arguments) else { return };
                let key = Key::Known(name.to_owned());
                let range = arguments[1].range();
                let objects = self.values().objects(value);
                for held in objects.into_iter().filter(|held| !held.object.is_mapping()) {
                    match function.id.as_str() {
                        "getattr" | "hasattr" => self.read(held.object, key.clone(), How::Attribute, usage, range),
                        "setattr" => self.write(held, key.clone(), How::Attribute, arguments.get(2), range),
                        "delattr" => self.write(held, key.clone(), How::Delete, None, range),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn update(&mut self, objects: &BTreeSet<Held>, call: &'a ExprCall) {
        for held in objects {
            for keyword in &call.arguments.keywords {
                let key = keyword.arg.as_ref().map_or(Key::Unknown, |name| Key::Known(name.to_string()));
                self.write(*held, key, How::Update, Some(&keyword.value), keyword.range);
            }
            for argument in &call.arguments.args {
                self.updated(*held, argument, argument.range());
            }
        }
    }

    fn updated(&mut self, held: Held, with: &'a Expr, range: TextRange) {
        let Expr::Dict(dict) = with else { return self.write(held, Key::Unknown, How::Update, Some(with), range) };
        for item in &dict.items {
            match &item.key {
                Some(key) => self.write_keys(&BTreeSet::from([held]), key, How::Update, Some(&item.value)),
                None => self.write(held, Key::Unknown, How::Update, Some(&item.value), item.value.range()),
            }
        }
    }

    /// An object that goes somewhere as a whole.
    pub(crate) fn whole(&mut self, expr: &Expr) {
        for held in self.values().objects(expr) {
            self.read(held.object, Key::Unknown, How::Whole, Use::Whole, expr.range());
        }
    }

    fn mappings(&self, expr: &Expr) -> BTreeSet<Held> {
        self.values().objects(expr).into_iter().filter(|held| held.object.is_mapping()).collect()
    }

    fn keys(&self, key: &Expr) -> Vec<Key> {
        self.values().texts(key).map_or(vec![Key::Unknown], |texts| texts.into_iter().map(Key::Known).collect())
    }

    fn read_keys(&mut self, objects: &BTreeSet<Held>, touch: &Touch<'_>) {
        if objects.is_empty() {
            return;
        }
        let keys = self.keys(touch.key);
        for held in objects {
            for key in &keys {
                self.read(held.object, key.clone(), touch.how, touch.usage, touch.key.range());
            }
        }
    }

    fn write_keys(&mut self, objects: &BTreeSet<Held>, key: &Expr, how: How, value: Option<&'a Expr>) {
        if objects.is_empty() {
            return;
        }
        let keys = self.keys(key);
        for held in objects {
            for name in &keys {
                self.write(*held, name.clone(), how, value, key.range());
            }
        }
    }

    fn read(&mut self, object: Object, key: Key, how: How, usage: Use, range: TextRange) {
        let guarded =
            self.catching_keys > 0 || matches!(&key, Key::Known(key) if self.guards.contains(&guard(object, key)));
        let is_given = |brought: &&'static str| self.guards.iter().any(|guard| is_of_context(guard, brought));
        let given = BROUGHT.into_iter().filter(is_given).collect();
        let range = self.text.written(range);
        let chained = matches!(usage, Use::Chained | Use::Called);
        self.facts.reads.push(Access {
            object,
            key,
            how,
            guarded,
            given,
            chained,
            origins: BTreeSet::new(),
            sources: BTreeSet::new(),
            range,
        });
    }

    fn write(&mut self, held: Held, key: Key, how: How, value: Option<&'a Expr>, range: TextRange) {
        if held.copied {
            return;
        }
        let guarded = self.catching_keys > 0;
        if let (Key::Known(key), How::Item | How::SetDefault | How::Update | How::Attribute) = (&key, how) {
            self.guards.push(guard(held.object, key));
        }
        let origins = value.map(|value| self.values().origins(value)).unwrap_or_default();
        let range = self.text.written(range);
        let sources = value.map(|value| self.values().sources(value)).unwrap_or_default();
        let object = held.object;
        self.facts.writes.push(Access {
            object,
            key,
            how,
            guarded,
            given: BTreeSet::new(),
            chained: false,
            origins,
            sources,
            range,
        });
    }
}

fn elements(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => &[],
    }
}
