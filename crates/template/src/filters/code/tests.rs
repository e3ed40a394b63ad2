//! How long the backticks are, and when there are none.

use super::*;

fn code(text: &str) -> String {
    let mut out = String::new();
    write(&mut out, text);
    out
}

#[test]
fn the_backticks_are_one_more_than_those_inside() {
    for (text, expected) in [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("*a* <b> &amp; \\", "`*a* <b> &amp; \\`"),
        (" a\n b\u{202e} ", "`a bU+202E`"),
    ] {
        assert_eq!(code(text), expected);
    }
}

#[test]
fn a_pipe_or_jinja_needs_an_element() {
    for (text, expected) in [
        ("a|b", "<code>a&#124;b</code>"),
        ("{{ x }}", "<code>&#123;&#123; x &#125;&#125;</code>"),
        ("{%`", "<code>&#123;&#37;&#96;</code>"),
        ("", "<code></code>"),
    ] {
        assert_eq!(code(text), expected);
    }
}
