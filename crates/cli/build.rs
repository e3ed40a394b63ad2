//! Builds again when a built-in template changes: `include_dir!` does not tell cargo what it read.

fn main() {
    println!("cargo::rerun-if-changed=../../templates");
}
