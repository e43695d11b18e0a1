//! What a socket of one room needs: whether it may be opened, and its place in the hub with the newest messages.

use std::sync::Arc;

use super::{
    Services, Viewer,
    browsing::on_shelf,
    fault::Stored,
    rooms::{granted, granted_at},
};
use crate::{
    model::{
        Epoch, RoomId, Seq, Shelf, Slice, Timestamp, WireError, limits::SNAPSHOT_MESSAGES,
        permission::Action,
    },
    protocol::public::{PublicMessage, Readership},
    server::{
        hub::{Connection, Outbox, Topic},
        store::{
            history::{self, Bounds},
            marks, rooms, sessions,
            sight::Sight,
            users,
        },
    },
};

/// A socket's place in one room.
#[derive(Debug)]
pub struct Visit {
    /// Its place in the hub.
    pub connection: Arc<Connection>,
    /// What queues for it.
    pub outbox: Outbox,
    /// What it is told first.
    pub recent: Recent,
}

/// A room's newest messages, of one moment.
#[derive(Debug)]
pub struct Recent {
    /// Oldest first.
    pub messages: Vec<PublicMessage>,
    /// Up to where they tell everything.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// The database's epoch.
    pub epoch: Epoch,
}

impl Services {
    /// Whether the viewer may see that room. Errors: `not_found`.
    pub async fn may_visit(&self, viewer: &Viewer, room_id: RoomId) -> Result<(), WireError> {
        self.may_visit_on(viewer, None, room_id).await
    }

    /// The same, if it stands on that shelf. Errors: `not_found`.
    pub async fn may_visit_on(
        &self,
        viewer: &Viewer,
        shelf: Option<Shelf>,
        room_id: RoomId,
    ) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        on_shelf(&mut reader.conn(), viewer, shelf, room_id)
            .await
            .map(drop)
    }

    /// Whether the viewer may do that there, before what they ask is read; the writer looks again. Errors: `not_found`,
    /// `forbidden`, `archived`.
    pub async fn may_do(
        &self,
        viewer: &Viewer,
        action: Action,
        room_id: RoomId,
    ) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        granted(&mut reader.conn(), viewer, action, room_id)
            .await
            .map(drop)
    }

    /// Whether the viewer may send to that room, if it stands on that shelf; the writer looks again. Errors: `not_found`,
    /// `archived`.
    pub async fn may_send(
        &self,
        viewer: &Viewer,
        shelf: Option<Shelf>,
        room_id: RoomId,
    ) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        on_shelf(&mut conn, viewer, shelf, room_id).await?;
        let now = self.clock.now();
        granted_at(&mut conn, viewer, Action::Post, room_id, now)
            .await
            .map(drop)
    }

    /// Gives a socket of that room alone its place in the hub: from now on its frames queue. Errors: `not_found`,
    /// `unauthorized` where the session has ended meanwhile.
    pub async fn visit(&self, viewer: &Viewer, room_id: RoomId) -> Result<Visit, WireError> {
        // Nothing of a desk: those who answer there see this room's changes by the room itself.
        let (connection, outbox) = Connection::new(viewer.actor(), viewer.session_id, Vec::new());
        self.hub.register(&connection);
        self.hub.subscribe(&connection, Topic::Room(room_id));
        connection.stay_in(room_id);
        let recent = async {
            self.begin(&connection, room_id).await?;
            self.recent(viewer, room_id).await
        };
        match recent.await {
            Ok(recent) => Ok(Visit {
                connection,
                outbox,
                recent,
            }),
            Err(error) => {
                self.hub.remove(&connection);
                Err(error)
            }
        }
    }

    /// Notes from where on this node publishes for it.
    async fn begin(&self, connection: &Arc<Connection>, room_id: RoomId) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let user_id = connection.user_id();
        let rev = users::rev(&mut conn, user_id).await.stored()?;
        self.hub.start_list(user_id, rev);
        let counters = rooms::counters(&mut conn, &[room_id]).await.stored()?;
        self.hub.start_rooms(connection, counters);
        Ok(())
    }

    async fn recent(&self, viewer: &Viewer, room_id: RoomId) -> Result<Recent, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let at = self.clock.now();
        let session = sessions::by_id(&mut conn, viewer.session_id, at)
            .await
            .stored()?;
        match session {
            None => return Err(WireError::Unauthorized),
            // With another role they come back.
            Some(session) if session.role != viewer.role => return Err(WireError::Unavailable),
            Some(_) => {}
        }
        let room = on_shelf(&mut conn, viewer, None, room_id).await?;
        let newest = Slice {
            limit: i64::try_from(SNAPSHOT_MESSAGES).unwrap_or(50),
            offset: 0,
        };
        let sight = Sight::of(viewer.actor(), room.whose());
        let messages = history::newest(&mut conn, sight, room_id, Bounds::default(), newest)
            .await
            .stored()?;
        let counters = rooms::counters(&mut conn, &[room_id]).await.stored()?;
        let receipts = marks::receipts(&mut conn, room_id).await.stored()?;
        let deliveries = marks::deliveries(&mut conn, room_id).await.stored()?;
        let readership = Readership {
            reader: viewer.user_id,
            read_seq: marks::read_seq(&mut conn, viewer.user_id, room_id)
                .await
                .stored()?,
            receipts: &receipts,
            deliveries: &deliveries,
            person: room.user_id,
        };
        Ok(Recent {
            messages: messages
                .into_iter()
                .map(|message| PublicMessage::for_reader(message, readership))
                .collect(),
            seq: counters.first().map(|at| at.seq).unwrap_or_default(),
            at,
            epoch: self.epoch.clone(),
        })
    }
}
