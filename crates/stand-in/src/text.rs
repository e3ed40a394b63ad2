//! Text that the provider reads in its own way: durations, JSON, expressions, UUIDs.

use std::io::Read;

use serde_json::Value as Json;

/// Attributes whose text is JSON: whitespace and the order of keys make no difference.
const JSON: [&str; 6] = ["attributes", "config", "context", "credentials", "data_json", "flags"];
/// Attributes of which one newline at the end makes no difference.
const EXPRESSIONS: [&str; 3] = ["expression", "initial_value", "placeholder"];
/// The units of a duration.
const UNITS: [&str; 7] = ["microseconds", "milliseconds", "seconds", "minutes", "hours", "days", "weeks"];

/// Whether the text of that attribute is JSON.
pub(crate) fn is_json(attribute: &str) -> bool {
    JSON.contains(&attribute)
}

/// Whether that attribute is Python, or shown where Python may stand.
pub(crate) fn is_expression(attribute: &str) -> bool {
    EXPRESSIONS.contains(&attribute)
}

/// Whether the provider sees no difference between what is `written` and what was `read`.
pub(crate) fn alike(attribute: &str, written: &Json, read: &Json) -> bool {
    let (Some(one), Some(other)) = (written.as_str(), read.as_str()) else { return written == read };
    let json = |text: &str| serde_json::from_str::<Json>(text).ok();
    one == other
        || (is_json(attribute) && json(one).is_some_and(|one| Some(one) == json(other)))
        || (is_expression(attribute) && one.strip_suffix('\n') == Some(other))
}

/// Whether the provider takes `text` for a duration: it reads the units, and not the numbers.
pub(crate) fn has_units(text: &str) -> bool {
    let unit = |part: &str| part.split_once('=').is_some_and(|(unit, _)| UNITS.contains(&unit.to_lowercase().as_str()));
    text.split(';').all(unit)
}

/// Whether the server takes `text` for a duration.
pub(crate) fn is_duration(text: &str) -> bool {
    has_units(text)
        && text.split(';').all(|part| part.split_once('=').is_some_and(|(_, number)| number.parse::<i64>().is_ok()))
}

/// Whether `text` is a UUID.
pub(crate) fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A UUID that nothing has yet.
pub(crate) fn uuid() -> String {
    let text = random(32);
    format!("{}-{}-4{}-a{}-{}", &text[..8], &text[8..12], &text[13..16], &text[17..20], &text[20..])
}

/// That many hexadecimal digits that nobody can guess.
pub(crate) fn random(digits: usize) -> String {
    let mut bytes = vec![0; digits.div_ceil(2)];
    let source = std::fs::File::open("/dev/urandom");
    source.and_then(|mut source| source.read_exact(&mut bytes)).expect("there is a source of random bytes");
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text[..digits].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_duration_is_read_by_the_provider_and_then_by_the_server() {
        assert!(is_duration("minutes=10"));
        assert!(is_duration("Hours=1;minutes=30"));
        assert!(has_units("minutes=abc") && !is_duration("minutes=abc"));
        assert!(!has_units("30m") && !has_units("") && !has_units("years=1"));
    }

    #[test]
    fn what_the_provider_overlooks_is_no_difference() {
        assert!(alike("attributes", &json!("{\"a\":1, \"b\":2}"), &json!("{\"b\":2,\"a\":1}")));
        assert!(!alike("attributes", &json!("{\"a\":1}"), &json!("{}")));
        assert!(!alike("name", &json!("{ }"), &json!("{}")));
        assert!(alike("expression", &json!("return True\n"), &json!("return True")));
        assert!(!alike("expression", &json!("return True\n\n"), &json!("return True")));
        assert!(!alike("user_fields", &json!(["email", "username"]), &json!(["username", "email"])));
    }

    #[test]
    fn a_uuid_is_told_from_a_slug() {
        assert!(is_uuid(&uuid()));
        assert_ne!(uuid(), uuid());
        assert!(!is_uuid("default-authentication-flow"));
    }
}
