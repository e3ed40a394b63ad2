//! Findings as people and programs read them: one file for each format.

mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod places;
mod sarif;
mod text;

pub use github::{SHOWN, github};
pub use gitlab::gitlab;
pub use json::{findings, schema_text as findings_schema, summary};
pub use junit::junit;
pub use sarif::{About, sarif};
pub use text::{Style, note, text};

use diagnostic::{Diagnostic, Sources};

/// Sorts findings as every format lists them: by path, by place, by rule.
pub fn sort(sources: &Sources, found: &mut [Diagnostic]) {
    found.sort_by(|one, other| {
        let key = |finding: &Diagnostic| (finding.primary.span.start, finding.primary.span.end, finding.rule);
        (sources.path(one.primary.span).cmp(sources.path(other.primary.span))).then_with(|| key(one).cmp(&key(other)))
    });
}

#[cfg(test)]
pub(crate) mod samples {
    //! The findings that every format is tried on.

    use diagnostic::{Diagnostic, Sources, Span};

    /// Two findings: one over two files, one without a related place.
    pub(crate) fn all() -> (Sources, Vec<Diagnostic>) {
        let mut sources = Sources::default();
        let inventory =
            sources.add("inventory.yaml", "apps:\n  grafana:\n    url: grafana.example.org\n    alow: [fämily]\n");
        let media = sources.add("inventory/media.yaml", "apps:\n  grafana: {}\n");
        let at = |file, text: &str, word: &str| {
            let start = text.find(word).expect("the word stands in the text");
            Span::new(file, start..start + word.len())
        };
        let text = sources.get(inventory).text.clone();
        let other = sources.get(media).text.clone();
        let found = vec![
            Diagnostic::error("duplicate-key", at(media, &other, "grafana"), "`grafana` is written twice")
                .related(at(inventory, &text, "grafana"), "it stands here first")
                .help("keep one of them"),
            Diagnostic::error("unknown-key", at(inventory, &text, "alow"), "unknown key `alow`, did you mean `allow`?"),
            Diagnostic::hint("redirect-on-another-host", at(inventory, &text, "fämily"), "`fämily` has an umlaut")
                .label("here"),
        ];
        (sources, found)
    }
}
