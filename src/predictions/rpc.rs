//! Server functions of the predictions page. Its forms work without JavaScript.

use super::{Created, PredictionsPage};
use crate::shared::json;
use crate::shared::{Error, PredictionId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{Filter, PredictionInput, Service};
#[cfg(feature = "ssr")]
use crate::accounts::guard::ask;
#[cfg(feature = "ssr")]
use crate::platform::idempotency::under;

/// Loads the leaderboard of a community and some of its predictions.
#[server(prefix = "/rpc", endpoint = "predictions/page", output = json::Json)]
pub async fn load_predictions(
    community: Option<String>,
    symbol: Option<String>,
    state: Option<String>,
    before: Option<String>,
) -> Result<PredictionsPage, Error> {
    let (service, viewer) = ask::<Service>().await?;
    let filter = Filter {
        community,
        author: None,
        symbol,
        state,
        before,
    };
    service.whole_page(&viewer, &filter).await
}

/// Creates a prediction.
#[server(prefix = "/rpc", endpoint = "predictions/create", output = json::Json)]
pub async fn create_prediction(
    community: Option<String>,
    symbol: String,
    direction: String,
    horizon: String,
    reason: String,
    #[server(default)] key: String,
) -> Result<Created, Error> {
    let made = async {
        let (service, viewer) = ask::<Service>().await?;
        let input = PredictionInput {
            symbol,
            direction,
            horizon,
            reason,
        };
        service.make(&viewer, community.as_deref(), &input).await
    };
    under(&key, made).await
}

/// Withdraws a prediction.
#[server(prefix = "/rpc", endpoint = "predictions/withdraw", output = json::Json)]
pub async fn withdraw_prediction(prediction: PredictionId) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.take_back(&viewer, prediction).await
}
