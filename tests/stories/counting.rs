//! What a page asks of the database: as much for many rooms as for few.

use quad::{
    model::{PeopleQuery, Role, RoomId, RoomKind, Slice},
    server::{
        service::Viewer,
        store::{Store, counted},
    },
};
use sqlx::{AssertSqlSafe, Executor};

use crate::{
    app::{Person, TestApp},
    on_both_databases,
};

impl TestApp {
    /// What no function does yet.
    pub async fn changes_rows(&self, sql: String) {
        match self.store().await {
            Store::Sqlite { write, .. } => {
                write.execute(AssertSqlSafe(sql)).await.unwrap();
            }
            Store::Postgres(pool) => {
                pool.execute(AssertSqlSafe(sql)).await.unwrap();
            }
        }
    }

    /// Only those who answer write and are written to: others know of each other by what they share alone.
    pub async fn lets_nobody_write(&self) {
        let sql = "UPDATE school SET student_to_student = FALSE, student_to_teacher = FALSE,
             teacher_to_student = FALSE";
        self.changes_rows(sql.to_owned()).await;
    }

    /// Somebody as their session says.
    async fn viewer_of(&self, person: &Person) -> Viewer {
        let found = self.services.viewer(&person.session).await;
        found.unwrap().unwrap()
    }
}

/// What the pages `/chat`, `/rooms` and `/people` start from, and what a socket does.
async fn costs(app: &TestApp, viewer: &Viewer, open: RoomId) -> [u64; 5] {
    let services = &app.services;
    let slice = Slice {
        limit: 100,
        offset: 0,
    };
    let people = PeopleQuery::default();
    let (list, lists) = counted(services.lists(viewer)).await;
    assert!(lists.unwrap().rooms.len() > 1);
    let (room, snapshot) = counted(services.snapshot(viewer, open)).await;
    snapshot.unwrap();
    let (hello, said) = counted(services.hello(viewer)).await;
    said.unwrap();
    let (cards, found) = counted(services.browse(viewer, "", slice)).await;
    found.unwrap();
    let (people, found) = counted(services.find_people(viewer, &people)).await;
    found.unwrap();
    [list, room, hello, cards, people]
}

/// Rooms in which something was said that a student may not see, after something that they may.
async fn rooms_with_a_secret(tess: &Person, ana: &Person, app: &TestApp, count: usize) -> RoomId {
    let (mut host, _) = tess.connects().await;
    let mut last = RoomId(0);
    for n in 0..count {
        last = tess.creates(RoomKind::Public, &format!("Room {n}")).await;
        ana.joins(last).await;
        host.says(last, "For all").await;
        let secret = host.says(last, "For one").await.message_id;
        let sql = format!("UPDATE messages SET audience = 'staff_and_sender' WHERE id = {secret}");
        app.changes_rows(sql).await;
    }
    last
}

async fn many_rooms_take_as_many_queries_as_few(app: TestApp) {
    let tess = app.person("tess", Role::Teacher).await;
    let ana = app.student("ana").await;
    let nora = app.agent("nora").await;
    let support = ana.opens_support().await.id();
    ana.connects().await.0.says(support, "Hello").await;
    let open = rooms_with_a_secret(&tess, &ana, &app, 2).await;
    let student = app.viewer_of(&ana).await;
    let agent = app.viewer_of(&nora).await;
    for n in 0..2 {
        let other = app.student(&format!("early{n}")).await;
        let room_id = other.opens_support().await.id();
        other.connects().await.0.says(room_id, "Hello").await;
    }
    let few = costs(&app, &student, open).await;
    let few_at_desk = costs(&app, &agent, support).await;
    assert!(few.iter().all(|count| *count > 0), "{few:?}");

    rooms_with_a_secret(&tess, &ana, &app, 9).await;
    for n in 0..9 {
        let other = app.student(&format!("late{n}")).await;
        let room_id = other.opens_support().await.id();
        other.connects().await.0.says(room_id, "Hello").await;
    }
    assert_eq!(costs(&app, &student, open).await, few);
    assert_eq!(costs(&app, &agent, support).await, few_at_desk);

    // What may not be seen stands in no list: the last that may does.
    let list = app.services.lists(&student).await.unwrap();
    let groups = list
        .rooms
        .values()
        .filter(|room| room.shared.kind.is_group());
    let excerpts: Vec<_> = groups
        .map(|room| room.last_message.as_ref().unwrap().excerpt.as_str())
        .collect();
    assert_eq!(excerpts, ["For all"; 11]);
}

on_both_databases!(many_rooms_take_as_many_queries_as_few);
