//! Texts that stand where a secret belongs, and the names of such places.

/// How a text begins that says where the secret is, or is encrypted.
const ELSEWHERE: [&str; 9] = ["env:", "file:", "op://", "vault:", "ref+", "secret://", "ENC[", "{{", "$"];

/// What the names of secrets contain in a document.
const WORDS: [&str; 7] = ["secret", "password", "passwd", "token", "api_key", "apikey", "private_key"];

/// How the names of what is about a secret end.
const ABOUT: [&str; 22] = [
    "_alg",
    "_algorithm",
    "_claim",
    "_duration",
    "_endpoint",
    "_expiry",
    "_field",
    "_format",
    "_header",
    "_id",
    "_length",
    "_method",
    "_mount",
    "_path",
    "_policy",
    "_ref",
    "_ttl",
    "_type",
    "_uri",
    "_url",
    "existingsecret",
    "name",
];

/// What people write where a value has to stand that nothing reads.
const NOTHING: [&str; 21] = [
    "bar", "baz", "disabled", "empty", "fake", "fixme", "foo", "ignored", "mock", "n/a", "nil", "none", "null",
    "password", "redacted", "secret", "test", "todo", "token", "unset", "unused",
];

/// Whether `text` says where the secret is, for a tool that puts it there, or is the secret encrypted.
pub(crate) fn is_elsewhere(text: &str) -> bool {
    ELSEWHERE.iter().any(|begin| text.trim_start().starts_with(begin))
}

/// Whether `text` only shows where a secret goes, as documentation does: `<token>`, `changeme`, `...`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let bare = text.trim_matches(['<', '>', '[', ']', '{', '}', '_', '-', '*', '.', ' ']);
    let words = ["changeme", "change-me", "change_me", "replace", "placeholder", "your-", "your_", "example", "dummy"];
    bare.is_empty()
        || text.starts_with('<') && text.ends_with('>')
        || bare.bytes().all(|byte| byte == b'x')
        || words.iter().any(|word| bare.contains(word))
        || NOTHING.contains(&bare)
}

/// Whether everybody may have `text`: the public half of a key, or a certificate.
pub(crate) fn is_public(text: &str) -> bool {
    let begins = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "-----BEGIN CERTIFICATE", "-----BEGIN PUBLIC KEY"];
    begins.iter().any(|begin| text.trim_start().starts_with(begin))
}

/// Whether what is called so is a secret, and not the name or the place of one.
pub(crate) fn is_name(name: &str) -> bool {
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word)) && !ABOUT.iter().any(|end| name.ends_with(end))
}

/// Whether `text`, which stands where a secret belongs, is one.
pub(crate) fn is_secret(text: &str) -> bool {
    let is_switch = ["true", "false", "yes", "no", "on", "off"].contains(&text.trim().to_lowercase().as_str());
    !is_placeholder(text) && !is_elsewhere(text) && !is_switch
}

/// The password in a connection string of PostgreSQL, as an address or as words.
pub(crate) fn password_of(connection: &str) -> Option<&str> {
    let given = |password: &&str| !password.is_empty();
    let Some((_, address)) = connection.split_once("://") else {
        let word = connection.split_whitespace().find_map(|word| word.strip_prefix("password="));
        return word.map(|word| word.trim_matches('\'')).filter(given);
    };
    let end = address.find(['/', '?']).unwrap_or(address.len());
    let of_person = address[..end].rsplit_once('@').and_then(|(person, _)| person.split_once(':'));
    let in_query = || address.split_once('?')?.1.split('&').find_map(|part| part.strip_prefix("password="));
    of_person.map(|(_, password)| password).filter(given).or_else(in_query).filter(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_where_a_secret_goes_is_a_placeholder() {
        for text in [
            "",
            "<token>",
            "CHANGEME",
            "...",
            "xxxx",
            "your-token-here",
            "REPLACE_ME",
            "password",
            "****",
            "none",
            "foo",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["hunter2", "s3cr3t-Token", "a8f0c2", "postgres"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn a_password_is_found_in_an_address_and_among_words() {
        let table = [
            ("postgres://tofu:hunter2@nas.example.org/tofu", Some("hunter2")),
            ("postgres://nas.example.org/tofu?user=tofu&password=hunter2", Some("hunter2")),
            ("host=nas.example.org user=tofu password='hunter2'", Some("hunter2")),
            ("postgres://tofu@nas.example.org/tofu?sslmode=require", None),
            ("postgres://tofu:@nas.example.org:5432/tofu", None),
            ("postgres://nas.example.org:5432/tofu", None),
            ("host=nas.example.org", None),
        ];
        for (connection, password) in table {
            assert_eq!(password_of(connection), password, "{connection}");
        }
    }
}
