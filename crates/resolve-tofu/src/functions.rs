//! The page about the functions of OpenTofu.

use crate::eval::{HERE, OF_FILE};
use crate::value::{Type, described};

/// The page as Markdown: which functions are evaluated, and what they give of arguments that are unknown.
pub fn functions_page() -> String {
    let mut rows: Vec<_> = described();
    rows.extend(HERE.iter().map(|(name, of)| (*name, None, of.clone())));
    rows.extend(OF_FILE.iter().map(|(name, _)| (*name, None, Type::String)));
    rows.sort_by_key(|(name, ..)| *name);
    let mut page = String::from(
        "# The functions of OpenTofu\n\n\
         `cargo xtask docs` writes this page. An argument that is null or of another type is refused as OpenTofu \
         refuses it,\nand an unknown one gives an unknown value: whatever the configuration makes of it stays unknown. \
         Functions that read\na file see the files of the repository; any other file is unknown, and so is what `abspath` and `pathexpand` give of\na path that starts at the working folder or at `~`.\n\n\
         | function | evaluated | an unknown argument gives |\n| --- | --- | --- |\n",
    );
    for (name, why, of) in rows {
        let evaluated = why.map_or_else(|| "yes".to_owned(), |why| format!("no: {why}"));
        page.push_str(&format!("| `{name}` | {evaluated} | {} |\n", of.in_words()));
    }
    page
}
