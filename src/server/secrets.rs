//! Secrets that Quad makes for itself at its first start, in the data folder, readable by its own user alone.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use secrecy::SecretString;

use super::random;

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
