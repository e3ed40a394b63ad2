//! Findings as annotations of GitHub Actions: one workflow command a line.
//!
//! GitHub shows at most [`SHOWN`] errors and as many warnings and notices of a step beside the code, the first ones;
//! the log has every line. So what weighs most comes first.

use diagnostic::{Diagnostic, Severity, Sources};

use crate::places;

/// How many findings of one severity GitHub shows beside the code.
pub const SHOWN: usize = 10;

/// How many units of UTF-16 of a message the runner of GitHub hands on.
const LENGTH: usize = 4096;

/// `found`, errors first and otherwise in the order given. `folder` is where the root lies in the git repository, with
/// a `/` behind, or `""`.
pub fn github(sources: &Sources, found: &[Diagnostic], folder: &str) -> String {
    let mut sorted: Vec<_> = found.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity)); // stable
    sorted.into_iter().map(|finding| format!("{}\n", one(sources, finding, folder))).collect()
}

fn one(sources: &Sources, finding: &Diagnostic, folder: &str) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let place = sources.location(finding.primary.span);
    let path = format!("{folder}{}", sources.path(finding.primary.span));
    let mut place_text = format!("line={},endLine={}", place.line, place.end_line);
    if place.line == place.end_line {
        // the runner refuses columns of different lines
        place_text.push_str(&format!(",col={},endColumn={}", place.column, place.end_column));
    }
    let text = cut(places::whole(sources, finding, folder));
    format!("::{command} title={},file={},{place_text}::{}", property(finding.rule), property(&path), data(&text))
}

/// `text`, or as much of it as the runner hands on, with dots behind.
fn cut(text: String) -> String {
    if text.encode_utf16().count() <= LENGTH {
        return text;
    }
    let mut units = '…'.len_utf16();
    let fits = |sign: &char| {
        units += sign.len_utf16();
        units <= LENGTH
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// What ends a line, and the sign that such escapes begin with.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma or a colon too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use diagnostic::Span;

    use super::*;
    use crate::samples;

    #[test]
    fn findings_are_annotations() {
        let (sources, found) = samples::all();
        insta::assert_snapshot!(github(&sources, &found, ""));
        assert!(github(&sources, &found, "home/lab/").contains(",file=home/lab/inventory.yaml,"));
    }

    #[test]
    fn what_would_end_a_command_is_escaped_and_lines_have_no_columns() {
        let mut sources = Sources::default();
        let file = sources.add("a,b:c%.yaml", "one\ntwo\n");
        let finding = Diagnostic::error("some-rule", Span::new(file, 1..6), "50%, a: b\r\n::error::x").help("y");
        assert_eq!(
            github(&sources, &[finding], ""),
            "::error title=some-rule,file=a%2Cb%3Ac%25.yaml,line=1,endLine=2::50%25, a: b%0D%0A::error::x%0Ahelp: y\n"
        );
    }
    #[test]
    fn a_message_is_as_long_as_the_runner_hands_on() {
        let fits = "a".repeat(LENGTH);
        assert_eq!(cut(fits.clone()), fits);
        assert_eq!(cut(fits.clone() + "b"), "a".repeat(LENGTH - 1) + "…");
        let wide = "a".repeat(LENGTH - 1) + "𝄞";
        assert_eq!(cut(wide), "a".repeat(LENGTH - 1) + "…");
        let wide = "a".repeat(LENGTH - 2) + "𝄞";
        assert_eq!(cut(wide.clone()), wide);
        assert_eq!(cut(wide + "b"), "a".repeat(LENGTH - 2) + "…");
    }
}
