//! Rooms that follow a course: which one, and who sees what is written in it.

use crate::{
    app::{
        i18n::{Locale, text},
        state::Chat,
    },
    model::{
        ChatMode, CourseCard, RoomForMe, RoomKind,
        permission::{Actor, is_staff_in},
    },
};

/// The course's code and title.
pub fn course_name(t: Locale, course: &CourseCard) -> String {
    let (code, title) = (course.code.clone(), course.title.clone());
    text!(t, rooms.about_course, code = code, title = title)
}

/// Whether only those who teach see what students write there.
pub fn is_for_questions(room: &RoomForMe) -> bool {
    room.shared.kind == RoomKind::Course && room.shared.chat_mode == ChatMode::Private
}

/// Who will see what the reader writes there, where that is not what one would think.
pub fn whom(t: Locale, chat: Chat, room: &RoomForMe) -> Option<String> {
    let user = chat.user().filter(|_| is_for_questions(room))?;
    let actor = Actor {
        id: user.id,
        role: user.role,
    };
    Some(if is_staff_in(actor, &room.whose(user.id)) {
        text!(t, composer.for_course)
    } else {
        text!(t, composer.for_teachers)
    })
}
