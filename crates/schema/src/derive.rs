//! How the tables in `schemas/` are made.

use serde_json::{Map, Value, json};

/// What the table says about itself.
const SOURCE: &str = "the reference page of each type at each release tag of goauthentik/terraform-provider-authentik, \
                      checked against what the provider itself reports at 2025.10.1 (`providers schema -json`)";

/// Where a reference page was not made again after the code had changed: resource type, attribute, the releases
/// of it, and the default that the code has.
const AMENDMENTS: &[(&str, &str, &str, &str, &str)] = &[(
    "authentik_system_settings",
    "flags",
    "2026.2.0",
    "2026.2.1",
    r#"{"enterprise_audit_include_expanded_diff":false,"flows_refresh_others":false,"policies_buffered_access_view":false}"#,
)];

/// The table `schemas/authentik-provider.json` from `facts`, which have the same form but any layout: `versions`,
/// `resources` and `data_sources`. Each type is put on one line, and defaults that the pages have wrong are put
/// right. A table that was made already comes out as it is.
///
/// # Errors
/// If `facts` do not read as JSON, or an amendment finds no place in them.
pub fn authentik_provider(facts: &str) -> Result<String, String> {
    let mut facts: Value = serde_json::from_str(facts).map_err(|error| format!("the facts are no JSON: {error}"))?;
    for amendment in AMENDMENTS {
        amend(&mut facts, amendment)?;
    }
    let versions = facts["versions"].as_array().filter(|versions| !versions.is_empty());
    let newest = versions.and_then(|versions| versions.last()).ok_or("the facts name no `versions`")?;
    let about = json!({ "provider": "goauthentik/authentik", "newest": newest, "source": SOURCE,
                        "derive": "cargo xtask schemas FACTS.json" });
    let mut out = format!("{{\n\"about\":{about},\n\"versions\":{},\n", facts["versions"]);
    for section in ["resources", "data_sources"] {
        let types = facts[section].as_object().ok_or(format!("the facts have no `{section}`"))?;
        let mut lines: Vec<String> = types.iter().map(|(name, one)| format!("\"{name}\":{one}")).collect();
        lines.sort();
        let end = if section == "resources" { "},\n" } else { "}\n" };
        out.push_str(&format!("\"{section}\":{{\n{}\n{end}", lines.join(",\n")));
    }
    out.push_str("}\n");
    Ok(out)
}

/// Cuts the stretch that holds the releases in two or three, and gives the middle one its default.
fn amend(facts: &mut Value, amendment: &(&str, &str, &str, &str, &str)) -> Result<(), String> {
    let (resource, attribute, first, last, default) = *amendment;
    let no_place = || format!("the facts have no place for `{resource}.{attribute}` at {first}");
    let versions: Vec<String> = serde_json::from_value(facts["versions"].clone()).map_err(|_| no_place())?;
    let position = |version: &str| versions.iter().position(|known| known == version);
    let (first_at, last_at) = position(first).zip(position(last)).ok_or_else(no_place)?;
    let stretches = facts["resources"][resource]["attributes"][attribute].as_array_mut().ok_or_else(no_place)?;
    let holds = |stretch: &Value| {
        let from = stretch["from"].as_str().and_then(position).unwrap_or(0);
        let to = stretch["to"].as_str().and_then(position).unwrap_or(versions.len() - 1);
        from <= first_at && last_at <= to
    };
    let at = stretches.iter().position(holds).ok_or_else(no_place)?;
    let whole = stretches[at].clone();
    if whole["default"] == default {
        return Ok(());
    }
    let piece = |from: Value, to: Value, default: Value| {
        let bounds = [("from", from), ("to", to)].into_iter().filter(|(_, bound)| !bound.is_null());
        let mut piece: Map<String, Value> = bounds.map(|(name, bound)| (name.to_owned(), bound)).collect();
        for (name, value) in whole.as_object().into_iter().flatten() {
            if name != "from" && name != "to" {
                piece.insert(name.clone(), if name == "default" { default.clone() } else { value.clone() });
            }
        }
        Value::Object(piece)
    };
    let mut pieces = Vec::new();
    if whole["from"] != first {
        pieces.push(piece(whole["from"].clone(), json!(versions[first_at - 1]), whole["default"].clone()));
    }
    pieces.push(piece(json!(first), json!(last), json!(default)));
    if whole["to"] != last {
        pieces.push(piece(json!(versions[last_at + 1]), whole["to"].clone(), whole["default"].clone()));
    }
    stretches.splice(at..=at, pieces);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../../schemas/authentik-provider.json");

    #[test]
    fn the_committed_table_is_what_is_derived_from_it() {
        assert_eq!(authentik_provider(TABLE).expect("the table derives"), TABLE);
    }

    #[test]
    fn a_default_that_the_page_has_wrong_is_put_right_for_its_releases_only() {
        let facts = r#"{
            "versions": ["2025.12.0", "2026.2.0", "2026.2.1", "2026.5.0"],
            "resources": { "authentik_system_settings": { "attributes": { "flags": [
                { "from": "2025.12.0", "type": "string", "mode": "optional", "default": "old" } ] } } },
            "data_sources": {}
        }"#;
        let table: Value = serde_json::from_str(&authentik_provider(facts).expect("derives")).expect("is JSON");
        let stretches = &table["resources"]["authentik_system_settings"]["attributes"]["flags"];
        let of = |at: usize| (stretches[at]["from"].as_str(), stretches[at]["to"].as_str());
        assert_eq!(of(0), (Some("2025.12.0"), Some("2025.12.0")));
        assert_eq!(of(1), (Some("2026.2.0"), Some("2026.2.1")));
        assert_eq!(of(2), (Some("2026.5.0"), None));
        assert_eq!(stretches[2]["default"], "old");
    }

    #[test]
    fn facts_without_their_parts_are_refused() {
        assert!(authentik_provider("{").expect_err("no JSON").starts_with("the facts are no JSON"));
        assert!(authentik_provider("{\"versions\":[]}").is_err());
    }
}
