//! Parts that pages are made of: each takes signals and says what was done, and knows no page.

pub mod above_row;
pub mod avatar;
pub mod badge;
pub mod canned;
pub mod composer;
pub mod confirm;
pub mod connection_bar;
pub mod conversation;
pub mod desk;
pub mod form_field;
pub mod icon;
pub mod member;
pub mod message_row;
pub mod message_text;
pub mod page_title;
pub mod room_link;
pub mod sign_out;
pub mod status;
pub mod system_row;
pub mod tab_stop;
pub mod text_spans;
pub mod theme_switch;
pub mod timeline;
pub mod top_bar;
pub mod typing_line;
pub mod write_kind;
