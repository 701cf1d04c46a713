//! What can be told of a file before it is read as YAML: its encoding, its size, its characters.

use super::Limits;
use crate::problem::Problem;
use crate::source::Span;

/// Reads bytes as UTF-8.
///
/// # Errors
/// The first byte that is none: the problem's place counts in the text that [`String::from_utf8_lossy`] makes of the
/// bytes, which is what should be shown with it.
pub(crate) fn decode_utf8(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        // What comes before is valid, hence unchanged by the lossy reading, where one U+FFFD (three bytes) follows.
        let start = offset(error.valid_up_to());
        let end = start.saturating_add(offset('\u{fffd}'.len_utf8()));
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or(0);
        let help = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            "the file is UTF-16: save it as UTF-8"
        } else {
            "save the file as UTF-8"
        };
        Problem::new(Span { start, end }, "the file is not UTF-8", format!("the byte {byte:#04x} does not belong here"))
            .help(help)
    })
}

/// Refuses what no scenario needs: a text that is too large, and characters that nobody sees.
pub(super) fn check(source: &str, limits: &Limits) -> Result<(), Problem> {
    // Places are 32 bits wide, whatever the limit says.
    if source.len() > limits.bytes.min(u32::MAX as usize) {
        let title = format!("the file has {} bytes, more than {}", source.len(), limits.bytes);
        return Err(Problem::new(Span::default(), title, "a scenario is a short text"));
    }
    for (at, character) in source.char_indices() {
        let refused = match character {
            '\n' | '\t' => None,
            '\r' if source.as_bytes().get(at + 1) == Some(&b'\n') => None,
            '\r' => Some("a carriage return without a line feed"),
            '\0' => Some("a NUL character"),
            _ if character.is_control() => Some("a control character"),
            _ => None,
        };
        if let Some(what) = refused {
            let span = Span { start: offset(at), end: offset(at + character.len_utf8()) };
            let code = format!("U+{:04X} stands here", u32::from(character));
            let escape = character.escape_unicode();
            return Err(Problem::new(span, format!("{what} in the file"), code)
                .help(format!("in a double-quoted text it can be written `{}`", yaml_escape(escape.to_string()))));
        }
    }
    Ok(())
}

/// A byte offset as places hold it.
pub(super) fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Rust's `\u{1b}` as YAML's `\x1b`.
fn yaml_escape(rust: String) -> String {
    let digits = rust.trim_start_matches("\\u{").trim_end_matches('}');
    format!("\\x{digits:0>2}")
}
