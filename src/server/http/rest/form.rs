//! What a message to be sent comes in: JSON, or a form of several parts.

use axum::extract::{FromRequest, Multipart, Request, multipart::MultipartError};
use http::StatusCode;
use serde_json::{Map, Value};

use super::fields::{Fields, is_of_type};
use crate::{model::WireError, server::http::Refusal};

/// The fields of a message to be sent.
///
/// Errors: those of [`Fields`]; `invalid` on a part that is a file, which messages do not carry yet.
pub(in crate::server::http) struct Sent(pub Fields);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_of_type(&request, "multipart/form-data") {
            return Ok(Self(Fields::from_request(request, state).await?));
        }
        let form = Multipart::from_request(request, state).await;
        let mut form = form.map_err(|_| WireError::Malformed)?;
        let mut fields = Map::new();
        while let Some(part) = form.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            if part.file_name().is_some() {
                return Err(WireError::field(&name, "Files cannot be sent here.").into());
            }
            let text = part.text().await.map_err(broken)?;
            fields.insert(name, Value::String(text));
        }
        Ok(Self(Fields::from(fields)))
    }
}

fn broken(error: MultipartError) -> WireError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WireError::TooLarge,
        _ => WireError::Malformed,
    }
}
