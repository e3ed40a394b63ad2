//! The page of a rule: what its doc comment says, in parts.

/// A page in Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The whole text, without a heading of its own.
    pub text: String,
}

/// A small repository on a page, as a fixture with marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The text between the fences.
    pub text: String,
}

impl Page {
    /// The page that the lines of a doc comment are.
    pub fn of(docs: &str) -> Self {
        let lines = docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        Self::new(&lines.collect::<Vec<_>>().join("\n"))
    }

    /// The page that says `text`, with the blank lines around headings and fences that not every reader of Markdown
    /// can do without.
    pub fn new(text: &str) -> Self {
        let lines = text.lines();
        let mut text = String::with_capacity(text.len());
        let (mut in_fence, mut after_mark) = (false, false);
        for line in lines {
            let is_fence = line.starts_with("```");
            let is_mark = !in_fence && (is_fence || line.starts_with('#'));
            if (is_mark || after_mark && !line.is_empty()) && !text.ends_with("\n\n") {
                text.push('\n');
            }
            text.extend([line, "\n"]);
            in_fence ^= is_fence;
            after_mark = is_mark && !is_fence || is_fence && !in_fence;
        }
        Self { text: format!("{}\n", text.trim()) }
    }

    /// The first sentence: what is wrong.
    pub fn title(&self) -> String {
        self.text.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What stands under the heading `## NAME`.
    pub fn section(&self, name: &str) -> Option<&str> {
        let heading = format!("\n## {name}\n");
        let start = self.text.find(&heading)? + heading.len();
        let below = &self.text[start..];
        Some(below.find("\n## ").map_or(below, |end| &below[..end]))
    }

    /// The examples in order: what is wrong first, then how it is right.
    pub fn examples(&self) -> Vec<Example> {
        let Some(section) = self.section("Example") else { return Vec::new() };
        let blocks = section.split("```").skip(1).step_by(2);
        blocks.filter_map(|block| Some(Example { text: block.split_once('\n')?.1.to_owned() })).collect()
    }
}
