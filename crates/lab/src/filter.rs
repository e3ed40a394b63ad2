//! Filters of LDAP.

use diagnostic::{Derived, Span};

use crate::hierarchy::Hierarchy;

/// The filter that finds the members of `groups` and of the groups below them; `None` for no group.
pub(crate) fn member_of(
    groups: &[Derived<String>],
    base_dn: &Derived<String>,
    hierarchy: &Hierarchy<'_>,
) -> Option<Derived<String>> {
    let mut names: Vec<&str> = groups.iter().flat_map(|group| hierarchy.below(&group.value)).collect();
    names.sort_unstable();
    names.dedup();
    let part = |name: &&str| format!("(memberOf=cn={},ou=groups,{})", escaped(name), escaped(&base_dn.value));
    let parts: Vec<_> = names.iter().map(part).collect();
    let filter = match &parts[..] {
        [] => return None,
        [one] => one.clone(),
        several => format!("(|{})", several.concat()),
    };
    let from: Vec<Span> = groups.iter().flat_map(|group| &group.from).chain(&base_dn.from).copied().collect();
    Some(Derived::new(filter, from))
}

/// `text` as the value of a filter (RFC 4515, section 3).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '*' | '(' | ')' => out.push_str(&format!("\\{:02x}", u32::from(character))),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_filter_would_take_for_its_own_is_escaped() {
        assert_eq!(escaped(r"a (b) *\"), r"a \28b\29 \2a\5c");
    }
}
