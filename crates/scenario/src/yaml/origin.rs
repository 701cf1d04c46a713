//! From the bytes of a scalar's value back to the bytes of the file.
//!
//! The value is known already, so nothing is parsed twice: value and source are walked side by side, and where they
//! cannot be matched the origin stays unknown (messages then show the whole scalar).

/// What the source of a scalar may contain that its value does not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// Line breaks fold.
    Plain,
    /// Line breaks fold, `''` is one quote.
    SingleQuoted,
    /// Line breaks fold, a backslash escapes.
    DoubleQuoted,
    /// Each line is indented by that many columns; line breaks stay (`|`) or fold (`>`).
    Block(usize),
}

/// For each byte of `value`, and its end, the byte of the file; empty where it cannot be told.
///
/// `raw` is the source of the scalar with its quotes, `base` the place of its first byte in the file.
pub(super) fn trace(value: &str, raw: &str, base: u32, notation: Notation) -> Vec<u32> {
    let quoted = matches!(notation, Notation::SingleQuoted | Notation::DoubleQuoted);
    let mut walk = Walk {
        value: value.as_bytes(),
        raw: raw.as_bytes(),
        at: usize::from(quoted),
        found: Vec::with_capacity(value.len() + 1),
    };
    while walk.found.len() < value.len() {
        if walk.step(value, notation).is_none() {
            return Vec::new();
        }
    }
    walk.found.truncate(value.len());
    let end = walk.at.min(raw.len());
    walk.found.push(end);
    let place = |at: usize| u32::try_from(at).ok().and_then(|at| base.checked_add(at));
    walk.found.into_iter().map(place).collect::<Option<_>>().unwrap_or_default()
}

struct Walk<'a> {
    value: &'a [u8],
    raw: &'a [u8],
    /// The next byte of the source.
    at: usize,
    /// The origin of each byte of the value that has been matched.
    found: Vec<usize>,
}

impl Walk<'_> {
    /// Matches one piece of the source; `None` where it does not match the value.
    fn step(&mut self, value: &str, notation: Notation) -> Option<()> {
        let done = self.found.len();
        let wanted = self.value[done];
        let Some(&next) = self.raw.get(self.at) else {
            // A block's last line may lack its line break at the end of the file; the value has it.
            return (wanted == b'\n').then(|| self.found.push(self.raw.len()));
        };
        match notation {
            Notation::DoubleQuoted if next == b'\\' => return self.escape(value),
            Notation::SingleQuoted if self.raw[self.at..].starts_with(b"''") => {
                self.found.push(self.at);
                self.at += 2;
                return (wanted == b'\'').then_some(());
            }
            Notation::Block(indent) if self.at_break(self.at) => return self.block_break(indent),
            Notation::Block(_) => {}
            _ if next.is_ascii_whitespace() => {
                let blanks = self.blanks(self.at);
                return match self.at_break(self.at + blanks) {
                    true => self.fold(),
                    false => self.run(blanks),
                };
            }
            _ => {}
        }
        self.found.push(self.at);
        self.at += 1;
        (next == wanted).then_some(())
    }

    /// Bytes that stand for themselves, at least one.
    fn run(&mut self, length: usize) -> Option<()> {
        let length = length.max(1);
        let (raw, value) = (self.raw.get(self.at..)?, self.value.get(self.found.len()..)?);
        if raw.get(..length)? != value.get(..length)? {
            return None;
        }
        self.found.extend(self.at..self.at + length);
        self.at += length;
        Some(())
    }

    /// The number of blanks at a place.
    fn blanks(&self, at: usize) -> usize {
        let rest = self.raw.get(at..).unwrap_or(&[]);
        rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// Whether a line ends at a place.
    fn at_break(&self, at: usize) -> bool {
        let rest = self.raw.get(at..).unwrap_or(&[]);
        rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
    }

    /// An escape sequence: as many bytes of the value as its character has.
    fn escape(&mut self, value: &str) -> Option<()> {
        let code = *self.raw.get(self.at + 1)?;
        if matches!(code, b'\n' | b'\r') {
            // An escaped line break, and the indentation behind it, are nothing.
            let rest = &self.raw[self.at + 1..];
            let skipped = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.at += 1 + skipped;
            return Some(());
        }
        let digits = match code {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let character = value.get(self.found.len()..)?.chars().next()?;
        for _ in 0..character.len_utf8() {
            self.found.push(self.at);
        }
        self.at += 2 + digits;
        Some(())
    }

    /// A line break in a plain or quoted scalar: one is a blank, more are one less.
    fn fold(&mut self) -> Option<()> {
        let rest = &self.raw[self.at..];
        let run = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let breaks = rest[..run].iter().filter(|&&byte| byte == b'\n').count();
        let produced: &[u8] = if breaks == 1 { b" " } else { b"\n" };
        for _ in 0..breaks.saturating_sub(1).max(1) {
            let wanted = self.value.get(self.found.len()..)?;
            if !wanted.starts_with(produced) {
                return None;
            }
            self.found.push(self.at);
        }
        self.at += run;
        Some(())
    }

    /// One or more line breaks in a block: as many as the value has, or the blank that one folded into.
    fn block_break(&mut self, indent: usize) -> Option<()> {
        let mut breaks = 0;
        let start = self.at;
        while self.at_break(self.at) {
            self.at += if self.raw[self.at] == b'\r' { 2 } else { 1 };
            breaks += 1;
            let rest = &self.raw[self.at..];
            let spaces = rest.iter().take_while(|&&byte| byte == b' ').count();
            self.at += spaces.min(indent);
        }
        let rest = &self.value[self.found.len()..];
        let kept = rest.iter().take_while(|&&byte| byte == b'\n').count();
        let produced = if kept == 0 && breaks == 1 && rest.starts_with(b" ") { 1 } else { kept.min(breaks) };
        self.found.extend(std::iter::repeat_n(start, produced));
        (produced > 0).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks are the origins of the value's bytes, its end included.
    #[track_caller]
    fn check(notation: Notation, raw: &str, value: &str, expected: &[u32]) {
        assert_eq!(trace(value, raw, 0, notation), expected, "{raw:?} as {value:?}");
    }

    #[test]
    fn every_notation_leads_back_to_the_source() {
        check(Notation::Plain, "ab", "ab", &[0, 1, 2]);
        check(Notation::Plain, "a\n  b", "a b", &[0, 1, 4, 5]);
        check(Notation::Plain, "a \r\n\r\n  b", "a\nb", &[0, 1, 8, 9]);
        check(Notation::SingleQuoted, "'a''b'", "a'b", &[1, 2, 4, 5]);
        check(Notation::DoubleQuoted, r#""a\tb""#, "a\tb", &[1, 2, 4, 5]);
        check(Notation::DoubleQuoted, r#""\u00e9x""#, "éx", &[1, 1, 7, 8]);
        check(Notation::DoubleQuoted, "\"a\\\n  b\"", "ab", &[1, 6, 7]);
        check(Notation::DoubleQuoted, "\"a\n b\"", "a b", &[1, 2, 4, 5]);
        check(Notation::Block(2), "a\n  b\n", "a\nb\n", &[0, 1, 4, 5, 6]);
        check(Notation::Block(2), "a\n  b", "a b\n", &[0, 1, 4, 5, 5]);
        check(Notation::Block(2), "a\n\n  b\n", "a\n\nb\n", &[0, 1, 1, 5, 6, 7]);
        check(Notation::Block(2), "a\n\n  b\n", "a\nb\n", &[0, 1, 5, 6, 7]);
        check(Notation::Block(2), "a\n   b", "a\n b", &[0, 1, 4, 5, 6]);
    }

    #[test]
    fn what_does_not_match_has_no_origin() {
        check(Notation::Plain, "ab", "ac", &[]);
        check(Notation::Plain, "a", "ab", &[]);
        check(Notation::DoubleQuoted, "\"\\", "a", &[]);
    }
}
