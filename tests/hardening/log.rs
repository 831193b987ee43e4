//! Checks the log of a whole session at the most detailed level: it contains no secrets, no
//! addresses and no content of members.

use super::{
    instance::{Instance, PATIENCE, Server},
    socket::{Heard, Socket},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rialto::{chat::Send, gateway::Ping, shared::ChannelId};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "lantern-over-water-7";
const NEW_PASSWORD: &str = "harbour-under-stone-8";
const WRONG_PASSWORD: &str = "someone-elses-guess-9";
const EMAIL: &str = "ada.lovelace@rialto.example";
const SECOND_EMAIL: &str = "charles.babbage@rialto.example";
const WRITTEN: &str = "whispered-in-the-lobby";
const NOTED: &str = "noted-beside-a-purchase";
const KEY: &str = "AVKEY5ECRET";
const SMTP_PASSWORD: &str = "smtp-pa55word";
/// The client's address in the header of a proxy.
const CLIENT: &str = "203.0.113.77";

/// Everything that must not be in the log, each with a description.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn keep(&mut self, what: &'static str, secret: impl Into<String>) -> String {
        let secret = secret.into();
        assert!(secret.len() > 5, "{what}: {secret:?} is found anywhere");
        self.0.push((what, secret.clone()));
        secret
    }

    /// Adds a token with its signature and the id of its session.
    fn token(&mut self, what: &'static str, token: &Value) -> String {
        let token = self.keep(what, token.as_str().unwrap());
        let parts: Vec<_> = token.split('.').collect();
        self.keep("the signature of a token", parts[2]);
        let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        self.keep("the id of a session", claims["sid"].as_str().unwrap());
        token
    }
}

/// Starts a mail server that rejects `SECOND_EMAIL` and repeats that address in its response.
fn mail_server() -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, letters) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let sender = sender.clone();
            thread::spawn(move || drop(talk(stream, &sender)));
        }
    });
    (address, letters)
}

fn talk(stream: TcpStream, letters: &mpsc::Sender<String>) -> std::io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    writer.write_all(b"220 played ESMTP\r\n")?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let command = line.split([' ', '\r']).next().unwrap_or_default();
        let answer = match command {
            "EHLO" => "250-played\r\n250 AUTH PLAIN".to_owned(),
            "AUTH" => "235 fine".to_owned(),
            "RCPT" if line.contains(SECOND_EMAIL) => {
                format!("550 5.1.1 <{SECOND_EMAIL}>: Recipient address rejected")
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n")?;
                let mut letter = String::new();
                while !letter.ends_with("\r\n.\r\n") {
                    if reader.read_line(&mut letter)? == 0 {
                        return Ok(());
                    }
                }
                drop(letters.send(letter.replace("=\r\n", "").replace("=3D", "=")));
                "250 taken".to_owned()
            }
            "QUIT" => return writer.write_all(b"221 bye\r\n"),
            _ => "250 fine".to_owned(),
        };
        writer.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// A response.
struct Reply {
    status: u16,
    cookies: Vec<(String, String)>,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }

    fn cookie(&self, name: &str) -> &str {
        let found = self.cookies.iter().find(|(known, _)| known == name);
        let missing = || panic!("no cookie {name}: {:?} {}", self.cookies, self.body);
        found.map_or_else(missing, |(_, value)| value)
    }
}

fn ask(server: &Server, what: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut request = format!(
        "{what} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nX-Forwarded-For: {CLIENT}\r\n\
         Content-Length: {}\r\n",
        server.address,
        body.len()
    );
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "\r\n";
    request += body;
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let cookies = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let cookie = name.eq_ignore_ascii_case("set-cookie").then_some(value)?;
        let (name, value) = cookie.split(';').next()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    Reply {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        cookies: cookies.collect(),
        body: body.to_owned(),
    }
}

/// Sends a request of an API client with a JSON body.
fn json_of(server: &Server, what: &str, token: &str, body: &Value) -> Reply {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", "application/json")];
    if !token.is_empty() {
        headers.push(("authorization", &bearer));
    }
    ask(server, what, &headers, &body.to_string())
}

/// Sends a form as a page of this instance does.
fn form(server: &Server, function: &str, cookie: &str, body: &str) -> Reply {
    let origin = format!("http://{}", server.address);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", &origin),
        ("cookie", cookie),
    ];
    ask(server, &format!("POST /rpc/{function}"), &headers, body)
}

/// Returns the code of an authenticator app, `steps` periods of 30 seconds from now.
fn code(secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let time = i64::try_from(now.as_secs()).unwrap() + 30 * steps;
    totp.generate(u64::try_from(time).unwrap()).to_string()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_the_log_holds_no_secrets() {
    for format in ["text", "json"] {
        let instance = Instance::new(String::new());
        // The first account is the admin; the session belongs to other accounts.
        instance.populate(1, 1).await;
        let (mail, letters) = mail_server();
        // A data source that cannot be reached, so that its failures are logged.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let source = format!("http://{}", silent.local_addr().unwrap());
        drop(silent);
        let mut command = instance.command();
        command
            .env("RIALTO__LOG__FILTER", "trace")
            .env("RIALTO__LOG__FORMAT", format)
            .env("RIALTO__SERVER__PUBLIC_URL", "http://rialto.example")
            .env("RIALTO__SERVER__BEHIND_PROXY", "true")
            .env("RIALTO__ACCOUNTS__REFRESH_GRACE_SECONDS", "0")
            .env("RIALTO__MARKET__SOURCE", "alpha_vantage")
            .env("RIALTO__MARKET__ALPHA_VANTAGE_URL", source)
            .env("ALPHA_VANTAGE_KEY", KEY)
            .env("RIALTO__MAIL__SECURITY", "plain")
            .env("RIALTO__MAIL__HOST", "127.0.0.1")
            .env("RIALTO__MAIL__PORT", mail.port().to_string())
            .env("RIALTO__MAIL__FROM", "Rialto <rialto@rialto.example>")
            .env("RIALTO__MAIL__USERNAME", "rialto")
            .env("SMTP_PASSWORD", SMTP_PASSWORD);
        let server = Server::start(command).unwrap_or_else(|ended| panic!("{ended:?}"));
        let mut secrets = Secrets::default();
        for (what, secret) in [
            ("a password", PASSWORD),
            ("a new password", NEW_PASSWORD),
            ("a wrong password", WRONG_PASSWORD),
            ("an email address", EMAIL),
            ("an email address", SECOND_EMAIL),
            ("a message", WRITTEN),
            ("a note", NOTED),
            ("a key of a source", KEY),
            ("the password of the mail server", SMTP_PASSWORD),
            ("the address of a client", CLIENT),
        ] {
            secrets.keep(what, secret);
        }
        let (token, secret) = tokio::task::block_in_place(|| by_programs(&server, &mut secrets));
        talk_live(&server, &token).await;
        tokio::task::block_in_place(|| by_pages(&server, &mut secrets, &secret, &letters));
        let ended = tokio::task::spawn_blocking(|| server.terminate());
        let ended = ended.await.unwrap();
        assert!(ended.status.success(), "{ended:?}");
        search(&ended.log, &secrets);
    }
}

/// Searches every line for each secret.
fn search(log: &str, secrets: &Secrets) {
    assert!(log.lines().count() > 50, "this is no log: {log}");
    assert!(log.contains("served"), "the requests are logged: {log}");
    let mut found = String::new();
    for (what, secret) in &secrets.0 {
        if let Some(line) = log.lines().find(|line| line.contains(secret.as_str())) {
            found += &format!("{what} ({secret}) is in: {line}\n");
        }
    }
    assert!(found.is_empty(), "{found}");
}

/// Registers, signs in, sends, fails; returns the token and the secret of two-factor
/// authentication.
fn by_programs(server: &Server, secrets: &mut Secrets) -> (String, String) {
    let person = json!({ "name": "Ada", "email": EMAIL, "password": PASSWORD });
    let made = json_of(server, "POST /api/auth/register", "", &person);
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.json();
    let token = secrets.token("an access token", &made["token"]);
    let refresh = secrets.token("a refresh token", &made["refreshToken"]);
    let second = json!({ "name": "Charles", "email": SECOND_EMAIL, "password": PASSWORD });
    assert_eq!(
        json_of(server, "POST /api/auth/register", "", &second).status,
        201
    );
    assert_eq!(
        json_of(server, "POST /api/auth/register", "", &second).status,
        409
    );
    let wrong = json!({ "email": EMAIL, "password": WRONG_PASSWORD });
    assert_eq!(
        json_of(server, "POST /api/auth/login", "", &wrong).status,
        401
    );
    let again = json_of(server, "POST /api/auth/refresh", &refresh, &json!({}));
    secrets.token("a renewed token", &again.json()["token"]);

    // Malformed requests that contain secrets.
    let broken = format!("{{\"email\": \"{EMAIL}\", \"password\": \"{PASSWORD}");
    let json = [("content-type", "application/json")];
    assert_eq!(
        ask(server, "POST /api/auth/login", &json, &broken).status,
        400
    );
    for path in [
        format!("/nowhere/{token}"),
        format!("/api/nowhere/{token}"),
        format!("/reset/{token}/x"),
        format!("/api/auth/me?token={token}&email={EMAIL}"),
        format!("/api/sessions/{token}"),
    ] {
        ask(server, &format!("GET {path}"), &[], "");
        ask(server, &format!("DELETE {path}"), &[], "");
    }
    let forged = format!("{}x", &token[..token.len() - 1]);
    assert_eq!(
        json_of(server, "GET /api/auth/me", &forged, &json!({})).status,
        401
    );

    // Content of members, valid and invalid.
    let rooms = json_of(server, "GET /api/rooms", &token, &json!({})).json();
    let room = text(&rooms["rooms"][0]["room_id"]);
    let path = format!("/api/channels/{room}/messages");
    let sent = json_of(
        server,
        &format!("POST {path}"),
        &token,
        &json!({ "text": WRITTEN }),
    );
    assert_eq!(sent.status, 201, "{}", sent.body);
    let at = format!("{path}/{}", text(&sent.json()["message_id"]));
    let edit = json!({ "text": format!("{WRITTEN} again") });
    assert_eq!(
        json_of(server, &format!("PATCH {at}"), &token, &edit).status,
        200
    );
    for bad in [format!("{WRITTEN}\u{0}"), WRITTEN.repeat(400)] {
        let refused = json_of(
            server,
            &format!("POST {path}"),
            &token,
            &json!({ "text": bad }),
        );
        assert_eq!(refused.status, 400, "{}", refused.body);
    }
    let portfolio = json_of(
        server,
        "POST /api/portfolios",
        &token,
        &json!({ "name": NOTED }),
    );
    let portfolio = format!("/api/portfolios/{}", text(&portfolio.json()["id"]));
    let bearer = format!("Bearer {token}");
    for table in [
        format!("date,kind,amount,note\n2012-01-03,DEPOSIT,10,{NOTED}\n"),
        format!("{NOTED},kind\n{NOTED}"),
        format!("{{\"activities\": \"{NOTED}"),
    ] {
        let headers = [("content-type", "text/csv"), ("authorization", &*bearer)];
        ask(
            server,
            &format!("POST {portfolio}/imports"),
            &headers,
            &table,
        );
    }
    // A data source that cannot be reached.
    json_of(server, "GET /api/stocks/AAPL", &token, &json!({}));

    // An export of the account's data.
    json_of(server, "POST /api/account/export", &token, &json!({}));
    let begun = Instant::now();
    while json_of(
        server,
        "GET /api/account/export/archive",
        &token,
        &json!({}),
    )
    .status
        != 200
    {
        assert!(begun.elapsed() < PATIENCE, "no copy is made");
        thread::sleep(std::time::Duration::from_millis(50));
    }

    // Two-factor authentication.
    let proof = json!({ "password": PASSWORD });
    let begun = json_of(server, "POST /api/account/second-factor", &token, &proof).json();
    let secret = secrets.keep("the secret of a second factor", text(&begun["secret"]));
    let otp = json!({ "otp": code(&secret, -1) });
    let confirmed = json_of(
        server,
        "POST /api/account/second-factor/confirm",
        &token,
        &otp,
    );
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    for codes in confirmed.json().as_object().unwrap().values() {
        for code in codes.as_array().into_iter().flatten() {
            secrets.keep("a recovery code", text(code));
        }
    }
    (token, secret)
}

/// Opens a live channel and sends a message and malformed frames.
async fn talk_live(server: &Server, token: &str) {
    let (_, rooms) = tokio::task::block_in_place(|| server.request("GET", "/api/rooms", token, ""));
    let rooms: Value = serde_json::from_str(&rooms).unwrap();
    let channel_id: ChannelId = text(&rooms["rooms"][0]["room_id"]).parse().unwrap();
    let mut socket = Socket::greeted(server.address, token).await.unwrap();
    let text = format!("{WRITTEN}, live");
    socket.ask("a", &Send { channel_id, text }).await.unwrap();
    let malformed =
        format!("\0{{\"nonce\":\"b\",\"kind\":\"chat.send\",\"body\":{{\"text\":\"{WRITTEN}\"}}}}");
    let frame = Message::Binary(Bytes::from(malformed.into_bytes()));
    socket.send(frame).await.unwrap();
    socket.ask("c", &Ping {}).await.unwrap();
    loop {
        match socket.hear().await {
            Heard::Answer(answer) if answer.nonce == "c" => break,
            Heard::End | Heard::Goodbye(_) => panic!("cut off"),
            Heard::Answer(_) | Heard::Event(_) => {}
        }
    }
    let rubbish = Message::Binary(Bytes::from(format!("\0{{{WRITTEN}").into_bytes()));
    socket.send(rubbish).await.unwrap();
    while !matches!(socket.hear().await, Heard::End) {}
}

/// Signs in through pages with two-factor authentication, renews cookies, uses an old one, requests
/// a new password.
fn by_pages(
    server: &Server,
    secrets: &mut Secrets,
    secret: &str,
    letters: &mpsc::Receiver<String>,
) {
    let name = EMAIL.replace('@', "%40");
    let first = form(
        server,
        "accounts/sign_in",
        "",
        &format!("name={name}&password={PASSWORD}"),
    );
    let challenge = secrets.keep("a challenge", first.cookie("rialto_challenge"));
    let cookie = format!("rialto_challenge={challenge}");
    form(server, "accounts/sign_in_code", &cookie, "code=000000");
    let body = format!("code={}", code(secret, 0));
    let entered = form(server, "accounts/sign_in_code", &cookie, &body);
    let access = Value::from(entered.cookie("rialto_access"));
    secrets.token("a browser's access token", &access);
    let old = secrets.keep("a refresh cookie", entered.cookie("rialto_refresh"));
    let (session, part) = old.split_once('.').unwrap();
    secrets.keep("the secret of a refresh cookie", part);
    secrets.keep("the session of a refresh cookie", session);
    // Renewed twice, so that the first cookie is outdated.
    let mut newest = old.clone();
    for _ in 0..2 {
        let cookie = format!("rialto_refresh={newest}");
        let renewed = ask(server, "GET /settings", &[("cookie", &cookie)], "");
        newest = secrets.keep("a renewed cookie", renewed.cookie("rialto_refresh"));
    }
    let cookie = format!("rialto_refresh={old}");
    ask(server, "GET /settings", &[("cookie", &cookie)], "");

    // A password reset link, and one that the mail server rejects.
    let other = SECOND_EMAIL.replace('@', "%40");
    form(
        server,
        "accounts/request_reset",
        "",
        &format!("email={other}"),
    );
    form(
        server,
        "accounts/request_reset",
        "",
        &format!("email={name}"),
    );
    let letter = letters.recv_timeout(PATIENCE).expect("no email comes");
    let (_, link) = letter.split_once("/reset/").unwrap();
    let end = link.find(|c: char| c.is_whitespace()).unwrap();
    let reset = secrets.keep("a reset link", &link[..end]);
    ask(server, &format!("GET /reset/{reset}"), &[], "");
    ask(server, &format!("GET /reset/{reset}/"), &[], "");
    form(
        server,
        "accounts/reset_owner",
        "",
        &format!("token={reset}"),
    );
    let body = format!("token={reset}&password={NEW_PASSWORD}");
    let set = form(server, "accounts/reset_password", "", &body);
    assert!(set.status < 400, "{}", set.body);
    // The log contains the rejected email, without its address.
    let begun = Instant::now();
    while !server.log().contains("Recipient address rejected") {
        assert!(begun.elapsed() < PATIENCE, "the refusal is not logged");
        thread::sleep(std::time::Duration::from_millis(50));
    }
}
