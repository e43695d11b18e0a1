//! Importing people at the page of accounts: the command line's import, for admins, in the bounds of a page.

use quad::model::{
    Role,
    keeping::ImportAnswer,
    limits::{IMPORT_BYTES, IMPORT_MISTAKES},
    roster::{Fault, Mistake},
};
use serde_json::json;

use crate::{
    app::{Person, TestApp},
    keeping::written,
    on_both_databases,
};

impl Person {
    async fn imports(&self, csv: &str) -> ImportAnswer {
        self.reads("import_people", json!({ "csv": csv })).await
    }

    async fn tries_import(&self, csv: &str) -> u16 {
        let answer = self.calls("import_people", json!({ "csv": csv })).await;
        answer.status().as_u16()
    }
}

fn mistaken(answer: ImportAnswer) -> (Vec<Mistake>, usize) {
    match answer {
        ImportAnswer::Mistaken { mistakes, more } => (mistakes, more),
        ImportAnswer::Done { people } => panic!("{people:?} came"),
    }
}

/// A file with one student, `ana`, that is so long.
fn file_of(bytes: usize) -> String {
    let (begin, end) = ("username,name,role\nana,Ana", ",student\n");
    let padding = " ".repeat(bytes - begin.len() - end.len());
    format!("{begin}{padding}{end}")
}

async fn an_admin_imports_people_and_gets_a_link_for_each(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let file = "username,name,role\r\nana,\"Petrović, Ana\",student\r\ntom,Tom,teacher\r\n";
    let ImportAnswer::Done { people } = head.imports(file).await else {
        panic!("nobody came");
    };
    let names: Vec<_> = people.iter().map(|one| one.username.as_str()).collect();
    assert_eq!(names, ["ana", "tom"]);
    let id = head.id().await;
    for newcomer in &people {
        let path = newcomer.path.as_deref().unwrap();
        assert_eq!(app.anonymous().gets(path).await.status(), 200);
        let account = app.services.account_named(&newcomer.username).await;
        let rows = written(&app, account.unwrap().id).await;
        let acts: Vec<_> = rows.iter().map(|row| (row.0, row.1)).collect();
        assert_eq!(acts, [(Some(id), "user_added")]);
    }
    let page = head.gets("/admin/people").await.text().await.unwrap();
    assert!(page.contains("Petrović, Ana"), "{page}");
}

async fn a_line_that_is_wrong_is_named_and_nobody_comes(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let file = "username,name,role\nana,Ana,student\nben,Ben,pupil\n";
    let (mistakes, more) = mistaken(head.imports(file).await);
    assert_eq!((mistakes, more), (vec![Mistake::new(3, Fault::Role)], 0));
    // Somebody has that name.
    let file = "username,name,role\nana,Ana,student\nHEAD,Another,student\n";
    let (mistakes, _) = mistaken(head.imports(file).await);
    assert_eq!(mistakes, [Mistake::new(3, Fault::Taken)]);
    // What a browser could not read.
    let file = "username,name,role\nana,Jos\u{fffd},student\n";
    let (mistakes, _) = mistaken(head.imports(file).await);
    assert_eq!(mistakes, [Mistake::new(2, Fault::NotUtf8)]);
    // Of many the first are told, and how many there are besides.
    let wrong = "ben,Ben\n".repeat(IMPORT_MISTAKES + 5);
    let (mistakes, more) = mistaken(head.imports(&format!("username,name,role\n{wrong}")).await);
    assert_eq!((mistakes.len(), more), (IMPORT_MISTAKES, 5));
    assert!(mistakes.iter().map(|one| one.line).eq(2..22));
    assert_eq!(app.services.user_count().await.unwrap(), 1);
}

async fn nobody_else_imports_or_learns_who_is_there(app: TestApp) {
    app.student("ana").await;
    for role in [Role::Student, Role::Teacher, Role::Agent] {
        let person = app.person(role.as_str(), role).await;
        for name in ["ana", "new", "a b"] {
            let file = format!("username,name,role\n{name},Ana,student\n");
            assert_eq!(person.tries_import(&file).await, 403, "{role:?} {name}");
        }
    }
    assert_eq!(app.services.user_count().await.unwrap(), 4);
}

async fn a_file_is_as_large_as_it_may_be_and_no_larger(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let teacher = app.person("tess", Role::Teacher).await;
    assert_eq!(head.tries_import(&file_of(IMPORT_BYTES + 1)).await, 413);
    // Nobody else is given the room for it.
    assert_eq!(teacher.tries_import(&file_of(200 * 1024)).await, 413);
    assert_eq!(app.services.user_count().await.unwrap(), 2);
    // On the wire each of these takes two bytes.
    let (mistakes, _) = mistaken(head.imports(&"\n".repeat(IMPORT_BYTES)).await);
    assert_eq!(mistakes[0].line, 1);
    let answer = head.imports(&file_of(IMPORT_BYTES)).await;
    assert!(matches!(&answer, ImportAnswer::Done { people } if people.len() == 1));
    assert_eq!(app.services.user_count().await.unwrap(), 3);
}

on_both_databases!(
    an_admin_imports_people_and_gets_a_link_for_each,
    a_line_that_is_wrong_is_named_and_nobody_comes,
    nobody_else_imports_or_learns_who_is_there,
    a_file_is_as_large_as_it_may_be_and_no_larger,
);
