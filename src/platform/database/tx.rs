//! An open transaction, lent to one job.

use super::transaction::Transaction;
use crate::shared::sync::lock;
use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, ExecResult, QueryResult, Statement};
use std::sync::{Arc, Mutex, Weak};

pub(super) type Action = BoxFuture<'static, ()>;

/// Actions to run after the commit, in order.
#[derive(Clone, Default)]
pub(super) struct AfterCommit(Arc<Mutex<Vec<Action>>>);

impl AfterCommit {
    pub(super) fn push(&self, action: Action) {
        lock(&self.0).push(action);
    }

    pub(super) fn take(&self) -> Vec<Action> {
        std::mem::take(&mut *lock(&self.0))
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.0).len()
    }

    /// Discards all actions after the first `kept`, because their changes were undone.
    pub(super) fn truncate(&self, kept: usize) {
        lock(&self.0).truncate(kept);
    }
}

/// Lends a transaction for the duration of one job: a job that keeps its handle cannot use it
/// later.
pub(super) struct Lent(pub(super) Arc<dyn Transaction>);

/// An open transaction that services pass to stores. It is valid only while its job runs.
#[derive(Clone)]
pub struct Tx {
    pub(super) inner: Weak<Lent>,
    pub(super) backend: DatabaseBackend,
    pub(super) after: AfterCommit,
}

impl Tx {
    /// Runs `action` after the commit, in the order of the commits and before the callers get their
    /// results. Events are published here. A rollback discards the action. The next commit waits
    /// for it.
    pub fn after_commit(&self, action: impl Future<Output = ()> + Send + 'static) {
        self.after.push(Box::pin(action));
    }

    fn transaction(&self) -> Result<Arc<Lent>, DbErr> {
        let over = || DbErr::Custom("the transaction is over".into());
        self.inner.upgrade().ok_or_else(over)
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.transaction()?.0.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.transaction()?.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.transaction()?.0.query_one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.transaction()?.0.query_all(statement).await
    }
}
