//! What concerns everybody who is connected here.

use super::{Frame, Hub};
use crate::protocol::Event;

impl Hub {
    /// Queues an event that has no place in any room's history for every socket.
    pub fn tell_all(&self, event: &Event) {
        let frame = Frame::of(event);
        for connection in self.all.read().values() {
            connection.push(frame.clone());
        }
    }

    /// Asks every device to fetch its list afresh.
    pub fn refresh_all(&self) {
        for connection in self.all.read().values() {
            connection.refresh();
        }
    }
}
