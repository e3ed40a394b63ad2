//! A certificate's private key that nobody needs, in the state.

use std::collections::BTreeSet;

use resolve_tofu::Instance;

use crate::tofu::{flag, place, reads};
use crate::{Findings, Repo};

/// The data source that reads a certificate with its key.
const CERTIFICATE: &str = "authentik_certificate_key_pair";

crate::rule! {
    /// A certificate is read together with its private key, which nothing uses.
    ///
    /// ## Why
    /// The data source fetches the private key unless it is told not to, and OpenTofu keeps what a data source read in
    /// the state. There the key that signs every token lies in plain text
    /// ([`docs/data-sources/certificate_key_pair.md`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/docs/data-sources/certificate_key_pair.md)).
    ///
    /// ## Fix
    /// Write `fetch_key = false`; the `id` is there all the same.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_certificate_key_pair" "signing" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[private-key-in-state]: the private key of `data.authentik_certificate_key_pair.signing` is written to the state, and nothing reads it
    ///   name = "authentik Self-signed Certificate"
    /// }
    /// ```
    ///
    /// Without the key:
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_certificate_key_pair" "signing" {
    ///   name              = "authentik Self-signed Certificate"
    ///   fetch_certificate = false
    ///   fetch_key         = false
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When another program reads the key out of the state, and the state is encrypted.
    "private-key-in-state", Warning, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for data in repo.tofu.roots.iter().flat_map(|root| root.resolved.data(CERTIFICATE)) {
        let place = place(data, "fetch_key");
        if flag(data, "fetch_key", true) != Some(true) || may_be_used(repo, data) || !told.insert(place) {
            continue;
        }
        let name = data.resource.resource_name();
        let message = format!("the private key of `{name}` is written to the state, and nothing reads it");
        findings.report(place, message).help("write `fetch_key = false`");
    }
}

/// Whether its module may read the key: by name, or by handing on the whole data source.
fn may_be_used(repo: &Repo<'_>, data: &Instance<'_>) -> bool {
    let Some(reads) = repo.tofu.modules.get(data.folder).and_then(|module| reads(repo.files, module)) else {
        return true;
    };
    let name = &data.resource.name.value;
    reads.iter().any(|read| match read.names.as_slice() {
        [mode, kind, of, part @ ..] if mode == "data" && kind == CERTIFICATE && of == name => {
            part.first().is_none_or(|part| part == "key_data")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_key_that_is_fetched_on_purpose_is_told_where_that_is_written() {
        check_rule(
            "private-key-in-state",
            r#"
#- tofu/main.tf
data "authentik_certificate_key_pair" "signing" {
  for_each  = toset(["one", "two"])
  name      = each.key
  fetch_key = true
#             ^^^^ warning[private-key-in-state]: the private key of `data.authentik_certificate_key_pair.signing` is written to the state, and nothing reads it
# help: write `fetch_key = false`
}
output "id" { value = data.authentik_certificate_key_pair.signing["one"].id }
"#,
        );
    }

    #[test]
    fn a_key_that_is_or_may_be_read_is_left_alone() {
        check_rule(
            "private-key-in-state",
            r#"
#- tofu/main.tf
variable "fetch" { type = bool }
data "authentik_certificate_key_pair" "read" { name = "read" }
data "authentik_certificate_key_pair" "each" {
  for_each = toset(["one", "two"])
  name     = each.key
}
data "authentik_certificate_key_pair" "whole" { name = "whole" }
data "authentik_certificate_key_pair" "unknown" {
  name      = "unknown"
  fetch_key = var.fetch
}
resource "local_sensitive_file" "key" {
  content  = "${data.authentik_certificate_key_pair.read.key_data}"
  filename = join("", [for pair in data.authentik_certificate_key_pair.each : pair.key_data])
}
output "whole" {
  value     = data.authentik_certificate_key_pair.whole
  sensitive = true
}
"#,
        );
    }
}
