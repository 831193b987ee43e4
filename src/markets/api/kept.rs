//! Long answers that were made a short while ago, as bytes: each is good for the history that it was
//! made of.

use crate::markets::History;
use crate::shared::sync::lock;
use bytes::Bytes;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, Weak},
    time::Instant,
};

/// Most bytes that are kept.
const MOST: usize = 32 << 20;

/// Answers by question.
pub struct Kept<K>(Mutex<HashMap<K, Answer>>);

struct Answer {
    used: Instant,
    /// Another history is another allocation for as long as this points to it.
    of: Weak<History>,
    bytes: Bytes,
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> Kept<K> {
    /// The answer that was made of this very history.
    pub fn get(&self, question: &K, history: &Arc<History>) -> Option<Bytes> {
        let mut all = lock(&self.0);
        let answer = all.get_mut(question)?;
        if !answer.of.ptr_eq(&Arc::downgrade(history)) {
            return None;
        }
        answer.used = Instant::now();
        Some(answer.bytes.clone())
    }

    /// Keeps an answer in the place of those that were asked for longest ago.
    pub fn keep(&self, question: K, history: &Arc<History>, bytes: Bytes) {
        let mut all = lock(&self.0);
        all.retain(|_, answer| answer.of.strong_count() > 0);
        let mut size = bytes.len() + all.values().map(|one| one.bytes.len()).sum::<usize>();
        while size > MOST {
            let oldest = all.iter().min_by_key(|(_, answer)| answer.used);
            let Some(oldest) = oldest.map(|(question, _)| question.clone()) else {
                return;
            };
            size -= all.remove(&oldest).map_or(0, |one| one.bytes.len());
        }
        let answer = Answer {
            used: Instant::now(),
            of: Arc::downgrade(history),
            bytes,
        };
        all.insert(question, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markets::Source;

    fn history() -> Arc<History> {
        Arc::new(History {
            bars: Vec::new(),
            splits: None,
            source: Source::Sample,
        })
    }

    #[test]
    fn an_answer_is_good_for_its_history() {
        let kept = Kept::default();
        let (first, second) = (history(), history());
        kept.keep("a", &first, Bytes::from("1"));
        assert_eq!(kept.get(&"a", &first).unwrap(), "1");
        assert_eq!(kept.get(&"a", &second), None, "equal, but another one");
        drop(first);
        kept.keep("b", &second, Bytes::from("2"));
        assert_eq!(kept.0.lock().unwrap().len(), 1, "what nothing is of goes");
    }

    #[test]
    fn so_many_bytes_are_kept() {
        let (kept, history) = (Kept::default(), history());
        for n in 0..100 {
            kept.keep(n, &history, vec![0; 1 << 20].into());
            kept.get(&0, &history).unwrap();
        }
        let size: usize = kept
            .0
            .lock()
            .unwrap()
            .values()
            .map(|one| one.bytes.len())
            .sum();
        assert!(size <= MOST);
        assert!(kept.get(&1, &history).is_none(), "asked for longest ago");
        assert!(kept.get(&99, &history).is_some());
    }
}
