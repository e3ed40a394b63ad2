//! Text → documents with byte spans and comments. What a document means is decided elsewhere.

pub mod hcl;
pub mod merge;
pub mod yaml;
