//! Files that are listed and not rendered: a template of the lab's own gives nothing, and kustomize would look for
//! the file in vain.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Sources, Span};
use template::Templates;
use tree::{File, Origin, Tree};

use crate::origin::of_line;

/// Reports each template that gave nothing for one of `empty`, though a kustomization in `tree` lists it. Only what
/// is empty is looked up, so a lab without such a template pays nothing, and a file that a person wrote may be listed.
pub(crate) fn check(
    tree: &Tree,
    empty: &[(Utf8PathBuf, String)],
    templates: &Templates,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) {
    let mut by_template: BTreeMap<&str, Vec<(&Utf8Path, Listing<'_>)>> = BTreeMap::new();
    for (path, template) in empty {
        if let Some(listing) = Listing::of(tree, path) {
            by_template.entry(template).or_default().push((path, listing));
        }
    }
    for (template, files) in by_template {
        let (Some(source), Some((path, listing))) = (templates.source(template), files.first()) else { continue };
        let subject = match files.len() - 1 {
            0 => format!("`{path}` is"),
            1 => format!("`{path}` and one more file are"),
            others => format!("`{path}` and {others} more files are"),
        };
        let message = format!("{subject} listed in a kustomization, but this template renders nothing");
        let mut finding = Diagnostic::error("listed-file-not-rendered", Span::new(source, 0..0), message);
        if let Some(span) = of_line(sources, listing.file, listing.line).template {
            finding = finding.related(span, "listed by this line");
        }
        let kustomization = listing.template;
        found.push(finding.help(format!("render something, or replace `{kustomization}` too, without this line")));
    }
}

/// A line of a kustomization that names a file beside it.
struct Listing<'t> {
    file: &'t File,
    template: &'t str,
    /// From 0.
    line: usize,
}

impl<'t> Listing<'t> {
    fn of(tree: &'t Tree, path: &Utf8Path) -> Option<Self> {
        let file = tree.get(path.parent()?.join("kustomization.yaml"))?;
        let Origin::Rendered { template, .. } = &file.origin else { return None };
        let name = path.file_name()?;
        let line = file.text.lines().position(|line| item(line) == Some(name))?;
        Some(Self { file, template, line })
    }
}

/// The text of a line that is an item of a list.
fn item(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("- ")?;
    let text = text.split_once(" #").map_or(text, |(text, _)| text).trim();
    let text = text.trim_matches(['"', '\'']);
    Some(text.strip_prefix("./").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_read_however_a_person_lays_it_out() {
        for line in ["- a.yaml", "  - a.yaml", "  -  ./a.yaml # mine", "- \"a.yaml\"", "    - 'a.yaml'"] {
            assert_eq!(item(line), Some("a.yaml"), "{line}");
        }
        for line in ["a.yaml", "# - a.yaml", "resources:", "resources: [a.yaml]", "-a.yaml", "- path: a.yaml"] {
            assert_ne!(item(line), Some("a.yaml"), "{line}");
        }
    }
}
