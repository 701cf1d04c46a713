//! What lines of data cannot show: bounds, the meter, identity, iteration under change.

use super::super::sequence::length;
use super::super::{Dict, ExceptionKind, List, meter};
use super::*;

#[track_caller]
fn check_error<T>(result: Result<T>, kind: ExceptionKind, message: &str) {
    let found = result.err().map(|exception| (exception.kind, exception.message()));
    assert_eq!(found, Some((kind, message.to_owned())));
}

fn call(name: &str, arguments: &[Value]) -> Result<Value> {
    Builtin::from_name(name).expect("a function").call(arguments, &[])
}

/// A list in a list in a list.
fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::list(vec![]), |inner, _| Value::list(vec![inner]))
}

#[test]
fn a_value_nested_a_million_deep_is_dropped_without_recursion() {
    let before = meter::used();
    let list = nested(1_000_000);
    assert_eq!(meter::used() - before, 1_000_001 * 48 + 1_000_000 * 16);
    drop(list);
    let mixed = (0..30_000).fold(Value::None, |inner, number| match number % 3 {
        0 => Value::tuple(vec![inner]),
        1 => literal_dict(inner),
        _ => Value::Exception(Rc::new(Exception::new(ExceptionKind::ValueError, vec![inner]))),
    });
    drop(mixed);
    assert_eq!(meter::used(), before);
}

fn literal_dict(inner: Value) -> Value {
    Value::Dict(Rc::new(Dict::from_pairs([(Value::Int(1), inner)]).expect("a hashable key")))
}

#[test]
fn nesting_is_bounded_where_it_is_followed() {
    let (deep, other) = (nested(300), nested(300));
    check_error(
        compare(CompareOp::Equal, &deep, &other),
        ExceptionKind::RecursionError,
        "maximum recursion depth exceeded in comparison",
    );
    check_error(
        compare(CompareOp::Less, &deep, &other),
        ExceptionKind::RecursionError,
        "maximum recursion depth exceeded in comparison",
    );
    check_error(
        repr(&deep),
        ExceptionKind::RecursionError,
        "maximum recursion depth exceeded while getting the repr of an object",
    );
    let tuple = (0..300).fold(Value::Int(1), |inner, _| Value::tuple(vec![inner]));
    let dict = Dict::new();
    check_error(dict.set(tuple, Value::None), ExceptionKind::RecursionError, "maximum recursion depth exceeded");
    let (shallow, other) = (nested(150), nested(150));
    assert_eq!(compare(CompareOp::Equal, &shallow, &other).ok(), Some(true));
    assert_eq!(repr(&shallow).expect("shallow enough").len(), 302);
}

#[test]
fn a_value_that_holds_another_twice_and_again_is_bounded() {
    let doubled = |leaf: Value| (0..60).fold(leaf, |inner, _| Value::list(vec![inner.clone(), inner]));
    let long = Value::text("x".repeat(1 << 20));
    check_error(repr(&doubled(long)), ExceptionKind::MemoryError, "the text would be longer than 64 MiB");
    check_error(
        compare(CompareOp::Equal, &doubled(Value::None), &doubled(Value::None)),
        ExceptionKind::RuntimeError,
        "a comparison of more than 10000000 elements",
    );
}

#[test]
fn results_are_bounded() {
    let too_long = "the text would be longer than 64 MiB";
    let too_many = "one operation on more than 10000000 elements";
    let (text, list, huge) = (literal("'ab'"), literal("[1, 2]"), Value::Int(i64::MAX));
    check_error(binary(BinaryOp::Mul, &text, &huge), ExceptionKind::MemoryError, too_long);
    check_error(binary(BinaryOp::Mul, &huge, &list), ExceptionKind::MemoryError, too_many);
    let long_range = literal("range(0, 1000000000000)");
    for name in ["list", "tuple", "sorted", "reversed", "enumerate", "sum", "max", "zip", "all"] {
        let operand = if name == "all" { literal("range(1, 1000000000000)") } else { long_range.clone() };
        check_error(call(name, &[operand]), ExceptionKind::MemoryError, too_many);
    }
    let justify =
        |name: &str| call_method(&text, Method::from_name(name).expect("a method"), std::slice::from_ref(&huge), &[]);
    for name in ["ljust", "rjust", "center", "zfill"] {
        check_error(justify(name), ExceptionKind::MemoryError, too_long);
    }
    let replace = [literal("''"), Value::text("x".repeat(1 << 20))];
    let text = Value::text("x".repeat(1 << 10));
    check_error(call_method(&text, Method::Replace, &replace, &[]), ExceptionKind::MemoryError, too_long);
}

#[test]
fn format_sizes_are_bounded() {
    let check = |value: &str, spec: &str, message: &str| {
        check_error(format(&literal(value), spec, &mut String::new()), ExceptionKind::ValueError, message);
    };
    check("1", "1000000", "width too big: 1000000 is beyond 100000");
    check("1.5", ".1000000f", "precision too big: 1000000 is beyond 100000");
    check("'x'", ".1000000", "precision too big: 1000000 is beyond 100000");
    let mut text = String::new();
    format(&Value::Float(0.1), ".100000f", &mut text).expect("within the bounds");
    assert_eq!(text.len(), 100_002);
    assert!(text.starts_with("0.1000000000000000055511151231257827021181583404541015625000"));
}

#[test]
fn the_meter_counts_what_containers_hold() {
    #[track_caller]
    fn check(operation: &str, expected: i64) {
        let fields: Vec<&str> = operation.split('\t').collect();
        let receiver = literal(fields[0]);
        let before = meter::used() as i64;
        let method = Method::from_name(fields[1]).expect("a method");
        let arguments = positional(&literal(fields[2]));
        let result = call_method(&receiver, method, &arguments, &[]).expect("a result");
        drop(arguments);
        drop(result);
        assert_eq!(meter::used() as i64 - before, expected, "{operation}");
    }
    check("[]\tappend\t(1,)", 16);
    check("[]\tappend\t('four',)", 20);
    check("['four']\tpop\t()", -20);
    check("['four', 1]\tremove\t('four',)", -20);
    check("[1]\tinsert\t(0, 'x')", 17);
    check("[1, 2]\textend\t([3, 'x'],)", 33);
    check("['four', 1]\tclear\t()", -36);
    check("{}\tsetdefault\t('key', 'value')", 40);
    check("{'key': 'value'}\tpop\t('key',)", -40);
    check("{'key': 'value'}\tupdate\t({'key': 1},)", -5);
    check("{'key': 'value'}\tclear\t()", -40);
}

#[test]
fn the_meter_starts_anew_at_a_reset() {
    let constant = literal("[1, 2, 3]");
    meter::reset();
    assert_eq!(meter::used(), 0);
    let list = List::new(vec![Value::Int(1)]);
    assert_eq!(meter::used(), 64);
    assert!(list.set(0, Value::text("four")).is_ok());
    assert_eq!(meter::used(), 68);
    drop(list);
    assert_eq!(meter::used(), 0);
    drop(constant);
    assert_eq!(meter::used(), 0);
}

#[test]
fn a_container_inside_of_itself_is_shown_and_told_apart() {
    let list = List::new(vec![]);
    let list = Rc::new(list);
    list.push(Value::List(list.clone()));
    assert_eq!(repr(&Value::List(list.clone())).expect("a repr"), "[[...]]");
    list.push(Value::tuple(vec![Value::List(list.clone())]));
    assert_eq!(repr(&Value::List(list.clone())).expect("a repr"), "[[...], ([...],)]");
    // Break the cycle, which reference counting would keep.
    list.replace(vec![]);
    let dict = Rc::new(Dict::new());
    dict.set(Value::Int(1), Value::Dict(dict.clone())).expect("a hashable key");
    assert_eq!(repr(&Value::Dict(dict.clone())).expect("a repr"), "{1: {...}}");
    dict.clear();
}

#[test]
fn an_iteration_follows_its_list_and_refuses_a_dict_that_grew() {
    let list = literal("[1, 2]");
    let mut iterator = iterate(&list).expect("a list");
    let mut seen = Vec::new();
    while let Some(item) = iterator.next().expect("a list may change") {
        if seen.len() < 3 {
            call_method(&list, Method::Append, &[Value::Int(9)], &[]).expect("an append");
        }
        seen.push(item);
    }
    assert_eq!(repr(&Value::list(seen)).expect("a repr"), "[1, 2, 9, 9, 9]");
    call_method(&list, Method::Append, &[Value::Int(9)], &[]).expect("an append");
    assert!(iterator.next().expect("at its end for good").is_none());

    let dict = literal("{1: 2, 3: 4}");
    let mut iterator = iterate(&dict).expect("a dict");
    assert!(iterator.next().expect("unchanged").is_some());
    set_index(&dict, &Value::Int(1), Value::Int(5)).expect("a key that is there");
    assert!(iterator.next().expect("of the same size").is_some());
    set_index(&dict, &Value::Int(7), Value::Int(5)).expect("a new key");
    check_error(iterator.next(), ExceptionKind::RuntimeError, "dictionary changed size during iteration");
}

#[test]
fn a_dict_keeps_its_order_through_many_removals() {
    let dict = Dict::new();
    for number in 0..1000 {
        dict.set(Value::Int(number), Value::Int(-number)).expect("a hashable key");
    }
    for number in (0..1000).filter(|number| number % 10 != 3) {
        assert!(dict.remove(&Value::Int(number)).expect("a hashable key").is_some());
        assert!(dict.remove(&Value::Int(number)).expect("a hashable key").is_none());
    }
    dict.set(Value::Float(13.0), Value::text("thirteen")).expect("a hashable key");
    let keys: Vec<String> = dict.to_pairs().iter().map(|(key, value)| format!("{key:?}={value:?}")).collect();
    assert_eq!(dict.len(), 100);
    assert_eq!(keys[..3], ["3=-3", "13='thirteen'", "23=-23"]);
    assert_eq!(
        dict.get(&Value::Int(993)).expect("a hashable key").map(|value| format!("{value:?}")),
        Some("-993".into())
    );
}

#[test]
fn sorting_survives_what_has_no_order() {
    let numbers: Vec<Value> =
        (0..500).map(|number| if number % 3 == 0 { literal("nan") } else { Value::Int(500 - number) }).collect();
    let sorted = call("sorted", &[Value::list(numbers)]).expect("a result, in some order");
    assert_eq!(length(&sorted).ok(), Some(500));
    let mut pairs: Vec<Value> =
        (0..100).map(|number| Value::tuple(vec![Value::Int(number % 7), Value::Int(number)])).collect();
    pairs.reverse();
    let sorted = call("sorted", &[Value::list(pairs)]).expect("an order");
    let first = index(&sorted, &Value::Int(0)).and_then(|pair| repr(&pair)).expect("a repr");
    assert_eq!(first, "(0, 0)");
}

#[test]
fn identity_is_of_containers_not_of_equal_values() {
    let (one, other) = (literal("[1]"), literal("[1]"));
    let is = |left: &Value, right: &Value| compare(CompareOp::Is, left, right).ok();
    assert_eq!((is(&one, &one.clone()), is(&one, &other)), (Some(true), Some(false)));
    assert_eq!(is(&Value::Int(1), &Value::Bool(true)), Some(false));
    assert_eq!(is(&literal("'a'"), &literal("'a'")), Some(true));
}

#[test]
fn every_function_and_method_is_found_by_its_name() {
    for builtin in Builtin::ALL {
        assert_eq!(Builtin::from_name(builtin.name()), Some(*builtin));
    }
    for method in Method::ALL {
        assert_eq!(Method::from_name(method.name()), Some(*method));
        assert!(method.arities().count() > 0, "no type has {}", method.name());
    }
    assert_eq!(Method::from_name("appendd"), None);
    let seconds = [call("seconds", &[Value::Int(2)]), call("ms", &[Value::Int(250)])];
    assert_eq!(format!("{seconds:?}"), "[Ok(2.0), Ok(0.25)]");
    check_error(call("ms", &[literal("'a'")]), ExceptionKind::TypeError, "ms() argument must be a number, not 'str'");
}
