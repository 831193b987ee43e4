//! The OpenAPI description of the REST API, generated from the handlers' attributes.
//!
//! A handler describes only what is specific to it (bodies, responses, conflicts). What all paths
//! have in common (authentication, the shape of errors, rate limits) is added here by rule, so no
//! handler can omit it.

use axum::Router;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{ToSchema, openapi::path::Paths};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// An error: an English sentence, a stable code, and the values in the sentence as fields.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes what `shared::Error` becomes on the wire"
)]
struct ErrorBody {
    /// What went wrong, in English, for developers.
    #[schema(min_length = 1)]
    error: String,
    /// A stable code, such as `message-too-long`.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    code: String,
    /// Whole seconds to wait; after 429, and wherever else it is known.
    #[schema(nullable = false, minimum = 1)]
    seconds: Option<u64>,
}

/// Serves a documented handler at a second path.
pub fn also<S: Clone + Send + Sync + 'static>(
    path: &str,
    (schemas, documented, handlers): UtoipaMethodRouter<S>,
) -> UtoipaMethodRouter<S> {
    let mut paths = Paths::new();
    for (_, item) in documented.paths {
        paths.paths.insert(path.to_owned(), item);
    }
    (schemas, paths, handlers)
}

/// Returns the routes, to be nested under `root`, and their OpenAPI document. `access_cookie` is
/// the name of the cookie that authenticates browsers.
pub fn split(api: OpenApiRouter, root: &str, access_cookie: &str) -> (Router, Value) {
    let (router, described) = api.split_for_parts();
    let mut paths = Map::new();
    for (path, item) in as_object(&described.paths.paths) {
        paths.insert(format!("{root}{path}"), completed(&path, item));
    }
    let mut schemas = described
        .components
        .map_or_else(Map::new, |components| as_object(&components.schemas));
    let error = <ErrorBody as utoipa::PartialSchema>::schema();
    schemas.insert("Error".into(), json!(error));
    schemas.values_mut().for_each(any_instead_of_one);
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rialto",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": { "IdempotencyKey": idempotency_key() },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A program's access token: `token` of the answer to a sign-in.",
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": access_cookie,
                    "description": "A browser's session. Requests that change something must \
                                    come from a page of this instance.",
                },
            },
        },
    });
    (router, document)
}

/// Converts plain data, whose serialization cannot fail.
fn as_object(data: &impl Serialize) -> Map<String, Value> {
    match json!(data) {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// Replaces `oneOf` by `anyOf`: shapes that differ only in their fields can overlap.
fn any_instead_of_one(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(any_instead_of_one);
            if let Some(shapes) = fields.remove("oneOf") {
                fields.insert("anyOf".into(), shapes);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(any_instead_of_one),
        _ => {}
    }
}

const INTRODUCTION: &str = "Bodies are JSON, times are UTC, ids are UUIDs of version 7. \
    Fields that are not named here are ignored. Every failure has the shape `Error`; programs \
    decide by `code`. An address that exists does not take other methods (405), and a trailing \
    slash changes nothing. After 429 wait for as many seconds as `Retry-After` says.";

/// Returns the operations of one path with what all operations have in common.
fn completed(path: &str, mut item: Value) -> Value {
    for (method, operation) in item.as_object_mut().into_iter().flatten() {
        if let Some(operation) = operation.as_object_mut() {
            complete(path, method, operation);
        }
    }
    item
}

/// The header that makes a retry safe.
fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "Makes a retry safe: use a new key for each request and the same key for its \
                        retries. For 24 hours a retry changes nothing and returns the first \
                        answer. The same key with another request is 409 \
                        `idempotency-key-reused`. Errors are not stored.",
        "schema": { "type": "string", "pattern": "^[!-~]{1,64}$" },
    })
}

/// Describes the parameters of a path that the handler does not describe: symbols and ids.
fn path_parameters(path: &str, described: &[Value]) -> Vec<Value> {
    let mut parameters = Vec::new();
    let mut before = "";
    for segment in path.split('/') {
        let name = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(name) = name
            && described.iter().all(|parameter| parameter["name"] != name)
        {
            parameters.push(path_parameter(name, before));
        }
        before = segment;
    }
    parameters
}

/// Describes a parameter after a segment of a path.
fn path_parameter(name: &str, before: &str) -> Value {
    let what = match name {
        "symbol" => {
            return json!({
                "name": name,
                "in": "path",
                "required": true,
                "description": "Symbol in upper or lower case.",
                "example": "aapl.us",
                "schema": { "type": "string", "pattern": "^[A-Za-z0-9.=^-]{1,20}$" },
            });
        }
        "id" => before.trim_end_matches('s'),
        name => name.trim_end_matches("_id"),
    };
    json!({
        "name": name,
        "in": "path",
        "required": true,
        "description": format!("Id of the {what}"),
        "schema": { "type": "string", "format": "uuid" },
    })
}

/// Adds what follows from an operation's method, path, body and security. Operations
/// need an account unless they say `security(())`.
fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let id = format!("{method}{path}").replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    operation.insert("operationId".into(), id.trim_matches('_').into());
    if operation.get("security") == Some(&json!([{}])) {
        operation.remove("security");
    } else {
        let either = json!([{ "bearer": [] }, { "cookie": [] }]);
        operation.entry("security").or_insert(either);
    }
    let has = |key: &str| operation.contains_key(key);
    let secured = has("security");
    let has_body = has("requestBody");
    let repeatable = secured && matches!(method, "post" | "put");
    let described = match operation.remove("parameters") {
        Some(Value::Array(described)) => described,
        _ => Vec::new(),
    };
    let has_query = described.iter().any(|parameter| parameter["in"] == "query");
    let mut parameters = path_parameters(path, &described);
    parameters.extend(described);
    if repeatable {
        parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    if !parameters.is_empty() {
        operation.insert("parameters".into(), parameters.into());
    }
    let changes = method != "get";
    let common = [
        (
            has_body || has_query || repeatable,
            "400",
            "Invalid request",
        ),
        (secured, "401", "Not signed in, or the session has ended"),
        (changes, "403", "No permission, or sent from another site"),
        (
            path.contains('{'),
            "404",
            "Not found, or not visible to you",
        ),
        (
            repeatable,
            "409",
            "The idempotency key was used for another request",
        ),
        (has_body, "413", "Request body too large"),
        (has_query, "414", "Address too long"),
        (
            has_body,
            "415",
            "The body is not JSON, or its Content-Type does not say so",
        ),
        (
            true,
            "429",
            "Too many requests; Retry-After says how many seconds to wait",
        ),
        (true, "503", "Temporarily unavailable"),
        (
            changes,
            "507",
            "The server's disk is full; nothing was saved",
        ),
    ];
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    for (applies, status, description) in common {
        if applies && !responses.contains_key(status) {
            responses.insert(status.into(), json!({ "description": description }));
        }
    }
    for (status, response) in responses {
        if status.starts_with(['4', '5']) {
            add_error_shape(status, response);
        }
    }
}

fn add_error_shape(status: &str, response: &mut Value) {
    let Some(response) = response.as_object_mut() else {
        return;
    };
    response.entry("content").or_insert_with(
        || json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } }),
    );
    if status == "429" {
        let seconds = json!({
            "Retry-After": {
                "description": "Whole seconds to wait",
                "required": true,
                "schema": { "type": "integer", "minimum": 1 },
            }
        });
        response.insert("headers".into(), seconds);
    }
}
