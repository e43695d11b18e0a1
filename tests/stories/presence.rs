//! Who is there: online, away, busy, offline, last seen, for those who may know and look.

use std::time::{Duration, Instant};

use quad::{
    model::{
        MemberChange, Presence, PresenceStatus, Role, RoomId, RoomKind, Timestamp, UserId,
        WireError,
        limits::{AWAY_AFTER_MS, GRACE_MS},
    },
    protocol::{Command, Event},
    server::clock::Clock,
};
use serde_json::json;

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
};

const NOON: Timestamp = Timestamp(1_770_000_000_000);

use PresenceStatus::{Away, Busy, Offline, Online};

impl Socket {
    pub async fn looks_at_people(&mut self, people: &[UserId]) {
        self.sends(&Command::Watch {
            room_id: None,
            user_ids: people.to_vec(),
        })
        .await;
    }

    async fn chooses(&mut self, status: PresenceStatus) {
        let status = Some(status);
        self.sends(&Command::Presence { status }).await;
    }

    /// What it is told next of anybody.
    pub async fn presence(&mut self) -> Presence {
        self.until(|event| match event {
            Event::Presence(presence) => Some(presence),
            _ => None,
        })
        .await
    }

    /// Reads on until it is told that; on the way there the other node may be missed for a moment.
    async fn hears(&mut self, who: UserId, status: PresenceStatus) -> Presence {
        loop {
            let told = self.presence().await;
            if (told.user_id, told.status) == (who, status) {
                return told;
            }
        }
    }

    /// What it is told next, which must be that.
    async fn is_told(&mut self, who: UserId, status: PresenceStatus) -> Presence {
        let told = self.presence().await;
        assert_eq!((told.user_id, told.status), (who, status), "{told:?}");
        told
    }
}

/// A node whose clock stands, with a room of three: ben looks at whether ana is there, and at a marker, whose coming and
/// going shows that all that stirred before has been told.
struct Class {
    app: TestApp,
    clock: Clock,
    ana: Person,
    ana_id: UserId,
    ben: Person,
    look: Socket,
    marker: Person,
    marker_id: UserId,
    room: RoomId,
    host: Person,
}

impl Class {
    async fn new(app: &TestApp) -> Self {
        let clock = Clock::manual(NOON);
        let app = app.told(&[], &clock).await;
        let host = app.person("tess", Role::Teacher).await;
        let room = host.creates(RoomKind::Public, "Algebra").await;
        let ana_account = app.student_account("ana").await;
        let mut ana = app.anonymous();
        ana.arrives("ana").await;
        let ben = app.student("ben").await;
        let marker_account = app.student_account("cai").await;
        let mut marker = app.anonymous();
        marker.arrives("cai").await;
        for person in [&ana, &ben, &marker] {
            person.joins(room).await;
        }
        let (mut look, _) = ben.connects().await;
        let (ana_id, marker_id) = (ana_account.id, marker_account.id);
        look.looks_at_people(&[ana_id, marker_id]).await;
        for id in [ana_id, marker_id] {
            let told = look.is_told(id, Offline).await;
            assert_eq!(told.last_seen, None, "never here");
        }
        Self {
            app,
            clock,
            ana,
            ana_id,
            ben,
            look,
            marker,
            marker_id,
            room,
            host,
        }
    }

    /// All that has stirred is told: and ben is told of nobody but the marker.
    async fn nothing_is_told(&mut self) {
        let (mut socket, _) = self.marker.connects().await;
        let mut before = Online;
        for status in [Busy, Online] {
            socket.chooses(status).await;
            loop {
                let told = self.look.presence().await;
                assert_eq!(told.user_id, self.marker_id, "{told:?}");
                if told.status == status {
                    break;
                }
                assert!([before, Offline].contains(&told.status), "{told:?}");
            }
            before = status;
        }
    }

    /// What ben is told next of ana, which must be that.
    async fn is_told(&mut self, status: PresenceStatus) -> Presence {
        let told = loop {
            let told = self.look.presence().await;
            if told.user_id == self.ana_id {
                break told;
            }
        };
        assert_eq!(told.status, status, "{told:?}");
        told
    }

    /// Waits until the node knows that ana has so many devices.
    async fn has_devices(&self, count: usize) {
        while self.app.services.hub.count_of(self.ana_id) != count {
            tokio::task::yield_now().await;
        }
    }
}

async fn whoever_has_two_tabs_is_there_until_the_last_is_gone_for_some_seconds(app: TestApp) {
    let mut class = Class::new(&app).await;
    let (first, _) = class.ana.connects().await;
    let told = class.is_told(Online).await;
    assert_eq!((told.last_seen, told.chosen), (Some(NOON), None));
    let (second, _) = class.ana.connects().await;
    drop(first);
    class.has_devices(1).await;
    class.clock.advance_ms(GRACE_MS * 2);
    class.nothing_is_told().await;

    // A page that is loaded anew.
    drop(second);
    class.has_devices(0).await;
    class.nothing_is_told().await;
    class.clock.advance_ms(GRACE_MS - 1);
    class.nothing_is_told().await;
    let (third, _) = class.ana.connects().await;
    class.has_devices(1).await;
    class.clock.advance_ms(GRACE_MS * 2);
    class.nothing_is_told().await;

    let left_at = class.clock.now();
    drop(third);
    class.has_devices(0).await;
    class.nothing_is_told().await;
    class.clock.advance_ms(GRACE_MS);
    assert_eq!(class.is_told(Offline).await.last_seen, Some(left_at));
}

async fn whoever_does_nothing_for_long_is_away_whatever_their_devices_do(app: TestApp) {
    let mut class = Class::new(&app).await;
    let (mut tab, _) = class.ana.connects().await;
    class.is_told(Online).await;
    class.clock.advance_ms(AWAY_AFTER_MS - 1);
    class.nothing_is_told().await;
    tab.all_until_pong().await;
    class.clock.advance_ms(1);
    let told = class.is_told(Away).await;
    assert_eq!(told.last_seen, Some(NOON));
    // Another device that only connects does nothing either; what somebody writes there they write themselves.
    let (mut phone, _) = class.ana.connects().await;
    phone.all_until_pong().await;
    class.nothing_is_told().await;
    tab.sends(&Command::Presence { status: None }).await;
    class.is_told(Online).await;
    class.clock.advance_ms(AWAY_AFTER_MS);
    class.is_told(Away).await;
    phone.says(class.room, "I am here").await;
    class.is_told(Online).await;
}

async fn a_choice_stays_over_devices_and_is_told_to_ones_own(app: TestApp) {
    let mut class = Class::new(&app).await;
    let ana = class.ana_id;
    let (mut tab, _) = class.ana.connects().await;
    class.is_told(Online).await;
    tab.looks_at_people(&[ana]).await;
    assert_eq!(tab.is_told(ana, Online).await.chosen, Some(Online));
    let busy = json!({ "status": "busy" });
    class.ana.reads::<()>("choose_presence", busy).await;
    assert_eq!(class.is_told(Busy).await.chosen, None);
    assert_eq!(tab.is_told(ana, Busy).await.chosen, Some(Busy));
    class.clock.advance_ms(AWAY_AFTER_MS);
    class.nothing_is_told().await;

    drop(tab);
    class.has_devices(0).await;
    class.nothing_is_told().await;
    class.clock.advance_ms(GRACE_MS);
    class.is_told(Offline).await;
    let (mut again, _) = class.ana.connects().await;
    class.is_told(Busy).await;
    let page = class.ana.gets("/account").await.text().await.unwrap();
    assert!(page.contains("value=\"busy\" disabled checked"), "{page}");
    again.chooses(Online).await;
    class.is_told(Online).await;
}

async fn whoever_appears_offline_is_not_given_away(app: TestApp) {
    let mut class = Class::new(&app).await;
    let ana = class.ana_id;
    let (mut tab, _) = class.ana.connects().await;
    class.is_told(Online).await;
    class.clock.advance_ms(1000);
    tab.chooses(Offline).await;
    let told = class.is_told(Offline).await;
    assert_eq!(told.last_seen, Some(NOON.plus_ms(1000)));
    // Whatever they do, and when they go.
    class.clock.advance_ms(60_000);
    tab.sends(&Command::Presence { status: None }).await;
    tab.says(class.room, "Nobody sees me").await;
    class.nothing_is_told().await;
    drop(tab);
    class.has_devices(0).await;
    class.nothing_is_told().await;
    class.clock.advance_ms(GRACE_MS);
    class.nothing_is_told().await;
    let (mut fresh, _) = class.ben.connects().await;
    fresh.looks_at_people(&[ana]).await;
    let told = fresh.is_told(ana, Offline).await;
    assert_eq!(told.last_seen, Some(NOON.plus_ms(1000)));
}

async fn when_somebody_was_last_seen_is_hidden_where_they_want_it(app: TestApp) {
    let mut class = Class::new(&app).await;
    let (tab, _) = class.ana.connects().await;
    assert!(class.is_told(Online).await.last_seen.is_some());
    let hides = json!({ "hides": true });
    class.ana.reads::<()>("hide_last_seen", hides).await;
    assert_eq!(class.is_told(Online).await.last_seen, None);
    drop(tab);
    class.has_devices(0).await;
    class.nothing_is_told().await;
    class.clock.advance_ms(GRACE_MS);
    assert_eq!(class.is_told(Offline).await.last_seen, None);
    let shown = json!({ "hides": false });
    class.ana.reads::<()>("hide_last_seen", shown).await;
    let told = class.is_told(Offline).await;
    assert_eq!(told.last_seen, Some(NOON));
}

async fn strangers_are_told_nothing_and_who_is_put_out_no_more(app: TestApp) {
    let mut class = Class::new(&app).await;
    let ana = class.ana_id;
    let nora = class.app.agent("nora").await;
    let nora_id = nora.id().await;
    let dan = class.app.student("dan").await;
    let (mut stranger, _) = dan.connects().await;
    stranger
        .looks_at_people(&[ana, nora_id, UserId(999_999)])
        .await;
    stranger.is_told(nora_id, Online).await;
    let (mut tab, _) = class.ana.connects().await;
    class.is_told(Online).await;
    tab.chooses(Busy).await;
    class.is_told(Busy).await;
    // What stirs later at the desk comes first.
    let (mut desk, _) = nora.connects().await;
    desk.chooses(Busy).await;
    stranger.is_told(nora_id, Busy).await;

    class.look.looks_at_people(&[ana, nora_id]).await;
    class.look.is_told(nora_id, Busy).await;
    let ben_id = class.ben.id().await;
    let kicked = class.host.changes(class.room, ben_id, MemberChange::Kick);
    assert_eq!(kicked.await, 200);
    tab.chooses(Away).await;
    tab.looks_at_people(&[ana]).await;
    tab.is_told(ana, Away).await;
    desk.chooses(Online).await;
    class.look.is_told(nora_id, Online).await;
}

async fn where_somebody_is_is_told_to_those_who_are_there_too(app: TestApp) {
    let mut class = Class::new(&app).await;
    let (ana, shared) = (class.ana_id, class.room);
    let (mut tab, _) = class.ana.connects().await;
    class.is_told(Online).await;
    let other = class.host.creates(RoomKind::Public, "Board").await;
    class.ana.joins(other).await;
    let (mut host, _) = class.host.connects().await;
    host.looks_at_people(&[ana]).await;
    host.is_told(ana, Online).await;
    let is_at = |room_id| Command::Watch {
        room_id: Some(room_id),
        user_ids: Vec::new(),
    };
    tab.sends(&is_at(shared)).await;
    for socket in [&mut class.look, &mut host] {
        assert_eq!(socket.is_told(ana, Online).await.current_room, Some(shared));
    }
    tab.sends(&is_at(other)).await;
    assert_eq!(class.is_told(Online).await.current_room, None);
    assert_eq!(host.is_told(ana, Online).await.current_room, Some(other));
    // A room in which they are not is no place.
    tab.sends(&is_at(RoomId(999_999))).await;
    assert_eq!(host.is_told(ana, Online).await.current_room, None);
    class.nothing_is_told().await;
}

async fn a_flood_of_presence_is_limited(app: TestApp) {
    let mut class = Class::new(&app).await;
    let ana = class.ana_id;
    let (mut tab, _) = class.ana.connects().await;
    class.is_told(Online).await;
    for _ in 0..100 {
        tab.chooses(Busy).await;
        tab.chooses(Away).await;
        tab.sends(&Command::Presence { status: None }).await;
    }
    let mut refused = 0;
    for event in tab.all_until_pong().await {
        match event {
            Event::Error(error) => {
                let is_limited = matches!(error.error, WireError::RateLimited { .. });
                assert!(is_limited, "{error:?}");
                refused += 1;
            }
            Event::Presence(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((160..=170).contains(&refused), "{refused}");
    tab.looks_at_people(&[ana]).await;
    let chosen = tab.presence().await.status;
    let mut frames = 1;
    while class.look.presence().await.status != chosen {
        frames += 1;
    }
    assert!(frames < 30, "{frames}");
    let too_many: Vec<UserId> = (1..=201).map(UserId).collect();
    tab.looks_at_people(&too_many).await;
    let events = tab.all_until_pong().await;
    let is_refused = |event: &Event| matches!(event, Event::Error(error) if matches!(error.error, WireError::Invalid { .. }));
    assert!(events.iter().any(is_refused), "{events:?}");
}

async fn many_who_type_at_once_are_shown_as_a_few(app: TestApp) {
    const TYPISTS: usize = 12;
    let class = Class::new(&app).await;
    let room_id = class.room;
    let mut look = class.look;
    let watch = Command::Watch {
        room_id: Some(room_id),
        user_ids: Vec::new(),
    };
    look.sends(&watch).await;
    look.all_until_pong().await;
    let mut typists = Vec::new();
    for n in 0..TYPISTS {
        let typist = class.app.student(&format!("typist{n}")).await;
        typist.joins(room_id).await;
        typists.push(typist.connects().await.0);
    }
    let began = Instant::now();
    for socket in &mut typists {
        let sign = json!({ "type": "typing", "room_id": room_id });
        socket.sends_text(&sign.to_string()).await;
    }
    for socket in &mut typists {
        socket.all_until_pong().await;
    }
    let told = look.all_until_pong().await;
    let is_sign = |event: &&Event| matches!(event, Event::TypingIndicator { .. });
    let signs = told.iter().filter(is_sign).count();
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    assert!((1..=4 * seconds).contains(&signs), "{signs} in {seconds} s");
}

async fn presence_is_right_at_another_node(app: TestApp) {
    let Class {
        app: here,
        clock,
        ana,
        ana_id,
        ben,
        room,
        ..
    } = Class::new(&app).await;
    let there = app.told(&[], &clock).await;
    let (mut look, _) = ben.at(&there).connects().await;
    look.looks_at_people(&[ana_id]).await;
    look.hears(ana_id, Offline).await;
    let (mut tab, _) = ana.at(&here).connects().await;
    look.hears(ana_id, Online).await;
    let began = Instant::now();
    tab.chooses(Busy).await;
    look.hears(ana_id, Busy).await;
    assert!(began.elapsed() < Duration::from_secs(10));
    tab.chooses(Online).await;
    look.hears(ana_id, Online).await;
    clock.advance_ms(AWAY_AFTER_MS);
    look.hears(ana_id, Away).await;
    tab.says(room, "Back").await;
    look.hears(ana_id, Online).await;
    // With a device at each, the one that goes takes nothing away.
    let (phone, _) = ana.at(&there).connects().await;
    drop(tab);
    while here.services.hub.count_of(ana_id) > 0 {
        tokio::task::yield_now().await;
    }
    drop(phone);
    while there.services.hub.count_of(ana_id) > 0 {
        tokio::task::yield_now().await;
    }
    let (again, _) = ana.at(&here).connects().await;
    clock.advance_ms(GRACE_MS);
    let hides = json!({ "hides": true });
    ana.at(&there).reads::<()>("hide_last_seen", hides).await;
    while look.hears(ana_id, Online).await.last_seen.is_some() {}
    drop(again);
}

async fn whom_a_node_held_that_is_gone_is_offline_after_some_seconds(app: TestApp) {
    let class = Class::new(&app).await;
    let there = app.told(&[], &class.clock).await;
    let (mut look, _) = class.ben.at(&there).connects().await;
    let (tab, _) = class.ana.connects().await;
    look.looks_at_people(&[class.ana_id]).await;
    look.hears(class.ana_id, Online).await;
    let (ana, clock) = (class.ana_id, class.clock.clone());
    let services = class.app.services.clone();
    drop(class);
    while services.is_working() {
        tokio::task::yield_now().await;
    }
    drop(tab);
    clock.advance_ms(60_000);
    let told = look.is_told(ana, Offline).await;
    assert_eq!(
        told.last_seen,
        Some(NOON),
        "when it last said that it is there"
    );
}

on_both_databases!(
    whoever_has_two_tabs_is_there_until_the_last_is_gone_for_some_seconds,
    whoever_does_nothing_for_long_is_away_whatever_their_devices_do,
    a_choice_stays_over_devices_and_is_told_to_ones_own,
    whoever_appears_offline_is_not_given_away,
    when_somebody_was_last_seen_is_hidden_where_they_want_it,
    strangers_are_told_nothing_and_who_is_put_out_no_more,
    where_somebody_is_is_told_to_those_who_are_there_too,
    a_flood_of_presence_is_limited,
    many_who_type_at_once_are_shown_as_a_few,
    presence_is_right_at_another_node,
    whom_a_node_held_that_is_gone_is_offline_after_some_seconds,
);
