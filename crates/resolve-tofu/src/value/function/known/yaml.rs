//! YAML as values, read as OpenTofu's reader reads it: `yes` is true, a date is text, numbers are those of YAML 1.2.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use diagnostic::FileId;
use regex::Regex;
use syntax::yaml::{self, Content, Node, Pair, Scalar, Style};

use super::Outcome;
use super::time::{Moment, civil, offset};
use crate::value::function::plain::base64;
use crate::value::{self, Type, Value, convert, kind};

const TAG: &str = "tag:yaml.org,2002:";

pub(super) fn decode(given: &[Value]) -> Outcome {
    let text = super::text(&given[0]);
    let documents =
        yaml::parse_all(FileId(0), text).map_err(|fault| format!("the text is not YAML: {}", fault.message))?;
    match documents.as_slice() {
        [document] if is_flush(&document.root, text) => {
            Err("the text is not YAML: what stands below `|` or `>` is indented".to_owned())
        }
        [document] => child(&document.root, text, false),
        [] => Err("the text holds no YAML document".to_owned()),
        _ => Err("the text holds several YAML documents".to_owned()),
    }
}

/// Whether a text below `|` is all there is, and is not indented, as YAML 1.2 allows.
fn is_flush(root: &Node, source: &str) -> bool {
    let is_block = root.scalar().is_some_and(|scalar| matches!(scalar.style, Style::Literal | Style::Folded));
    let (start, end) = (root.span.start as usize, root.span.end as usize);
    let header = usize::from(source[start..].starts_with(['|', '>']));
    let start = if header == 1 { start } else { source[..start].rfind('\n').map_or(0, |at| at + 1) };
    is_block && source[start..end].lines().skip(header).any(|line| !line.is_empty() && !line.starts_with(' '))
}

/// The value of a node of `source`.
fn read(node: &Node, source: &str) -> Outcome {
    let tag = node.tag().map_or("", |tag| tag.value.as_str());
    let fits = |own: &str| tag.is_empty() || tag.strip_prefix(TAG) == Some(own);
    let flow = source[node.span.start as usize..].starts_with(['[', '{']);
    match &node.content {
        Content::Scalar(found) if tag.is_empty() && matches!(found.style, Style::Literal | Style::Folded) => {
            block(found, source[node.span.end as usize..].is_empty() && !source.trim_end_matches(' ').ends_with('\n'))
        }
        Content::Scalar(found) => scalar(&found.text, found.style, tag),
        Content::Sequence(items) if fits("seq") => {
            Ok(value::tuple(items.iter().map(|item| child(item, source, flow)).collect::<Result<Vec<_>, _>>()?))
        }
        Content::Mapping(pairs) if fits("map") => mapping(pairs, source, flow),
        _ => Err(format!("the tag `{tag}` is not one of a list or map")),
    }
}

/// The value of an item or key. Outside of brackets OpenTofu's reader refuses a tab before it.
fn child(node: &Node, source: &str, flow: bool) -> Outcome {
    // Within brackets lines may be long, and are not looked at.
    let start = if flow { "" } else { source[..node.span.start as usize].rsplit('\n').next().unwrap_or_default() };
    if start.contains('\t') && start.chars().all(|c| matches!(c, ' ' | '\t' | '-' | '?')) {
        return Err("the text is not YAML: a line is indented with a tab".to_owned());
    }
    read(node, source)
}

fn mapping(pairs: &[Pair], source: &str, flow: bool) -> Outcome {
    let mut found = BTreeMap::new();
    for Pair { key, value } in pairs {
        let value = read(value, source)?;
        if is_merge(key) {
            merge(&value, &mut found)?;
            continue;
        }
        let Content::Scalar(_) = &key.content else { return Err("a key is not plain text".to_owned()) };
        let name = convert(&child(key, source, flow)?, &Type::String)?;
        let name = name.as_text().ok_or("a key is null")?;
        found.insert(name.to_owned(), value);
    }
    Ok(value::object(found))
}

/// Whether a key is `<<`, in quotes or not.
fn is_merge(key: &Node) -> bool {
    key.alias().is_none()
        && key.scalar().is_some_and(|scalar| match key.tag() {
            Some(tag) => tag.value == format!("{TAG}merge"),
            None => scalar.text == "<<",
        })
}

fn merge(found: &Value, into: &mut BTreeMap<String, Value>) -> Result<(), String> {
    let maps = match found.as_elements() {
        Some(elements) => elements,
        None => std::slice::from_ref(found),
    };
    for map in maps {
        let entries = map.as_entries().ok_or_else(|| format!("`<<` takes a map, and this is {}", kind(map)))?;
        into.extend(entries.iter().map(|(name, entry)| (name.clone(), entry.clone())));
    }
    Ok(())
}

/// A text below `|` or `>`. OpenTofu looks for a word or number there as well, and makes text of that.
fn block(found: &Scalar, unended: bool) -> Outcome {
    // Where the file ends without a line break, the text has none.
    let text = if unended { found.text.strip_suffix('\n').unwrap_or(&found.text) } else { &found.text };
    convert(&scalar(text, found.style, "")?, &Type::String)
}

fn scalar(text: &str, style: Style, tag: &str) -> Outcome {
    let quoted = matches!(style, Style::SingleQuoted | Style::DoubleQuoted);
    let own = match tag {
        "" => "",
        tag => tag.strip_prefix(TAG).ok_or_else(|| format!("the tag `{tag}` is not known"))?,
    };
    let refuse = || Err(format!("`{text}` is not what its tag `!!{own}` says"));
    match own {
        "str" => return Ok(value::string(text)),
        "binary" => {
            base64(text)?;
            return Ok(value::string(text));
        }
        "" | "bool" | "int" | "float" | "null" | "timestamp" => {}
        _ => return Err(format!("the tag `{tag}` is not known")),
    }
    // Only what starts like a word or a number of the language is looked at.
    let first = text.bytes().next();
    if first.is_none_or(|first| b"+-0123456789yYnNtTfFoO~.".contains(&first)) {
        if quoted {
            return Ok(value::string(text));
        }
        if let Some(word) = word(text) {
            return Ok(word);
        }
        if own.is_empty() && matches!(text, ".nan" | ".NaN" | ".NAN") {
            return Err("there is no such number as NaN".to_owned());
        }
        let digit = first.is_some_and(|first| first.is_ascii_digit() || b"+-".contains(&first));
        if digit
            && matches!(own, "" | "timestamp")
            && let Some(moment) = moment(text)
        {
            return Ok(value::string(&moment.written()));
        }
        if first == Some(b'.')
            && let Some(number) = decimal(text)
        {
            return Ok(number);
        }
        if digit && NUMBER.is_match(text) {
            return number(text).map_or_else(refuse, Ok);
        }
    }
    match own {
        "" => Ok(value::string(text)),
        "null" => Ok(value::null()),
        "int" | "float" => number(text).map_or_else(refuse, Ok),
        _ => refuse(),
    }
}

/// A word that is not text.
fn word(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => value::null(),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => value::boolean(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => value::boolean(false),
        // An infinity has no place among the numbers of a configuration.
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => value::unknown_number(),
        _ => return None,
    })
}

/// What YAML 1.2's core schema takes for a number.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)")
});
static DECIMAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"));
static MOMENTS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let date = "(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})";
    let time = "(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2}):(?P<second>[0-9]{1,2})(?:[.,](?P<fraction>[0-9]+))?";
    let zone = "(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})";
    [date.to_owned(), format!("{date}[Tt]{time}{zone}"), format!("{date} {time}")].map(|whole| pattern(&whole))
});

fn pattern(whole: &str) -> Regex {
    Regex::new(&format!(r"\A{whole}\z")).expect("the pattern is one, as every test sees")
}

fn decimal(text: &str) -> Option<Value> {
    // A number of a thousand digits is one that is not read here.
    DECIMAL.is_match(text).then(|| value::number(text.trim_start_matches('+')).unwrap_or_else(value::unknown_number))
}

fn number(text: &str) -> Option<Value> {
    let plain = text.replace('_', "");
    decimal(&plain).or_else(|| {
        let (negative, digits) = match plain.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let base = match digits.get(..2)? {
            "0x" | "0X" => 16,
            "0o" | "0O" => 8,
            "0b" | "0B" => 2,
            _ => return None,
        };
        let number = i128::from(u64::from_str_radix(&digits[2..], base).ok()?);
        let number = if negative { -number } else { number };
        (number >= i128::from(i64::MIN)).then(|| value::number(&number.to_string()))?
    })
}

/// A date, or a date and a time.
fn moment(text: &str) -> Option<Moment> {
    let found = MOMENTS.iter().find_map(|pattern| pattern.captures(text))?;
    let zone = if found.name("zone").is_some() { offset(&found)? } else { jiff::tz::Offset::UTC };
    Moment::of(civil(&found)?, zone)
}
