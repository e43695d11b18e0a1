//! Backing up while people write, and restoring.

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use parking_lot::Mutex;
use quad::{
    model::{Audience, ClientId, Message, RoomId, Seq, SessionId},
    protocol::{Command, Event, ResumeFrom},
    server::{
        Services,
        backup::{self, BackupError},
        clock::Clock,
        service::{NewMessage, Viewer},
        settings::{Settings, Source},
        store::copy::CopyError,
    },
};
use secrecy::ExposeSecret;
use tokio::{sync::Barrier, task::JoinSet};

use crate::{app::TestApp, on_both_databases};

const WRITERS: usize = 4;
const MESSAGES_EACH: usize = 60;

pub fn url(app: &TestApp) -> String {
    let settings = &app.services.settings;
    settings.database_url.expose_secret().to_owned()
}

/// Where a database of the same make can be restored to that is not there yet.
pub async fn elsewhere(app: &TestApp) -> String {
    let url = url(app);
    if !url.starts_with("postgres") {
        let file = app.folder().join("restored/quad.db");
        return format!("sqlite://{}", file.display());
    }
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let name = format!("quad_{}", ClientId::random().0.simple());
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(create).await.unwrap();
    let mut other = url::Url::parse(&url).unwrap();
    other.set_path(&name);
    other.to_string()
}

/// Whether the programs are there that a dump takes. `scripts/test.sh` installs them with the server.
fn can_back_up(app: &TestApp) -> bool {
    let has = |name| {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join(name).is_file())
    };
    !url(app).starts_with("postgres") || ["pg_dump", "pg_restore", "psql"].into_iter().all(has)
}

async fn opened(url: &str, folder: &Path) -> Services {
    let folder = folder.to_str().unwrap();
    let env = [("QUAD_DATA_DIR", folder), ("QUAD_DATABASE_URL", url)];
    let settings = Settings::load(&Source::given(None, env)).unwrap();
    Services::open(&settings).await.unwrap()
}

async fn viewer(services: &Services, name: &str) -> Viewer {
    let (user_id, role) = services.user_by_username(name).await.unwrap().unwrap();
    let (session_id, language) = (SessionId::default(), String::new());
    Viewer {
        user_id,
        role,
        session_id,
        language,
        desks: Vec::new(),
    }
}

/// All of a room's messages, oldest first.
async fn history(services: &Services, viewer: &Viewer, room_id: RoomId) -> Vec<Message> {
    let (mut all, mut end) = (Vec::new(), Seq(i64::MAX));
    loop {
        let page = services.older(viewer, room_id, end).await.unwrap();
        end = page.messages.first().map_or(end, |message| message.seq);
        all.splice(0..0, page.messages);
        if !page.has_older {
            return all;
        }
    }
}

async fn sent(services: &Services, viewer: &Viewer, room_id: RoomId, text: String) -> ClientId {
    let new = NewMessage {
        room_id,
        client_id: None,
        audience: Audience::All,
        content: text,
    };
    let message = services.send(viewer, new).await.unwrap();
    message.client_id.unwrap()
}

async fn a_backup_has_everything_that_was_acknowledged_before_it_began(app: TestApp) {
    if !can_back_up(&app) {
        return;
    }
    let mut rooms = Vec::new();
    for n in 0..WRITERS {
        let person = app.student(&format!("writer{n}")).await;
        rooms.push((format!("writer{n}"), person.opens_support().await.id()));
    }
    let acknowledged = Arc::new(Mutex::new(HashMap::<RoomId, Vec<ClientId>>::new()));
    // The backup begins when every writer is in the midst of it, and they go on until it is done.
    let midst = Arc::new(Barrier::new(WRITERS + 1));
    let done = tokio_util::sync::CancellationToken::new();
    let mut writers = JoinSet::new();
    for (name, room_id) in rooms.clone() {
        let (services, acknowledged) = (app.services.clone(), Arc::clone(&acknowledged));
        let (midst, done) = (Arc::clone(&midst), done.clone());
        writers.spawn(async move {
            let me = viewer(&services, &name).await;
            let mut n = 0;
            while n < MESSAGES_EACH || !done.is_cancelled() {
                let key = sent(&services, &me, room_id, format!("message {n}")).await;
                acknowledged.lock().entry(room_id).or_default().push(key);
                n += 1;
                if n == MESSAGES_EACH / 2 {
                    midst.wait().await;
                }
            }
        });
    }
    midst.wait().await;
    let before = acknowledged.lock().clone();
    let file = app.folder().join("quad.backup");
    backup::backup(&url(&app), &file, false).await.unwrap();
    done.cancel();
    while let Some(writer) = writers.join_next().await {
        writer.unwrap();
    }

    let to = elsewhere(&app).await;
    backup::restore(&to, &file, false).await.unwrap();
    let restored = opened(&to, app.folder()).await;
    for (name, room_id) in rooms {
        let me = viewer(&restored, &name).await;
        let history = history(&restored, &me, room_id).await;
        let seqs: Vec<i64> = history.iter().map(|message| message.seq.0).collect();
        let dense: Vec<i64> = (1..).take(seqs.len()).collect();
        assert_eq!(seqs, dense);
        let room = restored.room_for(&me, room_id).await.unwrap().unwrap();
        assert_eq!(room.seq.0, *seqs.last().unwrap());
        let keys: Vec<ClientId> = history
            .iter()
            .filter_map(|message| message.client_id)
            .collect();
        // Each writer waits for its acknowledgement, so what was acknowledged is the beginning.
        assert!(before[&room_id].len() >= MESSAGES_EACH / 2);
        assert!(keys.starts_with(&before[&room_id]));
    }
    restored.close().await;
}

async fn after_a_restore_clients_start_afresh(app: TestApp) {
    if !can_back_up(&app) {
        return;
    }
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, hello) = ana.connects().await;
    phone.says(room_id, "before").await;
    let file = app.folder().join("quad.backup");
    backup::backup(&url(&app), &file, false).await.unwrap();
    let old = phone.says(room_id, "after").await;

    let to = elsewhere(&app).await;
    backup::restore(&to, &file, false).await.unwrap();
    let restored = app
        .told(&[("QUAD_DATABASE_URL", &to)], &Clock::System)
        .await;
    // Her browser, her cookie, another epoch.
    let ana = ana.at(&restored);
    let (mut phone, now) = ana.connects().await;
    assert_ne!(now.epoch, hello.epoch);
    // Even where the numbers would fit again.
    let ack = phone.says(room_id, "something else").await;
    assert_eq!(ack.seq, old.seq);
    let rooms = vec![ResumeFrom {
        room_id,
        since: old.seq,
    }];
    let epoch = hello.epoch;
    phone.sends(&Command::Resume { epoch, rooms }).await;
    let reset = |event| matches!(event, Event::Reset { .. }).then_some(());
    phone.until(reset).await;
}

async fn a_database_in_use_or_with_accounts_is_not_replaced(app: TestApp) {
    if !can_back_up(&app) {
        return;
    }
    let (ana, file) = (app.student("ana").await, app.folder().join("quad.backup"));
    let room_id = ana.opens_support().await.id();
    backup::backup(&url(&app), &file, false).await.unwrap();
    let in_use = backup::restore(&url(&app), &file, true).await.unwrap_err();
    assert!(
        matches!(in_use, BackupError::Database(CopyError::InUse)),
        "{in_use}"
    );
    let to = elsewhere(&app).await;
    backup::restore(&to, &file, false).await.unwrap();
    let refused = backup::restore(&to, &file, false).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotEmpty), "{refused}");
    backup::restore(&to, &file, true).await.unwrap();
    // The server has not noticed.
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "still here").await;
}

async fn a_damaged_file_is_refused_and_the_database_stays(app: TestApp) {
    if !can_back_up(&app) {
        return;
    }
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    for n in 0..200 {
        phone
            .says(room_id, &format!("{n} {}", "words ".repeat(30)))
            .await;
    }
    let file = app.folder().join("quad.backup");
    backup::backup(&url(&app), &file, false).await.unwrap();
    let to = elsewhere(&app).await;
    backup::restore(&to, &file, false).await.unwrap();
    let whole = fs::read(&file).unwrap();
    let half = whole[..whole.len() / 2].to_vec();
    let mut torn = whole.clone();
    let (from, to_byte) = (whole.len() / 3, whole.len() / 3 * 2);
    torn[from..to_byte].fill(0x5a);
    for (name, bytes) in [
        ("half", half),
        ("torn", torn),
        ("text", b"hello".repeat(2000)),
    ] {
        let damaged = app.folder().join(name);
        fs::write(&damaged, bytes).unwrap();
        let refused = backup::restore(&to, &damaged, true).await.unwrap_err();
        assert!(
            matches!(refused, BackupError::Unfit { .. }),
            "{name}: {refused}"
        );
    }
    let kept = opened(&to, app.folder()).await;
    let me = viewer(&kept, "ana").await;
    assert_eq!(history(&kept, &me, room_id).await.len(), 200);
    kept.close().await;
}

on_both_databases!(
    a_backup_has_everything_that_was_acknowledged_before_it_began,
    after_a_restore_clients_start_afresh,
    a_database_in_use_or_with_accounts_is_not_replaced,
    a_damaged_file_is_refused_and_the_database_stays,
);
