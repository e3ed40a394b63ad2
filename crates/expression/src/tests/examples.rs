//! The expressions of the example lab: nothing is wrong with them.

use super::read;
use crate::{Answer, Kind};

const POLICIES: [(&str, &str); 5] = [
    ("avatar", include_str!("../../../../fixtures/hdhomelab/tofu/tf-deploy/authentik/policies/avatar.py")),
    (
        "enrollment_group_assignment",
        include_str!("../../../../fixtures/hdhomelab/tofu/tf-deploy/authentik/policies/enrollment_group_assignment.py"),
    ),
    (
        "user_settings_authorization",
        include_str!("../../../../fixtures/hdhomelab/tofu/tf-deploy/authentik/policies/user_settings_authorization.py"),
    ),
    ("oidc/everyone", include_str!("../../../../fixtures/hdhomelab/tofu/modules/authentik-oidc/policies/everyone.py")),
    ("ldap/everyone", include_str!("../../../../fixtures/hdhomelab/tofu/modules/authentik-ldap/policies/everyone.py")),
];

#[test]
fn the_example_lab_s_policies_are_left_alone() {
    for (name, text) in POLICIES {
        let expression = read(text, Kind::Policy);
        assert!(expression.is_read(), "{name}");
        assert_eq!(expression.faults(), [], "{name}");
        assert_eq!(expression.unknown_names(), [], "{name}");
        assert_eq!(expression.may_return_none(), [], "{name}");
        assert_eq!(expression.unsaved().count(), 0, "{name}");
        assert!(!expression.reads().iter().any(|access| access.fails_without_key()), "{name}");
    }
    let [_, (_, assignment), ..] = POLICIES;
    assert_eq!(read(assignment, Kind::Policy).answer(), Answer::True);
}

#[test]
fn the_example_lab_s_scope_mapping_is_left_alone() {
    let text = include_str!("../../../../fixtures/hdhomelab/tofu/tf-deploy/authentik/apps/grafana/grafana_role.py");
    let expression = read(text, Kind::ScopeMapping);
    assert_eq!(
        (expression.faults(), expression.unknown_names(), expression.may_return_none()),
        (&[][..], &[][..], &[][..])
    );
}
