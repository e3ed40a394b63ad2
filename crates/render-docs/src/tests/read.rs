//! The page as people read it, for an inventory with every key and for one with none that may be left out.

use super::page::page_of;

/// Nothing that may be left out.
const SMALLEST: &str = "lab: { name: attic, domain: example.org }
vault: { address: 'https://vault.example.org', mount: infra }
flux: { clusters: [home], source: { name: flux-system }, secrets: vault-secrets-operator, store: { kind: VaultAuth, name: vault, namespace: vault } }
tofu:
  required_version: '>= 1.7.0'
  providers: { authentik: '~> 2026.5.0', vault: '~> 5.0' }
  state: { host: 192.0.2.7, database: tofu, schema: authentik }
identity:
  host: auth.example.org
  namespace: infra
  release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
  ingress: { class: traefik, tls: { issuer: letsencrypt } }
  database: { host: 192.0.2.7, name: authentik, user: authentik }
  email: { host: smtp.example.org, port: 465, encryption: ssl, from: auth@example.org }
";

#[test]
fn the_page_of_an_inventory_with_every_key() {
    insta::assert_snapshot!(page_of(inventory::EXAMPLE).0);
}

#[test]
fn the_page_of_the_smallest_inventory() {
    insta::assert_snapshot!(page_of(SMALLEST).0);
}
