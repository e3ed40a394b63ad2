//! Values that are handed on as they are.

use super::marks::check;

#[test]
fn a_scalar_that_kubernetes_reads_differently_is_reported() {
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
        enabled: yes
#                ^^^ error[ambiguous-scalar]: `yes` is text to YAML 1.2 and `true` to Kubernetes
# help: write `true`, or `"yes"` for the text
        mode: 0755
#             ^^^^ error[ambiguous-scalar]: `0755` is `755` to YAML 1.2 and `493` to Kubernetes
# help: write `493`, or `"0755"` for the text
        size: 1_000
#             ^^^^^ error[ambiguous-scalar]: `1_000` is text to YAML 1.2 and `1000` to Kubernetes
# help: write `1000`, or `"1_000"` for the text
        flag: 0b11
#             ^^^^ error[ambiguous-scalar]: `0b11` is text to YAML 1.2 and `3` to Kubernetes
# help: write `3`, or `"0b11"` for the text
        off: Off
#            ^^^ error[ambiguous-scalar]: `Off` is text to YAML 1.2 and `false` to Kubernetes
# help: write `false`, or `"Off"` for the text
        text: "yes"
        nan: .nan
#            ^^^^ error[ambiguous-scalar]: `.nan` is no number that Kubernetes takes
# help: write `".nan"` for the text
        image: { tag: 1.10, other: 1.10 }
#                     ^^^^ warning[number-loses-digits]: `1.10` is the number `1.1`
# help: write `"1.10"` for the text
        big: 99999999999999999999
#            ^^^^^^^^^^^^^^^^^^^^ warning[number-loses-digits]: `99999999999999999999` is too long for a whole number: its last digits are lost
# help: write `"99999999999999999999"` for the text
        empty:
        null: ~
        time: 12:30:45
        date: 2001-01-01
        <<: {}
#       ^^ error[yaml-merge-key]: the inventory reads no merge key `<<`
# help: write the keys out; an alias for a whole value, `key: *name`, is fine
        ctl: "a\u0007"
#            ^^^^^^^^^ error[invalid-text]: the control character U+0007 cannot stand in this text
# help: delete it
"#,
    );
}

#[test]
fn values_are_a_mapping() {
    check(
        r#"
apps:
  a: { url: https://a.example.org, allow: everyone, namespace: a, ldap: ~, release: { repository: https://x.org, chart: a, version: 1.2.3, values: [a] } }
#                                                                                                                                                  ^^^ error[wrong-kind]: `apps.a.release.values` is no mapping
# help: for example `values: { replicas: 1 }`
  b: { url: https://b.example.org, allow: everyone, namespace: b, ldap: , release: { repository: https://x.org, chart: b, version: 1.2.3, values: } }
"#,
    );
}
