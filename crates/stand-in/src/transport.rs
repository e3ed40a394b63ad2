//! How OpenTofu reaches the provider: a line on the standard output that names a Unix socket, and gRPC on it.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{RecvStream, SendStream};
use http::{HeaderMap, HeaderValue, Request, Response};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;

use crate::service::Service;

/// gRPC's word for "there is no such method".
const UNIMPLEMENTED: u32 = 12;
/// gRPC's word for "this cannot be what you meant".
const INVALID: u32 = 3;

/// What all connections share.
#[derive(Debug)]
struct Shared {
    service: Mutex<Service>,
    end: Notify,
}

/// Answers until OpenTofu says that it is done.
pub(crate) fn serve(service: Service) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("no runtime: {error}"))?.block_on(listen(service))
}

async fn listen(service: Service) -> Result<(), String> {
    let folder = std::env::temp_dir();
    let path = folder.join(format!("stand-in-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let hello = writeln!(std::io::stdout(), "1|5|unix|{}|grpc|", path.display());
    hello.and_then(|()| std::io::stdout().flush()).map_err(|error| format!("nobody listens: {error}"))?;
    let shared = Arc::new(Shared { service: Mutex::new(service), end: Notify::new() });
    let peers = Arc::clone(&shared);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(connection(socket, Arc::clone(&peers)));
        }
    });
    shared.end.notified().await;
    // The last answer is still on its way.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let _ = std::fs::remove_file(&path);
    Ok(())
}

async fn connection(socket: UnixStream, shared: Arc<Shared>) {
    let Ok(mut connection) = h2::server::handshake(socket).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        let shared = Arc::clone(&shared);
        // A peer that went away hears no answer, and nobody else is concerned.
        tokio::spawn(async move { drop(answer(request, respond, &shared).await) });
    }
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    shared: &Shared,
) -> Result<(), h2::Error> {
    let path = request.uri().path().to_owned();
    let method = match path.strip_prefix("/tfplugin5.Provider/") {
        Some(method) => method,
        None if path == "/plugin.GRPCController/Shutdown" => {
            reply(&mut respond, Ok(Vec::new()))?;
            shared.end.notify_one();
            return Ok(());
        }
        // Neither the broker nor the standard output is asked for anything.
        None => return reply(&mut respond, Err((UNIMPLEMENTED, format!("no method {path}")))),
    };
    let message = message(request.into_body()).await?;
    let done = match message {
        Some(message) => {
            let mut service = shared.service.lock().expect("no answer panics");
            match service.answer(method, &message) {
                Some(Ok(bytes)) => Ok(bytes),
                Some(Err(error)) => Err((INVALID, error)),
                None => Err((UNIMPLEMENTED, format!("no method {method}"))),
            }
        }
        None => Err((INVALID, "the message is cut short".to_owned())),
    };
    reply(&mut respond, done)
}

/// The one message of a request: a byte that is 0 where it is not compressed, four of its length, and itself.
async fn message(mut body: RecvStream) -> Result<Option<Bytes>, h2::Error> {
    let mut whole = BytesMut::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        whole.extend_from_slice(&chunk);
    }
    let length = match whole.first_chunk::<5>() {
        Some([0, length @ ..]) => u32::from_be_bytes(*length) as usize,
        _ => return Ok(None),
    };
    Ok((whole.len() == length + 5).then(|| whole.split_off(5).freeze()))
}

fn reply(respond: &mut SendResponse<Bytes>, done: Result<Vec<u8>, (u32, String)>) -> Result<(), h2::Error> {
    let mut head = Response::new(());
    head.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    let mut stream: SendStream<Bytes> = respond.send_response(head, false)?;
    let mut trailers = HeaderMap::new();
    match done {
        Ok(message) => {
            let mut frame = BytesMut::with_capacity(message.len() + 5);
            frame.put_u8(0);
            frame.put_u32(u32::try_from(message.len()).expect("an answer is small"));
            frame.extend_from_slice(&message);
            stream.send_data(frame.freeze(), false)?;
            trailers.insert("grpc-status", HeaderValue::from(0));
        }
        Err((code, text)) => {
            trailers.insert("grpc-status", HeaderValue::from(code));
            if let Ok(text) = HeaderValue::from_str(&text) {
                trailers.insert("grpc-message", text);
            }
        }
    }
    stream.send_trailers(trailers)
}
