//! What a run did, or would do, as people and programs read it.

use anstyle::AnsiColor;
use diagnostic::Sources;
use serde_json::{Value, json};
use tree::{Change, File, Plan, Step, Tree};

use crate::args::Generate;
use crate::diff::{self, Hunk};
use crate::entry::{self, Names};
use crate::input::Input;
use crate::origin::{at, of_change};
use crate::terminal::Terminal;

/// How many files are shown with their differences, how many places of each, and how many lines of a place.
const FILES: usize = 20;
const PLACES: usize = 3;
const LINES: usize = 16;

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write.
    Write,
    /// Say what would be written.
    DryRun,
    /// Say what differs.
    Check,
}

impl Mode {
    /// What `arguments` ask for.
    pub(crate) fn of(arguments: &Generate) -> Self {
        match arguments {
            Generate { check: true, .. } => Mode::Check,
            Generate { dry_run: true, .. } => Mode::DryRun,
            _ => Mode::Write,
        }
    }
}

/// What is to be said about a plan.
pub(crate) struct Summary<'p> {
    /// The plan.
    pub plan: &'p Plan<'p>,
    /// What it was made for.
    pub wanted: &'p Tree,
    /// What the run is for.
    pub mode: Mode,
    /// Whether every difference is shown, whole.
    pub full: bool,
}

/// What became of a file.
#[derive(Clone, Copy)]
enum Action {
    Created,
    Changed,
    Removed,
    LeftAlone,
}

impl Action {
    fn of(change: &Change<'_>) -> Option<Self> {
        match change {
            Change::Create { .. } => Some(Action::Created),
            Change::Update { .. } => Some(Action::Changed),
            Change::Delete { .. } => Some(Action::Removed),
            Change::Edited { .. } | Change::Foreign { .. } | Change::Replaced { .. } => Some(Action::LeftAlone),
            Change::Keep | Change::Forget | Change::Blocked { .. } => None,
        }
    }

    fn word(self, mode: Mode) -> &'static str {
        match (self, mode) {
            (Action::Created, Mode::Write) => "created",
            (Action::Changed, Mode::Write) => "changed",
            (Action::Removed, Mode::Write) => "removed",
            (Action::Created, Mode::DryRun) => "to create",
            (Action::Changed, Mode::DryRun) => "to change",
            (Action::Removed, Mode::DryRun) => "to remove",
            (Action::Created, Mode::Check) => "missing",
            (Action::Changed, Mode::Check) => "differs",
            (Action::Removed, Mode::Check) => "left over",
            (Action::LeftAlone, _) => "left alone",
        }
    }

    fn color(self) -> AnsiColor {
        match self {
            Action::Created => AnsiColor::Green,
            Action::Changed => AnsiColor::Yellow,
            Action::Removed => AnsiColor::Red,
            Action::LeftAlone => AnsiColor::Magenta,
        }
    }
}

impl Summary<'_> {
    /// For people: a line for each file that changes, differences where they are asked for, and the total.
    /// `differs` tells whether anything, the lock too, is not as it should be.
    pub(crate) fn show(&self, sources: &Sources, differs: bool, terminal: &mut Terminal) {
        let mut names = Names::default();
        let with_difference = self.full || self.mode == Mode::Check;
        let changed = self.plan.steps.iter().filter_map(|step| Some((step, Action::of(&step.change)?)));
        for (index, (step, action)) in changed.enumerate() {
            let word = terminal.paint(action.color(), &format!("{:>10}", action.word(self.mode)));
            self.line(terminal, &format!("{word}  {}", step.path));
            if with_difference && (self.full || index < FILES) {
                self.difference(sources, step, &mut names, terminal);
            }
        }
        let total = self.total(differs, terminal.program);
        if self.counts() == [0; 4] { terminal.say(total) } else { self.line(terminal, &total) }
    }

    /// A line about something that differs: with `--check` it is what was asked for, so `--quiet` does not hide it.
    fn line(&self, terminal: &mut Terminal, line: &str) {
        if self.mode == Mode::Check { terminal.print(line) } else { terminal.say(line) }
    }

    fn difference(&self, sources: &Sources, step: &Step<'_>, names: &mut Names, terminal: &mut Terminal) {
        let (was, text): (&[u8], &str) = match step.change {
            Change::Create { text } if self.full => (b"", text),
            Change::Update { text, was } | Change::Edited { text: Some(text), was } | Change::Foreign { text, was } => {
                (was, text)
            }
            Change::Delete { was } if self.full => (was, ""),
            _ => return,
        };
        let rendered = self.wanted.get(step.path);
        let hunks = diff::hunks(was, text.as_bytes());
        let shown = if self.full { hunks.len() } else { PLACES };
        for hunk in hunks.iter().take(shown) {
            self.hunk(sources, rendered, hunk, names, terminal);
        }
        if hunks.len() > shown {
            self.line(terminal, &format!("            … and {} more places; `--diff` shows them", hunks.len() - shown));
        }
    }

    fn hunk(
        &self,
        sources: &Sources,
        rendered: Option<&File>,
        hunk: &Hunk,
        names: &mut Names,
        terminal: &mut Terminal,
    ) {
        let shown = if self.full { hunk.lines.len() } else { LINES };
        for line in hunk.lines.iter().take(shown) {
            let line = terminal.paint_difference(line);
            self.line(terminal, format!("            {line}").trim_end());
        }
        if hunk.lines.len() > shown {
            self.line(terminal, &format!("            … and {} more lines", hunk.lines.len() - shown));
        }
        let Some(rendered) = rendered else { return };
        if hunk.new.bytes.is_empty() && at(rendered, hunk.new.bytes.clone()).is_empty() {
            return; // what is only taken out follows from nothing that is left
        }
        let origin = of_change(sources, rendered, &hunk.new);
        let from = match (origin.values.first(), origin.template) {
            (Some(value), _) => names.entry(sources, *value),
            (None, Some(template)) => format!("template line {}", entry::place(sources, template)),
            (None, None) => return,
        };
        self.line(terminal, &format!("            = from {from}"));
    }

    /// How many files are created, changed, removed, left alone.
    fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for action in self.plan.steps.iter().filter_map(|step| Action::of(&step.change)) {
            counts[action as usize] += 1;
        }
        counts
    }

    fn total(&self, differs: bool, program: &str) -> String {
        let counts @ [created, changed, removed, left_alone] = self.counts();
        let unchanged = self.unchanged();
        let stale = created + changed + removed;
        if self.mode == Mode::Check {
            let one = stale + left_alone == 1;
            let (differ, were) = if one { ("file differs", "was") } else { ("files differ", "were") };
            let total = format!("{} {differ} from inventory.yaml", stale + left_alone);
            let then = format!("do what is said above, then run `{program} generate`");
            match (stale, left_alone) {
                (0, 0) if differs => {
                    return format!("labtree.lock is not up to date; run `{program} generate` and commit");
                }
                (0, 0) => {}
                (_, 0) => return format!("{total}; run `{program} generate` and commit"),
                (0, _) => return format!("{total} and {were} written by hand; {then}"),
                (_, edited) => return format!("{total}, {edited} of them written by hand; {then}"),
            }
        }
        if stale + left_alone == 0 && !differs {
            return format!("nothing to do: {unchanged} files are as inventory.yaml says");
        }
        let actions = [Action::Created, Action::Changed, Action::Removed, Action::LeftAlone];
        let parts = counts.iter().zip(actions).filter(|(count, _)| **count > 0);
        let parts = parts.map(|(count, action)| format!("{count} {}", action.word(self.mode)));
        let rest = (unchanged > 0).then(|| format!("{unchanged} unchanged"));
        parts.chain(rest).collect::<Vec<_>>().join(", ")
    }

    fn unchanged(&self) -> usize {
        self.plan.steps.iter().filter(|step| step.change == Change::Keep).count()
    }

    /// For programs: what became of each file that is not as before, and every finding.
    pub(crate) fn json(&self, input: &mut Input, differs: bool) -> Value {
        let files = self.plan.steps.iter().filter_map(|step| self.file(step)).collect();
        document(input, self.mode, files, self.counts(), self.unchanged(), differs)
    }

    fn file(&self, step: &Step<'_>) -> Option<Value> {
        let action = match Action::of(&step.change)? {
            Action::LeftAlone => "left_alone",
            action => action.word(Mode::Write),
        };
        let (was, text): (&[u8], &str) = match step.change {
            Change::Create { text } => (b"", text),
            Change::Update { text, was } | Change::Edited { text: Some(text), was } | Change::Foreign { text, was } => {
                (was, text)
            }
            Change::Delete { was } | Change::Edited { text: None, was } => (was, ""),
            _ => (b"", ""),
        };
        let mut file = json!({ "path": step.path.as_str(), "action": action });
        if self.full || self.mode == Mode::Check {
            let lines: Vec<_> = diff::hunks(was, text.as_bytes()).into_iter().flat_map(|hunk| hunk.lines).collect();
            file["diff"] = lines.into();
        }
        Some(file)
    }
}

/// For programs, when nothing could be rendered: the findings, and no files.
pub(crate) fn nothing_rendered(input: &mut Input, mode: Mode) -> Value {
    document(input, mode, Value::Array(Vec::new()), [0; 4], 0, false)
}

fn document(
    input: &mut Input,
    mode: Mode,
    files: Value,
    [created, changed, removed, left_alone]: [usize; 4],
    unchanged: usize,
    differs: bool,
) -> Value {
    let mut document = input.document();
    document["mode"] = match mode {
        Mode::Write => "write",
        Mode::DryRun => "dry-run",
        Mode::Check => "check",
    }
    .into();
    document["differs"] = differs.into();
    document["files"] = files;
    let counts = [
        ("created", created),
        ("changed", changed),
        ("removed", removed),
        ("left_alone", left_alone),
        ("unchanged", unchanged),
    ];
    for (key, count) in counts {
        document["summary"][key] = count.into();
    }
    document
}
