//! What several rules about authentik ask of a root.

pub(crate) mod applications;
pub(crate) mod hosts;
pub(crate) mod ldap;
pub(crate) mod redirects;
