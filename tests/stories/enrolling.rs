//! Importing people from a file, all or nobody; and keeping accounts from the command line.

use std::{
    process::Output,
    time::{Duration, Instant},
};

use quad::{
    model::{MemberRole, Role, WireError},
    server::{
        service::{Imported, NotImported, roster},
        store::Store,
    },
};
use sqlx::{AssertSqlSafe, Executor};

use crate::{
    app::{PASSWORD, TestApp},
    courses::line,
    keeping::written,
    on_both_databases, process,
};

/// Longer than 5,000 people take on a machine that does other things as well.
const HUGE: Duration = Duration::from_secs(60);

impl TestApp {
    async fn teaches(&self, codes: &[&str]) {
        let lines: Vec<_> = codes.iter().map(|code| line(code, &[], &[])).collect();
        self.services.import_courses(&lines).await.unwrap();
    }

    async fn imports(&self, file: &str) -> Result<Vec<Imported>, NotImported> {
        let rows = roster::read(file.as_bytes()).map_err(NotImported::Mistakes)?;
        self.services.import_people(None, rows).await
    }

    /// The program on this database, with a server that runs meanwhile.
    fn runs(&self, arguments: &[&str]) -> Output {
        process::quad(self.folder())
            .env("QUAD_DATABASE_URL", self.url())
            .env("QUAD_PUBLIC_URL", "https://chat.school.example")
            .args(["user"])
            .args(arguments)
            .output()
            .unwrap()
    }

    /// What it says where it succeeds.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.runs(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it says where it fails.
    fn refuses(&self, arguments: &[&str]) -> String {
        let output = self.runs(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    async fn runs_sql(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.store().await {
            Store::Sqlite { write, .. } => drop(write.execute(sql).await.unwrap()),
            Store::Postgres(pool) => drop(pool.execute(sql).await.unwrap()),
        }
    }

    async fn count_of(&self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        match self.store().await {
            Store::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(&read).await.unwrap(),
            Store::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap(),
        }
    }
}

fn lines(result: Result<Vec<Imported>, NotImported>) -> Vec<u64> {
    match result {
        Err(NotImported::Mistakes(mistakes)) => {
            mistakes.iter().map(|mistake| mistake.line).collect()
        }
        other => panic!("{other:?}"),
    }
}

async fn people_come_with_a_link_or_with_the_password_they_have(app: TestApp) {
    app.student("before").await;
    app.teaches(&["7a", "8b"]).await;
    let head = app.person("head", Role::Admin).await;
    let room_id = head.makes_course_room("8b").await;
    let hash = hash_of(&app).await;
    let file = format!(
        "username,name,email,role,courses,password_hash\n\
         ana,\"Petrović, Ana\",ana@school.example,student,7a;8b,\n\
         tom,Tom,,teacher,8B,\"{hash}\"\n"
    );
    let imported = app.imports(&file).await.unwrap();
    assert_eq!(imported[0].courses, ["7a", "8b"]);
    assert_eq!(imported[1].path, None);
    let path = imported[0].path.clone().unwrap();
    assert_eq!(app.anonymous().gets(&path).await.status(), 200);
    let answer = app.anonymous().signs_in("tom", PASSWORD).await;
    assert_eq!(answer.headers()["location"], "/");
    let answer = app.anonymous().signs_in("ana", "").await;
    assert_ne!(answer.headers()["location"], "/");
    let rows = written(&app, imported[0].user_id).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].0, rows[0].1), (None, "user_added"));
    assert_eq!(rows[0].2["role"], "student");
    assert_eq!(app.count_of("imports").await, 0);
    // They are in their courses, and so in those rooms.
    let room = head.reads_room(room_id).await;
    let members = room.members.in_order().into_iter();
    let members: Vec<_> = members
        .map(|member| (member.user.id, member.role))
        .collect();
    assert!(members.contains(&(imported[0].user_id, MemberRole::Member)));
    assert!(members.contains(&(imported[1].user_id, MemberRole::Host)));
    let page = head.gets("/admin/people").await.text().await.unwrap();
    assert!(page.contains("Petrović, Ana"), "{page}");
}

/// The hash of the password that everybody here has.
async fn hash_of(app: &TestApp) -> String {
    let sql = "SELECT password_hash FROM users WHERE username = 'before'";
    match app.store().await {
        Store::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(&read).await.unwrap(),
        Store::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap(),
    }
}

async fn where_anything_is_wrong_nobody_comes(app: TestApp) {
    app.student("ana").await;
    let good = (0..200)
        .map(|n| format!("pupil{n},Pupil {n},student\n"))
        .collect::<String>();
    for (wrong, line) in [
        ("ben,Ben,pupil", 202),
        ("pupil7,Again,student", 202),
        ("ANA,Somebody has it,student", 202),
        ("ben,Ben", 202),
        ("b en,Ben,student", 202),
    ] {
        let file = format!("username,name,role\n{good}{wrong}\n");
        assert_eq!(lines(app.imports(&file).await), [line], "{wrong}");
    }
    assert_eq!(app.services.user_count().await.unwrap(), 1);
    for table in ["imports", "audit", "password_links"] {
        assert_eq!(app.count_of(table).await, 0, "{table}");
    }
    let file = "username,name,role,courses\nben,Ben,student,7a\ntom,Tom,student,\n";
    assert_eq!(lines(app.imports(file).await), [2], "no such course");
    assert_eq!(app.imports("username,name,role\n").await.unwrap(), []);
}

async fn of_two_imports_of_the_same_people_at_once_one_is_done(app: TestApp) {
    let node = app.second_node().await;
    let file: String = (0..150)
        .map(|n| format!("pupil{n},Pupil {n},student\n"))
        .collect();
    let file = format!("username,name,role\n{file}");
    let (one, two) = tokio::join!(app.imports(&file), node.imports(&file));
    let (done, refused) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(done.unwrap().len(), 150);
    assert!(!lines(refused).is_empty());
    assert_eq!(app.services.user_count().await.unwrap(), 150);
    assert_eq!(
        (app.count_of("imports").await, app.count_of("audit").await),
        (0, 150)
    );
    assert_eq!(app.count_of("password_links").await, 150);
}

/// An import whose process ended half way goes the way that it was decided, by the next start.
async fn an_import_that_was_left_half_way_comes_to_its_end(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    for (id, decided) in [(1, "NULL"), (2, "5")] {
        app.runs_sql(&format!(
            "INSERT INTO imports (id, touched_at, decided_at) VALUES ({id}, 5, {decided})"
        ))
        .await;
        for n in 0..40 {
            app.runs_sql(&format!(
                "INSERT INTO users (username, username_folded, name, name_folded, role, language, time_zone, created_at, closed_at, import_id)
                 VALUES ('p{id}-{n}', 'p{id}-{n}', 'P', 'p', 'student', 'en', 'UTC', 5, 5, {id})"
            ))
            .await;
        }
    }
    // Until then nobody sees them, or can do anything with them.
    let page = head.gets("/admin/people?q=p2-").await.text().await.unwrap();
    assert!(page.contains("Nobody found"), "{page}");
    assert_eq!(
        app.services.account_named("p2-7").await,
        Err(WireError::NotFound)
    );

    let _node = app.second_node().await;
    assert_eq!(
        app.services.account_named("p1-7").await,
        Err(WireError::NotFound)
    );
    assert_eq!(app.services.user_count().await.unwrap(), 41);
    let came = app.services.account_named("p2-7").await.unwrap();
    assert_eq!(came.closed_at, None);
    assert_eq!(written(&app, came.id).await.len(), 1);
    assert_eq!(app.count_of("imports").await, 0);
    // What somebody is at work at is left to them.
    app.runs_sql("INSERT INTO imports (id, touched_at) VALUES (3, 9000000000000)")
        .await;
    let _node = app.second_node().await;
    assert_eq!(app.count_of("imports").await, 1);
}

async fn five_thousand_people_come_while_others_write(app: TestApp) {
    app.teaches(&["7a"]).await;
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let rows: String = (0..5000)
        .map(|n| format!("pupil{n},Pupil {n},pupil{n}@school.example,student,7a\n"))
        .collect();
    let file = format!("username,name,email,role,courses\n{rows}");
    let rows = roster::read(file.as_bytes()).unwrap();
    let services = app.services.clone();
    let begun = Instant::now();
    let import = tokio::spawn(async move { services.import_people(None, rows).await });
    let mut sent = 0;
    while !import.is_finished() {
        phone.says(room_id, "Am I in the way?").await;
        sent += 1;
    }
    let imported = import.await.unwrap().unwrap();
    assert!(begun.elapsed() < HUGE, "{:?}", begun.elapsed());
    assert_eq!(imported.len(), 5000);
    assert_eq!(app.count_of("course_members").await, 5000);
    assert!(sent > 20, "only {sent} messages were written meanwhile");
    assert_eq!(app.services.user_count().await.unwrap(), 5001);
    assert_eq!(
        app.count_of("users WHERE closed_at IS NULL AND import_id IS NULL")
            .await,
        5001
    );
    assert_eq!(app.count_of("audit").await, 5000);
}

async fn the_command_line_keeps_accounts_while_the_server_runs(app: TestApp) {
    let (ana, _) = (
        app.student("ana").await,
        app.person("head", Role::Admin).await,
    );
    let file = app.folder().join("people.csv");
    let path = file.to_str().unwrap();
    std::fs::write(
        &file,
        "username,name,role\nben,Ben,student\nana,Ana,student\ntom,,pupil\n",
    )
    .unwrap();
    let told = app.refuses(&["import", path]);
    assert!(
        told.contains("nobody was imported") && told.contains("line 4: role:"),
        "{told}"
    );
    std::fs::write(
        &file,
        "username,name,role\nben,Ben,student\nana,Ana,student\n",
    )
    .unwrap();
    let told = app.refuses(&["import", path]);
    assert!(
        told.contains("line 3: username: somebody has it already"),
        "{told}"
    );
    std::fs::write(&file, "username,name,role\nben,Ben,student\n").unwrap();
    let said = app.says(&["import", path]);
    let link = said
        .lines()
        .find_map(|line| line.strip_prefix("ben\t"))
        .unwrap();
    let path = link.strip_prefix("https://chat.school.example").unwrap();
    assert_eq!(app.anonymous().gets(path).await.status(), 200);

    let listed = app.says(&["list"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert_eq!(
        app.says(&["list", "--role", "student", "--search", "BEN"]),
        "ben\tstudent\tno password yet\tBen\t\n"
    );
    let (mut page, hello) = ana.connects().await;
    assert_eq!(
        app.says(&["role", "ANA", "teacher"]),
        "ana is teacher now.\n"
    );
    assert_eq!(page.closed().await, 4409);
    let (mut page, again) = ana.connects().await;
    assert_eq!(again.user.role, Role::Teacher);
    app.says(&["end-sessions", "ana"]);
    assert_eq!(page.closed().await, 4401);
    app.says(&["close", "ana"]);
    assert!(
        app.says(&["list", "--closed"])
            .starts_with("ana\tteacher\tclosed")
    );
    assert!(app.refuses(&["reset", "ana"]).contains("is closed"));
    app.says(&["reopen", "ana"]);
    let said = app.says(&["reset", "ana"]);
    assert!(
        said.contains("https://chat.school.example/password/"),
        "{said}"
    );
    assert!(app.refuses(&["close", "nobody"]).contains("no account"));
    assert!(
        app.refuses(&["role", "head", "agent"])
            .contains("needs an administrator")
    );
    let rows = written(&app, hello.user.id).await;
    let acts: Vec<_> = rows.iter().map(|row| (row.0, row.1)).collect();
    let all = [
        "role_changed",
        "sessions_ended",
        "user_closed",
        "user_reopened",
        "password_link_made",
    ];
    assert_eq!(acts, all.map(|act| (None, act)));
}

on_both_databases!(
    people_come_with_a_link_or_with_the_password_they_have,
    where_anything_is_wrong_nobody_comes,
    of_two_imports_of_the_same_people_at_once_one_is_done,
    an_import_that_was_left_half_way_comes_to_its_end,
    five_thousand_people_come_while_others_write,
    the_command_line_keeps_accounts_while_the_server_runs,
);
