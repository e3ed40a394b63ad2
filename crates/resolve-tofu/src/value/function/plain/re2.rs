//! Patterns as Go has them, in the words of the reader of patterns here: there `\d`, `\w`, `\s` and `\b` are about
//! ASCII, a class is no set with operators, and no repetition is repeated.

use std::iter::Peekable;
use std::str::Chars;

/// The pattern in other words; none if Go refuses it.
pub(super) fn translated(pattern: &str) -> Option<String> {
    let mut made = String::new();
    let mut rest = pattern.chars().peekable();
    let mut class = None;
    // Whether a repetition has just ended, so that another may not follow.
    let mut repeated = false;
    while let Some(c) = rest.next() {
        let before = std::mem::take(&mut repeated);
        match (c, class) {
            ('\\', _) => {
                made.push_str(&escape(&mut rest, class.is_some())?);
                class = class.map(|_| false);
            }
            ('[', Some(_)) if rest.peek() == Some(&':') => {
                // The name of a class goes up to `:]`.
                made.push('[');
                loop {
                    let c = rest.next()?;
                    made.push(c);
                    if c == ':' && rest.peek() == Some(&']') {
                        made.extend(rest.next());
                        break;
                    }
                }
                class = Some(false);
            }
            (']', Some(false)) => {
                made.push(']');
                class = None;
            }
            (c, Some(_)) => {
                if matches!(c, '[' | ']' | '&' | '~') {
                    made.push('\\');
                }
                made.push(c);
                class = Some(false);
            }
            ('[', None) => {
                made.push('[');
                if rest.peek() == Some(&'^') {
                    made.extend(rest.next());
                }
                // A `]` that stands first does not end the class.
                class = Some(true);
            }
            ('*' | '+' | '?', None) if before => return None,
            ('*' | '+' | '?', None) => {
                made.push(c);
                repeated = true;
            }
            ('{', None) => {
                let inner: String = rest.clone().take_while(|c| *c != '}').collect();
                let counts = inner.chars().all(|c| c.is_ascii_digit() || c == ',')
                    && inner.starts_with(|c: char| c.is_ascii_digit());
                if counts && inner.matches(',').count() <= 1 && rest.clone().any(|c| c == '}') {
                    if before {
                        return None;
                    }
                    made.push_str(&format!("{{{inner}}}"));
                    rest.nth(inner.chars().count());
                    repeated = true;
                } else {
                    made.push_str("\\{");
                }
            }
            ('(', None) if rest.peek() == Some(&'?') => {
                let flags: String = rest.clone().skip(1).take_while(char::is_ascii_alphabetic).collect();
                let named = flags.starts_with('P') || rest.clone().nth(1) == Some('<');
                if !named && flags.chars().any(|flag| !"imsU".contains(flag)) {
                    return None;
                }
                made.push('(');
                made.extend(rest.next());
            }
            (c, None) => made.push(c),
        }
        // It may be a lazy one.
        if repeated && rest.peek() == Some(&'?') {
            made.extend(rest.next());
        }
    }
    class.is_none().then_some(made)
}

/// What `\` and what follows stand for; classes are classes of ASCII.
fn escape(rest: &mut Peekable<Chars<'_>>, in_class: bool) -> Option<String> {
    let class = match rest.next()? {
        'd' => "0-9",
        'D' => "^0-9",
        'w' => "0-9A-Za-z_",
        'W' => "^0-9A-Za-z_",
        's' => r"\t\n\f\r ",
        'S' => r"^\t\n\f\r ",
        'b' if !in_class => return Some(r"(?-u:\b)".to_owned()),
        'B' if !in_class => return Some(r"(?-u:\B)".to_owned()),
        // Here these are where a word starts and ends.
        c @ ('<' | '>') => return Some(c.to_string()),
        'Q' if !in_class => {
            let all: String = rest.clone().collect();
            let quoted = all.split("\\E").next().unwrap_or_default();
            let end = if quoted.len() < all.len() { 2 } else { 0 };
            rest.nth((quoted.chars().count() + end).saturating_sub(1));
            return Some(regex::escape(quoted));
        }
        first @ '0'..='7' => {
            let mut code = first.to_digit(8)?;
            let more = (0..2).map_while(|_| rest.next_if(|c| c.is_digit(8))?.to_digit(8)).collect::<Vec<_>>();
            if first != '0' && more.is_empty() {
                // A reference to a group.
                return None;
            }
            more.into_iter().for_each(|digit| code = code * 8 + digit);
            return Some(format!("\\x{{{code:x}}}"));
        }
        c @ ('p' | 'P' | 'x') if rest.peek() == Some(&'{') => {
            let name: String = rest.by_ref().take_while(|c| *c != '}').collect();
            return Some(format!("\\{c}{name}}}"));
        }
        c if c.is_ascii_alphanumeric() && !"AafnprtvxzP".contains(c) => return None,
        c => return Some(format!("\\{c}")),
    };
    Some(format!("[{class}]"))
}
