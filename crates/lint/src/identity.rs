//! What several rules about authentik ask of a root.

pub(crate) mod accounts;
pub(crate) mod address;
pub(crate) mod applications;
pub(crate) mod avatars;
pub(crate) mod enrollment;
pub(crate) mod hosts;
pub(crate) mod ldap;
pub(crate) mod people;
pub(crate) mod policies;
pub(crate) mod prompts;
pub(crate) mod redirects;
pub(crate) mod sight;
pub(crate) mod workloads;
