//! What a load message's key says: who sent it, in which step, and when it was due. So every reader can tell how late
//! it is without asking anybody.

use uuid::Uuid;

/// The sender, the step and the time, packed into a UUID of version 8 (RFC 9562: made as the application likes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The sender's number among the clients.
    pub(super) sender: u32,
    /// The step of the run, below 4,096.
    pub(super) step: u16,
    /// When it was due, in microseconds since the run began; of one sender no two are the same.
    pub(super) due_us: u64,
}

impl Key {
    /// As a key on the wire.
    pub(super) fn uuid(self) -> Uuid {
        let high = u64::from(self.sender) << 16 | 0x8000 | u64::from(self.step & 0x0fff);
        let low = 0x8000_0000_0000_0000 | self.due_us & 0x3fff_ffff_ffff_ffff;
        Uuid::from_u64_pair(high, low)
    }

    /// Out of a key from the wire; none for one that is not of a load run.
    pub(super) fn read(uuid: Uuid) -> Option<Self> {
        if uuid.get_version_num() != 8 {
            return None;
        }
        let (high, low) = uuid.as_u64_pair();
        Some(Self {
            sender: u32::try_from(high >> 16 & 0xffff_ffff).ok()?,
            step: u16::try_from(high & 0x0fff).ok()?,
            due_us: low & 0x3fff_ffff_ffff_ffff,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_made() {
        for (sender, step, due_us) in [(0, 0, 0), (70_000, 4_095, u64::MAX >> 2), (1, 7, 123_456)] {
            let key = Key {
                sender,
                step,
                due_us,
            };
            assert_eq!(Key::read(key.uuid()), Some(key));
            assert_eq!(key.uuid().get_variant(), uuid::Variant::RFC4122);
        }
        assert_eq!(Key::read(Uuid::from_u64_pair(0x4000, 1)), None);
    }
}
