//! Lists of people as files: read, and everything that is wrong with them told by line.
//!
//! CSV (RFC 4180) in UTF-8, with a line of names first: `username`, `name` and `role`, and where they are wanted `email`,
//! `courses` (codes with `;` between them) and `password_hash`.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::passwords;
use crate::{
    model::{
        Role, account,
        keeping::AccountDraft,
        roster::{CODE_CHARS, COLUMNS, Fault, Mistake, PEOPLE},
    },
    server::sheet,
};

const NEEDED: [&str; 3] = ["username", "name", "role"];

/// Somebody in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// Where they stand in the file, from 1.
    pub line: u64,
    /// The account to be made.
    pub draft: AccountDraft,
    /// The codes of their courses.
    pub courses: Vec<String>,
    /// PHC string of the password that they have already; none: they choose one by a link.
    pub password_hash: Option<String>,
}

/// Reads a file. Errors: everything that is wrong with it.
pub fn read(file: &[u8]) -> Result<Vec<RosterRow>, Vec<Mistake>> {
    let text = sheet::text(file);
    let mut reader = ReaderBuilder::new().from_reader(text.as_slice());
    let columns = match reader.headers() {
        Ok(names) => columns(names)?,
        Err(error) => return Err(vec![unreadable(&error)]),
    };
    let (mut rows, mut mistakes) = (Vec::new(), Vec::new());
    let mut seen = HashMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                mistakes.push(unreadable(&error));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let row = row(line, &columns, &record, &mut mistakes);
        let folded = account::folded(&row.draft.username);
        match seen.get(&folded) {
            Some(first) if !folded.is_empty() => {
                mistakes.push(Mistake::new(line, Fault::Repeated { line: *first }));
            }
            _ => drop(seen.insert(folded, line)),
        }
        rows.push(row);
    }
    if rows.len() > PEOPLE {
        mistakes.push(Mistake::new(1, Fault::TooMany));
    }
    if mistakes.is_empty() {
        Ok(rows)
    } else {
        Err(mistakes)
    }
}

/// Where each column stands.
type Columns = HashMap<String, usize>;

fn columns(names: &StringRecord) -> Result<Columns, Vec<Mistake>> {
    let (mut columns, mut mistakes) = (Columns::new(), Vec::new());
    for (at, name) in names.iter().enumerate() {
        let name = name.trim().to_lowercase();
        if !COLUMNS.contains(&name.as_str()) {
            mistakes.push(Mistake::new(1, Fault::UnknownColumn { name }));
        } else if columns.insert(name.clone(), at).is_some() {
            mistakes.push(Mistake::new(1, Fault::DoubleColumn { name }));
        }
    }
    for needed in NEEDED {
        if !columns.contains_key(needed) {
            let name = needed.to_owned();
            mistakes.push(Mistake::new(1, Fault::MissingColumn { name }));
        }
    }
    if mistakes.is_empty() {
        Ok(columns)
    } else {
        Err(mistakes)
    }
}

fn unreadable(error: &csv::Error) -> Mistake {
    let line = error.position().map_or(1, csv::Position::line);
    let fault = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => Fault::NotUtf8,
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Fault::Fields {
            found: *len,
            columns: *expected_len,
        },
        _ => Fault::Unreadable,
    };
    Mistake::new(line, fault)
}

/// Somebody's line. What is wrong with it is noted, and makes the row worth nothing.
fn row(
    line: u64,
    columns: &Columns,
    record: &StringRecord,
    mistakes: &mut Vec<Mistake>,
) -> RosterRow {
    let field = |name: &str| {
        let at = columns.get(name).copied();
        at.and_then(|at| record.get(at)).unwrap_or_default().trim()
    };
    // Browsers put this sign where they could not read what is there.
    if record.iter().any(|field| field.contains('\u{fffd}')) {
        mistakes.push(Mistake::new(line, Fault::NotUtf8));
    }
    let mut note = |fault| mistakes.push(Mistake::new(line, fault));
    let role = Role::from_word(&field("role").to_lowercase());
    if role.is_none() {
        note(Fault::Role);
    }
    let typed = AccountDraft {
        username: field("username").to_owned(),
        name: field("name").to_owned(),
        email: field("email").to_owned(),
        role: role.unwrap_or(Role::Student),
    };
    let draft = typed.checked().unwrap_or_else(|problems| {
        for (column, problem) in problems {
            note(Fault::Account { column, problem });
        }
        typed.clone()
    });
    let courses = courses(field("courses")).unwrap_or_else(|| {
        note(Fault::Courses);
        Vec::new()
    });
    let hash = field("password_hash");
    if !hash.is_empty() && !passwords::is_usable(hash) {
        note(Fault::PasswordHash);
    }
    RosterRow {
        line,
        draft,
        courses,
        password_hash: Some(hash.to_owned()).filter(|hash| !hash.is_empty()),
    }
}

/// The codes of courses, each once; none where one is no code.
fn courses(text: &str) -> Option<Vec<String>> {
    let mut codes: Vec<String> = Vec::new();
    for code in text
        .split(';')
        .map(str::trim)
        .filter(|code| !code.is_empty())
    {
        let has_gap = code.contains(|c: char| c.is_whitespace() || c.is_control());
        if has_gap || code.chars().count() > CODE_CHARS {
            return None;
        }
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
    Some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b+dWRWJTmaaJObG";

    fn told(file: &str) -> Vec<String> {
        let mistakes = read(file.as_bytes()).unwrap_err();
        mistakes.iter().map(Mistake::to_string).collect()
    }

    #[test]
    fn a_file_is_read_with_its_quotes_its_mark_and_its_columns_in_any_order() {
        let file = format!(
            "\u{feff}Role,username,name,courses,email,password_hash\r\n\
             student,ana,\"Petrović, Ana\",7a;MATH-7; 7a,ana@school.example,\r\n\
             Teacher,Tom,Tom,,,\"{HASH}\"\r\n"
        );
        let rows = read(file.as_bytes()).unwrap();
        assert_eq!((rows[0].line, rows[1].line), (2, 3));
        assert_eq!(rows[0].draft.name, "Petrović, Ana");
        assert_eq!(rows[0].courses, ["7a", "MATH-7"]);
        assert_eq!(rows[0].password_hash, None);
        assert_eq!(rows[1].draft.role, Role::Teacher);
        assert_eq!(rows[1].password_hash.as_deref(), Some(HASH));
        assert!(rows[1].courses.is_empty() && rows[1].draft.email.is_empty());
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let file = "username,name,email,role,courses,password_hash\n\
                    ana,Ana,,student,,\n\
                    a b,Ben,nonsense,pupil,,\n\
                    ANA,\"Ana\nM.\",,student,,\n\
                    cleo,Cleo,,student\n\
                    dan,Dan,,student,7 a,$2b$10$abc\n";
        let told = told(file);
        let begins = [
            "line 3: role:",
            "line 3: email:",
            "line 3: username:",
            "line 4: name:",
            "line 4: username: it stands in line 2",
            "line 6: There are 4 fields",
            "line 7: courses:",
            "line 7: password_hash:",
        ];
        assert_eq!(told.len(), begins.len(), "{told:#?}");
        for (told, begin) in told.iter().zip(begins) {
            assert!(told.starts_with(begin), "{told} / {begin}");
        }
    }

    #[test]
    fn the_first_line_names_known_columns_once_and_those_that_are_needed() {
        let told = told("username,Name,class,name\n");
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0].contains("“class”") && told[1].contains("twice") && told[2].contains("role")
        );
        assert_eq!(read(b"username,name,role\n").unwrap(), []);
        assert!(!read(b"").unwrap_err().is_empty());
        let latin = read(b"username,name,role\nana,Jos\xe9,student\n").unwrap_err();
        assert_eq!(latin, [Mistake::new(2, Fault::NotUtf8)]);
        let by_a_browser = "username,name,role\nana,Jos\u{fffd},student\n";
        let by_a_browser = read(by_a_browser.as_bytes()).unwrap_err();
        assert_eq!(by_a_browser, [Mistake::new(2, Fault::NotUtf8)]);
    }
}
