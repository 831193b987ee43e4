//! Tests the writer and its queues on a fake database that fails on command, with any sequence of
//! changes, failures and pauses: each caller gets a response, acknowledged changes are committed
//! once and in order, and everything works afterwards.

use super::*;
use crate::platform::database::transaction::{Transaction, Transactions};
use crate::platform::tasks::Tasks;
use crate::shared::sync::lock;
use proptest::prelude::*;
use sea_orm::sqlx::sqlite::SqliteQueryResult;
use std::{collections::VecDeque, sync::Arc};
use tokio::{task::JoinHandle, time::sleep};

/// Duration of a statement.
const TRIP: Duration = Duration::from_millis(1);
/// Time until a lost connection is noticed.
const LOST: Duration = Duration::from_secs(25);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// An error; nothing changed.
    Refused,
    /// An error that undoes the whole transaction, like a full disk.
    Ended,
    /// No response. A commit may have succeeded.
    Lost,
    Panicking,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Begin,
    Savepoint,
    Statement,
    Release,
    Undo,
    Commit,
}

/// State of the fake database.
#[derive(Default)]
struct State {
    committed: Vec<i32>,
    /// Committed, but the response was lost.
    uncertain: Vec<i32>,
    faults: VecDeque<(Place, Fault)>,
    struck: bool,
}

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<State>>);

impl Fake {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        lock(&self.0)
    }

    /// Takes the next fault if it applies to this kind of statement.
    fn fault(&self, place: Place) -> Option<Fault> {
        let mut state = self.state();
        let (_, fault) = *state.faults.front().filter(|(at, _)| *at == place)?;
        state.faults.pop_front();
        state.struck = true;
        drop(state);
        assert!(fault != Fault::Panicking, "as this test wants");
        Some(fault)
    }
}

#[async_trait]
impl Transactions for Fake {
    async fn begin(&self) -> Result<Arc<dyn Transaction>, DbErr> {
        sleep(TRIP).await;
        match self.fault(Place::Begin) {
            None => Ok(Arc::new(Open {
                fake: self.clone(),
                inner: Mutex::default(),
            })),
            Some(fault) => Err(fail(fault).await),
        }
    }

    async fn close(&self) -> Result<(), DbErr> {
        Ok(())
    }
}

async fn fail(fault: Fault) -> DbErr {
    if fault == Fault::Refused {
        return DbErr::Custom("refused".into());
    }
    if fault == Fault::Lost {
        sleep(LOST).await;
    }
    DbErr::Conn(sea_orm::RuntimeErr::Internal(format!("{fault:?}")))
}

/// An open transaction of the fake database.
struct Open {
    fake: Fake,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    rows: Vec<i32>,
    savepoints: Vec<(String, usize)>,
    over: bool,
}

impl Open {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        lock(&self.inner)
    }

    async fn one(&self, sql: &str) -> Result<(), DbErr> {
        sleep(TRIP).await;
        let words: Vec<_> = sql.split_whitespace().collect();
        let place = match words[..] {
            ["SAVEPOINT", _] => Place::Savepoint,
            ["RELEASE", ..] => Place::Release,
            ["ROLLBACK", ..] => Place::Undo,
            _ => Place::Statement,
        };
        if self.inner().over {
            return Err(DbErr::Custom("the transaction is over".into()));
        }
        if let Some(fault) = self.fake.fault(place) {
            self.inner().over |= matches!(fault, Fault::Ended | Fault::Lost);
            return Err(fail(fault).await);
        }
        let name = (*words.last().unwrap()).to_owned();
        let mut inner = self.inner();
        let found = inner.savepoints.iter().rposition(|(at, _)| *at == name);
        let missing = || DbErr::Custom("no such savepoint".into());
        match place {
            Place::Savepoint => {
                let rows = inner.rows.len();
                inner.savepoints.push((name, rows));
            }
            Place::Release => inner.savepoints.truncate(found.ok_or_else(missing)?),
            Place::Undo => {
                let found = found.ok_or_else(missing)?;
                let (_, rows) = inner.savepoints[found];
                inner.savepoints.truncate(found + 1);
                inner.rows.truncate(rows);
            }
            _ => inner.rows.push(name.parse().unwrap()),
        }
        Ok(())
    }
}

#[async_trait]
impl Transaction for Open {
    fn backend(&self) -> DatabaseBackend {
        DatabaseBackend::Sqlite
    }

    async fn execute(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("not for this test".into()))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        for one in sql.split(';') {
            self.one(one).await?;
        }
        Ok(SqliteQueryResult::default().into())
    }

    async fn query_one(&self, _: Statement) -> Result<Option<QueryResult>, DbErr> {
        Err(DbErr::Custom("not for this test".into()))
    }

    async fn query_all(&self, _: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Err(DbErr::Custom("not for this test".into()))
    }

    async fn commit(self: Arc<Self>) -> Result<(), DbErr> {
        sleep(TRIP).await;
        let own = Arc::try_unwrap(self).map_err(|_| DbErr::Custom("still in use".into()))?;
        let inner = own
            .inner
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if inner.over {
            return Err(DbErr::Custom("the transaction is over".into()));
        }
        let fault = own.fake.fault(Place::Commit);
        if fault == Some(Fault::Lost) {
            own.fake.state().uncertain.extend(&inner.rows);
        }
        if matches!(fault, None | Some(Fault::Lost)) {
            own.fake.state().committed.extend(&inner.rows);
        }
        match fault {
            None => Ok(()),
            Some(fault) => Err(fail(fault).await),
        }
    }

    async fn rollback(self: Arc<Self>) -> Result<(), DbErr> {
        sleep(TRIP).await;
        match self.fake.fault(Place::Undo) {
            None => Ok(()),
            Some(fault) => Err(fail(fault).await),
        }
    }
}

/// Behavior of a change.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Good,
    Refused,
    Panicking,
    /// Commits; its action after the commit panics.
    PanickingAfter,
    /// Uses its transaction after its end. For jobs only.
    Outliving,
    /// Releases a savepoint that is not its own. For jobs only.
    Meddling,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Submit(Change),
    Write(Change),
    Fault(Place, Fault),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let change = prop_oneof![
        6 => Just(Change::Good),
        1 => Just(Change::Refused),
        1 => Just(Change::Panicking),
        1 => Just(Change::PanickingAfter),
    ];
    let job = prop_oneof![
        4 => change.clone(),
        1 => Just(Change::Outliving),
        1 => Just(Change::Meddling),
    ];
    let place = prop::sample::select(vec![
        Place::Begin,
        Place::Savepoint,
        Place::Statement,
        Place::Release,
        Place::Undo,
        Place::Commit,
    ]);
    let fault = prop::sample::select(vec![
        Fault::Refused,
        Fault::Ended,
        Fault::Lost,
        Fault::Panicking,
    ]);
    prop_oneof![
        6 => change.prop_map(Step::Submit),
        4 => job.prop_map(Step::Write),
        2 => (place, fault).prop_map(|(place, fault)| Step::Fault(place, fault)),
        3 => prop_oneof![0..6_u64, Just(400), Just(30_000)].prop_map(Step::Pass),
    ]
}

/// The test's changes as a batched kind of change.
struct Changes(Journal);

/// A numbered change: the number is inserted as a row.
type Item = (i32, Change);

async fn apply(tx: &Tx, journal: &Journal, (n, change): Item) -> Result<()> {
    tx.execute_unprepared(&format!("INSERT {n}")).await?;
    match change {
        Change::PanickingAfter => tx.after_commit(async { panic!("as this test wants") }),
        _ => journal.note(tx, n),
    }
    match change {
        Change::Refused => Err(Error::forbidden()),
        Change::Panicking => panic!("as this test wants"),
        Change::Outliving => {
            let (late, journal) = (tx.clone(), journal.clone());
            tokio::spawn(async move {
                // By now another job runs.
                sleep(TRIP * 2).await;
                let stored = late.execute_unprepared(&format!("INSERT {}", -n)).await;
                if stored.is_ok() {
                    journal.entries().push(-n);
                }
            });
            Ok(())
        }
        Change::Meddling => {
            tx.execute_unprepared("RELEASE SAVEPOINT job").await?;
            Ok(())
        }
        Change::Good | Change::PanickingAfter => Ok(()),
    }
}

#[async_trait]
impl Work for Changes {
    type Item = Item;
    type Done = i32;

    async fn run(&self, tx: &Tx, items: &[Item]) -> Result<Vec<i32>> {
        for item in items {
            apply(tx, &self.0, *item).await?;
        }
        Ok(items.iter().map(|(n, _)| *n).collect())
    }
}

type Answer = (Item, bool, JoinHandle<Result<i32>>);

struct Play {
    fake: Fake,
    writer: Writer,
    bulk: Bulk<Changes>,
    journal: Journal,
    answers: Vec<Answer>,
    acknowledged: Vec<Item>,
    number: i32,
}

impl Play {
    fn item(&mut self, change: Change) -> Item {
        self.number += 1;
        (self.number, change)
    }

    fn submit(&mut self, change: Change) {
        let item = self.item(change);
        let answer = tokio::spawn(self.bulk.submit(item));
        self.answers.push((item, true, answer));
    }

    async fn write(&mut self, change: Change) {
        let item = self.item(change);
        let (writer, journal) = (self.writer.clone(), self.journal.clone());
        let answer = tokio::spawn(async move {
            let job = move |tx: Tx| async move { apply(&tx, &journal, item).await };
            writer.write(Uuid::max(), job).await.map(|()| item.0)
        });
        self.answers.push((item, false, answer));
        // After this the task has queued its job.
        tokio::task::yield_now().await;
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Submit(change) => self.submit(change),
            Step::Write(change) => self.write(change).await,
            Step::Fault(place, fault) => self.fake.state().faults.push_back((place, fault)),
            Step::Pass(millis) => sleep(Duration::from_millis(millis)).await,
        }
    }

    /// Compares all results with the stored rows.
    async fn check(&mut self) {
        let meddled = self
            .answers
            .iter()
            .any(|((_, change), ..)| *change == Change::Meddling);
        for ((n, change), _, answer) in std::mem::take(&mut self.answers) {
            let answer = tokio::time::timeout(Duration::from_hours(24), answer).await;
            let answer = answer.expect("every caller gets an answer").unwrap();
            let bad = matches!(
                change,
                Change::Refused | Change::Panicking | Change::Meddling
            );
            match answer {
                Ok(answer) => {
                    assert!(answer == n && !bad, "{n} {change:?}");
                    self.acknowledged.push((n, change));
                }
                // An unknown outcome must not be acknowledged.
                Err(error) if !bad => {
                    let struck = self.fake.state().struck;
                    assert!(meddled || struck, "{n} failed for no reason: {error:?}");
                    assert!(
                        matches!(error.kind, Kind::Unavailable | Kind::Internal),
                        "{error:?}"
                    );
                }
                Err(_) => {}
            }
        }
        let uncertain = self.fake.state().uncertain.clone();
        let mut sure = self.fake.state().committed.clone();
        sure.retain(|n| !uncertain.contains(n));
        let mut numbers: Vec<_> = self.acknowledged.iter().map(|(n, _)| *n).collect();
        let told: Vec<_> = self
            .acknowledged
            .iter()
            .filter(|(_, change)| *change != Change::PanickingAfter)
            .map(|(n, _)| *n)
            .collect();
        let journal = self.journal.entries().clone();
        let published: Vec<_> = sure.iter().copied().filter(|n| told.contains(n)).collect();
        assert_eq!(
            journal, published,
            "published after the commit, in its order"
        );
        sure.sort_unstable();
        numbers.sort_unstable();
        assert_eq!(numbers, sure, "acknowledged is what is committed");
    }

    /// Checks that the items of each queue are committed in the order of their arrival.
    fn in_order(&self, of_bulk: &[i32]) {
        let stored = self.fake.state().committed.clone();
        let (bulk, jobs): (Vec<i32>, Vec<i32>) =
            stored.iter().copied().partition(|n| of_bulk.contains(n));
        assert!(bulk.is_sorted() && jobs.is_sorted(), "{stored:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn whatever_fails_every_caller_is_answered_truly(
        steps in prop::collection::vec(step(), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let fake = Fake::default();
            let (writer, writer_loop) = Writer::new(fake.clone());
            let tasks = Tasks::default();
            tasks.start(writer_loop);
            let journal = Journal::default();
            let bulk = Bulk::new(writer.clone(), Changes(journal.clone()));
            let mut play = Play { fake, writer, bulk, journal, answers: Vec::new(), acknowledged: Vec::new(), number: 0 };
            for step in steps {
                play.take(step).await;
            }
            let of_bulk = play.answers.iter().filter(|(_, bulk, _)| *bulk);
            let of_bulk: Vec<_> = of_bulk.map(|((n, _), ..)| *n).collect();
            play.check().await;
            play.in_order(&of_bulk);
            // Afterwards everything works.
            play.fake.state().faults.clear();
            play.fake.state().struck = false;
            for _ in 0..3 {
                play.submit(Change::Good);
                play.write(Change::Good).await;
            }
            play.check().await;
            tasks.stop(Duration::from_secs(60)).await;
            let late = play.bulk.submit((0, Change::Good)).await;
            assert_eq!(late.unwrap_err().kind, Kind::Unavailable);
        });
    }
}
