//! What one wants of a room, for oneself alone: on all of one's devices, in one's list, and nobody else's business.

use quad::{
    model::{Role, RoomChoice, RoomForMe, RoomId, RoomKind, UserRev},
    protocol::Event,
};
use serde_json::json;

use crate::{
    app::{Person, TestApp},
    on_both_databases,
};

impl Person {
    pub async fn chooses(&self, room_id: RoomId, choice: RoomChoice) -> u16 {
        let body = json!({ "room_id": room_id, "choice": choice });
        self.calls("choose_room", body).await.status().as_u16()
    }

    /// The room as their list has it.
    async fn lists_room(&self, room_id: RoomId) -> RoomForMe {
        let (_, hello) = self.connects().await;
        let mut rooms = hello.rooms.into_iter();
        rooms.find(|room| room.id() == room_id).unwrap()
    }
}

async fn a_choice_is_told_to_ones_own_devices_and_kept(app: TestApp) {
    let tess = app.person("tess", Role::Teacher).await;
    let ana = app.student("ana").await;
    let room_id = tess.creates(RoomKind::Public, "Algebra").await;
    ana.joins(room_id).await;
    let (mut phone, hello) = ana.connects().await;
    let (mut laptop, _) = ana.connects().await;
    let (mut other, _) = tess.connects().await;
    let rev = |more: i64| UserRev(hello.user_rev.0 + more);
    assert_eq!(ana.chooses(room_id, RoomChoice::Quiet(true)).await, 200);
    // The same again changes nothing.
    assert_eq!(ana.chooses(room_id, RoomChoice::Quiet(true)).await, 200);
    assert_eq!(ana.chooses(room_id, RoomChoice::Pinned(true)).await, 200);
    let told = |is_pinned, user_rev| Event::RoomChosen {
        room_id,
        is_quiet: true,
        is_pinned,
        user_rev,
    };
    let expected = [told(false, rev(1)), told(true, rev(2))];
    assert_eq!(phone.all_until_pong().await, expected);
    assert_eq!(laptop.all_until_pong().await, expected);
    assert_eq!(other.all_until_pong().await, []);

    let room = ana.lists_room(room_id).await;
    assert!(room.is_quiet && room.is_pinned);
    assert_eq!(ana.reads_room(room_id).await.room, room);
    let theirs = tess.lists_room(room_id).await;
    assert!(!theirs.is_quiet && !theirs.is_pinned);
    // What is unread is still counted, for whoever looks.
    other.says(room_id, "Homework").await;
    assert_eq!(ana.lists_room(room_id).await.unread_count, 1);
    assert_eq!(ana.lists_room(room_id).await.counted_unread(), 0);
    assert_eq!(ana.chooses(room_id, RoomChoice::Quiet(false)).await, 200);
    assert_eq!(ana.lists_room(room_id).await.counted_unread(), 1);
}

async fn only_who_is_inside_may_choose(app: TestApp) {
    let tess = app.person("tess", Role::Teacher).await;
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = tess.creates(RoomKind::Public, "Algebra").await;
    let support = ana.opens_support().await.id();
    ana.connects().await.0.says(support, "Hello").await;
    let choice = RoomChoice::Pinned(true);
    for (person, room_id, status) in [
        (&ana, room_id, 404),
        (&ana, RoomId(999_999), 404),
        (&tess, support, 404),
        (&ana, support, 200),
        (&nora, support, 200),
    ] {
        assert_eq!(person.chooses(room_id, choice).await, status, "{room_id}");
    }
    assert!(nora.lists_room(support).await.is_pinned);
    // One who has gone may choose nothing any more, and finds it as it was on coming back.
    ana.joins(room_id).await;
    assert_eq!(ana.chooses(room_id, choice).await, 200);
    assert_eq!(ana.tries("leave_room", room_id).await, 200);
    assert_eq!(ana.chooses(room_id, RoomChoice::Pinned(false)).await, 404);
    ana.joins(room_id).await;
    assert!(ana.lists_room(room_id).await.is_pinned);
}

on_both_databases!(
    a_choice_is_told_to_ones_own_devices_and_kept,
    only_who_is_inside_may_choose,
);
