//! Measures how long a start takes, and one request over a connection that is open already.
//!
//! `cargo run --release -p trunkline-emulator --example measure`

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use trunkline_emulator::Emulator;

fn exchange(stream: &mut TcpStream, request: &str) -> std::io::Result<usize> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut piece = [0; 65536];
    loop {
        let read = stream.read(&mut piece)?;
        answer.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&answer);
        if !text.is_empty() && !text.starts_with("HTTP/1.1 200") {
            return Err(std::io::Error::other(text.into_owned()));
        }
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
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

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() -> std::io::Result<()> {
    let mut starts = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        let emulator = Emulator::start_blocking()?;
        let address = emulator.url().trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(address)?;
        exchange(
            &mut stream,
            "GET /__emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        )?;
        starts.push(begun.elapsed());
    }
    let first = starts[0];
    let emulator = Emulator::start_blocking()?;
    let mut stream = TcpStream::connect(emulator.url().trim_start_matches("http://"))?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET /v1.0/users/ana@contoso.example/authentication/phoneMethods HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
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
        "start to first answer: first {first:?}, median {:?}",
        median(starts)
    )?;
    writeln!(output, "one small request: median {:?}", median(times))
}
