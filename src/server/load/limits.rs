//! As many open files as the sockets take, for this process and the server that it starts.

use super::LoadError;

/// What a process needs besides its sockets.
const BESIDES: u64 = 200;

/// Raises the limit to what `sockets` take. Errors: the system does not give it.
#[cfg(unix)]
pub(super) fn allow(sockets: u64) -> Result<(), LoadError> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let needed = sockets.saturating_add(BESIDES);
    let present = getrlimit(Resource::Nofile);
    if present.current.is_none_or(|allowed| allowed >= needed) {
        return Ok(());
    }
    // Beyond its maximum only root may go.
    let maximum = present.maximum.map(|maximum| maximum.max(needed));
    let raised = Rlimit {
        current: Some(needed),
        maximum,
    };
    setrlimit(Resource::Nofile, raised).map_err(|_| LoadError::Files {
        needed,
        allowed: present.maximum.unwrap_or(needed),
    })
}

/// Elsewhere there is no such limit to raise.
#[cfg(not(unix))]
pub(super) fn allow(_sockets: u64) -> Result<(), LoadError> {
    Ok(())
}
