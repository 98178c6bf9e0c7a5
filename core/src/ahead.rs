//! What will be read next? Memory can be asked for it before.

/// Has memory fetch what stands at an address, be there anything or not.
#[inline(always)]
pub fn ask_for<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every processor of this kind can, and it changes nothing.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
