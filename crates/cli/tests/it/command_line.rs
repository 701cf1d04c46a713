//! The command line: what goes to which stream, exit codes, and what every option does.

mod export;
mod limits;
mod locking;
mod messages;
mod numbers;
mod repeat;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Process, command, scenario, scenario_names, timeskip, timeskip_with_input};

/// Prints its params and a number that only the seed decides.
const PARAMS: &str = "
random: {python: 1}
params: {first: 1, second: 'two'}
main:
  - print: \"{first!r} {second!r} {randint(0, 1000)}\"
cases:
  - name: other
    set: {first: 10}
    seed: 2
";

#[track_caller]
fn check_params(arguments: &[&str], expected: &str) {
    let ran = timeskip_with_input(&[&["run", "-"], arguments].concat(), PARAMS);
    assert_eq!((ran.code, ran.stdout.trim_end()), (0, expected), "{arguments:?}: {}", ran.stderr);
}

#[test]
fn set_replaces_params() {
    check_params(&[], "1 'two' 137");
    check_params(&["--set", "first=5"], "5 'two' 137");
    check_params(&["--set", "first=5", "--set", "second=[1, x, null]"], "5 [1, 'x', None] 137");
    check_params(&["--set", "first=5", "--set", "first=6"], "6 'two' 137");
    check_params(&["--set", "first='5'"], "'5' 'two' 137");
    check_params(&["--set", "first={a: 1.5, b: true}"], "{'a': 1.5, 'b': True} 'two' 137");
    check_params(&["--set", "first=250ms"], "0.25 'two' 137");
    check_params(&["--set", "first="], "None 'two' 137");
    check_params(&["--set", "first=a=b"], "'a=b' 'two' 137");
}

#[test]
fn seed_and_case_replace_the_seed() {
    check_params(&["--seed", "2"], "1 'two' 978");
    check_params(&["--seed", "-2"], "1 'two' 978");
    check_params(&["--seed", "123456789012345678901234567890"], "1 'two' 744");
    check_params(&["--case", "other"], "10 'two' 978");
    // What is said on the command line comes last.
    check_params(&["--case", "other", "--set", "first=3", "--seed", "1"], "3 'two' 137");
}

#[test]
fn ties_replaces_the_rule() {
    let source = "ties: lifo\ntasks:\n  t(n):\n    - sleep: 1s\n    - print: \"{n}\"\nmain:\n  - gather: t(n) for n in range(4)\n";
    let printed =
        |arguments: &[&str]| timeskip_with_input(&[&["run", "-"], arguments].concat(), source).stdout.replace('\n', "");
    assert_eq!(printed(&[]), "3210");
    assert_eq!(printed(&["--ties", "fifo"]), "0123");
    assert_eq!(printed(&["--ties", "lifo"]), "3210");
    assert_eq!(printed(&["--ties", "heapq"]), "0213");
    let seeded = |seed| printed(&["--ties", "seeded", "--seed", seed]);
    let orders: Vec<String> = ["1", "2", "3", "4", "5"].map(seeded).to_vec();
    assert!(orders.iter().any(|order| *order != orders[0]), "seeds order differently: {orders:?}");
}

#[test]
fn standard_output_has_the_program_alone() {
    let ran = timeskip(&["run", "scenarios/hello.yaml"]);
    let expected = Process { code: 0, stdout: "Hello ...\nWorld!\n".into(), stderr: "-- finished at 1.000 s\n".into() };
    assert_eq!(ran, expected);
    let warned = timeskip(&["run", "scenarios/never_awaited.yaml"]);
    assert!(!warned.stdout.contains("warning") && warned.stderr.contains("'greet' was never awaited"));
}

#[test]
fn standard_input_is_a_file_as_well() {
    let text = scenario("hello");
    for command in ["run", "lint", "expand"] {
        let (by_name, by_input) =
            (timeskip(&[command, "scenarios/hello.yaml"]), timeskip_with_input(&[command, "-"], &text));
        assert_eq!(by_name, by_input, "{command}");
    }
}

#[test]
fn views() {
    let trace = timeskip(&["run", "scenarios/hello.yaml", "--view", "trace"]);
    insta::assert_snapshot!(trace.stdout, @r#"
    # timeskip trace 1
    0.000 main print "Hello ..."
    0.000 main sleep until 1.000
    1.000 main wake
    1.000 main print "World!"
    1.000 main end finished
    -- finished at 1.000 s
    "#);
    let jsonl = timeskip(&["run", "scenarios/hello.yaml", "--view", "jsonl"]);
    for line in jsonl.stdout.lines() {
        serde_json::from_str::<Value>(line).expect("each line is JSON");
    }
    let output = timeskip(&["run", "scenarios/hello.yaml", "--view", "output"]);
    assert_eq!(output, timeskip(&["run", "scenarios/hello.yaml"]));
}

#[test]
fn exit_code_1_is_a_run_that_went_otherwise() {
    for (what, source) in [
        ("it failed", "main:\n  - raise: ValueError('no')\n"),
        ("it was cancelled", "main:\n  - let: me = current_task()\n  - call: me.cancel()\n  - sleep: 1s\n"),
        ("it hangs", "main:\n  - let: q = Queue()\n  - await: q.get()\n"),
        ("it missed an expectation", "main:\n  - sleep: 1s\nexpect:\n  - takes: 2s\n"),
        ("it ended otherwise", "main:\n  - sleep: 1s\nexpect:\n  - ends: deadlock\n"),
        ("what comes after failed", "main:\n  - sleep: 1s\nafter:\n  - print: \"{1 // 0}\"\n"),
    ] {
        let ran = timeskip_with_input(&["run", "-"], source);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{what}: {}", ran.stderr);
    }
}

#[test]
fn an_expected_failure_is_a_success() {
    for source in [
        "main:\n  - let: q = Queue()\n  - await: q.get()\nexpect:\n  - ends: deadlock\n",
        "main:\n  - raise: ValueError('no')\nexpect:\n  - ends: failed\n",
        "main:\n  - while: true\n    do:\n      - sleep: 0s\nexpect:\n  - ends: livelock\n",
    ] {
        let ran = timeskip_with_input(&["run", "-", "--max-turns", "1000"], source);
        assert_eq!(ran.code, 0, "{source}: {}", ran.stderr);
    }
}

#[test]
fn exit_code_2_is_what_could_not_run() {
    for arguments in [
        &[][..],
        &["run"],
        &["walk"],
        &["run", "there_is_no_such_file.yaml"],
        &["run", "scenarios"],
        &["lint", "scenarios"],
        &["expand", "there_is_no_such_file.yaml"],
        &["run", "scenarios/hello.yaml", "--set", "name=1"],
        &["run", "scenarios/hello.yaml", "--set", "name"],
        &["run", "scenarios/hello.yaml", "--case", "busy"],
        &["run", "scenarios/hello.yaml", "--seed", "x"],
        &["run", "scenarios/hello.yaml", "--ties", "random"],
        &["run", "scenarios/hello.yaml", "--view", "table"],
        &["run", "scenarios/hello.yaml", "--max-time", "5"],
    ] {
        let ran = timeskip(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.is_empty(), "{arguments:?} says why");
    }
}

#[test]
fn lint_checks_all_files() {
    let files: Vec<String> = scenario_names().iter().map(|name| format!("scenarios/{name}.yaml")).collect();
    let arguments: Vec<&str> = ["lint"].into_iter().chain(files.iter().map(String::as_str)).collect();
    assert_eq!(timeskip(&arguments), Process { code: 0, stdout: String::new(), stderr: String::new() });
    // One bad file among good ones: the good ones after it are read nevertheless, and so are the bad ones.
    let ran = timeskip_with_input(&["lint", "nowhere.yaml", "scenarios/hello.yaml", "-"], "main:\n  - slep: 1s\n");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("nowhere.yaml") && ran.stderr.contains("did you mean `sleep`?"), "{}", ran.stderr);
}

fn without_lines(mut process: Process) -> Process {
    let of_lines = |line: &str| line.split(" (line ").next().unwrap_or_default().to_owned() + "\n";
    process.stderr = process.stderr.lines().map(of_lines).collect();
    process
}

#[test]
fn expanded_files_run_the_same() {
    for name in scenario_names().iter().filter(|name| *name != "many_tasks") {
        let expanded = timeskip(&["expand", &format!("scenarios/{name}.yaml")]);
        assert_eq!((expanded.code, expanded.stderr.as_str()), (0, ""), "{name}");
        assert_ne!(expanded.stdout.find("main:"), None, "{name} is a program now");
        let file = format!("scenarios/{name}.yaml");
        for view in ["output", "trace"] {
            let by_pattern = timeskip(&["run", &file, "--view", view]);
            let by_program = timeskip_with_input(&["run", "-", "--view", view], &expanded.stdout);
            // A warning names the line of a step, and a program written out has others.
            assert_eq!(without_lines(by_pattern), without_lines(by_program), "{name}");
        }
    }
}

/// All keys that stand in a scenario file, at any depth where the format says what they are.
fn keys_of_the_schema(schema: &Value, keys: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                keys.extend(properties.keys().cloned());
            }
            fields.values().for_each(|field| keys_of_the_schema(field, keys));
        }
        Value::Array(items) => items.iter().for_each(|item| keys_of_the_schema(item, keys)),
        _ => {}
    }
}

#[test]
fn schema_names_every_key() {
    let ran = timeskip(&["schema"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let schema: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let mut keys = Vec::new();
    keys_of_the_schema(&schema, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    insta::assert_snapshot!(keys.join(" "), @"about added after as as_completed async for await block break call cases chacha chain consumers continue cost count do done draw else ends except expect finally for gather got group if items let main mark name no_loss on params pass print prints producer_consumer producers python queue raise random repeat result return return_exceptions returning seed set shared sleep sleeping spawn stages step takes tasks that ties timeout timeout_at timeskip try value while with yield");
}

/// `timeskip run FILE | head -1`: who has read enough goes away, and that is nobody's fault.
#[test]
fn a_reader_may_go_away() {
    let endless = "main:\n  - repeat: 200000\n    do:\n      - print: \"a line of text\"\n";
    for view in ["output", "trace", "jsonl"] {
        let mut command = command(&["run", "-", "--view", view]);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the binary is there");
        std::io::Write::write_all(&mut child.stdin.take().expect("it is piped"), endless.as_bytes()).expect("it reads");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut first).expect("it writes");
        assert!(!first.is_empty());
        let ran = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert_eq!((ran.status.code(), &*stderr), (Some(0), "-- finished at 0.000 s\n"), "{view}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let ran = timeskip(&["run", "scenarios/makerandom.yaml"]);
    assert!(!ran.stdout.contains('\x1b') && !ran.stderr.contains('\x1b'));
}
