//! No secret is written in an inventory.

use super::marks::check;

#[test]
fn a_key_that_would_hold_a_secret_says_where_the_secret_lies() {
    check(
        r#"
vault: { address: https://vault.example.org, mount: infra, token: hvs.x }
#                                                          ^^^^^ error[written-secret]: a secret cannot be written here: it comes from `VAULT_TOKEN`
# help: delete `token`
tofu:
  state: { host: 192.168.1.7, database: tofu, schema: authentik, user: tofu, password: hunter2 }
#                                                                ^^^^ error[written-secret]: `user` cannot be written here: it comes from `PGUSER`
# help: delete `user`
#                                                                            ^^^^^^^^ error[written-secret]: a secret cannot be written here: it comes from `PGPASSWORD`
# help: delete `password`
identity:
  secret_key: x
# ^^^^^^^^^^ error[written-secret]: a secret cannot be written here: it lies in Vault at `authentik/config`, key `secret_key`
# help: delete `secret_key`
  bootstrap_token: x
# ^^^^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: it lies in Vault at `authentik/token`, key `token`
# help: delete `bootstrap_token`
  bootstrap_password: x
# ^^^^^^^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: secrets lie in Vault
# help: delete `bootstrap_password`
  email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org, username: a, password: b }
#                                                                                           ^^^^^^^^ error[written-secret]: `username` cannot be written here: it lies in Vault at `authentik/smtp`, key `username`
# help: delete `username`
#                                                                                                        ^^^^^^^^ error[written-secret]: a secret cannot be written here: it lies in Vault at `authentik/smtp`, key `password`
# help: delete `password`
  database: { host: 192.168.1.7, name: authentik, user: authentik, password: hunter2 }
#                                                                  ^^^^^^^^ error[written-secret]: a secret cannot be written here: it lies in Vault at `authentik/postgres`, key `password`
# help: delete `password`
users:
  alex: { name: Alex, email: alex@example.org, password: hunter2 }
#                                              ^^^^^^^^ error[written-secret]: a secret cannot be written here: people set their password by the recovery link
# help: delete `password`
apps:
  a: { url: https://a.example.org, allow: everyone, oidc: { redirect_uris: [/x], client_id: a, client_secret: b, clientSecret: c } }
#                                                                                ^^^^^^^^^ error[written-secret]: `client_id` cannot be written here: OpenTofu makes it and writes it to Vault at `apps/a/oidc`, key `client_id`
# help: delete `client_id`
#                                                                                              ^^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: OpenTofu makes it and writes it to Vault at `apps/a/oidc`, key `client_secret`
# help: delete `client_secret`
#                                                                                                                ^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: OpenTofu makes it and writes it to Vault at `apps/a/oidc`, key `client_secret`
# help: delete `clientSecret`
  b: { url: https://b.example.org, allow: everyone, ldap: { bind_password: x }, api_key: x }
#                                                           ^^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: OpenTofu makes it and writes it to Vault at `apps/b/ldap`, key `bind_password`
# help: delete `bind_password`
#                                                                               ^^^^^^^ error[written-secret]: a secret cannot be written here: what authentik makes for `b` lies in Vault below `apps/b`
# help: delete `api_key`
flux:
  source: { name: flux-system, secret: x }
#                              ^^^^^^ error[written-secret]: a secret cannot be written here: secrets lie in Vault
# help: delete `secret`
"#,
    );
}

#[test]
fn values_hold_no_secret_in_the_clear() {
    check(
        r#"
apps:
  a:
    url: https://a.example.org
    allow: everyone
    namespace: a
    ldap: {}
    release:
      repository: https://x.org
      chart: a
      version: 1.2.3
      values:
        adminPassword: hunter2
#                      ^^^^^^^ error[written-secret]: a secret cannot be written here: `adminPassword` holds the value itself
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
        admin: { password: hunter2, existingSecret: a-admin, passwordKey: password }
#                          ^^^^^^^ error[written-secret]: a secret cannot be written here: `password` holds the value itself
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
        smtp: { password: "" , user: a }
        client_secret: abc
#                      ^^^ error[written-secret]: a secret cannot be written here: `client_secret` holds the value itself
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
        auth: { clientSecret: "${CLIENT_SECRET}", client_secret: '$__file{/etc/x}', token: "{{ .Values.x }}" }
        db: { url: "postgres://app:hunter2@db:5432/app", uri: "postgres://app:$(DB_PASSWORD)@db/app", passwordSecretRef: { name: a, key: b } }
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: this address holds a password
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
        env:
          - { name: SECRET_KEY, value: abcdef }
#                                      ^^^^^^ error[written-secret]: a secret cannot be written here: `SECRET_KEY` holds the value itself
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
          - { name: TOKEN, valueFrom: { secretKeyRef: { name: a, key: token } } }
          - { name: TOKEN_TTL, value: 5m }
        oauth: { secret: a-oauth, secretName: x, secretKey: client_secret, tokenUrl: https://x.org/token }
        automountServiceAccountToken: false
        grafana.ini: { auth.generic_oauth: { client_secret: '$__file{/x}', token_url: https://auth.example.org/application/o/token/ } }
        password: 12345
#                 ^^^^^ error[written-secret]: a secret cannot be written here: `password` holds the value itself
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
        redis: { auth: { password: env://REDIS_PASSWORD } }
        tls: { secret: wildcard-tls }
        imagePullSecret: regcred
        sessionSecret: short
#                      ^^^^^ error[written-secret]: a secret cannot be written here: `sessionSecret` holds the value itself
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
        private_key: |
          -----BEGIN PRIVATE KEY-----
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[written-secret]: a secret cannot be written here: `private_key` holds the value itself
# help: put it in Vault, and refer to its Secret: `existingSecret`, `secretKeyRef` or what the chart has for it
"#,
    );
}
