//! The binary `labtree`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    labtree::run(std::env::args_os(), "labtree", None)
}
