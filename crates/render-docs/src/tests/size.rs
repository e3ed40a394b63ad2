//! The page of a large lab grows with what the lab has, not with apps times groups.

use sample::INVENTORY;

use super::page::page_of;

/// The example lab with `count` more groups and `count` more apps, each opened to three groups.
fn page_with(count: usize) -> usize {
    let groups: String = (0..count).map(|n| format!("  group-{n}: {{ invite: true }}\n")).collect();
    let apps: String = (0..count)
        .map(|n| {
            let allow: Vec<_> = (0..3).map(|k| format!("group-{}", (n + k) % count)).collect();
            let login = if n % 2 == 0 { "ldap: {}".to_owned() } else { "oidc: { redirect_uris: [/login] }".to_owned() };
            format!("  app-{n}: {{ url: 'https://app-{n}.hdhomelab.com', allow: [{}], {login} }}\n", allow.join(", "))
        })
        .collect();
    let text = INVENTORY.replacen("groups:\n", &format!("groups:\n{groups}"), 1);
    page_of(&text.replacen("apps:\n", &format!("apps:\n{apps}"), 1)).0.len()
}

#[test]
fn twice_the_apps_and_groups_are_at_most_twice_the_page() {
    let (small, large) = (page_with(100), page_with(200));
    assert!(large < 2 * small, "{small} bytes, then {large}");
}
