//! Where results and findings are printed.

use std::io::Write;

use anstream::stream::RawStream;
use anstyle::AnsiColor;
use diagnostic::{Diagnostic, Sources};
use report::Style;

use crate::args::{Color, Global};
use crate::failure::Failure;

/// The two streams of a run, and how they look.
pub struct Terminal<'w> {
    /// Results.
    pub out: &'w mut dyn Write,
    /// Findings, progress, and why a run could not be.
    pub err: &'w mut dyn Write,
    /// Whether results are coloured.
    pub style: Style,
    /// Whether what goes to `err` is coloured.
    pub err_style: Style,
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
        self.tell(&format!("{}\n", line.as_ref()));
    }

    /// Why the run could not be, and what to do.
    pub fn failure(&mut self, failure: &Failure) {
        let error = painted(self.err_style, AnsiColor::Red, "error");
        self.note(format!("{error}: {failure}\n{:>6} {}", "help:", failure.help));
    }

    /// Findings with their sources.
    pub fn findings(&mut self, sources: &Sources, found: &[Diagnostic]) {
        self.tell(&report::text(sources, found, self.err_style));
    }

    /// Both streams may end on one screen: what was said first is read first, and at once.
    fn tell(&mut self, text: &str) {
        let _ = self.out.flush();
        let _ = self.err.write_all(text.as_bytes());
        let _ = self.err.flush();
    }

    /// `text` of a result in `color`, or plain.
    pub fn paint(&self, color: AnsiColor, text: &str) -> String {
        painted(self.style, color, text)
    }
}

fn painted(style: Style, color: AnsiColor, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Coloured => {
            let style = color.on_default();
            format!("{style}{text}{style:#}")
        }
    }
}

/// Whether to colour what goes to `stream`, as asked for or as the terminal and `NO_COLOR` say.
pub(crate) fn style(global: &Global, stream: &impl RawStream) -> Style {
    let choice = match global.color {
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
        Color::Auto => anstream::AutoStream::choice(stream),
    };
    match choice {
        anstream::ColorChoice::Never => Style::Plain,
        _ => Style::Coloured,
    }
}
