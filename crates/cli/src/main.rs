//! The binary `labtree`.

use std::process::ExitCode;

fn main() -> ExitCode {
    labtree::run(std::env::args_os(), "labtree", None)
}
