//! The rules in CEL that a kind brings (`x-kubernetes-validations`).
//!
//! Left out are rules that speak of the object before a change (`oldSelf`), and those that call what the `cel` crate
//! and [`context`] do not have: the test `rules_that_are_not_judged` lists them.

pub(super) mod values;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use cel::parser::{Expression, PrattParser};
use cel::{Context, Env, ExecutionError, extensions};
use diagnostic::Span;
use manifest::Value;

use super::Sort;
use super::check::Check;
use super::node::{Node, Rule};

/// An expression, parsed.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) expression: Expression,
    /// Every word in its text: what it does not name, it does not look at.
    pub(super) words: BTreeSet<String>,
}

/// Holds the rules of `node` against `value`, which fits it.
pub(super) fn check(check: &mut Check<'_>, node: &'static Node, value: &Value, place: Span) {
    for rule in &node.rules {
        let Some(compiled) = compiled(rule) else { continue };
        let Some(own) = values::convert(check.source, node, value, &compiled.words) else { continue };
        let said = judge(compiled, own.clone());
        if said != Some(false) {
            continue;
        }
        let message = match rule.message_expression.as_deref().and_then(|text| text_of(text, own)) {
            Some(message) => message,
            None => rule.message.clone().unwrap_or_else(|| format!("`{}` is not so", rule.rule.trim())),
        };
        let path = check.path();
        let path = if path.is_empty() { "the object".to_owned() } else { format!("`{path}`") };
        let span = place_of(rule, compiled, value).unwrap_or(place);
        check.say(Sort::BrokenRule, span, format!("{path} is refused: {}", as_clause(&message)));
    }
}

/// The rule's expression; `None` for one that is not judged.
pub(super) fn compiled(rule: &Rule) -> Option<&Compiled> {
    let compile = || {
        let words = words(&rule.rule);
        if words.contains("oldSelf") {
            return None;
        }
        Some(Compiled { expression: PrattParser::new().parse(&rule.rule).ok()?, words })
    };
    rule.compiled.get_or_init(compile).as_ref()
}

/// Whether `own` is as the rule wants it; `None` if that cannot be told.
///
/// A field that is not there where one is read is refused: the API server does so too.
fn judge(compiled: &Compiled, own: cel::Value) -> Option<bool> {
    match context(own).resolve(&compiled.expression) {
        Ok(cel::Value::Bool(is)) => Some(is),
        Err(ExecutionError::NoSuchKey(_)) => Some(false),
        _ => None,
    }
}

fn text_of(expression: &str, own: cel::Value) -> Option<String> {
    let expression = PrattParser::new().parse(expression).ok()?;
    match context(own).resolve(&expression) {
        Ok(cel::Value::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// What an expression may use: CEL's own functions, its extension for texts, and some of Kubernetes'.
fn context(own: cel::Value) -> Context<'static, 'static> {
    static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
        let mut env = Env::stdlib();
        env.add_extension(extensions::strings).expect("the names of the extension are free");
        Arc::new(env)
    });
    let mut context = Context::with_env(Arc::clone(&ENV));
    context.add_variable_from_value("self", own);
    // A number of nanoseconds does where durations are only compared.
    let duration = |text: Arc<String>| nanoseconds(&text).ok_or_else(|| wrong("duration", &text));
    let is_ip = |text: Arc<String>| text.parse::<IpAddr>().is_ok();
    context.add_function("duration", duration).expect("the name is free");
    context.add_function("isIP", is_ip).expect("the name is free");
    context
}

fn wrong(function: &str, text: &str) -> ExecutionError {
    ExecutionError::FunctionError { function: function.to_owned(), message: format!("`{text}` does not read") }
}

/// A duration as Go writes it: `1h30m`, `500ms`.
fn nanoseconds(text: &str) -> Option<i64> {
    const UNITS: [(&str, f64); 6] = [("ns", 1.0), ("us", 1e3), ("ms", 1e6), ("h", 3.6e12), ("m", 6e10), ("s", 1e9)];
    let (sign, mut rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    if rest == "0" {
        return Some(0);
    }
    let mut sum = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let (unit, factor) = UNITS.iter().find(|(unit, _)| rest[end..].starts_with(unit))?;
        sum += number * factor;
        rest = &rest[end + unit.len()..];
    }
    (!text.is_empty()).then_some((sign * sum) as i64)
}

/// The words of an expression: names, whether of fields or of functions.
fn words(expression: &str) -> BTreeSet<String> {
    let split = expression.split(|c: char| !c.is_alphanumeric() && c != '_');
    split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The field to edit: that which the rule says it is about, or the last one written that it looks at.
fn place_of(rule: &Rule, compiled: &Compiled, value: &Value) -> Option<Span> {
    if let Some(path) = rule.field_path.as_deref() {
        let mut steps = path.split('.').filter(|step| !step.is_empty());
        let last = steps.next_back()?;
        let around = steps.try_fold(value, |value, step| value.get(step))?;
        return around.entry(last).map(|entry| entry.key.span);
    }
    let named = value.entries().iter().filter(|entry| compiled.words.contains(&*values::escaped(&entry.key.value)));
    let last = named.map(|entry| entry.key.span).max();
    last.or_else(|| value.text().is_some().then_some(value.span))
}

/// As a part of a sentence: no capital letter, no final dot.
fn as_clause(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut letters = message.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            format!("{}{}", first.to_lowercase(), &message[first.len_utf8()..])
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::sources;
    use super::*;

    /// Rules that are left out, and why.
    const NOT_JUDGED: &[(&str, &str)] = &[
        ("self == oldSelf", "it speaks of the object before a change"),
        ("size(self) == 0 || format.dns1123Label().validate(self) == null", "there is no `format` library"),
    ];

    #[test]
    fn rules_that_are_not_judged() {
        let mut left_out = BTreeSet::new();
        for source in sources() {
            for rule in (0..source.count()).flat_map(|number| &source.node(number).rules) {
                if compiled(rule).is_none_or(|compiled| compiled.words.contains("validate")) {
                    left_out.insert(rule.rule.trim());
                }
            }
        }
        let listed: BTreeSet<_> = NOT_JUDGED.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(left_out, listed);
    }

    #[test]
    fn every_function_that_is_called_is_there() {
        let known = [
            "all",
            "contains",
            "duration",
            "endsWith",
            "exists",
            "exists_one",
            "filter",
            "has",
            "isIP",
            "matches",
            "size",
            "split",
            "startsWith",
            "substring",
        ];
        let mut called = BTreeSet::new();
        for source in sources() {
            for rule in (0..source.count()).flat_map(|number| &source.node(number).rules) {
                if compiled(rule).is_none() || rule.rule.contains("validate") {
                    continue;
                }
                for (at, _) in rule.rule.match_indices('(') {
                    let before = &rule.rule[..at];
                    let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                    if !word.is_empty() {
                        called.insert(word);
                    }
                }
            }
        }
        let called: Vec<_> = called.into_iter().filter(|word| !known.contains(word)).collect();
        assert_eq!(called, Vec::<&str>::new());
    }

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, expected) in [("1h30m", Some(5_400_000_000_000)), ("1.5s", Some(1_500_000_000)), ("0", Some(0))] {
            assert_eq!(nanoseconds(text), expected, "{text}");
        }
        for text in ["", "1", "h", "1d", "1 h"] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }
}
