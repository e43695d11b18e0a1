//! Numbers that look thrown, and are the same each time and on every machine.

/// A row of numbers that follows from its seed (splitmix64).
pub(super) struct Dice(u64);

impl Dice {
    /// The row of that seed.
    pub(super) fn new(seed: usize) -> Self {
        Self(u64::try_from(seed).unwrap_or_default())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `sides - 1`; 0 where there are no sides.
    pub(super) fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % sides).unwrap_or_default()
    }

    /// From `low` to `high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let sides = usize::try_from(high - low + 1).unwrap_or_default();
        low + i64::try_from(self.below(sides)).unwrap_or_default()
    }

    /// Whether the one of so many came.
    pub(super) fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    /// One of `items`.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let at = self.below(items.len());
        items.get(at).copied().unwrap_or_default()
    }

    /// Takes one out of `items`.
    pub(super) fn draw<T>(&mut self, items: &mut Vec<T>) -> Option<T> {
        let at = self.below(items.len());
        (!items.is_empty()).then(|| items.swap_remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_throws_the_same_each_time_and_another_one_does_not() {
        let row = |seed| {
            let mut dice = Dice::new(seed);
            [(); 8].map(|()| dice.between(-3, 90))
        };
        assert_eq!(row(1), row(1));
        assert_ne!(row(1), row(2));
        assert!(row(3).iter().all(|n| (-3..=90).contains(n)));
        // The reference implementation's first number of seed 0.
        assert_eq!(Dice::new(0).next(), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn drawing_takes_each_once() {
        let (mut dice, mut items) = (Dice::new(7), vec![1, 2, 3]);
        let mut drawn = [(); 3].map(|()| dice.draw(&mut items).unwrap());
        drawn.sort_unstable();
        assert_eq!(drawn, [1, 2, 3]);
        assert_eq!(dice.draw(&mut items), None);
    }
}
