//! From a conversation of the table to its lines: which exchanges, in which language, by whom, how long after one
//! another. Nothing here depends on the time, so that a second run finds what the first one wrote.

use super::{
    dice::Dice,
    people::{AGENTS, Person, named},
    scripts::{self, EN, Part, Script},
    slots::Slots,
    talks::{Ending, Side, Talk},
};

/// School days over which the conversations go back.
const TERM: i64 = 55;
/// When exchanges begin: from eight to two, so that they end in school hours.
const MORNING: (i64, i64) = (8 * 3600, 14 * 3600);
/// When they go on another day.
const NEXT_MORNING: (i64, i64) = (8 * 3600, 11 * 3600);
/// One exchange in so many comes at the weekend.
const WEEKENDS: usize = 14;

/// What is said where somebody else is to be asked. All that end so are in English.
const HOLDING: [&str; 4] = [
    "Thank you. I have passed this on to my colleagues and will write as soon as there is an answer.",
    "I need a colleague for this who is back on {day}. I have not forgotten you, {first}.",
    "The office has to confirm it first. I have sent them everything; it usually takes two or three days.",
    "Let me make quite sure before you rely on it. You will hear from me on {day}.",
];

/// What is said when nothing is left to do.
const CLOSING: [&str; 5] = [
    "I am closing this one; write whenever you need us.",
    "Wonderful. I am closing this now. Have a nice week, {first}!",
    "Then everything is settled. We are here if there is anything else.",
    "Glad that it worked. I'll close the conversation; a new message opens it again.",
    "That's it, then. Take care, {first}!",
];

/// When a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// So many school days ago, or at that week's end.
    Day {
        school_days_ago: i64,
        second: i64,
        is_at_weekend: bool,
    },
    /// On the next school day.
    NextDay { second: i64 },
    /// So many seconds after the one before.
    After { seconds: i64 },
    /// So many minutes ago.
    Ago { minutes: i64 },
}

/// A line of a conversation.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The sign-in name of who writes it.
    pub(super) sender: &'static str,
    pub(super) when: When,
    pub(super) text: String,
}

/// The lines of the conversation at that place of the table, oldest first.
pub(super) fn compose(place: usize, talk: &Talk) -> Vec<Line> {
    let Some(student) = named(talk.student) else {
        return Vec::new();
    };
    let mut composer = Composer {
        dice: Dice::new(place),
        talk,
        student,
        english: scripts::in_language(EN),
        own: match student.speaks {
            EN => Vec::new(),
            other => scripts::in_language(other),
        },
        lines: Vec::new(),
    };
    composer.before();
    composer.named();
    composer.lines
}

struct Composer<'t> {
    dice: Dice,
    talk: &'t Talk,
    student: &'static Person,
    /// What was not said yet.
    english: Vec<Script>,
    own: Vec<Script>,
    lines: Vec<Line>,
}

impl Composer<'_> {
    /// The exchanges that nobody named, spread over the term.
    fn before(&mut self) {
        let newest = self
            .talk
            .named
            .first()
            .map_or(self.talk.ended, |(_, ago)| *ago)
            + 2;
        let count = i64::try_from(self.talk.before).unwrap_or_default();
        let step = (TERM - newest) / count.max(1);
        for nth in (0..count).rev() {
            let ago = newest + nth * step + self.dice.between(0, (step - 1).max(0));
            if let Some(script) = self.draw() {
                let when = self.day(ago);
                self.exchange(&script, when, None);
            }
        }
    }

    /// The exchanges at the end.
    fn named(&mut self) {
        let mut last: Vec<(Script, i64)> = (self.talk.named.iter())
            .filter_map(|(name, ago)| Some((scripts::named(name)?, *ago)))
            .collect();
        if last.is_empty() {
            let drawn = match self.talk.ending {
                Ending::Pending | Ending::Resolved => self.dice.draw(&mut self.english),
                Ending::Said | Ending::Asked | Ending::Waiting(_) => self.draw(),
            };
            last.extend(drawn.map(|script| (script, self.talk.ended)));
        }
        let end = last.pop();
        for (script, ago) in last {
            let when = self.day(ago);
            self.exchange(&script, when, None);
        }
        if let Some((script, ago)) = end {
            let when = match self.talk.ending {
                Ending::Waiting(minutes) => When::Ago { minutes },
                _ => self.day(ago),
            };
            self.exchange(&script, when, Some(self.talk.ending));
        }
    }

    /// An exchange that was not said yet, every second time in the student's own language.
    fn draw(&mut self) -> Option<Script> {
        if !self.own.is_empty() && self.dice.one_in(2) {
            return self.dice.draw(&mut self.own);
        }
        self.dice.draw(&mut self.english)
    }

    fn day(&mut self, school_days_ago: i64) -> When {
        When::Day {
            school_days_ago,
            second: self.dice.between(MORNING.0, MORNING.1),
            is_at_weekend: self.dice.one_in(WEEKENDS),
        }
    }

    fn exchange(&mut self, script: &Script, first: When, ending: Option<Ending>) {
        let agent = self.agent();
        let slots = Slots::throw(&mut self.dice, self.student, agent, script.language);
        let version = self.dice.below(6);
        let parts = until(&script.parts, ending);
        for (nth, part) in parts.iter().enumerate() {
            let when = match nth {
                0 => first,
                _ => self.then(part, ending),
            };
            let sender = match part.side {
                Side::Student => self.student.username,
                Side::Agent => agent.username,
            };
            let text = slots.fill(part.version(version));
            self.lines.push(Line { sender, when, text });
        }
        let last = match ending {
            Some(Ending::Pending) => self.dice.pick(&HOLDING),
            Some(Ending::Resolved) => self.dice.pick(&CLOSING),
            _ => return,
        };
        let seconds = self.dice.between(60, 400);
        self.lines.push(Line {
            sender: agent.username,
            when: When::After { seconds },
            text: slots.fill(last),
        });
    }

    /// Who answers: mostly who takes care of it.
    fn agent(&mut self) -> &'static Person {
        let other = self.dice.pick(&AGENTS);
        let is_named = !self.talk.named.is_empty();
        let usual = self
            .talk
            .assignee
            .filter(|_| is_named || !self.dice.one_in(3));
        let username = usual.unwrap_or(if is_named { "agent" } else { other });
        named(username).unwrap_or(self.student)
    }

    /// How long it takes until that is said.
    fn then(&mut self, part: &Part, ending: Option<Ending>) -> When {
        if part.is_next_day {
            let second = self.dice.between(NEXT_MORNING.0, NEXT_MORNING.1);
            return When::NextDay { second };
        }
        let seconds = match (part.side, ending) {
            // It may have begun a few minutes ago.
            (_, Some(Ending::Waiting(_))) => self.dice.between(15, 50),
            (Side::Student, _) => self.dice.between(25, 600),
            (Side::Agent, _) => self.dice.between(40, 1200),
        };
        When::After { seconds }
    }
}

/// As much of an exchange as is said where the conversation ends so.
fn until(parts: &[Part], ending: Option<Ending>) -> &[Part] {
    let question = parts.iter().take_while(|part| part.side == Side::Student);
    let question = question.count();
    let answer = (parts.iter().skip(question))
        .take_while(|part| part.side == Side::Agent && !part.is_next_day);
    let count = match ending {
        Some(Ending::Waiting(_)) => question,
        Some(Ending::Asked | Ending::Pending) => question + answer.count(),
        _ => parts.len(),
    };
    parts.get(..count).unwrap_or(parts)
}
