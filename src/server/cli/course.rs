//! `quad course import`: the school's list of courses, as CSV.

use std::path::PathBuf;

use clap::Args;
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};

use super::Failure;
use crate::server::{
    service::{CourseLine, CoursesKept, CoursesRefused, LineProblem, Services},
    sheet,
};

/// The columns, which the first line names, in whatever order.
const COLUMNS: [&str; 4] = ["code", "title", "teachers", "students"];
/// Between two sign-in names in one column.
const BETWEEN: char = ';';
/// Wrong lines that are told; of more the number is.
const TOLD: usize = 50;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The list: a CSV file in UTF-8
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Import {
    /// The courses of the file. Errors: every line that cannot be read.
    pub(super) fn read(&self) -> Result<Vec<CourseLine>, Failure> {
        let bytes = std::fs::read(&self.file).map_err(|error| {
            Failure::Said(format!("{} cannot be read: {error}", self.file.display()))
        })?;
        parse(&bytes).map_err(|problems| self.refused(&problems))
    }

    /// Brings the courses in and says what has changed.
    pub(super) async fn bring_in(
        &self,
        services: &Services,
        lines: &[CourseLine],
    ) -> Result<String, Failure> {
        match services.import_courses(lines).await {
            Ok(kept) => Ok(said(kept)),
            Err(CoursesRefused::Lines(problems)) => Err(self.refused(&problems)),
            Err(CoursesRefused::Error(error)) => Err(error.into()),
        }
    }

    fn refused(&self, problems: &[LineProblem]) -> Failure {
        let mut text = format!("nothing was brought in from {}:", self.file.display());
        for LineProblem { line, problem } in problems.iter().take(TOLD) {
            text.push_str(&format!("\n  - line {line}: {problem}"));
        }
        match problems.len().saturating_sub(TOLD) {
            0 => {}
            more => text.push_str(&format!("\n  and {more} more")),
        }
        Failure::Said(text)
    }
}

fn said(kept: CoursesKept) -> String {
    let CoursesKept {
        changed,
        courses,
        enrolled,
        gone,
    } = kept;
    if changed == 0 {
        return format!("Courses in the list: {courses}. Everything was so already.\n");
    }
    format!(
        "Courses in the list: {courses}, new or changed: {changed}.\nEnrolments that are new or other ones: {enrolled}, \
         gone: {gone}.\n"
    )
}

/// The courses of a list. Errors: every line that cannot be read.
fn parse(bytes: &[u8]) -> Result<Vec<CourseLine>, Vec<LineProblem>> {
    let text = sheet::text(bytes);
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .from_reader(text.as_slice());
    let places = places(&mut reader).map_err(|problem| vec![LineProblem { line: 1, problem }])?;
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => lines.push(line_of(&record, places)),
            Err(error) => problems.push(problem_of(&error)),
        }
    }
    if problems.is_empty() {
        Ok(lines)
    } else {
        Err(problems)
    }
}

/// Where each column stands.
fn places(reader: &mut Reader<&[u8]>) -> Result<[usize; 4], String> {
    let wanted = || format!("the columns are {}", COLUMNS.join(", "));
    let headers = reader.headers().map_err(|_| wanted())?;
    let mut places = [0; 4];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        let found = headers
            .iter()
            .position(|header| header.eq_ignore_ascii_case(name));
        *place = found.ok_or_else(wanted)?;
    }
    Ok(places)
}

fn line_of(record: &StringRecord, [code, title, teachers, students]: [usize; 4]) -> CourseLine {
    let text = |place: usize| record.get(place).unwrap_or_default();
    let names = |place: usize| {
        let names = text(place).split(BETWEEN).map(str::trim);
        let names = names.filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    CourseLine {
        line: record.position().map_or(0, csv::Position::line),
        code: text(code).to_owned(),
        title: text(title).to_owned(),
        teachers: names(teachers),
        students: names(students),
    }
}

fn problem_of(error: &csv::Error) -> LineProblem {
    let problem = match error.kind() {
        ErrorKind::Utf8 { .. } => "it is not in UTF-8".to_owned(),
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("it has {len} columns instead of {expected_len}"),
        _ => error.to_string(),
    };
    LineProblem {
        line: error.position().map_or(0, csv::Position::line),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_whatever_order_its_columns_stand() {
        let list = "\u{feff}Title, code ,students,teachers,room\n\
                    \"Algebra, for all\",MA-101,ana; kofi;,teacher,12\n\
                    History,HI-2,,,\n";
        let lines = parse(list.as_bytes()).unwrap();
        let expected = CourseLine {
            line: 2,
            code: "MA-101".to_owned(),
            title: "Algebra, for all".to_owned(),
            teachers: vec!["teacher".to_owned()],
            students: vec!["ana".to_owned(), "kofi".to_owned()],
        };
        assert_eq!(lines[0], expected);
        assert_eq!((lines[1].line, lines[1].students.len()), (3, 0));
        assert_eq!(parse(b"code,title,teachers,students\n").unwrap(), []);
    }

    #[test]
    fn every_line_that_cannot_be_read_is_told_by_its_number() {
        let lines_of = |list: &[u8]| -> Vec<(u64, String)> {
            let problems = parse(list).unwrap_err().into_iter();
            problems.map(|wrong| (wrong.line, wrong.problem)).collect()
        };
        let list = b"code,title,teachers,students\nA,B,c\nA,B,c,d\nA,\xff,c,d\n";
        let found = lines_of(list);
        let numbers: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(numbers, [2, 4], "{found:?}");
        assert_eq!(found[0].1, "it has 3 columns instead of 4");
        for list in [&b"code;title\n"[..], b"", b"code,title,teachers\nA,B,c\n"] {
            let found = lines_of(list);
            assert_eq!(found[0].0, 1);
            assert!(found[0].1.contains("teachers, students"), "{found:?}");
        }
    }

    #[test]
    fn what_was_done_is_said() {
        let kept = CoursesKept {
            changed: 1,
            courses: 2,
            enrolled: 30,
            gone: 4,
        };
        let told = said(kept);
        assert!(
            told.contains("changed: 1") && told.contains("gone: 4"),
            "{told}"
        );
        let nothing = CoursesKept {
            courses: 2,
            ..CoursesKept::default()
        };
        assert!(said(nothing).contains("so already"));
    }
}
