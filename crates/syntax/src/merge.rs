//! What git writes into a text where two sides of a merge differ.

use diagnostic::{Diagnostic, FileId, Span};

/// That a merge left a conflict in `text`, the source `file`, if one of its marks begins at `start`, where a line does.
pub fn conflict(rule: &'static str, file: FileId, text: &str, start: usize) -> Option<Diagnostic> {
    let line = text[start..].lines().next().unwrap_or_default();
    let is_marked = line == "=======" || ["<<<<<<< ", "||||||| ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark));
    let message = "a merge left both sides of a conflict here";
    is_marked.then(|| {
        Diagnostic::error(rule, Span::new(file, start..start + 7), message)
            .help("keep what is right, and delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`")
    })
}
