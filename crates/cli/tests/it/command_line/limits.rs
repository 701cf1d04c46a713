//! Every limit has an option that raises it, and the message of a run that reached it names that option.

use crate::support::timeskip_with_input;

#[track_caller]
fn check(source: &str, option: &str, low: &str, high: &str, ending: &str) {
    let stopped = timeskip_with_input(&["run", "-", option, low], source);
    assert_eq!(stopped.code, 1, "{}", stopped.stderr);
    assert!(stopped.stderr.contains(&format!("-- {ending}")), "{}", stopped.stderr);
    let advice = format!("raise the limit with {option}\n");
    assert!(stopped.stderr.ends_with(&advice), "{}", stopped.stderr);
    assert!(!stopped.stderr.contains("warning"), "nothing is to be seen of how it was stopped: {}", stopped.stderr);
    let raised = timeskip_with_input(&["run", "-", option, high], source);
    assert_eq!((raised.code, raised.stderr.as_str()), (0, "-- finished at 100.000 s\n"));
}

#[test]
fn events() {
    let source = "main:\n  - repeat: 100\n    do:\n      - sleep: 1s\n";
    check(source, "--max-events", "50", "1000", "limit reached at 25.000 s: 50 events");
}

#[test]
fn turns() {
    let source = "main:\n  - sleep: 50s\n  - repeat: 100\n    do:\n      - sleep: 0s\n  - sleep: 50s\n";
    check(source, "--max-turns", "50", "200", "livelock at 50.000 s: 50 turns without time moving; running: main");
}

#[test]
fn time() {
    let source = "main:\n  - repeat: 100\n    do:\n      - sleep: 1s\n";
    check(source, "--max-time", "30s", "100s", "limit reached at 30.000 s: 30.000 s of virtual time");
}

#[test]
fn time_counts_a_part_of_a_nanosecond_as_a_whole_one() {
    let naps = |nap| format!("main:\n  - sleep: {nap}\n");
    for time in ["1.5ns", "1.000000000000000001ns", "2ns"] {
        let within = timeskip_with_input(&["run", "-", "--max-time", time], &naps("2ns"));
        assert_eq!((within.code, within.stderr.as_str()), (0, "-- finished at 0.000000002 s\n"), "{time}");
        let beyond = timeskip_with_input(&["run", "-", "--max-time", time], &naps("3ns"));
        let ending = "-- limit reached at 0.000 s: 0.000000002 s of virtual time\n";
        assert!(beyond.code == 1 && beyond.stderr.contains(ending), "{time}: {}", beyond.stderr);
    }
    // Far from zero no float of seconds could tell: a million of them and half a nanosecond.
    let far = timeskip_with_input(&["run", "-", "--max-time", "1000000s0.5ns"], &naps("1000000s2ns"));
    assert!(far.stderr.contains(": 1000000.000000001 s of virtual time\n"), "{}", far.stderr);
}

#[test]
fn tasks() {
    let source = "tasks:\n  t():\n    - sleep: 100s\nmain:\n  - gather: t() for n in range(100)\n";
    // Main is a task as well.
    check(source, "--max-tasks", "100", "101", "limit reached at 0.000 s: 100 tasks at once");
}

#[test]
fn memory() {
    let source = "main:\n  - let: kept = []\n  - repeat: 100\n    do:\n      - sleep: 1s\n      - call: kept.append('x' * 1000)\n";
    check(source, "--max-memory", "50000", "1000000", "limit reached at ");
}

#[test]
fn memory_of_futures_that_nobody_holds() {
    for waits in ["gather(f, f)", "shield(f)"] {
        let source = format!(
            "main:\n  - let: f = Future()\n  - repeat: 100\n    do:\n      - sleep: 1s\n      - call: {waits}\n"
        );
        check(&source, "--max-memory", "20000", "1000000", "limit reached at ");
    }
}

#[test]
fn instructions() {
    let source = "main:\n  - let: n = 0\n  - while: n < 1000\n    do:\n      - let: n = n + 1\n  - sleep: 100s\n";
    check(source, "--max-instructions", "1000", "10000", "livelock at 0.000 s: main runs for ever without awaiting");
}
