//! IP networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, ToPrimitive};
use ipnet::IpNet;

use super::text;
use crate::value::convert::exact_number;
use crate::value::function::{Outcome, list_of, unknown_list_of, whole};
use crate::value::{Type, Value, boolean, string, unknown_string};

/// An address; the numbers of IPv4 may start with zeros.
fn address(written: &str) -> Option<IpAddr> {
    if written.contains(':') {
        return written.parse().ok().map(IpAddr::V6);
    }
    let strip = |part: &str| match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0".to_owned(),
        part => part.to_owned(),
    };
    written.split('.').map(strip).collect::<Vec<_>>().join(".").parse().ok().map(IpAddr::V4)
}

/// A network, without the part of its address that names a host.
fn network(written: &str) -> Result<IpNet, String> {
    let parsed = written.split_once('/').and_then(|(ip, bits)| {
        let bits = bits.bytes().all(|byte| byte.is_ascii_digit()).then(|| bits.parse().ok())??;
        IpNet::new(address(ip)?, bits).ok()
    });
    parsed.map(|network| network.trunc()).ok_or_else(|| format!("`{written}` is not a network such as `10.0.0.0/8`"))
}

fn number_of(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    }
}

/// The address with the number `number` in the family of `like`.
fn address_at(number: u128, like: &IpNet) -> IpAddr {
    match like {
        IpNet::V4(_) => IpAddr::V4(Ipv4Addr::from(number as u32)),
        IpNet::V6(_) => IpAddr::V6(Ipv6Addr::from(number)),
    }
}

/// Whether it is an IPv6 network that stands for one of IPv4: OpenTofu counts its bits as those of both.
fn is_both(network: &IpNet) -> bool {
    matches!(network, IpNet::V6(network) if network.addr().to_ipv4_mapped().is_some())
}

/// `1 << bits`, less one.
fn mask(bits: u8) -> u128 {
    u128::MAX.checked_shr(128 - u32::from(bits)).unwrap_or(0)
}

/// An IPv6 address that stands for one of IPv4 is shown as that.
fn shown(ip: IpAddr) -> String {
    ip.to_canonical().to_string()
}

fn big(given: &Value) -> Result<BigInt, String> {
    let number = exact_number(given)?.filter(BigDecimal::is_integer).ok_or("a whole number is required")?;
    // No address has as many digits, and written out they could fill the memory.
    if number.fractional_digit_count() < -100 {
        return Err("the number is too large".to_owned());
    }
    Ok(number.with_scale(0).into_bigint_and_exponent().0)
}

pub(super) fn host(given: &[Value]) -> Outcome {
    let network = network(text(&given[0]))?;
    if is_both(&network) {
        return Ok(unknown_string());
    }
    let bits = network.max_prefix_len() - network.prefix_len();
    let wanted = big(&given[1])?;
    // Below zero it counts from the end.
    let magnitude = if wanted.sign() == Sign::Minus { -&wanted - 1 } else { wanted.clone() };
    let magnitude = magnitude.to_u128().filter(|number| *number <= mask(bits));
    let number = magnitude.ok_or_else(|| format!("`{network}` has no host number {wanted}"))?;
    let number = if wanted.sign() == Sign::Minus { mask(bits) - number } else { number };
    Ok(string(&shown(address_at(number_of(network.addr()) | number, &network))))
}

pub(super) fn netmask(given: &[Value]) -> Outcome {
    match network(text(&given[0]))? {
        IpNet::V4(network) => Ok(string(&network.netmask().to_string())),
        IpNet::V6(network) => Err(format!("`{network}` is IPv6, which has no netmask")),
    }
}

pub(super) fn subnet(given: &[Value]) -> Outcome {
    let network = network(text(&given[0]))?;
    let (added, wanted) = (whole(&given[1])?, big(&given[2])?);
    if is_both(&network) || wanted.sign() == Sign::Minus || added.is_some_and(|added| added < 0) {
        // OpenTofu gives a network outside of this one.
        return Ok(unknown_string());
    }
    let added = added.and_then(|bits| u8::try_from(bits).ok());
    let bits = added.and_then(|added| network.prefix_len().checked_add(added));
    let bits = bits.filter(|bits| *bits <= network.max_prefix_len());
    let (Some(bits), Some(added)) = (bits, added) else {
        return Err(format!("`{network}` has not as many bits left"));
    };
    let number = wanted.to_u128().filter(|number| *number <= mask(added));
    let number = number.ok_or_else(|| format!("`{network}` has no network number {wanted} of {bits} bits"))?;
    let shift = u32::from(network.max_prefix_len() - bits);
    let ip = number_of(network.addr()) | number.checked_shl(shift).unwrap_or(0);
    Ok(string(&format!("{}/{bits}", shown(address_at(ip, &network)))))
}

pub(super) fn subnets(given: &[Value]) -> Outcome {
    let network = network(text(&given[0]))?;
    if is_both(&network) {
        return Ok(unknown_list_of(Type::String));
    }
    if number_of(network.addr()) == 0 && given.len() > 1 {
        return Err(format!("OpenTofu does not part `{network}`, which has nothing before it"));
    }
    let end = number_of(network.broadcast());
    let mut next = Some(number_of(network.addr()));
    let mut found = Vec::new();
    for added in &given[1..] {
        let added = whole(added)?.unwrap_or_default();
        let added = u8::try_from(added).ok().filter(|added| (1..=32).contains(added));
        let added = added.ok_or("each network takes 1 to 32 bits")?;
        let bits = network.prefix_len() + added;
        if bits > network.max_prefix_len() {
            return Err(format!("`{network}` has not as many bits left"));
        }
        let size = mask(network.max_prefix_len() - bits);
        // The first address of that size that is not taken.
        let start = next.and_then(|next| next.checked_add(size)).map(|next| next & !size).filter(|start| *start <= end);
        let start = start.ok_or_else(|| format!("`{network}` has no room for another network of {bits} bits"))?;
        next = (start | size).checked_add(1);
        found.push(string(&format!("{}/{bits}", shown(address_at(start, &network)))));
    }
    Ok(list_of(Type::String, found))
}

/// The network of IPv4 that one of IPv6 may stand for.
fn plain(network: IpNet) -> IpNet {
    let mapped = match network {
        IpNet::V6(network) => network.addr().to_ipv4_mapped().zip(network.prefix_len().checked_sub(96)),
        IpNet::V4(_) => None,
    };
    mapped.and_then(|(ip, bits)| IpNet::new(IpAddr::V4(ip), bits).ok()).unwrap_or(network)
}

pub(super) fn contains(given: &[Value]) -> Outcome {
    let network = plain(network(text(&given[0]))?);
    let written = text(&given[1]);
    let inner = match address(written) {
        Some(ip) => IpNet::from(ip.to_canonical()),
        None => plain(self::network(written)?),
    };
    match (&network, &inner) {
        (IpNet::V4(_), IpNet::V4(_)) | (IpNet::V6(_), IpNet::V6(_)) => Ok(boolean(network.contains(&inner))),
        _ => Err(format!("`{network}` and `{inner}` are not both IPv4 or IPv6")),
    }
}
