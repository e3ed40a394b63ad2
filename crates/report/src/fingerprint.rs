//! What tells a finding from every other one, and stays the same while other lines of its file change.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Sources};
use sha2::{Digest, Sha256};

/// The fingerprints of the findings of one run.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints<'s> {
    /// How often there was a finding of a rule on a line of that text in a file.
    seen: BTreeMap<(&'static str, &'s str, &'s str), usize>,
}

impl<'s> Fingerprints<'s> {
    /// That of the next finding, in hexadecimal digits: of the rule, the file, and the text of the line; the second such
    /// finding has a number. `folder` is where the root lies in the git repository.
    pub(crate) fn next(&mut self, sources: &'s Sources, finding: &Diagnostic, folder: &str) -> String {
        let span = finding.primary.span;
        let text = sources.line_at(span).trim();
        let path = sources.path(span);
        let count = self.seen.entry((finding.rule, path, text)).or_default();
        *count += 1;
        let digest = Sha256::digest(format!("{}\0{folder}{path}\0{text}\0{count}", finding.rule));
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diagnostic::Span;

    use super::*;

    fn fingerprints(text: &str, words: &[&str]) -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", text);
        let mut fingerprints = Fingerprints::default();
        let of = |word: &&str| {
            let start = text.find(word).expect("the word stands in the text");
            let finding = Diagnostic::error("some-rule", Span::new(file, start..start + word.len()), "it is");
            fingerprints.next(&sources, &finding, "")
        };
        words.iter().map(of).collect()
    }

    #[test]
    fn a_fingerprint_stays_while_lines_above_change_and_is_another_for_each_finding() {
        let before = fingerprints("a: x\nb: y z\n", &["x", "y", "z"]);
        assert_eq!(fingerprints("# new\n\na: x\n  b: y z\n", &["x", "y", "z"]), before);
        assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 3);
        assert_ne!(fingerprints("a: x2\n", &["x"])[0], before[0]);
    }
}
