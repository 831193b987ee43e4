//! Cache of long responses, as bytes. An entry is valid only for the price history that it was
//! computed from.

use crate::markets::History;
use crate::shared::sync::lock;
use bytes::Bytes;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, Weak},
    time::Instant,
};

/// Size limit of the cache in bytes.
const MOST: usize = 32 << 20;

/// Responses by request; the least recently used ones are evicted.
pub struct AnswerCache<K>(Mutex<HashMap<K, Answer>>);

struct Answer {
    used: Instant,
    /// Identifies the history by its address, which no other history can get while this points to
    /// it.
    of: Weak<History>,
    bytes: Bytes,
}

impl<K> Default for AnswerCache<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> AnswerCache<K> {
    /// Returns the response that was computed from this very history.
    pub fn get(&self, question: &K, history: &Arc<History>) -> Option<Bytes> {
        let mut all = lock(&self.0);
        let answer = all.get_mut(question)?;
        if !answer.of.ptr_eq(&Arc::downgrade(history)) {
            return None;
        }
        answer.used = Instant::now();
        Some(answer.bytes.clone())
    }

    /// Stores a response, and evicts the least recently used ones above the size limit.
    pub fn insert(&self, question: K, history: &Arc<History>, bytes: Bytes) {
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
        let cache = AnswerCache::default();
        let (first, second) = (history(), history());
        cache.insert("a", &first, Bytes::from("1"));
        assert_eq!(cache.get(&"a", &first).unwrap(), "1");
        assert_eq!(cache.get(&"a", &second), None, "equal, but another one");
        drop(first);
        cache.insert("b", &second, Bytes::from("2"));
        assert_eq!(cache.0.lock().unwrap().len(), 1, "what nothing is of goes");
    }

    #[test]
    fn so_many_bytes_are_kept() {
        let (cache, history) = (AnswerCache::default(), history());
        for n in 0..100 {
            cache.insert(n, &history, vec![0; 1 << 20].into());
            cache.get(&0, &history).unwrap();
        }
        let size: usize = cache
            .0
            .lock()
            .unwrap()
            .values()
            .map(|one| one.bytes.len())
            .sum();
        assert!(size <= MOST);
        assert!(cache.get(&1, &history).is_none(), "asked for longest ago");
        assert!(cache.get(&99, &history).is_some());
    }
}
