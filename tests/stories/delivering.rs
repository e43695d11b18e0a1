//! What has come: between sent and read, told to the other side live, after being away and on another system's socket;
//! nothing of it in rooms of many, and nothing to strangers.

use quad::{
    model::{MessageId, PresenceStatus, Role, RoomId, RoomKind, Seq, UserId, WireError},
    protocol::{ByMessages, Command, Event},
};

use crate::{
    app::{Socket, TestApp},
    converging::shows_what_is_there,
    on_both_databases,
    tab::Tab,
};

impl Socket {
    /// Says that a room has come to this device up to there.
    pub async fn has_received(&mut self, room_id: RoomId, read_seq: Seq) {
        self.sends(&Command::Delivered { room_id, read_seq }).await;
    }

    /// The same by messages, and that this is stored and told.
    async fn has_received_these(&mut self, ids: &[MessageId], room_id: Option<RoomId>) {
        let by = ByMessages {
            message_ids: ids.to_vec(),
            room_id,
        };
        self.sends(&Command::MessagesDelivered(by)).await;
        self.all_until_pong().await;
    }

    /// Reads on to where it says to whom something has come, and up to where.
    pub async fn delivered(&mut self) -> (UserId, Seq) {
        self.until(|event| delivery(&event)).await
    }

    /// What has come to whom, of everything up to now.
    async fn deliveries(&mut self) -> Vec<(UserId, Seq)> {
        let told = self.all_until_pong().await;
        told.iter().filter_map(delivery).collect()
    }
}

fn delivery(event: &Event) -> Option<(UserId, Seq)> {
    match event {
        Event::MessagesDelivered {
            user_id, read_seq, ..
        } => Some((*user_id, *read_seq)),
        _ => None,
    }
}

async fn whoever_wrote_hears_that_it_has_come_and_nobody_has_read_it(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, hello) = nora.connects().await;
    let nora_id = hello.user.id;
    let first = phone.says(room_id, "Hello").await;
    let second = phone.says(room_id, "Is anybody there?").await;
    desk.has_received(room_id, first.seq).await;
    assert_eq!(phone.delivered().await, (nora_id, first.seq));
    // Beyond the end is the end, never back, and what is known is not told again.
    for seq in [Seq(i64::MAX), first.seq, second.seq, Seq(0), Seq(-1)] {
        desk.has_received(room_id, seq).await;
    }
    desk.all_until_pong().await;
    assert_eq!(phone.deliveries().await, [(nora_id, second.seq)]);
    let shown = ana.reads_room(room_id).await;
    assert_eq!(shown.deliveries.get(&nora_id), Some(&second.seq));
    assert!(shown.receipts.is_empty(), "nobody has read anything");
    let of_nora = nora.reads_room(room_id).await.room;
    assert_eq!((of_nora.unread_count, of_nora.read_seq), (2, Seq(0)));
}

async fn what_is_read_has_come(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, hello) = nora.connects().await;
    let ack = phone.says(room_id, "Hello").await;
    desk.reads_up_to(room_id, ack.seq).await;
    desk.has_received(room_id, ack.seq).await;
    desk.all_until_pong().await;
    let told = phone.all_until_pong().await;
    let is_read = |event: &Event| matches!(event, Event::MessagesRead { read_seq, .. } if *read_seq == ack.seq);
    assert!(told.iter().any(is_read), "{told:?}");
    assert_eq!(told.iter().find_map(delivery), None);
    // What comes after that is told again.
    let next = phone.says(room_id, "Thanks").await;
    desk.has_received(room_id, next.seq).await;
    assert_eq!(phone.delivered().await, (hello.user.id, next.seq));
}

async fn messages_stand_for_their_places(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let (ben, tom) = (app.student("ben").await, app.student("tom").await);
    let (here, there) = (
        ana.opens_support().await.id(),
        ben.opens_support().await.id(),
    );
    let (mut phone, _) = ana.connects().await;
    let (mut other, _) = ben.connects().await;
    let (mut desk, hello) = nora.connects().await;
    let nora_id = hello.user.id;
    let hers = phone.says(here, "Hello").await;
    let newer = phone.says(here, "Hello?").await;
    let his = other.says(there, "Good day").await;
    let ids = [hers.message_id, his.message_id, MessageId(999_999)];
    // Of one room alone, then of each.
    desk.has_received_these(&ids, Some(there)).await;
    assert_eq!(other.deliveries().await, [(nora_id, his.seq)]);
    assert_eq!(phone.deliveries().await, []);
    desk.has_received_these(&ids, None).await;
    assert_eq!(phone.deliveries().await, [(nora_id, hers.seq)]);
    // What is not one's own to see changes nothing, and is not told apart from what is not there.
    let (mut stranger, _) = tom.connects().await;
    stranger.has_received_these(&ids, None).await;
    assert_eq!(phone.deliveries().await, []);
    // Reading goes the same way.
    let by = ByMessages {
        message_ids: vec![newer.message_id, hers.message_id],
        room_id: None,
    };
    desk.sends(&Command::ReadMessages(by)).await;
    let read = phone.until(|event| match event {
        Event::MessagesRead { read_seq, .. } => Some(read_seq),
        _ => None,
    });
    assert_eq!(read.await, newer.seq);
}

async fn rooms_of_many_keep_nothing_of_it(app: TestApp) {
    let (ana, ben) = (
        app.person("ana", Role::Teacher).await,
        app.student("ben").await,
    );
    let room_id = ana.creates(RoomKind::Public, "Algebra").await;
    ben.joins(room_id).await;
    let (mut phone, _) = ana.connects().await;
    let (mut other, _) = ben.connects().await;
    let ack = phone.says(room_id, "Hello").await;
    other.has_received(room_id, ack.seq).await;
    let by = ByMessages {
        message_ids: vec![ack.message_id],
        room_id: None,
    };
    other.sends(&Command::MessagesDelivered(by)).await;
    other.reads_up_to(room_id, ack.seq).await;
    let told = other.all_until_pong().await;
    let is_refused = |event: &Event| matches!(event, Event::Error(_));
    assert!(!told.iter().any(is_refused), "{told:?}");
    let told = phone.all_until_pong().await;
    let is_read = |event: &Event| matches!(event, Event::MessagesRead { .. });
    assert!(told.iter().any(is_read), "its reading is told");
    assert_eq!(told.iter().find_map(delivery), None);
    assert!(ana.reads_room(room_id).await.deliveries.is_empty());
}

async fn who_appears_offline_receives_unseen(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, hello) = nora.connects().await;
    let ack = phone.says(room_id, "Hello").await;
    for (status, told) in [
        (PresenceStatus::Offline, None),
        (PresenceStatus::Busy, Some((hello.user.id, ack.seq))),
    ] {
        let status = Some(status);
        desk.sends(&Command::Presence { status }).await;
        desk.has_received(room_id, ack.seq).await;
        desk.all_until_pong().await;
        assert_eq!(phone.deliveries().await, Vec::from_iter(told));
    }
}

async fn to_a_stranger_the_room_is_not_there(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "Hello").await;
    let (mut stranger, _) = ben.connects().await;
    for room_id in [room_id, RoomId(999_999)] {
        stranger.has_received(room_id, Seq(1)).await;
        let refused = stranger.until(|event| match event {
            Event::Error(error) => Some(error.error),
            _ => None,
        });
        assert_eq!(refused.await, WireError::NotFound);
    }
    assert_eq!(phone.deliveries().await, []);
    assert!(ana.reads_room(room_id).await.deliveries.is_empty());
}

async fn who_was_away_finds_it_after_coming_back(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, hello) = nora.connects().await;
    let mut tab = Tab::opened(ana.again()).await;
    tab.opens(room_id).await;
    let ack = phone.says(room_id, "Hello").await;
    tab.settles().await;
    assert!(tab.sight().rooms[&room_id].deliveries.is_empty());
    tab.is_cut();
    desk.has_received(room_id, ack.seq).await;
    desk.all_until_pong().await;
    tab.connects().await;
    tab.settles().await;
    let shown = &tab.sight().rooms[&room_id];
    assert_eq!(shown.deliveries.get(&hello.user.id), Some(&ack.seq));
    shows_what_is_there(&mut tab, false).await;
}

async fn a_page_says_what_comes_to_it_and_what_waited(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let nora_id = nora.id().await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let first = phone.says(room_id, "Hello").await;
    assert_eq!(phone.deliveries().await, [], "nobody is there");
    // The list alone is open, and no room.
    let mut page = Tab::opened(nora.again()).await;
    assert_eq!(phone.deliveries().await, [(nora_id, first.seq)]);
    page.lives_a_second().await;
    let second = phone.says(room_id, "Is anybody there?").await;
    page.settles().await;
    assert_eq!(phone.deliveries().await, [(nora_id, second.seq)]);
    let shown = ana.reads_room(room_id).await;
    assert!(shown.receipts.is_empty(), "nothing of it is read");
    assert_eq!(nora.reads_room(room_id).await.room.unread_count, 2);
}

on_both_databases!(
    whoever_wrote_hears_that_it_has_come_and_nobody_has_read_it,
    what_is_read_has_come,
    messages_stand_for_their_places,
    rooms_of_many_keep_nothing_of_it,
    who_appears_offline_receives_unseen,
    to_a_stranger_the_room_is_not_there,
    who_was_away_finds_it_after_coming_back,
    a_page_says_what_comes_to_it_and_what_waited,
);
