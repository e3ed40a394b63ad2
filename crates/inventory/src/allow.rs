//! Who may open an app: a word, or a list of groups.

use diagnostic::{Diagnostic, Span, Spanned};
use serde_json::Value as Json;
use syntax::yaml::{Content, Node};

use crate::GroupName;
use crate::field::Scalar;
use crate::read::{At, Field, NOWHERE, Reader, shorten, with_alias, wrong_kind};
use crate::rules;
use crate::shape::Shape;

/// Who may open an app.
#[derive(Clone, Debug)]
pub enum Allow {
    /// `everyone`: whoever can log in.
    Everyone(Span),
    /// The members of these groups.
    Groups(Spanned<Vec<Spanned<GroupName>>>),
}

const EVERYONE: &str = "everyone";

impl Field for Allow {
    type Default = Self;

    fn shape() -> Shape {
        let item = Box::new(GroupName::shape());
        Shape::WordOrList { word: EVERYONE, doc: "Whoever can log in.", item }
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        if let Some(scalar) = node.scalar().filter(|scalar| !scalar.text.is_empty()) {
            if scalar.text == EVERYONE {
                return Allow::Everyone(node.span);
            }
            let text = shorten(&scalar.text);
            let near = reader.did_you_mean(&scalar.text, [EVERYONE]);
            let message = format!("{} is the text `{text}`; it takes a list of groups, or `{EVERYONE}`", at.shown());
            let finding = with_alias(Diagnostic::error(rules::WRONG_KIND, node.span, message), node);
            let names_groups = |text: &str| text.chars().all(|char| char.is_alphanumeric() || " -_.,".contains(char));
            let is_list = near.is_empty() && names_groups(&scalar.text);
            let meant = if is_list { format!("[{text}]") } else { String::from(EVERYONE) };
            reader.report(finding.help(format!("write `{}: {meant}`", at.name)));
            return Self::stand_in();
        }
        if !matches!(node.content, Content::Sequence(_)) {
            wrong_kind(node, &Self::shape(), at, reader);
            return Self::stand_in();
        }
        let at = At { filled: true, ..*at };
        Allow::Groups(Spanned::read(node, &at, reader))
    }

    fn absent(_near: Span) -> Option<Self> {
        None
    }

    fn stand_in() -> Self {
        Allow::Everyone(NOWHERE)
    }

    fn from_default(default: Self, _near: Span) -> Self {
        default
    }

    fn show(_default: &Self) -> Json {
        Json::Null
    }

    fn missing(_at: &At<'_>) -> (&'static str, String) {
        let help = format!("add `allow: [family]`, or `allow: {EVERYONE}` for whoever can log in");
        (rules::APP_WITHOUT_ALLOW, help)
    }
}
