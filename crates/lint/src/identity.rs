//! What several rules about authentik ask of a root.

pub(crate) mod applications;
pub(crate) mod ldap;
