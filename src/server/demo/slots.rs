//! What is filled into the texts' braces: the same all through an exchange.

use super::{dice::Dice, people::Person, scripts::EN};

/// Courses, and who teaches them.
const COURSES: [(&str, &str); 10] = [
    ("Introduction to Databases", "Daniel Okafor"),
    ("Web Programming", "Daniel Okafor"),
    ("Data Visualisation", "Daniel Okafor"),
    ("Statistics I", "Ingrid Sørensen"),
    ("Linear Algebra", "Ingrid Sørensen"),
    ("Microeconomics", "Ingrid Sørensen"),
    ("Organic Chemistry", "Ingrid Sørensen"),
    ("Academic Writing", "Rafael Quintero"),
    ("World History", "Rafael Quintero"),
    ("Music Theory", "Rafael Quintero"),
];

const BOOKS: [&str; 6] = [
    "Things Fall Apart",
    "Invisible Cities",
    "Thinking in Systems",
    "The Left Hand of Darkness",
    "A Mathematician’s Apology",
    "Silent Spring",
];

const CITIES: [&str; 6] = ["Lisbon", "Kraków", "Nairobi", "Kyoto", "Montréal", "İzmir"];

/// Monday to Friday.
const WEEKDAYS: [(&str, [&str; 5]); 8] = [
    (EN, ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
    ("ar", ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة"]),
    (
        "de",
        ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"],
    ),
    ("es", ["lunes", "martes", "miércoles", "jueves", "viernes"]),
    ("fr", ["lundi", "mardi", "mercredi", "jeudi", "vendredi"]),
    ("ja", ["月曜日", "火曜日", "水曜日", "木曜日", "金曜日"]),
    (
        "pt",
        [
            "segunda-feira",
            "terça-feira",
            "quarta-feira",
            "quinta-feira",
            "sexta-feira",
        ],
    ),
    ("tr", ["Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma"]),
];

/// What an exchange fills in.
pub(super) struct Slots([(&'static str, String); 13]);

impl Slots {
    /// Throws what an exchange in that language is about, between these two.
    pub(super) fn throw(dice: &mut Dice, student: &Person, agent: &Person, language: &str) -> Self {
        let (course, teacher) = dice.pick(&COURSES);
        let weekday = weekday(language, dice.below(5));
        let (amount, fee) = (dice.between(4, 14), 10 * dice.between(12, 48));
        let money = |euros: i64| match language {
            EN => format!("€{euros}"),
            _ => format!("{euros} €"),
        };
        let first = if language == EN {
            student.called
        } else {
            student.called_at_home()
        };
        Self([
            ("{first}", first.to_owned()),
            ("{agent}", agent.called.to_owned()),
            ("{course}", course.to_owned()),
            ("{teacher}", teacher.to_owned()),
            ("{day}", weekday.to_owned()),
            ("{weekday}", weekday.to_owned()),
            (
                "{room}",
                format!("{}{:02}", dice.between(1, 4), dice.between(1, 28)),
            ),
            ("{amount}", money(amount)),
            ("{fee}", money(fee)),
            ("{n}", dice.between(2, 9).to_string()),
            ("{book}", dice.pick(&BOOKS).to_owned()),
            ("{city}", dice.pick(&CITIES).to_owned()),
            ("\\n", "\n".to_owned()),
        ])
    }

    /// The text, filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        let Self(slots) = self;
        slots.iter().fold(text.to_owned(), |text, (slot, filling)| {
            text.replace(slot, filling)
        })
    }
}

fn weekday(language: &str, at: usize) -> &'static str {
    let own = WEEKDAYS.iter().find(|(other, _)| *other == language);
    let days = own.or(WEEKDAYS.first()).and_then(|(_, days)| days.get(at));
    days.copied().unwrap_or_default()
}
