//! What an expression stands for: the object it is, the objects it comes from, its dotted path, its known texts.

use std::cell::Cell;
use std::collections::BTreeSet;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Arguments, Expr, ExprCall, Operator};

use crate::environment::Context;
use crate::objects::{Object, Whose};
use crate::scopes::{Definition, Scope, binding};

/// Names that are defined by names, calls of calls: nobody follows a person further than this.
const MAX_STEPS: usize = 30;
/// Steps for a whole text, so that a hostile one takes no longer than it is read.
const MAX_FUEL: usize = 500_000;

/// An object that an expression may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Held {
    pub(crate) object: Object,
    /// A copy has the same keys to read, and what is written into it goes nowhere.
    pub(crate) copied: bool,
}

/// What is known about expressions at one place in the text.
#[derive(Clone, Copy)]
pub(crate) struct Values<'s, 'a> {
    pub(crate) context: Context,
    pub(crate) scopes: &'s [Scope<'a>],
    /// The scope that names are looked up from.
    pub(crate) at: usize,
    pub(crate) steps: usize,
    pub(crate) fuel: &'s Cell<usize>,
    /// The names whose definitions are being looked at, so that one defined by itself ends.
    pub(crate) trail: Option<&'s Trail<'s>>,
}

/// A name that is being looked at, and the one that led to it.
#[derive(Debug)]
pub(crate) struct Trail<'s> {
    at: usize,
    name: &'s str,
    before: Option<&'s Trail<'s>>,
}

/// The steps that all questions about one text may take.
pub(crate) fn fuel() -> Cell<usize> {
    Cell::new(MAX_FUEL)
}

impl<'s, 'a> Values<'s, 'a> {
    /// One step on from here, unless that were one too many.
    pub(crate) fn step(self) -> Option<Self> {
        let fuel = self.fuel.get().checked_sub(1)?;
        self.fuel.set(fuel);
        (self.steps < MAX_STEPS).then_some(Self { steps: self.steps + 1, ..self })
    }

    /// Asks about the definitions of a name, from the scope that binds it; not if that is being asked already.
    pub(crate) fn follow<T>(self, name: &str, ask: impl FnOnce(Values<'_, 'a>, &[Definition<'a>]) -> T) -> Option<T> {
        let at = binding(self.scopes, name, self.at)?;
        let mut before = self.trail;
        while let Some(trail) = before {
            if trail.at == at && trail.name == name {
                return None;
            }
            before = trail.before;
        }
        let definitions = self.scopes[at].definitions.get(name).map_or(&[][..], Vec::as_slice);
        let trail = Trail { at, name, before: self.trail };
        Some(ask(Values { at, trail: Some(&trail), ..self.step()? }, definitions))
    }

    /// Whether the name is what authentik gives, as long as the text binds it to nothing else.
    fn is_given(self, name: &str) -> bool {
        binding(self.scopes, name, self.at).is_none_or(|at| at == 1 && self.scopes[1].parameters.contains(name))
    }

    /// The objects that an expression may be.
    pub(crate) fn objects(self, expr: &Expr) -> BTreeSet<Held> {
        let Some(here) = self.step() else { return BTreeSet::new() };
        match expr {
            Expr::Name(name) => here.objects_of_name(&name.id),
            Expr::Attribute(attribute) => here.lead(&attribute.value, |object| object.attribute(&attribute.attr)),
            Expr::Subscript(item) => match here.texts(&item.slice).as_deref() {
                Some([key]) => here.lead(&item.value, |object| object.item(key)),
                _ => BTreeSet::new(),
            },
            Expr::Call(call) => here.answers(call),
            Expr::BoolOp(either) => either.values.iter().flat_map(|value| here.objects(value)).collect(),
            Expr::If(either) => here.objects(&either.body).into_iter().chain(here.objects(&either.orelse)).collect(),
            Expr::Named(named) => here.objects(&named.value),
            Expr::BinOp(merged) if merged.op == Operator::BitOr => {
                copies(here.objects(&merged.left).into_iter().chain(here.objects(&merged.right)))
            }
            Expr::Dict(dict) => {
                copies(dict.items.iter().filter(|item| item.key.is_none()).flat_map(|item| here.objects(&item.value)))
            }
            _ => BTreeSet::new(),
        }
    }

    fn objects_of_name(self, name: &str) -> BTreeSet<Held> {
        // What is asked on the way to another name leaves that one out, so only whole answers are kept.
        let keeps = self.trail.is_none();
        let bound = self.follow(name, |there, definitions| {
            let memory = &there.scopes[there.at].objects;
            if definitions.is_empty() {
                return None;
            }
            if let Some(known) = memory.borrow().get(name).filter(|_| keeps) {
                return Some(known.clone());
            }
            let values = definitions.iter().filter_map(|definition| match definition {
                Definition::Value(value) => Some(there.objects(value)),
                _ => None,
            });
            let objects: BTreeSet<Held> = values.flatten().collect();
            if keeps {
                memory.borrow_mut().insert(name.to_owned(), objects.clone());
            }
            Some(objects)
        });
        bound.flatten().unwrap_or_else(|| {
            let object = Object::named(name, self.context).filter(|_| self.is_given(name));
            object.map(|object| Held { object, copied: false }).into_iter().collect()
        })
    }

    fn lead(self, from: &Expr, to: impl Fn(Object) -> Option<Object>) -> BTreeSet<Held> {
        let led = |held: Held| Some(Held { object: to(held.object)?, copied: false });
        self.objects(from).into_iter().filter_map(led).collect()
    }

    fn answers(self, call: &ExprCall) -> BTreeSet<Held> {
        let first = call.arguments.args.first();
        match call.func.as_ref() {
            Expr::Attribute(method) => match method.attr.as_str() {
                "copy" if first.is_none() => copies(self.objects(&method.value).into_iter()),
                "deepcopy" | "copy" => copies(first.into_iter().flat_map(|value| self.objects(value))),
                "get" | "pop" | "setdefault" | "__getitem__" => {
                    match first.and_then(|key| self.texts(key)).as_deref() {
                        Some([key]) => self.lead(&method.value, |object| object.item(key)),
                        _ => BTreeSet::new(),
                    }
                }
                name => self.lead(&method.value, |object| object.answer(name)),
            },
            Expr::Name(function) if binding(self.scopes, &function.id, self.at).is_none() => match function.id.as_str()
            {
                "getattr" => match attribute_of(&call.arguments) {
                    Some((value, name)) => self.lead(value, |object| object.attribute(name)),
                    None => BTreeSet::new(),
                },
                "dict" => copies(first.into_iter().flat_map(|value| self.objects(value))),
                "ak_user_by" => BTreeSet::from([Held { object: Object::User(Whose::Found), copied: false }]),
                _ => BTreeSet::new(),
            },
            Expr::Name(function) if matches!(function.id.as_str(), "deepcopy" | "copy") => {
                copies(first.into_iter().flat_map(|value| self.objects(value)))
            }
            _ => BTreeSet::new(),
        }
    }

    /// The objects that an expression is or is made from.
    pub(crate) fn origins(self, expr: &Expr) -> BTreeSet<Object> {
        let mut found = BTreeSet::new();
        self.walk(expr, &mut |here, part| {
            let objects = here.objects(part);
            let is_other = objects.is_empty();
            found.extend(objects.into_iter().map(|held| held.object));
            is_other
        });
        found
    }

    /// Shows `see` the parts of an expression and of what its names stand for, until it says not to go on below one.
    pub(crate) fn walk(self, expr: &Expr, see: &mut dyn FnMut(Values<'_, 'a>, &Expr) -> bool) {
        Walk { values: self, see, followed: BTreeSet::new() }.visit_expr(expr);
    }

    /// The texts that an expression may be, where all of them are written in the expression.
    pub(crate) fn texts(self, expr: &Expr) -> Option<Vec<String>> {
        let here = self.step()?;
        match expr {
            Expr::StringLiteral(text) => Some(vec![text.value.to_str().to_owned()]),
            Expr::Name(name) => here.follow(&name.id, |there, definitions| match definitions {
                [Definition::Value(value)] => there.texts(value),
                [Definition::Element(list)] => there.elements(list),
                _ => None,
            })?,
            _ => None,
        }
    }

    /// The texts that a loop over a list or a dictionary goes through, where it goes through nothing else.
    pub(crate) fn elements(self, list: &Expr) -> Option<Vec<String>> {
        let here = self.step()?;
        match list {
            Expr::List(list) => list.elts.iter().map(literal).collect(),
            Expr::Tuple(tuple) => tuple.elts.iter().map(literal).collect(),
            Expr::Set(set) => set.elts.iter().map(literal).collect(),
            Expr::Dict(dict) => dict.items.iter().map(|item| item.key.as_ref().and_then(literal)).collect(),
            Expr::Name(name) => here.follow(&name.id, |there, definitions| match definitions {
                [Definition::Value(value)] if !there.grows(&name.id) => there.elements(value),
                _ => None,
            })?,
            _ => None,
        }
    }

    /// Whether something is put into the list of that name after it was made.
    fn grows(self, name: &str) -> bool {
        self.scopes[self.at].contents.contains_key(name)
    }

    /// The dotted path of what is called or read, imports resolved; a part that has no name is empty.
    pub(crate) fn path(self, expr: &Expr) -> String {
        let Some(here) = self.step() else { return String::new() };
        match expr {
            Expr::Name(name) => {
                let path = here.follow(&name.id, |there, definitions| match definitions {
                    [Definition::Import(path)] => path.clone(),
                    [Definition::Value(value @ (Expr::Name(_) | Expr::Attribute(_)))]
                        if there.objects(value).is_empty() =>
                    {
                        there.path(value)
                    }
                    _ => String::new(),
                });
                path.filter(|path| !path.is_empty()).unwrap_or_else(|| name.id.to_string())
            }
            Expr::Attribute(attribute) => format!("{}.{}", here.path(&attribute.value), attribute.attr.as_str()),
            Expr::Call(call) => format!("{}()", here.path(&call.func)),
            Expr::Subscript(item) => format!("{}[]", here.path(&item.value)),
            _ => String::new(),
        }
    }

    /// Whether the expression is a list, set or dictionary that the text itself makes.
    pub(crate) fn is_own_container(self, expr: &Expr) -> bool {
        let Some(here) = self.step() else { return false };
        match expr {
            Expr::List(_) | Expr::Set(_) | Expr::Dict(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                true
            }
            Expr::Call(call) => match call.func.as_ref() {
                Expr::Name(name) => {
                    matches!(name.id.as_str(), "list" | "set" | "dict" | "defaultdict" | "Counter" | "OrderedDict")
                }
                Expr::Attribute(method) => method.attr.as_str() == "setdefault" && here.is_own_container(&method.value),
                _ => false,
            },
            Expr::Subscript(item) => here.is_own_container(&item.value),
            Expr::Name(name) => here
                .follow(&name.id, |there, definitions| {
                    definitions.iter().all(|definition| match definition {
                        Definition::Value(value) => there.is_own_container(value),
                        // `names += others`
                        Definition::Part(_) => definitions.len() > 1,
                        _ => false,
                    }) && !definitions.is_empty()
                })
                .unwrap_or(false),
            _ => false,
        }
    }
}

/// The value and the attribute's name of `getattr(value, "name")` and its like.
pub(crate) fn attribute_of(arguments: &Arguments) -> Option<(&Expr, &str)> {
    match &arguments.args[..] {
        [value, Expr::StringLiteral(name), ..] => Some((value, name.value.to_str())),
        _ => None,
    }
}

fn literal(expr: &Expr) -> Option<String> {
    expr.as_string_literal_expr().map(|text| text.value.to_str().to_owned())
}

fn copies(held: impl Iterator<Item = Held>) -> BTreeSet<Held> {
    held.map(|held| Held { copied: true, ..held }).collect()
}

/// Goes through an expression and, by the names that it uses, through what these stand for.
struct Walk<'s, 'a, 'f> {
    values: Values<'s, 'a>,
    /// Sees each part; whether to go on below it.
    see: &'f mut dyn FnMut(Values<'_, 'a>, &Expr) -> bool,
    /// The names that were followed, each in its scope.
    followed: BTreeSet<(usize, String)>,
}

impl Visitor<'_> for Walk<'_, '_, '_> {
    fn visit_expr(&mut self, expr: &Expr) {
        let Some(here) = self.values.step() else { return };
        if !(self.see)(here, expr) {
            return;
        }
        let Expr::Name(name) = expr else { return walk_expr(self, expr) };
        let Some(at) = binding(here.scopes, &name.id, here.at) else { return };
        if !self.followed.insert((at, name.id.to_string())) {
            return;
        }
        let scope = &here.scopes[at];
        let outside = std::mem::replace(&mut self.values, Values { at, ..here });
        for definition in scope.definitions.get(name.id.as_str()).into_iter().flatten() {
            if let Definition::Value(from) | Definition::Element(from) | Definition::Part(from) = definition {
                self.visit_expr(from);
            }
        }
        for content in scope.contents.get(name.id.as_str()).into_iter().flatten() {
            self.visit_expr(content);
        }
        self.values = outside;
    }
}
