//! "Did you mean": the known word that is nearest to a misspelt one.

/// Longer words are not compared: nobody misspells them by accident, and the work grows with the square of the length.
const LONGEST: usize = 64;

/// The candidate nearest to `word`, if it is near enough to be a slip of the fingers.
///
/// A word may differ by a third of its letters, at least by one. Equally near candidates: the earlier one wins.
/// A candidate that differs in upper and lower case, `-`, `_` and blanks alone is always near.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = fold(word)?;
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let Some(other) = fold(candidate) else {
            continue;
        };
        let allowed = ((letters.len().max(other.len()) + 1) / 3).max(1);
        // One change turns any two short words into each other: they must share a letter's place at least.
        let shares = letters.iter().zip(&other).any(|(a, b)| a == b) || letters.len() > 2;
        let far = distance(&letters, &other);
        if shares && far <= allowed && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The letters in lower case, with one kind of separator; `None` for a word that is too long.
fn fold(word: &str) -> Option<Vec<char>> {
    let mut letters = Vec::new();
    for letter in word.chars().take(LONGEST + 1) {
        match letter {
            '-' | ' ' => letters.push('_'),
            _ => letters.extend(letter.to_lowercase()),
        }
    }
    (letters.len() <= LONGEST).then_some(letters)
}

/// The number of insertions, deletions, substitutions and swaps of neighbours that turn `from` into `to`: the optimal
/// string alignment distance (Damerau 1964, with Wagner and Fischer's table of 1974, three rows of it).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (i, &a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &b) in to.iter().enumerate() {
            let substituted = above[j] + usize::from(a != b);
            let mut least = substituted.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a == to[j - 1] && from[i - 1] == b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [&str; 9] =
        ["print", "sleep", "spawn", "await", "async for", "as_completed", "return_exceptions", "if", "as"];

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(nearest(word, STEPS), expected, "{word}");
    }

    #[test]
    fn slips_are_recognised() {
        check("slep", Some("sleep"));
        check("sleeep", Some("sleep"));
        check("pritn", Some("print"));
        check("swapn", Some("spawn"));
        check("Print", Some("print"));
        check("async_for", Some("async for"));
        check("as-completed", Some("as_completed"));
        check("return_exception", Some("return_exceptions"));
        check("fi", None);
        check("i", Some("if"));
    }

    #[test]
    fn other_words_are_not() {
        check("banana", None);
        check("", None);
        check("x", None);
        check("sleep_until_done", None);
        check(&"s".repeat(100_000), None);
    }

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(nearest("bat", ["cat", "hat"]), Some("cat"));
        assert_eq!(nearest("bat", ["hat", "cat"]), Some("hat"));
    }

    #[test]
    fn distances() {
        for (from, to, expected) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("ab", "ba", 1),
            ("ca", "abc", 3),
            ("same", "same", 0),
        ] {
            let from: Vec<char> = from.chars().collect();
            let to: Vec<char> = to.chars().collect();
            assert_eq!(distance(&from, &to), expected, "{from:?} {to:?}");
        }
    }
}
