//! Finding rooms: which of those that somebody sees match, in what order, how many; what is unread in all; students.

use quad::{
    model::{
        Desk, Desks, Listed, Named, Reach, Role, RoomFilter, RoomId, RoomKind, Shelf, Slice,
        UserId,
        permission::{Actor, desks_of},
    },
    server::store::{details, finding, marks},
};

use crate::{
    on_both_databases,
    people::account,
    store::{NOW, TestStore},
};

const ALL: Slice = Slice {
    limit: 100,
    offset: 0,
};

fn actor(id: UserId, role: Role) -> Actor {
    Actor { id, role }
}

/// The desks that the reader answers, where the settings say nothing.
pub fn answered(reader: Actor) -> Vec<Desk> {
    let named = Named {
        role: reader.role,
        username: "",
    };
    desks_of(&Desks::default(), named)
}

fn conversations() -> RoomFilter {
    RoomFilter::all_of(Shelf::Conversations)
}

impl TestStore {
    async fn finds_rooms(
        &self,
        reader: Actor,
        filter: &RoomFilter,
        slice: Slice,
    ) -> Listed<RoomId> {
        let desks = answered(reader);
        self.reads(async |conn| finding::rooms(conn, reader, &desks, filter, slice).await)
            .await
    }

    async fn found(&self, reader: Actor, filter: &RoomFilter) -> Vec<RoomId> {
        let found = self.finds_rooms(reader, filter, ALL).await;
        assert_eq!(found.count, i64::try_from(found.items.len()).unwrap());
        found.items
    }

    /// A room of that kind with these people: no function makes one yet.
    async fn room_of(&self, kind: RoomKind, name: &str, members: &[UserId]) -> RoomId {
        let room = self.course_room(members).await;
        let kind = kind.as_str();
        self.runs(&format!(
            "UPDATE rooms SET kind = '{kind}', name = '{name}', name_folded = lower('{name}') WHERE id = {room}"
        ))
        .await;
        room
    }
}

async fn each_kind_stands_on_its_shelf_for_those_who_are_in(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let nora = db.agent("nora").await;
    let support = db.support_room(ana).await;
    let mut by_kind = Vec::new();
    for kind in Shelf::Everything.kinds() {
        if *kind != RoomKind::Support {
            by_kind.push((*kind, db.room_of(*kind, "", &[ana, nora]).await));
        }
    }
    for (reader, sees_support, is_in) in [
        (actor(ana, Role::Student), true, true),
        (actor(nora, Role::Agent), true, true),
        (actor(ben, Role::Student), false, false),
    ] {
        for shelf in [Shelf::Rooms, Shelf::Conversations, Shelf::Everything] {
            let mut expected: Vec<RoomId> = by_kind
                .iter()
                .filter(|(kind, _)| is_in && shelf.kinds().contains(kind))
                .map(|(_, room)| *room)
                .chain(sees_support.then_some(support))
                .collect();
            expected.sort_by_key(|room| std::cmp::Reverse(*room));
            let found = db.found(reader, &RoomFilter::all_of(shelf)).await;
            assert_eq!(found, expected, "{reader:?} {shelf:?}");
        }
        for (kind, room) in &by_kind {
            let mut filter = RoomFilter::all_of(Shelf::Everything);
            filter.kind = Some(*kind);
            let expected: &[RoomId] = if is_in { &[*room] } else { &[] };
            assert_eq!(db.found(reader, &filter).await, expected, "{kind:?}");
        }
    }
    // Who has left, and what is gone, is found no more.
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE user_id = {ana}"
    ))
    .await;
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {support}"
    ))
    .await;
    let everything = RoomFilter::all_of(Shelf::Everything);
    assert!(
        db.found(actor(ana, Role::Student), &everything)
            .await
            .is_empty()
    );
}

async fn the_last_to_be_written_in_comes_first_page_by_page(db: TestStore) {
    let nora = actor(db.agent("nora").await, Role::Agent);
    let mut rooms = Vec::new();
    for name in ["ana", "ben", "cem", "dia"] {
        let person = db.student(name).await;
        rooms.push((person, db.support_room(person).await));
    }
    for at in [2, 0, 3] {
        let (person, room) = rooms[at];
        db.says(person, room, "hello").await;
    }
    let expected = [rooms[3].1, rooms[0].1, rooms[2].1, rooms[1].1];
    assert_eq!(db.found(nora, &conversations()).await, expected);
    for offset in 0..5 {
        let slice = Slice { limit: 2, offset };
        let found = db.finds_rooms(nora, &conversations(), slice).await;
        let from = usize::try_from(offset).unwrap().min(4);
        assert_eq!(found.items, expected[from..(from + 2).min(4)], "{offset}");
        assert_eq!(found.count, 4);
    }
}

async fn a_search_finds_parts_of_names_and_nothing_by_signs(db: TestStore) {
    let nora = actor(db.agent("nora").await, Role::Agent);
    let person = |name: &str, email: &str| {
        let mut new = account(&name.to_lowercase().replace(' ', "."), Role::Student);
        new.name = name.to_owned();
        new.email = Some(email.to_owned());
        new
    };
    let mut rooms = Vec::new();
    for (name, email) in [
        ("Élodie Dupont", "ed@school.example"),
        ("100% Percy", "p@school.example"),
        ("Anna_Maria", "am@other.example"),
    ] {
        let new = person(name, email);
        let write = quad::server::store::writer::Write::AddUser(new);
        let added = db.writer.write(write).await.unwrap();
        let quad::server::store::writer::Outcome::UserAdded(Some(id)) = added else {
            panic!("{added:?}")
        };
        rooms.push(db.support_room(id).await);
    }
    let direct = db
        .room_of(RoomKind::Direct, "", &[nora.id, db.student("zoe").await])
        .await;
    let [elodie, percy, anna] = rooms[..] else {
        panic!("three rooms")
    };
    for (part, expected) in [
        ("éLO", vec![elodie]),
        ("DUPONT", vec![elodie]),
        ("school.example", vec![percy, elodie]),
        ("%", vec![percy]),
        ("_", vec![anna]),
        ("\\", vec![]),
        ("'; DROP TABLE users; --", vec![]),
        ("a\0b", vec![]),
        ("ZO", vec![direct]),
        // Not found by oneself.
        ("nora", vec![]),
        ("  ", vec![direct, anna, percy, elodie]),
    ] {
        let mut filter = conversations();
        filter.search = part.to_owned();
        assert_eq!(db.found(nora, &filter).await, expected, "{part}");
    }
    let mut filter = RoomFilter::all_of(Shelf::Everything);
    filter.search = "algeb".to_owned();
    let course = db.course_room(&[nora.id]).await;
    assert_eq!(db.found(nora, &filter).await, [course]);
}

async fn what_is_unread_archived_or_ones_own_is_found_apart(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let nora = db.agent("nora").await;
    let reader = actor(nora, Role::Agent);
    let (first, second) = (db.support_room(ana).await, db.support_room(ben).await);
    let direct = db.room_of(RoomKind::Direct, "", &[nora, ana]).await;
    db.says(ana, first, "hello").await;
    db.says(nora, second, "one's own is not unread").await;
    db.runs(&format!(
        "UPDATE rooms SET archived_at = 1 WHERE id = {second}"
    ))
    .await;
    let with = |change: fn(&mut RoomFilter)| {
        let mut filter = conversations();
        change(&mut filter);
        filter
    };
    let unread = with(|filter| filter.is_unread = true);
    assert_eq!(db.found(reader, &unread).await, [first]);
    let archived = with(|filter| filter.is_archived = Some(true));
    assert_eq!(db.found(reader, &archived).await, [second]);
    let others = with(|filter| filter.is_archived = Some(false));
    assert_eq!(db.found(reader, &others).await, [first, direct]);
    let own = with(|filter| filter.is_own = true);
    assert_eq!(db.found(reader, &own).await, [direct]);
    assert_eq!(
        db.found(actor(ana, Role::Student), &own).await,
        [first, direct]
    );
    db.marks(nora, first, 1).await.unwrap();
    assert!(db.found(reader, &unread).await.is_empty());
}

async fn the_sum_of_what_is_unread_is_that_of_the_rooms(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let nora = db.agent("nora").await;
    let (first, second) = (db.support_room(ana).await, db.support_room(ben).await);
    let course = db.course_room(&[nora, ana]).await;
    let total = async |reader: Actor| {
        db.reads(async |conn| finding::unread(conn, reader, &answered(reader)).await)
            .await
    };
    let nora = actor(nora, Role::Agent);
    assert_eq!(total(nora).await, 0);
    db.says_often(ana, first, 3).await;
    db.says_often(ben, second, 2).await;
    db.says_often(ana, course, 4).await;
    db.says(nora.id, first, "one's own").await;
    assert_eq!(total(nora).await, 9);
    assert_eq!(total(actor(ana, Role::Student)).await, 1);
    assert_eq!(total(actor(ben, Role::Student)).await, 0);
    db.marks(nora.id, course, 3).await.unwrap();
    assert_eq!(total(nora).await, 6);
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {second}"
    ))
    .await;
    assert_eq!(total(nora).await, 4);
}

async fn students_come_by_name_each_with_their_room(db: TestStore) {
    let (ben, ana) = (db.student("ben").await, db.student("ana").await);
    db.agent("nora").await;
    db.person("tom", Role::Teacher).await;
    let closed = db.student("cem").await;
    db.runs(&format!(
        "UPDATE users SET closed_at = 1 WHERE id = {closed}"
    ))
    .await;
    let room = db.support_room(ben).await;
    let students = async |part: &str, slice: Slice| {
        let desk = Desk::default_desk();
        let found = db
            .reads(async |conn| finding::students(conn, &desk, part, slice).await)
            .await;
        let rows: Vec<_> = found
            .items
            .iter()
            .map(|row| (row.id, row.room_id))
            .collect();
        (found.count, rows)
    };
    assert_eq!(
        students("", ALL).await,
        (2, vec![(ana, None), (ben, Some(room))])
    );
    assert_eq!(students("BE", ALL).await, (1, vec![(ben, Some(room))]));
    let second = Slice {
        limit: 1,
        offset: 1,
    };
    assert_eq!(students("", second).await, (2, vec![(ben, Some(room))]));
}

async fn details_say_who_made_a_room_and_who_is_in(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let support = db.support_room(ana).await;
    let course = db.course_room(&[ben, ana]).await;
    db.says(ana, support, "hello").await;
    let mut rows = db
        .reads(async |conn| details::of(conn, ana, &[support, course, RoomId(999)]).await)
        .await;
    rows.sort_by_key(|row| row.room_id);
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[0].creator_id, rows[0].person_username.as_deref()),
        (ana, Some("ana"))
    );
    assert_eq!(rows[0].member_count, 0);
    assert_eq!(rows[0].member_role, None);
    assert_eq!((rows[1].creator_id, rows[1].member_count), (ben, 2));
    assert_eq!(rows[1].member_role.as_deref(), Some("member"));
    assert_eq!(rows[1].archived_at, None);

    let many: Vec<UserId> = {
        let mut people = vec![ana];
        for n in 0..4 {
            people.push(db.student(&format!("student {n}")).await);
        }
        people
    };
    let large = db.course_room(&many).await;
    db.runs(&format!(
        "UPDATE members SET joined_at = {} WHERE user_id = {ana}",
        NOW.0
    ))
    .await;
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE user_id = {}",
        many[1]
    ))
    .await;
    let members = db
        .reads(async |conn| details::members(conn, &[course, large], 3).await)
        .await;
    let members: Vec<_> = members.iter().map(|row| (row.room_id, row.id)).collect();
    let expected = [
        (course, ben),
        (course, ana),
        (large, many[2]),
        (large, many[3]),
        (large, many[4]),
    ];
    assert_eq!(
        members, expected,
        "who came first, and not more than asked for"
    );
}

async fn rooms_are_within_reach_of_those_who_see_their_cards(db: TestStore) {
    let (ana, tom) = (
        db.student("ana").await,
        db.person("tom", Role::Teacher).await,
    );
    let (ada, nora) = (db.person("ada", Role::Admin).await, db.agent("nora").await);
    let support = db.support_room(ana).await;
    let public = db.room_of(RoomKind::Public, "public", &[tom]).await;
    let listed = db.room_of(RoomKind::Private, "listed", &[tom]).await;
    let private = db.room_of(RoomKind::Private, "private", &[tom]).await;
    let course = db.room_of(RoomKind::Course, "course", &[tom]).await;
    let direct = db.room_of(RoomKind::Direct, "", &[tom, ana]).await;
    db.runs("UPDATE rooms SET is_listed = (kind = 'public' OR name = 'listed')")
        .await;
    db.says(tom, listed, "inside").await;
    let groups = [course, private, listed, public];
    for (reader, known, outside) in [
        (
            actor(ana, Role::Student),
            vec![support, listed, public],
            vec![listed, public],
        ),
        (
            actor(nora, Role::Agent),
            vec![support, listed, public],
            vec![listed, public],
        ),
        (
            actor(ada, Role::Admin),
            vec![support, course, private, listed, public],
            groups.to_vec(),
        ),
        (
            actor(tom, Role::Teacher),
            vec![listed, course, private, public],
            vec![],
        ),
    ] {
        for (reach, expected) in [(Reach::Known, known), (Reach::Outside, outside)] {
            let mut filter = RoomFilter::all_of(Shelf::Rooms);
            filter.reach = reach;
            // What goes on where one is not in puts nothing first.
            assert_eq!(
                db.found(reader, &filter).await,
                expected,
                "{reader:?} {reach:?}"
            );
        }
        let mut filter = conversations();
        filter.reach = Reach::Outside;
        assert!(!db.found(reader, &filter).await.contains(&direct));
    }
    let mut threads = RoomFilter::all_of(Shelf::Threads);
    threads.reach = Reach::Known;
    assert!(
        db.found(actor(tom, Role::Teacher), &threads)
            .await
            .is_empty()
    );
}

async fn details_say_who_runs_a_room_and_how_the_reader_stands(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let tom = db.person("tom", Role::Teacher).await;
    let room = db.room_of(RoomKind::Private, "Board", &[ana, tom]).await;
    let other = db.room_of(RoomKind::Private, "Other", &[ana, tom]).await;
    db.runs(&format!(
        "UPDATE members SET role = 'host' WHERE user_id = {tom} AND room_id = {room}"
    ))
    .await;
    db.runs(&format!(
        "UPDATE members SET left_at = 1, banned_at = 1 WHERE user_id = {ana} AND room_id = {other}"
    ))
    .await;
    db.runs(&format!(
        "INSERT INTO join_requests (room_id, user_id, note, status, created_at)
         VALUES ({room}, {ben}, '', 'pending', 1), ({other}, {ben}, '', 'denied', 1)"
    ))
    .await;
    for (reader, expected) in [(ana, [(0, 0), (0, 1)]), (ben, [(1, 0), (0, 0)])] {
        let mut rows = db
            .reads(async |conn| details::of(conn, reader, &[room, other]).await)
            .await;
        rows.sort_by_key(|row| row.room_id);
        let found: Vec<_> = rows.iter().map(|row| (row.requests, row.bans)).collect();
        assert_eq!(found, expected);
        let hosts: Vec<_> = rows.iter().map(|row| row.host_id).collect();
        assert_eq!(hosts, [Some(tom), None]);
    }
    let people = async |only: Option<UserId>, slice: Slice| {
        let rows = db
            .reads(async |conn| details::of_room(conn, room, only, slice).await)
            .await;
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(people(None, ALL).await, [tom, ana], "the host first");
    let second = Slice {
        limit: 1,
        offset: 1,
    };
    assert_eq!(people(None, second).await, [ana]);
    assert_eq!(people(Some(ana), ALL).await, [ana]);
    assert!(people(Some(ben), ALL).await.is_empty());
}

async fn receipts_of_many_rooms_are_those_of_each(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let mut rooms = Vec::new();
    for n in 0..3 {
        let room = db.course_room(&[ana, ben]).await;
        db.says_often(ana, room, 2).await;
        if n < 2 {
            db.marks(ben, room, n + 1).await.unwrap();
        }
        rooms.push(room);
    }
    let all = db
        .reads(async |conn| marks::receipts_of(conn, &rooms).await)
        .await;
    for room in rooms {
        let each = db
            .reads(async |conn| marks::receipts(conn, room).await)
            .await;
        assert_eq!(all.get(&room).cloned().unwrap_or_default(), each, "{room}");
    }
}

on_both_databases!(
    rooms_are_within_reach_of_those_who_see_their_cards,
    details_say_who_runs_a_room_and_how_the_reader_stands,
    receipts_of_many_rooms_are_those_of_each,
    each_kind_stands_on_its_shelf_for_those_who_are_in,
    the_last_to_be_written_in_comes_first_page_by_page,
    a_search_finds_parts_of_names_and_nothing_by_signs,
    what_is_unread_archived_or_ones_own_is_found_apart,
    the_sum_of_what_is_unread_is_that_of_the_rooms,
    students_come_by_name_each_with_their_room,
    details_say_who_made_a_room_and_who_is_in,
);
