//! Reads and parses the files that a list names, one path a line, and keeps what it read: the least that a linter does.
//! `cargo xtask bench check` measures against it.

use std::fs;

use diagnostic::FileId;
use syntax::{hcl, yaml};

const TOFU: [&str; 5] = [".tf", ".tofu", ".hcl", ".tfvars", ".tfbackend"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let list = std::env::args().nth(1).ok_or("name the file with the list")?;
    let (mut texts, mut documents, mut parsed) = (Vec::new(), Vec::new(), Vec::new());
    for (path, number) in fs::read_to_string(list)?.lines().zip(0..) {
        let text = fs::read_to_string(path)?;
        if path.ends_with(".yaml") || path.ends_with(".yml") {
            documents.push(yaml::parse_all(FileId(number), &text));
        } else if TOFU.iter().any(|ending| path.ends_with(ending)) {
            parsed.push(hcl::parse(FileId(number), &text));
        }
        texts.push(text);
    }
    // Taking it all apart again is no part of reading.
    std::mem::forget(std::hint::black_box((texts, documents, parsed)));
    Ok(())
}
