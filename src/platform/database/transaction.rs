//! Transactions of the writer, whose statements have a time limit.

use super::connect::Timeouts;
use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, ExecResult,
    QueryResult, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Creates the writer's transactions.
#[async_trait]
pub(super) trait Transactions: Send + Sync + 'static {
    /// Begins a transaction that holds the write lock.
    async fn begin(&self) -> Result<Arc<dyn Transaction>, DbErr>;
    /// Closes the connections.
    async fn close(&self) -> Result<(), DbErr>;
}

/// An open transaction. It rolls back on drop.
#[async_trait]
pub(super) trait Transaction: Send + Sync {
    fn backend(&self) -> DatabaseBackend;
    async fn execute(&self, statement: Statement) -> Result<ExecResult, DbErr>;
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr>;
    async fn query_one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr>;
    async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr>;
    /// Fails while another handle to the transaction exists.
    async fn commit(self: Arc<Self>) -> Result<(), DbErr>;
    /// Fails while another handle to the transaction exists.
    async fn rollback(self: Arc<Self>) -> Result<(), DbErr>;
}

/// Real transactions from a pool.
pub(super) struct Pooled {
    pool: DatabaseConnection,
    limit: Option<Duration>,
}

impl Pooled {
    pub(super) fn new(pool: DatabaseConnection, timeouts: &Timeouts) -> Self {
        let limit = timeouts.answer(pool.get_database_backend());
        Self { pool, limit }
    }
}

#[async_trait]
impl Transactions for Pooled {
    async fn begin(&self) -> Result<Arc<dyn Transaction>, DbErr> {
        let options = TransactionOptions {
            // Takes the write lock at the start, so no read can become outdated later.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = within(self.limit, self.pool.begin_with_options(options)).await?;
        Ok(Arc::new(Limited {
            inner,
            limit: self.limit,
            lost: AtomicBool::new(false),
        }))
    }

    async fn close(&self) -> Result<(), DbErr> {
        within(self.limit, self.pool.close_by_ref()).await
    }
}

/// A transaction whose statements have a time limit. After the first statement without a response
/// the connection counts as lost, and all later statements fail at once.
struct Limited {
    inner: DatabaseTransaction,
    limit: Option<Duration>,
    lost: AtomicBool,
}

impl Limited {
    async fn run<T: Send>(
        &self,
        statement: impl Future<Output = Result<T, DbErr>> + Send,
    ) -> Result<T, DbErr> {
        if self.lost.load(Ordering::Relaxed) {
            return Err(lost());
        }
        let Some(limit) = self.limit else {
            return statement.await;
        };
        let answer = tokio::time::timeout(limit, statement).await;
        answer.unwrap_or_else(|_| {
            self.lost.store(true, Ordering::Relaxed);
            Err(no_answer(limit))
        })
    }

    /// Unwraps the transaction to commit or roll it back.
    fn own(self: Arc<Self>) -> Result<(DatabaseTransaction, Option<Duration>), DbErr> {
        // Fails if a statement of a job is still running: its changes must not be committed.
        let own = Arc::try_unwrap(self)
            .map_err(|_| DbErr::Custom("a job outlived its transaction".into()))?;
        if own.lost.into_inner() {
            return Err(lost());
        }
        Ok((own.inner, own.limit))
    }
}

#[async_trait]
impl Transaction for Limited {
    fn backend(&self) -> DatabaseBackend {
        self.inner.get_database_backend()
    }

    async fn execute(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.run(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.run(self.inner.execute_unprepared(sql)).await
    }

    async fn query_one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.run(self.inner.query_one_raw(statement)).await
    }

    async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.run(self.inner.query_all_raw(statement)).await
    }

    async fn commit(self: Arc<Self>) -> Result<(), DbErr> {
        let (transaction, limit) = self.own()?;
        within(limit, transaction.commit()).await
    }

    async fn rollback(self: Arc<Self>) -> Result<(), DbErr> {
        let (transaction, limit) = self.own()?;
        within(limit, transaction.rollback()).await
    }
}

/// Gives up after `limit`: the other end of the connection is gone without closing it.
pub(super) async fn within<T>(
    limit: Option<Duration>,
    statement: impl Future<Output = Result<T, DbErr>>,
) -> Result<T, DbErr> {
    let Some(limit) = limit else {
        return statement.await;
    };
    let answer = tokio::time::timeout(limit, statement).await;
    answer.unwrap_or_else(|_| Err(no_answer(limit)))
}

fn no_answer(limit: Duration) -> DbErr {
    let seconds = limit.as_secs_f32();
    DbErr::Conn(RuntimeErr::Internal(format!(
        "no answer within {seconds:.1} s"
    )))
}

fn lost() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the connection is lost".into()))
}
