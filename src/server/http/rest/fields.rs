//! What a request says: its body field by field, and ids in its address. Fields that nobody asks for are ignored.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
};
use http::{StatusCode, header, request::Parts};
use serde_json::{Map, Value};

use super::super::Refusal;
use crate::model::{
    Audience, ClientId, JoinRequestId, MessageId, RoomId, UserId, WireError, limits::IDS_AT_ONCE,
};

/// A JSON object, or nothing at all where nothing was sent.
#[derive(Debug, Default)]
pub(in crate::server::http) struct Fields(Map<String, Value>);

/// The room of an address, and what else it names there by an id: a member, a request.
#[derive(Clone, Copy, Debug)]
pub(in crate::server::http) struct InRoomAnd(pub RoomId, pub i64);

/// The room of an address. What is no id is as one that is not there.
#[derive(Clone, Copy, Debug)]
pub(in crate::server::http) struct InRoom(pub RoomId);

/// The message that an address names; what is no number is a message that is not there.
pub(in crate::server::http) struct Named(pub MessageId);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let is_json = is_of_type(&request, "application/json");
        let bytes = Bytes::from_request(request, state).await.map_err(|error| {
            use axum::response::IntoResponse;
            match error.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => WireError::TooLarge,
                _ => WireError::Malformed,
            }
        })?;
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        if !is_json {
            return Err(WireError::UnsupportedType.into());
        }
        let fields = serde_json::from_slice(&bytes).map_err(|_| WireError::Malformed)?;
        Ok(Self(fields))
    }
}

impl From<Map<String, Value>> for Fields {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

/// Whether the body is said to be of that type.
pub(super) fn is_of_type(request: &Request, wanted: &str) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(wanted)
}

impl<S: Send + Sync> FromRequestParts<S> for InRoom {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let id = Path::<String>::from_request_parts(parts, state).await;
        let room_id = id.ok().and_then(|Path(id)| RoomId::from_digits(&id));
        Ok(Self(room_id.ok_or(WireError::NotFound)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let InRoom(id) = InRoom::from_request_parts(parts, state).await?;
        Ok(Self(MessageId(id.0)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InRoomAnd {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let ids = Path::<(String, String)>::from_request_parts(parts, state).await;
        let ids = ids.ok().and_then(|Path((room, other))| {
            Some((RoomId::from_digits(&room)?, RoomId::from_digits(&other)?.0))
        });
        let (room_id, other) = ids.ok_or(WireError::NotFound)?;
        Ok(Self(room_id, other))
    }
}

impl Fields {
    /// Of an object, for tests.
    #[cfg(test)]
    pub(super) fn of(value: Value) -> Self {
        Self(value.as_object().cloned().unwrap_or_default())
    }

    /// The first of these fields that is there; `null` is not.
    fn first(&self, names: &[&'static str]) -> Option<(&'static str, &Value)> {
        names.iter().find_map(|name| {
            let value = self.0.get(*name).filter(|value| !value.is_null())?;
            Some((*name, value))
        })
    }

    /// A text, by one of its names. Errors: `invalid` where it is something else.
    pub(super) fn text(&self, names: &[&'static str]) -> Result<Option<&str>, WireError> {
        match self.first(names) {
            None => Ok(None),
            Some((_, Value::String(text))) => Ok(Some(text)),
            Some((name, _)) => Err(WireError::field(name, "This must be text.")),
        }
    }

    /// Whether something is so, by one of its names. Errors: `invalid` where it is something else.
    pub(super) fn switch(&self, names: &[&'static str]) -> Result<Option<bool>, WireError> {
        match self.first(names) {
            None => Ok(None),
            Some((_, Value::Bool(is))) => Ok(Some(*is)),
            Some((name, _)) => Err(WireError::field(name, "This must be true or false.")),
        }
    }

    /// A whole number. Errors: `invalid` where it is something else.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<i64>, WireError> {
        let Some((_, value)) = self.first(&[name]) else {
            return Ok(None);
        };
        let number = value.as_i64();
        let number = number.ok_or_else(|| WireError::field(name, "This must be a number."))?;
        Ok(Some(number))
    }

    fn id(&self, names: &[&'static str]) -> Result<Option<i64>, WireError> {
        match self.first(names) {
            None => Ok(None),
            Some((name, value)) => id(value)
                .map(Some)
                .ok_or_else(|| WireError::field(name, "This must be an id.")),
        }
    }

    /// A room, by one of its names.
    pub(super) fn room(&self, names: &[&'static str]) -> Result<Option<RoomId>, WireError> {
        Ok(self.id(names)?.map(RoomId))
    }

    /// An account.
    pub(super) fn user(&self, name: &'static str) -> Result<Option<UserId>, WireError> {
        Ok(self.id(&[name])?.map(UserId))
    }

    /// A request to join.
    pub(super) fn request(&self, name: &'static str) -> Result<Option<JoinRequestId>, WireError> {
        Ok(self.id(&[name])?.map(JoinRequestId))
    }

    /// A message.
    pub(super) fn message(&self, name: &'static str) -> Result<Option<MessageId>, WireError> {
        Ok(self.id(&[name])?.map(MessageId))
    }

    /// Messages, not more than are taken at once.
    pub(super) fn messages(&self, name: &'static str) -> Result<Option<Vec<MessageId>>, WireError> {
        let Some((_, value)) = self.first(&[name]) else {
            return Ok(None);
        };
        let ids: Option<Vec<MessageId>> = value
            .as_array()
            .and_then(|ids| ids.iter().map(|value| id(value).map(MessageId)).collect());
        let ids = ids.ok_or_else(|| WireError::field(name, "This must be a list of ids."))?;
        if ids.len() > IDS_AT_ONCE {
            let problem = format!("At most {IDS_AT_ONCE} at once.");
            return Err(WireError::field(name, problem));
        }
        Ok(Some(ids))
    }

    /// The sender's key of a message.
    pub(super) fn client_id(&self) -> Result<Option<ClientId>, WireError> {
        let text = self.text(&["client_id"])?;
        let key = text.map(str::parse).transpose();
        key.map_err(|_| WireError::field("client_id", "This must be a UUID."))
    }

    /// Who may see a message; absent: everybody in the room.
    pub(super) fn audience(&self) -> Result<Audience, WireError> {
        let Some(word) = self.text(&["audience"])? else {
            return Ok(Audience::All);
        };
        Audience::from_word(word)
            .ok_or_else(|| WireError::field("audience", "It is `all` or `staff`."))
    }

    /// Whether something stands there at all.
    pub(super) fn names(&self, name: &'static str) -> bool {
        self.first(&[name]).is_some()
    }

    /// Whether there is something in that list.
    pub(super) fn has_any(&self, name: &'static str) -> bool {
        self.first(&[name])
            .and_then(|(_, value)| value.as_array())
            .is_some_and(|list| !list.is_empty())
    }
}

/// That a field is missing.
pub(super) fn missing(name: &str) -> WireError {
    WireError::field(name, "This is needed.")
}

/// An id, as a number or as its digits.
fn id(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => RoomId::from_digits(text).map(|id| id.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        Fields(value.as_object().unwrap().clone())
    }

    #[test]
    fn an_id_is_a_number_or_its_digits() {
        for (value, expected) in [
            (json!({ "room_id": 7 }), Ok(Some(RoomId(7)))),
            (json!({ "room": "7" }), Ok(Some(RoomId(7)))),
            (json!({ "room_id": null }), Ok(None)),
            (json!({}), Ok(None)),
        ] {
            assert_eq!(fields(value).room(&["room_id", "room"]), expected);
        }
        for wrong in [json!("+7"), json!(" 7"), json!(7.5), json!([7]), json!("")] {
            assert!(
                fields(json!({ "room_id": wrong }))
                    .room(&["room_id"])
                    .is_err()
            );
        }
    }

    #[test]
    fn a_switch_and_a_number_are_what_json_calls_so() {
        let said = fields(json!({ "listed": false, "public": "true", "most": 7, "half": 7.5 }));
        assert_eq!(said.switch(&["is_listed", "listed"]), Ok(Some(false)));
        assert_eq!(said.switch(&["unsaid"]), Ok(None));
        assert!(said.switch(&["public"]).is_err());
        assert_eq!(said.number("most"), Ok(Some(7)));
        assert_eq!(said.number("unsaid"), Ok(None));
        assert!(said.number("half").is_err());
    }

    #[test]
    fn a_list_of_ids_is_bounded() {
        let ids =
            |count: usize| fields(json!({ "message_ids": vec![1; count] })).messages("message_ids");
        assert_eq!(ids(2), Ok(Some(vec![MessageId(1); 2])));
        assert!(ids(IDS_AT_ONCE).is_ok());
        assert!(ids(IDS_AT_ONCE + 1).is_err());
        assert!(
            fields(json!({ "message_ids": 1 }))
                .messages("message_ids")
                .is_err()
        );
    }
}
