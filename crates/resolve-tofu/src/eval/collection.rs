//! `for` expressions and splats.

use std::collections::BTreeMap;

use diagnostic::Span;
use syntax::hcl::{Expression, For, ForResult};

use super::{Evaluator, Scope};
use crate::value::{self, Entries, Value};

impl Evaluator<'_> {
    /// `[for …]` and `{for …}`
    pub(crate) fn each(&self, each: &For, span: Span, scope: &mut Scope) -> Value {
        let collection = self.value(&each.collection, scope);
        let entries = match value::entries(&collection) {
            Entries::Items(entries) if !value::is_null(&collection) => entries,
            Entries::Unknown => return value::marked_like(value::dynamic(), &collection),
            _ => {
                let what = value::kind(&collection);
                let message = format!("`for` goes through a collection, and this is {what}");
                self.fault("invalid-expression", each.collection.span, message);
                return value::dynamic();
            }
        };
        let (mut elements, mut object) = (Vec::new(), BTreeMap::<String, Vec<Value>>::new());
        let (mut unknown, mut sensitive) = (false, false);
        for (key, element) in entries {
            if !self.spend(1) {
                return value::dynamic();
            }
            let outside = scope.names.len();
            scope.names.extend(each.key.iter().map(|name| (name.value.clone(), key.clone())));
            scope.names.push((each.value.value.clone(), element));
            let kept = match &each.condition {
                None => Some(true),
                Some(condition) => {
                    let test = self.value(condition, scope);
                    sensitive |= value::is_sensitive(&test);
                    match value::to_bool(&test) {
                        Ok(kept) if !value::is_null(&test) => kept,
                        _ => {
                            let message = "the condition takes `true` or `false`";
                            self.fault("invalid-expression", condition.span, message);
                            None
                        }
                    }
                }
            };
            match (kept, &each.result) {
                (None, _) => unknown = true,
                (Some(false), _) => {}
                (Some(true), ForResult::Tuple(result)) => elements.push(self.value(result, scope)),
                (Some(true), ForResult::Object { key, value: result, group }) => {
                    let at = self.value(key, scope);
                    let made = self.value(result, scope);
                    sensitive |= value::is_sensitive(&at);
                    match value::to_text(&at) {
                        Ok(Some(text)) if !value::is_null(&at) => {
                            let slot = object.entry(text.clone()).or_default();
                            if !slot.is_empty() && !group {
                                self.push(
                                    diagnostic::Diagnostic::error(
                                        "invalid-expression",
                                        key.span,
                                        format!("two elements have the key `{text}`"),
                                    )
                                    .help("write `...` behind the value to gather the values of one key"),
                                );
                                scope.names.truncate(outside);
                                return value::dynamic();
                            }
                            slot.push(made);
                        }
                        Ok(None) if !value::is_null(&at) => unknown = true,
                        _ => {
                            let what = value::kind(&at);
                            self.fault("invalid-expression", key.span, format!("the key is {what}, and takes text"));
                            unknown = true;
                        }
                    }
                }
            }
            scope.names.truncate(outside);
        }
        let found = match (&each.result, unknown) {
            (_, true) => value::dynamic(),
            (ForResult::Tuple(_), _) => value::tuple(elements),
            (ForResult::Object { group: true, .. }, _) => {
                value::object(object.into_iter().map(|(key, values)| (key, value::tuple(values))).collect())
            }
            (ForResult::Object { .. }, _) => value::object(
                object.into_iter().filter_map(|(key, values)| Some((key, values.into_iter().next()?))).collect(),
            ),
        };
        let found = if sensitive { value::sensitive(found) } else { found };
        value::marked_like(value::made_at(found, span), &collection)
    }

    /// `of[*].…`
    pub(crate) fn splat(&self, of: &Expression, each: &Expression, scope: &mut Scope) -> Value {
        let source = self.value(of, scope);
        let entries: Vec<Value> = if value::is_null(&source) {
            Vec::new()
        } else if value::is_sequence(&source) {
            match value::entries(&source) {
                Entries::Items(entries) => entries.into_iter().map(|(_, element)| element).collect(),
                Entries::Unknown | Entries::Not => return value::marked_like(value::dynamic(), &source),
            }
        } else if value::is_dynamic(&source) {
            match value::provenance(&source) {
                // A resource instance is one thing, whatever is known of it.
                Some(provenance) if provenance.is_instance() => vec![source.clone()],
                _ => return value::marked_like(value::dynamic(), &source),
            }
        } else {
            vec![source.clone()]
        };
        let mut made = Vec::new();
        for element in entries {
            if !self.spend(1) {
                return value::dynamic();
            }
            scope.elements.push(element);
            made.push(self.value(each, scope));
            scope.elements.pop();
        }
        value::marked_like(value::like_splat(made, &source), &source)
    }
}
