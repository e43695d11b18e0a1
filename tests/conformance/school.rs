//! What the school decides, what everybody is told, and whom people block.

use quad::{
    model::{
        Alert, AlertId, Colour, Look, MemberRole, Policy, Role, RoomId, RoomKind, Seq, UserId,
        WireError,
    },
    server::store::{
        alerts, blocks, contacts,
        control::{self, ControlKind},
        lists, members, rooms,
        school::{self, Logo},
        users,
        writer::{Decided, Decision, Outcome, Write},
    },
};

use crate::{
    on_both_databases,
    people::post,
    store::{NOW, TestStore},
};

impl TestStore {
    async fn decides(&self, by: UserId, decision: Decision) -> Result<Decided, WireError> {
        let decision = Box::new(decision);
        match self.writer.write(Write::Decide { by, decision }).await? {
            Outcome::Decided(decided) => Ok(decided),
            other => panic!("{other:?}"),
        }
    }

    async fn blocks(&self, by: UserId, whom: UserId, is_blocked: bool) -> usize {
        let write = Write::Block {
            user_id: by,
            whom,
            is_blocked,
        };
        match self.writer.write(write).await.unwrap() {
            Outcome::ListsChanged(lists) => lists.len(),
            other => panic!("{other:?}"),
        }
    }

    /// A direct room of these two.
    async fn direct(&self, one: UserId, other: UserId) -> RoomId {
        self.tries(async |conn| {
            let two = (one, other);
            let (room, _) = rooms::ensure_pair(conn, RoomKind::Direct, two, None, NOW).await?;
            for user_id in [one, other] {
                members::put(conn, room, user_id, MemberRole::Member, Seq(0), NOW).await?;
            }
            Ok(room)
        })
        .await
        .unwrap()
    }

    /// Whether that person may not write there: as rights say, and as their list does.
    async fn is_closed(&self, room: RoomId, to: UserId) -> bool {
        let listed = self.reads(async |conn| {
            let user = users::by_id(conn, to).await?.unwrap();
            lists::one(conn, user.actor(), room).await
        });
        let listed = listed.await.unwrap().is_closed;
        let judged = self.reads(async |conn| {
            let room = rooms::by_id(conn, room).await?.unwrap();
            contacts::is_closed(conn, &room, to).await
        });
        assert_eq!(judged.await, listed);
        listed
    }
}

async fn what_is_decided_stands_and_is_in_the_control_log(db: TestStore) {
    let head = db.person("head", Role::Admin).await;
    let before = db.reads(async |conn| school::state(conn).await).await;
    assert_eq!((before.look, before.policy), Default::default());
    let policy = Policy {
        student_to_teacher: false,
        teacher_makes_private: false,
        ..Policy::default()
    };
    let decided = db.decides(head, Decision::Policy(policy)).await;
    assert_eq!(decided, Ok(Decided::School));
    let look = Look {
        name: Some("Hill School".into()),
        accent: Colour::of("#1b5e9f"),
        logo: None,
    };
    let logo = Logo {
        kind: "image/png".into(),
        content: "AAAA".into(),
    };
    let given = Decision::Logo(Some(("abc".into(), logo.clone())));
    db.decides(head, given).await.unwrap();
    db.decides(head, Decision::Look(look.clone()))
        .await
        .unwrap();
    let state = db.reads(async |conn| school::state(conn).await).await;
    assert_eq!((state.rev, state.policy), (before.rev + 3, policy));
    let logo_stays = Some("abc".to_owned());
    assert_eq!(
        state.look,
        Look {
            logo: logo_stays,
            ..look
        }
    );
    assert_eq!(
        db.reads(async |conn| school::policy(conn).await).await,
        policy
    );
    let found = db.reads(async |conn| school::logo(conn, "abc").await);
    assert_eq!(found.await, Some(logo));
    let log = db
        .reads(async |conn| control::after(conn, 0, 10).await)
        .await;
    let kinds: Vec<_> = log.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [ControlKind::SchoolChanged; 3]);

    db.decides(head, Decision::Logo(None)).await.unwrap();
    assert_eq!(db.count("logos").await, 0);
    let state = db.reads(async |conn| school::state(conn).await).await;
    assert_eq!(state.look.logo, None);
    assert_eq!(state.look.name.as_deref(), Some("Hill School"));
}

async fn nobody_else_decides(db: TestStore) {
    let ana = db.student("ana").await;
    for decision in [
        Decision::Policy(Policy::default()),
        Decision::Look(Look::default()),
        Decision::Logo(None),
        Decision::Alert("x".into(), None),
        Decision::EndAlert(AlertId(1)),
    ] {
        assert_eq!(db.decides(ana, decision).await, Err(WireError::Forbidden));
    }
    assert_eq!(db.count("alerts").await, 0);
    assert_eq!(db.count("control_log").await, 0);
}

async fn alerts_stand_until_they_end_and_are_put_away_by_each(db: TestStore) {
    let (head, ana) = (
        db.person("head", Role::Admin).await,
        db.student("ana").await,
    );
    let until = NOW.plus_ms(1000);
    for (text, until) in [("first", None), ("second", Some(until))] {
        let told = Decision::Alert(text.into(), until);
        db.decides(head, told).await.unwrap();
    }
    let current = async |at| db.reads(async |conn| alerts::current(conn, at).await).await;
    let standing: Vec<Alert> = current(NOW).await;
    let texts: Vec<_> = standing.iter().map(|alert| &*alert.content).collect();
    assert_eq!(texts, ["first", "second"]);
    assert_eq!((standing[0].until, standing[1].until), (None, Some(until)));
    assert_eq!(current(until).await.len(), 1, "over by then");

    let (id, user_id) = (standing[0].id, ana);
    for changed in [1, 0] {
        let done = db.writer.write(Write::DismissAlert { user_id, id }).await;
        let Ok(Outcome::ListsChanged(lists)) = done else {
            panic!("{done:?}");
        };
        assert_eq!(lists.len(), changed, "twice is once");
    }
    let away = async |who| {
        db.reads(async |conn| alerts::dismissed(conn, who, NOW).await)
            .await
    };
    assert_eq!(Vec::from_iter(away(ana).await), [id]);
    assert!(away(head).await.is_empty());
    db.decides(head, Decision::EndAlert(id)).await.unwrap();
    assert!(away(ana).await.is_empty(), "what has ended is forgotten");
    let again = db.decides(head, Decision::EndAlert(id)).await;
    assert_eq!(again, Err(WireError::NotFound));
    let unknown = Write::DismissAlert { user_id, id };
    let refused = db.writer.write(unknown).await;
    assert!(matches!(refused, Err(WireError::NotFound)), "{refused:?}");
}

async fn a_room_of_two_is_closed_by_a_rule_or_a_block(db: TestStore) {
    let (head, ana, ben) = (
        db.person("head", Role::Admin).await,
        db.student("ana").await,
        db.student("ben").await,
    );
    let room = db.direct(ana, ben).await;
    let support = db.opens_support(ana).await.unwrap().0.id();
    let both = async || (db.is_closed(room, ana).await, db.is_closed(room, ben).await);
    assert_eq!(both().await, (false, false));
    assert_eq!(db.blocks(ana, ben, true).await, 2, "both lists");
    assert_eq!(db.blocks(ana, ben, true).await, 0);
    assert_eq!(both().await, (true, true));
    assert!(!db.is_closed(support, ana).await);
    let blocked = db.reads(async |conn| blocks::cards_of(conn, ana).await);
    let names: Vec<_> = blocked.await.into_iter().map(|card| card.name).collect();
    assert_eq!(names, ["ben"]);
    for (one, other) in [(ana, ben), (ben, ana)] {
        let stands = db.reads(async |conn| blocks::stands_between(conn, one, other).await);
        assert!(stands.await);
    }
    let contacts = db.reads(async |conn| contacts::of_rooms(conn, &[room, support]).await);
    let contacts = contacts.await;
    assert_eq!((contacts.len(), contacts[0].blocks), (1, 1));
    assert_eq!(db.blocks(ben, ana, false).await, 0, "not theirs to lift");
    assert_eq!(db.blocks(ana, ben, false).await, 2);
    assert_eq!(both().await, (false, false));
    let quiet = Policy {
        student_to_student: false,
        ..Policy::default()
    };
    db.decides(head, Decision::Policy(quiet)).await.unwrap();
    assert_eq!(both().await, (true, true));
}

async fn who_comes_to_answer_for_the_school_is_not_blocked_any_more(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    for (by, whom) in [(ana, ben), (ben, ana)] {
        db.blocks(by, whom, true).await;
    }
    db.runs(&format!(
        "UPDATE users SET role = 'teacher' WHERE id = {ben}"
    ))
    .await;
    assert_eq!(db.count("blocks").await, 2);
    db.runs(&format!("UPDATE users SET role = 'agent' WHERE id = {ben}"))
        .await;
    assert_eq!(db.count("blocks").await, 0);
    let write = Write::Block {
        user_id: ana,
        whom: ben,
        is_blocked: true,
    };
    let refused = db.writer.write(write).await;
    assert!(matches!(refused, Err(WireError::Forbidden)), "{refused:?}");
}

/// Whoever decides and whoever writes to a room of two at the same time, on two nodes: nobody waits for ever.
async fn decisions_and_messages_at_once_do_not_stand_in_each_others_way(db: TestStore) {
    let (head, ana, ben) = (
        db.person("head", Role::Admin).await,
        db.student("ana").await,
        db.student("ben").await,
    );
    let room = db.direct(ana, ben).await;
    let node = db.another_node().await;
    for n in 0..10 {
        let policy = Policy {
            student_to_student: n % 2 == 1,
            ..Policy::default()
        };
        let (decided, said, answered) = tokio::join!(
            db.decides(head, Decision::Policy(policy)),
            node.posts(post(ana, room, "x")),
            db.posts(post(ben, room, "y")),
        );
        decided.unwrap();
        for said in [said, answered] {
            assert!(
                matches!(said, Ok(_) | Err(WireError::NoContact)),
                "{said:?}"
            );
        }
    }
    let last = db.posts(post(ana, room, "open again")).await;
    assert!(last.is_ok(), "{last:?}");
}

on_both_databases!(
    what_is_decided_stands_and_is_in_the_control_log,
    nobody_else_decides,
    alerts_stand_until_they_end_and_are_put_away_by_each,
    a_room_of_two_is_closed_by_a_rule_or_a_block,
    who_comes_to_answer_for_the_school_is_not_blocked_any_more,
    decisions_and_messages_at_once_do_not_stand_in_each_others_way,
);
