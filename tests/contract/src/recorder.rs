//! A server that knows nothing: it records requests and gives scripted answers, byte by byte over a socket.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// Path and query as they stood in the first line.
    pub target: String,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Seen {
    /// The path, encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query, encoded, without the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// How an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// As a whole.
    #[default]
    Whole,
    /// The length of all of it is announced, but this many bytes of the body are sent.
    Cut(usize),
    /// The request is read, and the connection closed without a word.
    Silent,
}

/// The answer to give.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers besides the length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How it is given.
    pub delivery: Delivery,
}

impl Reply {
    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// A status and a JSON body.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::status(status)
            .header("Content-Type", "application/json")
            .body(body)
    }

    /// No answer at all.
    #[must_use]
    pub fn silence() -> Self {
        Self {
            delivery: Delivery::Silent,
            ..Self::default()
        }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Cut off after this many bytes of the body.
    #[must_use]
    pub fn cut(mut self, after: usize) -> Self {
        self.delivery = Delivery::Cut(after);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("Connection: close\r\n\r\n");
        let sent = match self.delivery {
            Delivery::Cut(after) => after.min(self.body.len()),
            _ => self.body.len(),
        };
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body[..sent]);
        bytes
    }
}

#[derive(Debug, Default)]
struct Tape {
    seen: Vec<Seen>,
    connections: usize,
}

/// The server. It stops when it is dropped.
#[derive(Debug)]
pub struct Recorder {
    address: SocketAddr,
    tape: Arc<Mutex<Tape>>,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Starts on a free port. `script` is given the root and says what the requests are answered with, in order; what
    /// comes after its end is answered with 418.
    ///
    /// # Errors
    ///
    /// When no port is free.
    pub async fn start(script: impl FnOnce(&str) -> Vec<Reply>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let script = script(&format!("http://{address}"));
        let tape = Arc::<Mutex<Tape>>::default();
        let task = tokio::spawn(serve(listener, tape.clone(), script));
        Ok(Self { address, tape, task })
    }

    /// The address of the service, without the version.
    #[must_use]
    pub fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.tape).seen.clone()
    }

    /// How many connections were made, whether or not anything was sent.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.tape).connections
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(tape: &Mutex<Tape>) -> MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, tape: Arc<Mutex<Tape>>, script: Vec<Reply>) {
    let mut script = script.into_iter();
    while let Ok((mut stream, _)) = listener.accept().await {
        lock(&tape).connections += 1;
        let Some(seen) = read(&mut stream).await else { continue };
        lock(&tape).seen.push(seen);
        let reply = script.next().unwrap_or_else(|| Reply::json(418, "{}"));
        if reply.delivery != Delivery::Silent {
            // A client that has gone needs no answer.
            let _ = stream.write_all(&reply.bytes()).await;
            let _ = stream.shutdown().await;
        }
    }
}

/// Reads one request; `None` when the connection ends before it does.
async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end;
        }
        more(stream, &mut bytes).await?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes.split_off(end + 4);
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let mut seen = Seen {
        method: first.next()?.to_owned(),
        target: first.next()?.to_owned(),
        ..Seen::default()
    };
    for line in lines {
        let (name, value) = line.split_once(':')?;
        seen.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = seen
        .header("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    while body.len() < length {
        more(stream, &mut body).await?;
    }
    seen.body = body;
    Some(seen)
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut part = [0; 16 * 1024];
    match stream.read(&mut part).await {
        Ok(0) | Err(_) => None,
        Ok(count) => {
            bytes.extend_from_slice(&part[..count]);
            Some(())
        }
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
