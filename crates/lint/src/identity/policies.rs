//! Expression policies, and where authentik asks them.

use expression::{Access, Call, Key, Object, Receiver};
use resolve_tofu::Instance;

use crate::tofu::{Lead, Python, Root, StageBinding};

/// The resource type of an expression policy.
pub(crate) const POLICY: &str = "authentik_policy_expression";

/// Where a policy is asked.
#[derive(Clone, Debug)]
pub(crate) enum Asked<'r, 'a> {
    /// Before a flow, when it is planned.
    Flow(&'r Instance<'a>),
    /// About a stage in a flow.
    Stage(StageBinding<'r, 'a>),
    /// About what was typed in a prompt.
    Prompt(&'r Instance<'a>),
}

/// A policy where it is asked.
#[derive(Clone, Debug)]
pub(crate) struct Bound<'r, 'a> {
    /// The policy.
    pub(crate) policy: &'r Instance<'a>,
    /// Its text.
    pub(crate) python: &'r Python,
    /// Where it is asked.
    pub(crate) asked: Asked<'r, 'a>,
    /// What binds it there: a policy binding, or the prompt.
    pub(crate) by: &'r Instance<'a>,
}

impl Bound<'_, '_> {
    /// Whether it is asked when the flow is planned, and at no other time.
    pub(crate) fn is_at_plan_time_only(&self) -> bool {
        match &self.asked {
            Asked::Flow(_) => true,
            Asked::Stage(stage) => stage.on_plan == Some(true) && stage.at_stage == Some(false),
            Asked::Prompt(_) => false,
        }
    }

    /// Whether it is asked when the flow is planned.
    pub(crate) fn is_at_plan_time(&self) -> bool {
        match &self.asked {
            Asked::Flow(_) => true,
            Asked::Stage(stage) => stage.on_plan == Some(true),
            Asked::Prompt(_) => false,
        }
    }

    /// The flow that is planned.
    pub(crate) fn flow(&self) -> Option<&Instance<'_>> {
        match &self.asked {
            Asked::Flow(flow) => Some(flow),
            Asked::Stage(stage) => stage.flow.managed("authentik_flow"),
            Asked::Prompt(_) => None,
        }
    }
}

/// Every expression policy of a root with a text that is known, once for each place where it is asked.
pub(crate) fn bound<'r, 'a>(root: &'r Root<'a>) -> Vec<Bound<'r, 'a>> {
    let stages = root.stage_bindings();
    let mut all = Vec::new();
    for binding in root.policy_bindings().into_iter().filter(|binding| binding.enabled != Some(false)) {
        let Some(policy) = binding.policy().and_then(|lead| lead.managed(POLICY)) else { continue };
        let (Some(python), Some(target)) = (root.python_of(policy), binding.target.instance()) else { continue };
        let asked = match target.kind() {
            "authentik_flow" => Asked::Flow(target),
            "authentik_flow_stage_binding" => {
                match stages.iter().find(|stage| stage.instance.address() == target.address()) {
                    Some(stage) => Asked::Stage(stage.clone()),
                    None => continue,
                }
            }
            _ => continue,
        };
        all.push(Bound { policy, python, asked, by: binding.instance });
    }
    for prompt in root.of("authentik_stage_prompt") {
        for (lead, _) in root.leads(prompt, "validation_policies").into_iter().flatten() {
            let Some(policy) = lead.managed(POLICY) else { continue };
            let Some(python) = root.python_of(policy) else { continue };
            all.push(Bound { policy, python, asked: Asked::Prompt(prompt), by: prompt });
        }
    }
    all
}

/// Whether the text of every expression policy is known; one that is not may read and write anything.
pub(crate) fn are_all_known(root: &Root<'_>) -> bool {
    root.of(POLICY).all(|policy| root.python_of(policy).is_some())
}

/// Whether `flow` is planned by a source, which hands it what came from upstream before any stage runs.
pub(crate) fn is_of_source(root: &Root<'_>, flow: &Instance<'_>) -> bool {
    root.of_family("authentik_source_").any(|source| {
        ["enrollment_flow", "authentication_flow", "pre_authentication_flow"].iter().any(|name| {
            match root.lead(source, name) {
                Lead::Nowhere => false,
                lead => lead.may_be(flow),
            }
        })
    })
}

/// The keys of the flow's context that it reads.
pub(crate) fn reads_of_context(python: &Python) -> impl Iterator<Item = (&str, &Access)> {
    python.facts.reads().iter().filter_map(|access| match (access.object, &access.key) {
        (Object::Context | Object::PlanContext, Key::Known(key)) => Some((key.as_str(), access)),
        _ => None,
    })
}

/// The calls that change something for good: rows of the database, memberships.
pub(crate) fn changes(python: &Python) -> impl Iterator<Item = &Call> {
    let methods = ["save", "add", "delete", "create", "get_or_create", "update_or_create", "set_password"];
    python.facts.calls().iter().filter(move |call| {
        let is_own = call.receiver == Receiver::OwnContainer;
        let is_context = matches!(call.receiver, Receiver::Object(object) if object.is_mapping());
        methods.contains(&call.method()) && call.callee.contains('.') && !is_own && !is_context
    })
}
