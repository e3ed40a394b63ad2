//! `anyOf` and its like.

use diagnostic::Span;
use manifest::Value;

use super::Sort;
use super::check::Check;
use super::node::Node;
use super::rules::values;

/// Judges `value` by the branches of `node`.
pub(super) fn check<'v>(check: &mut Check<'v>, node: &'static Node, value: &'v Value, place: Span) {
    for branch in branches(check, &node.all_of) {
        let mut trial = check.trial();
        trial.value(branch, value, place);
        check.found.append(&mut trial.found);
    }
    if node.any_of.is_empty() && node.one_of.is_empty() && node.not.is_none() {
        return;
    }
    // The API server fills them in before it looks at the branches.
    let filled = values::with_defaults(check.source, node, value);
    let value = filled.as_ref();
    let any = branches(check, &node.any_of);
    if !any.is_empty() && is_decided(&any, value) && fitting(check, &any, value) == 0 {
        say(check, &any, 0, place);
    }
    let one = branches(check, &node.one_of);
    if !one.is_empty() && is_decided(&one, value) {
        let fitting = fitting(check, &one, value);
        if fitting != 1 {
            say(check, &one, fitting, place);
        }
    }
    let not: Vec<_> = node.not.iter().map(|number| check.source.node(*number)).collect();
    if is_decided(&not, value) && fitting(check, &not, value) > 0 {
        let message = match not[0].required.as_slice() {
            [] => format!("`{}` has a form that is not allowed", check.path()),
            names => format!("`{}` must not have {}", check.path(), listed(names, " and ")),
        };
        check.say(Sort::NotAllowed, place, message);
    }
}

fn branches(check: &Check<'_>, numbers: &[usize]) -> Vec<&'static Node> {
    numbers.iter().map(|number| check.source.node(*number)).collect()
}

fn fitting(check: &Check<'_>, branches: &[&'static Node], value: &Value) -> usize {
    let fits = |branch: &&&'static Node| {
        let mut trial = check.trial();
        trial.value(branch, value, value.span);
        trial.found.is_empty()
    };
    branches.iter().filter(fits).count()
}

/// Whether what is known of `value` is enough: all of it is, or only the presence of fields is asked.
fn is_decided(branches: &[&Node], value: &Value) -> bool {
    branches.iter().all(|branch| asks_presence(branch)) || !value.has_unknown()
}

fn asks_presence(node: &Node) -> bool {
    !node.required.is_empty()
        && node.properties.is_empty()
        && node.one_of.is_empty()
        && node.any_of.is_empty()
        && node.not.is_none()
}

fn say(check: &mut Check<'_>, branches: &[&Node], fitting: usize, place: Span) {
    let path = check.path();
    let path = if path.is_empty() { "the object".to_owned() } else { format!("`{path}`") };
    if branches.iter().all(|branch| asks_presence(branch)) {
        let names: Vec<String> = branches.iter().flat_map(|branch| branch.required.iter().cloned()).collect();
        let (sort, verb) = if fitting == 0 { (Sort::Missing, "needs") } else { (Sort::NotAllowed, "takes only") };
        check.say(sort, place, format!("{path} {verb} one of {}", listed(&names, ", ")));
    } else {
        let how = if fitting == 0 { "none" } else { "more than one" };
        check.say(Sort::NotAllowed, place, format!("{path} fits {how} of the forms it may have"));
    }
}

fn listed(names: &[String], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}
