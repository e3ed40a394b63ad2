//! Versions and constraints on them.

use super::line;
use crate::field::Fault;
use crate::read::shorten;
use crate::rules;

/// An exact version, as Helm reads it.
pub(crate) fn exact(text: &str) -> Result<(), Fault> {
    line(text)?;
    let bare = text.strip_prefix('v').unwrap_or(text);
    if semver::Version::parse(bare).is_ok() {
        return Ok(());
    }
    let fault = Fault::new(rules::INEXACT_VERSION, format!("`{}` is no exact version", shorten(text)));
    let number = bare.trim_start_matches(['~', '>', '<', '=', '^', '!', ' ']);
    let parts: Vec<_> = number.split('.').collect();
    let numbers = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let plain: Vec<_> = parts
        .iter()
        .map(|part| part.trim_start_matches('0'))
        .map(|part| if part.is_empty() { "0" } else { part })
        .collect();
    Err(match plain.len() {
        3 if numbers => fault.help(format!("write `{}`", plain.join("."))),
        1 | 2 if numbers => fault.help(format!(
            "write all three numbers of a release that exists, such as `{}{}`",
            plain.join("."),
            ".0".repeat(3 - plain.len())
        )),
        _ => fault.help("write the three numbers of one release, such as `2026.5.3`"),
    })
}

/// A constraint, as OpenTofu reads it: comparisons with `,` between them.
pub(crate) fn constraint(text: &str) -> Result<(), Fault> {
    line(text)?;
    for part in text.split(',') {
        let part = part.trim();
        let operator = ["~>", ">=", "<=", "!=", "=", ">", "<"].into_iter().find(|operator| part.starts_with(operator));
        let version = part[operator.map_or(0, str::len)..].trim_start();
        if !is_version(version) {
            let shown = shorten(if part.is_empty() { text } else { part });
            let fault = Fault::new(rules::BAD_CONSTRAINT, format!("`{shown}` is no version constraint of OpenTofu"));
            return Err(match near_constraint(version) {
                Some(near) => fault.help(format!("write `~> {near}`")),
                None => fault.help("write `~> 2026.5.0`, `>= 1.7.0` or `>= 1.7.0, < 2.0.0`"),
            });
        }
    }
    Ok(())
}

/// What `~>` needs for what npm and others write as `^1.2` or `1.x`.
fn near_constraint(version: &str) -> Option<String> {
    let number = version.trim_start_matches(['^', '~', ' ']);
    let near = match number.strip_suffix(['x', 'X', '*']) {
        Some(number) if number.ends_with('.') => format!("{number}0"),
        _ => String::from(number),
    };
    (near != version && near.contains('.') && is_version(&near)).then_some(near)
}

/// `v?N(.N)*(-pre)?(+build)?`, as HashiCorp's go-version reads it.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (numbers, pre) = text.split_once('-').map_or((text, None), |(numbers, pre)| (numbers, Some(pre)));
    let identifier = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-~".contains(&byte))
    };
    numbers
        .split('.')
        .all(|part| !part.is_empty() && part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit()))
        && pre.is_none_or(identifier)
        && build.is_none_or(identifier)
}
