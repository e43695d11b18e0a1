//! Which conversations the list shows, and in which order. It stands in the address, so that it can be shared, survives
//! a reload, and works without a script.

use std::cmp::Reverse;

use leptos_router::params::ParamsMap;

use crate::model::{Desk, RoomForMe, RoomId, RoomKind, SupportStatus, UserId, word::words};

/// Whose conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// Everybody's.
    #[default]
    Anyone,
    /// The reader's own.
    Mine,
    /// Those that nobody takes care of.
    Nobody,
}

words!(Who {
    Anyone = "anyone",
    Mine = "mine",
    Nobody = "nobody",
});

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Last activity first.
    #[default]
    Newest,
    /// Who waits longest first, then last activity.
    Waiting,
}

words!(Order {
    Newest = "newest",
    Waiting = "waiting",
});

/// What the address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand; none: anywhere.
    pub status: Option<SupportStatus>,
    /// At which desk; none: at all that the reader answers.
    pub desk: Option<Desk>,
    /// Whose.
    pub who: Who,
    /// In which order.
    pub order: Order,
    /// Only those with something unread.
    pub only_unread: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            status: Some(SupportStatus::Open),
            desk: None,
            who: Who::default(),
            order: Order::default(),
            only_unread: false,
        }
    }
}

/// The word for "anywhere".
const ALL: &str = "all";

impl Filter {
    /// What the query of the address says; what makes no sense is left out.
    pub fn of_query(query: &ParamsMap) -> Self {
        let word = |name| query.get_str(name).unwrap_or_default();
        let status = match word("status") {
            ALL => None,
            status => Some(SupportStatus::from_word(status).unwrap_or_default()),
        };
        Self {
            status,
            desk: Some(Desk(word("desk").to_owned())).filter(Desk::is_name),
            who: Who::from_word(word("who")).unwrap_or_default(),
            order: Order::from_word(word("order")).unwrap_or_default(),
            only_unread: word("unread") == "yes",
        }
    }

    /// The query that says it, with its question mark; empty for the default.
    pub fn query(&self) -> String {
        let mut words = Vec::new();
        if self.status != Self::default().status {
            let status = self.status.map_or(ALL, SupportStatus::as_str);
            words.push(format!("status={status}"));
        }
        if let Some(Desk(name)) = &self.desk {
            words.push(format!("desk={name}"));
        }
        if self.who != Who::default() {
            words.push(format!("who={}", self.who.as_str()));
        }
        if self.order != Order::default() {
            words.push(format!("order={}", self.order.as_str()));
        }
        if self.only_unread {
            words.push("unread=yes".to_owned());
        }
        if words.is_empty() {
            String::new()
        } else {
            format!("?{}", words.join("&"))
        }
    }

    /// Whether it shows that room. The open one stays while it is being read, wherever it goes.
    pub fn shows(&self, room: &RoomForMe, me: Option<UserId>, selected: Option<RoomId>) -> bool {
        let Some(support) = &room.support else {
            return false;
        };
        let assignee = support.assignee.as_ref().map(|assignee| assignee.id);
        let is_whose = match self.who {
            Who::Anyone => true,
            Who::Mine => assignee == me,
            Who::Nobody => assignee.is_none(),
        };
        let is_meant = is_whose
            && self.status.is_none_or(|status| status == support.status)
            && (self.desk.is_none() || self.desk == room.shared.desk)
            && (!self.only_unread || room.unread_count > 0);
        room.shared.kind == RoomKind::Support && (is_meant || selected == Some(room.id()))
    }

    /// Puts rooms, which come last activity first, in order.
    pub fn sort(&self, rooms: &mut [&RoomForMe]) {
        if self.order == Order::Waiting {
            // Who does not wait comes after all who do.
            rooms.sort_by_key(|room| {
                let support = room.support.as_ref();
                Reverse(
                    support
                        .and_then(|support| support.waiting_since)
                        .map(Reverse),
                )
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Desk, Role, RoomShared, SupportState, Timestamp, UserCard, support::SUPPORT_STATUSES,
    };

    fn query(text: &str) -> ParamsMap {
        text.trim_start_matches('?')
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn room(id: i64, support: SupportState) -> RoomForMe {
        RoomForMe {
            support: Some(support),
            ..RoomForMe::new(RoomShared {
                desk: Some(Desk::default_desk()),
                ..RoomShared::new(RoomId(id), RoomKind::Support, Timestamp(id))
            })
        }
    }

    #[test]
    fn what_the_address_says_is_said_again() {
        let statuses = SUPPORT_STATUSES.into_iter().map(Some).chain([None]);
        for status in statuses {
            for who in [Who::Anyone, Who::Mine, Who::Nobody] {
                for order in [Order::Newest, Order::Waiting] {
                    for only_unread in [false, true] {
                        let filter = Filter {
                            status,
                            desk: only_unread.then(|| Desk("faculty".into())),
                            who,
                            order,
                            only_unread,
                        };
                        assert_eq!(Filter::of_query(&query(&filter.query())), filter);
                    }
                }
            }
        }
        assert_eq!(Filter::default().query(), "");
        assert_eq!(
            Filter::of_query(&query("?status=lost&who=you&order=&unread=1")),
            Filter::default()
        );
    }

    #[test]
    fn it_shows_what_is_meant_and_the_open_one() {
        let me = UserId(7);
        let mine = SupportState {
            assignee: Some(UserCard {
                id: me,
                name: "Me".into(),
                role: Role::Agent,
            }),
            ..SupportState::default()
        };
        let (mine, open) = (room(1, mine), room(2, SupportState::default()));
        let shows = |filter: &Filter, room| filter.shows(room, Some(me), None);
        let all = Filter {
            status: None,
            ..Filter::default()
        };
        assert!(shows(&all, &mine) && shows(&all, &open));
        let of_mine = Filter {
            who: Who::Mine,
            ..all.clone()
        };
        assert!(shows(&of_mine, &mine) && !shows(&of_mine, &open));
        let of_nobody = Filter {
            who: Who::Nobody,
            ..all.clone()
        };
        assert!(!shows(&of_nobody, &mine) && shows(&of_nobody, &open));
        let resolved = Filter {
            status: Some(SupportStatus::Resolved),
            ..all.clone()
        };
        assert!(!shows(&resolved, &open));
        assert!(resolved.shows(&open, Some(me), Some(RoomId(2))));
        let unread = Filter {
            only_unread: true,
            ..all.clone()
        };
        assert!(!shows(&unread, &open));
        let at_faculty = Filter {
            desk: Some(Desk("faculty".into())),
            ..all
        };
        assert!(!shows(&at_faculty, &open));
        let mut theirs = open.clone();
        theirs.shared.desk = Some(Desk("faculty".into()));
        assert!(shows(&at_faculty, &theirs));
    }

    #[test]
    fn who_waits_longest_comes_first_and_who_does_not_last() {
        let waiting = |since| SupportState {
            waiting_since: since,
            ..SupportState::default()
        };
        let rooms = [
            room(1, waiting(None)),
            room(2, waiting(Some(Timestamp(9)))),
            room(3, waiting(Some(Timestamp(5)))),
            room(4, waiting(None)),
        ];
        let mut sorted: Vec<&RoomForMe> = rooms.iter().collect();
        let filter = Filter {
            order: Order::Waiting,
            ..Filter::default()
        };
        filter.sort(&mut sorted);
        let ids: Vec<i64> = sorted.iter().map(|room| room.id().0).collect();
        assert_eq!(ids, [3, 2, 1, 4]);
    }
}
