//! Bringing the demo into the database: accounts, conversations, messages, where they stand, what was read.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use secrecy::SecretString;

use super::{
    Found,
    arrivals::Arrivals,
    calendar::Calendar,
    classes,
    people::{PASSWORD, Person},
    plan::Planned,
    report::Report,
    talks::{TALKS, Talk},
};
use crate::{
    model::{RoomId, Seq, SupportChange, UserId, WireError, permission::Actor},
    server::service::{NewUser, OldMessage, OldUser, Services},
};

/// The demo as it is in the database.
pub(super) struct School<'s> {
    services: &'s Services,
    accounts: HashMap<&'static str, Actor>,
    new_accounts: usize,
    /// One of each conversation, in the table's order.
    rooms: Vec<Room>,
    new_messages: usize,
}

/// A student's conversation as it is in the database.
struct Room {
    id: RoomId,
    talk: &'static Talk,
    /// Its messages so far: who wrote them, and where they stand.
    said: Vec<(UserId, Seq)>,
}

impl<'s> School<'s> {
    /// Makes the accounts and the conversations that are missing.
    pub(super) async fn open(
        services: &'s Services,
        found: Vec<Found>,
        arrivals: &Arrivals,
    ) -> Result<Self, WireError> {
        let missing: Vec<&'static Person> = found
            .iter()
            .filter(|(_, account)| account.is_none())
            .map(|(person, _)| *person)
            .collect();
        let new = missing.iter().map(|person| OldUser {
            user: account(person),
            created_at: arrivals.of(person),
        });
        let new_ids = services.add_users(new.collect()).await?;
        let known = found
            .iter()
            .filter_map(|(person, account)| Some((*person, (*account)?.0)));
        let accounts = known.chain(missing.iter().copied().zip(new_ids));
        let accounts = accounts.map(|(person, id)| (person.username, actor(person, id)));
        let mut school = Self {
            services,
            accounts: accounts.collect(),
            new_accounts: missing.len(),
            rooms: Vec::with_capacity(TALKS.len()),
            new_messages: 0,
        };
        for talk in &TALKS {
            let id = services
                .open_support_room(school.actor(talk.student)?)
                .await?;
            let said = Vec::new();
            school.rooms.push(Room { id, talk, said });
        }
        Ok(school)
    }

    /// The account of that sign-in name. Errors: `not_found` where the tables contradict each other.
    fn actor(&self, username: &str) -> Result<Actor, WireError> {
        let found = self.accounts.get(username);
        found.copied().ok_or(WireError::NotFound)
    }

    fn room(&mut self, talk: usize) -> Result<&mut Room, WireError> {
        self.rooms.get_mut(talk).ok_or(WireError::NotFound)
    }

    /// Brings in the messages. They are in the order of their times, so that those of all conversations are, too.
    pub(super) async fn bring_in(&mut self, planned: Vec<Planned>) -> Result<(), WireError> {
        let mut portion = Vec::new();
        for planned in planned {
            if planned.is_last {
                self.import(std::mem::take(&mut portion)).await?;
                self.triage(&planned).await?;
            }
            portion.push(planned);
        }
        self.import(portion).await
    }

    async fn import(&mut self, planned: Vec<Planned>) -> Result<(), WireError> {
        let talks: Vec<usize> = planned.iter().map(|planned| planned.talk).collect();
        let mut messages = Vec::with_capacity(planned.len());
        for planned in planned {
            messages.push(OldMessage {
                actor: self.actor(planned.sender)?,
                room_id: self.room(planned.talk)?.id,
                client_id: planned.client_id,
                content: planned.text,
                at: planned.at,
            });
        }
        let there = self.services.import_messages(messages).await?;
        for (talk, one) in talks.into_iter().zip(there) {
            let message = one.message;
            self.room(talk)?.said.push((message.sender.id, message.seq));
            self.new_messages += usize::from(one.is_new);
        }
        Ok(())
    }

    /// Says who takes care of a conversation and where it stands. Right before its last message, so that a second run
    /// can tell that it was done, and leaves alone what people have made of it since.
    async fn triage(&mut self, last: &Planned) -> Result<(), WireError> {
        let sender = self.actor(last.sender)?;
        if self.services.has_sent(sender.id, last.client_id).await? {
            return Ok(());
        }
        let room = self.room(last.talk)?;
        let (room_id, talk) = (room.id, room.talk);
        // What nobody takes care of is open, as it is by itself.
        let Some(agent) = talk.assignee else {
            return Ok(());
        };
        let agent = self.actor(agent)?;
        let changes = [
            SupportChange::Assignee(Some(agent.id)),
            SupportChange::Status(talk.ending.status()),
        ];
        for change in changes {
            self.services.triage(agent, room_id, change).await?;
        }
        Ok(())
    }

    /// Moves everybody's marks to where the table says; marks never go back, so a second run changes nothing.
    pub(super) async fn mark(&self) -> Result<(), WireError> {
        let staff = self.accounts.values().filter(|actor| actor.role.is_staff());
        let mut staff: Vec<Actor> = staff.copied().collect();
        staff.sort_by_key(|actor| actor.id);
        for room in &self.rooms {
            let student = self.actor(room.talk.student)?;
            let marks = staff.iter().copied().chain([student]).map(|reader| {
                let seq = room.read_by(student.id, reader.id == student.id);
                self.services.mark_read(reader, room.id, seq)
            });
            try_join_all(marks).await?;
        }
        Ok(())
    }

    /// Brings in the courses, and what was said in their rooms.
    pub(super) async fn teach(&mut self, calendar: &Calendar) -> Result<(), WireError> {
        let said = classes::bring_in(self.services, &self.accounts, calendar).await?;
        self.new_messages += said;
        Ok(())
    }

    /// What came of it.
    pub(super) fn report(&self) -> Report {
        Report {
            new_accounts: self.new_accounts,
            new_messages: self.new_messages,
        }
    }
}

impl Room {
    /// Up to where the student has read, or those who answer: all but the last words of the others, where those are new.
    fn read_by(&self, student: UserId, is_student: bool) -> Seq {
        let is_new = |sender: UserId| self.talk.is_unread && (sender == student) != is_student;
        let mut said = self.said.iter().rev();
        let read = said.find(|(sender, _)| !is_new(*sender));
        read.map(|(_, seq)| *seq).unwrap_or_default()
    }
}

fn account(person: &Person) -> NewUser {
    NewUser {
        username: person.username.to_owned(),
        name: person.name.to_owned(),
        email: Some(person.email()),
        role: person.role,
        language: person.language().to_owned(),
        time_zone: person.time_zone.to_owned(),
        password: SecretString::from(PASSWORD),
    }
}

fn actor(person: &Person, id: UserId) -> Actor {
    Actor {
        id,
        role: person.role,
    }
}
