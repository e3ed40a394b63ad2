//! Rules over a repository: what will fail, what works for the wrong reason, what is untidy.
//!
//! A rule is one file below `rules/`, made with [`rule!`](rule): its doc comment is its page, and its check walks a
//! [`Repo`]. [`run`] runs them all and settles what they found with the settings and the comments of the repository.
//! Nothing here opens a file.

mod allow;
mod comments;
mod files;
mod findings;
pub mod flux;
mod identity;
mod kind;
mod page;
mod repo;
mod rule;
mod rules;
mod run;
#[cfg(test)]
mod tests;
mod threads;
pub mod tofu;

pub use allow::{Allow, allows};
pub use files::{Content, File, Files, Written};
pub use findings::{Findings, Report};
pub use kind::Kind;
pub use page::{Example, Page};
pub use repo::{Known, Repo};
pub(crate) use rule::rule;
pub use rule::{Family, Rule};
pub use rules::{RULES, keeps_its_layout};
pub use run::{run, settle};
pub use threads::beside;
