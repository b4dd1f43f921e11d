//! A server with fixed answers, for measuring clients: plain HTTP/1.1, connections kept alive, one thread.
//!
//! It writes its address to standard output and serves until its standard input ends, so that it never outlives whoever
//! started it.

mod answers;

use std::io::{Read, Write};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::answers::Answers;

fn main() -> std::io::Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let answers: &'static Answers = Box::leak(Box::new(Answers::new(&address)));
        writeln!(std::io::stdout(), "{address}")?;
        std::io::stdout().flush()?;
        loop {
            let (stream, _) = listener.accept().await?;
            // A client that goes away is no matter.
            tokio::spawn(async move { serve(stream, answers).await.unwrap_or(()) });
        }
    })
}

/// Answers the requests of one connection, one after the other.
async fn serve(mut stream: TcpStream, answers: &'static Answers) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer: Vec<u8> = Vec::with_capacity(16 * 1024);
    loop {
        let head = loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let answer = answers.to(&String::from_utf8_lossy(&buffer[..head]));
        match length(&buffer[..head]) {
            Length::Known(length) => {
                while buffer.len() < head + length {
                    if stream.read_buf(&mut buffer).await? == 0 {
                        return Ok(());
                    }
                }
                buffer.drain(..head + length);
            }
            Length::Chunked => {
                buffer.drain(..head);
                // Clients here never send the next request before the answer.
                while !buffer.ends_with(b"0\r\n\r\n") {
                    if stream.read_buf(&mut buffer).await? == 0 {
                        return Ok(());
                    }
                }
                buffer.clear();
            }
        }
        stream.write_all(answer).await?;
    }
}

/// How long a request's body is.
enum Length {
    Known(usize),
    Chunked,
}

fn length(head: &[u8]) -> Length {
    let text = String::from_utf8_lossy(head);
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            return Length::Known(value.trim().parse().unwrap_or(0));
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Length::Chunked;
        }
    }
    Length::Known(0)
}
