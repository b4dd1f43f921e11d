//! Numbers by chance that a seed repeats.

/// A number from zero up to one; the sequence depends on the seed alone.
pub(crate) fn random(state: &mut u64) -> f64 {
    f64::from(bits(state)) / (f64::from(u32::MAX) + 1.0)
}

/// One of so many positions, from the same sequence.
pub(crate) fn random_position(state: &mut u64, count: usize) -> usize {
    usize::try_from(bits(state)).unwrap_or_default() % count.max(1)
}

fn bits(state: &mut u64) -> u32 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    u32::try_from(mixed >> 32).unwrap_or(u32::MAX)
}
