//! Batched changes: one item must not affect the others.

use super::*;
use crate::platform::database::{Database, placeholders};
use crate::shared::Kind;
use crate::testing::TestDb;
use futures::future::join_all;
use proptest::prelude::*;
use sea_orm::Statement;

/// Inserts numbers with one statement and returns them doubled.
struct Numbers {
    published: Arc<Mutex<Vec<i32>>>,
    statements: Arc<Mutex<Vec<usize>>>,
}

/// A number that the work rejects.
const REFUSED: i32 = -1;
/// A number that makes the work panic.
const PANICKING: i32 = -2;

#[async_trait]
impl Work for Numbers {
    type Item = i32;
    type Done = i32;

    async fn run(&self, tx: &Tx, items: &[i32]) -> Result<Vec<i32>> {
        self.statements.lock().unwrap().push(items.len());
        assert!(!items.contains(&PANICKING), "as this test wants");
        let sql = format!(
            "INSERT INTO numbers (n) VALUES {}",
            placeholders(items.len(), 1)
        );
        let values = items.iter().map(|n| (*n).into()).collect::<Vec<_>>();
        let backend = tx.get_database_backend();
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?;
        for n in items.iter().copied() {
            let published = Arc::clone(&self.published);
            tx.after_commit(async move { published.lock().unwrap().push(n) });
        }
        if items.contains(&REFUSED) {
            return Err(Error::forbidden());
        }
        Ok(items.iter().map(|n| n * 2).collect())
    }
}

struct Fixture {
    db: Database,
    bulk: Bulk<Numbers>,
    published: Arc<Mutex<Vec<i32>>>,
    statements: Arc<Mutex<Vec<usize>>>,
}

impl Fixture {
    async fn new(db: Database) -> Self {
        db.write(Uuid::nil(), |tx| async move {
            let sql = "CREATE TABLE numbers (n INTEGER PRIMARY KEY)";
            Ok(tx.execute_unprepared(sql).await.map(drop)?)
        })
        .await
        .unwrap();
        let published = Arc::default();
        let statements = Arc::default();
        let bulk = db.bulk(Numbers {
            published: Arc::clone(&published),
            statements: Arc::clone(&statements),
        });
        Self {
            db,
            bulk,
            published,
            statements,
        }
    }

    async fn stored(&self) -> Vec<i32> {
        let all = "SELECT n FROM numbers ORDER BY n";
        let all = Statement::from_string(self.db.get_database_backend(), all);
        let rows = self.db.query_all_raw(all).await.unwrap();
        rows.iter()
            .map(|row| row.try_get("", "n").unwrap())
            .collect()
    }

    /// Submits all numbers before the writer runs.
    async fn submit(&self, numbers: &[i32]) -> Vec<Result<i32, Kind>> {
        let all = numbers.iter().map(|n| self.bulk.submit(*n));
        let answers = join_all(all.collect::<Vec<_>>()).await;
        answers
            .into_iter()
            .map(|answer| answer.map_err(|error| error.kind))
            .collect()
    }
}

#[tokio::test]
async fn what_arrives_together_shares_a_statement() {
    TestDb::each(|db| async move {
        let fixture = Fixture::new(db).await;
        let numbers: Vec<_> = (0..300).collect();
        let answers = fixture.submit(&numbers).await;
        let expected: Vec<_> = numbers.iter().map(|n| Ok(n * 2)).collect();
        assert_eq!(answers, expected);
        assert_eq!(fixture.stored().await, numbers);
        assert_eq!(*fixture.published.lock().unwrap(), numbers);
        assert_eq!(*fixture.statements.lock().unwrap(), [300]);
        assert_eq!(fixture.submit(&[1_000]).await, [Ok(2_000)], "and alone");
        assert_eq!(fixture.submit(&[1_000]).await, [Err(Kind::Internal)]);
        assert_eq!(fixture.submit(&[1_001]).await, [Ok(2_002)]);
    })
    .await;
}

#[tokio::test]
async fn beside_other_jobs_of_the_same_commit() {
    TestDb::each(|db| async move {
        let fixture = Fixture::new(db.clone()).await;
        let job = |n: i32, ends_well: bool| {
            db.write(Uuid::now_v7(), move |tx| async move {
                let sql = format!("INSERT INTO numbers (n) VALUES ({n})");
                tx.execute_unprepared(&sql).await?;
                ends_well.then_some(n).ok_or_else(Error::not_found)
            })
        };
        let (ok, failed, bulk) = futures::join!(
            job(7, true),
            job(8, false),
            fixture.submit(&[1, REFUSED, 2, 7])
        );
        assert_eq!(
            ok.map_err(|error| error.kind),
            Err(Kind::Internal),
            "7 is there"
        );
        assert_eq!(failed.unwrap_err().kind, Kind::NotFound);
        assert_eq!(bulk, [Ok(2), Err(Kind::Forbidden), Ok(4), Ok(14)]);
        assert_eq!(fixture.stored().await, [1, 2, 7]);
    })
    .await;
}

#[tokio::test]
async fn who_comes_after_the_end_is_told() {
    let test = TestDb::sqlite().await;
    let fixture = Fixture::new(test.db.clone()).await;
    let under_way = fixture.bulk.submit(1);
    test.stop().await;
    assert_eq!(under_way.await.unwrap(), 2, "what waits is finished");
    let late = fixture.bulk.submit(2).await;
    assert_eq!(late.unwrap_err().kind, Kind::Unavailable);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// However many items fail, exactly the others are stored, published and answered, in order.
    #[test]
    fn only_the_guilty_fail(kinds in prop::collection::vec(0..8_u8, 1..70)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let test = TestDb::sqlite().await;
            let fixture = Fixture::new(test.db.clone()).await;
            let mut numbers = Vec::new();
            let mut expected = Vec::new();
            let mut kept = Vec::new();
            for (n, kind) in (0..).zip(kinds) {
                let (number, answer) = match kind {
                    0 => (REFUSED, Err(Kind::Forbidden)),
                    1 => (PANICKING, Err(Kind::Internal)),
                    // A number that is already stored.
                    2 if !kept.is_empty() => (kept[0], Err(Kind::Internal)),
                    _ => {
                        kept.push(n);
                        (n, Ok(n * 2))
                    }
                };
                numbers.push(number);
                expected.push(answer);
            }
            assert_eq!(fixture.submit(&numbers).await, expected);
            assert_eq!(fixture.stored().await, kept);
            assert_eq!(*fixture.published.lock().unwrap(), kept);
            test.stop().await;
        });
    }
}
