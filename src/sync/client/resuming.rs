//! A `resume` or `hello` that was refused for now is asked for again by itself: until it is answered live events are held
//! back or the list has a gap, and nothing else would end that.
//!
//! A refusal does not say which command it is of. So every one that may pass counts: when its time is over, whatever
//! still waits for its answer is asked for again, and mostly nothing does.

use super::{Client, Effect};
use crate::{
    model::{Timestamp, WireError},
    protocol::{Command, ResumeFrom},
    sync::backoff,
};

/// When to ask again, and how often that was in vain.
#[derive(Default)]
pub(super) struct Again {
    at: Option<Timestamp>,
    attempt: u32,
}

impl Again {
    /// The server answers again.
    pub(super) fn answered(&mut self) {
        self.attempt = 0;
    }
}

impl Client {
    /// Some command was refused that is no message.
    pub(super) fn refused_without_key(&mut self, error: &WireError, now: Timestamp) -> Vec<Effect> {
        let is_waiting = self.asks_hello || self.open.values().any(|room| room.held.is_some());
        if error.is_temporary() && is_waiting {
            let told_ms = i64::from(error.retry_after().unwrap_or(0)).saturating_mul(1000);
            let least_ms = i64::from(backoff::delay_ms(self.again.attempt, 1.0));
            let at = now.plus_ms(told_ms.max(least_ms));
            // Several refusals of one moment are one.
            self.again.at = self.again.at.max(Some(at));
        }
        Vec::new()
    }

    pub(super) fn ask_again(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.again.at.is_none_or(|at| now < at) {
            return Vec::new();
        }
        self.again.at = None;
        if self.asks_hello {
            self.again.attempt = self.again.attempt.saturating_add(1);
            // The rooms are resumed after it.
            return vec![Effect::Send(Command::Hello)];
        }
        let waiting = self.open.values().filter(|room| room.held.is_some());
        let from: Vec<ResumeFrom> = waiting.map(|room| room.resume_from()).collect();
        if from.is_empty() {
            return Vec::new();
        }
        self.again.attempt = self.again.attempt.saturating_add(1);
        vec![self.resume(from)]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        model::{
            Epoch, Role, RoomForMe, RoomId, RoomKind, RoomShared, Seq, UserCard, UserId, UserRev,
            Zone,
        },
        protocol::{Event, Hello},
        sync::{Lists, Members, Snapshot},
    };

    const ROOM: RoomId = RoomId(7);
    const LIMITED: WireError = WireError::RateLimited { retry_after: 3 };

    fn room() -> RoomForMe {
        RoomForMe {
            seq: Seq(5),
            read_seq: Seq(5),
            ..RoomForMe::new(RoomShared::new(ROOM, RoomKind::Support, Timestamp(0)))
        }
    }

    fn hello() -> Event {
        Event::Hello(Box::new(Hello {
            user: UserCard {
                id: UserId(1),
                name: "Ana".to_owned(),
                role: Role::Student,
            },
            epoch: Epoch("e".to_owned()),
            server_time: Timestamp(0),
            heartbeat_interval: 30,
            user_rev: UserRev(1),
            rooms: vec![room()],
            alerts: Default::default(),
            blocked: Vec::new(),
            policy: Default::default(),
        }))
    }

    /// Online, with a room open that was just asked for.
    fn client() -> Client {
        let lists = Lists {
            me: UserId(1),
            epoch: Epoch("e".to_owned()),
            user_rev: UserRev(1),
            rooms: BTreeMap::from([(ROOM, room())]),
            alerts: Default::default(),
            blocked: Vec::new(),
            policy: Default::default(),
        };
        let mut client = Client::new(lists, 3000);
        client.open(Snapshot {
            me: UserId(1),
            room: room(),
            messages: Vec::new(),
            has_older: false,
            has_newer: false,
            receipts: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            members: Members::default(),
            seq: Seq(5),
            user_rev: UserRev(1),
            epoch: Epoch("e".to_owned()),
            zone: Zone(Vec::new()),
            taken_at: Timestamp(0),
        });
        let effects = client.receive(hello(), Timestamp(0));
        assert_eq!(sent(effects), [resume()]);
        client
    }

    fn resume() -> Command {
        Command::Resume {
            epoch: Epoch("e".to_owned()),
            rooms: vec![ResumeFrom {
                room_id: ROOM,
                since: Seq(5),
            }],
        }
    }

    fn sent(effects: Vec<Effect>) -> Vec<Command> {
        let commands = effects.into_iter().filter_map(|effect| match effect {
            Effect::Send(command) => Some(command),
            _ => None,
        });
        commands.collect()
    }

    fn refuse(client: &mut Client, error: WireError, now: i64) {
        let refusal = Event::error(None, None, error);
        assert_eq!(sent(client.receive(refusal, Timestamp(now))), []);
    }

    fn tick(client: &mut Client, now: i64) -> Vec<Command> {
        sent(client.tick(Timestamp(now)))
    }

    #[test]
    fn a_resume_that_was_refused_for_now_is_asked_for_again_when_the_time_has_come() {
        let mut client = client();
        refuse(&mut client, LIMITED, 1_000);
        assert_eq!(tick(&mut client, 3_999), []);
        assert_eq!(tick(&mut client, 4_000), [resume()]);
        // Once.
        assert_eq!(tick(&mut client, 60_000), []);
        // What comes live waits until it is answered, then nothing is asked for any more.
        let caught_up = Event::CaughtUp {
            room_id: ROOM,
            seq: Seq(6),
        };
        refuse(&mut client, LIMITED, 60_000);
        client.receive(caught_up, Timestamp(60_100));
        assert_eq!(tick(&mut client, 90_000), []);
        assert_eq!(client.snapshot(ROOM).unwrap().seq, Seq(6));
    }

    #[test]
    fn the_wait_grows_while_it_is_in_vain() {
        let mut client = client();
        let mut waits = Vec::new();
        let mut now = 0;
        for _ in 0..5 {
            refuse(&mut client, WireError::Unavailable, now);
            let begun = now;
            while tick(&mut client, now).is_empty() {
                now += 100;
            }
            waits.push(now - begun);
        }
        assert_eq!(waits, [1_000, 1_000, 2_000, 4_000, 5_000]);
    }

    #[test]
    fn only_what_may_pass_and_what_waits_is_asked_for_again() {
        let mut client = client();
        refuse(&mut client, WireError::NotFound, 0);
        assert_eq!(tick(&mut client, 60_000), []);
        refuse(&mut client, LIMITED, 60_000);
        client.disconnected();
        assert_eq!(tick(&mut client, 90_000), []);
    }

    #[test]
    fn a_list_that_was_refused_for_now_is_asked_for_again() {
        let mut client = client();
        let gap = Event::RoomRemoved {
            room_id: RoomId(8),
            user_rev: UserRev(3),
        };
        assert_eq!(sent(client.receive(gap, Timestamp(0))), [Command::Hello]);
        refuse(&mut client, LIMITED, 0);
        assert_eq!(tick(&mut client, 3_000), [Command::Hello]);
        let effects = client.receive(hello(), Timestamp(3_100));
        assert_eq!(sent(effects), [resume()]);
        assert_eq!(tick(&mut client, 60_000), []);
    }
}
