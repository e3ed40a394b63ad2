//! Findings as JUnit's XML, which every CI shows: a suite for each file, and each finding a test that failed.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Sources};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::places;

/// `found`, sorted. `folder` is where the root lies in the git repository, with a `/` behind, or `""`.
///
/// A test is named by what it found and not by its line: a CI that compares two reports takes tests of one name for the
/// same. Where nothing was found there is one test that passed, because some take a report without tests for a fault.
pub fn junit(sources: &Sources, found: &[Diagnostic], folder: &str) -> String {
    let mut report = Report::new("labtree");
    for in_file in found.chunk_by(|one, other| one.primary.span.file == other.primary.span.file) {
        let path = in_file.first().map_or("", |finding| sources.path(finding.primary.span));
        let mut suite = TestSuite::new(format!("{folder}{path}"));
        let mut seen = BTreeMap::new();
        for finding in in_file {
            let count: &mut usize = seen.entry((finding.rule, finding.message.as_str())).or_default();
            *count += 1;
            suite.add_test_case(test(sources, finding, folder, *count));
        }
        report.add_test_suite(suite);
    }
    if found.is_empty() {
        let mut suite = TestSuite::new("labtree");
        suite.add_test_case(TestCase::new("nothing found", TestCaseStatus::success()));
        report.add_test_suite(suite);
    }
    report.to_string().expect("what is written to memory can be written")
}

/// The `count`th finding of its name.
fn test(sources: &Sources, finding: &Diagnostic, folder: &str, count: usize) -> TestCase {
    let path = format!("{folder}{}", sources.path(finding.primary.span));
    let place = sources.location(finding.primary.span);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.severity.name()).set_message(finding.message.as_str());
    let whole = places::whole(sources, finding, folder);
    status.set_description(format!("{path}:{}:{}: {whole}", place.line, place.column));
    let again = if count > 1 { format!(" ({count})") } else { String::new() };
    let mut test = TestCase::new(format!("{}: {}{again}", finding.rule, finding.message), status);
    test.set_classname(path.as_str());
    let more = [("file", path), ("line", place.line.to_string()), ("column", place.column.to_string())];
    test.extra.extend(more.into_iter().map(|(name, value)| (name.into(), value.into())));
    test
}

#[cfg(test)]
mod tests {
    use diagnostic::Span;

    use super::*;
    use crate::samples;

    #[test]
    fn findings_are_tests_that_failed() {
        let (sources, found) = samples::all();
        insta::assert_snapshot!(junit(&sources, &found, ""));
    }

    #[test]
    fn where_nothing_is_found_a_test_passed() {
        let text = junit(&Sources::default(), &[], "");
        assert!(text.contains("tests=\"1\"") && text.contains("failures=\"0\""), "{text}");
    }

    #[test]
    fn the_same_twice_in_a_file_has_two_names_and_no_sign_that_xml_forbids_is_written() {
        let mut sources = Sources::default();
        let file = sources.add("a<&\".yaml", "one\ntwo\n");
        let at = |range| Diagnostic::error("some-rule", Span::new(file, range), "a\u{1b}[0m <b> & \"c\"");
        let text = junit(&sources, &[at(0..3), at(4..7)], "home/");
        assert!(text.contains("name=\"home/a&lt;&amp;&quot;.yaml\""), "{text}");
        assert_eq!(text.matches(" (2)\"").count(), 1, "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
