//! The value of an expression.

use std::collections::BTreeMap;

use diagnostic::Span;
use syntax::hcl::{BinaryOperator, Expression, Kind, ObjectItem};

use super::{Evaluator, Scope};
use crate::value::{self, Value};

impl Evaluator<'_> {
    /// The value of `expression`, with the place that made it. Where it fails the fault is reported, and the value is
    /// unknown.
    pub(crate) fn value(&self, expression: &Expression, scope: &mut Scope) -> Value {
        if !self.spend(1) {
            return value::dynamic();
        }
        let found = self.deeper(|| self.kind(expression, scope));
        value::made_at(found, expression.span)
    }

    fn kind(&self, expression: &Expression, scope: &mut Scope) -> Value {
        let span = expression.span;
        match &expression.kind {
            Kind::Null => value::null(),
            Kind::Bool(flag) => value::boolean(*flag),
            Kind::Number(text) => match value::number(text) {
                Some(number) => number,
                None => {
                    self.fault("invalid-expression", span, format!("`{text}` is not a number"));
                    value::dynamic()
                }
            },
            Kind::Text(text) => value::string(text),
            Kind::Template(segments) => self.template(segments, scope),
            Kind::Tuple(elements) => value::tuple(elements.iter().map(|element| self.value(element, scope)).collect()),
            Kind::Object(items) => self.object(items, scope),
            Kind::For(each) => self.each(each, span, scope),
            Kind::Variable(_) | Kind::Access(..) => self.chain(expression, scope),
            Kind::Splat { of, each, .. } => self.splat(of, each, scope),
            Kind::Element => scope.elements.last().cloned().unwrap_or_else(value::dynamic),
            Kind::Call { name, arguments, expand } => self.call(name, arguments, *expand, span, scope),
            Kind::Conditional { condition, yes, no } => self.conditional(condition, yes, no, span, scope),
            Kind::Binary(left, operator, right) => self.binary(left, operator.value, right, span, scope),
            Kind::Unary(operator, of) => {
                let found = self.value(of, scope);
                self.or_fault(value::unary(operator.value, &found), span)
            }
            Kind::Parentheses(of) => self.value(of, scope),
            Kind::Invalid => value::dynamic(),
        }
    }

    /// A value, or the fault that stands for it.
    pub(crate) fn or_fault(&self, found: Result<Value, String>, span: Span) -> Value {
        found.unwrap_or_else(|message| {
            self.fault("invalid-expression", span, message);
            value::dynamic()
        })
    }

    fn object(&self, items: &[ObjectItem], scope: &mut Scope) -> Value {
        let mut found = BTreeMap::new();
        let (mut whole, mut sensitive) = (true, false);
        for item in items {
            let key = self.value(&item.key, scope);
            let at = self.value(&item.value, scope);
            sensitive |= value::is_sensitive(&key);
            match value::to_text(&key) {
                Ok(Some(text)) if !value::is_null(&key) => {
                    found.insert(text, at);
                }
                Ok(_) if value::is_null(&key) => {
                    self.fault("invalid-expression", item.key.span, "the key of an object is null");
                    whole = false;
                }
                Ok(_) => whole = false,
                Err(_) => {
                    let what = value::kind(&key);
                    self.fault("invalid-expression", item.key.span, format!("the key of an object is {what}"));
                    whole = false;
                }
            }
        }
        let found = if whole { value::object(found) } else { value::dynamic() };
        if sensitive { value::sensitive(found) } else { found }
    }

    fn conditional(
        &self,
        condition: &Expression,
        yes: &Expression,
        no: &Expression,
        span: Span,
        scope: &mut Scope,
    ) -> Value {
        let test = self.value(condition, scope);
        // Both sides are evaluated, because the type of the result is that of both.
        let (yes_value, yes_faults) = self.aside(|| self.value(yes, scope));
        let (no_value, no_faults) = self.aside(|| self.value(no, scope));
        if value::is_null(&test) {
            self.fault("invalid-expression", condition.span, "the condition is null, and takes `true` or `false`");
            return value::dynamic();
        }
        let chosen = match value::to_bool(&test) {
            Ok(chosen) => chosen,
            Err(_) => {
                let what = value::kind(&test);
                self.fault(
                    "invalid-expression",
                    condition.span,
                    format!("the condition is {what}, and takes `true` or `false`"),
                );
                return value::dynamic();
            }
        };
        let broken = !yes_faults.is_empty() || !no_faults.is_empty();
        let reported = match chosen {
            Some(true) => yes_faults,
            Some(false) => no_faults,
            // OpenTofu says nothing of either side before it knows which one counts.
            None if broken => return value::dynamic(),
            None => Vec::new(),
        };
        let failed = !reported.is_empty();
        reported.into_iter().for_each(|fault| self.push(fault));
        if failed {
            return value::dynamic();
        }
        let found = match chosen {
            // The side that was not chosen has no type where it fails.
            Some(chosen) if broken => {
                if chosen {
                    yes_value
                } else {
                    no_value
                }
            }
            _ => self.or_fault(value::choose(chosen, &yes_value, &no_value), span),
        };
        value::marked_like(found, &test)
    }

    fn binary(
        &self,
        left: &Expression,
        operator: BinaryOperator,
        right: &Expression,
        span: Span,
        scope: &mut Scope,
    ) -> Value {
        let left_value = self.value(left, scope);
        // `false && …` and `true || …` are decided by their left side, and the right may fail.
        if let (BinaryOperator::And | BinaryOperator::Or, Ok(Some(known))) = (operator, value::to_bool(&left_value))
            && known == (operator == BinaryOperator::Or)
        {
            let (right_value, faults) = self.aside(|| self.value(right, scope));
            return match faults.is_empty() {
                true => self.or_fault(value::binary(operator, &left_value, &right_value), span),
                false => value::marked_like(value::boolean(known), &left_value),
            };
        }
        let right_value = self.value(right, scope);
        self.or_fault(value::binary(operator, &left_value, &right_value), span)
    }
}
