//! The lines that nobody has to miss.

use std::fs;

use crate::{Failure, repository};

/// Where they stand.
const LIST: &str = "xtask/src/e2e/mutate/survivors.txt";

/// The list: for each template, lines and the reason why each may go unnoticed.
pub(super) struct Survivors {
    all: Vec<Survivor>,
}

struct Survivor {
    template: String,
    text: String,
    reason: String,
}

impl Survivors {
    /// Reads the list: `## template`, then lines, each behind `| `, and indented below them their reason.
    pub(super) fn read() -> Result<Self, Failure> {
        Self::parse(&fs::read_to_string(repository().join(LIST))?)
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        let mut all = Vec::new();
        let mut template = "";
        let mut open: Vec<&str> = Vec::new(); // lines that wait for their reason
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if let Some(text) = line.strip_prefix("| ") {
                open.push(text.trim());
            } else if let Some(reason) = line.strip_prefix("    ") {
                let reason = reason.trim();
                let survivor = |text: &str| Survivor {
                    template: template.to_owned(),
                    text: text.to_owned(),
                    reason: reason.to_owned(),
                };
                all.extend(open.drain(..).map(survivor));
            } else if let Some(open) = open.first() {
                return Err(format!("{LIST}: no reason stands below `{open}`").into());
            } else if let Some(heading) = line.strip_prefix("## ") {
                template = heading;
            } else if !line.starts_with('#') {
                return Err(format!("{LIST}: `{line}` is neither a template nor a line of one").into());
            }
        }
        if let Some(open) = open.first() {
            return Err(format!("{LIST}: no reason stands below `{open}`").into());
        }
        Ok(Self { all })
    }

    /// Why that line may go, if the list knows it.
    pub(super) fn reason(&self, template: &str, text: &str) -> Option<&str> {
        let found = self.all.iter().find(|survivor| survivor.template == template && survivor.text == text)?;
        Some(&found.reason)
    }

    /// All of them: the template and the line.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.iter().map(|survivor| (survivor.template.as_str(), survivor.text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_reason() {
        let list = Survivors::parse("# head\n\n## a/b.j2\n\n| # x | y\n    it is said for people\n").expect("a list");
        assert_eq!(list.reason("a/b.j2", "# x | y"), Some("it is said for people"));
        assert_eq!(list.reason("a/c.j2", "# x | y"), None);
        let shared = Survivors::parse("## a\n| x\n| y\n    z\n").expect("a list");
        assert_eq!((shared.reason("a", "x"), shared.reason("a", "y")), (Some("z"), Some("z")));
        assert_eq!(list.all().collect::<Vec<_>>(), [("a/b.j2", "# x | y")]);
    }

    #[test]
    fn a_line_without_a_reason_is_refused() {
        assert!(Survivors::parse("## a\n| x\n").is_err());
        assert!(Survivors::parse("## a\n| x\n## b\n| y\n    z\n").is_err());
        assert!(Survivors::parse("x\n").is_err());
    }
}
