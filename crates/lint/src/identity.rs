//! What several rules about authentik ask of a root.

pub(crate) mod ldap;
