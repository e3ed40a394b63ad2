//! What a pod of authentik is told: its environment, and what the chart makes of `authentik` in the values.

use diagnostic::Span;
use manifest::{Content, Value};
use resolve_flux::Reference;

use super::authentik::Release;

/// The server or the worker of a release.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pod<'r> {
    /// The release.
    pub(crate) release: &'r Release<'r>,
    /// Which of the two: the key in the values.
    pub(crate) part: &'static str,
}

/// What one setting is for a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// This, told at this place.
    Known(String, Span),
    /// Something that the repository does not say.
    Unknown,
    /// Nothing; the chart or the server has a default.
    Unset,
}

impl Setting {
    /// The text and its place.
    pub(crate) fn known(&self) -> Option<(&str, Span)> {
        match self {
            Setting::Known(text, span) => Some((text, *span)),
            _ => None,
        }
    }

    /// Whether it is true, as authentik reads it; `None` where that is not known. What is not set is false.
    pub(crate) fn is_true(&self) -> Option<bool> {
        match self {
            Setting::Known(text, _) => Some(text.eq_ignore_ascii_case("true")),
            Setting::Unknown => None,
            Setting::Unset => Some(false),
        }
    }
}

/// What an environment says.
enum Said {
    This(Setting),
    Nothing,
}

impl Pod<'_> {
    /// What the pod is told under `path`, as `["email", "port"]` for `AUTHENTIK_EMAIL__PORT`.
    ///
    /// Kubernetes lets `env` go before `envFrom`, and of several the last; the Secret that the chart makes of
    /// `authentik` comes first in `envFrom` (`templates/server/deployment.yaml` of the chart).
    pub(crate) fn setting(&self, path: &[&str]) -> Setting {
        let name = variable(path);
        if let Said::This(setting) = self.in_env(&name) {
            return setting;
        }
        if let Said::This(setting) = self.in_env_from(&name) {
            return setting;
        }
        self.in_values(path)
    }

    /// Whether the environment names the setting under `path`, whatever it is.
    pub(crate) fn has_variable(&self, path: &[&str]) -> bool {
        matches!(self.in_env(&variable(path)), Said::This(_))
    }

    fn lists<'s>(&'s self, key: &'static str) -> impl Iterator<Item = &'s Value> {
        ["global", self.part].into_iter().filter_map(move |part| self.release.value(&[part, key]))
    }

    fn in_env(&self, name: &str) -> Said {
        let mut said = Said::Nothing;
        for list in self.lists("env") {
            if list.is_unknown() {
                return Said::This(Setting::Unknown);
            }
            for item in list.items() {
                let of = item.get("name");
                if item.is_unknown() || of.is_some_and(Value::is_unknown) {
                    said = Said::This(Setting::Unknown);
                } else if of.and_then(Value::text) == Some(name) {
                    let value = item.get("value").filter(|_| item.get("valueFrom").is_none());
                    said = Said::This(value.map_or(Setting::Unknown, |value| literal(value, "$(")));
                }
            }
        }
        said
    }

    fn in_env_from(&self, name: &str) -> Said {
        let lists: Vec<_> = self.lists("envFrom").collect();
        if lists.iter().any(|list| list.is_unknown()) {
            return Said::This(Setting::Unknown);
        }
        let items: Vec<_> = lists.into_iter().flat_map(Value::items).collect();
        for item in items.into_iter().rev() {
            match self.in_config_map(item, name) {
                Some(Said::Nothing) => {}
                Some(said) => return said,
                // A Secret, or what is not in the repository, may hold any key.
                None => return Said::This(Setting::Unknown),
            }
        }
        Said::Nothing
    }

    /// What the ConfigMap that `item` names says; none where it is not known, or is a Secret.
    fn in_config_map(&self, item: &Value, name: &str) -> Option<Said> {
        let named = Reference::of(item.get("configMapRef")?, "ConfigMap", self.release.namespace())?;
        let map = self.release.cluster.find("", "ConfigMap", named.namespace.as_deref(), &named.name)?;
        let prefix = item.get("prefix").map_or(Some(""), Value::text)?;
        let data = map.value.get("data")?;
        if data.is_unknown() {
            return None;
        }
        let value = name.strip_prefix(prefix).and_then(|name| data.get(name));
        Some(value.map_or(Said::Nothing, |value| Said::This(literal(value, "$("))))
    }

    fn in_values(&self, path: &[&str]) -> Setting {
        let authentik = |path: &[&str]| self.release.values.get("authentik").and_then(|values| values.at(path));
        let existing = authentik(&["existingSecret", "secretName"]);
        if existing.is_some_and(|name| name.is_unknown() || name.text().is_some_and(|name| !name.is_empty())) {
            return Setting::Unknown;
        }
        match authentik(&["enabled"]).map(|is| &is.content) {
            None | Some(Content::Null | Content::Bool(true)) => {}
            Some(Content::Bool(false)) => return Setting::Unset,
            Some(_) => return Setting::Unknown,
        }
        // A part above the value may be what only the cluster knows.
        for depth in 0..path.len() {
            if authentik(&path[..depth]).is_some_and(Value::is_unknown) {
                return Setting::Unknown;
            }
        }
        match authentik(path) {
            Some(value) => literal(value, "{{"),
            None => Setting::Unset,
        }
    }
}

/// The variable for `path`.
fn variable(path: &[&str]) -> String {
    format!("AUTHENTIK_{}", path.join("__").to_uppercase())
}

/// A value as the pod gets it. A text with `marker` is filled in later; `env://` and `file://` are looked up by the
/// server (`lib/config.py` of authentik).
fn literal(value: &Value, marker: &str) -> Setting {
    let text = match &value.content {
        Content::Null => return Setting::Unset,
        Content::Text(text) if text.is_empty() => return Setting::Unset,
        Content::Text(text) => text.clone(),
        Content::Bool(is) => is.to_string(),
        Content::Number(number) => number.to_string(),
        Content::Unknown | Content::List(_) | Content::Map(_) => return Setting::Unknown,
    };
    let is_elsewhere = text.starts_with("env://") || text.starts_with("file://") || text.contains(marker);
    if is_elsewhere { Setting::Unknown } else { Setting::Known(text, value.span) }
}
