//! Storage and deletion of idempotency keys.

use super::*;
use crate::shared::time;
use chrono::TimeDelta;
use sea_orm::Value as Bound;

#[tokio::test]
async fn keys_are_read_swept_and_erased() {
    each(async |data, configure| {
        let home = Home::open(data, configure).await;
        let named = |name: &str| Sent::Json(json!({ "name": name }));
        for bad in ["", "a b", "\u{e4}", &"x".repeat(65)] {
            let refused = home
                .send("POST", "/api/watchlists", named("A"), Some(bad))
                .await;
            refused.fails(400, "bad-idempotency-key");
        }
        // Errors are not stored, and a key belongs to one account.
        let wrong = home
            .send("POST", "/api/watchlists", named(" "), Some("k"))
            .await;
        assert_eq!(wrong.status, 400);
        let list = home
            .send("POST", "/api/watchlists", named("A"), Some("k"))
            .await;
        list.is(201);
        let elsewhere = home
            .send("POST", "/api/portfolios", named("A"), Some("k"))
            .await;
        elsewhere.fails(409, "idempotency-key-reused");
        let bos = Home {
            user: home.house.user("bo").await,
            writes: Vec::new(),
            house: home.house,
        };
        let of_bo = bos
            .send("POST", "/api/watchlists", named("A"), Some("k"))
            .await;
        of_bo.is(201);
        assert_eq!(bos.count("idempotency_keys").await, 2);

        let (house, bo) = (&bos.house, &bos.user);
        house.accounts().sweep().await.unwrap();
        assert_eq!(bos.count("idempotency_keys").await, 2, "they are new");
        let (db, old) = (house.db(), time::now() - TimeDelta::hours(25));
        let backend = db.get_database_backend();
        let aged = "UPDATE idempotency_keys SET created_at = $1 WHERE account_id <> $2";
        let values = [Bound::from(old), Bound::from(bo.account.0)];
        let aged = Statement::from_sql_and_values(backend, aged, values);
        db.execute_raw(aged).await.unwrap();
        house.accounts().sweep().await.unwrap();
        assert_eq!(bos.count("idempotency_keys").await, 1, "that of bo");
        house.erase(bo, false).await;
        assert_eq!(bos.count("idempotency_keys").await, 0);
        bos.house.close().await;
    })
    .await;
}
