//! `moved.tf`: apps that were renamed.

use crate::support::{EXAMPLE, Hcl, example_with, render, root};

// covers: tofu/tf-deploy/authentik/moved.tf
#[test]
fn an_app_that_was_renamed_twice_moves_from_each_name_to_the_next() {
    let inventory = example_with("\n  gitea:\n", "\n  forgejo:\n    formerly: [gogs, gitea]\n");
    let inventory = inventory.replace("  jellyfin:\n", "  films:\n    formerly: [jellyfin]\n");
    let tree = render(&inventory);
    let moved = Hcl::of(&tree, &root("moved.tf"));
    let moves: Vec<_> =
        moved.top().inner("moved").iter().map(|block| (block.written("from"), block.written("to"))).collect();
    let expected = [
        ("module.ldap[\"jellyfin\"]", "module.ldap[\"films\"]"),
        ("module.oidc[\"gogs\"]", "module.oidc[\"gitea\"]"),
        ("module.oidc[\"gitea\"]", "module.oidc[\"forgejo\"]"),
    ];
    assert_eq!(moves, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

#[test]
fn without_a_former_name_there_is_no_such_file() {
    assert!(render(EXAMPLE).get(root("moved.tf")).is_none());
}
