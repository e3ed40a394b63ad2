//! `labtree.toml`: how labtree behaves in a lab.

use diagnostic::{Diagnostic, FileId, Severity, Span, did_you_mean};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name of the file, which stands in the root.
pub(crate) const SETTINGS_PATH: &str = "labtree.toml";

const KEYS: [&str; 1] = ["fail-on"];
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Hint];

/// The settings of a lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The least severity of a finding that ends a run with status 1.
    pub fail_on: Severity,
}

impl Default for Settings {
    fn default() -> Self {
        Self { fail_on: Severity::Error }
    }
}

impl Settings {
    /// The settings in `text`, the source `file`. Faults are pushed to `found`; what is at fault keeps its default.
    pub fn parse(text: &str, file: FileId, found: &mut Vec<Diagnostic>) -> Self {
        let mut settings = Self::default();
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let span = Span::new(file, error.span().unwrap_or_default());
                found.push(Diagnostic::error(
                    "settings-syntax",
                    span,
                    format!("this is not TOML: {}", error.message()),
                ));
                return settings;
            }
        };
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "fail-on" => settings.fail_on = severity(value, file, found).unwrap_or(settings.fail_on),
                unknown => {
                    let near = did_you_mean(unknown, KEYS);
                    let message = format!("unknown setting `{unknown}`{near}");
                    let finding = Diagnostic::error("unknown-setting", Span::new(file, key.span()), message);
                    found.push(finding.help(format!("the settings are: `{}`", KEYS.join("`, `"))));
                }
            }
        }
        settings
    }
}

fn severity(value: &Spanned<DeValue<'_>>, file: FileId, found: &mut Vec<Diagnostic>) -> Option<Severity> {
    let word = value.get_ref().as_str();
    let known = SEVERITIES.into_iter().find(|severity| Some(severity.name()) == word);
    if known.is_none() {
        let message = match word {
            Some(word) => format!("unknown severity `{word}`{}", did_you_mean(word, SEVERITIES.map(Severity::name))),
            None => "`fail-on` takes a text".to_owned(),
        };
        let help = "write `\"error\"`, `\"warning\"` or `\"hint\"`";
        found.push(Diagnostic::error("unknown-severity", Span::new(file, value.span()), message).help(help));
    }
    known
}

#[cfg(test)]
mod tests {
    use diagnostic::Sources;

    use super::*;

    fn parse(text: &str) -> (Settings, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add(SETTINGS_PATH, text);
        let mut found = Vec::new();
        let settings = Settings::parse(text, file, &mut found);
        let say = |finding: &Diagnostic| format!("{}: {}", sources.slice(finding.primary.span), finding.message);
        (settings, found.iter().map(say).collect())
    }

    #[test]
    fn a_severity_is_read() {
        assert_eq!(parse("fail-on = \"hint\"\n"), (Settings { fail_on: Severity::Hint }, vec![]));
    }

    #[test]
    fn a_mistyped_key_and_a_mistyped_word_are_both_told() {
        let (_, said) = parse("fail_on = \"hint\"\nfail-on = \"eror\"\n");
        assert_eq!(
            said,
            [
                "\"eror\": unknown severity `eror`, did you mean `error`?",
                "fail_on: unknown setting `fail_on`, did you mean `fail-on`?",
            ]
        );
    }

    #[test]
    fn what_is_no_toml_is_told_at_its_place() {
        let (_, said) = parse("fail-on = \n");
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("this is not TOML"), "{said:?}");
    }
}
