//! The fields of prompts, and what becomes of what is typed in them.

use expression::{Access, Key, Object};
use resolve_tofu::Instance;

use crate::tofu::{Python, Root};

/// The resource type of a field.
pub(crate) const FIELD: &str = "authentik_stage_prompt_field";

/// Fields that people cannot write to: `FieldTypes` in `authentik/stages/prompt/models.py`.
const SHOWN: [&str; 8] = [
    "alert_danger",
    "alert_info",
    "alert_warning",
    "hidden",
    "separator",
    "static",
    "text_area_read_only",
    "text_read_only",
];

/// The fields of `User` that a write stage sets, and those with a setter of their own
/// (`authentik/stages/user_write/stage.py`, `authentik/core/models.py`).
pub(crate) const WRITTEN: [&str; 10] =
    ["attributes", "email", "first_name", "is_active", "last_name", "name", "password", "path", "type", "username"];

/// Whether a person may write to a field of the type `kind`.
pub(crate) fn is_typed(kind: &str) -> bool {
    !SHOWN.contains(&kind)
}

/// Whether an expression of the root reads the key `key` of what was typed, or may read any.
pub(crate) fn is_read(root: &Root<'_>, key: &str) -> bool {
    let reads = |python: &Python| {
        python.facts.reads().iter().any(|access| match (access.object, &access.key) {
            (Object::PromptData | Object::PlanContext | Object::Context, Key::Known(known)) => known == key,
            (Object::PromptData, Key::Unknown) => true,
            _ => false,
        }) || python.facts.strings().iter().any(|text| text.text == key)
    };
    root.python().iter().any(reads)
}

/// The fields of the prompt `stage` that are declared in the root; `None` if some may not be.
pub(crate) fn fields<'r, 'a>(root: &'r Root<'a>, stage: &Instance<'_>) -> Option<Vec<&'r Instance<'a>>> {
    let leads = root.leads(stage, "fields")?;
    leads.iter().map(|(lead, _)| lead.managed(FIELD)).collect()
}

/// The writes of an expression to the attribute `name` of a person.
pub(crate) fn writes_attribute<'p>(python: &'p Python, name: &'p str) -> impl Iterator<Item = &'p Access> {
    python.facts.writes().iter().filter(move |access| {
        let is_attributes = matches!(access.object, Object::Attributes(_) | Object::PromptAttributes);
        is_attributes && (access.key == Key::Unknown || access.key == Key::Known(name.to_owned()))
    })
}
