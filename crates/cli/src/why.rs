//! `labtree why`: where a rendered line comes from.

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Label, Sources, Span};
use serde_json::{Value, json};
use tree::{File, Tree};

use crate::args::{Format, Why};
use crate::disk::Disk;
use crate::entry::Names;
use crate::failure::Failure;
use crate::input::{Input, read};
use crate::origin::{LineOrigin, at, of_line};
use crate::standing::Standing;
use crate::terminal::Terminal;
use crate::{Outcome, diff};

/// A place that a person asks about.
struct Place {
    path: Utf8PathBuf,
    line: usize,
    column: Option<usize>,
}

/// Answers for the file and line in `arguments`, whose path is taken from where the person stands or from the root.
pub(crate) fn run(
    disk: &impl Disk,
    standing: &Standing,
    arguments: &Why,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let place = parse(&arguments.place)?;
    let mut input = Input::read(disk)?;
    let Some(wanted) = input.render() else {
        match arguments.format {
            Format::Text => input.report(terminal),
            Format::Json => terminal.print(input.document().to_string()),
        }
        return Ok(Outcome::Findings);
    };
    let path = resolve(&wanted, standing, &place.path)?;
    let file = wanted.get(&path).expect("the path was found in the tree");
    let line = rendered_line(disk, &path, file, place.line, terminal.program)?;
    let origin = origin(&input.sources, file, line, place.column);
    match arguments.format {
        Format::Text => show(&input.sources, &path, file, line, &origin, terminal),
        Format::Json => terminal.print(document(&input.sources, &path, line, &origin).to_string()),
    }
    Ok(Outcome::Clean)
}

fn parse(place: &str) -> Result<Place, Failure> {
    let mut parts = place.rsplitn(3, ':').collect::<Vec<_>>();
    parts.reverse();
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
    let parsed = match parts[..] {
        [path, line, column] => match (number(line), number(column)) {
            (Some(line), Some(column)) => Some((path.to_owned(), line, Some(column))),
            (None, Some(line)) => Some((format!("{path}:{line_text}", line_text = parts[1]), line, None)),
            _ => None,
        },
        [path, line] => number(line).map(|line| (path.to_owned(), line, None)),
        _ => None,
    };
    let (path, line, column) = parsed.filter(|(path, ..)| !path.is_empty()).ok_or_else(|| {
        Failure::usage(format!("`{place}` is no file and line"), "write `PATH:LINE`, such as `docs/authentik.md:12`")
    })?;
    Ok(Place { path: path.into(), line, column })
}

/// The path in the tree that is meant: relative to where the person stands, or to the root.
fn resolve(wanted: &Tree, standing: &Standing, path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let candidates = [standing.below_root(path), Some(path.to_owned())];
    if let Some(found) = candidates.into_iter().flatten().find(|candidate| wanted.get(candidate).is_some()) {
        return Ok(found);
    }
    let near = diagnostic::did_you_mean(path.as_str(), wanted.iter().map(|(path, _)| path.as_str()));
    Err(Failure::usage(format!("`{path}` is not rendered by labtree{near}"), "`labtree.lock` lists every file that is"))
}

/// Line `line` (from 1) of the file as it stands on the disk, as a line (from 0) of the rendered text.
fn rendered_line(disk: &impl Disk, path: &Utf8Path, file: &File, line: usize, program: &str) -> Result<usize, Failure> {
    let on_disk = read(disk, path)?;
    let text = on_disk.as_deref().unwrap_or(file.text.as_bytes());
    let count = String::from_utf8_lossy(text).lines().count();
    if line > count {
        return Err(Failure::usage(format!("`{path}` has {count} lines"), "ask about one of them"));
    }
    diff::follow(text, file.text.as_bytes(), line - 1).ok_or_else(|| {
        Failure::usage(
            format!("line {line} of `{path}` is not as rendered"),
            format!("`{program} generate --check` shows how it differs and which entry to change"),
        )
    })
}

/// Narrowed to the value at `column` (from 1, in characters) where one stands there.
fn origin(sources: &Sources, file: &File, line: usize, column: Option<usize>) -> LineOrigin {
    let whole = of_line(sources, file, line);
    let Some(column) = column else { return whole };
    let text = file.text.lines().nth(line).unwrap_or_default();
    let before: usize = text.chars().take(column - 1).map(char::len_utf8).sum();
    let start = file.text.split_inclusive('\n').take(line).map(str::len).sum::<usize>() + before;
    let here = at(file, start..start + 1);
    if here.is_empty() { whole } else { LineOrigin { values: here, ..whole } }
}

fn show(sources: &Sources, path: &Utf8Path, file: &File, line: usize, origin: &LineOrigin, terminal: &mut Terminal) {
    let text = file.text.lines().nth(line).unwrap_or_default().trim();
    let mut names = Names::default();
    let mut labels: Vec<Label> = origin
        .values
        .iter()
        .map(|span| Label { span: *span, text: names.name_of(sources, *span).unwrap_or_default() })
        .collect();
    labels.extend(origin.template.map(|span| Label { span, text: "rendered by this line".to_owned() }));
    let title = format!("`{path}:{}` is `{text}`", line + 1);
    terminal.print(report::note(sources, &title, &labels, terminal.style).trim_end());
    if origin.values.is_empty() {
        terminal.print(match origin.template {
            Some(_) => "No value of the inventory stands on this line; the template alone writes it.",
            None => "No value of the inventory stands on this line: it is the same in every lab.",
        });
    }
}

fn document(sources: &Sources, path: &Utf8Path, line: usize, origin: &LineOrigin) -> Value {
    let place = |span: Span| {
        let location = sources.location(span);
        json!({ "path": sources.path(span), "line": location.line, "column": location.column })
    };
    let mut names = Names::default();
    let values: Value = origin
        .values
        .iter()
        .map(|span| {
            let mut value = place(*span);
            value["entry"] = names.name_of(sources, *span).into();
            value
        })
        .collect();
    let template = origin.template.map(|span| {
        let mut template = place(span);
        template["text"] = sources.slice(span).into();
        template
    });
    json!({ "version": 1, "path": path.as_str(), "line": line + 1, "values": values, "template": template })
}
