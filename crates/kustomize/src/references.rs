//! Names in objects that mean other objects: they follow when those get other names.

use std::collections::HashMap;
use std::sync::Arc;

use diagnostic::{Diagnostic, Span, Spanned};
use manifest::{Content, Value};

use crate::bag::Bag;
use crate::field;
use crate::object::{Gvk, Id, Object, scalar, scalar_at};
use crate::run::Run;
use crate::strategic::Refusal;
use crate::{AMBIGUOUS_REFERENCE, UNUSABLE_FIELD};

/// What is asked of an object that may be named.
struct Candidate {
    id: Id,
    previous: Vec<Id>,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    name_place: Span,
}

/// Who names: the object and where it may look.
struct Referrer<'c> {
    at: usize,
    candidates: &'c [Candidate],
    by_name: &'c HashMap<String, Vec<usize>>,
    /// The namespaces of the service accounts that a role binding names.
    bound: Vec<String>,
    role: Option<Gvk>,
}

/// Gives each name of another object the name that this has by now.
pub(crate) fn fix(run: &mut Run<'_>, bag: &mut Bag) {
    let candidates: Vec<Candidate> = bag.objects.iter().map(candidate).collect();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        for previous in &candidate.previous {
            let known = by_name.entry(previous.name.clone()).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    bag.objects.iter().for_each(|object| tell_blank_namespaces(run, object));
    if by_name.is_empty() {
        return;
    }
    let config = Arc::clone(&bag.config);
    for (at, object) in bag.change().iter_mut().enumerate() {
        let bound = bound_namespaces(object);
        let original = object.original_id().gvk;
        let role = object.value.get("roleRef").and_then(|role| {
            Some(Gvk { group: scalar(role.get("apiGroup")?), version: String::new(), kind: scalar(role.get("kind")?) })
        });
        let referrer = Referrer { at, candidates: &candidates, by_name: &by_name, bound, role };
        for (named, specs) in &config.references {
            for spec in specs.iter().filter(|spec| original.is_selected(&spec.gvk)) {
                let mut ambiguous = Vec::new();
                let is_role = spec.path.ends_with("roleRef/name");
                let set = &mut |value: &mut Value| referrer.set(value, named, is_role, &mut ambiguous);
                if let Err(refusal) =
                    field::follow(&mut object.value, spec, None, Span::new(diagnostic::FileId(0), 0..0), set)
                {
                    run.refuse(UNUSABLE_FIELD, refusal);
                }
                run.found.append(&mut ambiguous);
            }
        }
    }
}

fn candidate(object: &Object) -> Candidate {
    Candidate {
        id: object.id(),
        previous: object.previous_ids().collect(),
        prefixes: object.prefixes.clone(),
        suffixes: object.suffixes.clone(),
        name_place: object.place(),
    }
}

/// kustomize stops at a service account in a role binding whose namespace is written, and no text.
fn tell_blank_namespaces(run: &mut Run<'_>, object: &Object) {
    if object.kind() != "RoleBinding" {
        return;
    }
    let subjects = object.value.items_at("subjects").iter();
    for subject in subjects.filter(|subject| scalar_at(subject, "kind") == "ServiceAccount") {
        if let Some(entry) = subject.entry("namespace").filter(|entry| entry.value.is_null()) {
            let fault = Diagnostic::error(UNUSABLE_FIELD, entry.key.span, "the namespace of the account is blank");
            run.found.push(fault.help("name it, or delete the line"));
        }
    }
}

fn bound_namespaces(object: &Object) -> Vec<String> {
    if object.kind() != "RoleBinding" {
        return Vec::new();
    }
    let subjects = object.value.items_at("subjects").iter();
    let accounts = subjects.filter(|subject| scalar_at(subject, "kind") == "ServiceAccount");
    accounts.filter_map(|subject| subject.text_at("namespace").map(str::to_owned)).collect()
}

impl Referrer<'_> {
    fn own(&self) -> &Candidate {
        &self.candidates[self.at]
    }

    /// Corrects the names at the end of a path: a name, a map with one, or a list of either.
    fn set(&self, value: &mut Value, named: &Gvk, is_role: bool, found: &mut Vec<Diagnostic>) -> Result<(), Refusal> {
        match &mut value.content {
            Content::Null | Content::Unknown => Ok(()),
            Content::List(items) => items.iter_mut().try_for_each(|item| match item.content {
                Content::List(_) => {
                    let message = "a name belongs here, this is a list".to_owned();
                    Err(Refusal { span: item.span, message })
                }
                _ => self.set(item, named, is_role, found),
            }),
            Content::Map(_) => self.set_map(value, named, is_role, found),
            _ => {
                let name = scalar(value);
                let wanted = |_: &Candidate| true;
                if let Some(referral) = self.select(&name, named, is_role, &wanted, false, value.span, found)
                    && referral.id.name != name
                {
                    value.content = Content::Text(referral.id.name.clone());
                }
                Ok(())
            }
        }
    }

    fn set_map(&self, map: &mut Value, named: &Gvk, is_role: bool, found: &mut Vec<Diagnostic>) -> Result<(), Refusal> {
        let Some(value) = map.get("name") else {
            return Err(Refusal { span: map.span, message: "there is no `name` here".to_owned() });
        };
        let (name, span) = (scalar(value), value.span);
        let namespace = map.get("namespace").map(scalar);
        let is_original = |candidate: &Candidate| {
            let first = candidate.previous.first().unwrap_or(&candidate.id);
            first.is_namespaced() && Some(first.effective_namespace()) == namespace.as_deref()
        };
        let is_current = |candidate: &Candidate| {
            candidate.id.is_namespaced() && Some(candidate.id.effective_namespace()) == namespace.as_deref()
        };
        let has_original = self.reachable().any(|at| is_original(&self.candidates[at]));
        let wanted = |candidate: &Candidate| match (&namespace, has_original) {
            (None, _) => true,
            (Some(_), true) => is_original(candidate),
            (Some(_), false) => is_current(candidate),
        };
        let Some(referral) = self.select(&name, named, is_role, &wanted, true, span, found) else { return Ok(()) };
        let (new, namespace) = (&referral.id.name, &referral.id.namespace);
        if *new == name && namespace.is_empty() {
            return Ok(());
        }
        if *new != name {
            map.set(Spanned::new("name".to_owned(), span), Value::of_text(new.clone(), span));
        }
        if !namespace.is_empty() && map.text_at("namespace") != Some(namespace) {
            let span = map.get("namespace").map_or(span, |namespace| namespace.span);
            map.set(Spanned::new("namespace".to_owned(), span), Value::of_text(namespace.clone(), span));
        }
        Ok(())
    }

    /// What this object may name at all.
    fn reachable(&self) -> impl Iterator<Item = usize> {
        (0..self.candidates.len()).filter(|at| self.reaches(&self.candidates[*at]))
    }

    fn reaches(&self, candidate: &Candidate) -> bool {
        let own = &self.own().id;
        !own.is_namespaced()
            || !candidate.id.is_namespaced()
            || candidate.id.is_beside(own)
            || self.bound.contains(&candidate.id.namespace)
    }

    /// The one that `name` means: it was called so before, is of the kind, and is prefixed like this object.
    #[expect(clippy::too_many_arguments, reason = "each is a condition of its own")]
    fn select(
        &self,
        name: &str,
        named: &Gvk,
        is_role: bool,
        wanted: &dyn Fn(&Candidate) -> bool,
        with_namespace: bool,
        span: Span,
        found: &mut Vec<Diagnostic>,
    ) -> Option<&Candidate> {
        let own = self.own();
        let is_kind = |candidate: &Candidate, kind: &Gvk| candidate.previous.iter().any(|id| id.gvk.is_selected(kind));
        let role = self.role.as_ref().filter(|_| is_role);
        let mut left: Vec<&Candidate> = self
            .by_name
            .get(name)?
            .iter()
            .map(|at| &self.candidates[*at])
            .filter(|candidate| self.reaches(candidate) && wanted(candidate) && is_kind(candidate, named))
            .filter(|candidate| role.is_none_or(|role| is_kind(candidate, role)))
            .filter(|candidate| {
                let is_account = candidate.id.gvk.kind == "ServiceAccount";
                !own.id.is_namespaced()
                    || !candidate.id.is_namespaced()
                    || is_account
                    || own.id.is_beside(&candidate.id)
            })
            .collect();
        if left.len() != 1 {
            left.retain(|candidate| is_affixed_alike(candidate, own, true));
            if left.len() > 1 {
                left.retain(|candidate| is_affixed_alike(candidate, own, false));
            }
        }
        let (first, others) = left.split_first()?;
        let is_same = |other: &&&Candidate| {
            other.id.name == first.id.name && (!with_namespace || other.id.namespace == first.id.namespace)
        };
        if let Some(other) = others.iter().find(|other| !is_same(other)) {
            let message = format!("`{name}` may mean `{}` or `{}`", first.id, other.id);
            found.push(
                Diagnostic::error(AMBIGUOUS_REFERENCE, span, message)
                    .related(first.name_place, "one is here")
                    .related(other.name_place, "the other is here"),
            );
            return None;
        }
        Some(first)
    }
}

/// Whether both have the same prefixes and suffixes, as far as both were changed; `or_none` if one has none.
fn is_affixed_alike(one: &Candidate, two: &Candidate, or_none: bool) -> bool {
    let alike = |one: &[String], two: &[String]| match (one.is_empty(), two.is_empty()) {
        (true, true) => true,
        (true, false) | (false, true) => or_none,
        (false, false) => one.ends_with(two) || two.ends_with(one),
    };
    alike(&one.prefixes, &two.prefixes) && alike(&one.suffixes, &two.suffixes)
}
