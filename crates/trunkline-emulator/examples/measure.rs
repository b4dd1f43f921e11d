//! Measures how long a start takes, and one request over a connection that is open already.
//!
//! `cargo run --release -p trunkline-emulator --example measure`

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use trunkline_emulator::{Emulator, EmulatorBuilder};

fn exchange(stream: &mut TcpStream, request: &str) -> std::io::Result<usize> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut piece = [0; 65536];
    loop {
        let read = stream.read(&mut piece)?;
        answer.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            if !head.starts_with("HTTP/1.1 200") {
                return Err(std::io::Error::other(head.to_owned()));
            }
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(body.len());
            }
        }
        if read == 0 {
            return Ok(answer.len());
        }
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}

/// Times from the start of an emulator to its first answer.
fn starts(build: impl Fn() -> EmulatorBuilder) -> std::io::Result<Vec<Duration>> {
    let mut starts = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        let emulator = build().start_blocking()?;
        let mut stream = TcpStream::connect(emulator.plain_url().trim_start_matches("http://"))?;
        exchange(
            &mut stream,
            "GET /__emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        )?;
        starts.push(begun.elapsed());
    }
    Ok(starts)
}

fn main() -> std::io::Result<()> {
    let plain = starts(Emulator::builder)?;
    let folder = std::env::temp_dir().join(format!("trunkline-measure-{}", std::process::id()));
    let encrypted = starts(|| Emulator::builder().tls(true).tls_folder(&folder))?;
    std::fs::remove_dir_all(&folder)?;
    let emulator = Emulator::start_blocking()?;
    let mut stream = TcpStream::connect(emulator.url().trim_start_matches("http://"))?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET /v1.0/users/ana@contoso.example/authentication/phoneMethods HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Bearer {}\r\n\r\n",
        emulator.token()
    );
    let mut times = Vec::new();
    for _ in 0..2000 {
        let begun = Instant::now();
        exchange(&mut stream, &request)?;
        times.push(begun.elapsed());
    }
    let mut output = std::io::stdout();
    writeln!(
        output,
        "start to first answer: first {:?}, median {:?}; with TLS: first {:?}, median {:?}",
        plain[0],
        median(&plain),
        encrypted[0],
        median(&encrypted)
    )?;
    let median = median(&times);
    let rate = 1.0 / median.as_secs_f64();
    writeln!(
        output,
        "one small request: median {median:?}, {rate:.0} a second one after another"
    )
}
