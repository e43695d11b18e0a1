//! Keeping accounts: the list, roles, closing, links, what is written down; imports, portion by portion.

use quad::{
    model::{
        Role, SessionKind, Timestamp, UserId, WireError,
        keeping::{AccountQuery, AccountState},
    },
    server::store::{
        accounts, audit,
        control::{self, ControlKind},
        imports,
        password_links::{self, NewLink},
        sessions::NewSession,
        users::{self, NewUser},
        writer::{ImportStep, Outcome, PeopleAct, PeopleDone, Write},
    },
};

use crate::{
    on_both_databases,
    people::account,
    store::{NOW, TestStore},
};

impl TestStore {
    async fn keeps(&self, by: Option<UserId>, act: PeopleAct) -> Result<PeopleDone, WireError> {
        let act = Box::new(act);
        match self.writer.write(Write::People { by, act }).await? {
            Outcome::People(done) => Ok(*done),
            other => panic!("{other:?}"),
        }
    }

    async fn step(&self, by: Option<UserId>, step: ImportStep) -> Result<Outcome, WireError> {
        self.writer.write(Write::Import { by, step }).await
    }

    async fn begins_import(&self) -> i64 {
        match self.step(None, ImportStep::Begin).await {
            Ok(Outcome::ImportBegun(id)) => id,
            other => panic!("{other:?}"),
        }
    }

    async fn stages(&self, id: i64, names: &[&str]) -> Vec<Option<UserId>> {
        let people = names.iter().map(|name| {
            let link = link(name);
            let user = NewUser {
                password_hash: String::new(),
                ..account(name, Role::Student)
            };
            (user, Some(link))
        });
        match self
            .step(None, ImportStep::Stage(id, people.collect()))
            .await
        {
            Ok(Outcome::ImportStaged(ids)) => ids,
            other => panic!("{other:?}"),
        }
    }

    async fn goes_on(&self, id: i64) -> bool {
        match self.step(None, ImportStep::GoOn(id)).await {
            Ok(Outcome::ImportMoved { is_done }) => is_done,
            other => panic!("{other:?}"),
        }
    }

    async fn holder(&self, token: &str, now: Timestamp) -> Option<UserId> {
        self.reads(async |conn| password_links::user_of(conn, token, now).await)
            .await
    }

    async fn signs_in(&self, user_id: UserId, token: &str) {
        let session = NewSession {
            user_id,
            kind: SessionKind::Browser,
            token_hash: token.to_owned(),
            user_agent: String::new(),
            expires_at: NOW.plus_ms(1000),
        };
        self.writer
            .write(Write::StartSession(session))
            .await
            .unwrap();
    }

    async fn accounts_found(&self, asked: &AccountQuery, limit: i64) -> Vec<String> {
        let page = self.reads(async |conn| accounts::page(conn, asked, limit).await);
        let count = self.reads(async |conn| accounts::count(conn, asked).await);
        let names: Vec<_> = page
            .await
            .into_iter()
            .map(|account| account.username)
            .collect();
        if asked.after.is_none() && i64::try_from(names.len()).unwrap() < limit {
            assert_eq!(count.await, i64::try_from(names.len()).unwrap());
        }
        names
    }
}

fn link(token: &str) -> NewLink {
    NewLink {
        token_hash: token.to_owned(),
        expires_at: NOW.plus_ms(1000),
    }
}

async fn accounts_are_listed_by_name_and_go_on_after_one(db: TestStore) {
    let mut ids = Vec::new();
    for name in ["cleo", "ana", "dan", "ben"] {
        ids.push(db.student(name).await);
    }
    let tess = db.person("tess", Role::Teacher).await;
    db.keeps(None, PeopleAct::Close(ids[3])).await.unwrap();
    let all = AccountQuery::default();
    assert_eq!(
        db.accounts_found(&all, 9).await,
        ["ana", "ben", "cleo", "dan", "tess"]
    );
    let after = AccountQuery {
        after: Some(ids[3]),
        ..all.clone()
    };
    assert_eq!(db.accounts_found(&after, 2).await, ["cleo", "dan"]);
    let nobody = AccountQuery {
        after: Some(UserId(999)),
        ..all.clone()
    };
    assert!(db.accounts_found(&nobody, 9).await.is_empty());
    let of = |role, state, search: &str| AccountQuery {
        role,
        state,
        search: search.to_owned(),
        after: None,
    };
    let closed = Some(AccountState::Closed);
    assert_eq!(db.accounts_found(&of(None, closed, ""), 9).await, ["ben"]);
    let open = Some(AccountState::Open);
    assert_eq!(
        db.accounts_found(&of(Some(Role::Student), open, ""), 9)
            .await,
        ["ana", "cleo", "dan"]
    );
    assert_eq!(db.accounts_found(&of(None, None, "ES"), 9).await, ["tess"]);
    assert!(db.accounts_found(&of(None, None, "%"), 9).await.is_empty());
    let row = db
        .reads(async |conn| accounts::by_id(conn, tess).await)
        .await;
    assert!(row.unwrap().has_password);
}

async fn names_that_somebody_has_are_told(db: TestStore) {
    let mut asked = Vec::new();
    for n in 0..70 {
        let name = format!("pupil{n}");
        if n % 10 == 0 {
            db.student(&name).await;
        }
        asked.push(name);
    }
    let mut taken = db
        .reads(async |conn| accounts::taken(conn, &asked).await)
        .await;
    taken.sort();
    let expected = [0, 10, 20, 30, 40, 50, 60].map(|n| format!("pupil{n}"));
    assert_eq!(taken, expected);
}

async fn an_act_is_for_admins_by_their_row_and_is_written_down(db: TestStore) {
    let (head, ana) = (
        db.person("head", Role::Admin).await,
        db.student("ana").await,
    );
    let nora = db.agent("nora").await;
    let role = |role| PeopleAct::SetRole(ana, role);
    let refused = db.keeps(Some(nora), role(Role::Agent)).await;
    assert_eq!(refused.unwrap_err(), WireError::Forbidden);
    let refused = db.keeps(Some(UserId(999)), role(Role::Agent)).await;
    assert_eq!(refused.unwrap_err(), WireError::Unauthorized);
    let done = db.keeps(Some(head), role(Role::Agent)).await.unwrap();
    assert_eq!((done.user_id, done.role), (ana, Some(Role::Agent)));
    let again = db.keeps(Some(head), role(Role::Agent)).await.unwrap();
    assert_eq!(again.role, None);
    let last = db.keeps(Some(head), PeopleAct::Close(head)).await;
    assert_eq!(last.unwrap_err(), WireError::LastAdmin);
    let unknown = db.keeps(None, PeopleAct::Reopen(UserId(999))).await;
    assert_eq!(unknown.unwrap_err(), WireError::NotFound);
    let rows = db
        .reads(async |conn| audit::of_user(conn, ana, 9).await)
        .await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].at, rows[0].actor_id), (NOW, Some(head)));
    assert_eq!(rows[0].args, r#"{"from":"student","to":"agent"}"#);
    let log = db
        .reads(async |conn| control::after(conn, 0, 9).await)
        .await;
    let told: Vec<_> = log.iter().map(|row| (row.kind, row.user_id)).collect();
    assert_eq!(told, [(ControlKind::RoleChanged, Some(ana))]);
}

async fn closing_ends_sessions_and_links_and_tells_every_node(db: TestStore) {
    let ana = db.student("ana").await;
    db.signs_in(ana, "one").await;
    db.keeps(None, PeopleAct::MakeLink(ana, link("link")))
        .await
        .unwrap();
    assert_eq!(db.holder("link", NOW).await, Some(ana));
    let done = db.keeps(None, PeopleAct::Close(ana)).await.unwrap();
    assert!(done.is_closed && done.ended.len() == 1);
    assert_eq!(db.holder("link", NOW).await, None);
    let refused = db
        .keeps(None, PeopleAct::MakeLink(ana, link("other")))
        .await;
    assert_eq!(refused.unwrap_err(), WireError::Conflict);
    let log = db
        .reads(async |conn| control::after(conn, 0, 9).await)
        .await;
    let kinds: Vec<_> = log.iter().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [ControlKind::SessionEnded, ControlKind::AccountClosed]
    );
    db.keeps(None, PeopleAct::Reopen(ana)).await.unwrap();
    assert_eq!(
        db.holder("link", NOW).await,
        None,
        "what has ended stays so"
    );
}

async fn a_link_holds_once_until_its_time_and_until_the_next_one(db: TestStore) {
    let ana = db.student("ana").await;
    db.keeps(None, PeopleAct::MakeLink(ana, link("one")))
        .await
        .unwrap();
    assert_eq!(db.holder("one", NOW.plus_ms(999)).await, Some(ana));
    assert_eq!(db.holder("one", NOW.plus_ms(1000)).await, None);
    db.keeps(None, PeopleAct::MakeLink(ana, link("two")))
        .await
        .unwrap();
    assert_eq!(db.holder("one", NOW).await, None);
    db.signs_in(ana, "session").await;
    let choose = |token: &str| Write::SetPassword {
        token_hash: token.to_owned(),
        password_hash: format!("$argon2id$ by {token}"),
    };
    for token in ["one", "unknown"] {
        let refused = db.writer.write(choose(token)).await;
        assert_eq!(refused.unwrap_err(), WireError::NotFound);
    }
    match db.writer.write(choose("two")).await {
        Ok(Outcome::People(done)) => assert_eq!((done.user_id, done.ended.len()), (ana, 1)),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        db.writer.write(choose("two")).await.unwrap_err(),
        WireError::NotFound
    );
    let row = db
        .reads(async |conn| users::by_id(conn, ana).await)
        .await
        .unwrap();
    assert_eq!(row.password_hash.unwrap(), "$argon2id$ by two");
}

async fn a_password_that_was_replaced_meanwhile_starts_no_session(db: TestStore) {
    let ana = db.student("ana").await;
    let sign_in = |hash: &str| Write::SignIn {
        session: NewSession {
            user_id: ana,
            kind: SessionKind::Browser,
            token_hash: hash.to_owned(),
            user_agent: String::new(),
            expires_at: NOW.plus_ms(1000),
        },
        password_hash: hash.to_owned(),
    };
    let (first, second) = ("$argon2id$", "$argon2id$ another");
    assert!(db.writer.write(sign_in(first)).await.is_ok());
    let changed = db.tries(async |conn| accounts::set_password(conn, ana, second).await);
    changed.await.unwrap();
    let refused = db.writer.write(sign_in(first)).await;
    assert_eq!(refused.unwrap_err(), WireError::WrongCredentials);
    db.keeps(None, PeopleAct::Close(ana)).await.unwrap();
    let refused = db.writer.write(sign_in(second)).await;
    assert_eq!(refused.unwrap_err(), WireError::WrongCredentials);
    assert_eq!(db.count("sessions").await, 1);
}

async fn an_account_without_a_password_has_none(db: TestStore) {
    let user = NewUser {
        password_hash: String::new(),
        ..account("ana", Role::Student)
    };
    let done = db
        .keeps(None, PeopleAct::Add(user.clone(), Some(link("l"))))
        .await
        .unwrap();
    let row = db
        .reads(async |conn| users::by_id(conn, done.user_id).await)
        .await;
    assert_eq!(row.unwrap().password_hash, None);
    let taken = db.keeps(None, PeopleAct::Add(user, None)).await;
    assert_eq!(taken.unwrap_err(), WireError::AlreadyExists);
    assert_eq!(db.count("password_links").await, 1);
}

async fn an_import_that_is_decided_opens_its_accounts_in_portions(db: TestStore) {
    db.student("taken").await;
    let id = db.begins_import().await;
    let names: Vec<String> = (0..40).map(|n| format!("p{n}")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.insert(20, "taken");
    let staged = db.stages(id, &names).await;
    assert_eq!(staged.iter().filter(|id| id.is_none()).count(), 1);
    assert_eq!(staged[20], None);
    let all = AccountQuery::default();
    assert_eq!(
        db.accounts_found(&all, 99).await,
        ["taken"],
        "nobody sees them"
    );
    assert_eq!(db.holder("p3", NOW).await, None, "nor does a link hold");
    db.step(None, ImportStep::Decide(id)).await.unwrap();
    assert!(!db.goes_on(id).await);
    assert_eq!(db.accounts_found(&all, 99).await.len(), 33);
    assert!(!db.goes_on(id).await);
    assert!(db.goes_on(id).await);
    assert_eq!(db.accounts_found(&all, 99).await.len(), 41);
    assert_eq!(db.holder("p3", NOW).await, staged[3]);
    assert_eq!(
        (db.count("imports").await, db.count("audit").await),
        (0, 40)
    );
    assert!(db.goes_on(id).await, "what is over is over");
}

async fn an_import_that_is_not_decided_leaves_nothing(db: TestStore) {
    let id = db.begins_import().await;
    db.stages(id, &["ana", "ben"]).await;
    let left = |then| db.reads(async move |conn| imports::left_since(conn, then).await);
    assert_eq!(left(NOW).await, []);
    let import = left(NOW.plus_ms(1)).await;
    assert_eq!((import[0].id, import[0].decided_at), (id, None));
    while !db.goes_on(id).await {}
    for table in ["imports", "users", "password_links", "audit"] {
        assert_eq!(db.count(table).await, 0, "{table}");
    }
    // Whoever is still at it cannot go on.
    for step in [ImportStep::Stage(id, Vec::new()), ImportStep::Decide(id)] {
        assert_eq!(db.step(None, step).await.unwrap_err(), WireError::Conflict);
    }
    let nora = db.agent("nora").await;
    let refused = db.step(Some(nora), ImportStep::Begin).await;
    assert_eq!(refused.unwrap_err(), WireError::Forbidden);
}

on_both_databases!(
    accounts_are_listed_by_name_and_go_on_after_one,
    names_that_somebody_has_are_told,
    an_act_is_for_admins_by_their_row_and_is_written_down,
    closing_ends_sessions_and_links_and_tells_every_node,
    a_link_holds_once_until_its_time_and_until_the_next_one,
    a_password_that_was_replaced_meanwhile_starts_no_session,
    an_account_without_a_password_has_none,
    an_import_that_is_decided_opens_its_accounts_in_portions,
    an_import_that_is_not_decided_leaves_nothing,
);
