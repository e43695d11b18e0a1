//! A person's sessions on all devices: shown, kept alive, renewed, and ended together.

use quad::{
    model::{SessionId, SessionKind, Timestamp, UserId, WireError},
    server::store::{
        sessions::{self, NewSession},
        users,
        writer::{Outcome, Write, WriteResult},
    },
};

use crate::{
    on_both_databases,
    sessions::session,
    store::{NOW, TestStore},
};

const LATER: Timestamp = Timestamp(NOW.0 + 9_000);

impl TestStore {
    /// Starts a program's session.
    async fn program(&self, user_id: UserId, token: &str) -> SessionId {
        let new = NewSession {
            kind: SessionKind::Token,
            ..session(user_id, token)
        };
        match self.writer.write(Write::StartSession(new)).await {
            Ok(Outcome::SessionStarted(id)) => id,
            other => panic!("no session: {other:?}"),
        }
    }

    async fn rotates(&self, id: SessionId, presented: &str, next: &str) -> WriteResult {
        let rotate = Write::RotateSession {
            id,
            presented_hash: presented.to_owned(),
            next_hash: next.to_owned(),
            expires_at: LATER,
        };
        self.writer.write(rotate).await
    }

    async fn sessions_of(&self, user: UserId, limit: i64) -> Vec<SessionId> {
        let own = self.reads(async |conn| sessions::of_user(conn, user, NOW, limit).await);
        own.await.into_iter().map(|own| own.id).collect()
    }

    async fn touches(&self, id: SessionId, at: i64) {
        self.clock.advance_ms(at - self.clock.now().0);
        let touched = self.writer.write(Write::TouchSession(id)).await;
        assert!(matches!(touched, Ok(Outcome::SessionTouched)));
    }
}

fn ended(result: WriteResult) -> Vec<SessionId> {
    match result {
        Ok(Outcome::SessionsEnded(ids)) => ids,
        other => panic!("not ended: {other:?}"),
    }
}

async fn a_person_is_shown_their_sessions_last_used_first(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let (old, over) = (db.session(ana, "old").await, db.session(ana, "over").await);
    let program = db.program(ana, "program").await;
    db.session(ben, "ben's").await;
    db.writer.write(Write::EndSession(over)).await.unwrap();
    assert_eq!(db.sessions_of(ana, 10).await, [program, old]);
    db.touches(old, NOW.0 + 5).await;
    assert_eq!(db.sessions_of(ana, 10).await, [old, program]);
    assert_eq!(db.sessions_of(ana, 1).await, [old]);
    let own = db.reads(async |conn| sessions::of_user(conn, ana, NOW, 10).await);
    let own = own.await;
    assert_eq!(own[0].last_used_at, NOW.plus_ms(5));
    assert_eq!(
        (own[0].created_at, own[0].kind),
        (NOW, SessionKind::Browser)
    );
    assert_eq!(own[1].kind, SessionKind::Token);
    assert_eq!(own[1].user_agent, "Netscape");
    let later = db.reads(async |conn| sessions::of_user(conn, ana, LATER, 10).await);
    assert!(later.await.is_empty(), "they end by themselves");
}

async fn the_last_use_of_a_session_only_moves_forward(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.session(ana, "token").await;
    for (at, expected) in [(7, 7), (3, 7), (8, 8)] {
        db.touches(id, NOW.0 + at).await;
        let row = db.reads(async |conn| sessions::by_id(conn, id, NOW).await);
        assert_eq!(row.await.unwrap().last_used_at, NOW.plus_ms(expected));
    }
}

async fn a_programs_token_is_no_cookie(db: TestStore) {
    let ana = db.student("ana").await;
    let program = db.program(ana, "program").await;
    let as_cookie = db.reads(async |conn| sessions::in_force(conn, "program", NOW).await);
    assert!(as_cookie.await.is_none());
    let by_id = db.reads(async |conn| sessions::by_id(conn, program, NOW).await);
    assert_eq!(by_id.await.unwrap().user_id, ana);
    let browser = db.session(ana, "browser").await;
    let refused = db.rotates(browser, "browser", "next").await;
    assert!(!matches!(refused, Ok(Outcome::SessionRotated(_))));
}

async fn a_renewed_session_goes_on_with_the_next_token(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.program(ana, "one").await;
    for (presented, next) in [("one", "two"), ("two", "three")] {
        let rotated = db.rotates(id, presented, next).await;
        assert!(matches!(rotated, Ok(Outcome::SessionRotated(same)) if same == id));
    }
    let stored = db.finds::<(String, i64, Timestamp)>(
        "SELECT token_hash, generation, expires_at FROM sessions",
    );
    assert_eq!(stored.await, [("three".to_owned(), 2, LATER)]);
}

async fn a_token_that_was_used_before_ends_its_session(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.program(ana, "one").await;
    db.rotates(id, "one", "two").await.unwrap();
    let stolen = db.rotates(id, "one", "evil").await;
    assert!(matches!(stolen, Ok(Outcome::SessionEnded(same)) if same == id));
    assert!(!db.is_in_force(id, NOW).await);
    for token in ["two", "evil", "one"] {
        let refused = db.rotates(id, token, "next").await;
        assert_eq!(refused.unwrap_err(), WireError::Unauthorized);
    }
    let unknown = db.rotates(SessionId(999), "one", "two").await;
    assert_eq!(unknown.unwrap_err(), WireError::Unauthorized);
    assert_eq!(db.count("control_log").await, 1);
}

async fn of_fifty_renewals_with_one_token_one_is_made(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.program(ana, "one").await;
    let nexts: Vec<String> = (0..50).map(|n| format!("next {n}")).collect();
    let tries = nexts.iter().map(|next| db.rotates(id, "one", next));
    let results = futures_util::future::join_all(tries).await;
    let rotated = |result: &WriteResult| matches!(result, Ok(Outcome::SessionRotated(_)));
    assert_eq!(results.iter().filter(|result| rotated(result)).count(), 1);
    assert!(!db.is_in_force(id, NOW).await, "somebody has a copy");
}

async fn all_sessions_but_one_are_ended_at_once(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let (here, there) = (
        db.session(ana, "here").await,
        db.session(ana, "there").await,
    );
    let (program, bens) = (db.program(ana, "program").await, db.session(ben, "b").await);
    let end = |except| Write::EndSessions {
        user_id: ana,
        except,
    };
    assert_eq!(
        ended(db.writer.write(end(Some(here))).await),
        [there, program]
    );
    assert!(db.is_in_force(here, NOW).await && db.is_in_force(bens, NOW).await);
    assert_eq!(ended(db.writer.write(end(None)).await), [here]);
    assert_eq!(ended(db.writer.write(end(None)).await), []);
    assert_eq!(db.count("control_log").await, 3);
}

async fn a_new_password_ends_the_other_sessions_and_a_wrong_one_nothing(db: TestStore) {
    let ana = db.student("ana").await;
    let (here, there) = (
        db.session(ana, "here").await,
        db.session(ana, "there").await,
    );
    let change = |from: &str, to: &str| Write::ChangePassword {
        user_id: ana,
        from_hash: from.to_owned(),
        to_hash: to.to_owned(),
        except: here,
    };
    let wrong = db.writer.write(change("another", "new")).await;
    assert_eq!(wrong.unwrap_err(), WireError::WrongCredentials);
    assert!(db.is_in_force(there, NOW).await);
    let right = db.writer.write(change("$argon2id$", "new")).await;
    assert_eq!(ended(right), [there]);
    assert!(db.is_in_force(here, NOW).await);
    let row = db.reads(async |conn| users::by_id(conn, ana).await).await;
    assert_eq!(row.unwrap().password_hash.as_deref(), Some("new"));
    db.runs("UPDATE users SET closed_at = 1").await;
    let closed = db.writer.write(change("new", "newer")).await;
    assert_eq!(closed.unwrap_err(), WireError::WrongCredentials);
}

on_both_databases!(
    a_person_is_shown_their_sessions_last_used_first,
    the_last_use_of_a_session_only_moves_forward,
    a_programs_token_is_no_cookie,
    a_renewed_session_goes_on_with_the_next_token,
    a_token_that_was_used_before_ends_its_session,
    of_fifty_renewals_with_one_token_one_is_made,
    all_sessions_but_one_are_ended_at_once,
    a_new_password_ends_the_other_sessions_and_a_wrong_one_nothing,
);
