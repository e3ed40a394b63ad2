//! What several rules about authentik ask of a root.

pub(crate) mod accounts;
pub(crate) mod enrollment;
pub(crate) mod ldap;
pub(crate) mod people;
pub(crate) mod policies;
pub(crate) mod sight;
