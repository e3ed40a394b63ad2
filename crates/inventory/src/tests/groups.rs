//! Groups above groups.

use super::marks::check;

#[test]
fn a_group_that_lies_under_itself_is_reported_once_for_each_way() {
    check(
        r#"
groups:
  a: { parents: [b] }
  b: { parents: [c, a] }
#                   ^ error[group-cycle]: the group `a` lies under itself: `a` under `b` under `a`
# help: delete `a` here
  c: { parents: [a] }
#                ^ error[group-cycle]: the group `a` lies under itself: `a` under `b` under `c` under `a`
# help: delete `a` here
  d: { parents: [d] }
#                ^ error[group-cycle]: the group `d` lies under itself: `d` under `d`
# help: delete `d` here
  e: { parents: [a] }
  family: {}
  admins: {}
"#,
    );
}

#[test]
fn an_invitation_cannot_make_superusers() {
    check(
        r#"
groups:
  admins: { superuser: true, invite: true }
#                                    ^^^^ error[invited-superuser]: an invitation may give the group `admins`, and its members are superusers
# help: delete `invite: true`
#                      ^^^^ related: superusers by this
#                      ^^^^ related: `helpers` lies under `admins`
  helpers: { parents: [deputies], invite: true }
#                                         ^^^^ error[invited-superuser]: an invitation may give the group `helpers`, and its members are superusers
# help: delete `invite: true`
  deputies: { parents: [admins] }
  family: { invite: true }
"#,
    );
}
