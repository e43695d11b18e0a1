//! Courses: who is in their rooms is who is in the course, whatever anybody does by hand.

use quad::{
    model::{
        CourseCard, CourseId, MemberChange, MemberRole, Role, RoomDraft, RoomId, RoomKind, Seq,
    },
    protocol::{Command, Event, ResumeFrom},
    server::service::{CourseLine, CoursesKept, CoursesRefused},
};
use serde_json::{Value, json};

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
    process::{add_user, quad},
};

pub fn line(code: &str, teachers: &[&str], students: &[&str]) -> CourseLine {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    CourseLine {
        line: 2,
        code: code.to_owned(),
        title: format!("All about {code}"),
        teachers: names(teachers),
        students: names(students),
    }
}

impl TestApp {
    /// Brings in a course as a list of one line has it.
    pub async fn keeps_course(
        &self,
        code: &str,
        teachers: &[&str],
        students: &[&str],
    ) -> CoursesKept {
        let lines = [line(code, teachers, students)];
        self.services.import_courses(&lines).await.unwrap()
    }

    pub async fn teacher(&self, name: &str) -> Person {
        self.person(name, Role::Teacher).await
    }
}

impl Person {
    /// The course of that code, of which they make rooms.
    pub async fn course(&self, code: &str) -> CourseCard {
        let taught: Vec<CourseCard> = self.reads("taught_courses", json!({})).await;
        let found = taught.into_iter().find(|course| course.code == code);
        found.unwrap()
    }

    pub async fn makes_course_room(&self, code: &str) -> RoomId {
        self.creates_as(draft_of(&self.course(code).await)).await
    }

    /// The status and the code with which a server function refuses.
    async fn is_told_why(&self, function: &str, body: Value) -> (u16, String) {
        let answer = self.calls(function, body).await;
        let status = answer.status().as_u16();
        let said: Value = answer.json().await.unwrap_or_default();
        (status, said["code"].as_str().unwrap_or_default().to_owned())
    }
}

fn draft_of(course: &CourseCard) -> RoomDraft {
    RoomDraft {
        course: Some(course.id),
        ..RoomDraft::new(RoomKind::Course, "Algebra")
    }
}

impl Socket {
    /// Reads on until the whole list has come once more; answers the rooms in it.
    async fn list(&mut self) -> Vec<RoomId> {
        self.until(|event| match event {
            Event::Hello(hello) => Some(hello.rooms.iter().map(|room| room.id()).collect()),
            _ => None,
        })
        .await
    }
}

async fn a_courses_room_has_everybody_who_is_in_the_course(app: TestApp) {
    let (tom, ana) = (app.teacher("tom").await, app.student("ana").await);
    app.student("ben").await;
    let kept = app.keeps_course("MA-101", &["Tom"], &["ana", "ben"]).await;
    assert_eq!((kept.changed, kept.enrolled, kept.gone), (1, 3, 0));
    let (mut phone, hello) = ana.connects().await;
    assert!(hello.rooms.is_empty());
    let room_id = tom.makes_course_room("MA-101").await;
    // She is told at once, without having done anything.
    assert_eq!(phone.list().await, [room_id]);
    let room = ana.reads_room(room_id).await;
    let roles: Vec<(String, MemberRole)> = (room.members.in_order().into_iter())
        .map(|member| (member.user.name.clone(), member.role))
        .collect();
    let expected = [
        ("tom".to_owned(), MemberRole::Host),
        ("ana".to_owned(), MemberRole::Member),
        ("ben".to_owned(), MemberRole::Member),
    ];
    assert_eq!(roles, expected);
    assert_eq!(room.room.shared.max_members, None);
    let course = room.room.shared.course.unwrap();
    assert_eq!(
        (course.code.as_str(), course.title.as_str()),
        ("MA-101", "All about MA-101")
    );
    tom.connects().await.0.says(room_id, "Welcome").await;
    let heard = phone.message().await;
    assert_eq!((heard.content.as_str(), heard.seq), ("Welcome", Seq(2)));
}

async fn rooms_of_a_course_are_made_by_its_teachers_and_the_school(app: TestApp) {
    let (tom, ines) = (app.teacher("tom").await, app.teacher("ines").await);
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let root = app.person("root", Role::Admin).await;
    app.keeps_course("MA-101", &["tom"], &["ana"]).await;
    let course = tom.course("MA-101").await;
    let draft = json!({ "draft": draft_of(&course) });
    let (status, code) = ana.is_told_why("create_room", draft.clone()).await;
    assert_eq!((status, code.as_str()), (403, "teachers_only"));
    let unknown = CourseCard {
        id: CourseId(999),
        ..course.clone()
    };
    let unknown = json!({ "draft": draft_of(&unknown) });
    // Hers or not there: nobody can tell.
    let foreign = ines.calls("create_room", draft).await;
    let (status, foreign) = (foreign.status(), foreign.text().await.unwrap());
    assert_eq!((status.as_u16(), foreign.contains("course")), (400, true));
    let nothing = ines.calls("create_room", unknown.clone()).await;
    assert_eq!(
        (nothing.status(), nothing.text().await.unwrap()),
        (status, foreign)
    );
    assert_eq!(root.is_told_why("create_room", unknown).await.0, 400);
    for maker in [&nora, &root] {
        let room = maker.makes_course_room("MA-101").await;
        let room = maker.reads_room(room).await;
        assert_eq!(room.room.role, Some(MemberRole::Host));
        assert_eq!(room.room.member_count, 3);
    }
    // A capacity holds where one is set.
    let small = RoomDraft {
        max_members: Some(2),
        ..draft_of(&course)
    };
    app.student("ben").await;
    app.keeps_course("MA-101", &["tom"], &["ana", "ben"]).await;
    let small = json!({ "draft": small });
    assert_eq!(tom.is_told_why("create_room", small).await.0, 409);
    let taught: Vec<CourseCard> = ana.reads("taught_courses", json!({})).await;
    assert!(taught.is_empty());
}

async fn whoever_leaves_the_course_loses_everything_at_once(app: TestApp) {
    let (tom, ana) = (app.teacher("tom").await, app.student("ana").await);
    let (ben, chi) = (app.student("ben").await, app.student("chi").await);
    app.keeps_course("MA-101", &["tom"], &["ana", "ben"]).await;
    let room_id = tom.makes_course_room("MA-101").await;
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = tom.connects().await;
    let (mut other, _) = ben.connects().await;
    let before = ben.reads_room(room_id).await;
    let kept = app.keeps_course("MA-101", &["tom"], &["ben", "chi"]).await;
    assert_eq!((kept.changed, kept.enrolled, kept.gone), (1, 1, 1));
    let gone = phone.until(|event| match event {
        Event::RoomRemoved { room_id, .. } => Some(room_id),
        _ => None,
    });
    assert_eq!(gone.await, room_id);
    desk.says(room_id, "Without her").await;
    let told = phone.all_until_pong().await;
    assert!(!json!(told).to_string().contains("Without her"), "{told:?}");
    assert_eq!(ana.tries("room_snapshot", room_id).await, 404);
    let members = json!({ "room_id": room_id, "page": 1 });
    assert_eq!(ana.calls("room_members", members).await.status(), 404);
    assert!(ana.connects().await.1.rooms.is_empty());
    // One place for all of it, and who stays is told to begin afresh.
    let after = ben.reads_room(room_id).await;
    assert_eq!(after.seq, Seq(before.seq.0 + 2));
    let is_reset = |event: Event| matches!(event, Event::Reset { room_id: id } if id == room_id);
    other.until(|event| is_reset(event).then_some(())).await;
    let resume = Command::Resume {
        epoch: before.epoch.clone(),
        rooms: vec![ResumeFrom {
            room_id,
            since: before.seq,
        }],
    };
    let (mut again, _) = ben.connects().await;
    again.sends(&resume).await;
    assert_eq!(again.all_until_pong().await, [Event::Reset { room_id }]);
    assert_eq!(chi.reads_room(room_id).await.room.member_count, 3);

    // The same once more is nothing at all.
    let kept = app.keeps_course("MA-101", &["tom"], &["chi", "ben"]).await;
    assert_eq!((kept.changed, kept.enrolled, kept.gone), (0, 0, 0));
    assert_eq!(ben.reads_room(room_id).await.seq, after.seq);
    // A student who teaches now, and back: what they are follows, too.
    app.teacher("ines").await;
    app.keeps_course("MA-101", &["tom"], &["ben", "ines"]).await;
    app.keeps_course("MA-101", &["ines"], &["ben"]).await;
    let room = ben.reads_room(room_id).await;
    let members = room.members.in_order();
    assert_eq!(
        (members[0].user.name.as_str(), members[0].role),
        ("ines", MemberRole::Host)
    );
    assert_eq!(members.len(), 2);
    assert_eq!(tom.tries("room_snapshot", room_id).await, 404);
}

async fn nobody_moves_people_by_hand(app: TestApp) {
    let (tom, ana) = (app.teacher("tom").await, app.student("ana").await);
    let (ines, root) = (
        app.teacher("ines").await,
        app.person("root", Role::Admin).await,
    );
    app.keeps_course("MA-101", &["tom"], &["ana"]).await;
    let room_id = tom.makes_course_room("MA-101").await;
    let (ana_id, ines_id) = (ana.id().await, ines.id().await);
    let seq = tom.reads_room(room_id).await.seq;
    let room = json!({ "room_id": room_id });
    let ask = json!({ "room_id": room_id, "note": "" });
    let invite = json!({ "room_id": room_id, "user_id": ines_id });
    let kick =
        |change| json!({ "room_id": room_id, "user_id": ana_id, "change": change, "reason": "" });
    let outside = [
        ("join_room", room.clone()),
        ("ask_to_join", ask),
        ("change_member", kick(json!("kick"))),
    ];
    let inside = [
        ("leave_room", room),
        ("invite_member", invite),
        ("change_member", kick(json!("ban"))),
        ("change_member", kick(json!("lift_ban"))),
    ];
    for (function, body) in outside.iter().chain(&inside) {
        let expected = (403, "follows_course".to_owned());
        for member in [&tom, &ana] {
            let refused = member.is_told_why(function, body.clone()).await;
            assert_eq!(refused, expected, "{function}");
        }
        assert_eq!(ines.is_told_why(function, body.clone()).await.0, 404);
    }
    for (function, body) in outside {
        let refused = root.is_told_why(function, body).await;
        assert_eq!(refused, (403, "follows_course".to_owned()), "{function}");
    }
    assert_eq!(
        tom.reads_room(room_id).await.seq,
        seq,
        "nothing has changed"
    );
    // Keeping order and running the room stay the teacher's.
    let mute = MemberChange::Mute(Some(5));
    assert_eq!(tom.changes(room_id, ana_id, mute).await, 200);
    assert!(ana.reads_room(room_id).await.room.muted_until.is_some());
    assert_eq!(root.tries("open_card", room_id).await, 200);
    let archive = json!({ "room_id": room_id, "is_archived": true });
    assert_eq!(
        ana.calls("archive_room", archive.clone()).await.status(),
        403
    );
    assert_eq!(tom.calls("archive_room", archive).await.status(), 200);
    // Also what is read-only follows.
    app.keeps_course("MA-101", &["tom"], &[]).await;
    assert_eq!(ana.tries("room_snapshot", room_id).await, 404);
    assert_eq!(tom.tries("delete_room", room_id).await, 200);
    app.keeps_course("MA-101", &["tom"], &["ana"]).await;
    assert_eq!(ana.tries("room_snapshot", room_id).await, 404);
}

async fn a_list_with_a_bad_line_changes_nothing(app: TestApp) {
    let tom = app.teacher("tom").await;
    app.student("ana").await;
    let good = line("MA-101", &["tom"], &["ana"]);
    let bad = [
        line("", &[], &[]),
        CourseLine {
            title: " \n".to_owned(),
            ..line("A", &[], &[])
        },
        line(&"x".repeat(65), &[], &[]),
        line("B", &["nobody"], &[]),
        line("C", &["ana"], &[]),
        line("D", &["tom"], &["Tom"]),
        line("ma-101", &[], &[]),
        line("E\0", &[], &["tom\0"]),
    ];
    let mut lines = vec![good.clone()];
    lines.extend(bad);
    for (number, line) in (2..).zip(&mut lines) {
        line.line = number;
    }
    let Err(CoursesRefused::Lines(problems)) = app.services.import_courses(&lines).await else {
        panic!("it is not to be taken");
    };
    let mut numbers: Vec<u64> = problems.iter().map(|problem| problem.line).collect();
    numbers.dedup();
    assert_eq!(numbers, [3, 4, 5, 6, 7, 8, 9, 10], "{problems:?}");
    let told: String = problems.into_iter().map(|wrong| wrong.problem).collect();
    for part in ["nobody", "ana is a student", "both teaches", "stands twice"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let taught: Vec<CourseCard> = tom.reads("taught_courses", json!({})).await;
    assert!(taught.is_empty(), "not even the good line");
    let kept = app.services.import_courses(&[good]).await.unwrap();
    assert_eq!(kept.enrolled, 2);
}

async fn another_nodes_people_follow_as_well(app: TestApp) {
    let there = app.second_node().await;
    let (tom, ana) = (app.teacher("tom").await, app.student("ana").await);
    let ben = app.student("ben").await;
    app.keeps_course("MA-101", &["tom"], &["ana"]).await;
    let room_id = tom.makes_course_room("MA-101").await;
    let (mut phone, _) = ana.at(&there).connects().await;
    let (mut desk, _) = tom.at(&there).connects().await;
    let (mut other, _) = ben.at(&there).connects().await;
    app.keeps_course("MA-101", &["tom"], &["ben"]).await;
    assert!(phone.list().await.is_empty());
    assert_eq!(other.list().await, [room_id]);
    let is_reset = |event: Event| matches!(event, Event::Reset { room_id: id } if id == room_id);
    desk.until(|event| is_reset(event).then_some(())).await;
    let (mut here, _) = tom.connects().await;
    here.says(room_id, "Without her").await;
    assert_eq!(other.message().await.content, "Without her");
    let told = phone.all_until_pong().await;
    assert!(!json!(told).to_string().contains("Without her"), "{told:?}");
}

#[test]
fn the_command_line_brings_in_a_list_and_tells_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    for (name, role) in [("tom", "teacher"), ("ana", "student")] {
        add_user(folder.path(), name, role);
    }
    let file = folder.path().join("courses.csv");
    let imports = |list: &str| {
        std::fs::write(&file, list).unwrap();
        let mut quad = quad(folder.path());
        let done = quad.args(["course", "import"]).arg(&file).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    let list = "code,title,teachers,students\nMA-101,Algebra,tom,ana\n";
    let bad = format!("{list}HI-2,History,tom,ana;bob\n");
    let (status, _, told) = imports(&bad);
    assert_eq!(status, Some(1));
    assert!(told.contains("line 3") && told.contains("bob"), "{told}");
    let (status, told, _) = imports(list);
    assert_eq!(status, Some(0));
    assert!(told.contains("new or changed: 1"), "{told}");
    let (status, told, _) = imports(list);
    assert_eq!(status, Some(0));
    assert!(told.contains("so already"), "{told}");
    let (status, _, told) = imports("code;title\n");
    assert_eq!(status, Some(1));
    assert!(told.contains("line 1"), "{told}");
}

on_both_databases!(
    a_courses_room_has_everybody_who_is_in_the_course,
    rooms_of_a_course_are_made_by_its_teachers_and_the_school,
    whoever_leaves_the_course_loses_everything_at_once,
    nobody_moves_people_by_hand,
    a_list_with_a_bad_line_changes_nothing,
    another_nodes_people_follow_as_well,
);
