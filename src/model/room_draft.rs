//! Rooms that people make: what may be said of one, and what of it may be changed.

use serde::{Deserialize, Serialize};

use super::{ChatMode, CourseId, RoomKind, WireError, text::check_line_or_more};

/// Longest name of a room, in characters (S2, S3: 200).
pub const ROOM_NAME_CHARS: usize = 200;
/// Longest description, in characters.
pub const DESCRIPTION_CHARS: usize = 2000;
/// Members of a room, where nothing is said (S3: 100).
pub const MEMBERS_DEFAULT: i64 = 100;
/// So many a room must be able to hold (S2).
pub const MEMBERS_LEAST: i64 = 2;
/// So many a room may hold at most (S2).
pub const MEMBERS_MOST: i64 = 1000;

/// A room to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomDraft {
    /// Public, private, or of a course.
    pub kind: RoomKind,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Private rooms: whether others see the card and may ask to join.
    pub is_listed: bool,
    /// How many may be in it; none, as a course's room has it by itself: any number.
    pub max_members: Option<i64>,
    /// Whether files may be sent.
    pub allow_files: bool,
    /// Whether recordings may be sent.
    pub allow_voice: bool,
    /// Course rooms: whom it follows.
    #[serde(default)]
    pub course: Option<CourseId>,
}

impl RoomDraft {
    /// A room of that kind and name, the rest as it is where nothing is said.
    pub fn new(kind: RoomKind, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            description: String::new(),
            is_listed: kind == RoomKind::Public,
            max_members: (kind != RoomKind::Course).then_some(MEMBERS_DEFAULT),
            allow_files: true,
            allow_voice: true,
            course: None,
        }
    }

    /// As it is stored. Errors: `invalid` on `name`, `description`, `kind`, `course`,
    /// `max_participants`.
    pub fn checked(mut self) -> Result<Self, WireError> {
        self.name = check_name(&self.name)?;
        self.description = check_description(&self.description)?;
        self.max_members = self.max_members.map(check_most).transpose()?;
        match self.kind {
            RoomKind::Public => self.is_listed = true,
            RoomKind::Private => {}
            RoomKind::Course => self.is_listed = false,
            _ => {
                let problem = "Only public, private and course rooms can be made.";
                return Err(WireError::field("kind", problem));
            }
        }
        self.check_course()?;
        Ok(self)
    }

    /// A course's room follows one, which says how many are in it; all others follow none and have an end.
    fn check_course(&mut self) -> Result<(), WireError> {
        match (self.kind, self.course) {
            (RoomKind::Course, None) => Err(WireError::field("course", "Name the course.")),
            (RoomKind::Course, Some(_)) => Ok(()),
            (_, Some(_)) => {
                let problem = "Only course rooms follow a course.";
                Err(WireError::field("course", problem))
            }
            (_, None) => {
                self.max_members = self.max_members.or(Some(MEMBERS_DEFAULT));
                Ok(())
            }
        }
    }
}

/// What is to change about a room; none: nothing about that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomPatch {
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another description.
    #[serde(default)]
    pub description: Option<String>,
    /// Private rooms: whether others see the card and may ask to join.
    #[serde(default)]
    pub is_listed: Option<bool>,
    /// How many may be in it; fewer than there are puts nobody out.
    #[serde(default)]
    pub max_members: Option<i64>,
    /// Whether files may be sent.
    #[serde(default)]
    pub allow_files: Option<bool>,
    /// Whether recordings may be sent.
    #[serde(default)]
    pub allow_voice: Option<bool>,
    /// Course rooms: who sees what students write, from the next message on.
    #[serde(default)]
    pub chat_mode: Option<ChatMode>,
}

impl RoomPatch {
    /// As it is applied. Errors: `invalid` on `name`, `description`, `max_participants`.
    pub fn checked(self) -> Result<Self, WireError> {
        Ok(Self {
            name: self.name.as_deref().map(check_name).transpose()?,
            description: self
                .description
                .as_deref()
                .map(check_description)
                .transpose()?,
            max_members: self.max_members.map(check_most).transpose()?,
            ..self
        })
    }
}

fn check_name(name: &str) -> Result<String, WireError> {
    let name = check_line_or_more("name", name, 1, ROOM_NAME_CHARS)?;
    if name.contains(char::is_control) {
        return Err(WireError::field("name", "One line, please."));
    }
    Ok(name)
}

fn check_description(description: &str) -> Result<String, WireError> {
    check_line_or_more("description", description, 0, DESCRIPTION_CHARS)
}

fn check_most(most: i64) -> Result<i64, WireError> {
    if (MEMBERS_LEAST..=MEMBERS_MOST).contains(&most) {
        return Ok(most);
    }
    let problem = format!("From {MEMBERS_LEAST} to {MEMBERS_MOST}.");
    Err(WireError::field("max_participants", problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field_of(refusal: WireError) -> String {
        match refusal {
            WireError::Invalid { fields } => fields.into_keys().collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_out_of_its_limits_is_named() {
        let draft = || RoomDraft::new(RoomKind::Public, "Algebra");
        assert!(draft().checked().is_ok());
        let bad: [(&str, RoomDraft); 7] = [
            ("name", RoomDraft::new(RoomKind::Public, "  ")),
            (
                "name",
                RoomDraft::new(RoomKind::Public, &"x".repeat(ROOM_NAME_CHARS + 1)),
            ),
            ("name", RoomDraft::new(RoomKind::Public, "a\nb")),
            (
                "description",
                RoomDraft {
                    description: "x".repeat(DESCRIPTION_CHARS + 1),
                    ..draft()
                },
            ),
            (
                "max_participants",
                RoomDraft {
                    max_members: Some(1),
                    ..draft()
                },
            ),
            (
                "max_participants",
                RoomDraft {
                    max_members: Some(MEMBERS_MOST + 1),
                    ..draft()
                },
            ),
            ("kind", RoomDraft::new(RoomKind::Direct, "Algebra")),
        ];
        for (field, draft) in bad {
            assert_eq!(field_of(draft.checked().unwrap_err()), field);
        }
    }

    #[test]
    fn a_courses_room_follows_a_course_and_has_no_end() {
        let draft = RoomDraft::new(RoomKind::Course, "Algebra");
        assert_eq!(field_of(draft.clone().checked().unwrap_err()), "course");
        let course = Some(CourseId(3));
        let draft = RoomDraft { course, ..draft };
        let draft = draft.checked().unwrap();
        assert_eq!((draft.max_members, draft.is_listed), (None, false));
        let small = RoomDraft {
            max_members: Some(20),
            ..draft
        };
        assert_eq!(small.checked().unwrap().max_members, Some(20));
        let public = RoomDraft {
            course,
            ..RoomDraft::new(RoomKind::Public, "Algebra")
        };
        assert_eq!(field_of(public.checked().unwrap_err()), "course");
        let without = RoomDraft {
            max_members: None,
            ..RoomDraft::new(RoomKind::Public, "Algebra")
        };
        assert_eq!(
            without.checked().unwrap().max_members,
            Some(MEMBERS_DEFAULT)
        );
    }

    #[test]
    fn a_public_room_is_always_listed() {
        let draft = RoomDraft {
            is_listed: false,
            ..RoomDraft::new(RoomKind::Public, "Algebra")
        };
        assert!(draft.checked().unwrap().is_listed);
        let draft = RoomDraft::new(RoomKind::Private, " Board ");
        let draft = draft.checked().unwrap();
        assert_eq!((draft.name.as_str(), draft.is_listed), ("Board", false));
    }
}
