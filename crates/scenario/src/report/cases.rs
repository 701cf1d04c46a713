//! Tests as data: texts and the messages that they give, one after the other in a file.
//!
//! A case is `==== name`, the text, `----`, and the messages. Invisible characters are written `<TAB>`, `<CR>`, `<NUL>`,
//! `<ESC>`, `<BOM>` in the text.

/// Checks every case of a file: `render` gives the messages of a text.
#[track_caller]
pub(crate) fn check_all(cases: &str, render: impl Fn(&str) -> String) {
    let mut count = 0;
    for case in cases.split("==== ").skip(1) {
        let (name, rest) = case.split_once('\n').expect("a case has lines");
        let (source, expected) = rest.split_once("----\n").expect("a case has a text and messages");
        check(name, &written(source), expected, &render);
        count += 1;
    }
    assert!(count > 0, "no cases");
}

#[track_caller]
fn check(name: &str, source: &str, expected: &str, render: &impl Fn(&str) -> String) {
    let found = render(source);
    assert_eq!(found.trim_end(), expected.trim_end(), "{name}:\n{found}");
}

/// The text with its invisible characters.
pub(crate) fn written(source: &str) -> String {
    let names = [
        ("<TAB>", "\t"),
        ("<CR>", "\r"),
        ("<NUL>", "\0"),
        ("<ESC>", "\u{1b}"),
        ("<CSI>", "\u{9b}"),
        ("<BOM>", "\u{feff}"),
    ];
    names.iter().fold(source.to_owned(), |text, (name, character)| text.replace(name, character))
}
