//! What the rendered OpenTofu tree of the example lab means, file by file, read as HCL or Python text.
//!
//! A line `// covers: PATH` above a test names the rendered file that it is about.

mod apps;
mod avatars;
mod enrollment;
mod locals;
mod main_tf;
mod meta;
mod mfa_email;
mod modules;
mod moved;
mod pins;
mod policies;
mod recovery;
mod releases;
mod support;
mod taken;
mod tree;
