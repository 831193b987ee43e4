//! Forms that are sent twice.

use super::*;

/// The forms of pages, with and without scripts: each contains a key that the server generated.
#[tokio::test]
async fn every_form_is_done_once() {
    each(async |data, configure| {
        let home = Home::open(data, configure).await;
        let all = home.user.get("/api/portfolios").await.is(200);
        let mine = all["portfolios"][0]["id"].as_str().unwrap();
        let forms = [
            (
                "/markets/alerts",
                "alerts/create",
                "alerts",
                "symbol=AAPL&kind=price_above&value=950".to_owned(),
            ),
            (
                "/markets/predictions",
                "predictions/create",
                "predictions",
                "symbol=AAPL&direction=long&horizon=3m&reason=because".to_owned(),
            ),
            (
                "/markets/paper",
                "paper/place",
                "paper_orders",
                "symbol=AAPL&side=buy&kind=limit&quantity=9&limit=5".to_owned(),
            ),
            (
                "/markets/watchlist",
                "watchlists/create",
                "watchlists",
                "name=Energy".to_owned(),
            ),
            (
                "/portfolio/portfolios",
                "portfolio/create",
                "portfolios",
                "name=Second&method=fifo".to_owned(),
            ),
            (
                "/portfolio/transactions",
                "portfolio/write",
                "portfolio_transactions",
                format!(
                    "portfolio={mine}&kind=SELL&symbol=IBM&date=2013-01-02&quantity=40&price=30"
                ),
            ),
            (
                "/portfolio/dividends",
                "portfolio/take_dividends",
                "portfolio_imports",
                format!("portfolio={mine}&chosen[]=2012-05-08_0.85_IBM"),
            ),
        ];
        for (page, function, rows, fields) in forms {
            // The first form with this action can be one with other fields; only its key is used.
            let drawn = home.send("GET", page, Sent::Nothing, None).await;
            let form = drawn
                .text
                .split(&format!("action=\"/rpc/{function}\""))
                .nth(1);
            let form = form.unwrap_or_else(|| panic!("{page} has no {function}"));
            let form = form.split("</form>").next().unwrap();
            let field = form.split("name=\"key\" value=\"").nth(1);
            let field = field.unwrap_or_else(|| panic!("{function} has no key: {form}"));
            let key = field.split('"').next().unwrap();
            let before = home.count(rows).await;
            let mut replies = Vec::new();
            for _ in 0..2 {
                let reply = home
                    .user
                    .send(
                        &format!("POST /rpc/{function}"),
                        "application/x-www-form-urlencoded",
                        format!("{fields}&key={key}"),
                    )
                    .await;
                assert_eq!(reply.status, 200, "{function}: {}", reply.text);
                replies.push(reply.text);
            }
            assert_eq!(replies[0], replies[1], "{function}");
            assert_eq!(home.count(rows).await, before + 1, "{function}");
        }
        home.house.close().await;
    })
    .await;
}
