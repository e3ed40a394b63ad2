//! Which stages a flow has, and who decides over whom: the bindings of flows, stages and applications.

use resolve_tofu::Instance;

use super::{Lead, Root, flag};

/// What decides over an application, a flow, a stage in a flow, a source.
const BINDING: &str = "authentik_policy_binding";

/// An `authentik_flow_stage_binding`: a stage in a flow.
#[derive(Clone, Debug)]
pub struct StageBinding<'r, 'a> {
    /// The binding.
    pub instance: &'r Instance<'a>,
    /// Its flow.
    pub flow: Lead<'r, 'a>,
    /// Its stage.
    pub stage: Lead<'r, 'a>,
    /// Where the stage stands in the flow, if that is known.
    pub order: Option<i64>,
    /// Whether policies are asked when the flow is planned, if that is known. The provider's default is the opposite
    /// of the server's: [`pkg/provider/resource_flow_stage_binding.go`].
    ///
    /// [`pkg/provider/resource_flow_stage_binding.go`]: https://github.com/goauthentik/terraform-provider-authentik
    pub on_plan: Option<bool>,
    /// Whether policies are asked when the stage is reached, if that is known.
    pub at_stage: Option<bool>,
}

/// An `authentik_policy_binding`: who decides over an application, a flow, a stage in a flow, a source.
#[derive(Clone, Debug)]
pub struct PolicyBinding<'r, 'a> {
    /// The binding.
    pub instance: &'r Instance<'a>,
    /// What is decided over.
    pub target: Lead<'r, 'a>,
    /// Who decides.
    pub subjects: Vec<(Subject, Lead<'r, 'a>)>,
    /// Whether it counts, if that is known.
    pub enabled: Option<bool>,
}

/// What a policy binding asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A policy.
    Policy,
    /// Whether the person is in a group.
    Group,
    /// Whether it is that person.
    User,
}

impl Subject {
    const ALL: [(Self, &'static str); 3] =
        [(Subject::Policy, "policy"), (Subject::Group, "group"), (Subject::User, "user")];
}

impl<'r, 'a> PolicyBinding<'r, 'a> {
    /// Where its `policy` leads.
    pub fn policy(&self) -> Option<&Lead<'r, 'a>> {
        self.subjects.iter().find(|(subject, _)| *subject == Subject::Policy).map(|(_, lead)| lead)
    }
}

impl<'a> Root<'a> {
    /// Every stage in a flow.
    pub fn stage_bindings(&self) -> Vec<StageBinding<'_, 'a>> {
        let binding = |instance| StageBinding {
            instance,
            flow: self.lead(instance, "target"),
            stage: self.lead(instance, "stage"),
            order: number(instance, "order"),
            on_plan: flag(instance, "evaluate_on_plan", true),
            at_stage: flag(instance, "re_evaluate_policies", false),
        };
        self.of("authentik_flow_stage_binding").map(binding).collect()
    }

    /// Every binding of a policy, group or user.
    pub fn policy_bindings(&self) -> Vec<PolicyBinding<'_, 'a>> {
        self.of(BINDING).map(|instance| self.policy_binding(instance)).collect()
    }

    /// The bindings whose target is `target`, or may be for all that is known.
    pub fn policy_bindings_of(&self, target: &Instance<'_>) -> Vec<PolicyBinding<'_, 'a>> {
        let leading = self.leading_to(BINDING, "target", target);
        leading.into_iter().map(|(instance, _)| self.policy_binding(instance)).collect()
    }

    fn policy_binding<'r>(&'r self, instance: &'r Instance<'a>) -> PolicyBinding<'r, 'a> {
        let subject = |(subject, name): &(Subject, &str)| (*subject, self.lead(instance, name));
        let is_given = |(_, lead): &(Subject, Lead<'_, '_>)| !matches!(lead, Lead::Nowhere);
        PolicyBinding {
            instance,
            target: self.lead(instance, "target"),
            subjects: Subject::ALL.iter().map(subject).filter(is_given).collect(),
            enabled: flag(instance, "enabled", true),
        }
    }

    /// The stages of `flow` in their order, those of an unknown order last; `None` where some may not be known: a
    /// binding leads somewhere unknown, a part of the root is missing, or the flow was there before.
    pub fn stages_of(&self, flow: &Instance<'_>) -> Option<Vec<StageBinding<'_, 'a>>> {
        let all = self.stage_bindings();
        let is_open = |binding: &StageBinding<'_, '_>| {
            binding.flow.may_be(flow) && !(binding.flow.is(flow) && binding.instance.certain)
        };
        if !self.is_whole || self.was_there_before(flow) || all.iter().any(is_open) {
            return None;
        }
        let mut stages: Vec<_> = all.into_iter().filter(|binding| binding.flow.may_be(flow)).collect();
        stages.sort_by_key(|binding| binding.order.unwrap_or(i64::MAX));
        Some(stages)
    }

    /// The flows of that designation.
    pub fn flows<'r>(&'r self, designation: &'r str) -> impl Iterator<Item = &'r Instance<'a>> {
        let has = move |flow: &&Instance<'_>| {
            flow.known_string("designation").is_some_and(|found| found.value == designation)
        };
        self.of("authentik_flow").filter(has)
    }
}

/// The whole number in the argument `name`, written as a number or as text.
pub fn number(instance: &Instance<'_>, name: &str) -> Option<i64> {
    let value = &instance.argument(name)?.value;
    match value.as_text() {
        Some(text) => text.parse().ok(),
        None => value.as_number()?.to_string().parse().ok(),
    }
}
