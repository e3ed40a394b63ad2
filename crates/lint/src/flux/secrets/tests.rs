//! What is taken for a slip of the pen.

use super::slip;

#[test]
fn a_slip_is_a_letter_or_two_and_no_other_word_or_number() {
    for (name, other) in [("grafana-odic", "grafana-oidc"), ("app-secret", "app-secrets"), ("smpt", "smtp")] {
        assert_eq!(slip(name, [other]), Some(other), "{name}");
    }
    for (name, other) in [("app-1", "app-2"), ("app-a", "app-b"), ("gitea-oidc", "gitea-smtp"), ("db-ro", "db-rw-x")] {
        assert_eq!(slip(name, [other]), None, "{name}");
    }
}
