//! Files as values: what a repository holds or should hold, and what to change so that the two agree.
//!
//! Nothing here touches the disk: [`plan`] is a pure function over what is wanted, what was found and the [`Lock`].

mod conflict;
mod digest;
mod file;
mod found;
mod lock;
mod path;
mod plan;

pub use digest::Digest;
pub use file::{File, Origin, SourceMap, TemplateLine, Tree};
pub use found::{Found, Obstacle, OnDisk};
pub use lock::{Damage, Known, Lock};
pub use path::{LOCK_PATH, draft_path, is_draft, path_fault};
pub use plan::{Change, Plan, Step, places, plan, unix_lines};
