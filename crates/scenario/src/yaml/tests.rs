use super::*;
use crate::report::{self, cases};
use crate::source::Style;

/// The message of a text that is refused.
fn refused(source: &str) -> String {
    match parse(source) {
        Err(problem) => report::render(&[problem], source, "f.yaml", report::Style::Plain),
        Ok(node) => format!("read: {node:?}"),
    }
}

#[test]
fn what_is_no_yaml_is_refused_at_its_place() {
    cases::check_all(include_str!("testdata/refused.txt"), refused);
}

/// The value of the key `a`: its text, style, what YAML takes it for, and the source between the origins of its ends.
#[track_caller]
fn check_scalar(source: &str, expected: (&str, Style, Resolved), traced: Option<&str>) {
    let node = parse(source).unwrap_or_else(|problem| panic!("{source:?}: {}", problem.title));
    let Kind::Mapping(entries) = &node.kind else {
        panic!("{source:?} is no mapping");
    };
    let Kind::Scalar(scalar, resolved) = &entries[0].value.kind else {
        panic!("{source:?} has no scalar");
    };
    assert_eq!((scalar.value.as_str(), scalar.style, *resolved), expected, "{source:?}");
    let within = scalar.locate(0, scalar.value.len());
    let found = (!scalar.origin.is_empty()).then(|| &source[within.start as usize..within.end as usize]);
    assert_eq!(found, traced, "{source:?}");
}

#[test]
fn plain_scalars_keep_their_text() {
    for (text, resolved) in [
        ("0x10", Resolved::Number),
        ("1e999", Resolved::Number),
        ("010", Resolved::Number),
        ("-3", Resolved::Number),
        (".5", Resolved::Number),
        ("+1.5e-3", Resolved::Number),
        ("0o17", Resolved::Number),
        (".nan", Resolved::Number),
        ("-.inf", Resolved::Number),
        ("1_000", Resolved::Text),
        ("2.0s", Resolved::Text),
        ("1m30s", Resolved::Text),
        ("12345e6789", Resolved::Number),
        ("99999999999999999999999999", Resolved::Number),
        ("no", Resolved::Text),
        ("1e", Resolved::Text),
        (".", Resolved::Text),
        ("0x", Resolved::Text),
        ("-", Resolved::Text),
        ("true", Resolved::Bool),
        ("False", Resolved::Bool),
        ("null", Resolved::Null),
        ("~", Resolved::Null),
        ("x[0] + f(a, b)", Resolved::Text),
        ("produce(n) for n in range(3)", Resolved::Text),
    ] {
        if text != "-" {
            check_scalar(&format!("a: {text}\n"), (text, Style::Plain, resolved), Some(text));
        }
    }
    check_scalar("a:\n", ("", Style::Plain, Resolved::Null), Some(""));
    check_scalar("a:   # why\n", ("", Style::Plain, Resolved::Null), Some(""));
    check_scalar("a: x  # why\n", ("x", Style::Plain, Resolved::Text), Some("x"));
    check_scalar("a: one\n  two\n", ("one two", Style::Plain, Resolved::Text), Some("one\n  two"));
    check_scalar("a:\n  one\n", ("one", Style::Plain, Resolved::Text), Some("one"));
    check_scalar("\u{feff}a: é\r\n", ("é", Style::Plain, Resolved::Text), Some("é"));
}

#[test]
fn quotes_and_blocks_are_told_apart_and_traced() {
    let text = Resolved::Text;
    check_scalar("a: 'it''s'\n", ("it's", Style::Quoted, text), Some("it''s"));
    check_scalar("a: \"x\\ty\"\n", ("x\ty", Style::Quoted, text), Some("x\\ty"));
    check_scalar("a: \"\"\n", ("", Style::Quoted, text), Some(""));
    check_scalar("a: '5'\n", ("5", Style::Quoted, text), Some("5"));
    check_scalar("a: |\n  one\n  two\n", ("one\ntwo\n", Style::Block, text), Some("one\n  two\n"));
    check_scalar("a: |-\n  \"one\"\n", ("\"one\"", Style::Block, text), Some("\"one\""));
    check_scalar("a: | # why\n  one\n", ("one\n", Style::Block, text), Some("one\n"));
    check_scalar("a: >\n  one\n  two\n", ("one two\n", Style::Block, text), Some("one\n  two\n"));
    check_scalar("a: >-\r\n  one\r\n  two\r\n", ("one two", Style::Block, text), Some("one\r\n  two"));
    check_scalar("a: |\n  one\n   two\n", ("one\n two\n", Style::Block, text), Some("one\n   two\n"));
    check_scalar("a: |\nb: 1\n", ("", Style::Block, text), Some(""));
    check_scalar("a:\n  # ends with |\n  one\n", ("one", Style::Plain, text), Some("one"));
    check_scalar("a: \"x\n\n  y\"\n", ("x\ny", Style::Quoted, text), Some("x\n\n  y"));
}

#[test]
fn lists_and_mappings_know_where_they_end() {
    for (source, expected) in [
        ("a: [1, {b: 2}] # c\n", "[1, {b: 2}]"),
        ("a: {b: [1,\n 2]}\n", "{b: [1,\n 2]}"),
        ("a:\n  - 1\n  - 2\n\nb: 1\n", "- 1\n  - 2"),
        ("a:\n  b: 1\n  c: \"x\"\nd: 1\n", "b: 1\n  c: \"x\""),
    ] {
        let node = parse(source).unwrap_or_else(|problem| panic!("{}", problem.title));
        let Kind::Mapping(entries) = &node.kind else {
            panic!("{source:?} is no mapping");
        };
        let span = entries[0].value.span;
        assert_eq!(&source[span.start as usize..span.end as usize], expected);
    }
}

#[test]
fn harmless_aliases_repeat_what_they_name() {
    let aliased = parse("a: &x [1, {b: &y 2}]\nc: *x\nd: *y\n").expect("aliases are allowed");
    let written = parse("a: [1, {b: 2}]\nc: [1, {b: 2}]\nd: 2\n").expect("this is YAML");
    let plain = |node: &Node| format!("{:?}", independent::normalised(node));
    assert_eq!(plain(&aliased), plain(&written));
}

/// A hostile text, the message's title, and its line and column.
#[track_caller]
fn check_hostile(source: &str, limits: &Limits, title: &str, place: (u32, u32)) {
    let problem = parse_within(source, limits).expect_err("the text is refused");
    assert_eq!(problem.title, title);
    assert_eq!(report::line_column(source, problem.span.start as usize), place);
}

#[test]
fn hostile_texts_are_refused_at_once() {
    let limits = Limits::default();
    let deep = "lists and mappings are nested too deeply";
    check_hostile(&"[".repeat(100_000), &limits, deep, (1, 256));
    check_hostile(&"- ".repeat(100_000), &limits, deep, (1, 129));
    check_hostile(&"{a: ".repeat(100_000), &limits, deep, (1, 1021));
    check_hostile(&"? ".repeat(100_000), &limits, deep, (1, 129));
    let repeats = "anchors and aliases repeat too much";
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    check_hostile(&bomb, &limits, repeats, (5, 9));
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(1000));
    check_hostile(&long, &limits, repeats, (2, 669));
}

#[test]
fn limits_hold_exactly() {
    let limits = Limits { bytes: 40, nodes: 6, depth: 3, alias_nodes: 4 };
    // The mapping, two keys, the list and two items: six.
    assert!(parse_within("a: [1, 2]\nb:\n", &Limits { nodes: 7, ..limits }).is_ok());
    check_hostile("a: [1, 2]\nb:\n", &limits, "the file has too many values", (2, 2));
    assert!(parse_within("a: [[1]]\n", &limits).is_ok());
    check_hostile("a: [[[1]]]\n", &limits, "lists and mappings are nested too deeply", (1, 6));
    assert!(parse_within(&format!("a: {}\n", "x".repeat(36)), &limits).is_ok());
    check_hostile(&format!("a: {}\n", "x".repeat(37)), &limits, "the file has 41 bytes, more than 40", (1, 1));
    assert!(parse_within("a: &x [1]\nb: *x\n", &limits).is_ok());
    check_hostile(
        "a: &x [1]\nb: *x\nc: *x\n",
        &Limits { nodes: 99, ..limits },
        "anchors and aliases repeat too much",
        (3, 4),
    );
    check_hostile(
        "a: &x [[1]]\nb: [*x]\n",
        &Limits { nodes: 99, alias_nodes: 99, ..limits },
        "lists and mappings are nested too deeply",
        (2, 5),
    );
}

#[test]
fn bytes_that_are_no_utf8_are_placed() {
    for (bytes, expected) in [(&b"a: 1\nb: \xff\n"[..], (2, 4)), (b"\xc3\xa9 \xc3", (1, 3)), (b"\xff\xfea\0", (1, 1))] {
        let problem = decode_utf8(bytes).expect_err("this is no UTF-8");
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!(report::line_column(&shown, problem.span.start as usize), expected, "{bytes:?}");
        assert_eq!(problem.title, "the file is not UTF-8");
    }
    assert_eq!(decode_utf8("é".as_bytes()), Ok("é"));
}

#[test]
fn a_single_value_may_be_anything() {
    for (source, expected) in
        [("5", "a number"), ("[1, 2]", "a list"), ("{a: 1}", "a mapping"), ("", "nothing"), ("x", "a text")]
    {
        let node = parse_value(source).unwrap_or_else(|problem| panic!("{}", problem.title));
        assert_eq!(node.describe(), expected, "{source:?}");
    }
    assert!(parse_value("[1").is_err());
}
