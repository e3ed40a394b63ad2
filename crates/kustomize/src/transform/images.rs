//! `images`: other names, tags and digests.

use std::sync::Arc;

use diagnostic::Span;
use manifest::{Content, Value};
use regex::Regex;

use crate::UNUSABLE_FIELD;
use crate::bag::Bag;
use crate::config::FieldSpec;
use crate::field;
use crate::file::{Kustomization, text_at};
use crate::object::scalar;
use crate::run::Run;
use crate::strategic::Refusal;

/// Changes the images that the kustomization names.
pub(crate) fn set(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let config = Arc::clone(&bag.config);
    for item in kustomization.items("images").iter().chain(kustomization.items("imageTags")) {
        set_one(run, bag, item, config.fields("images"));
    }
}

/// Changes one image.
pub(crate) fn set_one(run: &mut Run<'_>, bag: &mut Bag, item: &Value, specs: &[FieldSpec]) {
    let Some(image) = Image::read(item) else { return };
    for object in bag.change() {
        if object.kind() == "CustomResourceDefinition" {
            continue;
        }
        if let Err(refusal) = image.in_containers(&mut object.value) {
            run.refuse(UNUSABLE_FIELD, refusal);
        }
        for spec in specs {
            let set = &mut |value: &mut Value| image.change(value);
            if let Err(refusal) = field::visit(&mut object.value, spec, None, image.span, set) {
                run.refuse(UNUSABLE_FIELD, refusal);
            }
        }
    }
}

/// What an item of `images` wants.
struct Image {
    is_meant: Regex,
    name: Option<String>,
    tag: Option<String>,
    tag_suffix: Option<String>,
    digest: Option<String>,
    /// What a person edits to change the image.
    span: Span,
}

impl Image {
    /// `None` for a name that matches nothing.
    fn read(item: &Value) -> Option<Self> {
        let of = text_at(item, "name").map(|name| name.value).unwrap_or_default();
        let tail = r"(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?";
        let is_meant = Regex::new(&format!("^{of}{tail}$")).ok()?;
        let text = |key: &str| text_at(item, key);
        let last = ["newTag", "digest", "tagSuffix", "newName"].iter().find_map(|key| text(key));
        Some(Self {
            is_meant,
            name: text("newName").map(|text| text.value),
            tag: text("newTag").map(|text| text.value),
            tag_suffix: text("tagSuffix").map(|text| text.value),
            digest: text("digest").map(|text| text.value),
            span: last.map_or(item.span, |last| last.span),
        })
    }

    /// The images of the containers, wherever in the object they are.
    fn in_containers(&self, value: &mut Value) -> Result<(), Refusal> {
        match &mut value.content {
            Content::List(items) => items.iter_mut().try_for_each(|item| self.in_containers(item)),
            Content::Map(entries) => {
                for entry in entries {
                    self.in_containers(&mut entry.value)?;
                    if let ("containers" | "initContainers", Content::List(items)) =
                        (entry.key.value.as_str(), &mut entry.value.content)
                    {
                        for item in items {
                            self.in_container(item)?;
                        }
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn in_container(&self, container: &mut Value) -> Result<(), Refusal> {
        match container.content {
            Content::Map(_) => container.get_mut("image").map_or(Ok(()), |image| self.change(image)),
            Content::Null | Content::Unknown => Ok(()),
            _ => {
                let message = format!("a container is a map, this is {}", container.kind());
                Err(Refusal { span: container.span, message })
            }
        }
    }

    fn change(&self, value: &mut Value) -> Result<(), Refusal> {
        if matches!(value.content, Content::Map(_) | Content::List(_)) {
            let message = format!("an image is a text, this is {}", value.kind());
            return Err(Refusal { span: value.span, message });
        }
        let written = scalar(value);
        if value.is_unknown() || !self.is_meant.is_match(&written) {
            return Ok(());
        }
        let (name, mut tag, mut digest) = split(&written);
        match (&self.tag, &self.digest, &self.tag_suffix) {
            (None, None, None) => {}
            (None, None, Some(suffix)) => {
                tag += suffix;
                digest.clear();
            }
            (new_tag, new_digest, _) => {
                tag = new_tag.clone().unwrap_or_default();
                digest = new_digest.clone().unwrap_or_default();
            }
        }
        let mut image = self.name.clone().unwrap_or(name);
        if !tag.is_empty() {
            image = format!("{image}:{tag}");
        }
        if !digest.is_empty() {
            image = format!("{image}@{digest}");
        }
        if image != written {
            *value = Value::of_text(image, self.span);
        }
        Ok(())
    }
}

/// Name, tag and digest of an image; a `:` before the first `/` is that of a port.
fn split(image: &str) -> (String, String, String) {
    let path = image.find('/').filter(|at| *at > 0).unwrap_or(0);
    let at = |character: char| image[path..].find(character).map(|at| at + path);
    let owned = |name: &str, tag: &str, digest: &str| (name.to_owned(), tag.to_owned(), digest.to_owned());
    match (at(':'), at('@')) {
        (None, None) => owned(image, "", ""),
        (colon, Some(digest)) if colon.is_none_or(|colon| digest < colon) => {
            owned(&image[..digest], "", &image[digest + 1..])
        }
        (Some(colon), Some(digest)) => owned(&image[..colon], &image[colon + 1..digest], &image[digest + 1..]),
        (Some(colon), None) => owned(&image[..colon], &image[colon + 1..], ""),
        (None, Some(_)) => owned(image, "", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_split_behind_the_port_of_its_registry() {
        for (image, name, tag, digest) in [
            ("nginx", "nginx", "", ""),
            ("nginx:1", "nginx", "1", ""),
            ("example.org:5000/a/b:1@sha256:c", "example.org:5000/a/b", "1", "sha256:c"),
            ("example.org:5000/a@sha256:c", "example.org:5000/a", "", "sha256:c"),
        ] {
            assert_eq!(split(image), (name.to_owned(), tag.to_owned(), digest.to_owned()), "{image}");
        }
    }
}
