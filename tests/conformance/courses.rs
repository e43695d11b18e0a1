//! Courses: who is in them, that their rooms follow by one place in their history, and who sees what is asked there.

use std::collections::BTreeMap;

use quad::{
    model::{
        Audience, ChatMode, CourseId, CourseRole, Member, MemberRole, Role, RoomDraft, RoomId,
        RoomKind, RoomPatch, Seq, UserId, WireError,
    },
    server::store::{
        courses, following, lists, members,
        writer::{Changed, CourseChange, CourseDone, Listing, Outcome, RoomAct, RoomDone, Write},
    },
};

use crate::{
    on_both_databases,
    people::post,
    store::{NOW, TestStore},
};

impl TestStore {
    async fn keeps_course(
        &self,
        (code, title): (&str, &str),
        enrolled: &[(UserId, CourseRole)],
        gone: &[UserId],
    ) -> CourseDone {
        let change = CourseChange {
            code: code.to_owned(),
            title: title.to_owned(),
            enrolled: enrolled.to_vec(),
            gone: gone.to_vec(),
        };
        match self.writer.write(Write::Course(Box::new(change))).await {
            Ok(Outcome::Course(done)) => *done,
            other => panic!("{other:?}"),
        }
    }

    async fn acts(&self, by: UserId, act: RoomAct) -> Result<RoomDone, WireError> {
        let act = Box::new(act);
        match self.writer.write(Write::Room { by, act }).await? {
            Outcome::Room(done) => Ok(*done),
            other => panic!("{other:?}"),
        }
    }

    async fn makes_room_of(&self, by: UserId, course: CourseId) -> Result<RoomId, WireError> {
        let draft = RoomDraft {
            course: Some(course),
            ..RoomDraft::new(RoomKind::Course, "Algebra")
        };
        let done = self.acts(by, RoomAct::Create(draft)).await?;
        Ok(done.room.id)
    }

    async fn asks_in_private(&self, by: UserId, room: RoomId, mode: ChatMode) {
        let patch = RoomPatch {
            chat_mode: Some(mode),
            ..RoomPatch::default()
        };
        self.acts(by, RoomAct::Update(room, patch)).await.unwrap();
    }

    async fn people_in(&self, room: RoomId) -> BTreeMap<UserId, MemberRole> {
        let all = self.reads(async |conn| members::of_room(conn, room, 99, 0).await);
        let all = all.await.into_iter();
        all.map(|Member { user, role, .. }| (user.id, role))
            .collect()
    }

    async fn is_afresh(&self, room: RoomId, reader: UserId, since: i64) -> bool {
        let since = Seq(since);
        self.reads(async |conn| following::is_afresh(conn, room, reader, since).await)
            .await
    }
}

const MA: (&str, &str) = ("MA-101", "Algebra");

async fn a_course_is_one_by_its_code_in_whatever_case(db: TestStore) {
    let (tom, ana) = (
        db.person("tom", Role::Teacher).await,
        db.student("ana").await,
    );
    let teaches = [(tom, CourseRole::Teacher), (ana, CourseRole::Student)];
    let course = db.keeps_course(MA, &teaches, &[]).await.course;
    let again = db
        .keeps_course(("ma-101", "Linear algebra"), &[], &[ana])
        .await;
    assert_eq!((again.course.id, db.count("courses").await), (course.id, 1));
    let id = course.id;
    let found = db.reads(async |conn| courses::by_code(conn, "Ma-101").await);
    let found = found.await.unwrap();
    assert_eq!(
        (found.code.as_str(), found.title.as_str()),
        ("ma-101", "Linear algebra")
    );
    let by_id = db.reads(async |conn| courses::by_id(conn, id).await).await;
    assert_eq!(by_id, Some(found));
    for nothing in ["MA", "", "MA-101\0"] {
        let found = db.reads(async |conn| courses::by_code(conn, nothing).await);
        assert_eq!(found.await, None, "{nothing:?}");
    }
    let people = db.reads(async |conn| courses::people_of(conn, id).await);
    assert_eq!(people.await, [(tom, CourseRole::Teacher)]);
    let own = async |user| {
        db.reads(async |conn| courses::role_in(conn, id, user).await)
            .await
    };
    assert_eq!(own(tom).await, Some(CourseRole::Teacher));
    assert_eq!(own(ana).await, None);
    let change = CourseChange {
        code: "A\0".to_owned(),
        title: "A".to_owned(),
        enrolled: Vec::new(),
        gone: Vec::new(),
    };
    let refused = db.writer.write(Write::Course(Box::new(change))).await;
    assert!(matches!(refused, Err(WireError::Invalid { .. })));
}

async fn rooms_are_made_by_those_who_teach_it_and_by_the_school(db: TestStore) {
    let (tom, ines) = (
        db.person("tom", Role::Teacher).await,
        db.person("ines", Role::Teacher).await,
    );
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let people = [
        (tom, CourseRole::Teacher),
        (ana, CourseRole::Student),
        (ines, CourseRole::Student),
    ];
    let course = db.keeps_course(MA, &people, &[]).await.course.id;
    let other = db
        .keeps_course(("HI-2", "History"), &[], &[])
        .await
        .course
        .id;
    for (who, taught) in [
        (tom, vec![course]),
        (ines, vec![]),
        (ana, vec![]),
        (nora, vec![other, course]),
    ] {
        let actor = db.actor(who).await;
        let found = db.reads(async |conn| courses::taught_by(conn, actor, 9).await);
        let found: Vec<CourseId> = found.await.into_iter().map(|course| course.id).collect();
        assert_eq!(found, taught, "{who}");
    }
    assert_eq!(
        db.makes_room_of(ana, course).await,
        Err(WireError::TeachersOnly)
    );
    let not_theirs = db.makes_room_of(ines, course).await;
    assert!(matches!(not_theirs, Err(WireError::Invalid { .. })));
    // Told the same way.
    assert_eq!(not_theirs, db.makes_room_of(ines, CourseId(999)).await);
    let room = db.makes_room_of(tom, course).await.unwrap();
    let expected = BTreeMap::from([
        (tom, MemberRole::Host),
        (ana, MemberRole::Member),
        (ines, MemberRole::Member),
    ]);
    assert_eq!(db.people_in(room).await, expected);
    assert_eq!(db.seq_of(room).await, Seq(1));
    let listed = db.room_for(ana, room).await.unwrap();
    assert_eq!((listed.member_count, listed.shared.max_members), (3, None));
    assert_eq!(listed.shared.course.unwrap().code, "MA-101");
    let by_school = db.makes_room_of(nora, course).await.unwrap();
    assert_eq!(db.people_in(by_school).await[&nora], MemberRole::Host);
    let found = db.reads(async |conn| courses::rooms_of(conn, course).await);
    assert_eq!(found.await, [room, by_school]);
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {room}"
    ))
    .await;
    let found = db.reads(async |conn| courses::rooms_of(conn, course).await);
    assert_eq!(found.await, [by_school]);
}

async fn a_room_follows_by_one_place_however_many_come_and_go(db: TestStore) {
    let tom = db.person("tom", Role::Teacher).await;
    let mut students = Vec::new();
    for n in 0..70 {
        students.push(db.student(&format!("student{n}")).await);
    }
    let learns = |ids: &[UserId]| -> Vec<(UserId, CourseRole)> {
        ids.iter().map(|id| (*id, CourseRole::Student)).collect()
    };
    let mut people = learns(&students[..40]);
    people.push((tom, CourseRole::Teacher));
    let course = db.keeps_course(MA, &people, &[]).await.course.id;
    let room = db.makes_room_of(tom, course).await.unwrap();
    let said = db.says(tom, room, "Welcome").await;
    assert_eq!(said.seq, Seq(2));

    let (come, gone) = (learns(&students[40..]), &students[..30]);
    let before = db.rev_of(students[35]).await;
    let done = db.keeps_course(MA, &come, gone).await;
    let [followed] = &done.rooms[..] else {
        panic!("{done:?}");
    };
    let change = followed.change.as_ref().unwrap();
    assert!(matches!(change.what, Changed::Many) && change.message.is_none());
    assert_eq!(change.seq, Seq(3));
    let removed = followed.lists.iter();
    let removed = removed.filter(|list| matches!(list.what, Listing::Removed));
    assert_eq!(removed.count(), 30);
    assert_eq!(
        followed.lists.len(),
        30 + 41,
        "those who stay are told, too"
    );
    assert_eq!(db.rev_of(students[35]).await, before.next());
    let now = db.people_in(room).await;
    assert_eq!(now.len(), 41);
    assert!(!now.contains_key(&students[0]) && now.contains_key(&students[69]));
    assert_eq!(db.seq_of(room).await, Seq(3));
    assert_eq!(db.room_for(tom, room).await.unwrap().member_count, 41);
    assert_eq!(
        db.reads(async |conn| following::reset_seq(conn, room).await)
            .await,
        Seq(3)
    );
    for (since, is_afresh) in [(2, true), (3, false)] {
        assert_eq!(db.is_afresh(room, tom, since).await, is_afresh);
    }

    // Nothing that a room does not have already changes anything in it.
    assert!(db.keeps_course(MA, &come, gone).await.rooms.is_empty());
    assert_eq!(db.seq_of(room).await, Seq(3));
    // A title stands in the room, and who learns may come to teach; back in, they are there since then.
    let back = [(students[0], CourseRole::Student)];
    db.clock.advance_ms(5000);
    let done = db
        .keeps_course(("MA-101", "Linear algebra"), &back, &[])
        .await;
    assert_eq!(done.rooms.len(), 1);
    let shared = db.room_for(tom, room).await.unwrap().shared;
    assert_eq!(shared.course.unwrap().title, "Linear algebra");
    let found = db.reads(async |conn| members::one(conn, room, students[0]).await);
    assert_eq!(found.await.unwrap().member.joined_at, NOW.plus_ms(5000));
    let found = db.reads(async |conn| members::one(conn, room, students[69]).await);
    assert_eq!(found.await.unwrap().member.joined_at, NOW);
    let roles = db.reads(async |conn| following::roles_of(conn, room, &students).await);
    assert_eq!(roles.await.len(), 41, "but who teaches");
}

async fn who_became_something_else_in_a_courses_room_begins_afresh(db: TestStore) {
    let (tom, ana, ben) = (
        db.person("tom", Role::Teacher).await,
        db.student("ana").await,
        db.student("ben").await,
    );
    let people = [
        (tom, CourseRole::Teacher),
        (ana, CourseRole::Student),
        (ben, CourseRole::Student),
    ];
    let course = db.keeps_course(MA, &people, &[]).await.course.id;
    let room = db.makes_room_of(tom, course).await.unwrap();
    let helper = quad::model::MemberChange::Role(MemberRole::Moderator);
    let act = RoomAct::Member(room, ana, helper, None);
    db.acts(tom, act).await.unwrap();
    assert!(db.is_afresh(room, ana, 1).await && !db.is_afresh(room, ana, 2).await);
    assert!(!db.is_afresh(room, ben, 1).await);
    // Elsewhere everybody sees the same.
    db.runs("UPDATE rooms SET kind = 'private'").await;
    assert!(!db.is_afresh(room, ana, 1).await);
}

async fn what_is_asked_in_private_is_for_those_who_keep_order(db: TestStore) {
    let (tom, root) = (
        db.person("tom", Role::Teacher).await,
        db.person("root", Role::Admin).await,
    );
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let ines = db.person("ines", Role::Teacher).await;
    let people = [
        (tom, CourseRole::Teacher),
        (ana, CourseRole::Student),
        (ben, CourseRole::Student),
        (ines, CourseRole::Student),
        (root, CourseRole::Student),
    ];
    let course = db.keeps_course(MA, &people, &[]).await.course.id;
    let room = db.makes_room_of(tom, course).await.unwrap();
    db.says(ana, room, "for all").await;
    db.asks_in_private(tom, room, ChatMode::Private).await;
    let written = async |sender| {
        let posted = db.posts(post(sender, room, "a word")).await.unwrap();
        posted.message.audience
    };
    let question = Audience::StaffAndSender;
    for (sender, audience) in [
        (ana, question),
        (ines, question),
        (tom, Audience::All),
        (root, Audience::All),
        (ben, question),
    ] {
        assert_eq!(written(sender).await, audience, "{sender}");
    }
    let first = post(ana, room, "asked once");
    let asked = db.posts(first.clone()).await.unwrap().message;
    db.asks_in_private(tom, room, ChatMode::Public).await;
    assert_eq!(
        db.posts(first).await.unwrap().message,
        asked,
        "a retry is the first"
    );
    assert_eq!(written(ana).await, Audience::All);

    let seen = async |reader: UserId| {
        let actor = db.actor(reader).await;
        let one = db.reads(async |conn| lists::one(conn, actor, room).await);
        one.await.unwrap().unread_count
    };
    // Of eight: their own and what is hidden are left out.
    for (reader, unread) in [(tom, 7), (root, 7), (ben, 4), (ines, 4), (ana, 2)] {
        assert_eq!(seen(reader).await, unread, "{reader}");
    }
}

mod batches {
    use super::*;

    async fn what_follows_a_switch_in_one_batch_is_written_by_it(db: TestStore) {
        let (tom, ana) = (
            db.person("tom", Role::Teacher).await,
            db.student("ana").await,
        );
        let people = [(tom, CourseRole::Teacher), (ana, CourseRole::Student)];
        let course = db.keeps_course(MA, &people, &[]).await.course.id;
        let room = db.makes_room_of(tom, course).await.unwrap();
        let mode = |mode| Write::Room {
            by: tom,
            act: Box::new(RoomAct::Update(
                room,
                RoomPatch {
                    chat_mode: Some(mode),
                    ..RoomPatch::default()
                },
            )),
        };
        let asks = |text| Write::Post(post(ana, room, text));
        let writes = vec![
            asks("one"),
            mode(ChatMode::Private),
            asks("two"),
            asks("three"),
            mode(ChatMode::Public),
            asks("four"),
        ];
        let written = db.writes_together(writes).await.into_iter();
        let audiences: Vec<Audience> = written
            .filter_map(|result| match result.unwrap() {
                Outcome::Posted(posted) => Some(posted.message.audience),
                _ => None,
            })
            .collect();
        let question = Audience::StaffAndSender;
        assert_eq!(
            audiences,
            [Audience::All, question, question, Audience::All]
        );
    }

    on_both_databases!(in one thread: what_follows_a_switch_in_one_batch_is_written_by_it);
}

on_both_databases!(
    a_course_is_one_by_its_code_in_whatever_case,
    rooms_are_made_by_those_who_teach_it_and_by_the_school,
    a_room_follows_by_one_place_however_many_come_and_go,
    who_became_something_else_in_a_courses_room_begins_afresh,
    what_is_asked_in_private_is_for_those_who_keep_order,
);
