//! Where authentik looks for a person's picture.

use diagnostic::Span;

use crate::tofu::{Root, Server};

/// The resource type of the server's settings.
pub(crate) const SETTINGS: &str = "authentik_system_settings";

/// The chain of a server, as it is written: where, and its modes with the blanks around them.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    /// Where it is written.
    pub(crate) span: Span,
    /// The modes, in the order in which they are tried.
    pub(crate) modes: Vec<String>,
}

/// The chains that are written out: `get_avatar` in `authentik/lib/avatars.py` splits them at commas.
pub(crate) fn chains<'r, 'a>(root: &'r Root<'a>) -> impl Iterator<Item = Chain> + use<'r, 'a> {
    root.of(SETTINGS).filter_map(|settings| {
        let text = settings.known_string("avatars")?;
        let modes = text.value.split(',').map(str::to_owned).collect();
        Some(Chain { span: text.span, modes })
    })
}

/// Whether a mode always answers, so that nothing behind it is tried. An address does on servers before 2025.12; later
/// ones ask there first whether there is a picture.
pub(crate) fn always_answers(mode: &str, server: &Server) -> bool {
    let is_old = || server.chart.as_ref().is_some_and(|chart| (chart.value.year, chart.value.month) < (2025, 12));
    ["initials", "none"].contains(&mode) || mode.contains("://") && is_old()
}
