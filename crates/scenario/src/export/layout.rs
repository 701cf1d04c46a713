//! Lines that are too long, broken where a formatter of Python would: within their brackets.

/// How wide a line may be, by the custom of Python's formatters.
const WIDTH: usize = 88;

/// Operators between which a line may be broken.
const LOGIC: &[&str] = &[" or ", " and "];
const SUM: &[&str] = &[" + ", " - "];
const OPERATORS: &[&str] = &[",", " if ", " or ", " and ", " + ", " - "];

/// How much further in what stands within broken brackets is.
const INDENT: usize = 4;

/// The line at its depth, in several lines where it is too wide and can be broken.
pub(super) fn lines(line: &str, indent: usize) -> Vec<String> {
    let whole = format!("{}{line}", " ".repeat(indent));
    if width(&whole) <= WIDTH {
        return vec![whole];
    }
    if let Some(broken) = in_new_brackets(line, indent) {
        return broken;
    }
    let brackets = last_brackets(line);
    let broken =
        brackets.and_then(|(open, close)| broken(&line[..=open], &line[open + 1..close], &line[close..], indent));
    broken.unwrap_or_else(|| vec![whole])
}

/// What stands between `head` and `tail` on lines of its own, if that makes all of them narrow enough.
fn broken(head: &str, body: &str, tail: &str, indent: usize) -> Option<Vec<String>> {
    let margin = " ".repeat(indent);
    let mut written = vec![format!("{margin}{head}")];
    let inner = indent + INDENT;
    let one_line = format!("{}{body}", " ".repeat(inner));
    if width(&one_line) <= WIDTH {
        written.push(one_line);
    } else {
        for part in parts(body)? {
            written.extend(lines(&part, inner));
        }
    }
    written.push(format!("{margin}{tail}"));
    written.iter().all(|line| width(line) <= WIDTH).then_some(written)
}

/// A condition, a result or an assigned value of several operands, in brackets that only hold its lines together.
fn in_new_brackets(line: &str, indent: usize) -> Option<Vec<String>> {
    let word = ["if ", "elif ", "while ", "return "].into_iter().find(|word| line.starts_with(word));
    let assigned = || places(line, &[" = "]).last().map(|at| at + " = ".len());
    let start = word.map(str::len).or_else(assigned)?;
    let (body, tail) = match line[start..].strip_suffix(':') {
        Some(body) => (body, "):"),
        None => (&line[start..], ")"),
    };
    let can_be_broken = !places(body, OPERATORS).is_empty();
    can_be_broken.then(|| broken(&format!("{}(", &line[..start]), body, tail, indent)).flatten()
}

/// The lines of what stands within brackets: its elements, else the clauses of a comprehension, else the operands of
/// its loosest operator.
fn parts(body: &str) -> Option<Vec<String>> {
    let comprehension: &[&str] = &[" for ", " if "];
    let is_comprehension = !places(body, &[" for "]).is_empty();
    let commas = places(body, &[","]);
    // In a comprehension a comma is one between its variables: `for name, delay in pairs`.
    if !commas.is_empty() && !is_comprehension {
        let elements = pieces(body, &commas, 1).into_iter().filter(|element| !element.is_empty());
        return Some(elements.map(|element| format!("{element},")).collect());
    }
    let choice: &[&str] = &[" if ", " else "];
    let levels = if is_comprehension { vec![comprehension] } else { vec![choice, LOGIC, SUM] };
    let found = levels.into_iter().map(|words| places(body, words)).find(|found| !found.is_empty());
    match found {
        Some(found) => Some(pieces(body, &found, 0).into_iter().map(str::to_owned).collect()),
        // One element, which may have brackets of its own.
        None => last_brackets(body).map(|_| vec![body.to_owned()]),
    }
}

/// The text cut at these places, each of which may lose so many bytes.
fn pieces<'a>(text: &'a str, places: &[usize], lost: usize) -> Vec<&'a str> {
    let mut pieces = Vec::with_capacity(places.len() + 1);
    let mut start = 0;
    for &place in places {
        pieces.push(text[start..place].trim());
        start = place + lost;
    }
    pieces.push(text[start..].trim());
    pieces
}

/// Where one of the words stands outside of brackets and strings.
fn places(text: &str, words: &[&str]) -> Vec<usize> {
    let mut found = Vec::new();
    scan(text, |at, depth| {
        if depth == 0 && words.iter().any(|word| text[at..].starts_with(word)) {
            found.push(at);
        }
    });
    found
}

/// The last pair of brackets that stands in no others and holds something.
fn last_brackets(text: &str) -> Option<(usize, usize)> {
    let (mut open, mut last) = (0, None);
    scan(text, |at, depth| match (text.as_bytes()[at], depth) {
        (b'(' | b'[' | b'{', 0) => open = at,
        (b')' | b']' | b'}', 0) if at > open + 1 => last = Some((open, at)),
        _ => {}
    });
    last
}

/// Calls for every character outside of strings, with the number of brackets around it; a bracket is outside of itself.
fn scan(text: &str, mut see: impl FnMut(usize, usize)) {
    let (mut depth, mut quote, mut is_escaped) = (0_usize, None, false);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[' | '{') => {
                see(at, depth);
                depth += 1;
            }
            (None, ')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                see(at, depth);
            }
            (None, _) => see(at, depth),
        }
    }
}

fn width(line: &str) -> usize {
    line.chars().count()
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        assert_eq!(lines(line, 4).join("\n"), expected);
    }

    #[test]
    fn a_line_that_fits_stays() {
        check("print(f\"{x}\")", "    print(f\"{x}\")");
    }

    #[test]
    fn brackets_are_broken_from_the_outside() {
        let arguments = "first_argument(number), second_argument(number), third=argument";
        check(
            &format!("results = await asyncio.gather({arguments})"),
            &format!("    results = await asyncio.gather(\n        {arguments}\n    )"),
        );
        check(
            &format!("await asyncio.gather(*before, {arguments}, fourth[\"a, b)\"])"),
            "    await asyncio.gather(
        *before,
        first_argument(number),
        second_argument(number),
        third=argument,
        fourth[\"a, b)\"],
    )",
        );
    }

    #[test]
    fn comprehensions_and_operators_are_broken_where_they_join() {
        let element = "asyncio.create_task(a_task_with_a_long_name(number, number + 1, number + 2))";
        check(
            &format!("tasks = [{element} for number in range(10) if number % 2 == 0]"),
            &format!(
                "    tasks = [\n        {element}\n        for number in range(10)\n        if number % 2 == 0\n    ]"
            ),
        );
        check(
            &format!("tasks = [{element} for number, name in pairs]"),
            &format!("    tasks = [\n        {element}\n        for number, name in pairs\n    ]"),
        );
        let condition = "the_first_condition_holds(number) and the_second_condition_holds(number)";
        check(
            &format!("if {condition} and the_third:"),
            "    if (
        the_first_condition_holds(number)
        and the_second_condition_holds(number)
        and the_third
    ):",
        );
    }

    #[test]
    fn a_value_of_several_operands_is_put_into_brackets() {
        let choice = "values[handed_out - 1] if handed_out <= len(values) else f\"item-{handed_out}\"";
        check(&format!("an_item = {choice}"), &format!("    an_item = (\n        {choice}\n    )"));
        let pair = "the_first_variable_of_them, the_second_variable_of_them";
        check(&format!("{pair} = {pair}"), &format!("    {pair} = (\n        {pair}\n    )"));
    }

    #[test]
    fn what_cannot_be_broken_stays() {
        let line = format!("print(\"{}\")", "long, ".repeat(20));
        check(&line, &format!("    {line}"));
        let line = format!("{} = 1", "long".repeat(30));
        check(&line, &format!("    {line}"));
    }
}
