//! `format` and `formatlist`: verbs as Go has them.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use unicode_segmentation::UnicodeSegmentation;

use super::super::{Outcome, list_of, text};
use super::{digits, json_encode, shown};
use crate::value::convert::exact_number;
use crate::value::{self, Data, Type, Value, is_known, is_null, is_wholly_known, unknown, unknown_string};

/// Wider than this, nothing is written.
const WIDEST: usize = 10_000;

/// How a value is written: `%-8.3f`.
pub(super) struct Verb {
    pub(super) letter: char,
    pub(super) zero: bool,
    pub(super) sharp: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
    pub(super) width: usize,
    pub(super) precision: Option<usize>,
}

pub(in super::super) fn format(given: &[Value]) -> Outcome {
    let (pattern, arguments) = given.split_first().ok_or("a format is required")?;
    match text(pattern)? {
        Some(pattern) if arguments.iter().all(is_wholly_known) => filled(&pattern, arguments),
        _ => Ok(unknown_string()),
    }
}

pub(in super::super) fn format_list(given: &[Value]) -> Outcome {
    let (pattern, arguments) = given.split_first().ok_or("a format is required")?;
    let pattern = text(pattern)?;
    let is_list = |argument: &&Value| value::is_sequence(argument) && !is_null(argument);
    let sizes: Vec<usize> =
        arguments.iter().filter(is_list).filter_map(|list| Some(list.as_elements()?.len())).collect();
    if sizes.iter().any(|size| *size != sizes[0]) {
        return Err(format!("the lists have {sizes:?} elements, and need as many"));
    }
    let unknown_list = |argument: &Value| !is_known(argument) && (is_list(&argument) || value::is_dynamic(argument));
    let Some(pattern) = pattern.filter(|_| !arguments.iter().any(unknown_list)) else {
        return Ok(unknown(Type::List(Box::new(Type::String))));
    };
    let mut made = Vec::new();
    for at in 0..sizes.first().copied().unwrap_or(1) {
        let each = arguments.iter().map(|argument| match argument.as_elements() {
            Some(elements) => elements[at].clone(),
            None => argument.clone(),
        });
        let each: Vec<Value> = each.collect();
        made.push(if each.iter().all(is_wholly_known) { filled(&pattern, &each)? } else { unknown_string() });
    }
    Ok(list_of(Type::String, made))
}

/// A verb: flags, width, precision, the number of the argument, and the letter.
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\A%([-+ 0#]*)([1-9][0-9]*)?(?:\.([0-9]*))?(?:\[([1-9][0-9]*)\])?([a-zA-Z])")
        .expect("the pattern is one, as every test sees")
});

/// The pattern with each verb replaced by what it makes of its argument.
fn filled(pattern: &str, arguments: &[Value]) -> Outcome {
    let (mut made, mut rest, mut next, mut used) = (String::new(), pattern, 0, 0);
    while let Some(at) = rest.find('%') {
        made.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("%%") {
            made.push('%');
            rest = behind;
            continue;
        }
        let found = VERB.captures(rest).ok_or("a `%` is followed by no verb")?;
        let whole = &found[0];
        let at = found.get(4).map_or(Some(next), |at| at.as_str().parse::<usize>().ok()?.checked_sub(1));
        let at = at.filter(|at| *at < arguments.len()).ok_or_else(|| format!("there is no argument for `{whole}`"))?;
        next = at + 1;
        used = used.max(next);
        let verb = Verb::of(&found);
        if verb.width.max(verb.precision.unwrap_or(0)) > WIDEST {
            return Ok(unknown_string());
        }
        made.push_str(&verb.write(&arguments[at]).map_err(|message| format!("`{whole}`: {message}"))?);
        rest = &rest[whole.len()..];
    }
    made.push_str(rest);
    if used < arguments.len() {
        return Err(format!("there are {} arguments, and the format uses {used}", arguments.len()));
    }
    Ok(value::string(&made))
}

impl Verb {
    fn of(found: &Captures<'_>) -> Self {
        let flag = |flag: char| found[1].contains(flag);
        let count = |digits: &str| if digits.is_empty() { 0 } else { digits.parse().unwrap_or(usize::MAX) };
        Self {
            letter: found[5].chars().next().unwrap_or('v'),
            zero: flag('0'),
            sharp: flag('#'),
            plus: flag('+'),
            minus: flag('-'),
            space: flag(' '),
            width: found.get(2).map_or(0, |width| count(width.as_str())),
            precision: found.get(3).map(|precision| count(precision.as_str())),
        }
    }

    fn write(&self, argument: &Value) -> Result<String, String> {
        if self.letter != 'v' && is_null(argument) {
            return Err("the argument is null".to_owned());
        }
        let refuse = || format!("it does not take {}", value::kind(argument));
        let number = || exact_number(argument).and_then(|number| number.ok_or_else(refuse));
        Ok(match self.letter {
            'v' => match &argument.data {
                Data::Text(text) if !self.sharp => self.padded(text),
                Data::Number(number) if !self.sharp => self.padded(&digits::general(number, None, 'e')),
                _ => self.padded(&json(argument)?),
            },
            't' => value::to_bool(argument).ok().flatten().ok_or_else(refuse)?.to_string(),
            's' => self.padded(self.cut(&shown(argument).ok_or_else(refuse)?)),
            'q' => self.padded(&json(&value::string(self.cut(&shown(argument).ok_or_else(refuse)?)))?),
            'b' | 'd' | 'o' | 'x' | 'X' => digits::whole(self, &number()?)?,
            'e' | 'E' | 'f' | 'g' | 'G' => digits::float(self, &number()?),
            letter => return Err(format!("there is no verb `{letter}`")),
        })
    }

    /// As many characters as wanted, as people count them.
    fn cut<'t>(&self, text: &'t str) -> &'t str {
        match self.precision {
            Some(count) if count > 0 => text.grapheme_indices(true).nth(count).map_or(text, |(at, _)| &text[..at]),
            _ => text,
        }
    }

    fn padded(&self, text: &str) -> String {
        let fill = self.width.saturating_sub(text.graphemes(true).count());
        let fill = if self.zero { "0" } else { " " }.repeat(fill);
        if self.minus { format!("{text}{fill}") } else { format!("{fill}{text}") }
    }

    /// What stands before a number.
    pub(super) fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }
}

fn json(found: &Value) -> Result<String, String> {
    Ok(json_encode(std::slice::from_ref(found))?.as_text().unwrap_or_default().to_owned())
}
