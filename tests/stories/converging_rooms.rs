//! Convergence in rooms that people join: whatever is done in one, and wherever a tab was cut off meanwhile, what it shows
//! in the end is what a tab shows that was opened just now. As in `converging`, by random histories.

use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use quad::{
    api::school::Decisions,
    model::{
        AlertId, ChatMode, MemberChange, MemberRole, Role, RoomDraft, RoomId, RoomKind, RoomPatch,
        UserId,
    },
    server::Services,
};
use serde_json::json;
use tokio::{runtime::Handle, task::block_in_place};

use crate::{
    app::{Person, Socket, TestApp},
    converging::shows_what_is_there,
    courses::line,
    tab::Tab,
};

const CASES_ON_ONE_NODE: u32 = 18;
const CASES_ON_TWO_NODES: u32 = 7;
const LONGEST: usize = 9;
/// The teacher who runs the room, and three students.
const PEOPLE: usize = 4;

/// Something that happens; what the rules forbid just then does not.
#[derive(Clone, Debug)]
enum Act {
    Says(usize),
    Reads(usize),
    Joins(usize),
    Leaves(usize),
    Asks(usize),
    Decides(bool),
    Changes(usize, MemberChange),
    /// The last message, if that person may.
    Empties(usize),
    Renames(bool),
    Archives(bool),
    Writes(usize),
    /// Who sees what students write in the course's room.
    Turns(ChatMode),
    /// Which of the students are in the course from now on.
    Enrols([bool; PEOPLE - 1]),
    Blocks(usize, bool),
    Tells(bool),
    PutsAway(usize),
    Deletes,
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..PEOPLE;
    let student = 1..PEOPLE;
    let changes = [
        MemberChange::Kick,
        MemberChange::Ban,
        MemberChange::LiftBan,
        MemberChange::Mute(Some(5)),
        MemberChange::Mute(None),
        MemberChange::Role(MemberRole::Member),
        MemberChange::Role(MemberRole::Moderator),
        MemberChange::Role(MemberRole::Host),
    ];
    prop_oneof![
        6 => who.clone().prop_map(Act::Says),
        3 => who.clone().prop_map(Act::Reads),
        6 => student.clone().prop_map(Act::Joins),
        3 => student.clone().prop_map(Act::Leaves),
        3 => student.clone().prop_map(Act::Asks),
        4 => who.prop_map(Act::Empties),
        3 => any::<bool>().prop_map(Act::Decides),
        6 => (student.clone(), select(changes.to_vec())).prop_map(|(who, what)| Act::Changes(who, what)),
        2 => any::<bool>().prop_map(Act::Renames),
        2 => any::<bool>().prop_map(Act::Archives),
        2 => student.clone().prop_map(Act::Writes),
        3 => (student, any::<bool>()).prop_map(|(who, is_blocked)| Act::Blocks(who, is_blocked)),
        2 => any::<bool>().prop_map(Act::Tells),
        2 => (0..PEOPLE).prop_map(Act::PutsAway),
        3 => select(vec![ChatMode::Private, ChatMode::Public]).prop_map(Act::Turns),
        4 => any::<[bool; PEOPLE - 1]>().prop_map(Act::Enrols),
        1 => Just(Act::Deletes),
    ]
}

fn history() -> impl Strategy<Value = (Vec<Act>, usize, RoomKind)> {
    let kinds = vec![RoomKind::Public, RoomKind::Private, RoomKind::Course];
    (
        proptest::collection::vec(act(), 1..=LONGEST),
        0..LONGEST,
        select(kinds),
    )
}

struct World {
    services: Services,
    course: String,
    head: Person,
    people: Vec<Person>,
    ids: Vec<UserId>,
    sockets: Vec<Socket>,
    room_id: RoomId,
}

struct Reader {
    tab: Tab,
    cut: usize,
    back: usize,
}

impl World {
    async fn new(nodes: &[&TestApp], case: usize, kind: RoomKind) -> Self {
        let (mut people, mut ids, mut sockets) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..PEOPLE {
            let role = if n == 0 { Role::Teacher } else { Role::Student };
            let person = nodes[0].person(&format!("member{case}-{n}"), role).await;
            let person = person.at(nodes[n % nodes.len()]);
            let (socket, hello) = person.connects().await;
            ids.push(hello.user.id);
            sockets.push(socket);
            people.push(person);
        }
        let services = nodes[0].services.clone();
        let course = format!("course{case}");
        keeps(&services, &course, &[true, false, false]).await;
        let is_of_course = kind == RoomKind::Course;
        let draft = RoomDraft {
            is_listed: true,
            course: is_of_course.then_some(people[0].course(&course).await.id),
            ..RoomDraft::new(kind, "Algebra")
        };
        let room_id = people[0].creates_as(draft).await;
        let head = nodes[0].person(&format!("head{case}"), Role::Admin).await;
        Self {
            services,
            course,
            head,
            people,
            ids,
            sockets,
            room_id,
        }
    }

    async fn does(&mut self, act: &Act) {
        let (room_id, teacher) = (self.room_id, &self.people[0]);
        match *act {
            Act::Says(who) => {
                let body =
                    json!({ "type": "chat_message", "room_id": room_id, "content": "something" });
                self.commands(who, &body).await;
            }
            Act::Reads(who) => {
                let body = json!({ "type": "mark_read", "room_id": room_id, "read_seq": 4 });
                self.commands(who, &body).await;
            }
            Act::Joins(who) => drop(self.people[who].tries("join_room", room_id).await),
            Act::Leaves(who) => drop(self.people[who].tries("leave_room", room_id).await),
            Act::Asks(who) => drop(self.people[who].asks(room_id, "please").await),
            Act::Decides(is_approved) => {
                let body = json!({ "room_id": room_id });
                let waiting = teacher.calls("join_requests", body).await;
                if waiting.status() == 200 {
                    let waiting: Vec<quad::model::JoinRequest> = waiting.json().await.unwrap();
                    if let Some(request) = waiting.first() {
                        teacher.decides(request, is_approved).await;
                    }
                }
            }
            Act::Changes(who, change) => {
                teacher.changes(room_id, self.ids[who], change).await;
            }
            Act::Empties(who) => {
                let person = &self.people[who];
                let last = person.finds_room(room_id).await;
                if let Some(last) = last.and_then(|room| room.messages.last().cloned()) {
                    let body = json!({ "message_id": last.id });
                    person.calls("delete_message", body).await;
                }
            }
            Act::Renames(is_other) => {
                let name = if is_other { "Geometry" } else { "Algebra" };
                let patch = RoomPatch {
                    name: Some(name.to_owned()),
                    ..RoomPatch::default()
                };
                teacher.updates(room_id, patch).await;
            }
            Act::Archives(is_archived) => {
                let body = json!({ "room_id": room_id, "is_archived": is_archived });
                teacher.calls("archive_room", body).await;
            }
            Act::Writes(who) => {
                // Nothing is written to who has blocked the teacher.
                if let Ok(direct) = teacher.opens_direct(self.ids[who]).await {
                    self.sockets[0].says(direct, "for you alone").await;
                }
            }
            Act::Blocks(who, is_blocked) => {
                let blocks = self.people[who].blocks(self.ids[0], is_blocked);
                assert_eq!(blocks.await, 200);
            }
            // The oldest of them is the one that ends, and the one that is put away.
            Act::Tells(is_new) if is_new => {
                let alert = json!({ "content": "Snow", "until": null });
                drop(self.head.calls("tell_everybody", alert).await);
            }
            Act::Tells(_) => {
                if let Some(alert) = self.alert().await {
                    drop(self.head.calls("end_alert", json!({ "id": alert })).await);
                }
            }
            Act::PutsAway(who) => {
                if let Some(alert) = self.alert().await {
                    let body = json!({ "id": alert });
                    drop(self.people[who].calls("dismiss_alert", body).await);
                }
            }
            Act::Turns(mode) => {
                let patch = RoomPatch {
                    chat_mode: Some(mode),
                    ..RoomPatch::default()
                };
                teacher.updates(room_id, patch).await;
            }
            Act::Enrols(students) => keeps(&self.services, &self.course, &students).await,
            Act::Deletes => drop(teacher.tries("delete_room", room_id).await),
        }
    }

    /// The oldest alert that stands.
    async fn alert(&self) -> Option<AlertId> {
        let stands: Decisions = self.head.reads("school_settings", json!({})).await;
        Some(stands.alerts.first()?.id)
    }

    /// What a socket is told meanwhile is nothing that this one reads.
    async fn commands(&mut self, who: usize, body: &serde_json::Value) {
        let socket = &mut self.sockets[who];
        socket.sends_text(&body.to_string()).await;
        socket.all_until_pong().await;
    }
}

/// The course has these students: the case's number stands in its name and in theirs.
async fn keeps(services: &Services, course: &str, are_in: &[bool]) {
    let case = course.trim_start_matches("course");
    let name = |n: usize| format!("member{case}-{n}");
    let students = (1..).zip(are_in).filter(|(_, is_in)| **is_in);
    let students: Vec<String> = students.map(|(n, _)| name(n)).collect();
    let students: Vec<&str> = students.iter().map(String::as_str).collect();
    let lines = [line(course, &[&name(0)], &students)];
    services.import_courses(&lines).await.unwrap();
}

async fn opens_what_it_sees(tab: &mut Tab) {
    for room_id in tab.sight().order {
        tab.opens(room_id).await;
    }
    tab.settles().await;
}

async fn lives_through(
    nodes: &[&TestApp],
    case: usize,
    (acts, away, kind): (&[Act], usize, RoomKind),
) {
    let mut world = World::new(nodes, case, kind).await;
    // Somebody is in already, so that they can be put out.
    world.does(&Act::Joins(1)).await;
    world.does(&Act::Says(0)).await;
    let mut readers = Vec::new();
    for cut in 0..=acts.len() {
        for who in [0, 1, 2] {
            let mut tab = Tab::opened(world.people[who].again()).await;
            opens_what_it_sees(&mut tab).await;
            let back = cut + away;
            readers.push(Reader { tab, cut, back });
        }
    }
    for step in 0..=acts.len() {
        for reader in &mut readers {
            if reader.back == step && !reader.tab.is_online() {
                reader.tab.connects().await;
            }
            if reader.cut == step {
                reader.tab.settles().await;
                reader.tab.is_cut();
            }
        }
        if let Some(act) = acts.get(step) {
            world.does(act).await;
        }
    }
    for reader in &mut readers {
        if !reader.tab.is_online() {
            reader.tab.connects().await;
        }
        shows_what_is_there(&mut reader.tab, nodes.len() > 1).await;
    }
}

fn try_histories(nodes: &[&TestApp], cases: u32) {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    });
    let case = std::cell::Cell::new(0);
    let ran = runner.run(&history(), |(acts, away, kind)| {
        case.set(case.get() + 1);
        let history = (&acts[..], away, kind);
        Handle::current().block_on(lives_through(nodes, case.get(), history));
        Ok(())
    });
    ran.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_one_node_every_tab_shows_in_the_end_who_is_in() {
    let app = TestApp::on_sqlite().await;
    block_in_place(|| try_histories(&[&app], CASES_ON_ONE_NODE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_nodes_every_tab_shows_in_the_end_who_is_in() {
    let Some(here) = TestApp::on_postgres().await else {
        return;
    };
    let there = here.second_node().await;
    block_in_place(|| try_histories(&[&here, &there], CASES_ON_TWO_NODES));
}
