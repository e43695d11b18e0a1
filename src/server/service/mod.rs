//! Use cases: who asks → may they → one transaction or one read snapshot → the answer; what is durable is published.
//!
//! The only place where store and hub meet. Must not know: axum's handlers, SQL. To add a use case: a method on
//! [`Services`] in the noun's file, that takes the [`Viewer`] first.

mod accounts;
mod around;
mod blocks;
mod browsing;
mod budget;
mod bulk;
mod canned;
mod catching_up;
mod conversations;
mod courses;
mod desks;
mod directory;
mod enrolling;
mod failures;
mod fault;
mod feed;
mod herald;
mod history;
mod import;
mod indexing;
mod keeping;
mod limiter;
mod looking;
mod marking;
mod marks;
mod membership;
mod messages;
mod other_nodes;
mod participants;
mod passwords;
mod presence;
mod publisher;
mod rates;
mod room_events;
mod rooms;
pub mod roster;
mod school;
mod search;
mod sessions;
mod support;
mod threads;
mod tickets;
mod visiting;
mod zones;

use std::{ops::Deref, sync::Arc};

use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use accounts::{NewUser, Registration};
pub use conversations::{Opened, Student};
pub use courses::{CourseLine, CoursesKept, CoursesRefused, LineProblem};
pub use enrolling::{Imported, NotImported};
pub use history::Part;
pub use import::{BroughtIn, OldMessage, OldUser};
pub use keeping::Keeper;
pub use limiter::network;
pub use messages::NewMessage;
pub use presence::{Known, KnownRow};
pub use school::LOGO_PATH;
pub use search::PublicFound;
pub use sessions::{Name, REFRESH_MS, SESSION_MS, SignIn, SignedIn};
pub use visiting::Visit;

use self::{
    herald::Herald,
    limiter::Limiter,
    looking::Lookers,
    other_nodes::OtherNodes,
    passwords::Passwords,
    presence::{Presences, Round},
    publisher::Publisher,
    tickets::Tickets,
};
use super::{
    StartError,
    clock::Clock,
    hub::Hub,
    random,
    settings::Settings,
    store::{OpenError, Store, control, writer::Writer},
};
use crate::model::{Desk, Epoch, Role, SessionId, UserId, permission::Actor};

/// Outcomes that may wait to be published.
const OUTCOMES: usize = 1024;
/// Rooms and lists of other nodes' doing that may wait to be published.
const BEHIND: usize = 256;

/// Changes of one room that are told one by one; further behind means `reset` (S3: history limit 1000).
const RESUME_CHANGES: usize = 1000;

/// Who asks, from the session alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The account.
    pub user_id: UserId,
    /// Its role in the school.
    pub role: Role,
    /// The session that says so.
    pub session_id: SessionId,
    /// The account's language.
    pub language: String,
    /// The desks that they answer.
    pub desks: Vec<Desk>,
}

impl Viewer {
    /// As the permission table knows them.
    pub fn actor(&self) -> Actor {
        Actor {
            id: self.user_id,
            role: self.role,
        }
    }
}

/// The use cases. Cloning shares them.
#[derive(Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

/// What the use cases stand on.
pub struct Inner {
    /// The settings.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// The database's epoch.
    pub epoch: Epoch,
    /// The sockets' tasks, for which a stop waits.
    pub sockets: TaskTracker,
    store: Store,
    herald: Herald,
    writer: Writer,
    limiter: Limiter,
    passwords: Passwords,
    tickets: Tickets,
    presences: Arc<Presences>,
    /// Ends what looks by itself; the others end with the writer.
    stop: CancellationToken,
    tasks: tokio::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl Deref for Services {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Services {
    /// Opens the database and starts what works behind the use cases.
    pub async fn open(settings: &Settings) -> Result<Self, StartError> {
        Self::open_at(settings, Clock::System).await
    }

    /// The same with a clock of the caller's.
    pub async fn open_at(settings: &Settings, clock: Clock) -> Result<Self, StartError> {
        use secrecy::ExposeSecret;

        let store = Store::open(settings.database_url.expose_secret()).await?;
        let epoch = ensure_epoch(&store).await?;
        store.ensure_folded().await.map_err(OpenError::from)?;
        desks::warn_of_strangers(&store, &settings.desks).await?;
        let hub = Arc::new(Hub::default());
        let (outcomes, done) = mpsc::channel(OUTCOMES);
        let (writer, writing) = Writer::start(
            store.clone(),
            Arc::clone(&settings.desks),
            clock.clone(),
            outcomes,
        );
        // Before what it tells of is read: what is decided meanwhile is read again.
        let control_seq = newest_control(&store).await?;
        let herald = Herald::start(store.clone(), Arc::clone(&hub), clock.clone())
            .await
            .map_err(OpenError::from)?;
        let (behind, told) = mpsc::channel(BEHIND);
        let publisher = Publisher {
            hub: Arc::clone(&hub),
            store: store.clone(),
            herald: herald.clone(),
        };
        let publishing = tokio::spawn(publisher.run(done, told));
        let other_nodes = OtherNodes {
            hub: Arc::clone(&hub),
            store: store.clone(),
            behind,
            herald: herald.clone(),
            control_seq,
        };
        let stop = CancellationToken::new();
        let watching = tokio::spawn(other_nodes.run(stop.clone()));
        let lookers = Lookers {
            hub: Arc::clone(&hub),
            store: store.clone(),
        };
        let looking = tokio::spawn(lookers.run(stop.clone()));
        let presences = Arc::new(Presences::new());
        let round = Round::new(&hub, &store, &writer, &settings.desks, &clock, &presences);
        let rounds = tokio::spawn(round.run(stop.clone()));
        let indexing = tokio::spawn(indexing::run(store.clone(), stop.clone()));
        let inner = Inner {
            settings: settings.clone(),
            hub,
            epoch,
            sockets: TaskTracker::new(),
            store,
            herald,
            writer,
            limiter: Limiter::new(settings.message_rate),
            passwords: Passwords::new()?,
            tickets: Tickets::default(),
            presences,
            clock,
            stop,
            tasks: tokio::sync::Mutex::new(vec![
                writing, publishing, watching, looking, rounds, indexing,
            ]),
        };
        let services = Self {
            inner: Arc::new(inner),
        };
        if let Err(error) = services.finish_imports().await {
            tracing::warn!(%error, "an import that was left half way is not ended yet");
        }
        Ok(services)
    }

    /// Whether what stands behind the use cases runs: false once it was closed, and where it has failed.
    pub fn is_working(&self) -> bool {
        self.writer.is_working()
    }

    /// Lets what is under way end, then closes the database.
    pub async fn close(&self) {
        self.stop.cancel();
        self.writer.stop();
        for task in self.tasks.lock().await.drain(..) {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task behind the services failed");
            }
        }
        self.store.close().await;
    }
}

async fn newest_control(store: &Store) -> Result<i64, StartError> {
    let newest = async {
        let mut reader = store.read().await?;
        control::newest(&mut reader.conn()).await
    };
    Ok(newest.await.map_err(OpenError::from)?)
}

async fn ensure_epoch(store: &Store) -> Result<Epoch, StartError> {
    let fresh = Epoch(random::token());
    Ok(store.ensure_epoch(&fresh).await.map_err(OpenError::from)?)
}
