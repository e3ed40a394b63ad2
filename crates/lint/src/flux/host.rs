//! Where a host is, by its name alone.

use std::net::IpAddr;

/// Whether `host` is the pod itself, as a sidecar listens on: an address, or the folder of a socket.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host.starts_with('/') || address
}

/// Whether `host` is in the cluster or on the same network, where mail is often relayed in the clear.
pub(crate) fn is_near(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    if let Ok(address) = name.trim_matches(['[', ']']).parse::<IpAddr>() {
        return match address {
            IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
            IpAddr::V6(address) => {
                address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
            }
        };
    }
    let ends = [".svc", ".local", ".lan", ".internal", ".home.arpa", ".home", ".localdomain", ".intranet"];
    is_this_machine(&name)
        || !name.contains('.')
        || ends.iter().any(|end| name.ends_with(end))
        || name.contains(".svc.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_whether_a_host_is_near() {
        for host in ["localhost", "relay", "relay.mail", "relay.mail.svc", "nas.lan", "10.0.0.2", "::1", "[fd00::1]"] {
            assert_eq!(is_near(host), host != "relay.mail", "{host}");
        }
        for host in ["smtp.example.org", "192.0.2.1", "2001:db8::1"] {
            assert!(!is_near(host), "{host}");
        }
    }
}
