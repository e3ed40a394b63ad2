//! What an operation makes of a value: [`funcs.go`] of Flux's envsubst.
//!
//! [`funcs.go`]: https://github.com/fluxcd/pkg/blob/main/envsubst/funcs.go

use globset::{GlobBuilder, GlobMatcher};

/// What `operation` makes of `value`, the value of a variable, with its arguments.
pub(super) fn apply(operation: &str, value: &str, arguments: &[String]) -> String {
    let argument = |index: usize| arguments.get(index).map_or("", String::as_str);
    match operation {
        "#" if arguments.is_empty() => value.len().to_string(),
        "#" => without_start(value, argument(0), false),
        "##" => without_start(value, argument(0), true),
        "%" => without_end(value, argument(0), false),
        "%%" => without_end(value, argument(0), true),
        "," => first(value, char::to_lowercase),
        ",," => value.to_lowercase(),
        "^" => first(value, char::to_uppercase),
        "^^" => value.to_uppercase(),
        ":" => part(value, argument(0), arguments.get(1).map(String::as_str)),
        "/" => value.replacen(argument(0), argument(1), 1),
        "//" => value.replace(argument(0), argument(1)),
        "/#" if arguments.len() == 2 => {
            value.strip_prefix(argument(0)).map_or(value.to_owned(), |rest| format!("{}{rest}", argument(1)))
        }
        "/%" if arguments.len() == 2 => {
            value.strip_suffix(argument(0)).map_or(value.to_owned(), |rest| format!("{rest}{}", argument(1)))
        }
        // `:?` and `:+` too: Flux reads them as a default.
        _ if value.is_empty() => arguments.concat(),
        _ => value.to_owned(),
    }
}

/// Whether the operation stands up to a variable that is not set.
pub(super) fn has_default(operation: &str) -> bool {
    matches!(operation, "=" | ":=" | ":-" | ":?" | ":+")
}

fn first<I: Iterator<Item = char>>(value: &str, change: impl Fn(char) -> I) -> String {
    let mut rest = value.chars();
    rest.next().into_iter().flat_map(change).chain(rest).collect()
}

/// Positions and lengths are those of bytes; what cannot be read leaves the value as it is.
fn part(value: &str, position: &str, length: Option<&str>) -> String {
    let size = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let Ok(position) = position.parse::<i64>() else { return value.to_owned() };
    let start = if position < 0 { (size + position).max(0) } else { position };
    let end = match length.map(str::parse::<i64>) {
        None => size,
        Some(Ok(length)) if start + length < size => start + length,
        Some(Ok(_)) => size,
        Some(Err(_)) => return value.to_owned(),
    };
    let index = |at: i64| usize::try_from(at).unwrap_or_default();
    value.get(index(start)..index(end)).unwrap_or_default().to_owned()
}

/// A pattern of shells; a slash is as any other character. Nothing matches where it is none.
fn pattern(pattern: &str) -> Option<GlobMatcher> {
    let plain = pattern.replace('{', "[{]").replace('}', "[}]");
    GlobBuilder::new(&plain)
        .literal_separator(false)
        .backslash_escape(true)
        .build()
        .ok()
        .map(|glob| glob.compile_matcher())
}

fn without_start(value: &str, given: &str, longest: bool) -> String {
    let Some(pattern) = pattern(given) else { return value.to_owned() };
    let mut ends = value.char_indices().map(|(at, next)| at + next.len_utf8());
    let fits = |end: &usize| pattern.is_match(&value[..*end]);
    let end = if longest { ends.rfind(fits) } else { ends.find(fits) };
    value[end.unwrap_or(0)..].to_owned()
}

fn without_end(value: &str, given: &str, longest: bool) -> String {
    let Some(pattern) = pattern(given) else { return value.to_owned() };
    let mut starts = value.char_indices().map(|(at, _)| at);
    let fits = |start: &usize| pattern.is_match(&value[*start..]);
    let start = if longest { starts.find(fits) } else { starts.rfind(fits) };
    value[..start.unwrap_or(value.len())].to_owned()
}
