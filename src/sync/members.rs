//! Who is in an open room: everybody, where they are few; else nobody, and pages ask for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Member, MemberRole, UserId, limits::SNAPSHOT_MEMBERS};

/// The members of a room, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Members(Option<BTreeMap<UserId, Member>>);

impl Members {
    /// All of a room's members; more than [`SNAPSHOT_MEMBERS`] are not kept.
    pub fn of(members: Vec<Member>) -> Self {
        let mut known = Self(Some(BTreeMap::new()));
        for member in members {
            known.insert(member);
        }
        known.keep_few();
        known
    }

    fn insert(&mut self, member: Member) {
        if let Some(known) = &mut self.0 {
            known.insert(member.user.id, member);
        }
    }

    fn keep_few(&mut self) {
        if self
            .0
            .as_ref()
            .is_some_and(|known| known.len() > SNAPSHOT_MEMBERS)
        {
            self.0 = None;
        }
    }

    /// Somebody is in, as that.
    pub(super) fn put(&mut self, member: &Member) {
        self.insert(member.clone());
        self.keep_few();
    }

    /// Somebody is out.
    pub(super) fn remove(&mut self, user_id: UserId) {
        if let Some(known) = &mut self.0 {
            known.remove(&user_id);
        }
    }

    /// Whether so few are known by number alone.
    pub(super) fn are_lacking(&self, count: i64) -> bool {
        let most = i64::try_from(SNAPSHOT_MEMBERS).unwrap_or(i64::MAX);
        self.0.is_none() && count <= most
    }

    /// That member.
    pub fn get(&self, user_id: UserId) -> Option<&Member> {
        self.0.as_ref()?.get(&user_id)
    }

    /// Whether they are known at all.
    pub fn are_known(&self) -> bool {
        self.0.is_some()
    }

    /// Those who run the room first, then those who keep order, then all others, each by name.
    pub fn in_order(&self) -> Vec<&Member> {
        let mut members: Vec<&Member> = self.0.iter().flat_map(BTreeMap::values).collect();
        members.sort_by_key(|member| {
            let rank = std::cmp::Reverse::<MemberRole>(member.role);
            (rank, member.user.name.to_lowercase(), member.user.id)
        });
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Role, Timestamp, UserCard};

    fn member(id: i64, name: &str, role: MemberRole) -> Member {
        Member {
            user: UserCard {
                id: UserId(id),
                name: name.to_owned(),
                role: Role::Student,
            },
            role,
            joined_at: Timestamp(0),
            muted_until: None,
        }
    }

    #[test]
    fn who_runs_the_room_comes_first() {
        let members = Members::of(vec![
            member(1, "ana", MemberRole::Member),
            member(2, "Ben", MemberRole::Moderator),
            member(3, "Chi", MemberRole::Host),
            member(4, "Abe", MemberRole::Member),
        ]);
        let names: Vec<_> = members
            .in_order()
            .into_iter()
            .map(|member| member.user.name.as_str())
            .collect();
        assert_eq!(names, ["Chi", "Ben", "Abe", "ana"]);
    }

    #[test]
    fn of_many_only_the_number_is_known() {
        let many = i64::try_from(SNAPSHOT_MEMBERS).unwrap();
        let all = |count| (1..=count).map(|id| member(id, "x", MemberRole::Member));
        let mut members = Members::of(all(many).collect());
        assert!(members.are_known());
        members.put(&member(many + 1, "x", MemberRole::Member));
        assert!(!members.are_known() && !members.are_lacking(many + 1));
        members.remove(UserId(1));
        assert!(members.are_lacking(many), "they are few again");
        assert_eq!(Members::of(all(many + 1).collect()), members);
    }
}
