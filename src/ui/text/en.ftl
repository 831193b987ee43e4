### English: the complete catalogue. Other languages may have gaps, this one may not.
### Plain, short, warm; sentence case; no exclamation marks, no blame.
### "family:" marks keys that are looked up by a computed name.

## The product

app-name = Rialto
app-description = A home for trading communities: the chat, the markets and your own judgement in one place.
app-start-failed = Rialto could not start in this browser. You can still read; reload the page to try again.
app-reload = Reload

## Frame

skip-to-conversation = Skip to the conversation
rail-label = Communities
views-label = Views
pane-channels = Channels
pane-conversation = Chat
pane-members = Members
pane-show-channels = Show channels
pane-show-members = Show members
pane-hide-members = Hide members
close = Close
cancel = Cancel
notices-label = Notices
theme-dark = Use the dark theme
theme-light = Use the light theme
sign-out = Sign out
bot-badge = BOT

## Time

today = Today
yesterday = Yesterday
date-full = { $weekday }, { $day } { $month } { $year }
date-time = { $date }, { $time }
# family: weekday-
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
# family: month-
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Sign in and register

sign-in-title = Sign in
sign-in-lead = Good to see you again.
sign-in-name = Username or email
sign-in-password = Password
sign-in-submit = Sign in
sign-in-pending = Signing in
sign-in-to-register = New here?
sign-in-register-link = Create an account
register-title = Create an account
register-lead = One account for chat, markets and your portfolio.
register-username = Username
register-username-hint = The name that others see and mention.
register-email = Email
register-password = Password
register-password-hint = At least 8 characters.
register-submit = Create account
register-pending = Creating your account
register-to-sign-in = Already have an account?
register-sign-in-link = Sign in
password-show = Show password
password-hide = Hide password
strength-label = Password strength
# family: strength-
strength-0 = Guessed at once
strength-1 = Easy to guess
strength-2 = Could be better
strength-3 = Good
strength-4 = Strong
welcome-lead = Where merchants met to trade and to talk.
welcome-text = The chat, the markets and your community’s own judgement, in one place.

## Error pages

not-found-title = There is nothing here
not-found-text = The address may be mistyped, or what was here has moved or been removed.
not-found-back = Go to your channels
broken-title = Something went wrong on our side
broken-text = What you sent before this is safe. Try again in a moment.
broken-retry = Try again

## Channels

channels-title = Channels
channel-new = New channel
channel-new-name = Channel name
channel-new-hint = Short and plain, like earnings or options.
channel-new-create = Create channel
channel-unread = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
channel-unread-many = 99+

## Members

members-title = Members
members-here = Here now, { $count }
members-away = Away, { $count }
members-more = Show more members
member-here = here now
member-away = away

## Composer

composer-label = Message to { $channel }
composer-placeholder = Message #{ $channel }
composer-send = Send
composer-hint = Enter sends, Shift and Enter makes a new line.
composer-too-long = { $over ->
    [one] { $over } character too many
   *[other] { $over } characters too many
}
composer-readonly = You can read here, but not write.
completions-label = Commands

## Messages

message-pending = Sending
message-failed = This message was not sent.
message-retry = Try again
message-discard = Discard
message-edited = edited
message-deleted = Message deleted
message-edit = Edit message
message-delete = Delete message
message-copy = Copy text
message-copied = Text copied
message-actions = Message actions
message-save = Save
message-cancel = Cancel

## Timeline

timeline-label = Messages in { $channel }
timeline-empty-title = This is the start of #{ $channel }
timeline-empty-text = Say hello, or type /help to see what the bots can do.
timeline-start = The start of #{ $channel }
timeline-older = Show older messages
timeline-newer = Show newer messages
unread-line = New
jump-latest = Jump to latest
jump-latest-count = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
typing-one = { $name } is writing
typing-two = { $a } and { $b } are writing
typing-many = Several people are writing

## Connection

connection-lost = The connection is lost. What you write is kept and sent as soon as it is back.
offline = You are offline. What you write is kept and sent later.
reload-needed = A new version is ready. Reload the page to go on.

## Errors; the values are the error's details
# family: error-

error-malformed = That could not be understood. Check what you entered and try again.
error-unauthenticated = Sign in to do this.
error-forbidden = You may not do this here.
error-not-found = There is nothing here. It may have been removed.
error-unavailable = This is not available right now. Try again in a moment.
error-internal = Something went wrong on our side. Nothing was changed; try again in a moment.
error-conflict = Somebody changed this in the meantime. Reload the page and try again.
error-rate-limited = { $seconds ->
    [one] That was a little fast. Try again in { $seconds } second.
   *[other] That was a little fast. Try again in { $seconds } seconds.
}
error-rate-limited-soon = That was a little fast. Try again in a moment.
error-method-not-allowed = This address does not take that kind of request.
error-too-large = That is more than we can take. Make it smaller and try again.
error-unsupported-media-type = That kind of file or data is not understood here.
error-cross-origin = This request came from another site and was stopped. Open the page again and try from here.
error-bad-limit = The number of items must be from 1 to { $max }.
error-bad-cursor = This list has changed. Reload the page to see it from the start.
error-message-empty = Write something first.
error-message-too-long = { $max ->
    [one] A message holds at most { $max } character.
   *[other] A message holds at most { $max } characters.
}
error-message-characters = This message holds characters that cannot be shown. Remove them and try again.
error-message-rate = { $seconds ->
    [one] You can send again in { $seconds } second.
   *[other] You can send again in { $seconds } seconds.
}
error-name-empty = Enter a name.
error-name-too-long = { $max ->
    [one] A name holds at most { $max } character.
   *[other] A name holds at most { $max } characters.
}
error-name-characters = A name cannot hold control characters or invisible marks.
error-channel-exists = There is already a channel of this name. Choose another one.
error-invalid-credentials = The name or the password is not right. Check both and try again.
error-missing-fields = Fill in every field to go on.
error-username-taken = This username, or one that looks like it, is taken. Choose another one.
error-username-characters = Use letters, figures, dots, hyphens and underscores.
error-username-length = A username has { $min } to { $max } characters.
error-username-reserved = This username is kept for the house. Choose another one.
error-email-taken = There is already an account with this email. Sign in instead.
error-email-invalid = This does not look like an email address.
error-password-too-short = { $min ->
    [one] A password has at least { $min } character.
   *[other] A password has at least { $min } characters.
}
error-password-too-long = { $max ->
    [one] A password has at most { $max } character.
   *[other] A password has at most { $max } characters.
}
error-too-many-attempts = { $seconds ->
    [one] Too many attempts in a short time. Try again in { $seconds } second.
   *[other] Too many attempts in a short time. Try again in { $seconds } seconds.
}
error-registration-closed = New accounts are closed here. Ask the people who run this place for one.
error-guests-off = Guests cannot look in here. Create an account to join.
error-name-in-use = Somebody here has this name already. Choose another one.
error-session-ended = You have been signed out. Sign in to go on.

## Bots

command-stock = The last known price of a stock
command-help = What you can ask the bots
quote-open = Open
quote-high = High
quote-low = Low
quote-volume = Volume
# family: quote-source-
quote-source-sample = sample { $date }
quote-source-stooq = stooq { $date }
bot-no-quote = No quote for { $symbol }.
bot-no-quote-nameless = No quote for that.
bot-no-quote-hint = Try a code such as AAPL.US or MSFT.US.
bot-market-unavailable = Prices are not available right now.
bot-market-unavailable-hint = Ask for { $symbol } again in a few minutes.
bot-which-one = Say which one:
error-bad-symbol = A symbol has 1 to { $max } letters, digits, or . - ^ =
error-unknown-symbol = There is no price for { $symbol }. Check the code.
error-market-unavailable = Prices are not available right now. Try again in a few minutes.
message-delete-sure = The message disappears for everybody. This cannot be undone.
error-too-many-channels = { $max ->
    [one] A community has at most { $max } channel.
   *[other] A community has at most { $max } channels.
}
error-bad-nonce = This message could not be sent. Reload the page and try again.
error-too-many-connections = This account is open in too many windows. Close some and reload.
error-too-many-topics = Too many channels are open at once. Reload the page.
error-unknown-command = This page and the server do not fit together. Reload the page.
error-hello-first = This page and the server do not fit together. Reload the page.
error-reload = A new version is ready. Reload the page to go on.
error-account-gone = This account is no longer here.
error-account-unknown = There is no account of this name.
error-name-reserved = This name is kept for the house. Choose another one.
error-slow-down = { $seconds ->
    [one] That was a little fast. Try again in { $seconds } second.
   *[other] That was a little fast. Try again in { $seconds } seconds.
}
error-token-expired = Your sign-in has run out. Sign in to go on.
error-token-invalid = Your sign-in could not be read. Sign in to go on.
error-username-too-short = { $min ->
    [one] A username has at least { $min } character.
   *[other] A username has at least { $min } characters.
}
