//! The one rule that decides where a file lands: its template's path.

use camino::Utf8PathBuf;

/// Whether `template` is a part that others include and that is never written itself: a segment of its path
/// starts with one underscore.
pub(crate) fn is_part(template: &str) -> bool {
    template.split('/').any(|segment| segment.starts_with('_') && !segment.starts_with("__"))
}

/// The path of the file that `template` renders: `.j2` dropped, `__name__` replaced from `names`.
///
/// The error says what is wrong with the path or the name.
pub(crate) fn output(template: &str, names: &[(&str, &str)]) -> Result<Utf8PathBuf, String> {
    let Some(mut rest) = template.strip_suffix(".j2") else {
        return Err("the path of a template ends in `.j2`".to_owned());
    };
    if is_part(template) {
        return Err("a part is included by other templates and is no file of its own".to_owned());
    }
    let mut path = String::with_capacity(rest.len() + 16);
    while let Some((before, name, after)) = placeholder(rest) {
        let Some((_, value)) = names.iter().find(|(key, _)| *key == name) else {
            return Err(format!("the path of this template needs a `{name}`"));
        };
        if value.is_empty() || value.starts_with('.') || value.contains(['/', '\\', '\0', ':']) {
            return Err(format!("`{value}` cannot stand for `{name}` in a path"));
        }
        path.push_str(before);
        path.push_str(value);
        rest = after;
    }
    path.push_str(rest);
    Ok(path.into())
}

/// The first `__name__` in `path`, with what stands before and after it.
fn placeholder(path: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = path.split_once("__")?;
    let (name, after) = rest.split_once("__")?;
    (!name.is_empty() && !name.contains('/')).then_some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_in_a_folder_and_inside_a_file_name() {
        let names = [("cluster", "home"), ("app", "jellyfin")];
        for (template, path) in [
            ("flux/apps/base/__app__/helmrelease.yaml.j2", "flux/apps/base/jellyfin/helmrelease.yaml"),
            ("flux/clusters/__cluster__/__app__-oidc.yaml.j2", "flux/clusters/home/jellyfin-oidc.yaml"),
            ("tofu/backend.pg.tfbackend.j2", "tofu/backend.pg.tfbackend"),
            ("policies/__init__.py.j2", "policies/__init__.py"),
        ] {
            let names: Vec<_> = names.iter().copied().chain([("init", "__init__")]).collect();
            assert_eq!(output(template, &names).as_deref(), Ok(path.into()));
        }
    }

    #[test]
    fn a_name_that_would_leave_its_folder_is_refused() {
        for name in ["", ".", "..", "a/b", "a\\b", "c:x"] {
            let path = output("flux/__app__/x.yaml.j2", &[("app", name)]);
            assert_eq!(path, Err(format!("`{name}` cannot stand for `app` in a path")));
        }
    }

    #[test]
    fn a_missing_name_a_part_and_another_ending_are_refused() {
        assert_eq!(output("a/__app__.j2", &[]), Err("the path of this template needs a `app`".to_owned()));
        assert!(output("a/_part.yaml.j2", &[]).is_err());
        assert!(output("_parts/a.yaml.j2", &[]).is_err());
        assert!(output("a/b.yaml", &[]).is_err());
    }
}
