//! Where results and findings are printed.

use std::io::{self, Write};

use anstream::stream::RawStream;
use anstyle::AnsiColor;
use diagnostic::{Diagnostic, Sources};
use report::Style;

use crate::args::{Color, Global};
use crate::disk::reason;
use crate::failure::Failure;

/// The two streams of a run, and how they look.
pub struct Terminal {
    /// Results.
    out: Box<dyn Write>,
    /// Findings, progress, and why a run could not be.
    err: Box<dyn Write>,
    /// Whether results are coloured.
    pub style: Style,
    /// Whether what goes to `err` is coloured.
    err_style: Style,
    /// Why not all results could be printed.
    failed: Option<io::Error>,
    /// Whether only findings are printed.
    pub quiet: bool,
    /// What a person types to run this: `labtree`, or `cargo xtask` in the toolkit's own checkout.
    pub program: &'static str,
}

impl Terminal {
    /// Standard output and standard error.
    pub(crate) fn new(global: &Global, program: &'static str) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (style, err_style) = (style(global, &out), style(global, &err));
        let (out, err) = (Box::new(io::BufWriter::new(out)), Box::new(io::BufWriter::new(err)));
        Self { out, err, style, err_style, failed: None, quiet: global.quiet, program }
    }

    /// A line of a result; nothing with `--quiet`.
    pub fn say(&mut self, line: impl AsRef<str>) {
        if !self.quiet {
            self.print(line);
        }
    }

    /// A line that is what was asked for, also with `--quiet`.
    pub fn print(&mut self, line: impl AsRef<str>) {
        self.write(line.as_ref());
        self.write("\n");
    }

    /// Rows below their heads, in columns; the first one is what the others are about.
    pub fn table<const N: usize>(&mut self, heads: [&str; N], rows: &[[String; N]]) {
        let heads = heads.map(String::from);
        let width = |column: usize| {
            let cells = rows.iter().chain([&heads]).map(|row| row[column].chars().count());
            cells.max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..N).map(width).collect();
        for (index, row) in [&heads].into_iter().chain(rows).enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            let (first, rest) = line.trim_end().split_at(row[0].len());
            match index {
                0 => self.print(self.paint(AnsiColor::Green, line.trim_end())),
                _ => self.print(self.paint(AnsiColor::Cyan, first) + rest),
            }
        }
    }

    /// Text that is what was asked for, as it is.
    pub fn write(&mut self, text: &str) {
        let written = self.out.write_all(text.as_bytes());
        self.failed = self.failed.take().or(written.err());
    }

    /// Prints what is still to be printed. A closed pipe is no failure: whoever reads has read enough.
    ///
    /// # Errors
    /// The results could not be printed, on a full disk for instance.
    pub fn finish(&mut self) -> Result<(), Failure> {
        let flushed = self.out.flush();
        match self.failed.take().or(flushed.err()) {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let message = format!("cannot print the results: {}", reason(&error));
                Err(Failure::usage(message, "look at where the output goes"))
            }
            _ => Ok(()),
        }
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

    /// A line of a difference in the colour of what it tells.
    pub fn paint_difference(&self, line: &str) -> String {
        match line.as_bytes().first() {
            Some(b'+') => self.paint(AnsiColor::Green, line),
            Some(b'-') => self.paint(AnsiColor::Red, line),
            Some(b'@') => self.paint(AnsiColor::Cyan, line),
            _ => line.to_owned(),
        }
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
fn style(global: &Global, stream: &impl RawStream) -> Style {
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
