//! Batches in which some messages are refused.

use super::*;
use crate::accounts::Viewer;
use crate::shared::{MessageId, time};
use crate::testing::TestHouse;
use std::sync::Arc;

fn message(author: &Viewer, channel_id: ChannelId, nonce: &str, body: &str) -> NewMessage {
    NewMessage {
        row: store::Row {
            id: MessageId::new(),
            channel_id,
            author_id: author.account,
            seq: 0,
            rev: 0,
            nonce: nonce.to_owned(),
            body: body.to_owned(),
            cards: None,
            created_at: time::now(),
            edited_at: None,
            deleted_at: None,
        },
        author: author.profile(),
    }
}

/// Runs one batch in its own transaction.
async fn run(house: &TestHouse, drafts: Vec<NewMessage>) -> Vec<Result<Sent>> {
    let work = NewMessages::new(Arc::clone(house.bus()));
    let answers = house.db().write(uuid::Uuid::nil(), move |tx| async move {
        work.run(&tx, &drafts).await
    });
    answers.await.unwrap()
}

/// A refusal is a result, not a failure: the batch is not split and retried.
#[tokio::test]
async fn a_batch_with_refusals_is_one_piece() {
    TestHouse::each(async |house| {
        let ada = house.user("ada").await;
        let general = house.general(&ada).await;
        let other = house.channel(&ada, "other").await;
        let first = run(house, vec![message(&ada, general, "used", "first")]).await;
        assert_eq!(first[0].as_ref().unwrap().seq, 1);

        let nowhere = ChannelId::new();
        let mut drafts = vec![
            message(&ada, nowhere, "a", "no such channel"),
            message(&ada, general, "b", "one"),
            message(&ada, general, "used", "a repeat"),
            message(&ada, other, "c", "elsewhere"),
            message(&ada, other, "b", "a nonce of this very batch"),
            message(&ada, general, "d", "two"),
            message(&ada, other, "used", "a repeat elsewhere"),
        ];
        drafts.extend((0..300).map(|n| message(&ada, general, &format!("n-{n}"), "more")));
        let answers = run(house, drafts).await;
        let told = |at: usize| match &answers[at] {
            Ok(sent) => format!("{}/{}", sent.seq, sent.rev),
            Err(error) => error.code.to_string(),
        };
        let told: Vec<_> = (0..8).map(told).collect();
        assert_eq!(
            told,
            [
                "not-found",
                "2/2",
                "nonce-used",
                "1/1",
                "nonce-used",
                "3/3",
                "nonce-used",
                "4/4"
            ]
        );
        assert!(answers[7..].iter().all(Result::is_ok));
        let stored = house
            .chat()
            .messages_after(general, 0, 1_000)
            .await
            .unwrap();
        let seqs: Vec<_> = stored.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, (1..=303).collect::<Vec<_>>());
        let heads = house
            .communities()
            .heads_of(&[general, other])
            .await
            .unwrap();
        let heads: HashMap<_, _> = heads.into_iter().collect();
        assert_eq!((heads[&general].seq, heads[&general].rev), (303, 303));
        assert_eq!((heads[&other].seq, heads[&other].rev), (1, 1));
        // A batch can consist of refusals only.
        let answers = run(house, vec![message(&ada, nowhere, "z", "x")]).await;
        assert_eq!(answers[0].as_ref().unwrap_err().code, "not-found");
    })
    .await;
}
