//! The server: what answers HTTP and sockets, and the database behind it.
//!
//! `http` and `ws` call `service`; `service` is the only place where `store` and `hub` meet; see the drawing in the
//! crate's documentation.

pub mod backup;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod http;
pub mod hub;
pub mod load;
pub mod pages;
pub mod random;
pub mod secrets;
pub mod service;
pub mod settings;
pub mod sheet;
pub mod store;
pub mod telemetry;
pub mod ws;

use std::{io, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use service::Services;

use self::{
    http::{AppState, accept, csrf::Csrf, devices::Devices, jwt::Jwt, routes},
    settings::Settings,
    store::OpenError,
};
use crate::protocol::CloseCode;

/// At a stop every socket has this long to take leave.
const LEAVE: Duration = Duration::from_secs(5);

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// Passwords cannot be hashed here.
    #[error("passwords cannot be hashed: {0}")]
    Passwords(argon2::password_hash::Error),
    /// The address cannot be listened at.
    #[error("cannot listen at {addr}: {cause}")]
    Listen {
        /// The address.
        addr: std::net::SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
    /// The list of the page's files is not there.
    #[error(
        "the pages' files are not there: {} is missing. Keep hash.txt beside the program, and let LEPTOS_SITE_ROOT name \
         the folder `site` that was built with it", .0.display()
    )]
    Pages(std::path::PathBuf),
    /// A secret cannot be read, or made in the data folder.
    #[error("the secrets cannot be read or made: {0}")]
    Secrets(io::Error),
    /// The system's signals cannot be heard.
    #[error("cannot listen for signals: {0}")]
    Signals(io::Error),
}

impl From<argon2::password_hash::Error> for StartError {
    fn from(error: argon2::password_hash::Error) -> Self {
        Self::Passwords(error)
    }
}

/// Serves until SIGTERM or SIGINT, then ends in good order: sockets are closed with 1012, what was accepted is written.
pub async fn run(settings: Settings) -> Result<(), StartError> {
    let stop = CancellationToken::new();
    let signal = terminated()?;
    check_pages(&settings)?;
    let services = Services::open(&settings).await?;
    let addr = settings.addr;
    let listener = accept::listen(addr).map_err(|cause| StartError::Listen { addr, cause })?;
    // With port 0 the system has chosen one.
    let addr = listener.local_addr().unwrap_or(addr);
    #[expect(
        clippy::print_stdout,
        reason = "the address is what the one who started it waits for"
    )]
    {
        println!("Quad serves http://{addr}");
    }
    let token = stop.clone();
    tokio::spawn(async move {
        signal.await;
        token.cancel();
    });
    serve(listener, services, stop).await
}

/// Leptos reads the names of the page's files from a list beside the program, and panics in every request where it is
/// missing.
fn check_pages(settings: &Settings) -> Result<(), StartError> {
    let list =
        std::env::current_exe().map(|program| program.with_file_name(&*settings.leptos.hash_file));
    match list {
        Ok(list) if settings.leptos.hash_files && !list.is_file() => Err(StartError::Pages(list)),
        _ => Ok(()),
    }
}

/// Serves `services` at `listener` until `stop`; then closes them.
pub async fn serve(
    listener: TcpListener,
    services: Services,
    stop: CancellationToken,
) -> Result<(), StartError> {
    serve_within(accept::Bounds::default(), listener, services, stop).await
}

/// The same, with other bounds for those who are slow, or many.
pub async fn serve_within(
    bounds: accept::Bounds,
    listener: TcpListener,
    services: Services,
    stop: CancellationToken,
) -> Result<(), StartError> {
    let state = state(&services).map_err(StartError::Secrets)?;
    let hub = Arc::clone(&services.hub);
    let sockets = take_leave(&services, &stop);
    let http = accept::serve(
        listener,
        routes::router(state),
        bounds,
        services.settings.trusted_proxies.clone(),
        stop.clone(),
        move || {
            hub.close_all(CloseCode::Restarting);
        },
    );
    tokio::join!(http, sockets);
    services.close().await;
    Ok(())
}

/// From the stop on, waits for the sockets: they write what waits and their close, and hear their peer's.
async fn take_leave(services: &Services, stop: &CancellationToken) {
    stop.cancelled().await;
    services.sockets.close();
    if tokio::time::timeout(LEAVE, services.sockets.wait())
        .await
        .is_err()
    {
        let left = services.sockets.len();
        tracing::warn!(left, "some sockets did not end in time");
    }
}

/// What handlers are given, with the secrets that it takes.
fn state(services: &Services) -> io::Result<AppState> {
    let settings = &services.settings;
    let own = |name| secrets::load_or_make(&settings.data_dir, name);
    let jwt = match &settings.jwt_secret_file {
        Some(path) => secrets::read_given(path)?,
        None => own("jwt.key")?,
    };
    Ok(AppState {
        leptos: settings.leptos.clone(),
        csrf: Arc::new(Csrf::new(own("csrf.key")?)),
        jwt: Arc::new(Jwt::new(&jwt)),
        devices: Arc::new(Devices::new(own("device.key")?)),
        services: services.clone(),
    })
}

/// Resolves at SIGTERM or SIGINT.
#[cfg(unix)]
fn terminated() -> Result<impl Future<Output = ()>, StartError> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::Signals)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves at Ctrl+C.
#[cfg(not(unix))]
fn terminated() -> Result<impl Future<Output = ()>, StartError> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot listen for Ctrl+C");
        }
    })
}
