//! Secrets that Quad makes for itself at its first start, in the data folder, readable by its own user alone.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use secrecy::SecretString;

use super::random;

/// Fewest characters of a secret that somebody has given (RFC 7518: as many bits as HMAC-SHA-256 gives).
const GIVEN_CHARS: usize = 32;

/// The secret of that name, made if it is not there yet.
pub fn load_or_make(data_dir: &Path, name: &str) -> io::Result<SecretString> {
    let folder = data_dir.join("secrets");
    let path = folder.join(name);
    match fs::read_to_string(&path) {
        Ok(secret) if !secret.trim().is_empty() => return Ok(secret.trim().to_owned().into()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::create_dir_all(&folder)?;
    let secret = random::token();
    private_file(&path)?.write_all(secret.as_bytes())?;
    Ok(secret.into())
}

/// The secret in a file that somebody has given. Errors: it cannot be read, or is too short to be one.
pub fn read_given(path: &Path) -> io::Result<SecretString> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text =
        fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), at(&error)))?;
    let secret = text.trim();
    if secret.chars().count() < GIVEN_CHARS {
        let problem = format!("holds fewer than {GIVEN_CHARS} characters");
        return Err(io::Error::new(io::ErrorKind::InvalidData, at(&problem)));
    }
    Ok(secret.to_owned().into())
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_secret_that_is_given_must_be_there_and_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jwt");
        assert!(read_given(&path).unwrap_err().to_string().contains("jwt: "));
        fs::write(&path, "short\n").unwrap();
        assert!(read_given(&path).is_err());
        fs::write(&path, format!("{}\n", "x".repeat(32))).unwrap();
        assert_eq!(read_given(&path).unwrap().expose_secret().len(), 32);
    }

    #[test]
    fn a_secret_is_made_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let first = load_or_make(folder.path(), "csrf.key").unwrap();
        let again = load_or_make(folder.path(), "csrf.key").unwrap();
        assert_eq!(first.expose_secret(), again.expose_secret());
        assert!(first.expose_secret().len() >= 43);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("secrets/csrf.key"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
