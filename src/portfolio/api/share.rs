//! REST: sharing cards in channels.

use crate::accounts::Viewer;
use crate::platform::{
    idempotency::current_key,
    web::{Body, Path},
};
use crate::portfolio::service::{Sharing, What};
use crate::portfolio::{Shared, Showing};
use crate::shared::{Error, MessageId, PortfolioId, Result, TransactionId};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(sharing: Sharing) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(share))
        .with_state(sharing)
}

/// What to share, and where.
#[derive(Deserialize, ToSchema)]
struct ToShare {
    /// Channel to post in.
    #[schema(value_type = Uuid)]
    channel: String,
    /// A buy or sell of the portfolio. Omitted: shares the portfolio's holdings.
    #[schema(value_type = Option<Uuid>)]
    transaction: Option<TransactionId>,
    /// What to show besides percentages: `name`, `quantities`, `amounts`.
    #[serde(default)]
    #[schema(example = json!(["amounts"]))]
    include: Vec<String>,
    /// Text above the card.
    #[serde(default)]
    #[schema(max_length = 500)]
    comment: String,
    /// Unique key chosen by the client: a retry with the same nonce returns the first message.
    #[schema(min_length = 1, max_length = 64, pattern = "^[!-~]{1,64}$")]
    nonce: Option<String>,
}

/// Posts a card of a portfolio, or of one of its trades, as your message. It shows percentages and
/// what `include` names, and does not change later.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/share",
    tag = "Portfolio",
    request_body = ToShare,
    responses(
        (status = 201, description = "The message", body = Shared),
        (status = 400, description = "A field is invalid, or the transaction is not a trade"),
        (status = 403, description = "No permission to write in this channel"),
        (status = 404, description = "Portfolio or channel not found"),
        (status = 409, description = "The portfolio is empty"),
    )
)]
async fn share(
    State(sharing): State<Sharing>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
    Body(card): Body<ToShare>,
) -> Result<(StatusCode, Json<Shared>)> {
    let channel = card.channel.parse();
    let channel = channel.map_err(|_| Error::not_found().with("field", "channel"))?;
    let what = What {
        portfolio,
        transaction: card.transaction,
        showing: showing(&card.include)?,
    };
    let nonce = card.nonce.or_else(current_key);
    let nonce = nonce.unwrap_or_else(|| MessageId::new().to_string());
    let shared = sharing
        .share(&viewer, what, channel, &card.comment, &nonce)
        .await?;
    Ok((StatusCode::CREATED, Json(shared)))
}

fn showing(names: &[String]) -> Result<Showing> {
    let mut showing = Showing::default();
    for name in names {
        match name.as_str() {
            "name" => showing.name = true,
            "quantities" => showing.quantities = true,
            "amounts" => showing.amounts = true,
            _ => {
                return Err(Error::bad_request(
                    "bad-include",
                    "include takes name, quantities and amounts",
                )
                .with("field", "include"));
            }
        }
    }
    Ok(showing)
}
