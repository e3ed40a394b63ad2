//! What is a secret by its name, and where it lies instead.

/// Names that a key for a secret has.
const NAMES: [&str; 19] = [
    "access_key",
    "api_key",
    "apikey",
    "bind_password",
    "bootstrap_token",
    "client_secret",
    "credential",
    "credentials",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "private_key",
    "pwd",
    "secret",
    "secret_key",
    "secrets",
    "token",
];

/// What to say about a key `key` below `path` that would hold a secret, or a name that goes with one; `None` if it
/// would not. The paths in Vault are those of the `lab` crate, below the mount.
pub(crate) fn refusal(path: &[&str], key: &str) -> Option<String> {
    let words = snake(key);
    let place = credential(path, &words);
    if let Some(place) = place {
        return Some(format!("`{key}` cannot be written here: {place}"));
    }
    let named = NAMES.contains(&words.as_str()) || NAMES.iter().any(|name| words.ends_with(&format!("_{name}")));
    named.then(|| format!("a secret cannot be written here: {}", secret(path, &words)))
}

/// Where a name that goes with a secret comes from.
fn credential(path: &[&str], key: &str) -> Option<String> {
    match (path, key) {
        (["identity", "email"], "username" | "user") => Some(lies_at("authentik/smtp", "username")),
        (["tofu", "state"], "username" | "user") => Some(String::from("it comes from `PGUSER`")),
        (["apps", app, "oidc"], "client_id") => Some(made_at(app, "oidc", "client_id")),
        (["apps", app, "ldap"], "bind_dn") => Some(made_at(app, "ldap", "bind_dn")),
        _ => None,
    }
}

/// Where a secret lies or comes from.
fn secret(path: &[&str], key: &str) -> String {
    match path {
        ["identity", "email", ..] => lies_at("authentik/smtp", "password"),
        ["identity", "database", ..] => lies_at("authentik/postgres", "password"),
        ["identity", ..] if key.ends_with("token") => lies_at("authentik/token", "token"),
        ["identity", ..] if key == "secret_key" => lies_at("authentik/config", "secret_key"),
        ["apps", app, "oidc", ..] => made_at(app, "oidc", "client_secret"),
        ["apps", app, "ldap", ..] => made_at(app, "ldap", "bind_password"),
        ["apps", app, ..] => format!("what authentik makes for `{app}` lies in Vault below `apps/{app}`"),
        ["tofu", "state", ..] => String::from("it comes from `PGPASSWORD`"),
        ["vault", ..] if key.ends_with("token") => String::from("it comes from `VAULT_TOKEN`"),
        ["users", ..] => String::from("people set their password by the recovery link"),
        _ => String::from("secrets lie in Vault"),
    }
}

fn lies_at(path: &str, key: &str) -> String {
    format!("it lies in Vault at `{path}`, key `{key}`")
}

fn made_at(app: &str, protocol: &str, key: &str) -> String {
    format!("OpenTofu makes it and writes it to Vault at `apps/{app}/{protocol}`, key `{key}`")
}

/// `clientSecret`, `client-secret` and `CLIENT_SECRET` as `client_secret`.
pub(crate) fn snake(key: &str) -> String {
    let mut snake = String::with_capacity(key.len() + 4);
    let mut lower_before = false;
    for character in key.chars() {
        if character.is_uppercase() && lower_before {
            snake.push('_');
        }
        lower_before = character.is_lowercase() || character.is_ascii_digit();
        if character.is_alphanumeric() {
            snake.extend(character.to_lowercase());
        } else if !snake.ends_with('_') {
            snake.push('_');
        }
    }
    snake
}
