//! Where people go: the pages of authentik that this page links to.

use lab::Lab;
use template::{Placed, Value, context};

use crate::text;
use crate::words::href;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let identity = &lab.identity;
    let page = |path| Placed::text(&href(&identity.page(path)));
    context! {
        host => text(&identity.settings.host),
        home => Placed::text(&identity.url),
        library => page("if/user/"),
        settings => page("if/user/#/settings"),
        administration => page("if/admin/"),
        invitations => page("if/admin/#/flow/stages/invitations"),
        recovery => Placed::text(&href(&identity.recovery_url)),
        invitation => Placed::text(&identity.invitation_url),
    }
}
