//! Paths, as far as no one needs to know where OpenTofu runs.

use super::text;
use crate::value::function::Outcome;
use crate::value::{Value, string, unknown_string};

/// The path without `.`, `..` and double slashes; one that starts at the working folder is unknown.
pub(super) fn absolute(given: &[Value]) -> Outcome {
    let path = text(&given[0]);
    if !path.starts_with('/') {
        return Ok(unknown_string());
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Ok(string(&format!("/{}", parts.join("/"))))
}

/// The path as it is; below `~` it is unknown.
pub(super) fn expand(given: &[Value]) -> Outcome {
    match text(&given[0]) {
        "~" => Ok(unknown_string()),
        path if path.starts_with("~/") => Ok(unknown_string()),
        path if path.starts_with('~') => Err("the home of another user is not looked up".to_owned()),
        path => Ok(string(path)),
    }
}
