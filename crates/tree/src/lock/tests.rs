//! Tests of the lock's text.

use super::*;

const ONE: &str = "# labtree.lock: x\n2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae  foo\n";

fn foo() -> Digest {
    Digest::of("foo")
}

fn damage(text: &str) -> String {
    Lock::parse(text).unwrap_err().to_string()
}

#[test]
fn a_lock_is_read_as_it_was_written() {
    let known = |rendered: &[&str], pending: &[&str]| Known {
        rendered: rendered.iter().map(Digest::of).collect(),
        pending: pending.iter().map(Digest::of).collect(),
    };
    let lock = Lock::from_iter([
        ("b/c.yaml".into(), known(&["1", "2"], &[])),
        ("a b.yaml".into(), known(&[], &["3"])),
        ("ä".into(), known(&["4"], &["4", "5"])),
        ("nothing".into(), known(&[], &[])),
    ]);
    let text = lock.to_text();
    assert!(text.starts_with(Lock::HEADER));
    assert_eq!(Lock::parse(&text), Ok(lock));
}

#[test]
fn lines_are_in_order_of_paths_and_pending_ones_are_comments() {
    let lock = Lock::from_iter([
        ("z".into(), Known { rendered: vec![foo()], pending: vec![foo()] }),
        ("a".into(), Known { rendered: vec![foo()], pending: vec![] }),
    ]);
    let text = lock.to_text();
    let lines: Vec<&str> = text.lines().collect();
    let hex = foo().to_string();
    assert_eq!(lines[1..], [format!("{hex}  a"), format!("{hex}  z"), format!("# pending {hex}  z")]);
}

#[test]
fn a_lock_without_a_file_is_left_alone() {
    assert_eq!(Lock::parse(&Lock::default().to_text()), Ok(Lock::default()));
}

#[test]
fn an_empty_file_is_reported() {
    assert_eq!(damage(""), "`labtree.lock` is damaged: line 1 is missing: the file is empty");
}

#[test]
fn a_lock_without_its_title_is_reported() {
    assert_eq!(damage("\n"), "`labtree.lock` is damaged: line 1 is not `# labtree.lock…`, as it is in every lock");
    assert_eq!(
        damage(ONE.split_inclusive('\n').nth(1).unwrap()),
        "`labtree.lock` is damaged: line 1 is not `# labtree.lock…`, as it is in every lock"
    );
}

#[test]
fn a_last_line_that_is_cut_off_is_reported() {
    for end in [1, 5, 69] {
        assert_eq!(damage(&ONE[..ONE.len() - end]), "`labtree.lock` is damaged: line 2 is cut off");
    }
}

#[test]
fn a_line_that_is_no_entry_is_reported_with_its_place() {
    let hex = foo().to_string();
    for line in ["foo", &hex, &format!("{hex} foo"), &format!("{hex} *foo"), &hex[1..], &format!("x{hex}  foo"), "ä"] {
        let damage = Lock::parse(&format!("{ONE}\n{line}\n{ONE}")).unwrap_err();
        assert_eq!(damage.to_string(), "`labtree.lock` is damaged: line 4 is not a digest, two spaces and a path");
        assert_eq!(damage.range, ONE.len() + 1..ONE.len() + 1 + line.len());
    }
    assert!(damage(&format!("{ONE}# pending foo\n")).contains("line 3 is not a digest"));
}

#[test]
fn a_path_outside_the_root_is_reported() {
    let hex = foo().to_string();
    assert_eq!(
        damage(&format!("{ONE}{hex}  /etc/passwd\n")),
        "`labtree.lock` is damaged: line 3 names the path `/etc/passwd`, which is absolute"
    );
    assert_eq!(
        damage(&format!("{ONE}# pending {hex}  a/../../b\n")),
        "`labtree.lock` is damaged: line 3 names the path `a/../../b`, which leads out of its folder with `..`"
    );
    assert!(damage(&format!("{ONE}{hex}  a\rb\n")).contains("`a\\rb`, which holds a control character"));
}

#[test]
fn bytes_that_are_not_utf_8_are_reported_with_their_line() {
    let bytes = [ONE.as_bytes(), b"ab\xff\n"].concat();
    let damage = Lock::parse_bytes(&bytes).unwrap_err();
    assert_eq!(damage.to_string(), "`labtree.lock` is damaged: line 3 is not UTF-8");
    assert_eq!(damage.range, ONE.len()..ONE.len() + 2);
    assert_eq!(Lock::parse_bytes(ONE.as_bytes()), Lock::parse(ONE));
}

#[test]
fn all_sides_of_a_conflict_count() {
    let entry = |text: &str| format!("{}  foo\n", Digest::of(text));
    let (ours, base, theirs) = (entry("ours"), entry("base"), entry("theirs"));
    let text = format!("{ONE}<<<<<<< HEAD\n{ours}||||||| 1a2b\n{base}=======\n{theirs}>>>>>>> branch\n");
    let lock = Lock::parse(&text).unwrap();
    let known = lock.get("foo").unwrap();
    assert!(["foo", "ours", "base", "theirs"].iter().all(|text| known.contains(Digest::of(text))));
    assert_eq!(Lock::parse(&format!("<<<<<<< HEAD\n{ONE}=======\n{ONE}>>>>>>> branch\n")), Lock::parse(ONE));
}

#[test]
fn line_breaks_of_windows_are_read() {
    assert_eq!(Lock::parse(&ONE.replace('\n', "\r\n")), Lock::parse(ONE));
}

#[test]
fn damage_points_at_its_line() {
    let damage = Lock::parse(&format!("{ONE}foo\n")).unwrap_err();
    let diagnostic = damage.diagnostic(FileId(3));
    assert_eq!(diagnostic.primary.span, Span::new(FileId(3), ONE.len()..ONE.len() + 3));
    assert_eq!(diagnostic.rule, "damaged-lock");
}
