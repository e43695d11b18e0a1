//! Where the demo goes, and where it does not. What it brings: `tests/stories/demonstrating.rs`.

use secrecy::SecretString;
use tempfile::TempDir;

use super::*;
use crate::server::{
    service::NewUser,
    settings::{Settings, Source},
};

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
        let forced = fill(&services, true).await.unwrap();
        let is_ours = usize::from(username != "sofia");
        assert_eq!(forced.new_accounts, PEOPLE.len() + CROWD.len() - is_ours);
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

#[test]
fn the_report_tells_how_to_sign_in() {
    let added = Report {
        new_accounts: 46,
        new_messages: 2500,
    };
    let told = added.to_string();
    for part in [
        "46 accounts, 2500 messages",
        "quad-demo-1",
        "Nora Lindqvist",
        "valentina",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let nothing = Report {
        new_accounts: 0,
        new_messages: 0,
    };
    assert!(nothing.to_string().contains("nothing was added"));
}
