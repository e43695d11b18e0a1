//! Bringing the demo's courses into the database: what is missing of them, and nothing else.

use std::collections::HashMap;

use super::{
    calendar::Calendar,
    lessons::{LESSONS, Lesson, client_id},
};
use crate::{
    model::{RoomDraft, RoomId, RoomKind, RoomPatch, WireError, permission::Actor},
    server::service::{CoursesRefused, OldMessage, Services},
};

const MS_PER_MINUTE: i64 = 60_000;

/// Brings in courses, rooms and what was said in them; answers how many messages are new.
pub(super) async fn bring_in(
    services: &Services,
    accounts: &HashMap<&'static str, Actor>,
    calendar: &Calendar,
) -> Result<usize, WireError> {
    let mut new_messages = 0;
    for (place, lesson) in LESSONS.iter().enumerate() {
        let teacher = actor(accounts, lesson.teacher)?;
        let room_id = room_of(services, teacher, lesson).await?;
        let mut messages = Vec::with_capacity(lesson.said.len());
        for (nth, (sender, minutes, text)) in lesson.said.iter().enumerate() {
            let old = OldMessage {
                actor: actor(accounts, sender)?,
                room_id,
                client_id: client_id(place, nth),
                content: (*text).to_owned(),
                at: calendar.now.plus_ms(-minutes * MS_PER_MINUTE),
            };
            // Who has left the course meanwhile says nothing there any more.
            if !services.has_sent(old.actor.id, old.client_id).await? {
                messages.push(old);
            }
        }
        let there = services.import_messages(messages).await?;
        new_messages += there.iter().filter(|one| one.is_new).count();
    }
    Ok(new_messages)
}

fn actor(
    accounts: &HashMap<&'static str, Actor>,
    username: &'static str,
) -> Result<Actor, WireError> {
    accounts.get(username).copied().ok_or(WireError::NotFound)
}

/// The course's first room. A course that is there is left as people have made it since.
async fn room_of(
    services: &Services,
    teacher: Actor,
    lesson: &Lesson,
) -> Result<RoomId, WireError> {
    let known = services.rooms_of_course(lesson.code).await?;
    if known.is_none() {
        let imported = services.import_courses(&[lesson.line()]).await;
        imported.map_err(|refused| match refused {
            CoursesRefused::Error(error) => error,
            CoursesRefused::Lines(_) => WireError::Internal,
        })?;
    }
    let (course, rooms) = match known {
        Some(known) => known,
        None => {
            let made = services.rooms_of_course(lesson.code).await?;
            made.ok_or(WireError::Internal)?
        }
    };
    if let Some(room_id) = rooms.first() {
        return Ok(*room_id);
    }
    let draft = RoomDraft {
        course: Some(course),
        description: lesson.title.to_owned(),
        ..RoomDraft::new(RoomKind::Course, lesson.room)
    };
    let room_id = services.create_room(teacher, draft).await?;
    if !lesson.mode.is_public() {
        let patch = RoomPatch {
            chat_mode: Some(lesson.mode),
            ..RoomPatch::default()
        };
        services.update_room(teacher, room_id, patch).await?;
    }
    Ok(room_id)
}
