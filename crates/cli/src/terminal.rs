//! Where results and findings are printed.

use std::io::Write;

use diagnostic::{Diagnostic, Sources};
use report::Style;

use crate::args::{Color, Global};

/// The two streams of a run, and how they look.
pub struct Terminal<'w> {
    /// Results.
    pub out: &'w mut dyn Write,
    /// Findings, progress, and why a run could not be.
    pub err: &'w mut dyn Write,
    /// Whether results are coloured.
    pub style: Style,
    /// Whether only findings are printed.
    pub quiet: bool,
    /// What a person types to run this: `labtree`, or `cargo xtask` in the toolkit's own checkout.
    pub program: &'static str,
}

impl Terminal<'_> {
    /// A line of a result; nothing with `--quiet`.
    pub fn say(&mut self, line: impl AsRef<str>) {
        if !self.quiet {
            self.print(line);
        }
    }

    /// A line that is what was asked for, also with `--quiet`. A closed pipe ends nothing.
    pub fn print(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.out, "{}", line.as_ref());
    }

    /// A line for the person at the keyboard that is no result.
    pub fn note(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.err, "{}", line.as_ref());
    }

    /// Findings with their sources.
    pub fn findings(&mut self, sources: &Sources, found: &[Diagnostic]) {
        let _ = write!(self.err, "{}", report::text(sources, found, self.style));
    }

    /// `text` in `color`, or plain.
    pub fn paint(&self, color: anstyle::AnsiColor, text: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Coloured => {
                let style = color.on_default();
                format!("{style}{text}{style:#}")
            }
        }
    }
}

/// Whether to colour, as asked for or as the terminal and `NO_COLOR` say.
pub(crate) fn style(global: &Global) -> Style {
    let choice = match global.color {
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
        Color::Auto => anstream::AutoStream::choice(&std::io::stdout()),
    };
    match choice {
        anstream::ColorChoice::Never => Style::Plain,
        _ => Style::Coloured,
    }
}
