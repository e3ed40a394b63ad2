//! The identity provider.

use super::marks::check;

#[test]
fn a_certificate_has_a_source() {
    check(
        r#"
identity:
  ingress: { class: traefik, tls: {} }
#                            ^^^ error[either-or]: `identity.ingress.tls` has neither `secret` nor `issuer`
# help: add `secret: auth-tls` or `issuer: letsencrypt`
"#,
    );
}

#[test]
fn tls_is_not_left_out() {
    check(
        r#"
identity:
  ingress: { class: traefik }
# ^^^^^^^ error[missing-key]: `tls` is missing in `identity.ingress`
# help: add it, for example `tls: { secret: auth-tls }`
"#,
    );
}

#[test]
fn port_465_does_not_go_with_starttls() {
    check(
        r#"
identity:
  email: { host: smtp.example.org, port: 465, encryption: starttls, from: auth@example.org }
#                                                         ^^^^^^^^ warning[email-port-encryption-mismatch]: port 465 is not the usual one for `starttls`
# help: write `encryption: ssl`, or `port: 587` with `starttls`
#                                        ^^^ related: the port
"#,
    );
}

#[test]
fn port_465_does_not_go_with_none() {
    check(
        r#"
identity:
  email: { host: smtp.example.org, port: 465, encryption: none, from: auth@example.org }
#                                                         ^^^^ warning[email-port-encryption-mismatch]: port 465 is not the usual one for `none`
# help: write `encryption: ssl`, or `port: 587` with `starttls`
#                                        ^^^ related: the port
"#,
    );
}

#[test]
fn port_587_does_not_go_with_ssl() {
    check(
        r#"
identity:
  email: { host: smtp.example.org, port: 587, encryption: ssl, from: auth@example.org }
#                                                         ^^^ warning[email-port-encryption-mismatch]: port 587 is not the usual one for `ssl`
# help: write `encryption: starttls`, or `port: 465` with `ssl`
#                                        ^^^ related: the port
"#,
    );
}

#[test]
fn mail_in_the_clear_to_a_server_outside_is_worth_a_hint() {
    check(
        r#"
identity:
  email: { host: smtp.example.org, port: 587, encryption: none, from: auth@example.org }
#                                                         ^^^^ hint[email-port-encryption-mismatch]: mails and the SMTP password go to `smtp.example.org` in the clear
# help: write `encryption: starttls`
"#,
    );
}

#[test]
fn mail_in_the_clear_to_a_relay_in_the_cluster_is_left_alone() {
    check(
        r#"
identity:
  email: { host: relay.mail.svc, port: 25, encryption: none, from: auth@example.org }
"#,
    );
}

#[test]
fn slugs_of_authentiks_own_flows_are_reserved() {
    check(
        r#"
identity:
  enrollment: { slug: default-enrollment-flow }
#                     ^^^^^^^^^^^^^^^^^^^^^^^ error[reserved-name]: the slug `default-enrollment-flow` belongs to authentik's own flows
# help: write `invitation-enrollment`
  recovery: { slug: initial-setup }
#                   ^^^^^^^^^^^^^ error[reserved-name]: the slug `initial-setup` belongs to authentik's own flows
# help: write `password-recovery`
"#,
    );
}

#[test]
fn two_flows_cannot_have_one_slug() {
    check(
        r#"
identity:
  enrollment: { slug: welcome }
#                     ^^^^^^^ related: the enrollment flow has it here
  recovery: { slug: welcome }
#                   ^^^^^^^ error[shared-slug]: the recovery flow has the slug `welcome` of the enrollment flow
# help: write `password-recovery`
"#,
    );
}
