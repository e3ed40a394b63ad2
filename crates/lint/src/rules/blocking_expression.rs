//! An expression that waits for somebody else.

use crate::{Findings, Repo};

crate::rule! {
    /// An expression waits for the network, the clock or another program.
    ///
    /// ## Why
    /// It runs while a person waits for a page, and holds a worker of the server meanwhile; a policy is stopped after
    /// thirty seconds and counts as false then
    /// ([Expressions](https://docs.goauthentik.io/customize/policies/expression/)).
    ///
    /// ## Fix
    /// Keep the answer somewhere before it is needed, in an attribute for instance.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "weather" {
    ///   name       = "weather"
    ///   expression = "return requests.get('https://weather.example.org').ok"
    /// #                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[blocking-expression]: `authentik_policy_expression.weather` waits for `requests.get` while a person waits for the page
    /// }
    /// ```
    ///
    /// With what is there already:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "weather" {
    ///   name       = "weather"
    ///   expression = "return request.user.attributes.get('weather') == 'fine'"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When there is a timeout, and the answer must be new.
    "blocking-expression", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()) {
        for call in python.facts.calls().iter().filter(|call| call.is_blocking() && call.keyword("timeout").is_none()) {
            let message = format!("`{}` waits for `{}` while a person waits for the page", python.address, call.callee);
            findings.report(python.place(call.range.clone()), message).help("keep the answer in an attribute");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_call_with_a_timeout_is_left_alone() {
        check_rule(
            "blocking-expression",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "weather" {
  expression = "return requests.get('https://weather.example.org', timeout=2).ok"
}
"#,
        );
    }
}
