//! How the cost of an event grows with the number of tasks, as a picture: W1 from ten tasks to ten million.

use std::fmt::Write as _;

use crate::compare::{Line, measure};

/// Who is drawn, and in which colour.
const DRAWN: [(&str, &str); 3] = [("timeskip", "#c2410c"), ("floor-async", "#64748b"), ("tokio", "#1d4ed8")];

/// Decades of tasks.
const DECADES: std::ops::RangeInclusive<u32> = 1..=7;

/// About so many events a measurement, and at least one for each task.
const EVENTS: u64 = 2_000_000;

const ROUNDS: usize = 3;

/// The picture: its size, and its margins to the left and right, above and below.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 130.0;
const ABOVE: f64 = 40.0;
const BELOW: f64 = 60.0;

/// The axis of nanoseconds goes from the one to the other.
const NANOS: [f64; 2] = [10.0, 10_000.0];

/// Measures, prints a table, and writes the picture to a file.
///
/// # Errors
/// A measurement that cannot be made, or a file that cannot be written.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let path = arguments.first().ok_or("which file?")?;
    let mut curves: Vec<Vec<(f64, f64)>> = DRAWN.iter().map(|_| Vec::new()).collect();
    println!("| tasks | {} |\n|---|{}", DRAWN.map(|(name, _)| name).join(" | "), "---|".repeat(DRAWN.len()));
    for decade in DECADES {
        let tasks = 10_u64.pow(decade);
        let mut cells = String::new();
        for ((name, _), curve) in DRAWN.iter().zip(&mut curves) {
            let nanos = median(tasks, name)?;
            curve.push((tasks as f64, nanos));
            let _ = write!(cells, " {nanos:.0} |");
        }
        println!("| {tasks} |{cells}");
    }
    std::fs::write(path, picture(&curves)).map_err(|error| format!("{path}: {error}"))
}

/// Nanoseconds an event.
fn median(tasks: u64, peer: &str) -> Result<f64, String> {
    let sleeps = (EVENTS / tasks).max(1);
    let mut found = Vec::new();
    for _ in 0..ROUNDS {
        let line = measure(&format!("W1 {tasks} {sleeps}"), peer)?;
        found.extend(line.map(|line: Line| line.nanos()));
    }
    found.sort_by(f64::total_cmp);
    found.get(found.len() / 2).copied().ok_or_else(|| format!("{peer} does not run W1"))
}

/// Where a point lies.
fn place((tasks, nanos): (f64, f64)) -> (f64, f64) {
    let decades = f64::from(*DECADES.end() - *DECADES.start());
    let across = (tasks.log10() - f64::from(*DECADES.start())) / decades;
    let up = (nanos / NANOS[0]).log10() / (NANOS[1] / NANOS[0]).log10();
    (LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BELOW - up * (HEIGHT - ABOVE - BELOW))
}

fn picture(curves: &[Vec<(f64, f64)>]) -> String {
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n",
    );
    draw_axes(&mut picture);
    for ((name, colour), curve) in DRAWN.iter().zip(curves) {
        let points: Vec<String> =
            curve.iter().map(|&point| place(point)).map(|(across, down)| format!("{across:.1},{down:.1}")).collect();
        let _ = writeln!(
            picture,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"/>",
            points.join(" "),
        );
        if let Some(&last) = curve.last() {
            let (across, down) = place(last);
            let (across, down) = (across + 8.0, down + 4.0);
            let _ = writeln!(picture, "<text x=\"{across:.1}\" y=\"{down:.1}\" fill=\"{colour}\">{name}</text>");
        }
    }
    picture + "</svg>\n"
}

fn draw_axes(picture: &mut String) {
    for decade in DECADES {
        let (across, down) = place((10_f64.powi(decade as i32), NANOS[0]));
        let (_, top) = place((10.0, NANOS[1]));
        let _ = writeln!(
            picture,
            "<line x1=\"{across:.1}\" y1=\"{top:.1}\" x2=\"{across:.1}\" y2=\"{down:.1}\" stroke=\"#e2e8f0\"/>\n\
             <text x=\"{across:.1}\" y=\"{:.1}\" text-anchor=\"middle\">10<tspan dy=\"-5\" \
             font-size=\"10\">{decade}</tspan></text>",
            down + 20.0,
        );
    }
    let mut nanos = NANOS[0];
    while nanos <= NANOS[1] {
        let (left, down) = place((10.0, nanos));
        let _ = writeln!(
            picture,
            "<line x1=\"{left:.1}\" y1=\"{down:.1}\" x2=\"{:.1}\" y2=\"{down:.1}\" stroke=\"#e2e8f0\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{nanos:.0}</text>",
            WIDTH - RIGHT,
            left - 8.0,
            down + 4.0,
        );
        nanos *= 10.0;
    }
    let _ = writeln!(
        picture,
        "<text x=\"{LEFT}\" y=\"22\">nanoseconds an event: tasks that sleep 1 to 1000 ms again and again</text>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">tasks</text>",
        f64::midpoint(LEFT, WIDTH - RIGHT),
        HEIGHT - 14.0,
    );
}
