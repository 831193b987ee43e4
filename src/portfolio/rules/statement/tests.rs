use super::*;
use crate::portfolio::rules::ledger::What;
use crate::shared::TransactionId;
use crate::testing::mutation::{damaged, damaged_json};
use proptest::prelude::*;
use uuid::Uuid;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 6, 30).unwrap()
}

fn whats(bytes: &[u8]) -> Vec<std::result::Result<What, String>> {
    let lines = read(bytes, today()).unwrap().into_iter();
    let what = |line: Line| match line.read {
        Ok(checked) => Ok(checked.what),
        Err(error) => Err(format!("{}: {}", line.number, error.code)),
    };
    lines.map(what).collect()
}

fn buy(quantity: &str, price: &str, fee: &str) -> std::result::Result<What, String> {
    let exact = |text: &str| text.parse().unwrap();
    Ok(What::Buy {
        quantity: exact(quantity),
        price: exact(price),
        fee: exact(fee),
    })
}

#[test]
fn what_ghostfolio_writes() {
    let table = "Date,Code,DataSource,Currency,Price,Quantity,Action,Fee,Note\n\
        01-09-2021,AAPL,YAHOO,USD,150.5,2,buy,1.5,\"first, of many\"\n\
        2021-11-16,MSFT,YAHOO,USD,0.62,5,dividend,0,\n\
        2021-12-01,,MANUAL,USD,0,0,fee,4.9,Account\n\
        2022-01-03,AAPL,YAHOO,USD,10,1,item,0,\n";
    let read = whats(table.as_bytes());
    assert_eq!(read[0], buy("2", "150.5", "1.5"));
    assert_eq!(read[1], Ok(What::Dividend("3.1".parse().unwrap())));
    assert_eq!(read[2], Ok(What::Fee("4.9".parse().unwrap())));
    assert_eq!(read[3], Err("5: bad-kind".into()));
    let json = r#"{ "meta": { "version": "dev" }, "activities": [
        { "accountId": "x", "comment": null, "fee": 1.5, "quantity": 2, "type": "BUY", "unitPrice": 150.5,
          "currency": "USD", "dataSource": "YAHOO", "date": "2021-09-01T00:00:00.000Z", "symbol": "AAPL" }] }"#;
    assert_eq!(whats(json.as_bytes()), [buy("2", "150.5", "1.5")]);
}

#[test]
fn what_wealthfolio_writes() {
    let table = "date,symbol,quantity,activityType,unitPrice,currency,fee,amount\n\
        2024-01-01T15:02:36.329Z,MSFT,1,DIVIDEND,57.5,USD,0,57.5\n\
        2023-12-15T14:45:12.123Z,MSFT,30,BUY,368.6046511627907,USD,0,\n\
        2023-12-01T14:45:12.123Z,$CASH-USD,1,DEPOSIT,1000.5,USD,0,1000.5\n\
        2023-11-01T14:45:12.123Z,NVDA,0,SPLIT,0,USD,0,4\n";
    let read = whats(table.as_bytes());
    assert_eq!(read[0], Ok(What::Dividend("57.5".parse().unwrap())));
    // More decimals than a price can have.
    assert_eq!(read[1], Err("3: bad-number".into()));
    assert_eq!(read[2], Ok(What::Deposit("1000.5".parse().unwrap())));
    assert_eq!(read[3], Ok(What::Split { from: 1, to: 4 }));
}

#[test]
fn encodings_marks_and_commas() {
    let table = "date;kind;symbol;quantity;price;note\r\n31.12.2023;BUY;IBM;1.000,5;163,55;Öl\r\n";
    let expected = [buy("1000.5", "163.55", "0")];
    let utf8: Vec<u8> = [&b"\xef\xbb\xbf"[..], table.as_bytes()].concat();
    assert_eq!(whats(&utf8), expected);
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain(table.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(whats(&utf16), expected);
    let western: Vec<u8> = table
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    assert_eq!(whats(&western), expected);
    let lines = read(&western, today()).unwrap();
    assert_eq!(lines[0].read.as_ref().unwrap().note, "Öl");
    // This can be 1 May or 5 January.
    let strokes = "date\tkind\tsymbol\tquantity\tprice\n01/05/2023\tBUY\tIBM\t1\t1\n\n";
    assert_eq!(whats(strokes.as_bytes()), [Err("2: bad-date".into())]);
}

#[test]
fn a_point_before_three_digits_is_what_the_file_says() {
    let head = "date;kind;symbol;quantity;price\n";
    let rows = |rows: &str| whats(format!("{head}{rows}").as_bytes());
    // Used to be read as a single share.
    assert_eq!(
        rows("2024-01-02;BUY;IBM;1.000;163,55\n"),
        [buy("1000", "163.55", "0")]
    );
    // One unambiguous number decides for the whole file.
    assert_eq!(
        rows("2024-01-02;BUY;IBM;1.000;2\n2024-01-02;BUY;IBM;1,5;1,125\n"),
        [buy("1000", "2", "0"), buy("1.5", "1.125", "0")]
    );
    assert_eq!(
        rows("2024-01-02;BUY;IBM;1.125;163.55\n"),
        [buy("1.125", "163.55", "0")]
    );
    // No number decides, or two numbers contradict each other.
    let unclear = |line: usize| Err(format!("{line}: ambiguous-number"));
    assert_eq!(rows("2024-01-02;BUY;IBM;1.000;2\n"), [unclear(2)]);
    assert_eq!(rows("2024-01-02;BUY;IBM;1,000;2\n"), [unclear(2)]);
    assert_eq!(
        rows("2024-01-02;BUY;IBM;1.000;2\n2024-01-02;BUY;IBM;1,5;1.5\n"),
        [unclear(2), buy("1.5", "1.5", "0")]
    );
    assert_eq!(
        rows("2024-01-02;BUY;IBM;1000;2.500\n2024-01-02;DIVIDEND;IBM;1.000;2\n"),
        [unclear(2), unclear(3)]
    );
    let lines = read(
        format!("{head}2024-01-02;BUY;IBM;1.000;2\n").as_bytes(),
        today(),
    )
    .unwrap();
    assert_eq!(lines[0].place, Some(("quantity".into(), "1.000".into())));
    // Programs that separate cells with commas write decimal points.
    let program = "date,kind,symbol,quantity,price\n2024-01-02,BUY,IBM,1.125,2\n";
    assert_eq!(whats(program.as_bytes()), [buy("1.125", "2", "0")]);
    let quoted = "date,kind,symbol,quantity,price\n2024-01-02,BUY,IBM,1.125,\"2,5\"\n";
    assert_eq!(whats(quoted.as_bytes()), [buy("1125", "2.5", "0")]);
}

#[test]
fn currencies_are_read() {
    let table = "date,symbol,quantity,activityType,unitPrice,currency\n\
        2024-01-02,MSFT,1,BUY,57.5,USD\n2024-01-02,MSFT,1,BUY,57.5, \n";
    let lines = read(table.as_bytes(), today()).unwrap();
    assert_eq!(lines[0].currency, Some(("currency".into(), "USD".into())));
    assert_eq!(lines[1].currency, None);
    let json = r#"{ "activities": [{ "date": "2024-01-02", "type": "BUY", "symbol": "IBM",
        "quantity": 1, "unitPrice": 1, "currency": "EUR" }] }"#;
    let lines = read(json.as_bytes(), today()).unwrap();
    assert_eq!(lines[0].currency, Some(("currency".into(), "EUR".into())));
    let codes = ["usd", " EUR ", "GBp", "GBX", "GBP", "ZAc", "€"].map(currency_code);
    assert_eq!(codes, ["USD", "EUR", "GBX", "GBX", "GBP", "ZAc", "€"]);
}

#[test]
fn what_is_no_file_of_transactions() {
    let code = |bytes: &[u8]| read(bytes, today()).unwrap_err().code.into_owned();
    assert_eq!(code(b""), "file-empty");
    assert_eq!(code(b"\xef\xbb\xbf  \n"), "file-empty");
    assert_eq!(code(b"hello"), "file-unreadable");
    assert_eq!(
        code(b"<html><body>Sign in</body></html>"),
        "file-unreadable"
    );
    assert_eq!(code(b"{\"a\":1}"), "file-unreadable");
    assert_eq!(code(&[0xff; 64]), "file-unreadable");
    // A workbook, and UTF-16 text without a byte order mark.
    assert_eq!(code(b"PK\x03\x04\x14\x00\x06\x00"), "file-binary");
    assert_eq!(code(b"d\0a\0t\0e\0"), "file-binary");
    let long = format!("date,kind\n{}", "x,y\n".repeat(MOST_LINES + 1));
    assert_eq!(code(long.as_bytes()), "file-too-long");
}

#[test]
fn wrong_lines_name_their_column() {
    let places = |bytes: &[u8]| -> Vec<Option<(String, String)>> {
        let lines = read(bytes, today()).unwrap().into_iter();
        lines.map(|line| line.place).collect()
    };
    let place = |column: &str, written: &str| Some((column.to_owned(), written.to_owned()));
    let table = "Trade Date,Code,Action,Shares,Unit Price\n\
        2024-01-02,IBM,buy,ten,1\n2024-01-02,IBM,buy,10,-1\n2024-13-02,IBM,buy,1,1\n\
        2024-01-02,,buy,1,1\n2024-01-02,IBM,gift,1,1\n2024-01-02,IBM,dividend,1\n";
    let long = "x".repeat(100);
    let expected = [
        place("Shares", "ten"),
        place("Unit Price", "-1"),
        place("Trade Date", "2024-13-02"),
        place("Code", ""),
        place("Action", "gift"),
        place("Shares", "1"),
    ];
    assert_eq!(places(table.as_bytes()), expected);
    let cut = format!("date,kind,symbol\n{long},BUY,IBM\n");
    let cut = places(cut.as_bytes()).remove(0).unwrap();
    assert_eq!(cut.1.chars().count(), SHOWN + 1);
    let json = r#"{ "activities": [{ "date": "2024-01-02", "type": "BUY", "symbol": "IBM", "quantity": 0, "unitPrice": 1 }] }"#;
    assert_eq!(places(json.as_bytes()), [place("quantity", "0")]);
}

fn transaction(what: &Checked, number: u128) -> Transaction {
    let (quantity, price, fee) = match &what.what {
        What::Buy {
            quantity,
            price,
            fee,
        }
        | What::Sell {
            quantity,
            price,
            fee,
        } => (Some(*quantity), Some(*price), Some(*fee)),
        _ => (None, None, None),
    };
    let amount = match &what.what {
        What::Dividend(amount)
        | What::Fee(amount)
        | What::Deposit(amount)
        | What::Withdrawal(amount) => Some(*amount),
        _ => None,
    };
    let ratio = match &what.what {
        What::Split { from, to } => Some((*from, *to)),
        _ => None,
    };
    Transaction {
        id: TransactionId(Uuid::from_u128(number)),
        kind: what.kind,
        symbol: what.symbol.as_ref().map(ToString::to_string),
        date: what.date,
        quantity,
        price,
        fee,
        amount,
        ratio,
        note: what.note.clone(),
        created_at: chrono::DateTime::UNIX_EPOCH,
        removed: false,
    }
}

proptest! {
    /// An exported transaction is imported unchanged, and no exported cell begins a formula.
    #[test]
    fn there_and_back(
        kind in "BUY|SELL|DIVIDEND|FEE|SPLIT|DEPOSIT|WITHDRAWAL", symbol in "[A-Z=^.-]{1,6}",
        units in 1_u32..1_000_000, price in 1_u32..1_000_000, scale in 0_u32..6,
        note in "[ -~äß'=+@,;\"-]{0,20}",
    ) {
        let figure = |figure: u32| rust_decimal::Decimal::new(figure.into(), scale).to_string();
        let input = TransactionInput {
            kind,
            symbol,
            date: "2012-06-01".into(),
            quantity: figure(units),
            price: figure(price),
            fee: "0".into(),
            amount: figure(units),
            from: "2".into(),
            to: "3".into(),
            note,
        };
        let checked = check(&input, today()).unwrap();
        let one = transaction(&checked, 1);
        let cells = row(&one).unwrap();
        for cell in csv::ReaderBuilder::new().has_headers(false).from_reader(cells.as_bytes()).records().next().unwrap().unwrap().iter() {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@']), "{}", cell);
        }
        let file = format!("{}{cells}", head().unwrap());
        let back = read(file.as_bytes(), today()).unwrap();
        prop_assert_eq!(back.len(), 1);
        prop_assert_eq!(back[0].read.as_ref().unwrap(), &checked);
        let json = serde_json::json!({ "transactions": [one] }).to_string();
        let back = read(json.as_bytes(), today()).unwrap();
        prop_assert_eq!(back[0].read.as_ref().unwrap(), &checked);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _read = read(&bytes, today());
        let table = [&b"date,kind,symbol,quantity,price\n"[..], &bytes].concat();
        let _read = read(&table, today());
    }
}

const TABLES: [&str; 4] = [
    "Date,Code,DataSource,Currency,Price,Quantity,Action,Fee,Note\n\
     01-09-2021,AAPL,YAHOO,USD,150.5,2,buy,1.5,\"first, of many\"\n\
     2021-11-16,MSFT,YAHOO,USD,0.62,5,dividend,0,\n",
    "date,symbol,quantity,activityType,unitPrice,currency,fee,amount\n\
     2023-12-15T14:45:12.123Z,MSFT,30,BUY,368.60,USD,0,\n\
     2023-11-01T14:45:12.123Z,NVDA,0,SPLIT,0,USD,0,4\n",
    "date;kind;symbol;quantity;price;note\r\n31.12.2023;BUY;IBM;1.000,5;163,55;\u{d6}l\r\n",
    "date,kind,symbol,quantity,price,fee,amount,from,to,note,removed\n\
     2012-06-01,SPLIT,AAPL,,,,,1,7,,\n2012-06-01,DEPOSIT,,,,,1000,,,\"x\ny\",\n",
];
const EXPORT: &str = r#"{ "meta": { "version": "dev" }, "activities": [
    { "accountId": "x", "comment": null, "fee": 1.5, "quantity": 2, "type": "BUY", "unitPrice": 150.5,
      "currency": "USD", "dataSource": "YAHOO", "date": "2021-09-01T00:00:00.000Z", "symbol": "AAPL" }] }"#;

/// Any file has at most as many lines as bytes, and displayed cells are short.
fn bounded(bytes: &[u8]) {
    let Ok(lines) = read(bytes, today()) else {
        return;
    };
    assert!(lines.len() <= bytes.len());
    for line in lines {
        let shown = line.place.iter().chain(&line.currency);
        for (column, cell) in shown {
            assert!(column.chars().count() <= SHOWN + 1 && cell.chars().count() <= SHOWN + 1);
        }
        if let Ok(checked) = line.read {
            assert!(checked.date <= today());
        }
    }
}

proptest! {
    #[test]
    fn damaged_tables_are_survived(bytes in damaged(&TABLES)) {
        bounded(&bytes);
    }

    #[test]
    fn damaged_exports_are_survived(json in damaged_json(&[EXPORT])) {
        bounded(json.to_string().as_bytes());
    }

    #[test]
    fn damaged_json_is_survived(bytes in damaged(&[EXPORT])) {
        bounded(&bytes);
    }
}
