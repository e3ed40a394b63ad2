//! What several rules about authentik ask of a root.

pub(crate) mod accounts;
pub(crate) mod ldap;
pub(crate) mod people;
pub(crate) mod sight;
