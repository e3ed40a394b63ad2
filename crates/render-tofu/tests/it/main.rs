//! What the rendered OpenTofu tree of the example lab means, file by file.

#[expect(dead_code, reason = "the tests that need it follow")]
mod support;
