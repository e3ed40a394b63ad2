//! Which names and texts an expression mentions.

use std::ops::Range;

use crate::objects::Object;

/// How a name is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// By itself: `ak_groups`.
    Name,
    /// Behind a dot: `user.ak_groups`.
    Attribute,
    /// As an argument's name, which Django takes for a path: `ak_groups__name="admins"`.
    Keyword,
}

/// A name in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// How it is spelled.
    pub spelling: Spelling,
    /// The name.
    pub name: String,
    /// For an attribute: the object, where it is one of authentik's.
    pub on: Option<Object>,
    /// Where the name is written.
    pub range: Range<usize>,
}

impl Mention {
    /// Whether it mentions the name: `.groups` means attributes only, and a keyword's path counts part by part.
    pub(crate) fn is_of(&self, name: &str) -> bool {
        match (name.strip_prefix('.'), self.spelling) {
            (Some(attribute), Spelling::Attribute) => self.name == attribute,
            (Some(_), _) => false,
            (None, Spelling::Keyword) => self.name.split("__").any(|part| part == name),
            (None, _) => self.name == name,
        }
    }
}

/// A literal string in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Where it is written, quotes included.
    pub range: Range<usize>,
}
