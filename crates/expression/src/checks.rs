//! What an expression checks before it goes on: how large something is, and which texts it refuses.

use std::collections::BTreeSet;

use ruff_python_ast::{CmpOp, Expr, ExprCall, ExprCompare, Number, Stmt, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use crate::keys::Key;
use crate::objects::Object;
use crate::reader::Reader;
use crate::values::Values;

/// Where a value comes from: a key of an object, or the whole of it where the key is not known.
pub type Source = (Object, Key);

/// What is measured, and what is refused.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// The values whose length is compared with a limit.
    pub(crate) measured: BTreeSet<Source>,
    /// Whether a function of the text does so with what it is given, which may be anything.
    pub(crate) measures_argument: bool,
    /// The values that are looked for in a list which is written out.
    pub(crate) chosen: BTreeSet<Source>,
    /// The literal strings for which the answer is no.
    pub(crate) refused: BTreeSet<(usize, usize)>,
}

impl Checks {
    /// Whether the length of one of `sources` is compared with a limit, for all that is known.
    pub(crate) fn measure(&self, sources: &BTreeSet<Source>) -> bool {
        let is_one = |(object, key): &Source| {
            self.measured.iter().any(|(measured, part)| {
                measured == object && (part == key || *part == Key::Unknown || *key == Key::Unknown)
            })
        };
        self.measures_argument || sources.iter().any(is_one)
    }
}

impl<'a> Reader<'a> {
    /// What a comparison holds against a limit by its length, or against a list that is written out. That something is
    /// empty, or not, limits nothing.
    pub(crate) fn measured(&mut self, compare: &'a ExprCompare) {
        let mut left = compare.left.as_ref();
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            match op {
                CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
                    for (size, limit) in [(left, right), (right, left)] {
                        if !is_nothing_or_one(limit) {
                            self.sizes_in(size);
                        }
                    }
                }
                CmpOp::In | CmpOp::NotIn if is_call_of(right, "range") => self.sizes_in(left),
                CmpOp::In | CmpOp::NotIn if self.values().elements(right).is_some() => {
                    let sources = self.values().sources(left);
                    self.facts.checks.chosen.extend(sources);
                }
                _ => {}
            }
            left = right;
        }
    }

    fn sizes_in(&mut self, expr: &Expr) {
        let mut found: Vec<BTreeSet<Source>> = Vec::new();
        self.values().walk(expr, &mut |there, part| {
            let Some(of) = part.as_call_expr().and_then(measured_by) else { return true };
            // That is how many keys there are.
            if there.objects(of).is_empty() {
                found.push(there.sources(of));
            }
            false
        });
        for sources in found {
            self.facts.checks.measures_argument |= sources.is_empty() && self.functions > 0;
            self.facts.checks.measured.extend(sources);
        }
    }

    /// The texts that a test looks for, where `body`, which is run if they are found, ends in a no.
    pub(crate) fn refused_by(&mut self, test: &Expr, body: &[Stmt]) {
        let is_no = match body.last() {
            Some(Stmt::Return(answer)) => answer.value.as_deref().is_none_or(is_no),
            Some(Stmt::Raise(_)) => true,
            _ => false,
        };
        if is_no {
            self.looked_for(test, true);
        }
    }

    /// The texts that make a test come out as `truth`.
    pub(crate) fn looked_for(&mut self, test: &Expr, truth: bool) {
        match test {
            Expr::UnaryOp(not) if not.op == UnaryOp::Not => self.looked_for(&not.operand, !truth),
            Expr::BoolOp(several) => several.values.iter().for_each(|value| self.looked_for(value, truth)),
            Expr::Compare(compare) => {
                let is_found = |op: &CmpOp| matches!(op, CmpOp::Eq | CmpOp::In | CmpOp::Is) == truth;
                if compare.ops.iter().all(is_found) {
                    self.refuse_texts_in(test);
                }
            }
            _ if truth => self.refuse_texts_in(test),
            _ => {}
        }
    }

    fn refuse_texts_in(&mut self, expr: &Expr) {
        let mut found: Vec<TextRange> = Vec::new();
        self.values().walk(expr, &mut |_, part| {
            found.extend(part.as_string_literal_expr().map(Ranged::range));
            key_of(part).is_none()
        });
        let written = found.into_iter().map(|range| self.text.written(range)).map(|range| (range.start, range.end));
        self.facts.checks.refused.extend(written);
    }
}

impl Values<'_, '_> {
    /// The keys and objects that an expression is made from.
    pub(crate) fn sources(self, expr: &Expr) -> BTreeSet<Source> {
        let mut found = BTreeSet::new();
        self.walk(expr, &mut |there, part| {
            let objects = there.objects(part);
            if !objects.is_empty() {
                found.extend(objects.into_iter().map(|held| (held.object, Key::Unknown)));
                return false;
            }
            let Some((of, key)) = key_of(part) else { return true };
            let objects: BTreeSet<_> = there.objects(of).into_iter().filter(|held| held.object.is_mapping()).collect();
            let keys = there.texts(key).map_or(vec![Key::Unknown], |keys| keys.into_iter().map(Key::Known).collect());
            for held in &objects {
                found.extend(keys.iter().map(|key| (held.object, key.clone())));
            }
            objects.is_empty()
        });
        found
    }
}

/// What a value is taken out of, and its key.
fn key_of(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match expr {
        Expr::Subscript(item) => Some((&item.value, &item.slice)),
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Attribute(method) if matches!(method.attr.as_str(), "get" | "pop" | "setdefault" | "__getitem__") => {
                Some((&method.value, call.arguments.args.first()?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// What a call tells the length of.
fn measured_by(call: &ExprCall) -> Option<&Expr> {
    match call.func.as_ref() {
        Expr::Name(name) if matches!(name.id.as_str(), "len" | "getsizeof") => call.arguments.args.first(),
        Expr::Attribute(method) if method.attr.as_str() == "__len__" => Some(&method.value),
        Expr::Attribute(method) if method.attr.as_str() == "getsizeof" => call.arguments.args.first(),
        _ => None,
    }
}

fn is_call_of(expr: &Expr, function: &str) -> bool {
    let name = expr.as_call_expr().and_then(|call| call.func.as_name_expr());
    name.is_some_and(|name| name.id.as_str() == function)
}

fn is_nothing_or_one(expr: &Expr) -> bool {
    let Some(Number::Int(number)) = expr.as_number_literal_expr().map(|number| &number.value) else { return false };
    number.as_u8().is_some_and(|number| number <= 1)
}

/// Whether an answer is `False` or `None`, as it is written.
fn is_no(answer: &Expr) -> bool {
    answer.is_none_literal_expr() || answer.as_boolean_literal_expr().is_some_and(|answer| !answer.value)
}
