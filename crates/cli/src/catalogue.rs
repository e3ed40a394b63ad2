//! Everything that a finding can say, wherever it is found: the rules of `lint`, and what is found while files are read
//! and trees are rendered.

mod repository;

use std::sync::LazyLock;

use diagnostic::Severity;
use lint::{Family, Known, Page, RULES};
use report::About;

use repository::REPOSITORY;

/// A rule as people look it up.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The id.
    pub id: &'static str,
    /// What it is about.
    pub family: Family,
    /// How much it usually weighs; `None` where each finding says so.
    pub severity: Option<Severity>,
    /// Its page.
    pub page: Page,
}

impl Entry {
    /// One sentence.
    pub fn title(&self) -> String {
        self.page.title()
    }

    /// What a finding usually weighs: `error`, or `varies`.
    pub fn weight(&self) -> &'static str {
        self.severity.map_or("varies", Severity::name)
    }

    /// Whether there is more to say than what is wrong.
    fn has_page(&self) -> bool {
        self.page.section("Why").is_some()
    }

    /// Its page with heading, family and severity.
    pub fn text(&self) -> String {
        format!("# {}\n\n{}: {}\n\n{}", self.id, self.family.name(), self.weight(), self.page.text)
    }

    /// What programs are told.
    pub(crate) fn about(&self) -> About {
        let (title, page) = (self.title(), self.page.text.clone());
        About { id: self.id, family: self.family.name(), title, page, severity: self.severity }
    }
}

/// Every rule, in order of ids.
pub fn all() -> &'static [Entry] {
    static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let listed =
            |(family, severity, rules): &(Family, Option<Severity>, &'static [(&'static str, &'static str)])| {
                let (family, severity) = (*family, *severity);
                rules.iter().map(move |(id, text)| Entry { id, family, severity, page: listed_page(family, text) })
            };
        let written = |(id, severity, text): &(&'static str, Severity, &str)| {
            let page = Page::new(text);
            Entry { id, family: Family::Repository, severity: Some(*severity), page }
        };
        let with_page = |rule: &&lint::Rule| Entry {
            id: rule.id,
            family: rule.family,
            severity: Some(rule.severity),
            page: rule.page(),
        };
        let mut all: Vec<_> = RULES
            .iter()
            .map(with_page)
            .chain(REPOSITORY.iter().map(written))
            .chain(LISTED.iter().flat_map(listed))
            .collect();
        all.sort_by_key(|entry| entry.id); // stable: a rule with a page of its own comes first
        all.dedup_by_key(|entry| entry.id);
        all
    });
    &ALL
}

/// Ids with a sentence or a page each, what they are about, and how much they weigh if they all weigh the same.
type Listed = (Family, Option<Severity>, &'static [(&'static str, &'static str)]);

/// What is found while something is read.
const LISTED: &[Listed] = &[
    (Family::Yaml, Some(Severity::Error), syntax::yaml::RULES),
    (Family::Tofu, Some(Severity::Error), syntax::hcl::RULES),
    (Family::Tofu, None, resolve_tofu::RULES),
    (Family::Flux, None, kustomize::RULES),
    (Family::Flux, None, resolve_flux::RULES),
    (Family::Inventory, None, document::RULES),
    (Family::Inventory, None, inventory::RULES),
    (Family::Inventory, None, catalog::RULES),
    (Family::Inventory, None, EDITING),
    (Family::Rendering, None, RENDERING),
    (Family::Settings, Some(Severity::Error), SETTINGS),
];

/// The pages of `docs/rules/`: the name of each file, and its text.
pub fn pages() -> Vec<(String, String)> {
    let mut index = String::from(INDEX);
    for family in Family::ALL {
        let mut entries = all().iter().filter(|entry| entry.family == family).peekable();
        if entries.peek().is_none() {
            continue;
        }
        index
            .push_str(&format!("\n## {}\n\n| rule | severity | what is wrong |\n| --- | --- | --- |\n", family.name()));
        for entry in entries {
            let name = if entry.has_page() { format!("[`{0}`]({0}.md)", entry.id) } else { format!("`{}`", entry.id) };
            index.push_str(&format!("| {name} | {} | {} |\n", entry.weight(), entry.title()));
        }
    }
    let pages = all().iter().filter(|entry| entry.has_page()).map(|entry| (format!("{}.md", entry.id), entry.text()));
    std::iter::once(("README.md".to_owned(), index)).chain(pages).collect()
}

const INDEX: &str = "\
# Rules

What `labtree check` finds, by family. `labtree explain RULE` prints a page, and `labtree rules` this list. Where the
severity varies, each finding says its own.

A comment `# labtree: allow(RULE): WHY` keeps a finding from being reported: on the line that the finding points at, on
the lines right above it, or, in the comment at the head of a file with a blank line behind, for the whole file. An
error that keeps a file or the inventory from being read cannot be allowed. `labtree.toml` gives a rule another severity
or turns it off.
";

/// Every id.
pub(crate) fn known() -> &'static Known {
    // Not by `all`: every run asks for the ids, and few for the pages.
    static KNOWN: LazyLock<Known> = LazyLock::new(|| {
        let listed = LISTED.iter().flat_map(|(_, _, rules)| rules.iter()).map(|(id, _)| *id);
        let written = REPOSITORY.iter().map(|(id, ..)| *id);
        Known::of(RULES.iter().map(|rule| rule.id).chain(written).chain(listed))
    });
    &KNOWN
}

/// The page of what is found while something is read.
fn listed_page(family: Family, text: &str) -> Page {
    if text.contains("\n## ") {
        return Page::new(text);
    }
    let found = match family {
        Family::Inventory => "while the inventory is read, by `labtree generate` and `labtree check` alike",
        Family::Yaml => "while a YAML file is read",
        Family::Tofu => "while OpenTofu's modules are read and evaluated",
        Family::Rendering => "while the trees are rendered, by `labtree generate` and `labtree check` alike",
        _ => "while `labtree.toml` is read",
    };
    let text =
        format!("{text}\n\nThis is found {found}. The message names the place, and the help what to type there.\n");
    Page { text }
}

/// What is found while an app is added, removed or renamed.
const EDITING: &[(&str, &str)] =
    &[(inventory::edit::UNEDITABLE, "An entry of the inventory is written in a way that labtree does not edit.")];

/// What is found while the trees are rendered.
const RENDERING: &[(&str, &str)] = &[
    ("catalog-protocol-mismatch", "An entry of the catalog does not know the protocol of the app that refers to it."),
    ("failed-template", "A template cannot be filled in."),
    ("invalid-template", "A template is not written as templates are."),
    ("listed-file-not-rendered", "A kustomization lists a file whose template renders nothing."),
    ("logout-redirect-left-out", "The pinned release of the provider knows no redirect URIs for logouts."),
    ("provider-newer-than-server", "The authentik provider is newer than the server."),
    ("rendered-name-in-after", "`flux.after` names a Flux Kustomization that labtree renders itself."),
    ("several-parents", "A group has several parents, and the pinned release of the provider takes one."),
    ("taken-name", "A name is taken by something that exists already, or that labtree renders too."),
    ("unknown-catalog-entry", "An app refers to an entry that the catalog does not have."),
    ("unknown-for-catalog", "An entry of the catalog asks for something that the inventory leaves out."),
    ("unknown-provider-release", "A constraint allows no release of the authentik provider that labtree knows."),
    ("unknown-role", "An app gives a role to groups that nothing says how the app learns of."),
    ("unknown-template", "A template of the lab's own has a path that no built-in template has."),
    ("unsupported-opentofu", "A constraint allows releases of OpenTofu that cannot read what is rendered."),
    ("unsupported-provider-release", "A constraint allows releases of a provider that labtree does not render for."),
];

/// What is found while `labtree.toml` is read.
const SETTINGS: &[(&str, &str)] = &[
    ("bad-pattern", "A pattern in `exclude` is none."),
    ("settings-syntax", "`labtree.toml` is not TOML."),
    ("unknown-root", "`tofu.roots` names a folder without OpenTofu files, or `flux.roots` one that is not there."),
    ("unknown-setting", "A setting is none that labtree knows."),
    ("unknown-severity", "A severity is none that labtree knows."),
    ("wrong-setting", "A setting takes something else."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_one_entry_with_one_sentence() {
        let ids: Vec<_> = all().iter().map(|entry| entry.id).collect();
        assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
        for entry in all() {
            let title = entry.title();
            assert!(title.ends_with('.') && !title.contains('\n'), "{}: {title}", entry.id);
            let is_kebab =
                entry.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            assert!(is_kebab, "{}", entry.id);
        }
    }

    #[test]
    fn every_entry_is_known_and_nothing_else() {
        let ids: Vec<_> = all().iter().map(|entry| entry.id).collect();
        assert_eq!(known().iter().collect::<Vec<_>>(), ids);
    }

    #[test]
    fn a_rule_with_a_page_has_that_page() {
        let entry = all().iter().find(|entry| entry.id == "yaml-syntax").expect("it is a rule");
        assert!(entry.page.section("Why").is_some() && entry.severity == Some(Severity::Error));
    }
}
