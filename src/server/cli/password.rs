//! A password from standard input: one line, so that it stands in no process list and in no shell's history.

use std::io::BufRead;

use secrecy::SecretString;

use super::Failure;

/// Fewest characters of a password.
const MIN_CHARS: usize = 8;
/// Longest password: hashing must not become work for nothing.
const MAX_BYTES: u64 = 1024;
/// `\r\n`.
const LINE_END_BYTES: u64 = 2;

/// Reads the first line of `input`, without its end.
///
/// Errors: not UTF-8, too short, too long, or nothing to read.
pub(super) fn read(input: impl BufRead) -> Result<SecretString, Failure> {
    let mut line = Vec::new();
    // One byte more than fits, so that a longer line is refused and not cut.
    let most = MAX_BYTES + LINE_END_BYTES + 1;
    input.take(most).read_until(b'\n', &mut line)?;
    let text = String::from_utf8(line).map_err(|_| said("must be UTF-8 text"))?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if u64::try_from(password.len()).is_ok_and(|bytes| bytes > MAX_BYTES) {
        return Err(said(&format!("may have at most {MAX_BYTES} bytes")));
    }
    if password.chars().count() < MIN_CHARS {
        return Err(said(&format!("must have at least {MIN_CHARS} characters")));
    }
    Ok(SecretString::from(password))
}

fn said(problem: &str) -> Failure {
    Failure::Said(format!("the password on standard input {problem}"))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn password(input: &[u8]) -> Option<String> {
        read(input)
            .ok()
            .map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn the_first_line_is_the_password_without_its_end() {
        for input in [
            "right horse",
            "right horse\n",
            "right horse\r\n",
            "right horse\nmore",
        ] {
            assert_eq!(password(input.as_bytes()).as_deref(), Some("right horse"));
        }
        assert_eq!(
            password(b" spaces stay \n").as_deref(),
            Some(" spaces stay ")
        );
    }

    #[test]
    fn length_is_bounded_on_both_sides() {
        assert_eq!(password(b""), None);
        assert_eq!(password("sieben7".as_bytes()), None);
        assert!(password("äöüßäöüß".as_bytes()).is_some());
        for (bytes, fits) in [(1024, true), (1025, false), (5000, false)] {
            let mut line = vec![b'x'; bytes];
            line.extend(b"\r\n");
            assert_eq!(password(&line).is_some(), fits, "{bytes}");
        }
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert_eq!(password(b"\xff\xff\xff\xff\xff\xff\xff\xff"), None);
    }
}
