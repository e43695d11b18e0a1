//! The students whom those who answer may write to.

use axum::{Extension, Json, extract::State};
use serde_json::{Value, json};

use super::listing::Asked;
use crate::server::{
    http::{AppState, Refusal},
    service::Viewer,
};

/// `GET students/`: in S0's wrapping, with the pages of every other list.
pub(in crate::server::http) async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let page = asked.page()?;
    let search = asked.word("search");
    let students = state.services.students(&viewer, search, page.slice());
    let students = students.await?;
    let Json(mut body) = asked.listed(page, &students);
    if let Some(body) = body.as_object_mut() {
        body.insert("success".to_owned(), json!(true));
        body.insert("students".to_owned(), json!(students.items));
    }
    Ok(Json(body))
}
