//! The one helper for SQL whose number of parameters varies.
//!
//! Sizes are powers of two, so that a connection's cache of prepared statements stays small: lists are padded by their
//! last value, rows are written in chunks of 2^k.

/// Parameters of one list at most: far below SQLite's 32 766 and PostgreSQL's 65 535.
pub(super) const LIST: usize = 1024;

/// `value` padded to the next power of two by its last element.
pub(super) fn padded<T: Copy>(values: &[T]) -> Vec<T> {
    let mut padded = values.to_vec();
    if let Some(last) = values.last() {
        padded.resize(values.len().next_power_of_two(), *last);
    }
    padded
}

/// `$from, $from+1, …`: so many placeholders.
pub(super) fn list(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `($1, $2), ($3, $4), …`: so many rows of so many placeholders.
pub(super) fn rows(rows: usize, columns: usize) -> String {
    (0..rows)
        .map(|row| format!("({})", list(row * columns + 1, columns)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `items` in chunks whose sizes are powers of two, at most `most`, largest first.
pub(super) fn chunks<T>(items: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let size = rest
            .len()
            .min(most)
            .checked_ilog2()
            .map(|power| 1_usize << power)?;
        let (chunk, tail) = rest.split_at_checked(size)?;
        rest = tail;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_powers_of_two_and_lose_nothing() {
        let items: Vec<u32> = (0..77).collect();
        let sizes: Vec<_> = chunks(&items, 32).map(<[u32]>::len).collect();
        assert_eq!(sizes, [32, 32, 8, 4, 1]);
        assert_eq!(
            chunks(&items, 32).flatten().copied().collect::<Vec<_>>(),
            items
        );
        assert_eq!(chunks::<u32>(&[], 32).count(), 0);
    }

    #[test]
    fn lists_are_padded_by_their_last_value() {
        assert_eq!(padded(&[1, 2, 3]), [1, 2, 3, 3]);
        assert_eq!(list(3, 2), "$3, $4");
        assert_eq!(rows(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
