//! What this node knows of the school, and how everybody hears of a change: the node that made it tells at once, the
//! others read of it in the control log.

use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::Mutex;

use crate::{
    model::SchoolState,
    protocol::Event,
    server::{
        clock::Clock,
        hub::Hub,
        store::{Result, Store, alerts, control::ControlKind, school},
    },
};

/// Keeps the school's state, and tells. Cloning shares it.
#[derive(Clone)]
pub(super) struct Herald {
    hub: Arc<Hub>,
    store: Store,
    clock: Clock,
    /// Behind a plain lock: what is read from it is copied out, and nothing waits meanwhile.
    known: Arc<RwLock<SchoolState>>,
    /// Held while alerts are read and told.
    telling: Arc<Mutex<()>>,
}

impl Herald {
    pub(super) async fn start(store: Store, hub: Arc<Hub>, clock: Clock) -> Result<Self> {
        let mut reader = store.read().await?;
        let known = school::state(&mut reader.conn()).await?;
        drop(reader);
        Ok(Self {
            hub,
            store,
            clock,
            known: Arc::new(RwLock::new(known)),
            telling: Arc::default(),
        })
    }

    /// What stands, as far as this node has heard.
    pub(super) fn school(&self) -> SchoolState {
        self.known.read().clone()
    }

    /// Something has changed: reads it, and tells those who are connected here.
    pub(super) async fn hears(&self, kind: ControlKind) {
        let heard = match kind {
            ControlKind::SchoolChanged => self.school_changed().await,
            ControlKind::AlertsChanged => self.alerts_changed().await,
            ControlKind::SessionEnded | ControlKind::AccountClosed | ControlKind::RoleChanged => {
                Ok(())
            }
        };
        if let Err(error) = heard {
            tracing::error!(%error, ?kind, "what has changed in the school could not be read");
        }
    }

    async fn school_changed(&self) -> Result<()> {
        let mut reader = self.store.read().await?;
        let state = school::state(&mut reader.conn()).await?;
        drop(reader);
        let policy = state.policy;
        let mut known = self.known.write();
        // One that was read before another may come after it.
        if known.rev >= state.rev {
            return Ok(());
        }
        let is_other = known.policy != policy;
        *known = state;
        drop(known);
        // Rooms of two are open now, or closed.
        if is_other {
            self.hub.refresh_all();
        }
        Ok(())
    }

    async fn alerts_changed(&self) -> Result<()> {
        // What was read first is told first. Twice is no harm, and never is: who came in between two looks at the control
        // log holds what neither of them has told.
        let _telling = self.telling.lock().await;
        let mut reader = self.store.read().await?;
        let alerts = alerts::current(&mut reader.conn(), self.clock.now()).await?;
        drop(reader);
        self.hub.tell_all(&Event::System { alerts });
        Ok(())
    }
}
