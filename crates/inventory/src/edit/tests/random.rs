//! Apps added and removed in any order.

use proptest::prelude::*;
use proptest::sample::select;
use syntax::yaml::{self, Node};

use super::{FILE, list, map, text};
use crate::EXAMPLE;
use crate::edit::{Part, add, remove, rename};

const FIXTURE: &str = include_str!("../../../../../fixtures/hdhomelab/inventory.yaml");

/// Texts that people write in their own ways.
const STARTS: &[&str] = &[
    FIXTURE,
    EXAMPLE,
    "lab: {}\n",
    "apps: {}",
    "apps: {} # none\nlab:\n    name: a\n",
    "apps:\n  a: {ldap: {}}\n  b: {ldap: {}}\n\n# The rest.\nlab: {}\n",
    "apps:\r\n    a:\r\n      ldap: {}\r\n\r\n    b:\r\n      ldap: {}\r\n    # The end.\r\nlab: {}",
    "apps:\n  # Free.\n\n  a:\n    oidc:\n      scopes:\n        b: |\n          # c\n          return {}\n    # deep\n\n\n",
    "{\"apps\": {\"a\": {\"ldap\": {}}}, \"lab\": {}}",
    "apps: {\n  a: {ldap: {}},\n  b: &b {ldap: {}},\n}\nmine: [1]\n",
];

const NAMES: [&str; 8] = ["miniflux", "vikunja", "kavita", "mealie", "on", "null", "7", "a-b"];

/// An app that is written in one line, or in many.
fn entries() -> impl Strategy<Value = Part> {
    let url = select(vec!["https://x.example.org", "https://y.example.org:8443/a b#c: d"]);
    let scope = select(vec!["", "return {}\n", "# a\nif x:\n    return {}\n\nreturn None", " \n x"]);
    (url, scope).prop_map(|(url, scope)| {
        let redirects = list(&["/one", "app.x:///two", "urn:three", "https://four.example.org/*"]);
        let scopes = if scope.is_empty() { map(&[]) } else { map(&[("own", text(scope))]) };
        let oidc = map(&[("redirect_uris", redirects), ("scopes", scopes)]);
        map(&[("url", text(url)), ("allow", list(&["family"])), ("oidc", oidc)])
    })
}

/// The apps of a text, by name.
fn apps(text: &str) -> Vec<(String, String)> {
    let documents = yaml::parse_all(FILE, text).unwrap_or_else(|fault| panic!("{fault:?}:\n{text}"));
    let root = documents.first().map(|document| &document.root);
    let pairs = root.and_then(|root| root.get("apps")?.mapping()).unwrap_or_default();
    pairs.iter().map(|pair| (pair.key.scalar().expect("a name").text.clone(), shown(&pair.value))).collect()
}

/// What a node holds, wherever it is written.
fn shown(node: &Node) -> String {
    match &node.content {
        yaml::Content::Scalar(scalar) => format!("{:?}", scalar.text.trim_end_matches('\n')),
        yaml::Content::Sequence(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        yaml::Content::Mapping(pairs) => {
            let pair = |pair: &yaml::Pair| format!("{}:{}", shown(&pair.key), shown(&pair.value));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(","))
        }
    }
}

/// 200 steps: an app, whether it is renamed where it is there, and what it is.
fn steps() -> impl Strategy<Value = Vec<(usize, bool, Part)>> {
    proptest::collection::vec((0..NAMES.len(), any::<bool>(), entries()), 200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn apps_added_and_removed_in_any_order_leave_the_text_as_it_was(
        steps in steps(), last in Just(NAMES).prop_shuffle(),
    ) {
        for start in STARTS {
            let (mut now, mut there) = (String::from(*start), Vec::new());
            let others = apps(start);
            for (name, renames, entry) in &steps {
                now = step(&now, NAMES[*name], *renames, entry, &mut there);
                let found = apps(&now);
                prop_assert_eq!(&found[..others.len()], &others[..]);
                let added: Vec<_> = found[others.len()..].iter().map(|(name, _)| name.as_str()).collect();
                prop_assert_eq!(added, &there[..]);
            }
            for name in last.into_iter().filter(|name| there.contains(name)) {
                now = remove(FILE, &now, name).expect("it can be removed");
            }
            prop_assert!(now == *start, "\n{}", now);
        }
    }
}

/// Adds the app `name`, or removes it, or renames it and takes that back; `there` are those that were added.
fn step(now: &str, name: &'static str, renames: bool, entry: &Part, there: &mut Vec<&'static str>) -> String {
    let other = NAMES.iter().find(|other| !there.contains(other));
    let edited = match (there.iter().position(|known| *known == name), other) {
        (Some(_), Some(other)) if renames => {
            rename(FILE, now, name, other).and_then(|renamed| rename(FILE, &renamed, other, name))
        }
        (Some(at), _) => {
            there.remove(at);
            remove(FILE, now, name)
        }
        (None, _) => {
            there.push(name);
            add(FILE, now, name, entry)
        }
    };
    edited.unwrap_or_else(|refused| panic!("{refused:?}:\n{now}"))
}
