//! A server that knows four answers, on a thread of its own: what it costs is not the client's.

use std::fmt::Write as _;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts the server and tells its root.
pub(crate) fn start() -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("builds");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
            let address = listener.local_addr().expect("is bound");
            sender.send(format!("http://{address}")).expect("is awaited");
            let page: &'static str = Box::leak(page(&address.to_string()).into_boxed_str());
            let accepted: &'static str = Box::leak(accepted(&address.to_string()).into_boxed_str());
            loop {
                let (stream, _) = listener.accept().await.expect("accepts");
                tokio::spawn(serve(stream, page, accepted));
            }
        });
    });
    receiver.recv().expect("starts")
}

async fn serve(mut stream: TcpStream, page: &'static str, accepted: &'static str) {
    stream.set_nodelay(true).expect("is a socket");
    let mut buffer = Vec::with_capacity(8192);
    loop {
        let Some((method, path, length)) = head(&mut stream, &mut buffer).await else {
            return;
        };
        let end = buffer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("was found")
            + 4;
        while buffer.len() < end + length {
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
        buffer.drain(..end + length);
        let answer = match method.as_str() {
            "PATCH" => "HTTP/1.1 204 No Content\r\nrequest-id: 5e1e2f5c-0000-4000-8000-000000000001\r\n\r\n".to_owned(),
            "POST" => accepted.to_owned(),
            _ if path.contains("phoneMethods") => body(
                r##"{"@odata.type":"#microsoft.graph.phoneAuthenticationMethod","id":"3179e48a-750b-4051-897c-87b9720928f7","phoneNumber":"+1 2065550100","phoneType":"mobile","smsSignInState":"ready"}"##,
            ),
            _ => {
                if stream.write_all(page.as_bytes()).await.is_err() {
                    return;
                }
                continue;
            }
        };
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Method, path and length of the body of the next request.
async fn head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(String, String, usize)> {
    while !buffer.windows(4).any(|window| window == b"\r\n\r\n") {
        if stream.read_buf(buffer).await.unwrap_or(0) == 0 {
            return None;
        }
    }
    let text = String::from_utf8_lossy(buffer);
    let mut words = text.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Some((method, path, length.unwrap_or(0)))
}

fn body(json: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json;odata.metadata=minimal\r\n\
         request-id: 5e1e2f5c-0000-4000-8000-000000000001\r\nContent-Length: {}\r\n\r\n{json}",
        json.len()
    )
}

/// An accepted order. As documented, `Location` is an absolute address.
fn accepted(address: &str) -> String {
    format!(
        "HTTP/1.1 202 Accepted\r\nrequest-id: 5e1e2f5c-0000-4000-8000-000000000001\r\nContent-Length: 0\r\n\
         Location: http://{address}/v1.0/admin/teams/telephoneNumberManagement/operations('QXNzaWdubWVudHw1')\r\n\r\n"
    )
}

/// A page of 999 numbers, some 640 KB, with some text that is not ASCII.
fn page(address: &str) -> String {
    let mut records = String::new();
    for index in 0..999 {
        let city = ["Seattle", "Zürich", "Bellevue"][index % 3];
        let separator = if index == 0 { "" } else { "," };
        write!(
            records,
            r#"{separator}{{"id":"YmMyNjMyZTMtNzUwYy00N2Q3LWFlYWUtOWZlZTAzNWJjMGM3fCsxMjA2NTU1{index:04}","telephoneNumber":"+1206555{index:04}","operatorId":"7a205197-8e59-487d-b9fa-3fc1b108f1e5","numberType":"directRouting","activationState":"activated","capabilities":["conferenceAssignment","voiceApplicationAssignment","userAssignment"],"locationId":null,"civicAddressId":null,"networkSiteId":null,"assignmentTargetId":"22ed44ab-7759-4649-818e-6af3242d{index:04}","assignmentCategory":"primary","portInStatus":null,"assignmentStatus":"userAssigned","isoCountryCode":"US","city":"{city}","numberSource":"online","supportedCustomerActions":["locationUpdate"],"reverseNumberLookupOptions":[]}}"#
        )
        .expect("writes into memory");
    }
    body(&format!(
        r#"{{"@odata.context":"http://{address}/v1.0/$metadata#numbers","value":[{records}]}}"#
    ))
}
