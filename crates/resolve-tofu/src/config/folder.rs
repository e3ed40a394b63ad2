//! Which files of a folder are configuration, and in which order they are read.

use diagnostic::FileId;

use crate::files::Files;

/// A configuration file of a module folder.
pub(crate) struct ConfigFile {
    pub(crate) id: FileId,
    /// Whether it is written in JSON.
    pub(crate) json: bool,
    /// Whether it changes what the others declare.
    pub(crate) is_override: bool,
}

/// The configuration files of `folder`: those that declare first, then the overrides, each in order of their names.
/// A `.tf` file beside a `.tofu` file of the same name is not one.
pub(crate) fn config_files(files: &Files<'_>, folder: &str) -> Vec<ConfigFile> {
    let names = files.texts_in(folder);
    let mut found: Vec<ConfigFile> = names
        .iter()
        .filter_map(|(name, id)| {
            let (base, extension) = split(name)?;
            let hidden = extension.starts_with(".tf") && {
                let twin = format!("{base}{}", extension.replacen(".tf", ".tofu", 1));
                files.exists(&if folder.is_empty() { twin.clone() } else { format!("{folder}/{twin}") })
            };
            let is_override = base == "override" || base.ends_with("_override");
            (!hidden).then_some(ConfigFile { id: *id, json: extension.ends_with(".json"), is_override })
        })
        .collect();
    found.sort_by_key(|file| file.is_override);
    found
}

/// Whether a file in `folder` is configuration.
pub(crate) fn is_config_folder(files: &Files<'_>, folder: &str) -> bool {
    files.texts_in(folder).iter().any(|(name, _)| is_config_file(name))
}

/// Whether a file of that name is configuration.
pub(crate) fn is_config_file(name: &str) -> bool {
    split(name).is_some()
}

/// A name before and from the extension that makes it configuration.
fn split(name: &str) -> Option<(&str, &str)> {
    let backup = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    if backup {
        return None;
    }
    [".tf", ".tofu", ".tf.json", ".tofu.json"]
        .into_iter()
        .find(|extension| name.ends_with(extension))
        .map(|extension| name.split_at(name.len() - extension.len()))
}
