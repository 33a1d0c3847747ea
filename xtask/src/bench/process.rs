//! What a server process costs, read from `/proc`: CPU time and memory, with all of its children.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A process and everything it started (nginx keeps its work in child processes).
pub fn family(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(&pid) = found.get(at) {
        let path = format!("/proc/{pid}/task/{pid}/children");
        let children = fs::read_to_string(path).unwrap_or_default();
        found.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        at += 1;
    }
    found
}

/// User and system seconds used so far. Threads that ended are included, children that ended are not.
pub fn cpu_seconds(roots: &[u32]) -> f64 {
    let ticks: u64 = roots.iter().flat_map(|root| family(*root)).map(ticks).sum();
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}

fn ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The command name is in parentheses and may hold spaces; fields count from after it.
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return 0;
    };
    // proc(5): utime is field 14, stime 15; the first field here is field 3.
    fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

#[derive(Clone, Copy, Default)]
pub struct Memory {
    pub resident_mib: f64,
    pub anonymous_mib: f64,
}

pub fn memory(roots: &[u32]) -> Memory {
    let mut sum = Memory::default();
    for pid in roots.iter().flat_map(|root| family(*root)) {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        sum.resident_mib += kib(&status, "VmRSS:") / 1024.0;
        sum.anonymous_mib += kib(&status, "RssAnon:") / 1024.0;
    }
    sum
}

fn kib(status: &str, field: &str) -> f64 {
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let value = line.and_then(|line| line.split_whitespace().next());
    value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

/// Watches memory from another thread and keeps the highest values.
pub struct PeakWatch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Memory>,
}

impl PeakWatch {
    pub fn start(roots: Vec<u32>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut peak = Memory::default();
            while !seen.load(Ordering::Relaxed) {
                let now = memory(&roots);
                peak.resident_mib = peak.resident_mib.max(now.resident_mib);
                peak.anonymous_mib = peak.anonymous_mib.max(now.anonymous_mib);
                thread::sleep(Duration::from_millis(20));
            }
            peak
        });
        Self { stop, thread }
    }

    pub fn finish(self) -> Memory {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}
