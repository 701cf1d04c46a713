//! Values put in quotes: the cure for what YAML cuts or takes for something else.

use crate::source::Span;

/// The text as a quoted YAML scalar on one line: double quotes, or single ones where double ones would need escapes.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// Lines longer than this many bytes are not looked at: nobody mends them by hand.
const LONGEST: usize = 2000;

/// The text from a byte to the end of its line; `None` where that is too long.
pub(crate) fn line_from(source: &str, from: usize) -> Option<&str> {
    let rest = source.get(from..)?;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b'\n');
    let end = end.or_else(|| (rest.len() <= LONGEST).then_some(rest.len()))?;
    Some(rest[..end].trim_end_matches('\r'))
}

/// The value that the author of a line meant, quoted: a patch for the line that holds the byte `at`.
///
/// `None` unless the line is `key: value` or `- key: value` with a value that quotes could mend.
pub(crate) fn line_value(source: &str, at: usize) -> Option<(Span, String)> {
    let before = source.get(..at)?.bytes().rev().take(LONGEST);
    let start = at - before.take_while(|&byte| byte != b'\n').count();
    if source.get(start..)?.starts_with('\u{feff}') {
        return line_value_at(source, start + '\u{feff}'.len_utf8());
    }
    line_value_at(source, start)
}

fn line_value_at(source: &str, start: usize) -> Option<(Span, String)> {
    let line = line_from(source, start)?;
    let mut key = line.trim_start();
    while let Some(rest) = key.strip_prefix("- ") {
        key = rest.trim_start();
    }
    let colon = key.find(": ")?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '(' | ')' | ',' | '=' | '.');
    if colon == 0 || !key[..colon].chars().all(plain) {
        return None;
    }
    rest_of_line(source, start + (line.len() - key.len()) + colon + 2)
}

/// Everything from a byte to the end of its line, quoted; a comment that is set off by `# ` stays outside.
pub(crate) fn rest_of_line(source: &str, from: usize) -> Option<(Span, String)> {
    let rest = line_from(source, from)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let value = rest.trim_start();
    let value = value.find(" # ").map_or(value, |comment| &value[..comment]).trim_end();
    let broken = value.is_empty() || value.starts_with(['|', '>', '&']);
    if broken || value.chars().any(char::is_control) {
        return None;
    }
    let span = Span { start: u32::try_from(start).ok()?, end: u32::try_from(start + value.len()).ok()? };
    Some((span, quoted(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let patched = line_value(line, 0)
            .map(|(span, text)| format!("{}{text}{}", &line[..span.start as usize], &line[span.end as usize..]));
        assert_eq!(patched.as_deref(), expected, "{line}");
    }

    #[test]
    fn the_value_of_a_line_is_quoted_as_a_whole() {
        check("print: {i} too low", Some(r#"print: "{i} too low""#));
        check("  - print: r1: {r}  ", Some(r#"  - print: "r1: {r}"  "#));
        check(r#"- - if: x == "a: b""#, Some(r#"- - if: 'x == "a: b"'"#));
        check(r#"if: "it's" in seen"#, Some(r#"if: '"it''s" in seen'"#));
        check("if: @x # why", Some(r#"if: "@x" # why"#));
        check("print: Order #{n}", Some(r##"print: "Order #{n}""##));
        check("consume(name, n=2): @", Some(r#"consume(name, n=2): "@""#));
        check("{a: b}", None);
        check("text: |", None);
        check("nothing:", None);
        check("no colon", None);
    }
}
