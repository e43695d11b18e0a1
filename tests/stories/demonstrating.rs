//! The demo: a small school, complete after however many runs, and nothing else.

use std::collections::BTreeMap;

use quad::{
    model::{
        MemberRole, Message, Named, Role, RoomForMe, RoomId, Seq, SessionId, SupportStatus,
        Timestamp, UserId,
        permission::{Actor, desks_of},
    },
    server::{
        demo::{self, crowd::CROWD_COUNT, people::PASSWORD},
        service::{OldMessage, Viewer},
    },
    sync::Lists,
};

use crate::{app::TestApp, on_both_databases};

const ACCOUNTS: usize = 46 + CROWD_COUNT;
const CONVERSATIONS: usize = 30;
const COURSE_MESSAGES: usize = 18;

impl TestApp {
    async fn viewer(&self, username: &str) -> Viewer {
        let found = self.services.user_by_username(username).await.unwrap();
        let (user_id, role) = found.unwrap();
        let desks = &self.services.settings.desks;
        Viewer {
            desks: desks_of(desks, Named { role, username }),
            user_id,
            role,
            session_id: SessionId::default(),
            language: "en".to_owned(),
        }
    }

    async fn lists_of(&self, username: &str) -> Lists {
        let viewer = self.viewer(username).await;
        self.services.lists(&viewer).await.unwrap()
    }

    /// A whole conversation, oldest message first.
    async fn all_of(&self, reader: &Viewer, room_id: RoomId) -> Vec<Message> {
        let newest = self.services.snapshot(reader, room_id).await.unwrap();
        let (mut messages, mut has_older) = (newest.messages, newest.has_older);
        while has_older {
            let before = messages[0].seq;
            let page = self.services.older(reader, room_id, before).await.unwrap();
            has_older = page.has_older;
            messages.splice(0..0, page.messages);
        }
        messages
    }

    /// Everything that those who answer see: conversations and what was said in them.
    async fn everything(&self) -> BTreeMap<RoomId, (RoomForMe, Vec<Message>)> {
        let nora = self.viewer("agent").await;
        let mut everything = BTreeMap::new();
        for (id, room) in self.services.lists(&nora).await.unwrap().rooms {
            everything.insert(id, (room, self.all_of(&nora, id).await));
        }
        everything
    }
}

fn person(room: &RoomForMe) -> UserId {
    room.shared.user.as_ref().unwrap().id
}

async fn it_is_a_small_school_with_weeks_behind_it(app: TestApp) {
    let now = app.services.clock.now();
    let report = demo::fill(&app.services, false).await.unwrap();
    assert_eq!(report.new_accounts, ACCOUNTS);
    let count = app.services.user_count().await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), ACCOUNTS);
    let admin = app.viewer("admin").await;
    assert_eq!(app.services.support_staff(&admin).await.unwrap().len(), 3);

    let all = app.everything().await;
    assert_eq!(all.len(), CONVERSATIONS);
    let messages: usize = all.values().map(|(_, messages)| messages.len()).sum();
    assert_eq!(messages + COURSE_MESSAGES, report.new_messages);
    assert!((2400..=2700).contains(&messages), "{messages}");
    let mut times: Vec<(Timestamp, _)> = Vec::new();
    for (room, messages) in all.values() {
        // What was done by hand takes a place, too; each conversation was given to somebody, then put somewhere.
        let support = room.support.as_ref().unwrap();
        let by_hand = usize::from(support.assignee.is_some())
            + usize::from(support.status != SupportStatus::Open);
        let seq = usize::try_from(room.seq.0).unwrap();
        assert_eq!(seq, messages.len() + by_hand, "dense");
        assert!(messages.is_sorted_by(|a, b| a.seq < b.seq && a.created_at < b.created_at));
        let last = room.last_message.as_ref().unwrap();
        assert_eq!(messages.last().unwrap().seq, last.seq);
        times.extend(
            messages
                .iter()
                .map(|message| (message.created_at, message.id)),
        );
    }
    times.sort_unstable();
    assert!(
        times.is_sorted_by_key(|(_, id)| *id),
        "the last activity is the latest"
    );
    let (first, last) = (times[0].0, times[times.len() - 1].0);
    assert!(last < app.services.clock.now());
    let weeks = now.ms_since(first) / (7 * 86_400_000);
    assert!((9..=12).contains(&weeks), "{weeks}");
}

async fn conversations_stand_at_every_place(app: TestApp) {
    demo::fill(&app.services, false).await.unwrap();
    let desk = app.lists_of("agent").await.rooms;
    let standing = |status| {
        let supports = desk.values().filter_map(|room| room.support.as_ref());
        supports.filter(|support| support.status == status).count()
    };
    let statuses = [
        SupportStatus::Open,
        SupportStatus::Pending,
        SupportStatus::Resolved,
    ];
    assert_eq!(statuses.map(standing), [11, 5, 14]);
    let mut assigned: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting = 0;
    for room in desk.values() {
        let support = room.support.clone().unwrap();
        let name = support
            .assignee
            .map_or_else(|| "nobody".to_owned(), |card| card.name);
        *assigned.entry(name).or_default() += 1;
        // Who waits has written last, at that time or after it.
        let last = room.last_message.as_ref().unwrap();
        let is_students = last.sender_id == person(room);
        assert_eq!(support.waiting_since.is_some(), is_students);
        assert!(
            support
                .waiting_since
                .is_none_or(|since| since <= last.created_at)
        );
        waiting += usize::from(is_students);
    }
    assert_eq!(waiting, 6);
    let expected = [
        ("Nora Lindqvist", 13),
        ("Rosa Almeida", 2),
        ("Samir Haddad", 10),
        ("nobody", 5),
    ];
    let assigned: Vec<(&str, usize)> = assigned
        .iter()
        .map(|(name, n)| (name.as_str(), *n))
        .collect();
    assert_eq!(assigned, expected);
}

async fn some_messages_are_unread_on_both_sides(app: TestApp) {
    demo::fill(&app.services, false).await.unwrap();
    for username in ["agent", "samir", "admin"] {
        let desk = app.lists_of(username).await.rooms;
        let unread: Vec<&RoomForMe> = desk.values().filter(|room| room.unread_count > 0).collect();
        assert_eq!(unread.len(), 5, "{username}");
        for room in unread {
            // No more than what the student wrote since the last answer.
            let viewer = app.viewer(username).await;
            let messages = app.all_of(&viewer, room.id()).await;
            let new = messages.iter().rev();
            let new = new.take_while(|message| message.sender.role == Role::Student);
            assert_eq!(usize::try_from(room.unread_count).unwrap(), new.count());
        }
    }
    for (username, unread) in [("ana", 2), ("kofi", 0), ("mei", 0)] {
        let own = app.lists_of(username).await.rooms;
        let support = own.values().filter(|room| !room.is_chat());
        let counts: Vec<i64> = support.map(|room| room.unread_count).collect();
        assert_eq!(counts, [unread], "{username}");
    }
    let without = app.lists_of("valentina").await;
    assert!(without.rooms.values().all(RoomForMe::is_chat));
}

async fn courses_have_rooms_of_several_sizes(app: TestApp) {
    demo::fill(&app.services, false).await.unwrap();
    let mut sizes = Vec::new();
    for username in ["teacher", "ingrid", "rafael"] {
        for room in app.lists_of(username).await.rooms.into_values() {
            let Some(course) = room.shared.course else {
                continue;
            };
            assert_eq!(room.role, Some(MemberRole::Host), "{username}");
            let is_private = !room.shared.chat_mode.is_public();
            sizes.push((course.code, room.member_count, is_private));
        }
    }
    sizes.sort();
    let expected = [
        ("CS-330", 15, true),
        ("HI-210", 7, false),
        ("MA-101", 21, false),
        ("ST-100", 301, false),
    ];
    let expected = expected.map(|(code, count, is_private)| (code.to_owned(), count, is_private));
    assert_eq!(sizes, expected);
    // Ana asked Rafael something; who else is there does not see it.
    let rooms = app.lists_of("rafael").await.rooms;
    let room_id = *rooms.iter().find(|(_, room)| room.is_chat()).unwrap().0;
    let read = async |username| {
        let reader = app.viewer(username).await;
        let messages = app.all_of(&reader, room_id).await;
        messages
            .iter()
            .filter(|message| message.is_countable())
            .count()
    };
    assert_eq!(
        (
            read("rafael").await,
            read("ana").await,
            read("beatriz").await
        ),
        (5, 3, 2)
    );
}

async fn everybody_signs_in_with_the_one_password(app: TestApp) {
    demo::fill(&app.services, false).await.unwrap();
    for username in [
        "ana",
        "kofi",
        "mei",
        "teacher",
        "agent",
        "admin",
        "valentina",
    ] {
        let mut person = app.anonymous();
        let answer = person.signs_in(username, PASSWORD).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"]),
            (303, &"/".parse().unwrap())
        );
    }
}

async fn a_second_run_changes_nothing(app: TestApp) {
    demo::fill(&app.services, false).await.unwrap();
    let ana = app.viewer("ana").await;
    let (before, own) = (app.everything().await, app.lists_of("ana").await);
    let again = demo::fill(&app.services, false).await.unwrap();
    assert!(again.is_unchanged(), "{again}");
    assert_eq!(app.everything().await, before);
    assert_eq!(app.lists_of("ana").await, own);

    // Nor what people have made of it since: here one that was resolved is opened again, and read.
    let is_resolved =
        |room: &RoomForMe| room.support.as_ref().unwrap().status == SupportStatus::Resolved;
    let (resolved, _) = before.values().find(|(room, _)| is_resolved(room)).unwrap();
    let person = Actor {
        id: person(resolved),
        role: Role::Student,
    };
    let new = OldMessage {
        actor: person,
        room_id: resolved.id(),
        client_id: quad::model::ClientId::random(),
        content: "Something else".to_owned(),
        at: app.services.clock.now(),
    };
    app.services.import_messages(vec![new]).await.unwrap();
    let seq = own.rooms.values().next().unwrap().seq;
    let room_id = own.rooms.values().next().unwrap().id();
    app.services
        .mark_read(ana.actor(), room_id, seq)
        .await
        .unwrap();
    let (before, own) = (app.everything().await, app.lists_of("ana").await);
    assert!(!is_resolved(&before[&resolved.id()].0));
    let again = demo::fill(&app.services, false).await.unwrap();
    assert!(again.is_unchanged(), "{again}");
    assert_eq!(app.everything().await, before);
    assert_eq!(app.lists_of("ana").await, own);
}

/// What a run leaves, but for when it was and for the numbers of what it made.
async fn outline(app: &TestApp) -> Vec<(String, SupportStatus, Option<String>, i64, Vec<String>)> {
    let everything = app.everything().await;
    let rooms = everything.into_values().map(|(room, messages)| {
        let support = room.support.unwrap();
        (
            room.shared.user.unwrap().name,
            support.status,
            support.assignee.map(|card| card.name),
            room.unread_count,
            messages
                .into_iter()
                .map(|message| message.content)
                .collect(),
        )
    });
    rooms.collect()
}

async fn what_was_interrupted_is_completed_by_the_next_run(app: TestApp) {
    // Ended early, half way, and where only the marks are missing: by dropping it once so much is there.
    for messages in [0, 300, 1300, 2500] {
        let run = demo::fill(&app.services, false);
        let enough = async {
            loop {
                let found = app.services.user_by_username("agent").await.unwrap();
                if found.is_some() {
                    let rooms = app.lists_of("agent").await.rooms;
                    let seqs = rooms.values().map(|room| room.seq.0);
                    if seqs.sum::<i64>() >= messages {
                        return;
                    }
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = enough => {}
            done = run => panic!("it was to be interrupted at {messages}: {}", done.unwrap()),
        }
        // What it had asked for last is done all the same, before anything that is asked for now.
        let nobody = Actor {
            id: UserId(999_999),
            role: Role::Student,
        };
        let later = app.services.mark_read(nobody, RoomId(1), Seq(1)).await;
        assert!(later.is_err());
    }
    let last = demo::fill(&app.services, false).await.unwrap();
    assert_eq!(last.new_accounts, 0);
    let whole = TestApp::on_sqlite().await;
    demo::fill(&whole.services, false).await.unwrap();
    assert_eq!(outline(&app).await, outline(&whole).await);
}

async fn accounts_are_older_than_what_their_people_wrote(app: TestApp) {
    demo::fill(&app.services, false).await.unwrap();
    let mut dates = BTreeMap::new();
    for (room, messages) in app.everything().await.into_values() {
        let person = room.shared.user.unwrap();
        let agent = app.viewer("agent").await;
        let details = app.services.support_person(&agent, room.shared.id).await;
        let made = details.unwrap().created_at;
        assert!(made < messages[0].created_at, "{}", person.name);
        dates.insert(person.id, made.0 / 86_400_000);
    }
    let mut days: Vec<i64> = dates.into_values().collect();
    days.sort_unstable();
    days.dedup();
    assert!(days.len() >= 10, "{days:?}");
}

on_both_databases!(
    it_is_a_small_school_with_weeks_behind_it,
    accounts_are_older_than_what_their_people_wrote,
    conversations_stand_at_every_place,
    some_messages_are_unread_on_both_sides,
    courses_have_rooms_of_several_sizes,
    everybody_signs_in_with_the_one_password,
    a_second_run_changes_nothing,
    what_was_interrupted_is_completed_by_the_next_run,
);
