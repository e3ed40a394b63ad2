//! `cargo xtask schemas`: what is known about versions, derived again from where it is published.

mod authentik;
mod kubernetes;
mod lifecycle;
pub(crate) mod sources;
mod swagger;

use std::fs;

pub(crate) use kubernetes::yaml_files;

use camino::Utf8Path;

use crate::e2e::Tools;
use crate::{Failure, repository, say};

/// Derives the table of the authentik provider from the file `facts` if there is one, else those of the kinds of
/// Kubernetes from what their projects publish. With `check` nothing is written, and a table that differs is a
/// failure.
pub(crate) fn run(facts: Option<&Utf8Path>, check: bool) -> Result<bool, Failure> {
    let tables = match facts {
        Some(facts) => vec![authentik::derive(facts)?],
        None => kubernetes::derive(&Tools::new()?)?,
    };
    let mut same = true;
    for (path, text) in tables {
        let place = repository().join(&path);
        let is_same = fs::read_to_string(&place).ok().as_deref() == Some(text.as_str());
        if !is_same && !check {
            fs::write(&place, &text)?;
        }
        say(format!("{path} ({} bytes) {}", text.len(), if is_same { "is as before" } else { "differs" }));
        same &= is_same;
    }
    Ok(same || !check)
}
