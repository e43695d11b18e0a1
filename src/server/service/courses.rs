//! Courses: bringing them in from the school's lists, and of which somebody makes rooms.

use std::collections::{BTreeMap, BTreeSet};

use super::{Services, Viewer, fault::Stored};
use crate::{
    model::{
        CourseCard, CourseId, CourseRole, Role, RoomId, UserId, WireError, account::folded,
        course::problem_of, limits::PAGED_ROWS, permission::may_create_course_rooms,
    },
    server::store::{
        Conn, courses, users,
        writer::{CourseChange, Outcome, Write},
    },
};

/// People who come into a course, or go, in one transaction: bulk work may hold the writer for 20 ms at most.
const PORTION: usize = 200;

/// A course as a line of a school's list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseLine {
    /// The line's number.
    pub line: u64,
    /// What the school calls it for short.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// The sign-in names of those who teach it.
    pub teachers: Vec<String>,
    /// Of those who learn in it.
    pub students: Vec<String>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// The line's number.
    pub line: u64,
    /// In words.
    pub problem: String,
}

/// What was brought in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoursesKept {
    /// Courses that are new, or have changed.
    pub changed: usize,
    /// Courses of the list.
    pub courses: usize,
    /// How often somebody came into a course, or is something else in it.
    pub enrolled: usize,
    /// How often somebody left one.
    pub gone: usize,
}

/// Why nothing was brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoursesRefused {
    /// These lines are wrong.
    Lines(Vec<LineProblem>),
    /// Anything else.
    Error(WireError),
}

impl From<WireError> for CoursesRefused {
    fn from(error: WireError) -> Self {
        Self::Error(error)
    }
}

impl Services {
    /// The courses of which the viewer makes rooms, by code.
    pub async fn taught_courses(&self, viewer: &Viewer) -> Result<Vec<CourseCard>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        courses::taught_by(&mut reader.conn(), viewer.actor(), PAGED_ROWS)
            .await
            .stored()
    }

    /// The course of that code, if the viewer makes rooms of it. Errors: `teachers_only` for students, `invalid` on `course`.
    pub async fn course_by_code(&self, viewer: &Viewer, code: &str) -> Result<CourseId, WireError> {
        if !may_create_course_rooms(viewer.role) {
            return Err(WireError::TeachersOnly);
        }
        let mut reader = self.store.read().await.stored()?;
        let found = courses::by_code(&mut reader.conn(), code).await.stored()?;
        let problem = "There is no such course of yours.";
        let course = found.ok_or_else(|| WireError::field("course", problem))?;
        Ok(course.id)
    }

    /// The course of that code and its rooms, if it is there. For demo data, not for users.
    pub(in crate::server) async fn rooms_of_course(
        &self,
        code: &str,
    ) -> Result<Option<(CourseId, Vec<RoomId>)>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let Some(course) = courses::by_code(&mut conn, code).await.stored()? else {
            return Ok(None);
        };
        let rooms = courses::rooms_of(&mut conn, course.id).await.stored()?;
        Ok(Some((course.id, rooms)))
    }

    /// Brings in courses as a list has them: who is not in the list is not in the course any more, and the rooms follow.
    /// Courses that are not in the list stay as they are. The same list again changes nothing; where it ends half way,
    /// the same again brings in the rest.
    ///
    /// Errors: every line that is wrong; then nothing has been changed.
    pub async fn import_courses(
        &self,
        lines: &[CourseLine],
    ) -> Result<CoursesKept, CoursesRefused> {
        let changes = self.course_changes(lines).await?;
        let mut kept = CoursesKept {
            courses: lines.len(),
            ..CoursesKept::default()
        };
        for change in changes {
            kept.changed += 1;
            kept.enrolled += change.enrolled.len();
            kept.gone += change.gone.len();
            self.change_course(change).await?;
        }
        Ok(kept)
    }

    /// Changes a course, and its rooms with it. Who writes meanwhile waits for one portion at most.
    pub(super) async fn change_course(&self, change: CourseChange) -> Result<(), WireError> {
        for portion in portions(change) {
            match self.writer.write(Write::Course(Box::new(portion))).await? {
                Outcome::Course(_) => {}
                _ => return Err(WireError::Internal),
            }
        }
        Ok(())
    }

    /// What the list changes, of one moment.
    async fn course_changes(
        &self,
        lines: &[CourseLine],
    ) -> Result<Vec<CourseChange>, CoursesRefused> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let mut reading = Reading::default();
        let mut changes = Vec::new();
        for line in lines {
            let people = reading.people(&mut conn, line).await?;
            if reading.problems.is_empty() {
                changes.extend(change_of(&mut conn, line, people).await?);
            }
        }
        if reading.problems.is_empty() {
            Ok(changes)
        } else {
            Err(CoursesRefused::Lines(reading.problems))
        }
    }
}

/// What is known of a list while it is read.
#[derive(Default)]
struct Reading {
    codes: BTreeSet<String>,
    people: BTreeMap<String, Option<(UserId, Role)>>,
    problems: Vec<LineProblem>,
}

impl Reading {
    /// Who is in the course of that line; what is wrong with it is noted.
    async fn people(
        &mut self,
        conn: &mut Conn<'_>,
        line: &CourseLine,
    ) -> Result<BTreeMap<UserId, CourseRole>, WireError> {
        if let Some(problem) = problem_of(&line.code, &line.title) {
            self.note(line, problem);
        }
        if !self.codes.insert(folded(&line.code)) {
            self.note(line, format!("the course {} stands twice", line.code));
        }
        let mut people = BTreeMap::new();
        let teachers = line.teachers.iter().map(|name| (name, CourseRole::Teacher));
        let students = line.students.iter().map(|name| (name, CourseRole::Student));
        for (name, role) in teachers.chain(students) {
            match self.person(conn, name).await? {
                None => self.note(line, format!("there is no open account {name}")),
                Some((_, Role::Student)) if role == CourseRole::Teacher => {
                    self.note(line, format!("{name} is a student and cannot teach"));
                }
                Some((user_id, _)) => {
                    let before = people.insert(user_id, role);
                    if before.is_some_and(|before| before != role) {
                        self.note(line, format!("{name} both teaches and learns here"));
                    }
                }
            }
        }
        Ok(people)
    }

    fn note(&mut self, line: &CourseLine, problem: String) {
        let line = line.line;
        self.problems.push(LineProblem { line, problem });
    }

    /// The open account of that sign-in name.
    async fn person(
        &mut self,
        conn: &mut Conn<'_>,
        name: &str,
    ) -> Result<Option<(UserId, Role)>, WireError> {
        let name = folded(name);
        if let Some(known) = self.people.get(&name) {
            return Ok(*known);
        }
        let user = users::by_username(conn, &name).await.stored()?;
        let user = user.filter(|user| user.closed_at.is_none());
        let person = user.map(|user| (user.id, user.role));
        self.people.insert(name, person);
        Ok(person)
    }
}

/// What a line changes; none: nothing.
async fn change_of(
    conn: &mut Conn<'_>,
    line: &CourseLine,
    people: BTreeMap<UserId, CourseRole>,
) -> Result<Option<CourseChange>, WireError> {
    let course = courses::by_code(conn, &line.code).await.stored()?;
    let before: BTreeMap<UserId, CourseRole> = match &course {
        Some(course) => {
            let before = courses::people_of(conn, course.id).await.stored()?;
            before.into_iter().collect()
        }
        None => BTreeMap::new(),
    };
    let is_same = course.is_some_and(|known| known.code == line.code && known.title == line.title);
    if is_same && before == people {
        return Ok(None);
    }
    let gone = before.keys().filter(|id| !people.contains_key(id)).copied();
    let gone = gone.collect();
    let enrolled = people.into_iter();
    let enrolled = enrolled.filter(|(id, role)| before.get(id) != Some(role));
    Ok(Some(CourseChange {
        code: line.code.clone(),
        title: line.title.clone(),
        enrolled: enrolled.collect(),
        gone,
    }))
}

/// A change in parts of some size; first those who go, so that nobody sees more than they should meanwhile.
fn portions(change: CourseChange) -> Vec<CourseChange> {
    let CourseChange {
        code,
        title,
        enrolled,
        gone,
    } = change;
    let part = |enrolled: &[_], gone: &[_]| CourseChange {
        code: code.clone(),
        title: title.clone(),
        enrolled: enrolled.to_vec(),
        gone: gone.to_vec(),
    };
    if enrolled.len() + gone.len() <= PORTION {
        return vec![part(&enrolled, &gone)];
    }
    let gone = gone.chunks(PORTION).map(|gone| part(&[], gone));
    let enrolled = enrolled.chunks(PORTION).map(|come| part(come, &[]));
    gone.chain(enrolled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_much_is_done_in_parts_and_nobody_is_left_out() {
        let change = |enrolled: i64, gone: i64| CourseChange {
            code: "MA".to_owned(),
            title: "Algebra".to_owned(),
            enrolled: (0..enrolled)
                .map(|id| (UserId(id), CourseRole::Student))
                .collect(),
            gone: (1000..1000 + gone).map(UserId).collect(),
        };
        let sizes = |enrolled, gone| -> Vec<(usize, usize)> {
            let parts = portions(change(enrolled, gone)).into_iter();
            parts
                .map(|part| (part.enrolled.len(), part.gone.len()))
                .collect()
        };
        assert_eq!(sizes(150, 50), [(150, 50)]);
        assert_eq!(sizes(0, 0), [(0, 0)], "a title alone");
        assert_eq!(sizes(401, 1), [(0, 1), (200, 0), (200, 0), (1, 0)]);
    }
}
