//! Builds again when an entry is added or changes: `include_dir!` does not tell cargo what it read.

fn main() {
    println!("cargo::rerun-if-changed=../../catalog");
}
