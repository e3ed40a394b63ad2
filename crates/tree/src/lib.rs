//! Files as values: what a repository holds or should hold, and what to change so that the two agree.
//!
//! Nothing here touches the disk: [`plan`] is a pure function over two trees and the [`Lock`].

mod file;

pub use file::{File, Origin, SourceMap, TemplateLine, Tree};
