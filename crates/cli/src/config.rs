//! `labtree config show`: every setting with its value, and who says so.

use std::collections::BTreeMap;

use diagnostic::{Severity, Sources};
use serde_json::{Value, json};

use crate::args::{ConfigShow, Format, Overrides};
use crate::disk::Disk;
use crate::failure::Failure;
use crate::input::{is_lab, outcome, settings};
use crate::settings::{SETTINGS_PATH, Settings};
use crate::standing::Standing;
use crate::terminal::Terminal;
use crate::{Outcome, catalogue};

/// A setting as it counts.
struct Shown {
    /// Its name, `fail-on` or `rules.plain-secret`.
    name: String,
    /// What it is; null where labtree tells it from the files, where each finding of a rule says its own severity, and for
    /// no baseline.
    value: Value,
    /// Who says so.
    from: Origin,
}

/// Who says what a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// Nobody.
    Default,
    /// This line of labtree.toml.
    Line(usize),
    /// This option of the command line.
    Flag(&'static str),
}

/// Prints them. What is wrong with labtree.toml is told as `check` tells it.
///
/// # Errors
/// labtree.toml cannot be read.
pub(crate) fn show(
    disk: &impl Disk,
    standing: &Standing,
    is_named: bool,
    arguments: &ConfigShow,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let settings = settings(disk, &mut sources, &mut found)?;
    let mut shown = shown(&settings, &sources);
    arguments.settings.lay_over(&mut shown);
    let rules = shown.len();
    if !arguments.all {
        shown.retain(|setting| setting.from != Origin::Default || !setting.name.starts_with(RULES));
    }
    let hidden = rules - shown.len();
    let why = match () {
        () if is_named => "--root",
        () if is_lab(disk)? => "the lab around",
        () if standing.root.join(SETTINGS_PATH).exists() => "it holds labtree.toml",
        () if standing.root.join(".git").exists() => "the git repository around",
        () => "the current folder",
    };
    terminal.findings(&sources, &found);
    match arguments.format {
        Format::Json => {
            let settings: Value = shown.iter().map(json).collect();
            let root = json!({ "path": standing.root.as_str(), "from": why });
            terminal.print(json!({ "version": 1, "root": root, "settings": settings }).to_string());
        }
        Format::Text => {
            terminal.print(format!("# root: {} ({why})", standing.root));
            terminal.write(&text(&shown));
            if hidden > 0 {
                terminal.say(format!("# {hidden} rules weigh what `labtree rules` says; `--all` lists them here"));
            }
        }
    }
    Ok(outcome(&found, Severity::Error))
}

/// How the names of rules begin.
const RULES: &str = "rules.";

fn shown(settings: &Settings, sources: &Sources) -> Vec<Shown> {
    let from = |name: &str| match settings.written.get(name) {
        Some(span) => Origin::Line(sources.location(*span).line),
        None => Origin::Default,
    };
    let own =
        settings.values().into_iter().map(|(name, value)| Shown { from: from(name), name: name.to_owned(), value });
    let rules = catalogue::all().iter().map(|rule| {
        let level = settings.levels.get(rule.id).copied();
        let value = match level {
            None => rule.severity.map(Severity::name),
            Some(level) => Some(level.map_or("off", Severity::name)),
        };
        let name = format!("{RULES}{}", rule.id);
        Shown { from: from(&name), name, value: json!(value) }
    });
    own.chain(rules).collect()
}

impl Overrides {
    /// Puts what the command line says in the place of what labtree.toml says.
    fn lay_over(&self, shown: &mut [Shown]) {
        let mut set = |name: &str, flag: &'static str, value: Value| {
            let setting = shown.iter_mut().find(|setting| setting.name == name).expect("it is a setting");
            (setting.value, setting.from) = (value, Origin::Flag(flag));
        };
        let Self { fail_on, no_baseline } = self;
        if let Some(severity) = fail_on {
            set("fail-on", "--fail-on", Severity::from(*severity).name().into());
        }
        if *no_baseline {
            set("baseline", "--no-baseline", Value::Null);
        }
    }
}

fn json(setting: &Shown) -> Value {
    let (from, line) = match setting.from {
        Origin::Default => ("default", None),
        Origin::Line(line) => (SETTINGS_PATH, Some(line)),
        Origin::Flag(flag) => (flag, None),
    };
    json!({ "name": setting.name, "value": setting.value, "from": from, "line": line })
}

/// As labtree.toml could have them, each with a remark on where it comes from.
fn text(shown: &[Shown]) -> String {
    let lines: BTreeMap<usize, String> = shown
        .iter()
        .enumerate()
        .filter(|(_, setting)| !setting.value.is_null())
        // Texts and lists of texts are written alike in JSON and in TOML.
        .map(|(at, setting)| (at, format!("{} = {}", setting.name, setting.value)))
        .collect();
    let width = lines.values().map(|line| line.chars().count()).filter(|width| *width < 60).max().unwrap_or_default();
    let mut text = String::new();
    for (at, setting) in shown.iter().enumerate() {
        let from = match setting.from {
            Origin::Default => "default".to_owned(),
            Origin::Line(line) => format!("{SETTINGS_PATH}:{line}"),
            Origin::Flag(flag) => flag.to_owned(),
        };
        text.push_str(&match lines.get(&at) {
            Some(line) => format!("{line:width$}  # {from}\n"),
            None if matches!(setting.from, Origin::Flag(_)) => format!("# {}: none, by {from}\n", setting.name),
            None if setting.name.starts_with(RULES) => format!("# {}: each finding says its own\n", setting.name),
            None => format!("# {}: as the files tell\n", setting.name),
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "fail-on = \"hint\"\nexclude = [\"a b\", \"c/**\"]\n\n[rules]\nplain-secret = \"off\"\n\
                           yaml-tab = \"warning\"\n[tofu]\nroots = [\"tofu/home\"]\n[flux]\nroots = [\"flux/x\"]\n";

    fn parsed(text: &str) -> (Settings, Sources) {
        let mut sources = Sources::default();
        let (file, mut found) = (sources.add(SETTINGS_PATH, text), Vec::new());
        let settings = Settings::parse(text, file, &mut found);
        assert!(found.is_empty(), "{text}\n{found:?}");
        (settings, sources)
    }

    #[test]
    fn what_is_shown_is_what_could_be_written() {
        for written in [WRITTEN, ""] {
            let (settings, sources) = parsed(written);
            let text = text(&shown(&settings, &sources));
            let (again, _) = parsed(&text);
            let values = |settings: &Settings| format!("{:?}", settings.values());
            assert_eq!(values(&again), values(&settings), "{text}");
            let changed = settings.levels.iter().filter(|(id, level)| again.levels.get(*id) != Some(*level));
            assert_eq!(changed.count(), 0, "{text}");
        }
    }

    #[test]
    fn each_setting_has_the_line_that_says_so() {
        let (settings, sources) = parsed(WRITTEN);
        let lines = shown(&settings, &sources).into_iter().filter_map(|setting| match setting.from {
            Origin::Line(line) => Some((setting.name, line)),
            Origin::Default | Origin::Flag(_) => None,
        });
        let lines: BTreeMap<String, usize> = lines.collect();
        let expected = [
            ("exclude", 2),
            ("fail-on", 1),
            ("flux.roots", 10),
            ("rules.plain-secret", 5),
            ("rules.yaml-tab", 6),
            ("tofu.roots", 8),
        ];
        assert_eq!(lines, expected.map(|(name, line)| (name.to_owned(), line)).into());
    }
}
