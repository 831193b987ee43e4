//! Requests that break off.

use super::*;
use futures::FutureExt;
use std::{future::poll_fn, task::Poll};

/// The client disconnects at any moment: before, during or after the change.
#[tokio::test]
async fn a_request_that_breaks_off_is_done_once() {
    each(async |data, configure| {
        let home = Home::open(data, configure).await;
        let rows = "alerts";
        for polls in 0..60 {
            let (before, key) = (home.count(rows).await, format!("broken-{polls}"));
            let body =
                || Sent::Json(json!({ "symbol": "AAPL", "kind": "price_above", "value": 900 }));
            let mut request = Box::pin(home.send("POST", "/api/alerts", body(), Some(&key)));
            for _ in 0..polls {
                let ended = poll_fn(|context| Poll::Ready(request.poll_unpin(context).is_ready()));
                if ended.await {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(request);
            let made = home.send("POST", "/api/alerts", body(), Some(&key)).await;
            made.is(201);
            assert_eq!(home.count(rows).await, before + 1, "after {polls} polls");
        }
        home.house.close().await;
    })
    .await;
}
