//! The page of the example lab, edited and rendered, and its sections and tables.

use diagnostic::any_error;
use sample::INVENTORY;

/// A rendered page.
pub(super) struct Page(pub(super) String);

/// The page of the example lab with each `(old, new)` of `edits` made to its inventory.
#[track_caller]
pub(super) fn page(edits: &[(&str, &str)]) -> Page {
    page_of(&sample::edited(edits))
}

/// The page of the example lab without what stands in its inventory from `start` on, up to `end`.
#[track_caller]
pub(super) fn page_without(start: &str, end: Option<&str>) -> Page {
    let from = INVENTORY.find(start).unwrap_or_else(|| panic!("the inventory has no {start:?}"));
    let to = end.map_or(INVENTORY.len(), |end| {
        INVENTORY[from..].find(end).map(|at| from + at).unwrap_or_else(|| panic!("no {end:?} follows {start:?}"))
    });
    page_of(&format!("{}{}", &INVENTORY[..from], &INVENTORY[to..]))
}

/// The page of the lab whose inventory is `text`.
#[track_caller]
pub(super) fn page_of(text: &str) -> Page {
    let sample = sample::render(text, crate::render);
    assert!(!any_error(&sample.found), "{:#?}", sample.found);
    assert_eq!(sample.tree.len(), 1);
    Page(sample.text("docs/authentik.md").to_owned())
}

impl Page {
    /// The headings, with their `#`, outside of code blocks.
    pub(super) fn headings(&self) -> Vec<&str> {
        let mut in_code = false;
        let mut headings = Vec::new();
        for line in self.0.lines() {
            in_code ^= line.trim_start().starts_with("```");
            if !in_code && line.starts_with('#') {
                headings.push(line);
            }
        }
        headings
    }

    /// The text below `heading`, up to the next heading.
    #[track_caller]
    pub(super) fn section(&self, heading: &str) -> &str {
        let start = format!("\n{heading}\n");
        let at = self.0.find(&start).unwrap_or_else(|| panic!("no {heading:?} among {:#?}", self.headings()));
        let rest = &self.0[at + start.len()..];
        let end = ["\n# ", "\n## ", "\n### "].iter().filter_map(|next| rest.find(next)).min();
        &rest[..end.unwrap_or(rest.len())]
    }

    /// The rows of the `nth` table below `heading`, its head first, each with its cells.
    #[track_caller]
    pub(super) fn table(&self, heading: &str, nth: usize) -> Vec<Vec<&str>> {
        let section = self.section(heading);
        let mut tables: Vec<Vec<Vec<&str>>> = Vec::new();
        let mut in_table = false;
        for line in section.lines() {
            let is_row = line.starts_with('|');
            if is_row && !in_table {
                tables.push(Vec::new());
            }
            in_table = is_row;
            if is_row && !line.starts_with("| --- ") {
                let cells = line.trim_matches('|').split('|').map(str::trim).collect();
                tables.last_mut().expect("a row stands in a table").push(cells);
            }
        }
        let count = tables.len();
        let table = tables.into_iter().nth(nth).unwrap_or_else(|| panic!("{heading:?} has {count} tables"));
        for row in &table {
            assert_eq!(row.len(), table[0].len(), "{row:?} in {heading:?}");
        }
        table
    }

    /// The cell behind the one that says `name` in the `nth` table below `heading`.
    #[track_caller]
    pub(super) fn value(&self, heading: &str, nth: usize, name: &str) -> String {
        let table = self.table(heading, nth);
        let row = table.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name:?} in {table:#?}"));
        row[1].to_owned()
    }

    /// The first cell of each row, without the head.
    #[track_caller]
    pub(super) fn first_cells(&self, heading: &str, nth: usize) -> Vec<String> {
        self.table(heading, nth)[1..].iter().map(|row| row[0].to_owned()).collect()
    }
}
