//! Reading layers: many connections on 10 MiB blobs, one on 1 GiB, and 1 GiB over TLS.

use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::{MIB, salt};
use crate::bench::Bench;
use crate::bench::load::blobs;
use crate::bench::load::push::{self, Bodies, Body};
use crate::bench::process::PeakWatch;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, PASSWORD, REPOSITORY, Server, Tls, USER};

const SERVERS: [Kind; 6] = [
    Kind::Roadstead,
    Kind::Baseline,
    Kind::Nginx,
    Kind::DistributionV3,
    Kind::DockerRegistry,
    Kind::Zot,
];

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let servers = bench.start(&SERVERS)?;
    let (small, big) = (bench.size(10, 1), bench.size(1024, 64));
    let middle = Bodies::new(small * MIB, salt());
    let middle: Vec<_> = (0..16).map(|_| middle.fresh()).collect();
    let large = Bodies::new(big * MIB, salt() + 1);
    let large = vec![large.fresh()];
    for server in &servers {
        fill(server, &middle)?;
        fill(server, &large)?;
    }
    let each = bench.size(640, 32);
    let mut tables = vec![
        plain(bench, &servers, small, &middle, 8, each / 8)?,
        plain(bench, &servers, small, &middle, 64, each / 64 + 1)?,
        plain(bench, &servers, big, &large, 1, 3)?,
    ];
    targets(&mut tables);
    drop(servers);
    tables.push(tls(bench, &large[0])?);
    Ok(tables)
}

fn targets(tables: &mut [Table]) {
    for table in tables.iter_mut() {
        table.ratio("roadstead", "GB/s", "nginx", Bound::AtLeast(1.0));
    }
    for table in &mut tables[..2] {
        table.ratio("roadstead", "cpu s/GB", "nginx", Bound::AtMost(1.1));
        table.ratio("roadstead", "GB/s", "distribution-v3", Bound::AtLeast(2.3));
        table.ratio("roadstead", "cpu s/GB", "distribution-v3", Bound::AtMost(0.45));
        table.target("roadstead", "anon MiB", Bound::AtMost(60.0));
    }
}

fn path(digest: &str) -> String {
    format!("/v2/{REPOSITORY}/blobs/{digest}")
}

fn fill(server: &Server, bodies: &[Body<'_>]) -> Result<()> {
    if server.kind == Kind::Nginx {
        let folder = server.dir.join("data").join(format!("v2/{REPOSITORY}/blobs"));
        fs::create_dir_all(&folder)?;
        return bodies.iter().try_for_each(|body| body.write_file(&folder.join(&body.digest)));
    }
    let auth = server.authorization()?;
    let mut connection = server.connection()?;
    bodies.iter().try_for_each(|body| push::blob(&mut connection, REPOSITORY, &auth, body))
}

fn plain(
    bench: &Bench,
    servers: &[Server],
    mebibytes: usize,
    bodies: &[Body<'_>],
    connections: usize,
    each: usize,
) -> Result<Table> {
    let mut table = Table::new(format!("blob GET, {mebibytes} MiB, {connections} connection(s)"));
    let paths: Vec<_> = bodies.iter().map(|body| path(&body.digest)).collect();
    for server in servers {
        // Warm: every page in the cache, every connection path taken once.
        blobs::read(server.addr, &paths, &server.authorization()?, 1, paths.len())?;
    }
    bench.in_turn(servers, |_, server| {
        let auth = server.authorization()?;
        let watch = PeakWatch::start(server.roots());
        let before = server.cpu_seconds();
        let moved = blobs::read(server.addr, &paths, &auth, connections, each)?;
        let cpu = server.cpu_seconds() - before;
        let gigabytes = moved.bytes as f64 / 1e9;
        table.record(
            server.name(),
            &[
                ("GB/s", gigabytes / moved.seconds),
                ("cpu s/GB", cpu / gigabytes),
                ("anon MiB", watch.finish().anonymous_mib),
            ],
        );
        Ok(())
    })?;
    Ok(table)
}

/// The client is curl for both, so the server's CPU is what counts; the wall clock is mostly curl's.
fn tls(bench: &Bench, body: &Body<'_>) -> Result<Table> {
    let certificate = self_signed(bench)?;
    let servers = bench.start_tls(&[Kind::Roadstead, Kind::Nginx], &certificate)?;
    let mut table = Table::new(format!(
        "blob GET over TLS 1.3, {} MiB, 1 connection (curl)",
        body.length() >> 20
    ));
    for server in &servers {
        curl(server, &path(&body.digest))?;
    }
    bench.in_turn(&servers, |_, server| {
        let before = server.cpu_seconds();
        let began = Instant::now();
        curl(server, &path(&body.digest))?;
        let seconds = began.elapsed().as_secs_f64();
        let gigabytes = body.length() as f64 / 1e9;
        let cpu = server.cpu_seconds() - before;
        table
            .record(server.name(), &[("GB/s", gigabytes / seconds), ("cpu s/GB", cpu / gigabytes)]);
        Ok(())
    })?;
    table.ratio("roadstead", "cpu s/GB", "nginx", Bound::AtMost(0.75));
    table.ratio("roadstead", "GB/s", "nginx", Bound::AtLeast(1.0));
    Ok(table)
}

fn curl(server: &Server, path: &str) -> Result<()> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--insecure", "--fail", "--http1.1", "--output", "/dev/null"]);
    // One cipher for all; left alone, each server would choose its own.
    command.args(["--tlsv1.3", "--tls13-ciphers", "TLS_AES_256_GCM_SHA384"]);
    command.args(["--user", &format!("{USER}:{PASSWORD}")]);
    let status =
        command.arg(format!("https://{}{path}", server.addr)).status().context("running curl")?;
    ensure!(status.success(), "curl of {} ended with {status}", server.name());
    Ok(())
}

fn self_signed(bench: &Bench) -> Result<Tls> {
    let tls = Tls { certificate: bench.work.join("cert.pem"), key: bench.work.join("key.pem") };
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    command.args([
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]);
    command.arg("-keyout").arg(&tls.key).arg("-out").arg(&tls.certificate);
    let output = command.output().context("running openssl")?;
    ensure!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    Ok(tls)
}
