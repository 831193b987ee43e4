//! Two users in the Lobby, as most tests of features begin.

use super::{TestHouse, User};
use crate::platform::config::Config;
use crate::shared::ChannelId;
use std::ops::Deref;

/// A server with two users. Tests of a feature add methods in their own `impl`.
pub struct Home<'a> {
    pub house: &'a TestHouse,
    pub ada: User,
    pub bo: User,
    /// The Lobby's first channel.
    pub general: ChannelId,
}

impl Deref for Home<'_> {
    type Target = TestHouse;

    fn deref(&self) -> &TestHouse {
        self.house
    }
}

impl Home<'_> {
    /// Runs a test on each kind of database. Ada is the admin.
    pub async fn each(test: impl AsyncFn(&Home<'_>)) {
        Self::each_with(|_| {}, test).await;
    }

    /// Like [`Self::each`], with a changed configuration.
    pub async fn each_with(configure: impl Fn(&mut Config), test: impl AsyncFn(&Home<'_>)) {
        TestHouse::each_with(configure, async |house| test(&Home::of(house).await).await).await;
    }

    /// Like [`Self::each`]. Olga is the admin, so each of the two can leave.
    pub async fn each_with_admin(test: impl AsyncFn(&Home<'_>)) {
        TestHouse::each(async |house| {
            house.user("olga").await;
            test(&Home::of(house).await).await;
        })
        .await;
    }
}

impl<'a> Home<'a> {
    async fn of(house: &'a TestHouse) -> Self {
        let [ada, bo] = house.users(["ada", "bo"]).await;
        let general = house.general(&ada).await;
        house.forget_published();
        Self {
            house,
            ada,
            bo,
            general,
        }
    }
}
