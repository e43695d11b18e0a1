//! What is wrong with a file of people, in the reader's language.

use crate::{
    app::{
        errors,
        i18n::{Locale, text},
    },
    model::roster::{CODE_CHARS, Fault, PEOPLE},
};

/// The sentence. What stands in the file itself, as the names of columns, is not translated.
pub(super) fn sentence(t: Locale, fault: Fault) -> String {
    match fault {
        Fault::UnknownColumn { name } => text!(t, roster.unknown_column, name = name),
        Fault::DoubleColumn { name } => text!(t, roster.double_column, name = name),
        Fault::MissingColumn { name } => text!(t, roster.missing_column, name = name),
        Fault::NotUtf8 => text!(t, roster.not_utf8),
        Fault::Fields { found, columns } => {
            text!(t, roster.fields, found = found, columns = columns)
        }
        Fault::Unreadable => text!(t, roster.unreadable),
        Fault::Role => text!(t, roster.role),
        Fault::Account { problem, .. } => errors::field(t, problem),
        Fault::Courses => text!(t, roster.courses, count = CODE_CHARS),
        Fault::NoCourse { code } => text!(t, roster.no_course, code = code),
        Fault::PasswordHash => text!(t, roster.password_hash),
        Fault::Repeated { line } => text!(t, roster.repeated, line = line),
        Fault::Taken => text!(t, problem.taken),
        Fault::TooMany => text!(t, roster.too_many, count = PEOPLE),
    }
}
