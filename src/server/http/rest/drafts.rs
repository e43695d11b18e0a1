//! Rooms as programs describe them: one to be made, and what is to change about one.

use super::fields::{Fields, missing};
use crate::model::{RoomDraft, RoomKind, RoomPatch, WireError};

/// A room to be made. Errors: `invalid`.
pub(super) fn draft(fields: &Fields) -> Result<RoomDraft, WireError> {
    let name = fields.text(&["name"])?.ok_or_else(|| missing("name"))?;
    let is_public = fields.switch(&["public"])?;
    let kind = kind(fields, is_public)?;
    no_course(fields)?;
    let draft = RoomDraft::new(kind, name);
    // Who says `public: false` knows no unlisted rooms: theirs are those that one asks to join.
    let is_listed = draft.is_listed || is_public == Some(false);
    Ok(RoomDraft {
        description: text(fields, "description")?.unwrap_or_default(),
        is_listed: fields.switch(&["listed"])?.unwrap_or(is_listed),
        max_members: fields
            .number("max_participants")?
            .unwrap_or(draft.max_members),
        allow_files: fields
            .switch(&["allow_file_uploads"])?
            .unwrap_or(draft.allow_files),
        allow_voice: fields
            .switch(&["allow_voice_messages"])?
            .unwrap_or(draft.allow_voice),
        ..draft
    })
}

/// What is to change about a room of that kind, which stays. Errors: `invalid`.
pub(super) fn patch(fields: &Fields, stays: RoomKind) -> Result<RoomPatch, WireError> {
    let problem = "A room stays what it is.";
    if let Some((name, kind)) = kind_word(fields)?
        && kind != stays
    {
        return Err(WireError::field(name, problem));
    }
    let is_public = fields.switch(&["public"])?;
    if is_public.is_some_and(|is| is != (stays == RoomKind::Public)) {
        return Err(WireError::field("public", problem));
    }
    Ok(RoomPatch {
        name: text(fields, "name")?,
        description: text(fields, "description")?,
        is_listed: fields.switch(&["listed"])?,
        max_members: fields.number("max_participants")?,
        allow_files: fields.switch(&["allow_file_uploads"])?,
        allow_voice: fields.switch(&["allow_voice_messages"])?,
    })
}

fn text(fields: &Fields, name: &'static str) -> Result<Option<String>, WireError> {
    Ok(fields.text(&[name])?.map(str::to_owned))
}

/// The kind by one of its words; private where nothing is said, so that nobody sees what was not meant for all.
fn kind(fields: &Fields, is_public: Option<bool>) -> Result<RoomKind, WireError> {
    let said = kind_word(fields)?.map(|(_, kind)| kind);
    let by_switch = is_public.map(|is| {
        if is {
            RoomKind::Public
        } else {
            RoomKind::Private
        }
    });
    match (said, by_switch) {
        (Some(kind), Some(other)) if kind != other => {
            Err(WireError::field("public", "This contradicts the kind."))
        }
        (Some(kind), _) | (None, Some(kind)) => Ok(kind),
        (None, None) => Ok(RoomKind::Private),
    }
}

fn kind_word(fields: &Fields) -> Result<Option<(&'static str, RoomKind)>, WireError> {
    for name in ["kind", "chat_type"] {
        if let Some(word) = fields.text(&[name])? {
            let kind = RoomKind::from_word(word);
            let problem = "There is no such kind of room.";
            let kind = kind.ok_or_else(|| WireError::field(name, problem))?;
            return Ok(Some((name, kind)));
        }
    }
    Ok(None)
}

/// There are no courses yet, so none can have a room.
fn no_course(fields: &Fields) -> Result<(), WireError> {
    match ["course_id", "course"]
        .into_iter()
        .find(|name| fields.names(name))
    {
        Some(name) => Err(WireError::field(name, "There is no such course.")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn drafted(said: serde_json::Value) -> Result<(RoomKind, bool), String> {
        let drafted = draft(&Fields::of(said));
        drafted
            .map(|draft| (draft.kind, draft.is_listed))
            .map_err(|refusal| match refusal {
                WireError::Invalid { fields } => fields.into_keys().collect(),
                other => panic!("{other:?}"),
            })
    }

    #[test]
    fn a_kind_has_three_words_and_nothing_said_is_private() {
        let refused = |name: &str| Err(name.to_owned());
        for (said, expected) in [
            (json!({ "name": "A" }), Ok((RoomKind::Private, false))),
            (
                json!({ "name": "A", "kind": "public" }),
                Ok((RoomKind::Public, true)),
            ),
            (
                json!({ "name": "A", "chat_type": "private" }),
                Ok((RoomKind::Private, false)),
            ),
            (
                json!({ "name": "A", "public": true }),
                Ok((RoomKind::Public, true)),
            ),
            (
                json!({ "name": "A", "public": false }),
                Ok((RoomKind::Private, true)),
            ),
            (
                json!({ "name": "A", "public": false, "listed": false }),
                Ok((RoomKind::Private, false)),
            ),
            (
                json!({ "name": "A", "kind": "private", "listed": true }),
                Ok((RoomKind::Private, true)),
            ),
            (
                json!({ "name": "A", "kind": "public", "public": false }),
                refused("public"),
            ),
            (json!({ "name": "A", "kind": "party" }), refused("kind")),
            (json!({ "name": "A", "chat_type": 1 }), refused("chat_type")),
            (json!({ "name": "A", "course_id": 3 }), refused("course_id")),
            (json!({ "kind": "public" }), refused("name")),
        ] {
            assert_eq!(drafted(said.clone()), expected, "{said}");
        }
    }

    #[test]
    fn a_room_stays_of_its_kind() {
        let patched = |said| patch(&Fields::of(said), RoomKind::Public);
        assert!(patched(json!({ "kind": "public", "public": true, "name": "B" })).is_ok());
        for wrong in [json!({ "kind": "private" }), json!({ "public": false })] {
            assert!(patched(wrong).is_err());
        }
    }
}
