//! What leads to an instance: the way back of [`Root::lead`].

use std::collections::HashMap;
use std::sync::Arc;

use resolve_tofu::{Instance, Mode};

use super::{Lead, Root};
use crate::threads::locked;

/// Where an argument of all instances of a type leads.
#[derive(Debug, Default)]
pub(super) struct Leading {
    /// By the address of what they lead to: the places of the instances among those of the root.
    to: HashMap<String, Vec<usize>>,
    /// Those of which something may lead anywhere.
    open: Vec<usize>,
}

impl<'a> Root<'a> {
    /// The instances of the resource type `kind` whose argument `name`, or an element of it, leads to `instance`, or may
    /// for all that is known; each with whether it surely does. They are in order.
    ///
    /// It is [`Root::lead`] read backwards, and made once for each argument: asked of every instance it would take the
    /// square of their number.
    pub fn leading_to<'r>(
        &'r self,
        kind: &'static str,
        name: &'static str,
        instance: &Instance<'_>,
    ) -> Vec<(&'r Instance<'a>, bool)> {
        if !instance.certain {
            // Whatever leads to another instance of its block may lead to it.
            return self.of(kind).filter_map(|one| Some((one, self.leads_to(one, name, instance)?))).collect();
        }
        let all = &self.resolved.instances;
        let leading = self.leading(kind, name);
        let sure = leading.to.get(instance.address()).map(Vec::as_slice).unwrap_or_default();
        let may = |index: &&usize| !sure.contains(index) && self.leads_to(&all[**index], name, instance).is_some();
        let mut indices: Vec<_> = sure.iter().map(|index| (*index, true)).collect();
        indices.extend(leading.open.iter().filter(may).map(|index| (*index, false)));
        indices.sort_unstable();
        indices.into_iter().map(|(index, surely)| (&all[index], surely)).collect()
    }

    fn leading(&self, kind: &'static str, name: &'static str) -> Arc<Leading> {
        let mut made = locked(&self.leading);
        Arc::clone(made.entry((kind, name)).or_insert_with(|| Arc::new(self.read_backwards(kind, name))))
    }

    fn read_backwards(&self, kind: &str, name: &str) -> Leading {
        let mut leading = Leading::default();
        let of_kind = |instance: &Instance<'_>| instance.resource.mode == Mode::Managed && instance.kind() == kind;
        let all = self.resolved.instances.iter().enumerate();
        for (index, instance) in all.filter(|(_, instance)| of_kind(instance)) {
            let leads = self.all_leads(instance, name);
            for lead in &leads {
                if let Lead::To(led) = lead {
                    let to = leading.to.entry(led.instance.address().to_owned()).or_default();
                    if to.last() != Some(&index) {
                        to.push(index);
                    }
                }
            }
            if leads.iter().any(is_open) {
                leading.open.push(index);
            }
        }
        leading
    }

    /// Whether the argument `name` of `one` surely leads to `instance`; `None` if it cannot.
    fn leads_to(&self, one: &Instance<'_>, name: &str, instance: &Instance<'_>) -> Option<bool> {
        let leads = self.all_leads(one, name);
        let surely = leads.iter().any(|lead| lead.is(instance));
        (surely || leads.iter().any(|lead| lead.may_be(instance))).then_some(surely)
    }
}

/// Whether it may lead to more than the one instance that it leads to.
fn is_open(lead: &Lead<'_, '_>) -> bool {
    match lead {
        Lead::Nowhere => false,
        Lead::Literal(_) | Lead::Unknown => true,
        Lead::To(led) => led.instance.resource.mode != Mode::Managed || !led.instance.certain,
    }
}
