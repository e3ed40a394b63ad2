//! Work that several threads share.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};

/// As much as the first thread has: a text may be as deep for the others.
const STACK: usize = 8 << 20;

/// What `work` makes of each of `items`, in their order. Each thread takes the next one that nobody has taken; `few` are
/// done before another thread has started.
pub(crate) fn side_by_side<T: Sync, R: Send>(items: &[T], few: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len() / few);
    let next = AtomicUsize::new(0);
    let take = || -> Vec<(usize, R)> {
        let taken = std::iter::from_fn(|| {
            let at = next.fetch_add(1, Relaxed);
            items.get(at).map(|item| (at, item))
        });
        taken.map(|(at, item)| (at, work(item))).collect()
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| start(scope, take)).collect();
        let mut done = take();
        for other in others {
            done.extend(join(other));
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

/// What `one` and `other` make; `one` has a thread of its own.
pub fn beside<T: Send, R>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> R) -> (T, R) {
    thread::scope(|scope| {
        let one = start(scope, one);
        let other = other();
        (join(one), other)
    })
}

/// What is in `mutex`, also where a thread that had it has panicked.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start<'s, T: Send + 's>(scope: &'s Scope<'s, '_>, work: impl FnOnce() -> T + Send + 's) -> ScopedJoinHandle<'s, T> {
    thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread can be started")
}

fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
