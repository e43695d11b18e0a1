//! The one row of a timeline that Tab leads to: from there the arrow keys go on (a "roving tabindex").

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    app::state::{
        RoomView,
        room::{composer_id, timeline_id},
    },
    browser::focus,
    sync::RowKey,
};

/// Where Tab leads to in a timeline: the row that had the focus last, at first the newest.
#[derive(Clone, Copy)]
pub struct TabStop {
    chosen: RwSignal<Option<RowKey>>,
    stop: Memo<Option<RowKey>>,
}

impl TabStop {
    /// That of a room's rows.
    pub fn of(view: &RoomView) -> Self {
        let rows = RwSignal::from(view.rows.clone());
        let chosen = RwSignal::new(None);
        let stop = Memo::new(move |_| {
            let (rows, chosen) = (rows.read(), chosen.get());
            let is_there = rows.iter().any(|(key, _)| Some(*key) == chosen);
            chosen
                .filter(|_| is_there)
                .or_else(|| rows.last().map(|(key, _)| *key))
        });
        Self { chosen, stop }
    }

    /// The `tabindex` of a row.
    pub fn tabindex(self, key: RowKey) -> &'static str {
        if self.stop.get() == Some(key) {
            "0"
        } else {
            "-1"
        }
    }

    /// The focus is in this row now.
    pub fn choose(self, key: RowKey) {
        if self.chosen.get_untracked() != Some(key) {
            self.chosen.set(Some(key));
        }
    }
}

/// What may be done with a row, below it in the page.
const ACTIONS: &str = ".message-actions button";

/// What the keys mean in a room's timeline: up and down a row, right and left through what may be done with it, to the first and the last, back to writing.
pub fn walk(view: &RoomView) -> impl Fn(KeyboardEvent) + Clone + use<> {
    let rows = format!("#{} .message", timeline_id(view.id));
    let composer = composer_id(view.id);
    move |ev| {
        let is_done = match ev.key().as_str() {
            "ArrowUp" => focus::step(&rows, true),
            "ArrowDown" => focus::step(&rows, false),
            "ArrowRight" => focus::step_inside(&rows, ACTIONS, false),
            "ArrowLeft" => focus::step_inside(&rows, ACTIONS, true),
            "Home" => focus::on_edge(&rows, false),
            "End" => focus::on_edge(&rows, true),
            "Escape" => {
                focus::on(&composer);
                true
            }
            _ => false,
        };
        if is_done {
            ev.prevent_default();
            // Escape in a row does not also close the panel that the row is in.
            ev.stop_propagation();
        }
    }
}
