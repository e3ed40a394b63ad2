//! The three tables side by side, measured with `sigs.k8s.io/yaml` 1.6 and PyYAML 6.0 (22,756 words compared).

use super::Plain::{Bool, Float, Int, Merge, Null, Text, Timestamp};
use super::*;

/// Word, Kubernetes, YAML 1.1, YAML 1.2 core.
const TABLE: &[(&str, Plain, Plain, Plain)] = &[
    ("", Null, Null, Null),
    ("~", Null, Null, Null),
    ("NULL", Null, Null, Null),
    ("nULL", Text, Text, Text),
    ("true", Bool(true), Bool(true), Bool(true)),
    ("y", Bool(true), Bool(true), Text),
    ("No", Bool(false), Bool(false), Text),
    ("on", Bool(true), Bool(true), Text),
    ("OFF", Bool(false), Bool(false), Text),
    ("yEs", Text, Text, Text),
    ("<<", Merge, Merge, Text),
    ("=", Text, Merge, Text),
    ("0", Int(0), Int(0), Int(0)),
    ("-17", Int(-17), Int(-17), Int(-17)),
    ("+17", Int(17), Int(17), Int(17)),
    ("017", Int(15), Int(15), Int(17)),
    ("0o17", Int(15), Text, Int(15)),
    ("-0o17", Int(-15), Text, Text),
    ("08", Float(8.0), Text, Int(8)),
    ("0b11", Int(3), Int(3), Text),
    ("-0B11", Int(-3), Text, Text),
    ("0x1f", Int(31), Int(31), Int(31)),
    ("0X1F", Int(31), Text, Text),
    ("0x_", Text, Int(0), Text),
    ("0xg", Text, Text, Text),
    ("1_000", Int(1000), Int(1000), Text),
    ("1__0", Int(10), Int(10), Text),
    ("_1", Text, Text, Text),
    ("18446744073709551615", Int(u64::MAX as i128), Int(u64::MAX as i128), Int(u64::MAX as i128)),
    ("18446744073709551616", Float(18446744073709551616.0), Int(1 << 64), Int(1 << 64)),
    ("1e3", Float(1000.0), Text, Float(1000.0)),
    ("1e999", Text, Text, Float(f64::INFINITY)),
    ("1.5", Float(1.5), Float(1.5), Float(1.5)),
    ("1.", Float(1.0), Float(1.0), Float(1.0)),
    (".5", Float(0.5), Float(0.5), Float(0.5)),
    (".0_5", Float(0.05), Float(0.05), Text),
    (".5_", Text, Float(0.5), Text),
    ("-.inf", Float(f64::NEG_INFINITY), Float(f64::NEG_INFINITY), Float(f64::NEG_INFINITY)),
    ("+.nan", Text, Text, Text),
    (".", Text, Text, Text),
    ("1:30", Text, Int(90), Text),
    ("-1:30:05", Text, Int(-5405), Text),
    ("1:60", Text, Text, Text),
    ("1:30.5", Text, Float(90.5), Text),
    ("2001-12-14", Text, Timestamp, Text),
    ("2001-1-4", Text, Timestamp, Text),
    ("2001-12-14t21:59:43.10-05:00", Text, Timestamp, Text),
    ("2001-12-14 21:59:43.10 -5", Text, Timestamp, Text),
    ("2001-12", Text, Text, Text),
    ("2026.5.3", Text, Text, Text),
    ("192.168.68.7", Text, Text, Text),
    ("30m", Text, Text, Text),
    ("~/config", Text, Text, Text),
];

#[test]
fn every_reader_has_its_own_view_of_the_same_word() {
    for (word, in_kubernetes, in_yaml11, in_core) in TABLE {
        assert_eq!(kubernetes(word), *in_kubernetes, "{word} in Kubernetes");
        assert_eq!(yaml11(word), *in_yaml11, "{word} in YAML 1.1");
        assert_eq!(core(word), *in_core, "{word} in YAML 1.2");
    }
}

#[test]
fn a_word_is_text_everywhere_only_if_no_reader_takes_it_for_more() {
    for (word, in_kubernetes, in_yaml11, in_core) in TABLE {
        let all = [in_kubernetes, in_yaml11, in_core].iter().all(|plain| **plain == Text);
        assert_eq!(is_text_everywhere(word), all, "{word}");
    }
}

#[test]
fn nan_is_a_float_to_all() {
    for read in [kubernetes, yaml11, core] {
        assert!(matches!(read(".NaN"), Float(value) if value.is_nan()));
    }
}

#[test]
fn go_yaml3_has_the_words_of_yaml_1_2_and_the_numbers_of_1_1() {
    for (word, expected) in [
        ("yes", Text),
        ("on", Text),
        ("n", Text),
        ("True", Bool(true)),
        ("~", Null),
        ("0777", Int(511)),
        ("0o17", Int(15)),
        ("0x1F", Int(31)),
        ("1_000", Int(1000)),
        ("1e3", Float(1000.0)),
        ("1:30", Text),
        ("1e999", Text),
        ("2001-12-14", Timestamp),
        ("2001-13-14", Text),
        ("2001-02-29", Text),
    ] {
        assert_eq!(go_yaml3(word), expected, "{word}");
    }
}

#[test]
fn a_date_of_go_is_written_in_full() {
    for (word, expected) in [
        ("2001-1-4", Some("2001-01-04T00:00:00Z")),
        ("2001-12-14t21:59:43.10-05:00", Some("2001-12-14T21:59:43.1-05:00")),
        ("2001-12-14 21:59:43", Some("2001-12-14T21:59:43Z")),
        ("2001-12-14T21:59:43", None),
        ("2001-12-14 21:59:43Z", None),
        ("2001-12-14x", None),
    ] {
        assert_eq!(go_timestamp(word).as_deref(), expected, "{word}");
    }
}
