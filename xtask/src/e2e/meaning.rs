//! The judge `meaning`: what an applied root leaves on the server is what the inventory promises, and nothing else.
//!
//! What is promised is written down here once more, from the inventory alone: neither `lab` nor a generator has a say.

mod apps;
mod flows;
mod held;
mod people;
mod promised;
mod settings;

use std::collections::BTreeMap;

use inventory::Inventory;
use labtree::Input;
use labtree::disk::RealDisk;
use schema::{Constraint, Kind, Mode, Provider, Release};
use serde_json::{Map, Value as Json};

use super::labs::{self, Lab};
use super::root::Root;
use super::{Bench, Verdict};
use crate::Failure;

/// Objects by their type, without `authentik_`, and what they are called. In their attributes stands what an object is
/// called wherever the server has its id.
type Objects = BTreeMap<(String, String), Map<String, Json>>;

/// Judges all labs, and the example at the oldest release.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("objects");
    let mut all = bench.labs()?;
    all.push(bench.lab("oldest", &labs::at_release("2025.10"))?);
    for lab in all {
        let (judged, faults) = judge_lab(bench, &lab)?;
        verdict.judged += judged;
        verdict.blame(&lab, faults);
    }
    Ok(verdict)
}

/// How many objects the lab promises, and where the server is not as it is promised once the root is applied.
pub(super) fn judge_lab(bench: &Bench, lab: &Lab) -> Result<(usize, Vec<String>), Failure> {
    let root = Root::new(bench, lab.root(), lab.folder.join("store.jsonl"))?;
    root.keep_state_here()?;
    for (step, ran) in [("init", root.init()?), ("apply", root.apply()?)] {
        if ran.status != 0 {
            return Ok((0, vec![format!("`{step}` ends with {}:\n{}", ran.status, ran.text)]));
        }
    }
    judge_applied(lab, &root)
}

/// The same for a root that is applied already.
pub(super) fn judge_applied(lab: &Lab, root: &Root) -> Result<(usize, Vec<String>), Failure> {
    let input = Input::read(&RealDisk::open(&lab.folder)?)?;
    let inventory = input.inventory.ok_or("the inventory of a lab that was rendered has no faults")?;
    let release = release(&inventory)?;
    let promised = promised::promised(&inventory, release, root)?;
    Ok((promised.len(), differences(&promised, &held::held(root)?, release)))
}

/// The release of the provider that the inventory asks for.
fn release(inventory: &Inventory) -> Result<Release<'static>, Failure> {
    let constraint: Constraint = inventory.tofu.providers.authentik.as_str().parse().map_err(|_| "no constraint")?;
    Ok(Provider::authentik().newest_allowed(&constraint).ok_or("no release is allowed")?)
}

/// Where `held` is not what is `promised`. An attribute that nothing promises has what the provider makes of one that
/// is not written.
fn differences(promised: &Objects, held: &Objects, release: Release<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (key @ (kind, name), promise) in promised {
        let Some(object) = held.get(key) else {
            found.push(format!("there is no {kind} `{name}`"));
            continue;
        };
        for (attribute, wanted) in promise {
            let value = object.get(attribute).unwrap_or(&Json::Null);
            if value != wanted && !(is_nothing(value) && is_nothing(wanted)) {
                found.push(format!("`{attribute}` of the {kind} `{name}` is {value}, not {wanted}"));
            }
        }
        for (attribute, value) in object {
            if !promise.contains_key(attribute) && !is_left_to_the_provider(release, kind, attribute, value) {
                found.push(format!("`{attribute}` of the {kind} `{name}` is {value}, which nothing promises"));
            }
        }
    }
    let others = held.keys().filter(|key| !promised.contains_key(*key));
    found.extend(others.map(|(kind, name)| format!("there is a {kind} `{name}`, which nothing promises")));
    found
}

/// Whether the provider sends nothing for it.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(is) => !is,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(pairs) => pairs.is_empty(),
    }
}

/// Whether `value` is what comes of an attribute that is not written.
fn is_left_to_the_provider(release: Release<'_>, kind: &str, attribute: &str, value: &Json) -> bool {
    if is_nothing(value) {
        return true;
    }
    let Some(fact) = release.attribute(Kind::Resource, &format!("authentik_{kind}"), attribute) else {
        // Every type has it, so that the facts leave it out; Vault's tells where the secret lies once more.
        return attribute == "id" || (kind == held::SECRET && attribute == "path");
    };
    let default = fact.default.as_deref().map(|text| match value {
        Json::String(_) => Json::from(text),
        _ => serde_json::from_str(text).unwrap_or_default(),
    });
    fact.computed || fact.mode == Mode::Computed || default.as_ref() == Some(value)
}

#[cfg(test)]
mod tests;
