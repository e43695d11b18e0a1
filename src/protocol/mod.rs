//! The WebSocket protocol `quad.1`, in prose and in types.
//!
//! One JSON object a text frame, told apart by `type`. A command may carry `ref`, any string; its `ack` or `error`
//! repeats it.
//!
//! **Arriving.** The client opens `/ws/chat/` with the subprotocol `quad.1`. The server sends [`Hello`]: who you are,
//! the database's `epoch`, and your rooms with your marks. The client then sends `resume` with the rooms whose snapshot
//! it holds, each with the `seq` up to which it knows everything.
//!
//! **Resuming.** For each room the server sends what changed after `since` (each message once, in its present state),
//! the others' marks, then `caught_up {seq}`: everything up to it has been sent. Live events of that room may
//! come in between; the client holds them back and drops those up to `seq`. `reset` instead means: fetch the room afresh.
//!
//! **Living.** Durable events carry `room_id` and `seq`, dense per room: a jump is a gap, and the client resumes that
//! room. Marks (`messages_read`, `messages_delivered`, `unread`, `room_chosen`) and signs (`typing_indicator`, `looking`) stand outside `seq`; `unread` says at which `seq`
//! it was counted, and a client whose list stands elsewhere asks for `hello`.
//!
//! **Read and delivered.** `mark_read` says up to where one has read, `delivered` up to where a room has come, read or not:
//! each by `room_id` and `read_seq`, or by `message_ids`, which stand for their places. Others hear of both, and both go
//! forward only; who has read something has received it. Rooms of many keep no `delivered`.
//!
//! **Members.** `member_joined`, `member_left`, `member_role` and `room_updated` are durable and absolute: they say how it
//! is now, and bring the message that tells of it. Whoever comes in gets `room_added` first; whoever goes out gets
//! `room_removed` and nothing of that room any more.
//!
//! **Presence.** `watch {user_ids}` says at whom one looks, at most 200; of those whom one may see `presence` tells at once
//! how it is, then each change, at most a few a second, the latest alone. Whoever was looked at before and is no more is
//! told of no more. `presence {status?}` from the client is a sign of life, due at most once a minute while somebody does
//! something; with a `status` it is a choice, which is kept. `current_room` stands there where both are in that room.
//!
//! **Among those who answer.** In a support room a message of `audience` `staff` is an internal note: for its person there
//! was a change (`skip`), and no more. It is no last message and no answer, and is unread for the others who answer.
//! `looking` tells those of them who `watch` the room who else does, at most twice a second. Signs are of one node:
//! somebody who is connected to another one is neither told nor shown.
//!
//! **The school.** `system` carries every alert that stands, whole, as `hello` does; what of them one has put away, and whom
//! one has blocked, comes with `hello`, which is sent again when that changes. A room of two that `is_closed` takes no
//! message of yours (`no_contact`), by the school's policy or by a block; which of them is not said.
//!
//! **Sending.** `chat_message` with a `client_id` is answered by `ack` once the message is durable, however often it is
//! sent. An `error` leaves the socket open.
//!
//! Owns: commands, events, their JSON and the close codes. Must not know: leptos, axum, sqlx, the browser.

pub mod close;
pub mod command;
pub mod event;
#[cfg(feature = "ssr")]
pub mod public;

pub use close::CloseCode;
pub use command::{ByMessages, Command, CommandFrame, ResumeFrom};
pub use event::{Ack, ErrorEvent, Event, Hello, MemberChanged, RequestChanged, RoomUpdated};

/// The subprotocol of the native client, fixed at the handshake.
pub const SUBPROTOCOL: &str = "quad.1";

/// Where the native client connects.
pub const SOCKET_PATH: &str = "/ws/chat/";
