//! Backslash escapes of string literals, as Python resolves them.

use super::error::{Parsed, SyntaxError, range};

/// Appends what the escape at the beginning of `rest` stands for, and returns its length in bytes. `position` is where
/// `rest` begins in the source.
///
/// A backslash before a character that forms no escape stays, as in Python.
pub(super) fn resolve(rest: &str, position: usize, literal: &mut String) -> Parsed<usize> {
    let Some(letter) = rest[1..].chars().next() else {
        literal.push('\\');
        return Ok(1);
    };
    let simple = match letter {
        '\\' | '\'' | '"' => letter,
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\n' => return Ok(2),
        'x' => return hexadecimal(rest, position, 2, literal),
        'u' => return hexadecimal(rest, position, 4, literal),
        'U' => return hexadecimal(rest, position, 8, literal),
        '0'..='7' => return octal(rest, position, literal),
        'N' if rest[2..].starts_with('{') => {
            let error =
                SyntaxError::new(range(position, position + 2), "a character by its name", "names are not known here");
            return Err(error.help("write the character itself, or its number as in \\u00e9"));
        }
        _ => {
            literal.push('\\');
            return Ok(1);
        }
    };
    literal.push(simple);
    Ok(2)
}

/// `\x41`, `\u00e9`, `\U0001f600`.
fn hexadecimal(rest: &str, position: usize, count: usize, literal: &mut String) -> Parsed<usize> {
    let digits = rest[2..].bytes().take(count).take_while(u8::is_ascii_hexdigit).count();
    let length = 2 + digits;
    if digits < count {
        let at = range(position, position + length);
        let label = format!("expected {count} hexadecimal digits");
        return Err(SyntaxError::new(at, "an unfinished escape", label).help("write two backslashes for a backslash"));
    }
    numbered(&rest[2..length], 16, position, length, literal)
}

/// `\0`, `\12`, `\101`.
fn octal(rest: &str, position: usize, literal: &mut String) -> Parsed<usize> {
    let digits = rest[1..].bytes().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
    numbered(&rest[1..1 + digits], 8, position, 1 + digits, literal)
}

fn numbered(digits: &str, radix: u32, position: usize, length: usize, literal: &mut String) -> Parsed<usize> {
    let character = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    literal.push(character.ok_or_else(|| {
        SyntaxError::new(
            range(position, position + length),
            "an escape that is no character",
            "no character has this number",
        )
    })?);
    Ok(length)
}
