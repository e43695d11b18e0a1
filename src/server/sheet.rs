//! Tables that come as files of comma-separated values (RFC 4180), as spreadsheets write them.

/// The byte-order mark that some of them begin with.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text without its mark, and with lines that end the same way: the reader counts one that ends in CR LF only when it
/// reads on, and would name the line before.
pub fn text(file: &[u8]) -> Vec<u8> {
    let file = file.strip_prefix(MARK).unwrap_or(file);
    let mut text = Vec::with_capacity(file.len());
    for (at, byte) in file.iter().enumerate() {
        if *byte != b'\r' || file.get(at + 1) != Some(&b'\n') {
            text.push(*byte);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_the_same_way_and_nothing_else_changes() {
        assert_eq!(
            text(b"\xef\xbb\xbfa,b\r\n1,\"x\r\ny\"\r"),
            b"a,b\n1,\"x\ny\"\r"
        );
        assert_eq!(text(b""), b"");
        assert_eq!(text("a\u{feff}".as_bytes()), "a\u{feff}".as_bytes());
    }
}
