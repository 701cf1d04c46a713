//! Texts and f-strings: pieces in order, literals in quotes, holes as `{value!conversion:specification}`. The values
//! are those of Python 3.13's `ast` module for the same f-strings.

use super::ast::{ExprKind, Piece};
use super::tests::{show, show_text};
use super::{parse_expression, parse_text};

#[track_caller]
fn check(source: &str, expected: &str) {
    match parse_text(source) {
        Ok(text) => assert_eq!(show_text(&text), expected, "{source}"),
        Err(error) => panic!("{source}: {error:?}"),
    }
}

#[test]
fn literals_and_braces() {
    check("", "");
    check("plain 'text' with \"quotes\"", r#""plain 'text' with \"quotes\"""#);
    check("a {{b}} c", r#""a {b} c""#);
    check("{{{x}}}", r#""{"{x:}"}""#);
    check("{{}}}}{{", r#""{}}{""#);
    check("back\\slash \\n", r#""back\\slash \\n""#);
    check("two\nlines é", r#""two\nlines é""#);
}

#[test]
fn holes() {
    check("{x}", "{x:}");
    check("{ x }", "{x:}");
    check("{x}{y}", "{x:}{y:}");
    check("Consumer {name} got <{item}>", r#""Consumer "{name:}" got <"{item:}">""#);
    check("{a, b}", "{(a,b,):}");
    check("{f(1, 2)[0].b}", "{f(1, 2)[0].b:}");
    check("{a if b else c}", "{(a if b else c):}");
    check("{xs[1:2]}", "{xs[1:2:]:}");
    check("{ {'k': 1}['k'] }", r#"{{"k": 1}["k"]:}"#);
    check("{a != b}", "{(a != b):}");
    check("{'it''s'}", r#"{"its":}"#);
    check("{x\n+ 1}", "{(x + 1):}");
}

#[test]
fn conversions_and_specifications() {
    check("{x!r}{y!s}{z!a}", "{x!r:}{y!s:}{z!a:}");
    check("{x !r }", "{x!r:}");
    check("{now() - t:0.5f}", r#"{(now() - t):"0.5f"}"#);
    check("{x:>10}", r#"{x:">10"}"#);
    check("{x:=5}", r#"{x:"=5"}"#);
    check("{x!r:^{width}.{digits}}", r#"{x!r:"^"{width:}"."{digits:}}"#);
    check("{x:{w!s:>2}}", r#"{x:{w!s:">2"}}"#);
    check("{x: }", r#"{x:" "}"#);
    check("{x:}", "{x:}");
}

#[test]
fn self_documenting_holes() {
    check("{x=}", r#""x="{x!r:}"#);
    check("{ x + 1 = }", r#"" x + 1 = "{(x + 1)!r:}"#);
    check("n: {x=!s}", r#""n: x="{x!s:}"#);
    check("{x=:>5}", r#""x="{x:">5"}"#);
    check("{a==b}", "{(a == b):}");
}

#[test]
fn f_strings_are_texts_with_escapes() {
    #[track_caller]
    fn check(source: &str, expected: &str) {
        match parse_expression(source) {
            Ok(expression) => assert_eq!(show(&expression), expected, "{source}"),
            Err(error) => panic!("{source}: {error:?}"),
        }
    }
    check("f''", "f<>");
    check("f'abc'", r#"f<"abc">"#);
    check(r"f'{x}\n{{y}}'", r#"f<{x:}"\n{y}">"#);
    check(r"rf'{x}\n' f'\t'", r#"f<{x:}"\\n\t">"#);
    check(r"'{a}' f'{b}' '{c}'", r#"f<"{a}"{b:}"{c}">"#);
    check("f'{f\"{x}\"}'", "f<{f<{x:}>:}>");
    check("f'{d['key']}'", r#"f<{d["key"]:}>"#);
    check(r"f'{x:\x3e5}'", r#"f<{x:">5"}>"#);
    check("f'{x!r:>{w}}' + F\"\"", r#"(f<{x!r:">"{w:}}> + f<>)"#);
    check("f'{a}'.join(xs)", "f<{a:}>.join(xs)");
}

#[test]
fn holes_know_their_place_in_the_whole_source() {
    #[track_caller]
    fn check(pieces: &[Piece], source: &str, hole: &str, inner: &str) {
        let place = pieces.iter().find_map(|piece| match piece {
            Piece::Hole { value, at, .. } => Some((*at, value.at)),
            Piece::Literal(_) => None,
        });
        let (at, value) = place.expect("the text has a hole");
        assert_eq!(&source[at.start as usize..at.end as usize], hole);
        assert_eq!(&source[value.start as usize..value.end as usize], inner);
    }
    let source = "é {{ {a + b!r:>{w}} c";
    let text = parse_text(source).expect("a good text");
    check(&text.pieces, source, "{a + b!r:>{w}}", "a + b");
    let source = "'é' f'é\\n{ f(x) :>5}'";
    let ExprKind::FString(text) = parse_expression(source).expect("a good string").kind else {
        panic!("expected an f-string")
    };
    check(&text.pieces, source, "{ f(x) :>5}", "f(x)");
}
