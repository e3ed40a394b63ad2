//! Work that several threads share.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

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
        let start =
            |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take).expect("a thread can be started");
        let others: Vec<_> = (1..threads).map(start).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}
