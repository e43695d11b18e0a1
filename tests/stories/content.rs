//! Names that look like markup are text on every page that shows them.

use quad::model::{Role, RoomKind};

use crate::{app::TestApp, on_both_databases};

const NAME: &str = "</title><script>alert(1)</script><img src=x onerror=alert(2)>";

async fn a_rooms_name_is_text_in_its_page_and_in_its_title(app: TestApp) {
    let tess = app.person("tess", Role::Teacher).await;
    let room_id = tess.creates(RoomKind::Public, NAME).await;
    for path in [format!("/chat/{room_id}"), "/rooms".to_owned()] {
        let page = tess.visits(&path).await.text().await.unwrap();
        assert!(page.contains("&lt;/title>") || page.contains("&lt;/title&gt;"));
        for piece in ["<script>alert", "<img src=x"] {
            assert!(!page.contains(piece), "{path}: {piece}");
        }
    }
}

on_both_databases!(a_rooms_name_is_text_in_its_page_and_in_its_title);
