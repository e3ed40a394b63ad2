//! What the OpenTofu roots declare for authentik: who may open what, and what a flow does.

use lint::tofu::{Lead, PolicyBinding, Root, Subject, Tofu, number};
use resolve_tofu::{Instance, Mode};

use super::diagram::{Diagram, Look};

/// An arrow from each group, policy or user to the application that it is bound to; who is bound to nothing is open to
/// everyone.
pub(super) fn apps(tofu: &Tofu<'_>) -> Diagram {
    let mut diagram = Diagram::default();
    for root in &tofu.roots {
        let applications: Vec<_> = root.of("authentik_application").filter(is_managed).collect();
        if applications.is_empty() {
            continue;
        }
        let within = boxed(&mut diagram, tofu, root);
        let bindings = root.policy_bindings();
        for application in applications {
            let app = diagram.node(within, application.address(), &called(application), Look::Plain);
            let mut bound = bindings.iter().filter(|binding| counts(binding, application)).peekable();
            if bound.peek().is_none() {
                let may_be = bindings.iter().any(|binding| binding.target.may_be(application));
                let label = if may_be { "who may open it is not known" } else { "everyone" };
                let everyone = diagram.node(within, label, label, Look::Dashed);
                diagram.arrow(everyone, app, "", false);
            }
            for (subject, lead) in bound.flat_map(|binding| &binding.subjects) {
                let (key, label) = of_lead(lead, subject_in_words(*subject));
                let from = diagram.node(within, &key, &label, Look::Round);
                diagram.arrow(from, app, "", false);
            }
        }
    }
    diagram
}

/// A box for each flow: its stages in order, and a dotted arrow from each policy to the stage that it decides about.
pub(super) fn flows(tofu: &Tofu<'_>) -> Diagram {
    let mut diagram = Diagram::default();
    for root in &tofu.roots {
        let (stages, policies) = (root.stage_bindings(), root.policy_bindings());
        for flow in root.of("authentik_flow").filter(is_managed) {
            let label = format!("{}{}", in_folder(tofu, root), called(flow));
            let within = Some(diagram.r#box(label));
            let mut of_flow: Vec<_> = stages.iter().filter(|binding| binding.flow.is(flow)).collect();
            of_flow.sort_by_key(|binding| binding.order.unwrap_or(i64::MAX));
            let start = diagram.node(within, "start", designation(flow).as_str(), Look::Round);
            for policy in bound(&policies, flow) {
                let from = policy_node(&mut diagram, within, &policy);
                diagram.arrow(from, start, "", true);
            }
            let mut before = start;
            for binding in of_flow {
                let order = binding.order.map_or_else(|| "?".to_owned(), |order| order.to_string());
                let (_, stage) = of_lead(&binding.stage, "stage");
                let stage = stage.strip_prefix("stage ").unwrap_or(&stage);
                let key = binding.instance.address();
                let node = diagram.node(within, key, &format!("{order}: {stage}"), Look::Plain);
                diagram.arrow(before, node, "", false);
                for policy in bound(&policies, binding.instance) {
                    let from = policy_node(&mut diagram, within, &policy);
                    diagram.arrow(from, node, "", true);
                }
                before = node;
            }
            if root.stages_of(flow).is_none() {
                let more = diagram.node(within, "more", "perhaps more, which is not known", Look::Dashed);
                diagram.arrow(before, more, "", false);
            }
        }
    }
    diagram
}

/// What is bound to `target`, in the order in which it is asked: what it is known by, and its name.
fn bound(policies: &[PolicyBinding<'_, '_>], target: &Instance<'_>) -> Vec<(String, String)> {
    let mut bound: Vec<_> = policies.iter().filter(|binding| counts(binding, target)).collect();
    bound.sort_by_key(|binding| number(binding.instance, "order").unwrap_or(i64::MAX));
    let subjects = bound.into_iter().flat_map(|binding| &binding.subjects);
    subjects.map(|(subject, lead)| of_lead(lead, subject_in_words(*subject))).collect()
}

fn policy_node(diagram: &mut Diagram, within: Option<usize>, (key, label): &(String, String)) -> usize {
    diagram.node(within, key, label, Look::Round)
}

/// Whether a binding is one to `target` and is not disabled.
fn counts(binding: &PolicyBinding<'_, '_>, target: &Instance<'_>) -> bool {
    binding.target.is(target) && binding.enabled != Some(false)
}

fn subject_in_words(subject: Subject) -> &'static str {
    match subject {
        Subject::Policy => "policy",
        Subject::Group => "group",
        Subject::User => "user",
    }
}

/// What something that is led to is known by, and its name behind `what` it is.
fn of_lead(lead: &Lead<'_, '_>, what: &str) -> (String, String) {
    match lead {
        Lead::To(led) => (led.instance.address().to_owned(), format!("{what} {}", called(led.instance))),
        Lead::Literal(text) => (text.clone(), format!("{what} {text}")),
        Lead::Nowhere | Lead::Unknown => (format!("unknown {what}"), format!("a {what} that is not known")),
    }
}

/// The name that people see, or else the address.
fn called(instance: &Instance<'_>) -> String {
    let name = ["name", "slug", "username"].into_iter().find_map(|argument| instance.known_string(argument));
    let kind = instance.kind().strip_prefix("authentik_").unwrap_or(instance.kind());
    match (name, kind.strip_prefix("stage_")) {
        (Some(name), Some(stage)) => format!("{} ({})", name.value, stage.replace('_', " ")),
        (Some(name), None) => name.value,
        (None, _) => instance.address().to_owned(),
    }
}

fn designation(flow: &Instance<'_>) -> String {
    flow.known_string("designation").map_or_else(|| "flow".to_owned(), |designation| designation.value)
}

fn is_managed(instance: &&Instance<'_>) -> bool {
    instance.resource.mode == Mode::Managed
}

/// A box for the root, where there are several.
fn boxed(diagram: &mut Diagram, tofu: &Tofu<'_>, root: &Root<'_>) -> Option<usize> {
    (tofu.roots.len() > 1).then(|| diagram.r#box(folder(root)))
}

fn in_folder(tofu: &Tofu<'_>, root: &Root<'_>) -> String {
    if tofu.roots.len() > 1 { format!("{}: ", folder(root)) } else { String::new() }
}

fn folder<'r>(root: &'r Root<'_>) -> &'r str {
    if root.resolved.module.folder.is_empty() { "." } else { &root.resolved.module.folder }
}
