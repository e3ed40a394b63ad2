//! The evaluation of a root: of its own module, then of all that are called below it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread;

use diagnostic::{Diagnostic, Span};

use super::{Configured, Instance, Key, Root};
use crate::config::{CheckRule, Resource};
use crate::eval::{Evaluator, ModuleId, Repeated, Scope, Thing};
use crate::files::Files;
use crate::modules::Modules;
use crate::value::{self, Provenance, Subject};

/// The stack of an evaluation, for as many levels as it goes down.
const STACK: usize = 512 << 20;

/// Evaluates the root in `folder`. What fails is pushed to `found`, each fault once.
pub fn evaluate<'a>(
    files: &'a Files<'a>,
    modules: &'a Modules,
    folder: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<Root<'a>> {
    // Expressions may lie in each other deeper than the stack of any thread that calls this.
    thread::scope(|scope| {
        let work = || run(files, modules, folder, found);
        let work = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread can be started");
        work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn run<'a>(files: &'a Files<'a>, modules: &'a Modules, folder: &str, found: &mut Vec<Diagnostic>) -> Option<Root<'a>> {
    let module = modules.get(folder)?;
    let evaluator = Evaluator::new(files, modules, module);
    let mut instances = Vec::new();
    let mut next: Vec<ModuleId> = vec![0];
    while let Some(id) = next.pop() {
        visit(&evaluator, id, &mut instances);
        next.extend(called_by(&evaluator, id));
    }
    let outputs = module
        .outputs
        .values()
        .map(|output| (output.name.value.clone(), evaluator.output(0, &output.name.value, output.header)));
    let outputs = outputs.collect();
    let providers = module.providers.iter().map(|provider| {
        let mut scope = Scope::of(0, Repeated::default());
        let content = evaluator
            .content(&provider.body, &mut scope, 0, &mut |attribute, scope| evaluator.value(&attribute.value, scope));
        Configured { provider, content }
    });
    let providers = providers.collect();
    let complete = !evaluator.is_exhausted();
    let mut known: BTreeSet<(&str, Span)> = found.iter().map(|fault| (fault.rule, fault.primary.span)).collect();
    // A module that is called ten times has its faults once; the first call tells the story.
    found.extend(evaluator.into_found().into_iter().filter(|fault| known.insert((fault.rule, fault.primary.span))));
    instances.sort_by(|left, right| left.address().cmp(right.address()));
    let by_address =
        instances.iter().enumerate().map(|(index, instance)| (instance.address().to_owned(), index)).collect();
    let mut by_kind = BTreeMap::<_, Vec<_>>::new();
    for (index, instance) in instances.iter().enumerate() {
        by_kind.entry((instance.resource.mode, instance.kind())).or_default().push(index);
    }
    Some(Root { module, instances, outputs, providers, complete, by_address, by_kind })
}

/// The module instances that the module instance `id` calls.
fn called_by(evaluator: &Evaluator<'_>, id: ModuleId) -> Vec<ModuleId> {
    let mut called = Vec::new();
    for call in evaluator.instance(id).module.calls.values() {
        let expansion = evaluator.call_expansion(id, call, call.header);
        let keys = expansion.instances().into_iter().map(|(key, _)| key);
        called.extend(keys.filter_map(|key| evaluator.child_instance(id, &call.name.value, &key)));
    }
    called
}

/// Evaluates all of one module instance, and puts its resource instances to `instances`.
fn visit<'a>(evaluator: &Evaluator<'a>, id: ModuleId, instances: &mut Vec<Instance<'a>>) {
    let instance = evaluator.instance(id);
    let module = instance.module;
    for (name, resource) in &module.resources {
        let expansion = evaluator.expansion(id, (name, resource), resource.header);
        for (key, repeated) in expansion.instances() {
            let mut scope = Scope::of(id, repeated);
            let content = evaluator.content(&resource.body, &mut scope, 0, &mut |attribute, scope| {
                let thing = Thing::Argument(name, key.clone(), &attribute.name.value);
                // Few are ever asked for again.
                evaluator.unremembered(id, thing, attribute.name.span, || evaluator.value(&attribute.value, scope))
            });
            let subject = evaluator.subject(id, name, &key);
            conditions(evaluator, resource, &subject, &mut scope);
            instances.push(Instance {
                resource,
                folder: &module.folder,
                module_address: instance.address.clone(),
                subject,
                certain: instance.certain && key != Key::Unknown,
                content,
                key,
            });
        }
    }
    evaluator.validate(id);
    for output in module.outputs.values() {
        evaluator.output(id, &output.name.value, output.header);
    }
    for local in module.locals.values() {
        evaluator.local(id, &local.name.value, local.name.span);
    }
}

/// Holds a resource instance against its `precondition` and `postcondition` blocks.
fn conditions(evaluator: &Evaluator<'_>, resource: &Resource, subject: &Arc<Subject>, scope: &mut Scope) {
    let address = subject.address().unwrap_or_default();
    let place = |rule: &CheckRule| rule.condition.as_ref().map_or(rule.header, |condition| condition.span);
    for rule in &resource.preconditions {
        evaluator.hold(rule, scope, "failed-condition", place(rule), &format!("`{address}`"));
    }
    scope.this = Some(value::unknown_of(Provenance::all_of(Arc::clone(subject))));
    for rule in &resource.postconditions {
        evaluator.hold(rule, scope, "failed-condition", place(rule), &format!("`{address}`"));
    }
}
