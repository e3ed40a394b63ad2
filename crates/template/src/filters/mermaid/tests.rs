//! What becomes an entity.

use super::*;

fn mermaid(text: &str) -> String {
    let mut out = String::new();
    write(&mut out, text);
    out
}

#[test]
fn ordinary_names_are_left_as_they_are() {
    for text in ["Jellyfin", "client_id of a-b", "https://a.b/c?d=e", "größe 日本", "v1.5", "it's!"] {
        assert_eq!(mermaid(text), text);
    }
}

#[test]
fn what_mermaid_gives_a_meaning_is_an_entity() {
    for (text, expected) in [
        ("say \"a\"", "say #quot;a#quot;"),
        ("a]b[c", "a#93;b#91;c"),
        ("#35; &lt; <b>", "#35;35#59; #38;lt#59; #60;b#62;"),
        ("```", "#96;#96;#96;"),
        ("%%{init: {}}%%", "#37;#37;#123;init: #123;#125;#125;#37;#37;"),
        ("{{ x }}", "#123;#123; x #125;#125;"),
        ("**a** _b_", "#42;#42;a#42;#42; #95;b#95;"),
        ("1. a", "1#46; a"),
        ("- a - b", "#45; a - b"),
        ("$$x$$ \\n", "#36;#36;x#36;#36; #92;n"),
        ("a\nb\u{202e}", "a bU+202E"),
    ] {
        assert_eq!(mermaid(text), expected);
    }
}
