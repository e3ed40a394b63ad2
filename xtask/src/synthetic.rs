//! Labs of any size, for measuring.

use std::fmt::Write;

/// An inventory of `apps` apps: four in five by OIDC, the others by LDAP; three in four in a cluster, and every
/// tenth of those with a release. `space` begins the names of their namespaces, which stand in nearly every file.
pub(crate) fn inventory(apps: usize, space: &str) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..apps {
        let _ = write!(
            text,
            "  app-{number:04}:\n    url: https://app-{number:04}.example.org\n    category: Group {}\n    allow: [family]\n",
            number % 12,
        );
        match number % 5 {
            4 => text.push_str("    ldap: {}\n"),
            _ => text.push_str("    oidc:\n      redirect_uris: [/oauth/callback]\n"),
        }
        if number % 4 != 3 {
            let _ = writeln!(text, "    namespace: {space}-{:02}", number % 20);
            if number % 10 == 0 {
                text.push_str(RELEASE);
            }
        }
    }
    text
}

const RELEASE: &str = "    release:
      repository: https://charts.example.org
      chart: app
      version: 1.2.3
      values:
        replicas: 1
        persistence: { enabled: true, size: 1Gi }
";

const HEAD: &str = "lab: { name: synthetic, domain: example.org }
vault: { address: 'https://vault.example.org', mount: infra }
flux:
  clusters: [home]
  source: { name: flux-system }
  after: [external-secrets, traefik]
  secrets: external-secrets
  store: { kind: ClusterSecretStore, name: vault, path: infra }
tofu:
  required_version: '>= 1.7.0'
  providers: { authentik: '~> 2026.5.0', vault: '~> 5.0' }
  state: { host: 192.0.2.7, database: tofu, schema: authentik }
identity:
  host: auth.example.org
  namespace: infra
  release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
  ingress: { class: traefik, tls: { secret: auth-tls } }
  database: { host: 192.0.2.7, name: authentik, user: authentik }
  email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }
  ldap:
    suffix: dc=ldap,dc=example,dc=org
    host: ldap.example.org
    outpost: { service_type: LoadBalancer }
groups:
  family: { invite: true }
users:
  alex: { name: Alex, email: alex@example.org, groups: [family] }
apps:
";
