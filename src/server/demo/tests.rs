//! The demo on a real database of its own.

use tempfile::TempDir;

use super::*;
use crate::server::settings::{Settings, Source};

async fn services() -> (Services, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    let source = Source::given(None, [("QUAD_DATA_DIR", path.as_str())]);
    let settings = Settings::load(&source).unwrap();
    (Services::open(&settings).await.unwrap(), folder)
}

async fn add_by_hand(services: &Services, username: &str, role: Role) {
    let new = NewUser {
        username: username.into(),
        name: "Somebody".into(),
        email: None,
        role,
        language: "en".into(),
        time_zone: "UTC".into(),
        password: SecretString::from("right horse"),
    };
    services.add_user(new).await.unwrap();
}

async fn unread(services: &Services, username: &str) -> Vec<i64> {
    let (user_id, role) = services.user_by_username(username).await.unwrap().unwrap();
    let viewer = Viewer {
        user_id,
        role,
        session_id: SessionId::default(),
        language: "en".into(),
    };
    let lists = services.lists(&viewer).await.unwrap();
    lists.rooms.values().map(|room| room.unread_count).collect()
}

#[tokio::test]
async fn a_second_run_adds_nothing() {
    let (services, _folder) = services().await;
    let first = fill(&services, false).await.unwrap();
    assert_eq!(
        (first.new_accounts(), first.is_unchanged()),
        (PEOPLE.len(), false)
    );
    let second = fill(&services, false).await.unwrap();
    assert!(second.is_unchanged(), "{second}");
    assert!(second.to_string().contains("nothing was added"));
    services.close().await;
}

#[tokio::test]
async fn a_few_messages_are_unread_and_one_student_waits() {
    let (services, _folder) = services().await;
    fill(&services, false).await.unwrap();
    for (username, counts) in [
        ("ana", vec![2]),
        ("kofi", vec![0]),
        ("mei", vec![0]),
        ("agent", vec![0, 0, 3]),
        ("admin", vec![0, 0, 3]),
    ] {
        let mut unread = unread(&services, username).await;
        unread.sort_unstable();
        assert_eq!(unread, counts, "{username}");
    }
    services.close().await;
}

#[tokio::test]
async fn somebodys_database_is_left_alone_unless_forced() {
    for username in ["sofia", "admin", "Agent"] {
        let (services, _folder) = services().await;
        let role = if username == "Agent" {
            Role::Agent
        } else {
            Role::Admin
        };
        add_by_hand(&services, username, role).await;
        assert!(matches!(
            fill(&services, false).await,
            Err(DemoError::NotADemo)
        ));
        assert_eq!(services.user_count().await, Ok(1));
        fill(&services, true).await.unwrap();
        services.close().await;
    }
}

#[tokio::test]
async fn a_name_with_another_role_is_not_taken_over() {
    let (services, _folder) = services().await;
    add_by_hand(&services, "mei", Role::Teacher).await;
    assert!(matches!(
        fill(&services, true).await,
        Err(DemoError::OtherRole("mei"))
    ));
    assert_eq!(services.user_count().await, Ok(1));
    services.close().await;
}
