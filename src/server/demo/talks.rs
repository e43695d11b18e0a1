//! The demo's conversations, as data. Days are counted back from today and times are UTC, so that they fall into
//! everybody's day from Accra to Tokyo.

/// Who writes a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The student whose conversation it is.
    Student,
    /// The agent.
    Agent,
}

/// When a line was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// So many days before today, at that time.
    Day {
        days_ago: i64,
        hour: i64,
        minute: i64,
    },
    /// So many minutes before now.
    Ago { minutes: i64 },
}

/// One message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) side: Side,
    pub(super) when: When,
    pub(super) text: &'static str,
}

/// One student's support conversation, oldest line first.
pub(super) struct Talk {
    /// The student's sign-in name.
    pub(super) student: &'static str,
    /// How many of the newest lines the student has not read.
    pub(super) unread_by_student: usize,
    /// How many of the newest lines the desk has not read.
    pub(super) unread_by_desk: usize,
    pub(super) lines: &'static [Line],
}

const fn line(side: Side, (days_ago, hour, minute): (i64, i64, i64), text: &'static str) -> Line {
    let when = When::Day {
        days_ago,
        hour,
        minute,
    };
    Line { side, when, text }
}

const fn student(when: (i64, i64, i64), text: &'static str) -> Line {
    line(Side::Student, when, text)
}

const fn agent(when: (i64, i64, i64), text: &'static str) -> Line {
    line(Side::Agent, when, text)
}

const fn student_just_now(minutes: i64, text: &'static str) -> Line {
    let side = Side::Student;
    let when = When::Ago { minutes };
    Line { side, when, text }
}

/// Every conversation. Lines may be added at the end of one; their keys are their places (see `plan`).
pub(super) const TALKS: [Talk; 3] = [
    Talk {
        student: "ana",
        unread_by_student: 2,
        unread_by_desk: 0,
        lines: &ANA,
    },
    Talk {
        student: "kofi",
        unread_by_student: 0,
        unread_by_desk: 0,
        lines: &KOFI,
    },
    Talk {
        student: "mei",
        unread_by_student: 0,
        unread_by_desk: 3,
        lines: &MEI,
    },
];

/// An invoice, then a certificate. The last two answers are still unread.
const ANA: [Line; 12] = [
    student(
        (13, 8, 12),
        "Hello! I paid for the Statistics course on Monday, but it still says “payment pending”.",
    ),
    agent(
        (13, 8, 31),
        "Good morning Ana, let me have a look. Did you pay by card or by bank transfer?",
    ),
    student(
        (13, 8, 34),
        "By bank transfer. I can send the confirmation if that helps.",
    ),
    agent(
        (13, 8, 47),
        "Thank you, there is no need. Transfers take up to two working days to arrive; I expect yours by tomorrow. \
         I have opened the course for you in the meantime.",
    ),
    student((13, 8, 49), "Oh, that is very kind, thanks a lot!"),
    agent(
        (12, 9, 5),
        "The payment has arrived. The receipt is under Profile → Payments.",
    ),
    student((12, 9, 40), "Found it. 👍"),
    student(
        (3, 14, 18),
        "Me again. I finished the course yesterday, but on the certificate my surname is “Petrovic”, without the ć.\n\
         Could that be corrected? I need it for my application.",
    ),
    agent(
        (3, 14, 36),
        "Congratulations on finishing! And sorry about that, a name should be right. When do you have to hand it in?",
    ),
    student((3, 14, 41), "On Friday, so there is still some time."),
    agent(
        (1, 9, 10),
        "It is done: your new certificate reads “Ana Petrović”. The old link now leads to the new one.",
    ),
    agent(
        (1, 9, 11),
        "If anything else about it is wrong, just write here. Good luck with the application!",
    ),
];

/// A video that does not play, settled.
const KOFI: [Line; 10] = [
    student(
        (9, 10, 3),
        "Hi, the video of lesson 4 stops after a few seconds. The others are fine.",
    ),
    agent(
        (9, 10, 20),
        "Hello Kofi. Which course is it, and what do you watch it on: a computer or a phone?",
    ),
    student(
        (9, 10, 22),
        "Introduction to Databases, on my phone. Android, Chrome. I only have mobile data here.",
    ),
    agent(
        (9, 10, 45),
        "Thanks, I see the same thing. Lesson 4 was only uploaded in the highest resolution, which is hard on mobile \
         data. I have asked Daniel Okafor, who teaches the course, for a smaller version.",
    ),
    student(
        (9, 10, 47),
        "Great. The quiz for it closes on Thursday, will that be a problem?",
    ),
    agent(
        (9, 11, 2),
        "No. I have moved your deadline to Sunday evening, just in case.",
    ),
    student((9, 11, 4), "Thank you!!"),
    agent(
        (7, 13, 30),
        "The smaller version is online. Could you try once more?",
    ),
    student(
        (7, 16, 52),
        "Works without a stop now, even on the bus. Quiz is done too: 18 of 20 😊",
    ),
    agent(
        (6, 8, 15),
        "Wonderful, well done! I am closing this one; write whenever you need us.",
    ),
];

/// Changing groups, then a question nobody has answered yet.
const MEI: [Line; 11] = [
    student(
        (11, 7, 5),
        "Hello, is it possible to change from the Tuesday group to the Thursday group in Academic Writing?",
    ),
    agent(
        (11, 7, 26),
        "Hello Mei! In principle yes. Thursday has two places left. From which week on?",
    ),
    student(
        (11, 7, 30),
        "From next week, please. On Tuesdays it is past midnight here when the lesson ends.",
    ),
    agent(
        (11, 7, 38),
        "I understand, that is no time to write essays. You are in the Thursday group from next week on.",
    ),
    student(
        (11, 7, 41),
        "Thank you so much. Do I have to tell the teacher?",
    ),
    agent(
        (11, 7, 44),
        "No, both teachers have been told, and your calendar is already up to date.",
    ),
    student(
        (10, 8, 2),
        "I see it in the calendar, in my time zone. Perfect.",
    ),
    agent((4, 9, 0), "How was the first lesson with the new group?"),
    student(
        (2, 11, 47),
        "Very good! Everybody is friendly, and I can sleep now.",
    ),
    student_just_now(
        38,
        "One more question: my essay is too large to hand in, it has 14 MB because of the pictures.",
    ),
    student_just_now(
        35,
        "The deadline is tonight. May I send it here instead, or by e-mail?",
    ),
];
