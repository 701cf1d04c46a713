//! The forms beside plain expressions: assignments, targets, bindings, arguments, signatures, durations.

use super::error::SyntaxError;
use super::tests::{show, show_arguments, show_target};
use super::{
    Duration, parse_arguments, parse_assignment, parse_binding, parse_duration, parse_seconds, parse_signature,
    parse_targets,
};

#[track_caller]
fn check<T>(read: Result<T, SyntaxError>, show: impl Fn(&T) -> String, expected: &str) {
    match read {
        Ok(tree) => assert_eq!(show(&tree), expected),
        Err(error) => panic!("{expected}: {error:?}"),
    }
}

#[test]
fn assignments() {
    #[track_caller]
    fn check(source: &str, expected: &str) {
        super::form_tests::check(
            parse_assignment(source),
            |(targets, value)| {
                let targets: String = targets.iter().map(|target| format!("{} = ", show_target(target))).collect();
                format!("{targets}{}", show(value))
            },
            expected,
        );
    }
    check("i = randint(0, 10)", "i = randint(0, 10)");
    check("a, b = b, a", "(a,b,) = (b,a,)");
    check("a = b = c == d", "a = b = (c == d)");
    check("(a, [b, c]), d[0] = e", "((a,(b,c,),),d[0],) = e");
    check("a, = b,", "(a,) = (b,)");
    check("(a) = b", "a = b");
    check("xs[i + 1]['k'] = 5s", "xs[(i + 1)][\"k\"] = <5.0 s>");
    check("x += 1", "x = (x + 1)");
    check("x -= a, b", "x = (x - (a,b,))");
    check("x **= 2 if a else b", "x = (x ** (2 if a else b))");
    check("xs[i] //= 2", "xs[i] = (xs[i] // 2)");
    check("x *= 1", "x = (x * 1)");
    check("x /= 1", "x = (x / 1)");
    check("x %= 1", "x = (x % 1)");
    check("x &= 1", "x = (x & 1)");
    check("x |= 1", "x = (x | 1)");
    check("x ^= 1", "x = (x ^ 1)");
    check("x <<= 1", "x = (x << 1)");
    check("x >>= 1", "x = (x >> 1)");
}

#[test]
fn targets_and_bindings() {
    check(parse_targets("item"), show_target, "item");
    check(parse_targets("item, t"), show_target, "(item,t,)");
    check(parse_targets("item,"), show_target, "(item,)");
    check(parse_targets("(a, b), xs[0]"), show_target, "((a,b,),xs[0],)");
    let binding = |(target, iterable): &_| format!("{} in {}", show_target(target), show(iterable));
    check(parse_binding("x in xs"), binding, "x in xs");
    check(parse_binding("x, y in zip(a, b)"), binding, "(x,y,) in zip(a, b)");
    check(parse_binding("x, in xs"), binding, "(x,) in xs");
    check(parse_binding("x in 1, 2"), binding, "x in (1,2,)");
    check(parse_binding("x in a in b"), binding, "x in (a in b)");
    check(parse_binding("xs[a in b] in c"), binding, "xs[(a in b)] in c");
    check(parse_binding("x in a if b else c"), binding, "x in (a if b else c)");
}

#[test]
fn arguments() {
    check(parse_arguments("f(0), g(1)"), show_arguments, "f(0), g(1)");
    check(parse_arguments("f(0),"), show_arguments, "f(0)");
    check(parse_arguments("producers"), show_arguments, "producers");
    check(parse_arguments("*xs, f(0)"), show_arguments, "*xs, f(0)");
    check(parse_arguments("f(n) for n in range(3)"), show_arguments, "(f(n) for n in range(3))");
    check(parse_arguments("(f(0), g(1))"), show_arguments, "(f(0),g(1),)");
    check(parse_arguments("ts, timeout=1s"), show_arguments, "ts, timeout=<1.0 s>");
}

#[test]
fn signatures() {
    #[track_caller]
    fn check(source: &str, expected: &str) {
        super::form_tests::check(
            parse_signature(source),
            |signature| {
                let parameters = signature.parameters.iter().map(|(name, default)| match default {
                    Some(default) => format!("{}={}", name.text, show(default)),
                    None => name.text.clone(),
                });
                format!("{}({})", signature.name.text, parameters.collect::<Vec<String>>().join(", "))
            },
            expected,
        );
    }
    check("main()", "main()");
    check("produce(name, k=2)", "produce(name, k=2)");
    check(" f ( a , b = (1, 2) , ) ", "f(a, b=(1,2,))");
    let names: Vec<String> = (0..256).map(|number| format!("p{number}")).collect();
    assert!(parse_signature(&format!("f({})", names[..255].join(","))).is_ok());
    let error = parse_signature(&format!("f({})", names.join(","))).expect_err("one too many");
    assert_eq!(error.title, "too many parameters");
}

#[test]
fn durations() {
    #[track_caller]
    fn check(source: &str, seconds: f64, nanoseconds: u64) {
        let duration = parse_duration(source).map_err(|error| error.title);
        assert_eq!(duration, Ok(Duration { seconds, nanoseconds }), "{source}");
    }
    check("0", 0.0, 0);
    check("0.0", 0.0, 0);
    check("0s", 0.0, 0);
    check("250ms", 0.25, 250_000_000);
    check("100ms", 0.1, 100_000_000);
    check("1ms", 0.001, 1_000_000);
    check("0.001s", 0.001, 1_000_000);
    check("10us", 1e-5, 10_000);
    check("5ns", 5e-9, 5);
    check(" 1m30s ", 90.0, 90_000_000_000);
    check("1.5m15.25s", 105.25, 105_250_000_000);
    check("0.1h", 360.0, 360_000_000_000);
    check("1_000ms", 1.0, 1_000_000_000);
    check("1h2m3s4ms5us6ns", 3_723.004_005_006, 3_723_004_005_006);
    check("0.5ns", 5e-10, 1);
    check("1.5ns", 1.5e-9, 2);
    check("0.000000000000000001ns", 1e-27, 1);
    check("1.50000000000000000000s", 1.5, 1_500_000_000);
    // More than 53 bits of nanoseconds: dividing them as a float would round twice.
    check("9007199254740993ns", 9_007_199.254_740_993, 9_007_199_254_740_993);
    check("9007199254740992.5ns", 9_007_199.254_740_993, 9_007_199_254_740_993);
    check("4611686018427387902ns", 4_611_686_018.427_388, (1 << 62) - 2);
}

#[test]
fn seconds_need_a_unit_only_as_a_bare_literal() {
    check(parse_seconds("0"), show, "0");
    check(parse_seconds("-0.0"), show, "(-0.0)");
    check(parse_seconds("5s"), show, "<5.0 s>");
    check(parse_seconds("seconds(i)"), show, "seconds(i)");
    check(parse_seconds("i * 0.5"), show, "(i * 0.5)");
    check(parse_seconds("5 * x"), show, "(5 * x)");
    check(parse_seconds("5 if x else 0s"), show, "(5 if x else <0.0 s>)");
}
