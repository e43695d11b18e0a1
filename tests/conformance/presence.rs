//! Presence: whom nodes hold, when people were last seen, what they choose; and whom somebody may know of.

use quad::{
    model::{
        Desk, DeskCard, Desks, OwnPresence, PresenceFacts, PresenceStatus, Role, Slice, Timestamp,
        UserId, WireError, permission::Actor,
    },
    server::store::{
        circle, presence,
        writer::{Outcome, PresenceNote, Write},
    },
};

use crate::{
    on_both_databases,
    store::{NOW, TestStore},
};

impl TestStore {
    async fn notes_presence(&self, node: &str, note: PresenceNote) -> Result<bool, WireError> {
        let write = Write::Presence {
            node: node.to_owned(),
            note: Box::new(note),
        };
        match self.writer.write(write).await? {
            Outcome::PresenceNoted { was_known } => Ok(was_known),
            other => panic!("{other:?}"),
        }
    }

    async fn holds(&self, node: &str, people: &[(UserId, i64)]) -> bool {
        self.held(node, people, &[], &[]).await
    }

    async fn held(
        &self,
        node: &str,
        came: &[(UserId, i64)],
        went: &[(UserId, i64)],
        gone: &[&str],
    ) -> bool {
        let at = |people: &[(UserId, i64)]| {
            let people = people.iter();
            people.map(|(id, ms)| (*id, Timestamp(*ms))).collect()
        };
        let note = PresenceNote::Held {
            came: at(came),
            went: at(went),
            gone: gone.iter().map(|node| (*node).to_owned()).collect(),
        };
        self.notes_presence(node, note).await.unwrap()
    }

    async fn facts(&self, user: UserId, nodes: &[&str]) -> PresenceFacts {
        let nodes: Vec<String> = nodes.iter().map(|node| (*node).to_owned()).collect();
        let found = self
            .reads(async |conn| presence::facts(conn, &[user], &nodes).await)
            .await;
        assert_eq!(found.len(), 1);
        found[0].1
    }

    async fn known(&self, reader: UserId, role: Role, ids: &[UserId]) -> Vec<UserId> {
        let actor = Actor { id: reader, role };
        let desks = Desks::default();
        let answered: Vec<_> = if role.is_staff() {
            desks.all().iter().map(|card| card.desk.clone()).collect()
        } else {
            Vec::new()
        };
        let mut known = self
            .reads(async |conn| {
                let circle = circle::of(conn, &desks, actor, &answered).await?;
                circle::known(conn, &circle, ids).await
            })
            .await;
        known.sort_unstable();
        known
    }
}

fn at(ms: i64) -> Option<Timestamp> {
    Some(Timestamp(ms))
}

async fn who_is_held_by_a_node_that_counts_is_there(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    assert_eq!(db.facts(ana, &[]).await, PresenceFacts::default());
    assert!(!db.holds("one", &[(ana, 5), (ben, 6)]).await, "a new node");
    assert!(db.holds("one", &[(ana, 9)]).await);
    db.holds("two", &[(ana, 7)]).await;
    assert_eq!(db.facts(ana, &["one", "two"]).await.active_at, at(9));
    assert_eq!(db.facts(ana, &["two"]).await.active_at, at(7));
    assert_eq!(db.facts(ben, &["two"]).await.active_at, None);
    assert_eq!(db.facts(ben, &["one"]).await.active_at, at(6));
    let nodes = db.reads(async |conn| presence::nodes(conn).await).await;
    let told: Vec<_> = nodes
        .iter()
        .map(|row| (row.node.as_str(), row.rev, row.beat_at))
        .collect();
    assert_eq!(told, [("one", 2, NOW), ("two", 1, NOW)]);
    db.clock.advance_ms(5);
    db.holds("one", &[]).await;
    let nodes = db.reads(async |conn| presence::nodes(conn).await).await;
    assert_eq!(
        (nodes[0].rev, nodes[0].beat_at),
        (2, NOW.plus_ms(5)),
        "a beat is no change"
    );
}

async fn who_leaves_was_last_seen_then_and_never_earlier(db: TestStore) {
    let ana = db.student("ana").await;
    db.holds("one", &[(ana, 5)]).await;
    db.held("one", &[], &[(ana, 20)], &[]).await;
    assert_eq!(db.facts(ana, &["one"]).await.last_seen_at, at(20));
    assert_eq!(db.facts(ana, &["one"]).await.active_at, None);
    db.held("two", &[], &[(ana, 10)], &[]).await;
    assert_eq!(db.facts(ana, &[]).await.last_seen_at, at(20));
    db.held("two", &[], &[(ana, 30)], &[]).await;
    assert_eq!(db.facts(ana, &[]).await.last_seen_at, at(30));
}

async fn whom_a_node_held_that_is_gone_was_last_seen_at_its_last_beat(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    db.holds("one", &[(ana, 5), (ben, 6)]).await;
    db.notes_presence("two", PresenceNote::Chosen(ben, PresenceStatus::Offline))
        .await
        .unwrap();
    db.clock.advance_ms(60_000);
    db.held("two", &[], &[], &["one"]).await;
    for user in [ana, ben] {
        let facts = db.facts(user, &["one", "two"]).await;
        assert_eq!((facts.active_at, facts.last_seen_at), (None, Some(NOW)));
    }
    assert_eq!(db.count("presence_held").await, 0);
    assert!(!db.holds("one", &[(ana, 5)]).await, "it begins anew");
}

async fn what_is_chosen_stands_and_gives_nobody_away(db: TestStore) {
    let ana = db.student("ana").await;
    let choose = async |status| {
        let note = PresenceNote::Chosen(ana, status);
        db.notes_presence("one", note).await.unwrap();
    };
    choose(PresenceStatus::Busy).await;
    db.held("one", &[], &[(ana, 5)], &[]).await;
    let own = OwnPresence {
        chosen: PresenceStatus::Busy,
        hides_last_seen: false,
    };
    let facts = db.facts(ana, &[]).await;
    assert_eq!((facts.own, facts.last_seen_at), (own, at(5)));
    choose(PresenceStatus::Offline).await;
    assert_eq!(db.facts(ana, &[]).await.last_seen_at, Some(NOW));
    db.clock.advance_ms(10);
    choose(PresenceStatus::Offline).await;
    db.held("one", &[], &[(ana, NOW.0 + 20)], &[]).await;
    assert_eq!(db.facts(ana, &[]).await.last_seen_at, Some(NOW));
    choose(PresenceStatus::Online).await;
    db.held("one", &[], &[(ana, NOW.0 + 30)], &[]).await;
    assert_eq!(db.facts(ana, &[]).await.last_seen_at, Some(NOW.plus_ms(30)));
    db.notes_presence("one", PresenceNote::LastSeenHidden(ana, true))
        .await
        .unwrap();
    let own = db.reads(async |conn| presence::own(conn, ana).await).await;
    assert!(own.hides_last_seen);
    let nobody = PresenceNote::Chosen(UserId(999), PresenceStatus::Busy);
    assert_eq!(
        db.notes_presence("one", nobody).await,
        Err(WireError::Unauthorized)
    );
}

async fn one_knows_those_with_whom_one_shares_something(db: TestStore) {
    let (ana, ben, cai) = (
        db.student("ana").await,
        db.student("ben").await,
        db.student("cai").await,
    );
    let (tom, nora) = (
        db.person("tom", Role::Teacher).await,
        db.agent("nora").await,
    );
    let all = [ana, ben, cai, tom, nora, UserId(999)];
    db.support_room(ana).await;
    let room = db.course_room(&[ana, ben]).await;
    assert_eq!(db.known(ana, Role::Student, &all).await, [ana, ben, nora]);
    assert_eq!(db.known(ben, Role::Student, &all).await, [ana, ben, nora]);
    assert_eq!(db.known(cai, Role::Student, &all).await, [cai, nora]);
    assert_eq!(db.known(tom, Role::Teacher, &all).await, [tom, nora]);
    assert_eq!(
        db.known(nora, Role::Agent, &all).await,
        [ana, ben, cai, tom, nora]
    );
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE user_id = {ben}"
    ))
    .await;
    assert_eq!(db.known(ana, Role::Student, &all).await, [ana, nora]);
    assert_eq!(db.known(ben, Role::Student, &all).await, [ben, nora]);
    db.runs("UPDATE members SET left_at = NULL").await;
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {room}"
    ))
    .await;
    assert_eq!(db.known(ana, Role::Student, &all).await, [ana, nora]);
    db.runs(&format!("UPDATE users SET closed_at = 1 WHERE id = {nora}"))
        .await;
    assert_eq!(db.known(ana, Role::Student, &all).await, [ana]);
}

async fn who_answers_and_who_asks_at_a_desk_know_each_other(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let tom = db.person("tom", Role::Teacher).await;
    db.support_room(ana).await;
    let desks = Desks::new(vec![DeskCard {
        people: vec!["tom".to_owned()],
        ..DeskCard::default_desk()
    }]);
    let knows = async |id: UserId, role: Role, answered: &[Desk], other: UserId| {
        let reader = Actor { id, role };
        let known = db
            .reads(async |conn| {
                let circle = circle::of(conn, &desks, reader, answered).await?;
                circle::known(conn, &circle, &[other]).await
            })
            .await;
        !known.is_empty()
    };
    let desk = [Desk::default_desk()];
    assert!(knows(ana, Role::Student, &[], tom).await);
    assert!(!knows(ben, Role::Student, &[], tom).await);
    assert!(knows(tom, Role::Teacher, &desk, ana).await);
    assert!(!knows(tom, Role::Teacher, &desk, ben).await);
    assert!(!knows(tom, Role::Teacher, &[], ana).await);
}

async fn people_are_listed_by_name_and_by_who_is_there(db: TestStore) {
    let nora = db.agent("nora").await;
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let desks = Desks::default();
    let actor = Actor {
        id: nora,
        role: Role::Agent,
    };
    let list = async |part: &str, nodes: Option<&[&str]>, limit: i64, offset: i64| {
        let nodes: Option<Vec<String>> =
            nodes.map(|nodes| nodes.iter().map(|node| (*node).to_owned()).collect());
        let slice = Slice { limit, offset };
        let found = db
            .reads(async |conn| {
                let circle = circle::of(conn, &desks, actor, &[]).await?;
                circle::people(conn, &circle, part, nodes.as_deref(), slice).await
            })
            .await;
        let ids: Vec<UserId> = found.items.iter().map(|row| row.id).collect();
        (found.count, ids)
    };
    assert_eq!(list("", None, 9, 0).await, (2, vec![ana, ben]));
    assert_eq!(list("", None, 1, 1).await, (2, vec![ben]));
    assert_eq!(list("BE", None, 9, 0).await, (1, vec![ben]));
    assert_eq!(list("%", None, 9, 0).await, (0, vec![]));
    db.holds("one", &[(ana, 5), (ben, 5), (nora, 5)]).await;
    assert_eq!(list("", Some(&["one"]), 9, 0).await, (2, vec![ana, ben]));
    assert_eq!(list("", Some(&["two"]), 9, 0).await, (0, vec![]));
    assert_eq!(list("", Some(&[]), 9, 0).await, (0, vec![]));
    db.notes_presence("one", PresenceNote::Chosen(ana, PresenceStatus::Offline))
        .await
        .unwrap();
    assert_eq!(list("", Some(&["one"]), 9, 0).await, (1, vec![ben]));
}

on_both_databases!(
    who_is_held_by_a_node_that_counts_is_there,
    who_leaves_was_last_seen_then_and_never_earlier,
    whom_a_node_held_that_is_gone_was_last_seen_at_its_last_beat,
    what_is_chosen_stands_and_gives_nobody_away,
    one_knows_those_with_whom_one_shares_something,
    who_answers_and_who_asks_at_a_desk_know_each_other,
    people_are_listed_by_name_and_by_who_is_there,
);
