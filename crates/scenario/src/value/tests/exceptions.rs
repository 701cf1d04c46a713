//! Kinds of exception, and groups.

use super::super::ExceptionKind;
use super::super::error::key_error;
use super::*;

#[test]
fn exceptions_know_their_kinds() {
    #[track_caller]
    fn check(kind: &str, expected: &[&str]) {
        let kind = ExceptionKind::from_name(kind).expect("a name");
        let caught: Vec<&str> =
            ExceptionKind::ALL.iter().filter(|other| kind.is_a(**other)).map(|other| other.name()).collect();
        assert_eq!(caught, expected);
    }
    check("KeyError", &["BaseException", "Exception", "LookupError", "KeyError"]);
    check("ZeroDivisionError", &["BaseException", "Exception", "ArithmeticError", "ZeroDivisionError"]);
    check("asyncio.TimeoutError", &["BaseException", "Exception", "OSError", "TimeoutError"]);
    check("asyncio.CancelledError", &["BaseException", "CancelledError"]);
    check("QueueShutDown", &["BaseException", "Exception", "QueueShutDown"]);
    check("asyncio.BrokenBarrierError", &["BaseException", "Exception", "RuntimeError", "BrokenBarrierError"]);
    check("ExceptionGroup", &["BaseException", "Exception", "BaseExceptionGroup", "ExceptionGroup"]);
    check("BaseExceptionGroup", &["BaseException", "BaseExceptionGroup"]);
    check("UnboundLocalError", &["BaseException", "Exception", "NameError", "UnboundLocalError"]);
    assert_eq!(ExceptionKind::from_name("asyncio.ValueError"), None);
    assert_eq!(ExceptionKind::from_name("ValueErorr"), None);
    assert_eq!(key_error(&Value::text("x")).message(), "'x'");
}

#[test]
fn groups_are_checked() {
    #[track_caller]
    fn check(name: &str, arguments: &str, expected: &str) {
        let kind = ExceptionKind::from_name(name).expect("a name");
        let group = Exception::construct(kind, &positional(&literal(arguments)));
        let text = group.map(Value::Exception).and_then(|group| repr(&group));
        assert_eq!(shown(text), expected);
    }
    check("ExceptionGroup", "('m', [ValueError(1)])", "ExceptionGroup('m', [ValueError(1)])");
    check("BaseExceptionGroup", "('m', [ValueError()])", "ExceptionGroup('m', [ValueError()])");
    check("BaseExceptionGroup", "('m', [SystemExit()])", "BaseExceptionGroup('m', [SystemExit()])");
    check("ExceptionGroup", "('m', [SystemExit()])", "!TypeError: Cannot nest BaseExceptions in an ExceptionGroup");
    check("ExceptionGroup", "('m', [])", "!ValueError: second argument (exceptions) must be a non-empty sequence");
    check("ExceptionGroup", "('m', 5)", "!TypeError: second argument (exceptions) must be a sequence");
    check("ExceptionGroup", "('m', [1])", "!ValueError: Item 0 of second argument (exceptions) is not an exception");
    let group = literal("ExceptionGroup('m', [ValueError(1), KeyError('k')])");
    let Value::Exception(group) = &group else { panic!("{group:?} is no exception") };
    assert_eq!(group.message(), "m (2 sub-exceptions)");
    assert_eq!(format!("{:?}", group.attribute("exceptions")), "Some((ValueError(1), KeyError('k')))");
    assert_eq!(format!("{:?}", group.attribute("message")), "Some('m')");
    assert!(group.attribute("value").is_none());
}
