//! A policy that stores whatever is uploaded.

use expression::{Access, Call, Key, Kind, Object, Source, Text};

use crate::identity::prompts::FIELD;
use crate::tofu::{Python, Root};
use crate::{Findings, Repo};

crate::rule! {
    /// A policy stores an upload without looking at its size, or lets pictures in that can carry scripts.
    ///
    /// ## Why
    /// The server checks neither type nor size of an uploaded file
    /// ([`authentik/stages/prompt/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/prompt/models.py)),
    /// and what is stored in an attribute travels with every list of users and every LDAP search. An SVG opened as a
    /// document runs its scripts.
    ///
    /// ## Fix
    /// Compare `len(…)` of the payload with a limit before it is stored, and leave `svg` out of the types.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     request.user.attributes["avatar"] = request.context["prompt_data"]["avatar_upload"]
    /// #                           ^^^^^^^^ warning[avatar-policy-unbounded]: `authentik_policy_expression.avatar` stores an upload of any size
    ///     request.user.save()
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// With a limit:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     upload = request.context["prompt_data"]["avatar_upload"]
    ///     if len(upload) > 700000:
    ///         ak_message("The picture is too large.")
    ///         return False
    ///     request.user.attributes["avatar"] = upload
    ///     request.user.save()
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When a proxy before the server limits what is sent.
    "avatar-policy-unbounded", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for python in root.python().iter().filter(|one| one.kind == Kind::Policy) {
            let is_store = |write: &&Access| stores(write) && is_upload(root, python, write);
            let Some(store) = python.facts.writes().iter().find(is_store) else { continue };
            let is_asked_elsewhere = python.facts.calls().iter().any(|call| call.callee == "ak_call_policy");
            let limits_by_pattern = python.facts.strings().iter().any(|text| has_limit(&text.text));
            if !python.facts.is_measured(store) && !is_asked_elsewhere && !limits_by_pattern {
                let message = format!("`{}` stores an upload of any size", python.address);
                let help = "compare `len(…)` of the payload with a limit first";
                findings.report(python.place(store.range.clone()), message).help(help);
            }
            for text in python.facts.strings().iter().filter(|text| lets_in(python, text)) {
                let message = format!("`{}` lets pictures in that can carry scripts", python.address);
                findings.report(python.place(text.range.clone()), message).help("leave `image/svg+xml` out");
            }
        }
    }
}

/// Whether it puts something that was typed into the attributes of a person, itself or through the write stage.
fn stores(write: &Access) -> bool {
    let is_typed = |(object, _): &Source| matches!(object, Object::PromptData | Object::PromptAttributes);
    let is_attribute = match (write.object, &write.key) {
        (Object::Attributes(_) | Object::PromptAttributes, _) => true,
        (Object::PromptData, Key::Known(key)) => key.starts_with("attributes."),
        _ => false,
    };
    is_attribute && write.sources.iter().any(is_typed)
}

/// Whether what is stored is a file: by the field with that key, or where there is none, by its name and by what the
/// text looks for.
fn is_upload(root: &Root<'_>, python: &Python, write: &Access) -> bool {
    write.sources.iter().any(|(object, key)| match (object, key) {
        (Object::PromptData, Key::Known(key)) => {
            let mut fields =
                root.of(FIELD).filter(|field| field.known_string("field_key").is_some_and(|is| is.value == *key));
            match fields.next() {
                Some(field) => field.known_string("type").is_some_and(|kind| kind.value == "file"),
                None => reads_files(python) || key.contains("upload") || key == "avatar",
            }
        }
        (Object::PromptData | Object::PromptAttributes, Key::Unknown) => reads_files(python),
        _ => false,
    })
}

/// Whether a policy looks for what a file arrives as: an address that is its own content.
fn reads_files(python: &Python) -> bool {
    let marks = ["data:", "base64", "image/"];
    python.facts.strings().iter().any(|text| marks.iter().any(|mark| text.text.contains(mark)))
}

/// Whether a text is a pattern that says how often something may come at most: `.{0,700000}`.
fn has_limit(text: &str) -> bool {
    text.split('{').skip(1).any(|rest| {
        let Some((least, most)) = rest.split_once('}').and_then(|(within, _)| within.split_once(',')) else {
            return false;
        };
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        is_number(least) && !most.is_empty() && is_number(most)
    })
}

/// Whether a text is the type of pictures with scripts, and not what a policy refuses or says to the person.
fn lets_in(python: &Python, text: &Text) -> bool {
    let says = |call: &&Call| call.callee == "ak_message" || call.callee.starts_with("ak_logger");
    let is_within = |call: &Call| call.range.start <= text.range.start && text.range.end <= call.range.end;
    let is_said = || python.facts.calls().iter().filter(says).any(is_within);
    text.text.contains("image/svg") && !python.facts.is_refused(text) && !is_said()
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn svg_is_told_and_other_attributes_are_left_alone() {
        check_rule(
            "avatar-policy-unbounded",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "avatar" {
  expression = <<-EOT
    upload = context["prompt_data"]["avatar_upload"]
    if len(upload) > 700000 or not upload.startswith(("data:image/png", "data:image/svg+xml")):
#                                                                       ^^^^^^^^^^^^^^^^^^^^ warning[avatar-policy-unbounded]: `authentik_policy_expression.avatar` lets pictures in that can carry scripts
        return False
    request.user.attributes["avatar"] = upload
    request.user.save()
    return True
  EOT
}
resource "authentik_policy_expression" "phone" {
  expression = <<-EOT
    request.user.attributes["phone"] = context["prompt_data"]["phone"]
    request.user.save()
    return True
  EOT
}
"#,
        );
    }

    #[test]
    fn only_a_limit_on_what_is_stored_counts() {
        check_rule(
            "avatar-policy-unbounded",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "other" {
  expression = <<-EOT
    data = context["prompt_data"]
    upload = data["avatar_upload"]
    if len(data["username"]) > 30 or len(data) > 9 or len(upload) > 0 and len(upload) != 7:
        ak_message("There is something wrong.")
    request.user.attributes["avatar"] = upload
#                           ^^^^^^^^ warning[avatar-policy-unbounded]: `authentik_policy_expression.other` stores an upload of any size
    request.user.save()
    return True
  EOT
}
resource "authentik_policy_expression" "later" {
  expression = <<-EOT
    data = context["prompt_data"]
    data["attributes.avatar"] = data["avatar_upload"]
#        ^^^^^^^^^^^^^^^^^^^ warning[avatar-policy-unbounded]: `authentik_policy_expression.later` stores an upload of any size
    return True
  EOT
}
"#,
        );
    }

    #[test]
    fn limits_in_other_words_are_left_alone() {
        check_rule(
            "avatar-policy-unbounded",
            r#"
#- tofu/main.tf
locals {
  limits = {
    named    = "size = len(payload)
if not 0 < size <= LIMIT:
    return False"
    bytes    = "raw = b64decode(payload)
if len(raw) / 1024 > 512:
    return False"
    function = "def large(text):
    return len(text) > 700000
if large(payload):
    return False"
    range    = "if len(payload) not in range(1, 700000):
    return False"
    pattern  = "if not regex_match(upload, r"^data:image/png;base64,.{1,700000}$$"):
    return False"
    policy   = "if not ak_call_policy("avatar-size", upload=upload).passing:
    return False"
  }
}
resource "authentik_policy_expression" "avatar" {
  for_each   = local.limits
  name       = each.key
  expression = <<-EOT
    from base64 import b64decode
    LIMIT = 700000
    upload = str(request.context.get("prompt_data", {}).get("avatar_upload") or "")
    head, _, payload = upload.partition(",")
    ${indent(4, each.value)}
    request.user.attributes["avatar"] = f"data:image/png;base64,{payload}"
    request.user.save()
    return True
  EOT
}
"#,
        );
    }

    #[test]
    fn what_a_field_takes_that_is_no_file_is_left_alone() {
        check_rule(
            "avatar-policy-unbounded",
            r#"
#- tofu/main.tf
resource "authentik_stage_prompt_field" "avatar" {
  name      = "avatar"
  field_key = "avatar"
  label     = "Address of your picture"
  type      = "text"
}
resource "authentik_policy_expression" "avatar" {
  expression = <<-EOT
    url = context["prompt_data"]["avatar"]
    if url.startswith("data:"):
        return False
    request.user.attributes["avatar"] = url
    request.user.save()
    return True
  EOT
}
"#,
        );
    }

    #[test]
    fn pictures_with_scripts_that_are_refused_or_spoken_of_are_left_alone() {
        check_rule(
            "avatar-policy-unbounded",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "avatar" {
  expression = <<-EOT
    REFUSED = {"image/svg+xml", "image/bmp"}
    upload = context["prompt_data"]["avatar_upload"]
    mime = upload.partition(";")[0].removeprefix("data:")
    if len(upload) > 700000 or mime == "image/svg+xml":
        ak_message("image/svg+xml and large pictures are not taken")
        return False
    if mime in REFUSED:
        return False
    if upload.startswith("data:image/svg+xml"):
        raise ValueError("no")
    request.user.attributes["avatar"] = upload
    request.user.save()
    return not upload.startswith("data:image/svg")
  EOT
}
"#,
        );
    }
}
