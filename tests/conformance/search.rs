//! Search: what is found while it waits for the index and once it is in it, by whom, and in which order.

use quad::{
    model::{
        Audience, Desk, Has, MessageId, Role, RoomId, SearchPage, SearchQuery, UserId, fold::Wanted,
    },
    server::store::{
        finding, lists,
        search::{self, Scope, index},
    },
};

use crate::{
    finding::answered,
    on_both_databases,
    people::{account, post},
    store::TestStore,
};

fn asked(text: &str) -> SearchQuery {
    SearchQuery {
        text: text.to_owned(),
        ..SearchQuery::default()
    }
}

fn ids(page: &SearchPage) -> Vec<MessageId> {
    page.found.iter().map(|found| found.message.id).collect()
}

impl TestStore {
    async fn searches(&self, reader: UserId, query: &SearchQuery, limit: usize) -> SearchPage {
        let reader = self.actor(reader).await;
        let desks = answered(reader);
        let scope = Scope {
            reader,
            desks: &desks,
            query,
        };
        let wanted = Wanted::of(&query.text).unwrap();
        self.reads(async |conn| search::find(conn, &scope, &wanted, limit).await)
            .await
    }

    async fn has_found(&self, reader: UserId, text: &str) -> Vec<MessageId> {
        ids(&self.searches(reader, &asked(text), 100).await)
    }

    async fn for_audience(&self, sender: UserId, room: RoomId, audience: Audience) -> MessageId {
        let mut new = post(sender, room, "the word");
        new.audience = audience;
        self.posts(new).await.unwrap().message.id
    }

    /// Brings all that waits into the index.
    async fn indexes_all(&self) {
        while index::feed(&self.store, 50).await.unwrap().is_some() {}
        assert_eq!(self.count("search_queue").await, 0);
    }

    async fn has_set(&self, id: MessageId, what: &str) {
        self.runs(&format!("UPDATE messages SET {what} WHERE id = {id}"))
            .await;
    }
}

async fn a_message_is_found_from_its_commit_on_and_never_twice(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let id = db.says(ana, room, "Where is the library?").await.id;
    db.says(ana, room, "Or the canteen").await;
    assert_eq!(db.count("search_queue").await, 2);
    assert_eq!(db.has_found(ana, "library").await, [id]);
    db.indexes_all().await;
    assert_eq!(db.has_found(ana, "library").await, [id]);
    let page = db.searches(ana, &asked("the libr"), 10).await;
    let marked = page.found[0].parts.iter().filter(|part| part.is_match);
    let marked: Vec<_> = marked.map(|part| part.text.as_str()).collect();
    assert_eq!((marked, page.next), (vec!["the", "libr"], None));
    // In both: queued once more.
    db.has_set(id, "content = content").await;
    assert_eq!(db.count("search_queue").await, 1);
    assert_eq!(db.has_found(ana, "library").await, [id]);
}

async fn what_was_changed_or_deleted_is_found_as_it_stands(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let changed = db.says(ana, room, "first version").await.id;
    let deleted = db.says(ana, room, "first secret").await.id;
    let gone = db.says(ana, room, "first of all").await.id;
    db.indexes_all().await;
    assert_eq!(db.has_found(ana, "first").await, [gone, deleted, changed]);
    db.has_set(changed, "content = 'second version'").await;
    db.has_set(deleted, "content = '', deleted_at = 1").await;
    db.runs(&format!("DELETE FROM messages WHERE id = {gone}"))
        .await;
    for _ in 0..2 {
        assert_eq!(db.has_found(ana, "first").await, []);
        assert_eq!(db.has_found(ana, "second").await, [changed]);
        db.indexes_all().await;
    }
    // A text that was left where it is marked as deleted is not found either.
    db.has_set(changed, "deleted_at = 1").await;
    assert_eq!(db.has_found(ana, "second").await, []);
    db.indexes_all().await;
    assert_eq!(db.has_found(ana, "second").await, []);
}

async fn each_finds_what_they_may_read(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let (nora, tom) = (
        db.agent("nora").await,
        db.person("tom", Role::Teacher).await,
    );
    let (room, course) = (
        db.support_room(ana).await,
        db.course_room(&[ana, ben, tom]).await,
    );
    db.runs_rooms(tom).await;
    let question = db.for_audience(ana, room, Audience::All).await;
    let note = db.for_audience(nora, room, Audience::Staff).await;
    let said = db.for_audience(ben, course, Audience::All).await;
    let asked_of_staff = db.for_audience(ana, course, Audience::StaffAndSender).await;
    let system = db.for_audience(ana, room, Audience::All).await;
    db.runs(&format!(
        "UPDATE messages SET kind = 'system' WHERE id = {system}"
    ))
    .await;
    let foreign = db.course_room(&[tom]).await;
    let foreign = db.for_audience(tom, foreign, Audience::All).await;
    for _ in 0..2 {
        for (reader, finds) in [
            (ana, vec![asked_of_staff, said, question]),
            (ben, vec![said]),
            (nora, vec![note, question]),
            (tom, vec![foreign, asked_of_staff, said]),
        ] {
            assert_eq!(db.has_found(reader, "word").await, finds, "{reader}");
        }
        db.indexes_all().await;
    }
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE user_id = {ben}"
    ))
    .await;
    assert_eq!(db.has_found(ben, "word").await, []);
    db.runs(&format!(
        "UPDATE rooms SET desk = 'faculty' WHERE id = {room}"
    ))
    .await;
    assert_eq!(db.has_found(nora, "word").await, []);
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {course}"
    ))
    .await;
    assert_eq!(db.has_found(ana, "word").await, [question]);
}

async fn what_others_wrote_since_hides_nothing(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let nora = db.agent("nora").await;
    let (room, course) = (db.support_room(ana).await, db.course_room(&[ben]).await);
    let old = db.says(ana, room, "no. 1, mine").await.id;
    db.indexes_all().await;
    db.says_often(ben, course, 300).await;
    for _ in 0..2 {
        for reader in [ana, nora] {
            let page = db.searches(reader, &asked("no"), 1).await;
            assert_eq!((ids(&page), page.next), (vec![old], None));
        }
        db.indexes_all().await;
    }
}

async fn pages_together_are_everything_in_order(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.says_often(ana, room, 150).await;
    let mut all: Vec<MessageId> = db.all_in(room).await.iter().map(|m| m.id).collect();
    all.reverse();
    // The newest are in the index, the others wait.
    index::feed(&db.store, 90).await.unwrap();
    assert_eq!(db.count("search_queue").await, 60);
    for limit in [1, 20, 75, 150, 1000] {
        let (mut query, mut found) = (asked("no"), Vec::new());
        loop {
            let page = db.searches(ana, &query, limit).await;
            assert!(page.found.len() <= limit);
            found.extend(ids(&page));
            query.before = page.next;
            if page.next.is_none() {
                break;
            }
        }
        assert_eq!(found, all, "{limit}");
    }
}

async fn a_search_is_narrowed(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let (room, course) = (
        db.support_room(ana).await,
        db.course_room(&[ana, nora]).await,
    );
    let first = db.says(ana, room, "the word").await.id;
    let second = db.says(nora, room, "word: https://example.org/").await.id;
    let third = db.says(nora, course, "a word").await.id;
    type Narrow = fn(&mut SearchQuery, MessageId, RoomId, UserId);
    let cases: [(Narrow, Vec<MessageId>); 7] = [
        (|q, _, room, _| q.room_id = Some(room), vec![second, first]),
        (|q, _, _, nora| q.from = Some(nora), vec![third, second]),
        (|q, _, _, _| q.has = Some(Has::Link), vec![second]),
        (|q, _, _, _| q.has = Some(Has::Image), vec![]),
        (|q, second, _, _| q.before = Some(second), vec![first]),
        (|q, second, _, _| q.after = Some(second), vec![third]),
        (|_, _, _, _| {}, vec![third, second, first]),
    ];
    for _ in 0..2 {
        for reader in [ana, nora] {
            for (number, (narrow, finds)) in cases.iter().enumerate() {
                let mut query = asked("word");
                narrow(&mut query, second, room, nora);
                let page = db.searches(reader, &query, 10).await;
                assert_eq!(&ids(&page), finds, "{number}");
            }
        }
        db.indexes_all().await;
    }
}

async fn words_of_every_script_are_found_in_the_index(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let cases = [
        ("Frau Petrović kommt", "petrovic"),
        ("Die Straße ist gesperrt", "STRASSE"),
        ("قال مُحَمَّد إنّ المدرسة مغلقة", "محمد المدرسه"),
        ("数学课在三楼", "学课"),
        ("期末考试", "试"),
        ("วันสอบคือพรุ่งนี้", "สอบ"),
        ("明日テストです", "ﾃｽﾄ"),
        ("우리학교는 큽니다", "학교"),
        ("परीक्षा कल है", "परीक्षा"),
        ("পরীক্ষা আগামীকাল", "আগামীকাল"),
        ("Іспит у вівторок", "ВІВТОРОК"),
        ("Η εξέταση είναι αύριο", "εξεταση"),
        ("הבחינה מָחָר", "מחר"),
        ("𞤀𞤣𞤤𞤢𞤥 𞤸𞤢𞤤𞤭", "𞤀𞤣𞤤𞤢𞤥"),
        ("x²+ｙ=10", "y 10"),
    ];
    let mut sent = Vec::new();
    for (text, _) in cases {
        sent.push(db.says(ana, room, text).await.id);
    }
    db.indexes_all().await;
    for ((text, wanted), id) in cases.iter().zip(sent) {
        assert_eq!(db.has_found(ana, wanted).await, [id], "{text}: {wanted}");
    }
}

async fn nothing_that_is_asked_is_read_as_a_query(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.says(ana, room, "some message").await;
    db.indexes_all().await;
    let many = (0..10_000).map(|n| format!("{n} ")).collect::<String>();
    for text in [
        "\"",
        "a\"b",
        "message*",
        "a OR message",
        "NEAR(some message, 3)",
        "terms:message",
        "message:*",
        "some & ! message | (",
        "'message' <-> 'some'",
        "\\",
        "a\0message",
        "%",
        "_essag_",
        "#1",
        "-some +message ^x {y}",
        "'; DROP TABLE messages; --",
        &many,
        &"x".repeat(1000),
        &"数".repeat(1000),
    ] {
        let Some(wanted) = Wanted::of(text) else {
            continue;
        };
        let query = asked(text);
        let reader = db.actor(ana).await;
        let scope = Scope {
            reader,
            desks: &[],
            query: &query,
        };
        let found = db.reads(async |conn| search::find(conn, &scope, &wanted, 10).await);
        let found = found.await.found;
        let is_all_there = [
            "message*",
            "message:*",
            "some & ! message | (",
            "'message' <-> 'some'",
        ]
        .contains(&text);
        assert_eq!(found.len(), usize::from(is_all_there), "{text}");
    }
}

async fn people_and_rooms_are_found_by_folded_names(db: TestStore) {
    let nora = db.agent("nora").await;
    let mut new = account("petrović", Role::Student);
    new.name = "Ana Petrović".to_owned();
    new.email = Some("Ana@Schüle.example".to_owned());
    let added = quad::server::store::writer::Write::AddUser(new);
    db.writer.write(added).await.unwrap();
    let (ana,) = db.finds::<(UserId,)>("SELECT max(id) FROM users").await[0];
    let room = db.support_room(ana).await;
    db.says(ana, room, "hello").await;
    let reader = db.actor(nora).await;
    for part in ["ａｎａ", "PETROVIC", "petrović", "schule", "%"] {
        let slice = quad::model::Slice {
            limit: 10,
            offset: 0,
        };
        let students = db
            .reads(async |conn| finding::students(conn, &Desk::default_desk(), part, slice).await);
        let inbox = quad::model::InboxQuery {
            desk: None,
            status: None,
            name: part.to_owned(),
            before: None,
        };
        let desk = Desk::default_desk();
        let rooms = db.reads(async |conn| lists::inbox(conn, reader, &desk, &inbox, 10).await);
        let number = usize::from(part != "%");
        assert_eq!(students.await.items.len(), number, "{part}");
        assert_eq!(rooms.await.len(), number, "{part}");
    }
}

async fn what_was_there_before_is_folded_once(db: TestStore) {
    let ana = db.student("Ana").await;
    let room = db.support_room(ana).await;
    db.says(ana, room, "an old message").await;
    let course = db.course_room(&[ana]).await;
    for sql in [
        "UPDATE users SET name = 'Žofia', name_folded = '', search_folded = ''",
        "UPDATE rooms SET name = 'Übung', name_folded = 'übung' WHERE kind = 'course'",
        "DELETE FROM search_queue",
    ] {
        db.runs(sql).await;
    }
    assert_eq!(db.has_found(ana, "old").await, []);
    db.store.ensure_folded().await.unwrap();
    let people: Vec<(String, String)> = db
        .finds("SELECT name_folded, search_folded FROM users")
        .await;
    assert_eq!(people, [("zofia".to_owned(), "zofia\nana\n".to_owned())]);
    let sql = format!("SELECT name_folded FROM rooms WHERE id = {course}");
    assert_eq!(db.finds::<(String,)>(&sql).await, [("ubung".to_owned(),)]);
    assert_eq!(db.has_found(ana, "old").await.len(), 1);
    // Not at the next start.
    db.runs("UPDATE users SET name_folded = 'left alone'").await;
    db.runs("DELETE FROM search_queue").await;
    db.store.ensure_folded().await.unwrap();
    let sql = "SELECT name_folded FROM users";
    assert_eq!(
        db.finds::<(String,)>(sql).await,
        [("left alone".to_owned(),)]
    );
    assert_eq!(db.count("search_queue").await, 0);
}

on_both_databases!(
    a_message_is_found_from_its_commit_on_and_never_twice,
    what_was_changed_or_deleted_is_found_as_it_stands,
    each_finds_what_they_may_read,
    what_others_wrote_since_hides_nothing,
    pages_together_are_everything_in_order,
    a_search_is_narrowed,
    words_of_every_script_are_found_in_the_index,
    nothing_that_is_asked_is_read_as_a_query,
    people_and_rooms_are_found_by_folded_names,
    what_was_there_before_is_folded_once,
);
