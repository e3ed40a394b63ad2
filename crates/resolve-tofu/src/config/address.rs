//! Addresses: which resource or module a `moved`, `import` or `removed` block means.

use std::fmt;

use syntax::hcl::{Expression, Kind, Step};

use super::{Mode, ResourceName};

/// `module.apps["jellyfin"].authentik_application.this`, or a module alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The module calls it goes through, from the root.
    pub modules: Vec<(String, AddressKey)>,
    /// The resource in the last of them; none if a module is meant.
    pub resource: Option<(ResourceName, AddressKey)>,
}

/// What stands between brackets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressKey {
    /// No brackets.
    None,
    /// `[0]`
    Number(u64),
    /// `["jellyfin"]`
    Text(String),
    /// An expression that is not a literal.
    Open,
}

impl fmt::Display for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AddressKey::None => Ok(()),
            AddressKey::Number(number) => write!(f, "[{number}]"),
            AddressKey::Text(text) => write!(f, "[\"{}\"]", text.replace('\\', "\\\\").replace('"', "\\\"")),
            AddressKey::Open => write!(f, "[…]"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, key)) in self.modules.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}module.{name}{key}")?;
        }
        if let Some((name, key)) = &self.resource {
            let dot = if self.modules.is_empty() { "" } else { "." };
            write!(f, "{dot}{name}{key}")?;
        }
        Ok(())
    }
}

/// The address that `expression` writes; `None` if it is not one.
pub fn address(expression: &Expression) -> Option<Address> {
    let (root, steps) = traversal(expression)?;
    let mut words = vec![Word::Name(root)];
    for step in steps {
        words.push(match step {
            Step::Attribute(name) => Word::Name(&name.value),
            Step::Index(key) => Word::Key(match &key.kind {
                Kind::Text(text) => AddressKey::Text(text.clone()),
                Kind::Number(number) => AddressKey::Number(number.parse().ok()?),
                _ => AddressKey::Open,
            }),
        });
    }
    let mut rest = words.as_slice();
    let mut found = Address { modules: Vec::new(), resource: None };
    while let [Word::Name("module"), Word::Name(name), behind @ ..] = rest {
        let (key, behind) = key_of(behind);
        found.modules.push(((*name).to_owned(), key));
        rest = behind;
    }
    if rest.is_empty() && !found.modules.is_empty() {
        return Some(found);
    }
    let (mode, rest) = match rest {
        [Word::Name("data"), behind @ ..] => (Mode::Data, behind),
        [Word::Name("ephemeral"), behind @ ..] => (Mode::Ephemeral, behind),
        [Word::Name("resource"), behind @ ..] => (Mode::Managed, behind),
        _ => (Mode::Managed, rest),
    };
    let [Word::Name(kind), Word::Name(name), behind @ ..] = rest else { return None };
    let (key, behind) = key_of(behind);
    found.resource = Some((ResourceName { mode, kind: (*kind).to_owned(), name: (*name).to_owned() }, key));
    behind.is_empty().then_some(found)
}

enum Word<'a> {
    Name(&'a str),
    Key(AddressKey),
}

fn key_of<'a, 'b>(words: &'b [Word<'a>]) -> (AddressKey, &'b [Word<'a>]) {
    match words {
        [Word::Key(key), behind @ ..] => (key.clone(), behind),
        _ => (AddressKey::None, words),
    }
}

/// The name at the head of a chain of steps, and the steps; `None` for any other expression.
pub(crate) fn traversal(expression: &Expression) -> Option<(&str, Vec<&Step>)> {
    let mut steps = Vec::new();
    let mut at = expression;
    loop {
        match &at.kind {
            Kind::Access(of, step) => {
                steps.push(&**step);
                at = of;
            }
            Kind::Variable(name) => {
                steps.reverse();
                return Some((name, steps));
            }
            _ => return None,
        }
    }
}
