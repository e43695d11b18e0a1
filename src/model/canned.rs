//! Canned replies: texts that those who answer keep ready, called by `/` and a name.

use serde::{Deserialize, Serialize};

use super::{CannedReplyId, Desk, WireError, text::check_content};

/// Longest name, in characters.
pub const NAME_CHARS: usize = 40;
/// So many may be kept at a desk: the client holds them all.
pub const REPLIES_MAX: usize = 500;

/// Stands for the name of the person who is answered.
const THEIR_NAME: &str = "{name}";
/// Stands for the name of whoever answers.
const MY_NAME: &str = "{me}";

/// A text that is kept ready.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CannedReply {
    /// Its number.
    pub id: CannedReplyId,
    /// For which desk.
    pub desk: Desk,
    /// What is typed after `/`: small letters, digits and `-`.
    pub name: String,
    /// What is sent, with `{name}` and `{me}` where names go.
    pub content: String,
}

impl CannedReply {
    /// The text for a conversation with `them`, answered by `me`.
    pub fn filled(&self, them: &str, me: &str) -> String {
        let between = self.content.split(THEIR_NAME);
        let filled: Vec<String> = between.map(|part| part.replace(MY_NAME, me)).collect();
        filled.join(them)
    }
}

/// What somebody wants kept: a new one, or another text for a known one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CannedDraft {
    /// Which one is changed; none: a new one.
    pub id: Option<CannedReplyId>,
    /// Where a new one is kept; none: at the first desk of whoever keeps it.
    #[serde(default)]
    pub desk: Option<Desk>,
    /// What is typed after `/`.
    pub name: String,
    /// What is sent.
    pub content: String,
}

impl CannedDraft {
    /// As it is kept. Errors: `invalid` on `name` or `content`, of which `message_chars` may be sent.
    pub fn checked(self, message_chars: usize) -> Result<Self, WireError> {
        let name = self.name.trim().trim_start_matches('/').to_lowercase();
        let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(is_word) {
            let problem = "Letters, digits, - and _, without spaces.";
            return Err(WireError::field("name", problem));
        }
        if name.chars().count() > NAME_CHARS {
            let problem = format!("At most {NAME_CHARS} characters.");
            return Err(WireError::field("name", problem));
        }
        let content = check_content(&self.content, message_chars).map_err(|_| {
            WireError::field("content", format!("1 to {message_chars} characters."))
        })?;
        Ok(Self {
            id: self.id,
            desk: self.desk,
            name,
            content,
        })
    }
}

/// Those that somebody who has typed `typed` after `/` may mean: whose names begin so, then whose names or texts hold
/// it.
pub fn matching<'r>(replies: &'r [CannedReply], typed: &str) -> Vec<&'r CannedReply> {
    let typed = typed.to_lowercase();
    let rank = |reply: &CannedReply| {
        if reply.name.starts_with(&typed) {
            Some(0)
        } else if reply.name.contains(&typed) {
            Some(1)
        } else if reply.content.to_lowercase().contains(&typed) {
            Some(2)
        } else {
            None
        }
    };
    let mut found: Vec<_> = replies
        .iter()
        .filter_map(|reply| Some((rank(reply)?, reply)))
        .collect();
    found.sort_by(|(rank, reply), (other_rank, other)| {
        (rank, &reply.name).cmp(&(other_rank, &other.name))
    });
    found.into_iter().map(|(_, reply)| reply).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(id: i64, name: &str, content: &str) -> CannedReply {
        CannedReply {
            desk: Desk::default_desk(),
            id: CannedReplyId(id),
            name: name.to_owned(),
            content: content.to_owned(),
        }
    }

    #[test]
    fn names_go_where_they_belong() {
        let hello = reply(1, "hello", "Hello {name}, {me} here. {name}?");
        assert_eq!(hello.filled("Ana", "Nora"), "Hello Ana, Nora here. Ana?");
        // Nobody's name is taken for a place of a name.
        assert_eq!(reply(1, "a", "{name}").filled("{me}", "Nora"), "{me}");
    }

    #[test]
    fn a_beginning_goes_before_a_middle_and_a_text() {
        let replies = [
            reply(1, "card", "Your card"),
            reply(2, "library-card", "Ask at the desk"),
            reply(3, "lost", "A new card costs 5"),
            reply(4, "cards", "Both"),
            reply(5, "hours", "From 8 to 4"),
        ];
        let names = |typed| -> Vec<i64> {
            let found = matching(&replies, typed);
            found.into_iter().map(|reply| reply.id.0).collect()
        };
        assert_eq!(names("CARD"), [1, 4, 2, 3]);
        assert_eq!(names(""), [1, 4, 5, 2, 3]);
        assert_eq!(names("nothing"), Vec::<i64>::new());
    }

    #[test]
    fn a_draft_is_kept_by_a_word() {
        let draft = |name: &str, content: &str| CannedDraft {
            id: None,
            desk: None,
            name: name.to_owned(),
            content: content.to_owned(),
        };
        let kept = draft(" /Lost-Card ", " Hello ").checked(10).unwrap();
        assert_eq!(
            (kept.name.as_str(), kept.content.as_str()),
            ("lost-card", "Hello")
        );
        assert!(draft("öffnung", "Hello").checked(10).is_ok());
        for (name, content, field) in [
            ("", "Hello", "name"),
            ("two words", "Hello", "name"),
            ("a/b", "Hello", "name"),
            (&"x".repeat(41), "Hello", "name"),
            ("name", "  ", "content"),
            ("name", "12345678901", "content"),
        ] {
            match draft(name, content).checked(10) {
                Err(WireError::Invalid { fields }) => assert!(fields.contains_key(field), "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
