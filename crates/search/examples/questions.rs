//! Builds an index of a made-up hub and times questions put to it.
//!
//! `cargo run --release -p roadstead-search --example questions -- 1000000`

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use roadstead_search::{Change, Document, Index, Query, Readable, Rebuild, Stamp, Text};
use roadstead_types::ids::Id;
use roadstead_types::{AccountId, RepositoryId, Timestamp};

const ACCOUNTS: u64 = 100_000;
/// How often each question is put.
const TIMES: usize = 60;

/// Whole words, beginnings, insides, slips, several words, one letter, nothing.
const QUESTIONS: &[&str] = &[
    "nginx",
    "docker",
    "zookeeper",
    "redis cluster",
    "postg",
    "re",
    "r",
    "ginx",
    "uster",
    "ngnix",
    "elasticserch",
    "library/nginx",
    "docker nginx proxy exporter",
    "",
];

/// The commonest of 20 000 words in names; the others are made up.
const PRODUCTS: &[&str] = &[
    "docker",
    "nginx",
    "redis",
    "postgres",
    "mysql",
    "node",
    "python",
    "golang",
    "app",
    "web",
    "api",
    "server",
    "proxy",
    "jenkins",
    "kafka",
    "zookeeper",
    "elasticsearch",
    "grafana",
    "prometheus",
    "wordpress",
    "php",
    "tomcat",
    "java",
    "react",
    "frontend",
    "backend",
    "worker",
    "backup",
    "mongodb",
    "rabbitmq",
    "cluster",
    "exporter",
    "operator",
    "agent",
    "client",
    "builder",
];
const SYLLABLES: [&str; 16] = [
    "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "xa", "zen", "dra", "plo", "gri", "stu",
    "wex",
];

/// Numbers that are the same on each run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    /// Up to `end`, small numbers far more often: of `n` about one in `n`.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn skewed(&mut self, end: u64) -> u64 {
        let share = self.below(1 << 30) as f64 / f64::from(1 << 30);
        const FLAT: f64 = 6.0;
        (FLAT * ((end as f64 + FLAT) / FLAT).powf(share) - FLAT) as u64
    }

    fn product(&mut self) -> String {
        let rank = self.skewed(20_000);
        let known = usize::try_from(rank).ok().and_then(|rank| PRODUCTS.get(rank));
        known.map_or_else(|| made_up(rank * 7 + 3), |word| (*word).to_owned())
    }

    /// Words of no product, and the repository's own.
    fn prose(&mut self, most: u64, about: &str) -> String {
        let count = self.below(most);
        let mut words: Vec<_> = (0..count).map(|_| made_up(self.skewed(5000)) + "y").collect();
        words.extend([about.to_owned(), self.product()]);
        words.join(" ")
    }

    fn document(&mut self, number: u64) -> Document {
        let name: Vec<_> = (0..=self.below(3)).map(|_| self.product()).collect();
        let account = number % ACCOUNTS;
        let is_official = number % 10_000 == 1;
        Document {
            id: RepositoryId::from_raw(number.cast_signed() + 1),
            namespace_id: AccountId::from_raw(account.cast_signed() + 1),
            namespace: if is_official { "library".to_owned() } else { made_up(account + 16) },
            description: self.prose(10, &name[0]),
            topics: (0..self.below(3)).map(|_| self.product()).collect(),
            readme: self.prose(60, &name[0]),
            name: name.join("-"),
            architectures: vec!["amd64".to_owned()],
            stars: self.skewed(20_000),
            pulls: self.skewed(1 << 30),
            updated_at: Timestamp::from_unix_us(number.cast_signed()),
            is_private: number.is_multiple_of(10),
            is_official,
            is_automated: number.is_multiple_of(20),
            is_archived: false,
        }
    }
}

fn made_up(mut number: u64) -> String {
    let mut word = String::new();
    while number > 0 {
        word += SYLLABLES[(number % 16) as usize];
        number /= 16;
    }
    word
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let home = tempfile::tempdir()?;
    let index = build(home.path(), count)?;
    println!("{} bytes; {}", bytes_in(home.path())?, memory()?);
    let anybody = Arc::new(Readable::public());
    let member = Readable::public().namespaces((1..50).map(AccountId::from_raw));
    for text in QUESTIONS {
        ask(&index, text, "anybody", &anybody)?;
    }
    ask(&index, "nginx", "member", &Arc::new(member))?;
    change(&index)?;
    println!("{}", memory()?);
    Ok(())
}

fn build(home: &Path, count: u64) -> Result<Index, Box<dyn std::error::Error>> {
    let mut dice = Dice(42);
    let started = Instant::now();
    let documents: Vec<_> = (0..count.min(10_000)).map(|number| dice.document(number)).collect();
    println!("making up {} repositories: {:?}", documents.len(), started.elapsed());
    let started = Instant::now();
    let stamp = Stamp { database: "made up".to_owned(), edition: 1 };
    let rebuild = Rebuild::begin(home, &stamp)?;
    for document in &documents {
        rebuild.add(document)?;
    }
    for number in documents.len() as u64..count {
        rebuild.add(&dice.document(number))?;
    }
    let index = rebuild.finish(0)?;
    println!("{count} repositories made up and built in {:?}", started.elapsed());
    Ok(index)
}

fn ask(
    index: &Index,
    text: &str,
    who: &str,
    readable: &Arc<Readable>,
) -> Result<(), Box<dyn std::error::Error>> {
    let query = Query { text: Text::parse(text)?, ..Query::default() };
    let mut total = 0;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        total = index.search(&query, readable)?.total;
        times.push(started.elapsed());
    }
    let (middle, longest) = spread(times);
    println!("{text:<30} {who:<8} {total:>9} hits, p50 {middle:?}, longest {longest:?}");
    Ok(())
}

fn change(index: &Index) -> Result<(), Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    for number in 0..20 {
        let change = Change::Put(Box::new(Dice(number + 1).document(number)));
        let started = Instant::now();
        index.apply(&[change], number.cast_signed())?;
        times.push(started.elapsed());
    }
    let (middle, longest) = spread(times);
    println!("one change, on the disk and found: p50 {middle:?}, longest {longest:?}");
    Ok(())
}

fn spread(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

fn bytes_in(home: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for index in fs::read_dir(home)? {
        for file in fs::read_dir(index?.path())? {
            bytes += file?.metadata()?.len();
        }
    }
    Ok(bytes)
}

fn memory() -> std::io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let wanted = ["VmHWM", "RssAnon"];
    let lines = status.lines().filter(|line| wanted.iter().any(|name| line.starts_with(name)));
    Ok(lines.map(|line| line.replace('\t', " ")).collect::<Vec<_>>().join(", "))
}
