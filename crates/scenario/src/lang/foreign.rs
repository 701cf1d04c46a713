//! Words and operators that people bring along from Python's statements and from other languages, and what to tell
//! them.

use super::forms::augmented;

/// Words that begin steps in a scenario or mean something in Python, but stand in no expression.
pub(super) fn steps_help(word: &str) -> Option<&'static str> {
    Some(match word {
        "lambda" => "there are no functions in expressions: write a comprehension, or a task",
        "await" => "awaiting is a step: `await: q.get()`, and `as: item` takes its value",
        "yield" => "yielding is a step: `yield: value`",
        "async" => "`async for` is a step; comprehensions go over ordinary lists",
        "for" | "while" | "if" | "try" | "with" | "return" | "raise" | "break" | "continue" | "pass" => {
            "this is a step of its own, not part of an expression"
        }
        "assert" => "assertions stand under `expect` and `always`",
        "import" | "from" => "nothing is imported: the functions of the language are always there",
        "class" | "def" | "del" | "global" | "nonlocal" | "except" | "finally" | "elif" => {
            "this keyword of Python's is not part of the language"
        }
        _ => return None,
    })
}

/// What to say of a symbol that Python has, but not where it was found.
pub(super) fn symbol_help(word: &str) -> Option<&'static str> {
    Some(match word {
        ";" => "one expression only: further steps are items of their own",
        "#" => {
            "a comment stands after the whole scalar, after a blank; a `#` in a string needs quotes around the scalar"
        }
        ":" => "a `:` stands in a slice, in a dict, or before the format in a text",
        "\\" => "lines need no backslash at their end; escapes stand in strings",
        "..." => "write the expression out",
        _ if augmented(word).is_some() => "only a `let` step changes a variable",
        _ => return None,
    })
}

/// Operators of other languages: what to write instead, and how to say so.
pub(super) fn foreign_operator(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "&&" => ("and", "Python writes `and`"),
        "||" => ("or", "Python writes `or`"),
        "===" => ("==", "Python writes `==`"),
        "!==" | "<>" => ("!=", "Python writes `!=`"),
        "=>" => (">=", "Python writes `>=`"),
        "?" => ("", "a choice is written `a if test else b`"),
        "->" => ("", "an attribute or a method is written with a dot"),
        "@" | "@=" => ("", "there are no matrices in this language"),
        "$" | "`" => ("", "a name needs no mark before it"),
        _ => return None,
    })
}

/// The operator that this word is probably meant to be: the same letters in another case or order.
pub(super) fn misspelt_operator(word: &str) -> Option<&'static str> {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().map(|letter| letter.to_ascii_lowercase()).collect();
        letters.sort_unstable();
        letters
    };
    match word {
        "mod" => return Some("%"),
        "div" => return Some("//"),
        "xor" => return Some("^"),
        "eq" | "equals" => return Some("=="),
        _ => {}
    }
    if word.len() > 4 {
        return None;
    }
    ["and", "or", "not", "in", "is", "if", "else", "for"].into_iter().find(|keyword| sorted(keyword) == sorted(word))
}
