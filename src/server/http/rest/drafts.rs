//! Rooms as programs describe them: one to be made, and what is to change about one.

use super::fields::{Fields, missing};
use crate::model::{ChatMode, CourseId, RoomDraft, RoomKind, RoomPatch, WireError};

/// A room to be made; whom a course's room follows, [`course`] says. Errors: `invalid`.
pub(super) fn draft(fields: &Fields) -> Result<RoomDraft, WireError> {
    let name = fields.text(&["name"])?.ok_or_else(|| missing("name"))?;
    let is_public = fields.switch(&["public"])?;
    let kind = kind(fields, is_public, course(fields)?.is_some())?;
    let draft = RoomDraft::new(kind, name);
    // Who says `public: false` knows no unlisted rooms: theirs are those that one asks to join.
    let is_listed = draft.is_listed || is_public == Some(false);
    Ok(RoomDraft {
        description: text(fields, "description")?.unwrap_or_default(),
        is_listed: fields.switch(&["listed"])?.unwrap_or(is_listed),
        max_members: fields.number("max_participants")?.or(draft.max_members),
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
        chat_mode: chat_mode(fields)?,
    })
}

fn text(fields: &Fields, name: &'static str) -> Result<Option<String>, WireError> {
    Ok(fields.text(&[name])?.map(str::to_owned))
}

/// The kind by one of its words; where nothing is said, of a course that is named, else private, so that nobody sees what
/// was not meant for all.
fn kind(
    fields: &Fields,
    is_public: Option<bool>,
    names_course: bool,
) -> Result<RoomKind, WireError> {
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
        (None, None) if names_course => Ok(RoomKind::Course),
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

/// A course, as it is named: by its number or by its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CourseName {
    /// Its number.
    Id(CourseId),
    /// Its code.
    Code(String),
}

/// Whom a course's room is to follow. Errors: `invalid` where it is neither a number nor a word.
pub(super) fn course(fields: &Fields) -> Result<Option<CourseName>, WireError> {
    for name in ["course_id", "course"] {
        if let Ok(Some(id)) = fields.number(name) {
            return Ok(Some(CourseName::Id(CourseId(id))));
        }
        if let Some(word) = fields.text(&[name])? {
            let by_code = || CourseName::Code(word.to_owned());
            let id = CourseId::from_digits(word).filter(|_| name == "course_id");
            return Ok(Some(id.map_or_else(by_code, CourseName::Id)));
        }
    }
    Ok(None)
}

fn chat_mode(fields: &Fields) -> Result<Option<ChatMode>, WireError> {
    let word = fields.text(&["chat_mode"])?;
    let mode = word.map(|word| {
        let problem = "It is `public` or `private`.";
        ChatMode::from_word(word).ok_or_else(|| WireError::field("chat_mode", problem))
    });
    mode.transpose()
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
            (
                json!({ "name": "A", "course_id": 3 }),
                Ok((RoomKind::Course, false)),
            ),
            (json!({ "kind": "public" }), refused("name")),
        ] {
            assert_eq!(drafted(said.clone()), expected, "{said}");
        }
    }

    #[test]
    fn a_course_is_named_by_its_number_or_its_code() {
        let id = |id| Ok(Some(CourseName::Id(CourseId(id))));
        let code = |code: &str| Ok(Some(CourseName::Code(code.to_owned())));
        for (said, expected) in [
            (json!({}), Ok(None)),
            (json!({ "course_id": 3 }), id(3)),
            (json!({ "course_id": "3" }), id(3)),
            (json!({ "course": 3 }), id(3)),
            (json!({ "course": "MA-101" }), code("MA-101")),
            (json!({ "course": "101" }), code("101")),
        ] {
            assert_eq!(course(&Fields::of(said.clone())), expected, "{said}");
        }
        assert!(course(&Fields::of(json!({ "course": [] }))).is_err());
    }

    #[test]
    fn a_mode_is_one_of_two_words() {
        let patched = |said| patch(&Fields::of(said), RoomKind::Course);
        let private = patched(json!({ "chat_mode": "private" })).unwrap();
        assert_eq!(private.chat_mode, Some(ChatMode::Private));
        assert!(patched(json!({ "chat_mode": "secret" })).is_err());
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
