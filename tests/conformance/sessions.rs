//! Sessions: found by their token until they expire, are ended, or their account is closed.

use futures_util::future::join_all;
use quad::{
    model::{Role, SessionId, SessionKind, Timestamp, UserId, WireError},
    server::store::{
        sessions::{self, NewSession, SessionRow},
        writer::{Outcome, Write, WriteResult},
    },
};

use crate::{
    on_both_databases,
    store::{NOW, TestStore},
};

const LATER: Timestamp = Timestamp(NOW.0 + 1000);

/// A browser's.
pub fn session(user_id: UserId, token: &str) -> NewSession {
    NewSession {
        user_id,
        kind: SessionKind::Browser,
        token_hash: token.to_owned(),
        user_agent: "Netscape".to_owned(),
        expires_at: LATER,
    }
}

impl TestStore {
    async fn tries_session(&self, user_id: UserId, token: &str) -> WriteResult {
        let new = session(user_id, token);
        self.writer.write(Write::StartSession(new)).await
    }

    pub async fn session(&self, user_id: UserId, token: &str) -> SessionId {
        match self.tries_session(user_id, token).await {
            Ok(Outcome::SessionStarted(id)) => id,
            other => panic!("no session: {other:?}"),
        }
    }

    async fn ends(&self, id: SessionId) {
        match self.writer.write(Write::EndSession(id)).await {
            Ok(Outcome::SessionEnded(ended)) => assert_eq!(ended, id),
            other => panic!("not ended: {other:?}"),
        }
    }

    async fn in_force(&self, token: &str, at: Timestamp) -> Option<SessionRow> {
        self.reads(async |conn| sessions::in_force(conn, token, at).await)
            .await
    }

    pub async fn is_in_force(&self, id: SessionId, at: Timestamp) -> bool {
        self.reads(async |conn| sessions::is_in_force(conn, id, at).await)
            .await
    }

    async fn control_log(&self) -> Vec<(i64, String, UserId, SessionId, Timestamp)> {
        self.finds(
            "SELECT seq, kind, user_id, session_id, created_at FROM control_log ORDER BY seq",
        )
        .await
    }
}

async fn a_session_is_found_by_its_token_with_what_its_account_is_now(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.session(ana, "token").await;
    let row = db.in_force("token", NOW).await.unwrap();
    assert_eq!((row.id, row.user_id, row.role), (id, ana, Role::Student));
    assert_eq!(row.language, "en");
    db.runs("UPDATE users SET role = 'teacher', language = 'de'")
        .await;
    let row = db.in_force("token", NOW).await.unwrap();
    assert_eq!((row.role, row.language.as_str()), (Role::Teacher, "de"));
    assert!(db.in_force("TOKEN", NOW).await.is_none());
    assert!(db.in_force("", NOW).await.is_none());
    assert!(!db.is_in_force(SessionId(999), NOW).await);
}

async fn a_session_ends_by_itself_when_its_time_has_come(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.session(ana, "token").await;
    for (at, expected) in [(NOW, true), (LATER.plus_ms(-1), true), (LATER, false)] {
        assert_eq!(db.in_force("token", at).await.is_some(), expected);
        assert_eq!(db.is_in_force(id, at).await, expected);
    }
}

async fn an_ended_session_is_over_and_the_others_stay(db: TestStore) {
    let ana = db.student("ana").await;
    let (phone, laptop) = (
        db.session(ana, "phone").await,
        db.session(ana, "laptop").await,
    );
    db.ends(phone).await;
    assert!(db.in_force("phone", NOW).await.is_none());
    assert!(!db.is_in_force(phone, NOW).await);
    assert_eq!(db.in_force("laptop", NOW).await.unwrap().id, laptop);
    assert!(db.is_in_force(laptop, NOW).await);
}

async fn each_end_stands_in_the_control_log_once(db: TestStore) {
    let ana = db.student("ana").await;
    let mut ids = Vec::new();
    for n in 0..20 {
        ids.push(db.session(ana, &format!("token {n}")).await);
    }
    db.clock.advance_ms(3);
    join_all(ids.iter().chain(&ids).map(|id| db.ends(*id))).await;
    db.ends(SessionId(999)).await;
    let log = db.control_log().await;
    let seqs: Vec<i64> = log.iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
    let mut logged: Vec<_> = log.iter().map(|(_, _, _, id, _)| *id).collect();
    logged.sort();
    assert_eq!(logged, ids);
    assert!(log.iter().all(|(_, kind, user, _, at)| {
        (kind.as_str(), *user, *at) == ("session_ended", ana, NOW.plus_ms(3))
    }));
}

async fn a_second_end_changes_nothing(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.session(ana, "token").await;
    for (at, expected) in [(Timestamp(1), true), (Timestamp(2), false)] {
        let was_in_force = db.tries(async |conn| sessions::end(conn, id, at).await);
        assert_eq!(was_in_force.await.unwrap(), expected);
    }
    let ended = db.finds::<(Timestamp,)>("SELECT ended_at FROM sessions");
    assert_eq!(ended.await, [(Timestamp(1),)]);
    assert_eq!(db.control_log().await.len(), 1);
}

async fn the_sessions_of_a_closed_account_are_over(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let (anas, bens) = (db.session(ana, "ana").await, db.session(ben, "ben").await);
    db.runs(&format!("UPDATE users SET closed_at = 1 WHERE id = {ana}"))
        .await;
    assert!(db.in_force("ana", NOW).await.is_none());
    assert!(!db.is_in_force(anas, NOW).await);
    assert!(db.is_in_force(bens, NOW).await);
}

async fn a_token_belongs_to_one_session(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let id = db.session(ana, "token").await;
    let second = db.tries_session(ben, "token").await;
    assert_eq!(second.unwrap_err(), WireError::Unavailable);
    assert_eq!(db.in_force("token", NOW).await.unwrap().id, id);
}

async fn nobody_has_no_session(db: TestStore) {
    let refused = db.tries_session(UserId(999), "token").await;
    assert_eq!(refused.unwrap_err(), WireError::Unavailable);
    assert_eq!(db.count("sessions").await, 0);
}

async fn the_id_of_a_deleted_session_is_not_given_again(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.session(ana, "one").await;
    db.runs("DELETE FROM sessions").await;
    assert!(db.session(ana, "two").await > id);
}

on_both_databases!(
    a_session_is_found_by_its_token_with_what_its_account_is_now,
    a_session_ends_by_itself_when_its_time_has_come,
    an_ended_session_is_over_and_the_others_stay,
    each_end_stands_in_the_control_log_once,
    a_second_end_changes_nothing,
    the_sessions_of_a_closed_account_are_over,
    a_token_belongs_to_one_session,
    nobody_has_no_session,
    the_id_of_a_deleted_session_is_not_given_again,
);
