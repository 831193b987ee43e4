//! Draws a message's text with the page's own elements.

use crate::chat::markup::{Block, Inline, parse};
use crate::markets::view::chip;
use leptos::prelude::*;

pub fn draw(text: &str) -> AnyView {
    blocks(parse(text))
}

fn blocks(blocks: Vec<Block>) -> AnyView {
    blocks.into_iter().map(block).collect_view().into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(pieces) => view! { <p dir="auto">{inlines(pieces)}</p> }.into_any(),
        Block::Code { code, .. } => {
            let code = code.trim_end_matches('\n').to_owned();
            view! {
                <pre dir="ltr">
                    <code tabindex="0">{code}</code>
                </pre>
            }
            .into_any()
        }
        Block::Quote(inner) => view! { <blockquote>{blocks(inner)}</blockquote> }.into_any(),
        Block::List { start, items } => {
            let items = items
                .into_iter()
                .map(|item| view! { <li>{blocks(item)}</li> })
                .collect_view();
            match start {
                Some(start) => view! { <ol start=start.to_string()>{items}</ol> }.into_any(),
                None => view! { <ul>{items}</ul> }.into_any(),
            }
        }
    }
}

fn inlines(pieces: Vec<Inline>) -> AnyView {
    pieces.into_iter().map(inline).collect_view().into_any()
}

fn inline(piece: Inline) -> AnyView {
    match piece {
        Inline::Text(text) => text.into_any(),
        Inline::Code(code) => view! { <code>{code}</code> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner)}</em> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner)}</strong> }.into_any(),
        Inline::Strike(inner) => view! { <s>{inlines(inner)}</s> }.into_any(),
        Inline::Link { url, children } => view! {
            <a href=url target="_blank" rel="noopener noreferrer nofollow ugc">
                {inlines(children)}
            </a>
        }
        .into_any(),
        Inline::Cashtag { symbol, shown } => chip(symbol, shown),
        Inline::Break => view! { <br /> }.into_any(),
    }
}
