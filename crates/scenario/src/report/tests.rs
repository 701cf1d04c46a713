use super::*;

fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).expect("tests are short");
    Span { start: offset(start), end: offset(end) }
}

#[track_caller]
fn check(problems: &[Problem], source: &str, expected: &str) {
    let rendered = render(problems, source, "f.yaml", Style::Plain);
    assert_eq!(rendered.trim_end(), expected.trim(), "\n{rendered}");
}

#[test]
fn problems_follow_one_another() {
    let first = Problem::new(span(0, 1), "one", "here");
    let second = Problem::new(span(5, 6), "two", "there")
        .related(span(0, 1), "because of this")
        .help("mend it")
        .patch(Some((span(5, 6), "é".to_owned())));
    check(
        &[first, second],
        "a: 1\nb: 2\n",
        "
error: one
 --> f.yaml:1:1
  |
1 | a: 1
  | ^ here

error: two
 --> f.yaml:2:1
  |
1 | a: 1
  | - because of this
2 | b: 2
  | ^ there
  |
help: mend it
  |
2 - b: 2
2 + é: 2
  |",
    );
}

#[test]
fn a_place_on_several_lines_is_shown_by_its_first() {
    let problem = Problem::new(span(3, 12), "long", "");
    check(
        &[problem],
        "a: one  \n  two\n",
        "
error: long
 --> f.yaml:1:4
  |
1 | a: one  
  |    ^^^",
    );
}

#[test]
fn a_place_beyond_the_end_is_the_end() {
    let problem = Problem::new(span(90, 99), "nothing more", "the file ends here");
    check(
        &[problem],
        "a: é",
        "
error: nothing more
 --> f.yaml:1:5
  |
1 | a: é
  |     ^ the file ends here",
    );
}

#[test]
fn a_patch_alone_is_introduced() {
    let problem = Problem::new(span(0, 1), "wrong", "").patch(Some((span(0, 1), "b".to_owned())));
    check(
        &[problem],
        "a",
        "
error: wrong
 --> f.yaml:1:1
  |
1 | a
  | ^
  |
help: write
  |
1 - a
1 + b
  |",
    );
}

#[test]
fn a_long_line_is_shortened_and_its_column_is_true() {
    let source = format!("first: 1\n{}HERE{}", "é".repeat(10_000), "x".repeat(1_000_000));
    let start = source.find("HERE").expect("it is there");
    let problem =
        Problem::new(span(start, start + 4), "wrong", "here").patch(Some((span(start, start + 4), "THERE".to_owned())));
    let rendered = render(&[problem], &source, "f.yaml", Style::Plain);
    let mut lines = rendered.lines();
    assert_eq!(lines.next(), Some("error: wrong"));
    assert_eq!(lines.next(), Some(" --> f.yaml:2:10001"));
    assert!(rendered.contains("HERE") && rendered.contains("^^^^ here"));
    assert!(rendered.len() < 1000, "{rendered}");
}

#[test]
fn places_far_apart_are_shown_one_after_the_other() {
    let source = format!("a: 1\n{}a: 2\n", "# a comment\n".repeat(100_000));
    let second = source.rfind("a: 2").expect("it is there");
    let problem = Problem::new(span(second, second + 1), "twice", "again").related(span(0, 1), "first given here");
    check(
        &[problem],
        &source,
        "
error: twice
      --> f.yaml:100002:1
       |
100002 | a: 2
       | ^ again
       |
note: first given here
      --> f.yaml:1:1
       |
     1 | a: 1
       | ^",
    );
}

#[test]
fn no_more_than_fifty_are_shown() {
    let problems = vec![Problem::new(span(0, 1), "wrong", ""); 53];
    let rendered = render(&problems, "a", "f.yaml", Style::Plain);
    assert_eq!(rendered.matches("error: wrong").count(), SHOWN);
    assert!(rendered.ends_with("\nand 3 more\n"), "{rendered}");
    assert_eq!(render(&[], "a", "f.yaml", Style::Plain), "");
}

#[test]
fn nothing_reaches_the_terminal_that_it_would_obey() {
    let evil = "\u{1b}[31m\u{9b}31m\u{202e}\r\0\u{7}";
    let source = format!("a: {evil}\n");
    let problem = Problem::new(span(3, 4), evil, evil)
        .related(span(0, 1), evil)
        .help(evil)
        .patch(Some((span(3, 4), evil.to_owned())));
    let rendered = render(&[problem], &source, evil, Style::Plain);
    let obeyed = |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    assert!(!rendered.contains(obeyed), "{rendered:?}");
}

#[test]
fn colours_change_no_text() {
    let problem = Problem::new(span(0, 1), "wrong", "here").help("mend it");
    let coloured = render(std::slice::from_ref(&problem), "a: 1", "f.yaml", Style::Colour);
    assert!(coloured.contains("\u{1b}["));
    let mut pieces = coloured.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or("", |(_, text)| text));
    }
    assert_eq!(plain, render(&[problem], "a: 1", "f.yaml", Style::Plain));
}
