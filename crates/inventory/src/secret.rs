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

/// Where the secret that the key `key` below `path` would hold lies, as "it lies in Vault at …"; `None` if the key
/// names no secret. The paths are those of the `lab` crate, below the mount.
pub(crate) fn place(path: &[&str], key: &str) -> Option<String> {
    let key = snake(key);
    let named = NAMES.contains(&key.as_str()) || NAMES.iter().any(|name| key.ends_with(&format!("_{name}")));
    let vault = |path: &str, key: &str| Some(format!("it lies in Vault at `{path}`, key `{key}`"));
    match (path, key.as_str()) {
        (["identity", "email", ..], "username" | "user") => vault("authentik/smtp", "username"),
        (["tofu", "state", ..], "user" | "username") => Some(String::from("it comes from `PGUSER`")),
        _ if !named => None,
        (["identity", "email", ..], _) => vault("authentik/smtp", "password"),
        (["identity", "database", ..], _) => vault("authentik/postgres", "password"),
        (["identity", ..], name) if name.contains("token") => vault("authentik/token", "token"),
        (["identity", ..], "secret_key") => vault("authentik/config", "secret_key"),
        (["apps", app, "oidc", ..], name) => {
            let key = if name.ends_with("id") { "client_id" } else { "client_secret" };
            Some(format!("OpenTofu makes it and writes it to Vault at `apps/{app}/oidc`, key `{key}`"))
        }
        (["apps", app, "ldap", ..], _) => {
            Some(format!("OpenTofu makes it and writes it to Vault at `apps/{app}/ldap`, key `bind_password`"))
        }
        (["apps", app], _) => Some(format!("OpenTofu makes it and writes it to Vault below `apps/{app}`")),
        (["tofu", "state", ..], _) => Some(String::from("it comes from `PGPASSWORD`")),
        (["vault", ..], name) if name.contains("token") => Some(String::from("it comes from `VAULT_TOKEN`")),
        (["users", _], _) => Some(String::from("people set their password by the recovery link")),
        _ => Some(String::from("it lies in Vault")),
    }
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
