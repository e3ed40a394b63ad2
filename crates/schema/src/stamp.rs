//! The first lines of a file that `labtree schema import` writes: what it holds, and a digest of the rest. With the
//! digest the rest is as it was written, and can be read line by line.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The form of these files; another one is for another release of labtree.
const FORM: u64 = 1;

/// What the first lines say.
pub(crate) type About = Map<String, Value>;

/// `rest`, the lines of an object behind its first key, with what it holds of `sort`, and the digest.
pub(crate) fn stamped(sort: &str, about: &[(&str, &str)], rest: &str) -> String {
    let mut all = Map::new();
    all.insert("labtree".to_owned(), sort.into());
    all.insert("form".to_owned(), FORM.into());
    all.extend(about.iter().map(|(key, value)| ((*key).to_owned(), json!(value))));
    all.insert("digest".to_owned(), digest(rest).into());
    format!("{{\n\"about\":{},\n{rest}", Value::Object(all))
}

/// What a file of `sort` says about itself; `None` for a file that labtree has not written.
///
/// # Errors
/// Why the rest cannot be read.
pub(crate) fn about(sort: &str, text: &str) -> Option<Result<About, &'static str>> {
    let (first, rest) = text.strip_prefix("{\n\"about\":")?.split_once(",\n")?;
    let about: About = serde_json::from_str(first).ok()?;
    if about.get("labtree")? != sort {
        return None;
    }
    Some(match () {
        () if about.get("form") != Some(&FORM.into()) => Err("it was written by another release of labtree"),
        () if about.get("digest") != Some(&digest(rest).into()) => Err("it is not as labtree wrote it"),
        () => Ok(about),
    })
}

fn digest(rest: &str) -> String {
    Sha256::digest(rest).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stamped_is_known_until_a_byte_changes() {
        let text = stamped("kinds", &[("group", "example.org")], "\"kinds\":{\n}\n}\n");
        let read = about("kinds", &text).expect("it is ours").expect("it is whole");
        assert_eq!(read["group"], "example.org");
        serde_json::from_str::<Value>(&text).expect("it is JSON");
        assert!(about("provider", &text).is_none() && about("kinds", "{\"kinds\":{}}").is_none());
        let changed = text.replace("\"kinds\":{\n", "\"kinds\":{ \n");
        assert_eq!(about("kinds", &changed), Some(Err("it is not as labtree wrote it")));
        let newer = text.replace("\"form\":1", "\"form\":2");
        assert_eq!(about("kinds", &newer), Some(Err("it was written by another release of labtree")));
    }
}
