//! Values in the words of people, and addresses as the target of a link.

use diagnostic::{Derived, Spanned};
use inventory::{Duration, Size};

/// `hours=1;minutes=30` as `1 hour and 30 minutes`.
pub(crate) fn duration(duration: &Spanned<Duration>) -> Derived<String> {
    duration.derive(|duration| {
        let parts = duration.authentik().split(';').filter_map(|part| {
            let (unit, number) = part.trim().split_once('=')?;
            let unit = unit.to_lowercase();
            Some(format!("{number} {}", if number == "1" { unit.trim_end_matches('s') } else { &unit }))
        });
        and(&parts.collect::<Vec<_>>())
    })
}

/// `524288` as `512 KiB`.
pub(crate) fn size(size: &Spanned<Size>) -> Derived<String> {
    size.derive(|size| {
        let bytes = size.bytes();
        let units = [(1 << 20, "MiB"), (1 << 10, "KiB"), (1_000_000, "MB"), (1_000, "kB")];
        units
            .iter()
            .find(|(factor, _)| bytes >= *factor && bytes.is_multiple_of(*factor))
            .map_or_else(|| format!("{bytes} bytes"), |(factor, unit)| format!("{} {unit}", bytes / factor))
    })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and(words: &[impl AsRef<str>]) -> String {
    let words: Vec<_> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, before @ [_, ..])) => format!("{} and {last}", before.join(", ")),
        Some((last, [])) => (*last).to_owned(),
        None => String::new(),
    }
}

/// `url` as the target of a Markdown link: what Markdown would take for markup is percent-encoded, which means the
/// same in an address.
pub(crate) fn href(url: &Derived<String>) -> Derived<String> {
    let mut target = String::with_capacity(url.value.len());
    for character in url.value.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '<' | '>' | '|' | '~' | '^' | '$' | '"'
            | '\'' => {
                target.push_str(&format!("%{:02X}", u32::from(character)));
            }
            other => target.push(other),
        }
    }
    Derived::new(target, url.from.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_as_people_join_them() {
        assert_eq!(and(&[] as &[&str]), "");
        assert_eq!(and(&["a"]), "a");
        assert_eq!(and(&["a", "b"]), "a and b");
        assert_eq!(and(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn a_link_to_an_address_with_markup_in_it_is_the_same_address() {
        let url = Derived::fixed("https://a.example/x_(y)?q=[1]*&r=2".to_owned());
        assert_eq!(href(&url).value, "https://a.example/x%5F%28y%29?q=%5B1%5D%2A&r=2");
    }
}
