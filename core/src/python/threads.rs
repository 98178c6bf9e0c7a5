//! Which threads does the core work on? Rayon's; in a process that was forked, some of its own.
//!
//! The threads among which rayon shares its work stay behind in the parent, and who asks them for anything waits for ever.
//! A crawler that forks its workers, as `multiprocessing` does, would hang in each of them.

use std::process;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use pyo3::Python;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// The process that loaded the module.
static HOME: OnceLock<u32> = OnceLock::new();
/// The threads of the child that asked last, which is this process or one above it.
static OF_CHILD: AtomicPtr<OfChild> = AtomicPtr::new(ptr::null_mut());

struct OfChild {
    process: u32,
    threads: ThreadPool,
}

/// Notes in which process the module is loaded.
pub fn loaded() {
    HOME.get_or_init(process::id);
}

/// Does the work with the interpreter released.
pub fn released<R: Send>(py: Python<'_>, work: impl FnOnce() -> R + Send) -> R {
    let process = process::id();
    if HOME.get() == Some(&process) {
        return py.detach(work);
    }
    py.detach(|| of_child(process).install(work))
}

/// The threads of a child, which it starts when it first asks.
fn of_child(process: u32) -> &'static ThreadPool {
    let known = OF_CHILD.load(Ordering::Acquire);
    // SAFETY: what was stored is never freed. Of a process above this one the threads are not here to be told to end.
    if let Some(known) = unsafe { known.as_ref() }.filter(|known| known.process == process) {
        return &known.threads;
    }
    let threads = ThreadPoolBuilder::new().build().expect("the system lets a process have threads");
    let new = Box::into_raw(Box::new(OfChild { process, threads }));
    match OF_CHILD.compare_exchange(known, new, Ordering::AcqRel, Ordering::Acquire) {
        // SAFETY: from here on it is never freed.
        Ok(_) => unsafe { &(*new).threads },
        Err(first) => {
            // SAFETY: another thread of this process was first, so nobody else has seen the new one.
            drop(unsafe { Box::from_raw(new) });
            unsafe { &(*first).threads }
        }
    }
}
