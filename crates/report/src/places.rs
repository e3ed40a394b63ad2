//! A finding in words, where a format has no field for its related places and its help.

use diagnostic::{Diagnostic, Sources};

/// The message, the help, and each related place with what is said there, a line each. What is cut off somewhere is
/// what is needed least.
pub(crate) fn whole(sources: &Sources, finding: &Diagnostic, folder: &str) -> String {
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    for label in &finding.related {
        let line = sources.location(label.span).line;
        text.push_str(&format!("\n{folder}{}:{line}: {}", sources.path(label.span), label.text));
    }
    text
}
