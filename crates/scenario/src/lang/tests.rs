//! Expressions: each source with its tree, printed with all brackets. The trees of what Python can read, too, were
//! compared with those of Python 3.13's `ast` module.

use super::ast::{Arg, Args, BinaryOp, Clause, CompareOp, Expr, ExprKind, Piece, Target, Text, UnaryOp};
use super::parse_expression;
use super::parser::{MAX_BYTES, MAX_DEPTH, MAX_NODES};

/// A tree on one line: every operator in brackets, tuples with a comma behind each element.
pub(super) fn show(expression: &Expr) -> String {
    match &expression.kind {
        ExprKind::None => "None".to_owned(),
        ExprKind::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Duration(seconds) => format!("<{seconds:?} s>"),
        ExprKind::Str(text) => format!("{text:?}"),
        ExprKind::FString(text) => format!("f<{}>", show_text(text)),
        ExprKind::Name(name) => name.clone(),
        ExprKind::List(elements) => format!("[{}]", join(elements, ", ")),
        ExprKind::Tuple(elements) => {
            format!("({})", elements.iter().map(|element| format!("{},", show(element))).collect::<String>())
        }
        ExprKind::Dict(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", show(key), show(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        ExprKind::Unary(operator, operand) => format!("({}{})", unary(*operator), show(operand)),
        ExprKind::Binary(operator, left, right) => format!("({} {} {})", show(left), binary(*operator), show(right)),
        ExprKind::Compare(first, rest) => {
            let rest: String =
                rest.iter().map(|(operator, operand)| format!(" {} {}", compare(*operator), show(operand))).collect();
            format!("({}{rest})", show(first))
        }
        ExprKind::And(operands) => format!("({})", join(operands, " and ")),
        ExprKind::Or(operands) => format!("({})", join(operands, " or ")),
        ExprKind::IfElse { test, then, otherwise } => {
            format!("({} if {} else {})", show(then), show(test), show(otherwise))
        }
        ExprKind::Call(name, arguments) => format!("{}({})", name.text, show_arguments(arguments)),
        ExprKind::Method(object, name, arguments) => {
            format!("{}.{}({})", show(object), name.text, show_arguments(arguments))
        }
        ExprKind::Attribute(object, name) => format!("{}.{}", show(object), name.text),
        ExprKind::Index(object, index) => format!("{}[{}]", show(object), show(index)),
        ExprKind::Slice(object, bounds) => {
            let bounds = bounds.each_ref().map(|bound| bound.as_deref().map(show).unwrap_or_default());
            format!("{}[{}]", show(object), bounds.join(":"))
        }
        ExprKind::ListComprehension(element, clauses) => format!("[{}{}]", show(element), show_clauses(clauses)),
        ExprKind::Generator(element, clauses) => format!("({}{})", show(element), show_clauses(clauses)),
    }
}

fn join(expressions: &[Expr], separator: &str) -> String {
    expressions.iter().map(show).collect::<Vec<String>>().join(separator)
}

pub(super) fn show_text(text: &Text) -> String {
    let pieces = text.pieces.iter().map(|piece| match piece {
        Piece::Literal(literal) => format!("{literal:?}"),
        Piece::Hole { value, conversion, spec, .. } => {
            let conversion = conversion.map(|letter| format!("!{letter}")).unwrap_or_default();
            format!("{{{}{conversion}:{}}}", show(value), show_text(spec))
        }
    });
    pieces.collect()
}

pub(super) fn show_arguments(arguments: &Args) -> String {
    let positional = arguments.positional.iter().map(|argument| match argument {
        Arg::One(value) => show(value),
        Arg::Spread(value) => format!("*{}", show(value)),
    });
    let named = arguments.named.iter().map(|(name, value)| format!("{}={}", name.text, show(value)));
    positional.chain(named).collect::<Vec<String>>().join(", ")
}

pub(super) fn show_target(target: &Target) -> String {
    match target {
        Target::Name(name) => name.text.clone(),
        Target::Index(object, index) => format!("{}[{}]", show(object), show(index)),
        Target::Tuple(targets, _) => {
            format!("({})", targets.iter().map(|target| format!("{},", show_target(target))).collect::<String>())
        }
    }
}

fn show_clauses(clauses: &[Clause]) -> String {
    let clauses = clauses.iter().map(|clause| {
        let conditions: String = clause.conditions.iter().map(|test| format!(" if {}", show(test))).collect();
        format!(" for {} in {}{conditions}", show_target(&clause.target), show(&clause.iterable))
    });
    clauses.collect()
}

fn unary(operator: UnaryOp) -> &'static str {
    match operator {
        UnaryOp::Negative => "-",
        UnaryOp::Positive => "+",
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not ",
    }
}

fn binary(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
        BinaryOp::And => "&",
        BinaryOp::Or => "|",
        BinaryOp::Xor => "^",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
    }
}

fn compare(operator: CompareOp) -> &'static str {
    match operator {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        CompareOp::In => "in",
        CompareOp::NotIn => "not in",
        CompareOp::Is => "is",
        CompareOp::IsNot => "is not",
    }
}

#[track_caller]
fn check(source: &str, expected: &str) {
    match parse_expression(source) {
        Ok(expression) => assert_eq!(show(&expression), expected, "{source}"),
        Err(error) => panic!("{source}: {error:?}"),
    }
}

#[test]
fn operators_bind_as_in_python() {
    check("a + b * c - d", "((a + (b * c)) - d)");
    check("a - b - c", "((a - b) - c)");
    check("a / b // c % d * e", "((((a / b) // c) % d) * e)");
    check("a | b ^ c & d << e + f", "(a | (b ^ (c & (d << (e + f)))))");
    check("a + b << c & d ^ e | f", "(((((a + b) << c) & d) ^ e) | f)");
    check("a >> b >> c", "((a >> b) >> c)");
    check("2 ** 3 ** 2", "(2 ** (3 ** 2))");
    check("-2 ** 2", "(-(2 ** 2))");
    check("2 ** -1 ** 2", "(2 ** (-(1 ** 2)))");
    check("-a ** -b ** -c * d", "((-(a ** (-(b ** (-c))))) * d)");
    check("- -a", "(-(-a))");
    check("+~-a", "(+(~(-a)))");
    check("a++b", "(a + (+b))");
    check("-a.b[0]", "(-a.b[0])");
    check("-f(x) ** 2", "(-(f(x) ** 2))");
    check("(a + b) * c", "((a + b) * c)");
}

#[test]
fn logic_and_comparisons_group_as_in_python() {
    check("a or b and not c or d", "(a or (b and (not c)) or d)");
    check("a and b and c", "(a and b and c)");
    check("a and (b and c)", "(a and (b and c))");
    check("(a or b) or c", "((a or b) or c)");
    check("not a == b", "(not (a == b))");
    check("not not a", "(not (not a))");
    check("not a in b", "(not (a in b))");
    check("a not in b", "(a not in b)");
    check("a is not b", "(a is not b)");
    check("a is (not b)", "(a is (not b))");
    check("a < b <= c != d", "(a < b <= c != d)");
    check("(a < b) < c", "((a < b) < c)");
    check("a < b | c", "(a < (b | c))");
    check("a == b is c not in d", "(a == b is c not in d)");
    check("a < b and c >= d", "((a < b) and (c >= d))");
    check("a if b else c if d else e", "(a if b else (c if d else e))");
    check("(a if b else c) if d else e", "((a if b else c) if d else e)");
    check("a or b if c and d else not e", "((a or b) if (c and d) else (not e))");
}

#[test]
fn literals_have_pythons_values() {
    check("[0, 00, 42, 1_000]", "[0, 0, 42, 1000]");
    check("0x2A + 0Xff + 0o17 + 0b1_01 + 0x_f", "((((42 + 255) + 15) + 5) + 15)");
    check("9223372036854775807", "9223372036854775807");
    check("-9223372036854775808", "-9223372036854775808");
    check("[0.5, 1., .5, 1e3, 1_0.5e-3, 01.5]", "[0.5, 1.0, 0.5, 1000.0, 0.0105, 1.5]");
    check("1e400", "inf");
    check("None, True, False", "(None,True,False,)");
    check("null, true, false", "(None,True,False,)");
    check("is_ok and nothing", "(is_ok and nothing)");
}

#[test]
fn durations_are_the_nearest_floats_of_seconds() {
    check("[250ms, 100ms, 1ms, 10us, 5ns]", "[<0.25 s>, <0.1 s>, <0.001 s>, <1e-5 s>, <5e-9 s>]");
    check("[1m30s, 2h, 1.5s, .5h]", "[<90.0 s>, <7200.0 s>, <1.5 s>, <1800.0 s>]");
    check("1h2m3s4ms5us6ns", "<3723.004005006 s>");
    check("1_000ms * 2", "(<1.0 s> * 2)");
    check("-5s", "(-<5.0 s>)");
    check("5s if fast else 0", "(<5.0 s> if fast else 0)");
}

#[test]
fn strings_resolve_pythons_escapes() {
    check(r"'a' 'b'", r#""ab""#);
    check(r#"'it''s' "x""#, r#""itsx""#);
    check(r#""it's""#, r#""it's""#);
    check(r"'\n\t\\\'\x41\u00e9\U0001F600\0'", r#""\n\t\\'Aé😀\0""#);
    check(r"'\101\60\7z'", r#""A0\u{7}z""#);
    check(r"'\q\.'", r#""\\q\\.""#);
    check(r"r'\n\''", r#""\\n\\'""#);
    check(r"R'\\'", r#""\\\\""#);
    check(r"u'a' 'é # {x} }'", r#""aé # {x} }""#);
    check(r"a is not''", r#"(a is not "")"#);
    check("'a\\\nb'", r#""ab""#);
}

#[test]
fn displays_and_comprehensions() {
    check("()", "()");
    check("(a)", "a");
    check("(a,)", "(a,)");
    check("a,", "(a,)");
    check("a, (b, c), d", "(a,(b,c,),d,)");
    check("[]", "[]");
    check("[a, [b],]", "[a, [b]]");
    check("{}", "{}");
    check("{'a': 1, b: c if d else e,}", r#"{"a": 1, b: (c if d else e)}"#);
    check("[x for x in xs]", "[x for x in xs]");
    check("[x * y for x, y in ps if x if y > 1 or z]", "[(x * y) for (x,y,) in ps if x if ((y > 1) or z)]");
    check("[x for xs in xss for x in xs if p(x)]", "[x for xs in xss for x in xs if p(x)]");
    check("(x for x, in xs)", "(x for (x,) in xs)");
    check("[a if b else c for d in e]", "[(a if b else c) for d in e]");
    check("[x for (x, [y, z]), d[0] in xs or ys]", "[x for ((x,(y,z,),),d[0],) in (xs or ys)]");
    check("[a in b for a in c in d]", "[(a in b) for a in (c in d)]");
}

#[test]
fn calls_indexes_and_attributes() {
    check("f()", "f()");
    check("f(a, *b, k=c, *d,)", "f(a, *b, *d, k=c)");
    check("f(x for x in xs)", "f((x for x in xs))");
    check("f((x for x in xs), 1)", "f((x for x in xs), 1)");
    check("f(*a or b, c if d else e)", "f(*(a or b), (c if d else e))");
    check("f(k = a == b)", "f(k=(a == b))");
    check("q.get()", "q.get()");
    check("asyncio.QueueEmpty", "asyncio.QueueEmpty");
    check("a.b.c(1)[2].d", "a.b.c(1)[2].d");
    check("(a.b)(c)", "a.b(c)");
    check("', '.join(xs)", r#"", ".join(xs)"#);
    check("a[i][-1]", "a[i][(-1)]");
    check("a[1, 2]", "a[(1,2,)]");
    check("a[(1, 2)]", "a[(1,2,)]");
    check("a[:], a[1:], a[:2], a[::3]", "(a[::],a[1::],a[:2:],a[::3],)");
    check("a[i:j + 1:-1]", "a[i:(j + 1):(-1)]");
    check("{'a': 1}['a']", r#"{"a": 1}["a"]"#);
    check("1.5.hex()", "1.5.hex()");
}

#[test]
fn blanks_and_line_breaks_separate_tokens() {
    check("  a\n  +\tb\r\n", "(a + b)");
    check("f(\n  1,\n  2,\n)", "f(1, 2)");
}

#[test]
fn ranges_are_those_of_python() {
    fn check(source: &str, pick: fn(&Expr) -> &Expr, expected: &str) {
        let expression = parse_expression(source).expect("the sources of this test are good");
        let at = pick(&expression).at;
        assert_eq!(&source[at.start as usize..at.end as usize], expected, "{source}");
    }
    fn whole(expression: &Expr) -> &Expr {
        expression
    }
    fn left(expression: &Expr) -> &Expr {
        let ExprKind::Binary(_, left, _) = &expression.kind else { panic!("expected an operator") };
        left
    }
    check(" (a + b) * c ", whole, "(a + b) * c");
    check(" (a + b) * c ", left, "a + b");
    check("(a, b) + c", left, "(a, b)");
    check("f(x)[0].m() + c", left, "f(x)[0].m()");
    check("'a'  f'{b}' + c", left, "'a'  f'{b}'");
    check("(a), b ", whole, "(a), b");
}

/// Something inside of itself, so many times.
fn nested(before: &str, inner: &str, after: &str, times: usize) -> String {
    format!("{}{inner}{}", before.repeat(times), after.repeat(times))
}

#[test]
fn depth_is_bounded_before_the_stack_is() {
    #[track_caller]
    fn check(before: &str, inner: &str, after: &str, good: usize) {
        let good = nested(before, inner, after, good);
        assert!(parse_expression(&good).is_ok(), "{before}: {:?}", parse_expression(&good));
        for times in [MAX_DEPTH as usize + 1, 4_000] {
            let source = nested(before, inner, after, times);
            let error = parse_expression(&source).expect_err(before);
            let place = (error.at.start as usize, error.at.end as usize);
            assert!(error.title.contains("128 levels"), "{before}: {error:?}");
            assert!(place.0 < place.1 && place.1 <= source.len(), "{before}: {error:?}");
        }
    }
    check("(", "a", ")", 60);
    check("[", "a", "]", 60);
    check("{1:", "a", "}", 60);
    check("f(", "a", ")", 60);
    check("a[", "a", "]", 60);
    check("-", "a", "", 60);
    check("not ", "a", "", 60);
    check("a**", "a", "", 60);
    check("1+(", "a", ")", 60);
    check("a if b else ", "a", "", 60);
    check("f'{", "a", "}'", 60);
    check("", "a", ".b", 60);
    check("", "a", "[0]", 60);
    check("", "a", "+1", 60);
    check("", "a", "*1", 60);
    check("[", "a", " for a in a]", 60);
    check("(", "a", ".b+1+1)[0]", 30);
}

#[test]
fn unclosed_depth_is_bounded_too() {
    for open in ["(", "[", "-", "~", "not ", "{1:", "f(", "f'{", "a[", "a if a else ", "2**", "[a for a in "] {
        let source = open.repeat(MAX_BYTES / open.len());
        let error = parse_expression(&source).expect_err(open);
        assert!(error.title.contains("128 levels"), "{open}: {error:?}");
    }
}

#[test]
fn size_is_bounded() {
    #[track_caller]
    fn check(source: &str, title: &str) {
        assert_eq!(parse_expression(source).expect_err("too large").title, title);
    }
    check(&"a".repeat(MAX_BYTES + 1), "an expression or text of more than 64 KiB");
    check(&"é".repeat(MAX_BYTES), "an expression or text of more than 64 KiB");
    let place = parse_expression(&"é".repeat(MAX_BYTES)).expect_err("too long").at;
    assert_eq!((place.start as usize, place.end as usize), (MAX_BYTES, MAX_BYTES + 2), "the first that is too many");
    check(&format!("[{}]", "1,".repeat(MAX_NODES as usize + 1)), "an expression with too many parts");
    assert!(parse_expression(&"a".repeat(MAX_BYTES)).is_ok());
    assert!(parse_expression(&format!("[{}]", "1,".repeat(MAX_NODES as usize - 1))).is_ok());
    let wide = vec!["a"; 5_000];
    assert!(parse_expression(&wide.join(" and ")).is_ok(), "a long row of `and` is flat");
    let names: Vec<String> = (0..256).map(|number| format!("k{number}=1")).collect();
    check(&format!("f({})", names.join(",")), "too many arguments by name");
}
