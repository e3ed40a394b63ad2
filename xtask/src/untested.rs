//! `cargo xtask untested`: rendered files that no test makes an assertion about.
//!
//! A test says what it is about in a line above it: `// covers: docs/authentik.md`. A segment `__app__` stands for
//! any name. The line counts if the test asserts something and names the file: the last segment of the path stands
//! as a text in the test, or in a helper among the tests of its crate that it calls. One that does not count is listed.

use std::collections::HashMap;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{Failure, lab, repository, say};

/// Lists them; `true` if there is none.
pub(crate) fn run() -> Result<bool, Failure> {
    let mut covered = Vec::new();
    let mut all = true;
    for entry in repository().join("crates").read_dir_utf8()? {
        let mut files = Vec::new();
        collect(entry?.path(), &mut files)?;
        files.retain(|(path, _)| path.as_str().contains("/tests"));
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
        for claim in claims(&texts) {
            if let Some(fault) = claim.fault {
                say(format!("{}: `{}` {fault}", files[claim.file].0, claim.pattern));
                all = false;
            } else {
                covered.push(claim.pattern.to_owned());
            }
        }
    }
    let lock = fs::read_to_string(lab().join("labtree.lock"))?;
    let rendered = lock.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once("  "));
    for (_, path) in rendered {
        if !covered.iter().any(|pattern| matches(pattern, path)) {
            say(path);
            all = false;
        }
    }
    Ok(all)
}

/// All Rust files below `folder`, with their texts.
fn collect(folder: &Utf8Path, files: &mut Vec<(Utf8PathBuf, String)>) -> Result<(), Failure> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(entry.path(), files)?;
        } else if entry.path().extension() == Some("rs") {
            files.push((entry.path().to_owned(), fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

/// A line `// covers: `.
#[derive(Debug, PartialEq, Eq)]
struct Claim<'t> {
    /// Which file of the crate it stands in.
    file: usize,
    pattern: &'t str,
    /// Why it does not count.
    fault: Option<&'static str>,
}

/// What the tests in `files`, those of one crate, say that they are about.
fn claims<'t>(files: &[&'t str]) -> Vec<Claim<'t>> {
    let functions: Vec<Vec<Function<'t>>> = files.iter().map(|text| functions(text)).collect();
    let mut by_name: HashMap<&str, Vec<&Function<'t>>> = HashMap::new();
    for function in functions.iter().flatten() {
        by_name.entry(function.name).or_default().push(function);
    }
    let mut claims = Vec::new();
    for (file, functions) in functions.iter().enumerate() {
        for test in functions {
            let mut reached = vec![test];
            let mut next = 0;
            while let Some(function) = reached.get(next).filter(|_| !test.covers.is_empty()) {
                for called in calls(&function.body).filter_map(|name| by_name.get(name)).flatten() {
                    if !reached.iter().any(|known| std::ptr::eq(*known, *called)) {
                        reached.push(called);
                    }
                }
                next += 1;
            }
            let texts: Vec<&str> = reached.iter().flat_map(|function| last_segments(&function.body)).collect();
            claims.extend(test.covers.iter().map(|pattern| {
                let last = pattern.rsplit('/').next().unwrap_or(pattern);
                let fault = if !test.body.contains("assert") {
                    Some("stands above a test that asserts nothing")
                } else if !texts.iter().any(|text| names(text, last)) {
                    Some("stands above a test that does not name it")
                } else {
                    None
                };
                Claim { file, pattern, fault }
            }));
        }
    }
    claims
}

/// A function as rustfmt lays it out.
struct Function<'t> {
    name: &'t str,
    /// Its lines without comments.
    body: String,
    /// What is written behind `// covers: ` above it.
    covers: Vec<&'t str>,
}

fn functions(text: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    let mut covers = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        if let Some(pattern) = code.strip_prefix("// covers: ") {
            covers.push(pattern.trim());
            continue;
        }
        let head = code.split_once("fn ").filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
        if let Some((_, rest)) = head {
            let name = rest.split(|next: char| !next.is_alphanumeric() && next != '_').next().unwrap_or_default();
            let end = format!("{}}}", &line[..line.len() - code.len()]);
            let body = lines.by_ref().take_while(|next| *next != end);
            let body: Vec<&str> = if line.ends_with('}') { vec![line] } else { body.collect() };
            let body: Vec<&str> = body.into_iter().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push(Function { name, body: body.join("\n"), covers: std::mem::take(&mut covers) });
        } else if !code.starts_with("#[") && !code.starts_with("//") {
            covers.clear();
        }
    }
    found
}

/// The names before a `(`.
fn calls(body: &str) -> impl Iterator<Item = &str> {
    body.match_indices('(').filter_map(|(end, _)| {
        let name = body[..end].rsplit(|next: char| !next.is_alphanumeric() && next != '_').next()?;
        (!name.is_empty()).then_some(name)
    })
}

/// The last segments of all texts in quotes.
fn last_segments(body: &str) -> impl Iterator<Item = &str> {
    body.split('"').skip(1).step_by(2).map(|text| text.rsplit('/').next().unwrap_or(text))
}

/// Whether `text`, where `{…}` stands for any name, is the file name that `last` stands for.
fn names(text: &str, last: &str) -> bool {
    let open = text.replace(['{', '}'], "__");
    text.contains('.') && (matches(last, text) || matches(&open, last))
}

/// Whether `path` is what `pattern` names.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once("__").and_then(|(before, rest)| Some((before, rest.split_once("__")?.1))) {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            let end = rest.find('/').unwrap_or(rest.len());
            (1..=end).any(|name| rest.is_char_boundary(name) && matches(after, &rest[name..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_pattern_stands_for_one_segment_or_a_part_of_it() {
        assert!(matches("flux/apps/base/__app__/__secret__.yaml", "flux/apps/base/gitea/gitea-oidc.yaml"));
        assert!(matches("docs/authentik.md", "docs/authentik.md"));
        assert!(!matches("flux/apps/base/__app__/kustomization.yaml", "flux/apps/base/a/b/kustomization.yaml"));
        assert!(!matches("flux/apps/base/__app__.yaml", "flux/apps/base/.yaml"));
    }

    const HELPER: &str = "fn page() -> String {\n    render(\"docs/authentik.md\")\n}\n";

    /// The faults of the claims above a test of `body`, beside a file with a helper.
    fn faults(pattern: &str, body: &str) -> Vec<Option<&'static str>> {
        let test = format!("// covers: {pattern}\n#[test]\nfn it_is_so() {{\n    {body}\n}}\n");
        claims(&[HELPER, &test]).into_iter().map(|claim| claim.fault).collect()
    }

    #[test]
    fn a_claim_counts_above_a_test_that_names_the_file_itself_or_by_a_function_that_it_calls() {
        for (pattern, body) in [
            ("docs/authentik.md", "assert!(page().starts_with('#'));"),
            ("docs/authentik.md", "assert!(tree.get(\"docs/authentik.md\").is_some());"),
            ("flux/apps/base/__app__/helmrelease.yaml", "assert_eq!(of(&format!(\"{BASE}/helmrelease.yaml\")), 1);"),
            ("flux/apps/base/__app__/__secret__.yaml", "assert_eq!(of(\"flux/apps/base/gitea/gitea-oidc.yaml\"), 1);"),
            ("tofu/policies/avatar.py", "assert_eq!(of(&format!(\"policies/{name}.py\")), 1);"),
        ] {
            assert_eq!(faults(pattern, body), [None], "{pattern} {body}");
        }
    }

    #[test]
    fn a_claim_above_an_unrelated_test_does_not_count() {
        let nameless = Some("stands above a test that does not name it");
        assert_eq!(faults("docs/authentik.md", "assert_eq!(1 + 1, 2);"), [nameless]);
        assert_eq!(faults("docs/authentik.md", "// docs/authentik.md\n    assert_eq!(\"a\", a);"), [nameless]);
        assert_eq!(faults("flux/a.yaml", "assert!(page().starts_with('#'));"), [nameless]);
        let idle = Some("stands above a test that asserts nothing");
        assert_eq!(faults("docs/authentik.md", "page();"), [idle]);
        assert_eq!(faults("docs/authentik.md", "// assert\n    page();"), [idle]);
    }

    #[test]
    fn a_claim_belongs_to_the_function_directly_below() {
        let text =
            "// covers: a.md\n\n// covers: b.md\n// covers: c.md\n#[test]\nfn one() {\n    assert(\"b.md\");\n}\n";
        let claims: Vec<_> = claims(&[text]).into_iter().map(|claim| (claim.pattern, claim.fault.is_none())).collect();
        assert_eq!(claims, [("b.md", true), ("c.md", false)]);
    }
}
