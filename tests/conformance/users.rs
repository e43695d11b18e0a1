//! Accounts: made once a name, found by id and by name, counted; their list counter.

use futures_util::future::join_all;
use quad::{
    model::{Role, Timestamp, UserId, UserRev, WireError},
    server::store::{
        support,
        users::{self, NewUser},
        writer::{Outcome, Write},
    },
};

use crate::{
    on_both_databases,
    people::account,
    store::{NOW, TestStore},
};

/// Texts that databases are known to change, cut or trip over.
pub const HARD_TEXTS: [&str; 8] = [
    "Ünïcödé 你好 🧑🏽‍🏫",
    "أهلاً \u{202e}fdp.exe\u{202c}",
    "'); DROP TABLE users; --",
    "back\\slash \\0 \\x00 $1 ? :a",
    "  spaces around\t",
    "two\r\nlines",
    "A\u{308} is not Ä",
    "\u{feff}\u{200d}\u{ffff}\u{10ffff}\u{1}",
];

async fn an_account_is_found_by_id_and_by_name_as_it_was_made(db: TestStore) {
    let new = NewUser {
        username: "Ana.B".to_owned(),
        username_folded: "ana.b".to_owned(),
        email: Some("ana@school.example".to_owned()),
        ..account("Ana Beltrán", Role::Teacher)
    };
    let id = db
        .tries(async |conn| users::insert(conn, &new, Timestamp(7)).await)
        .await
        .unwrap()
        .unwrap();
    let by_id = db.reads(async |conn| users::by_id(conn, id).await).await;
    let by_name = db.reads(async |conn| users::by_username(conn, "ana.b").await);
    for row in [by_id.unwrap(), by_name.await.unwrap()] {
        assert_eq!((row.id, row.role), (id, Role::Teacher));
        assert_eq!((row.username.as_str(), &row.name), ("Ana.B", &new.name));
        assert_eq!(
            (row.language, row.time_zone),
            (new.language.clone(), new.time_zone.clone())
        );
        assert_eq!(row.password_hash.as_ref(), Some(&new.password_hash));
        assert_eq!((row.rev, row.created_at), (UserRev(0), Timestamp(7)));
        assert_eq!(row.closed_at, None);
    }
    let emails = db.finds::<(Option<String>,)>("SELECT email FROM users");
    assert_eq!(emails.await, [(new.email,)]);
}

async fn who_is_not_there_is_not_found(db: TestStore) {
    db.student("ana").await;
    let nobody = UserId(999);
    assert!(
        db.reads(async |conn| users::by_id(conn, nobody).await)
            .await
            .is_none()
    );
    assert!(
        db.reads(async |conn| users::by_username(conn, "").await)
            .await
            .is_none()
    );
    assert_eq!(db.rev_of(nobody).await, UserRev(0));
    let bumped = db.tries(async |conn| users::bump_rev(conn, nobody).await);
    assert!(bumped.await.is_err());
}

async fn folded_names_are_compared_by_their_bytes(db: TestStore) {
    let names = [
        "ana",
        "Ana",
        "ana ",
        "äna",
        "a\u{308}na",
        "strasse",
        "straße",
        "ﬁn",
        "fin",
    ];
    for name in names {
        db.student(name).await;
    }
    for name in names {
        let row = db.reads(async |conn| users::by_username(conn, name).await);
        assert_eq!(row.await.unwrap().username, name);
    }
    let row = db.reads(async |conn| users::by_username(conn, "ANA").await);
    assert!(row.await.is_none());
}

async fn of_a_hundred_accounts_of_one_name_at_once_one_is_made(db: TestStore) {
    let tries = (0..100).map(|n| {
        let new = NewUser {
            username_folded: "ana".to_owned(),
            ..account(&format!("Ana {n}"), Role::Student)
        };
        db.writer.write(Write::AddUser(new))
    });
    let mut made = Vec::new();
    for (n, outcome) in join_all(tries).await.into_iter().enumerate() {
        match outcome.unwrap() {
            Outcome::UserAdded(Some(id)) => made.push((id, format!("Ana {n}"))),
            Outcome::UserAdded(None) => {}
            other => panic!("not an account: {other:?}"),
        }
    }
    let row = db.reads(async |conn| users::by_username(conn, "ana").await);
    let row = row.await.unwrap();
    assert_eq!(made, [(row.id, row.username)]);
    assert_eq!(db.reads(users::count).await, 1);
}

async fn accounts_are_counted(db: TestStore) {
    assert_eq!(db.reads(users::count).await, 0);
    for name in ["ana", "ben", "cleo"] {
        db.student(name).await;
    }
    assert_eq!(db.reads(users::count).await, 3);
}

async fn the_list_counter_grows_by_one_and_for_one_person(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    for expected in 1..=3 {
        let rev = db.tries(async |conn| users::bump_rev(conn, ana).await);
        assert_eq!(rev.await.unwrap(), UserRev(expected));
        assert_eq!(db.rev_of(ana).await, UserRev(expected));
    }
    assert_eq!(db.rev_of(ben).await, UserRev(0));
}

async fn the_id_of_a_deleted_account_is_not_given_again(db: TestStore) {
    db.student("ana").await;
    let ben = db.student("ben").await;
    db.runs(&format!("DELETE FROM users WHERE id = {ben}"))
        .await;
    assert!(db.student("cleo").await > ben);
}

async fn texts_come_back_as_they_were_written(db: TestStore) {
    for text in HARD_TEXTS {
        let id = db.student(text).await;
        let row = db.reads(async |conn| users::by_id(conn, id).await).await;
        let row = row.unwrap();
        assert_eq!((row.username.as_str(), row.name.as_str()), (text, text));
        let found = db.reads(async |conn| users::by_username(conn, text).await);
        assert_eq!(found.await.unwrap().id, id);
    }
}

async fn an_account_with_a_nul_is_refused_whichever_text_it_is_in(db: TestStore) {
    let nul = || "a\0b".to_owned();
    let fields: [fn(&mut NewUser, String); 5] = [
        |user, text| user.username = text,
        |user, text| user.username_folded = text,
        |user, text| user.name = text,
        |user, text| user.email = Some(text),
        |user, text| user.time_zone = text,
    ];
    for set in fields {
        let mut new = account("ana", Role::Student);
        set(&mut new, nul());
        let refused = db.writer.write(Write::AddUser(new)).await;
        assert!(
            matches!(refused, Err(WireError::Invalid { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(db.reads(users::count).await, 0);
    let found = db.reads(async |conn| users::by_username(conn, &nul()).await);
    assert!(found.await.is_none());
}

async fn an_address_leads_to_the_oldest_open_account_without_regard_to_case(db: TestStore) {
    let mut ids = Vec::new();
    for (name, email) in [
        ("ana", "Ana@School.Example"),
        ("ana2", "ana@school.example"),
        ("ämy", "ÄMY@school.example"),
    ] {
        let new = NewUser {
            email: Some(email.to_owned()),
            ..account(name, Role::Student)
        };
        let id = db.tries(async |conn| users::insert(conn, &new, NOW).await);
        ids.push(id.await.unwrap());
    }
    db.student("without").await;
    let by_email = async |email| {
        let row = db.reads(async |conn| users::by_email(conn, email).await);
        row.await.map(|row| row.id)
    };
    assert_eq!(by_email("ana@school.example").await, ids[0]);
    assert_eq!(by_email("ämy@school.example").await, ids[2]);
    for nobody in ["", "Ana@School.Example", "a\0b", "ben@school.example"] {
        assert_eq!(by_email(nobody).await, None, "{nobody:?}");
    }
    db.runs("UPDATE users SET closed_at = 1 WHERE username = 'ana'")
        .await;
    assert_eq!(by_email("ana@school.example").await, ids[1]);
}

async fn an_account_is_made_at_the_writers_time(db: TestStore) {
    db.clock.advance_ms(5);
    let ana = db.student("ana").await;
    let row = db.reads(async |conn| users::by_id(conn, ana).await).await;
    assert_eq!(row.unwrap().created_at, NOW.plus_ms(5));
}

async fn an_account_of_earlier_keeps_its_date(db: TestStore) {
    let old = Write::AddOldUser(account("ana", Role::Student), Timestamp(7));
    let added = db.writer.write(old).await.unwrap();
    let Outcome::UserAdded(Some(id)) = added else {
        panic!("{added:?}")
    };
    let row = db.reads(async |conn| users::by_id(conn, id).await).await;
    assert_eq!(row.unwrap().created_at, Timestamp(7));
}

/// By role or by name, in the order of their names; not those whose account is closed.
async fn those_who_answer_are_found_by_role_and_by_name(db: TestStore) {
    let make = async |name: &str, role| db.tries_account(name, role).await;
    for (name, role) in [
        ("zoe", Role::Teacher),
        ("nora", Role::Agent),
        ("ana", Role::Student),
        ("ben", Role::Student),
        ("gone", Role::Teacher),
    ] {
        make(name, role).await;
    }
    db.runs("UPDATE users SET closed_at = 1 WHERE username = 'gone'")
        .await;
    let found = async |roles: &[Role], people: &[&str]| {
        let people: Vec<String> = people.iter().map(|name| (*name).to_owned()).collect();
        let rows = db
            .reads(async |conn| support::staff(conn, roles, &people).await)
            .await;
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(found(&[Role::Teacher], &[]).await, ["zoe"]);
    assert_eq!(
        found(&[Role::Teacher], &["ana", "gone", "'"]).await,
        ["ana", "zoe"]
    );
    let twice = [Role::Agent, Role::Agent, Role::Teacher];
    assert_eq!(
        found(&twice, &["nora", "ben"]).await,
        ["ben", "nora", "zoe"]
    );
    assert_eq!(
        found(&[Role::Admin], &["nobody"]).await,
        Vec::<String>::new()
    );
}

impl TestStore {
    async fn tries_account(&self, name: &str, role: Role) -> UserId {
        let new = account(name, role);
        let made = self.tries(async |conn| users::insert(conn, &new, NOW).await);
        made.await.unwrap().unwrap()
    }
}

on_both_databases!(
    an_account_is_found_by_id_and_by_name_as_it_was_made,
    who_is_not_there_is_not_found,
    folded_names_are_compared_by_their_bytes,
    of_a_hundred_accounts_of_one_name_at_once_one_is_made,
    accounts_are_counted,
    the_list_counter_grows_by_one_and_for_one_person,
    the_id_of_a_deleted_account_is_not_given_again,
    texts_come_back_as_they_were_written,
    an_account_with_a_nul_is_refused_whichever_text_it_is_in,
    an_address_leads_to_the_oldest_open_account_without_regard_to_case,
    an_account_is_made_at_the_writers_time,
    an_account_of_earlier_keeps_its_date,
    those_who_answer_are_found_by_role_and_by_name,
);
