### English. The other catalogues have the same keys with the same values in them.
### Plain, short, warm; sentence case; no exclamation marks, no blame.
### "family:" marks keys that are looked up by a computed name.

## The product

app-name = Rialto
app-description = Your trading community: chat, markets, portfolio and predictions in one place.
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
notices-label = Notifications
theme-dark = Use the dark theme
theme-light = Use the light theme
sign-out = Sign out
bot-badge = BOT

## Words of tables and forms

search = Search
save = Save
undo = Undo
retry = Retry
loading = Loading
actions = Actions
table-csv = Table (CSV)
label-symbol = Symbol
label-date = Date
label-quantity = Quantity
label-value = Value
label-unrealized = Unrealized gain
label-cash = Cash
label-rank = Rank
label-result = Result
label-drawdown = Max drawdown
label-sector = Sector
no-price = No price
view-chart = View chart

## Pages in sections

back-to-chat = Back to the chat
all-sections = All sections
skip-to-section = Skip to the section
with-key = { $what } ({ $key })

## Settings

settings-title = Settings
settings-profile = Profile
profile-username-stays = Your username does not change: members mention you by it.
settings-appearance = Appearance
settings-language = Language
profile-name = Display name
profile-saved = Display name saved.
profile-guest = Create an account to choose a display name and a picture.
picture-title = Picture
picture-note = PNG, JPEG, WebP or GIF, up to 4 MB. Choose a file or drop it here. It is cropped to a square.
picture-send = Upload picture
picture-remove = Remove picture
picture-removed = Picture removed.
picture-sending = Uploading, { $percent }%
appearance-example = Preview
appearance-example-text = Volume is back above its average, and the close was near the high.
appearance-theme = Theme
appearance-theme-note = Dark or light.
appearance-system = System
appearance-dark = Dark
appearance-light = Light
appearance-density = Density
appearance-density-note = How much fits on the screen.
appearance-comfortable = Comfortable
appearance-compact = Compact
appearance-prices = Price colors
appearance-prices-note = Prices also carry a sign and an arrow.
appearance-green-red = Green and red
appearance-blue-orange = Blue and orange
appearance-motion = Motion
appearance-motion-note = Animations and transitions.
appearance-reduced = Reduced
appearance-clock = Clock
appearance-clock-note = How times are shown.
appearance-usual = Automatic
appearance-24 = 24-hour
appearance-12 = 12-hour
appearance-zone = Time zone
appearance-zone-note = Enter a city, such as Europe/Madrid, or an offset, such as UTC+05:30. Leave it empty to use this device’s time zone.
appearance-zone-own = This device’s time zone
language-note = Changes pages, numbers and dates. Messages stay as they were written.
language-of-browser = Browser language

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
date-short = { $day } { $month } { $year }
# family: month-short-
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
clock-am = am
clock-pm = pm

## Sign in and register

sign-in-title = Sign in
sign-in-lead = Welcome back.
sign-in-name = Username or email
sign-in-password = Password
sign-in-submit = Sign in
sign-in-pending = Signing in
sign-in-to-register = New to Rialto?
sign-in-register-link = Create an account
register-title = Create an account
register-lead = One account for chat, markets and your portfolio.
register-setup-lead = This account becomes the first admin.
register-username = Username
register-username-hint = Members see it and mention you by it.
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
strength-0 = Very weak
strength-1 = Weak
strength-2 = Fair
strength-3 = Good
strength-4 = Strong
welcome-lead = Where merchants met to trade and to talk.
welcome-text = Chat, markets, portfolio and predictions in one place.

## Error pages

not-found-title = Page not found
not-found-text = Check the address. The page may have moved or been deleted.
not-found-back = Go to your channels
broken-title = Something went wrong on our side
broken-text = Your data is safe. Try again in a moment.
refused-title = Too many requests
refused-retry = Retry

## Channels

channels-title = Channels
channel-new = New channel
channel-new-name = Channel name
channel-new-hint = Short, such as earnings or options.
channel-new-create = Create channel
channel-delete = Delete channel
channel-delete-sure = This deletes #{ $channel } and all its messages for everyone. You cannot undo it.
channel-delete-type = Type { $channel } to confirm
channel-delete-mistyped = The name does not match. Type it again.
channel-deleted = #{ $channel } deleted.
channel-unread = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
channel-unread-many = 99+

## Members

members-title = Members
members-here = Online, { $count }
members-away = Offline, { $count }
members-more = Show more members
member-here = online
member-away = offline

## Composer

composer-label = Message #{ $channel }
composer-placeholder = Message #{ $channel }
composer-send = Send
composer-hint = Press Enter to send, Shift+Enter for a new line.
composer-too-long = { $over ->
    [one] { $over } character too many
   *[other] { $over } characters too many
}
composer-readonly = You can read this channel but not write in it.
completions-label = Commands
completions-instruments = Symbols

## Messages

message-pending = Sending
message-failed = Message not sent.
message-retry = Retry
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
timeline-empty-text = Say hello, or type /help to see the commands.
timeline-empty-write = Write the first message
timeline-loading = Loading messages
timeline-start = Start of #{ $channel }
timeline-older = Show older messages
timeline-newer = Show newer messages
unread-line = New
jump-latest = Jump to latest
jump-latest-count = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
typing-one = { $name } is typing
typing-two = { $a } and { $b } are typing
typing-many = Several people are typing

## Finder and keys

finder-open = Search
finder-hint = Channels, members, pages and actions
finder-recent = Recent
finder-channels = Channels
finder-members = Members
finder-pages = Pages
finder-actions = Actions
finder-count = { $count ->
    [one] { $count } result
   *[other] { $count } results
}
finder-nothing = No results for “{ $query }”. Try fewer letters, or # for channels, @ for members, > for actions.
keys-title = Keyboard shortcuts
keys-page = Everywhere
keys-composer = Writing a message
keys-messages = Reading messages
keys-edit = Editing a message
keys-list = In an open list
key-find = Search
key-keys = Show keyboard shortcuts
key-channel-up = Previous channel
key-channel-down = Next channel
key-unread-up = Previous unread channel
key-unread-down = Next unread channel
key-mark-read = Jump to latest and mark as read
key-back = Back to the chat
key-next-pane = Next pane
key-previous-pane = Previous pane
key-send = Send
key-new-line = New line
key-edit-last = Edit your last message
key-complete = Complete the command
key-older = Previous message
key-newer = Next message
key-first = First message
key-last = Last message
key-actions = Message actions
key-actions-back = Back to the message
key-edit = Edit message
key-delete = Delete message
key-copy = Copy text
key-to-composer = Back to the message box
key-save-edit = Save
key-leave-edit = Cancel
key-above = Previous item
key-below = Next item
key-take = Choose
key-leave = Close
# family: cap-
cap-ctrl = Ctrl
cap-shift = Shift
cap-enter = Enter
cap-escape = Esc
cap-tab = Tab
cap-home = Home
cap-end = End
cap-delete = Del
cap-backspace = Backspace

## Connection

connection-lost = Connection lost. Rialto saves your messages and sends them when the connection is back.
offline = You are offline. Rialto saves your messages and sends them later.
reload-needed = A new version is ready. Reload the page to continue.

## Installed and offline

channel-unknown = Unknown channel
channel-away-title = This channel needs a connection
channel-away-text = It opens when the connection is back. You can still read channels you opened before.
members-were-here = Online before the connection was lost, { $count }
member-unknown = unknown
new-build = A new version is ready. Your draft is saved.
later = Later
install-app = Install the app
screenshot-label = A channel with its messages, quotes and members
offline-title = Offline
offline-reason = You are offline.
offline-away = Rialto does not answer right now.
offline-updated = Last updated { $time }.
offline-back = Rialto is back.
offline-on = Continue
offline-writing = Rialto saves what you write and sends it when you are back, as
offline-waiting = Waiting to be sent
offline-nothing-title = Nothing to read offline yet
offline-nothing-text = Channels that you open on this device stay readable offline.

## Errors; the values are the error's details
# family: error-

error-malformed = Invalid request. Check what you entered and try again.
error-unauthenticated = Sign in to do this.
error-forbidden = You do not have permission to do this.
error-not-found = Not found. It may have been deleted.
error-unavailable = This is not available right now. Try again in a moment.
error-busy = The server is busy. Try again in a moment.
error-storage-full = The disk is full, so nothing was saved. You can still read. Tell an admin.
error-internal = Something went wrong on our side. Nothing changed. Try again in a moment.
error-conflict = This changed in the meantime. Reload the page and try again.
error-rate-limited = { $seconds ->
    [one] Too many requests. Try again in { $seconds } second.
   *[other] Too many requests. Try again in { $seconds } seconds.
}
error-rate-limited-soon = Too many requests. Try again in a moment.
error-method-not-allowed = This address does not accept that kind of request.
error-too-large = Request body too large. Make it smaller and try again.
error-uri-too-long = Address too long. Shorten it and try again.
error-unsupported-media-type = Unsupported format. Choose another file.
error-cross-origin = Rialto blocked a request from another site. Open the page again and retry.
error-bad-idempotency-key = Invalid request key. Reload the page and try again.
error-idempotency-key-reused = Your first attempt was saved, these changes were not. Check it, then send them again.
error-bad-limit = Choose from 1 to { $max } items.
error-bad-cursor = This list changed. Reload the page.
error-message-empty = Enter a message.
error-message-too-long = { $max ->
    [one] Message too long. The limit is { $max } character.
   *[other] Message too long. The limit is { $max } characters.
}
error-message-characters = Invalid characters. Remove them and try again.
error-message-marks = Too many accents on one letter. Remove some and try again.
error-nonce-used = Another message has the same ID. Send this one again.
error-message-rate = { $seconds ->
    [one] You can send again in { $seconds } second.
   *[other] You can send again in { $seconds } seconds.
}
error-name-empty = Enter a name.
error-name-too-long = { $max ->
    [one] Name too long. The limit is { $max } character.
   *[other] Name too long. The limit is { $max } characters.
}
error-name-characters = Remove invisible characters and extra accents from the name.
error-channel-exists = This channel name is taken. Choose another one.
error-channel-in-use = Other members have written in this channel. Ask an admin to delete it.
error-last-channel = A community needs at least one channel.
error-invalid-credentials = Wrong username or password. Check both and try again.
error-missing-fields = Fill in all fields.
error-username-taken = This username, or a similar one, is taken. Choose another one.
error-username-characters = Use letters, digits, dots, hyphens and underscores.
error-username-length = Use { $min } to { $max } characters.
error-username-reserved = This username is reserved. Choose another one.
error-email-taken = An account with this email exists. Sign in instead.
error-email-invalid = Invalid email address. Check it and try again.
error-password-too-short = { $min ->
    [one] Password too short. Use at least { $min } character.
   *[other] Password too short. Use at least { $min } characters.
}
error-password-too-long = { $max ->
    [one] Password too long. The limit is { $max } character.
   *[other] Password too long. The limit is { $max } characters.
}
error-password-common = This password is easy to guess. Choose a longer or less common one.
error-password-needed = Enter your password.
error-setup-token-wrong = This setup link is invalid or already used. Use the last link that the server printed, or register without it.
error-too-many-attempts = { $seconds ->
    [one] Too many attempts. Try again in { $seconds } second.
   *[other] Too many attempts. Try again in { $seconds } seconds.
}
error-too-many-guesses = Too many wrong attempts. Sign in from a network you used before, reset your password, or try again tomorrow.
error-registration-closed = Registration is closed. Ask an admin for an account.
error-guests-off = Guests are not allowed here. Create an account to join.
error-bad-preference = Invalid choice. Reload the page and choose again.
error-bad-zone = Unknown time zone. Choose one from the list, or an offset such as UTC+05:30.
error-picture-broken = This picture is damaged. Choose another one.
error-picture-missing = Choose a picture first.
error-picture-too-large = Picture too large. The limit is 4 MB.
error-picture-too-wide = Picture too large. The limit is { $max } pixels on a side.
error-picture-too-many-pixels = This picture has too many pixels. Make it smaller and try again.
error-too-many-values = More than { $max } values. Choose a shorter period or fewer indicators.
error-picture-unknown = Unsupported format. Choose a PNG, JPEG, WebP or GIF file.
error-name-in-use = This name is taken. Choose another one.
error-session-ended = You are signed out. Sign in to continue.

## Bots

command-stock = Latest quote of a stock
command-chart = Price chart of a stock
command-compare = Compare up to five stocks
command-predict = Create a prediction
command-alert = Create an alert on a price, a change or an indicator
command-help = List the commands
quote-open = Open
quote-high = High
quote-low = Low
quote-volume = Volume
# family: quote-source-
quote-source-sample = sample { $date }
quote-source-replay = replay { $date }
quote-source-folder = end of day { $date }, own files
quote-source-stooq = stooq { $date }, delayed
quote-source-alpha_vantage = Alpha Vantage { $date }, end of day
quote-source-massive = Massive { $date }, end of day
bot-no-quote = No quote for { $symbol }.
bot-no-quote-nameless = No quote found.
bot-no-quote-hint = Try a symbol such as AAPL.US or MSFT.US.
bot-market-unavailable = Prices are unavailable right now.
bot-market-unavailable-hint = Try { $symbol } again in a few minutes.
bot-which-one = Choose one:
bot-how-to = Usage:
bot-chart-alt = { $symbol } from { $from } to { $to }: from { $first } to { $last } ({ $change }), low { $low }, high { $high }; { $source }
bot-compare-title = { $symbols } from { $from } to { $to }
bot-compare-return = Return
bot-compare-volatility = Volatility
bot-compare-fall = Max drawdown
bot-rating-title = Technical rating:
rating-strong-buy = strong buy
rating-buy = buy
rating-neutral = neutral
rating-sell = sell
rating-strong-sell = strong sell
rating-record = { $days ->
    [one] Hit rate after { $days } day: { $rate }. Base rate: { $base }.
   *[other] Hit rate after { $days } days: { $rate }. Base rate: { $base }.
}
rating-no-edge = No demonstrated edge.
prediction-long = rises
prediction-short = falls
prediction-until = until { $date }
prediction-close = Last close
prediction-entry = Entry
prediction-entry-rule = at the next open
prediction-entry-ended = none: its prices have ended
prediction-record = Track record
prediction-record-few = { $n ->
    [0] No scored predictions yet
    [one] { $n } scored prediction: too few to tell
   *[other] { $n } scored predictions: too few to tell
}
prediction-record-of = { $n ->
    [one] { $n } prediction, hit rate { $rate } ({ $low } to { $high }), base rate { $base }
   *[other] { $n } predictions, hit rate { $rate } ({ $low } to { $high }), base rate { $base }
}
error-no-common-days = These symbols have no trading days in common. Choose a longer period.
error-bad-symbol = Invalid symbol. Use 1 to { $max } letters, digits, or . - ^ =
error-unknown-symbol = No price for { $symbol }. Check the symbol.
error-market-sign-in = Sign in to load these prices.
error-market-unavailable = Prices are unavailable right now. Try again in a few minutes.
message-delete-sure = This deletes the message for everyone. You cannot undo it.
error-too-many-channels = { $max ->
    [one] A community has at most { $max } channel.
   *[other] A community has at most { $max } channels.
}
error-bad-nonce = Message not sent. Reload the page and try again.
error-too-many-connections = This account is open in too many windows. Close some and reload.
error-too-many-connections-address = Too many connections from your network. Close some, or try again in a moment.
error-too-many-topics = Too many channels are open at once. Reload the page.
error-too-many-own-channels = { $max ->
    [one] You can create at most { $max } channel. Delete one first.
   *[other] You can create at most { $max } channels. Delete one first.
}
error-unknown-command = Your page is out of date. Reload it.
error-hello-first = Your page is out of date. Reload it.
error-reload = A new version is ready. Reload the page to continue.
error-account-gone = This account no longer exists.
error-account-unknown = Account not found. Check the name.
error-name-reserved = This name is reserved. Choose another one.
error-slow-down = { $seconds ->
    [one] Too many requests. Try again in { $seconds } second.
   *[other] Too many requests. Try again in { $seconds } seconds.
}
error-token-expired = Your session expired. Sign in to continue.
error-token-invalid = Your session is invalid. Sign in to continue.
error-username-too-short = { $min ->
    [one] Username too short. Use at least { $min } character.
   *[other] Username too short. Use at least { $min } characters.
}

## Keeping an account

error-password-wrong = Wrong password. Check it and try again.
error-no-password = This account has no password to confirm.
error-second-factor-required = Two-factor authentication is on. Enter the code from your app.
error-second-factor-wrong = Wrong or used code. Wait for the next one and try again.
error-second-factor-on = Two-factor authentication is already on. Reload the page.
error-second-factor-off = Two-factor authentication is already off. Reload the page.
error-second-factor-not-begun = Setup was restarted elsewhere. Start again here.
error-challenge-over = The code request expired. Enter your password again.
error-account-leaving = This account is scheduled for deletion. Sign in on the website to keep it.
error-last-admin = You are the only admin. Choose a member to take over.
error-successor-unknown = Member not found. Check the name.
error-messages-keep-or-delete = Choose what happens to your messages.
account-deleted = Deleted account
done-ended = Session ended. Sign in to continue.
done-left = Your account is scheduled for deletion. Sign in before the deadline to keep it.
done-deleted = Your account is deleted. Thank you for being here.
settings-sessions = Sessions
settings-security = Security
settings-data = Your data

## Sessions

sessions-lead = Devices signed in to your account. Sign out any that you do not recognize.
sessions-alone = You are signed in on this device only.
sessions-end-others = Sign out other devices
session-current = This device
session-end = Sign out
session-end-of = Sign out { $device }
session-last-used = Last active:
session-since = Signed in:
device-app-on-system = { $app } on { $system }
device-unknown = Unknown device

## Security

password-title = Password
password-lead = Changing your password signs out your other devices.
password-current = Current password
password-new = New password
password-submit = Change password
password-changed = Password changed. Your other devices are signed out.
second-factor-title = Two-factor authentication
second-factor-lead = Protect your account with a code from an authenticator app.
second-factor-needs-script = Setup needs JavaScript. Turn it on in your browser.
second-factor-begin = Set up two-factor authentication
second-factor-scan = Scan this code with your authenticator app.
second-factor-qr = QR code for your authenticator app
second-factor-type = Or enter this key in the app:
second-factor-open = Open an app on this device
second-factor-first-code = Enter the code from the app.
second-factor-code = Code
second-factor-code-hint = The six-digit code from your app, or a recovery code.
second-factor-confirm = Turn on
second-factor-is-on = Two-factor authentication is on.
second-factor-off = Turn off two-factor authentication
second-factor-off-lead = You will sign in with your password only.
second-factor-turned-off = Two-factor authentication is off.
recovery-title = Recovery codes
recovery-lead = Each code signs you in once without your phone. Save them now: Rialto does not show them again.
recovery-copy = Copy
recovery-copied = Recovery codes copied
recovery-download = Download
recovery-print = Print
recovery-kept = I saved them
recovery-left = { $count ->
    [one] { $count } recovery code left.
   *[other] { $count } recovery codes left.
}
recovery-renew = Create new recovery codes
recovery-renew-lead = Your old codes stop working.
recovery-renew-submit = Create new codes
code-title = Enter a code
code-lead = Password accepted. Enter your code.
code-back = Start again

## Your data

copy-title = Export your data
copy-lead = Download your profile, sessions, messages and portfolios as a ZIP file with web pages and JSON.
copy-request = Create export
copy-again = Create a new export
copy-preparing = Preparing your export. You can leave this page.
copy-progress = { $done } of { $total } lines written. You can leave this page.
copy-failed = Export failed. Try again in a moment.
copy-download = Download export
copy-size = About { $size } kB.
copy-until = Available until
leave-title = Delete account
leave-lead = { $days ->
    [0] Your account is deleted at once. You cannot undo it.
    [one] You are signed out everywhere. Sign in within { $days } day to keep the account.
   *[other] You are signed out everywhere. Sign in within { $days } days to keep the account.
}
leave-what-goes = Then Rialto deletes your profile, email, settings and sessions. Your username stays reserved.
leave-messages = What happens to your messages?
leave-messages-keep = Keep them
leave-messages-keep-hint = They appear under “Deleted account”.
leave-messages-delete = Delete them
leave-messages-delete-hint = “Message deleted” appears in their place.
leave-successor = Next admin
leave-successor-hint = Username or email. Required if you are the only admin.
leave-submit = Delete my account
come-back-title = Keep your account?
come-back-lead = You asked to delete this account.
come-back-until = Deletion date:
come-back-submit = Keep my account
come-back-not = Continue deletion

## At the door

sign-in-forgot = Forgot your password?
register-invite = Invite code
register-invite-hint = Ask the member who invited you.
forgot-title = Forgot your password?
forgot-lead = We send you a link to set a new password.
forgot-submit = Send link
forgot-sent = If an account has this email, we sent it a link. It works for one day. Check your spam folder too.
forgot-ask = Email is not set up here. Ask an admin for a password link.
forgot-back = Back to sign in
reset-title = Set a new password
reset-lead = For { $name }.
reset-password = New password
reset-note = All your devices will be signed out.
reset-submit = Set password
reset-done = Password set. Sign in with it.
reset-over-title = This link has expired
reset-over-next = Request a new one
error-reset-over = This link is used or expired. Request a new one.
error-mail-off = Email is not set up here. Ask an admin for a link.
error-invite-needed = Enter an invite code. Ask a member for one.
error-invite-wrong = Wrong invite code. Check it and try again.
error-account-suspended = This account is suspended. Contact an admin.

## Letters

mail-reset-subject = Reset your password for { $instance }
mail-hello = Hello { $name },
mail-reset-text = you or someone else asked for a new password for your account at { $instance }.
mail-reset-link = Set a new password
mail-reset-once = The link works once, for one day.
mail-reset-ignore = If you did not ask for this, ignore this email. Your password does not change.
mail-factor-removed-subject = Two-factor authentication removed from your account at { $instance }
mail-factor-removed-text = an admin of { $instance } removed two-factor authentication from your account. A sign-in now takes only your password.
mail-reset-made-subject = Password link for your account at { $instance }
mail-reset-made-text = an admin of { $instance } created a link that sets a new password for your account. It works once, for one day.
mail-security-link = Check your security settings
mail-security-not-you = If you did not expect this, contact an admin.

## For admins

admin-title = Admin
admin-accounts = Accounts
admin-settings = Settings
admin-health = Health
admin-audit-log = Audit log
admin-search = Search by name or email
admin-no-accounts = No accounts found. Try part of a name.
admin-more-accounts = Show older accounts
admin-is-admin = admin
admin-is-suspended = suspended
admin-is-guest = guest
admin-has-factor = 2FA
admin-created = Created
admin-last-seen = Last active
admin-never = never
admin-sessions = Sessions
admin-actions-of = Actions for { $name }
admin-reset-link = Create password link
admin-end-sessions = Sign out everywhere
admin-suspend = Suspend
admin-unsuspend = Unsuspend
admin-make-admin = Make admin
admin-remove-admin = Remove admin
admin-remove-factor = Remove two-factor authentication
admin-own-password = Your password
admin-link-made = Send this link to { $name }. Rialto shows it only once.
admin-link-once = It works once, for one day. Earlier links stop working.
error-only-admin = You are the only admin. Make another member admin first.
error-not-yourself = You cannot suspend yourself.
error-not-a-person = Only members’ accounts allow this.
instance-note = Changes apply at once and override Leptos.toml.
instance-save = Save
instance-saved = Settings saved.
instance-file-value = In Leptos.toml: { $value }
instance-nothing = not set
instance-back = Restore the file’s value
admin-yes = yes
admin-no = no
# family: instance-setting-
instance-setting-name = Name
instance-setting-description = Description
instance-setting-registration = Registration
instance-setting-invite_code = Invite code
instance-setting-guests = Guests
instance-setting-message_count = Message limit
instance-setting-message_seconds = Time window (seconds)
instance-setting-message_length = Max message length
instance-setting-language = Language
# family: instance-hint-
instance-hint-name = Shown before sign-in and on every page.
instance-hint-description = One sentence about your community.
instance-hint-registration = Who can create an account.
instance-hint-invite_code = 6 to 64 letters, digits or symbols.
instance-hint-guests = Guests enter a name only and stay for one day.
instance-hint-message_count = Messages that one member can send in the time window.
instance-hint-message_seconds = From 1 to 3600.
instance-hint-message_length = In characters, up to 4000.
instance-hint-language = Used when a browser asks for none of the available languages.
guests-may = Allow guests
registration-open = Open to everyone
registration-invite = With the invite code
registration-shut = Closed
# family: instance-language-
instance-language-en = English
instance-language-es = Español
error-setting-text = Use { $min } to { $max } characters, without spaces at the ends.
error-setting-number = Enter a whole number from { $min } to { $max }.
error-setting-invite = Use { $min } to { $max } letters, digits or symbols.
error-setting-language = Unknown language. Choose one from the list.
error-setting-unknown = Unknown setting. Reload the page.
health-well = All systems work.
health-unwell = The database does not accept writes. Check the disk and the log.
health-version = Version
health-build = Build
health-uptime = Uptime
health-database = Database
health-queue = Pending writes
health-connections = Open connections
health-topics = Active subscriptions
health-people = Accounts
health-checked = Last database check
health-workers = Background workers
health-worker-down = restarting
health-restarts = { $count ->
    [one] { $count } restart
   *[other] { $count } restarts
}
health-backup = Last backup
health-no-backup = none; run “rialto backup”
health-letters = Email queue
health-mail-off = email is not set up
health-mail = Waiting: { $waiting } · Failed: { $failed }
health-mail-last = Mail server response: { $what }
health-at = Updated
uptime-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
uptime-hours = { $hours } h { $minutes } min
uptime-days = { $days } d { $hours } h { $minutes } min
audit-note = What admins did, and security events.
audit-empty = No entries yet.
audit-more = Show older entries
audit-gone = a deleted account
audit-command-line = Command line
audit-reset-link = { $actor } created a password link for { $subject }
audit-password-reset = { $actor } set a new password with a link
audit-sessions-ended = { $actor } signed out all devices of { $subject }
audit-suspended = { $actor } suspended { $subject }
audit-unsuspended = { $actor } unsuspended { $subject }
audit-admin-added = { $actor } made { $subject } an admin
audit-admin-removed = { $actor } removed { $subject } as admin
audit-factor-removed = { $actor } removed two-factor authentication from { $subject }
audit-setting-changed = { $actor } changed a setting: { $detail }
audit-setting-reset = { $actor } restored the file’s value: { $detail }
audit-channel-deleted = { $actor } deleted #{ $detail }

## Notifications

notification-title = Notifications
notification-unseen = { $count ->
    [one] { $count } unread notification
   *[other] { $count } unread notifications
}
notification-see-all = Mark all as read
notification-new = New
notification-view = View
notification-older = Show older notifications
notification-alert-posting = Posting to the channel.
notification-alert-posted = Posted to the channel.
notification-alert-refused = Not posted: you can no longer write in the channel. Only you were notified.
notification-paper-bought = Paper trading: bought { $units } { $symbol } at { $price }
notification-paper-sold = Paper trading: sold { $units } { $symbol } at { $price }
notification-paper-cash = Paper trading: order to buy { $units } { $symbol } rejected. Not enough cash at { $price }
notification-paper-units = Paper trading: order to sell { $units } { $symbol } rejected. Not enough shares
notification-paper-rejected = Paper trading: order for { $units } { $symbol } rejected. Account limit reached
notification-paper-expired-buy = Paper trading: order to buy { $units } { $symbol } expired with the season
notification-paper-expired-sell = Paper trading: order to sell { $units } { $symbol } expired with the season
notification-prediction-hit = Your prediction “{ $symbol } { $direction }, { $horizon }” was right: { $result }
notification-prediction-miss = Your prediction “{ $symbol } { $direction }, { $horizon }” was wrong: { $result }
notification-prediction-void = Your prediction “{ $symbol } { $direction }, { $horizon }” is void: prices to score it are missing

## Portfolio

portfolio-title = Portfolio
portfolio-holdings = Holdings
portfolio-performance = Performance
portfolio-transactions = Transactions
portfolio-portfolios = Portfolios
portfolio-import = Import / Export
portfolio-empty = Start your portfolio
portfolio-empty-note = Add your first transaction to see its value, gain and returns.
portfolio-empty-import = Import transactions
portfolio-add-title = Add a transaction
portfolio-edit-title = Edit transaction
portfolio-add = Add
portfolio-added = Transaction added.
portfolio-edited = Transaction saved.
portfolio-day = Day change
portfolio-realized = Realized gain
portfolio-income = Dividends minus fees
portfolio-cash-negative = Negative cash. Check for a missing deposit.
portfolio-age-sample = Sample prices of { $date }. For trying things out.
portfolio-age-replay = Sample prices of { $date }, replayed as if they were live.
portfolio-age-folder = End-of-day prices of { $date } or later, from the admin’s files.
portfolio-age-stooq = Prices of { $date } or later, from stooq.
portfolio-age-alpha_vantage = End-of-day prices of { $date } or later, from Alpha Vantage.
portfolio-age-massive = End-of-day prices of { $date } or later, from Massive.
portfolio-no-prices = Some prices are unavailable. Rialto uses the price of your last transaction.
portfolio-currencies = These holdings have prices in several currencies: { $currencies }. Totals add them without conversion. Use one portfolio per currency.
portfolio-instrument = Symbol
portfolio-average = Average cost
portfolio-price = Price
portfolio-gain = Unrealized gain
portfolio-weight = Weight
portfolio-sold = sold
portfolio-take-out-of = Remove { $symbol } from the portfolio
portfolio-taken-out = { $symbol } removed. Its transactions no longer count.
portfolio-bring-back = Restore
portfolio-bring-back-of = Restore { $symbol }
portfolio-sectors = By sector
portfolio-concentration = Concentration (HHI): { $index }, like { $equal } equal holdings.
portfolio-lots-of = Lots of { $symbol }
portfolio-by-fifo = First in, first out (FIFO).
portfolio-by-average = Average cost.
portfolio-bought = Bought
portfolio-each = Unit price
portfolio-cost = Cost basis
portfolio-sales = Sales
portfolio-more-lots = View more lots
portfolio-more-sales = View more sales
portfolio-proceeds = Proceeds
sector-communication = Communication services
sector-discretionary = Consumer discretionary
sector-staples = Consumer staples
sector-energy = Energy
sector-financials = Financials
sector-health = Health care
sector-industrials = Industrials
sector-technology = Information technology
sector-materials = Materials
sector-real-estate = Real estate
sector-utilities = Utilities
sector-unknown = Unknown sector
entry-kind = Type
entry-price = Unit price
entry-fee = Fee
entry-amount = Amount
entry-from = Old shares
entry-to = New shares
entry-note = Note
transaction-buy = Buy
transaction-sell = Sell
transaction-dividend = Dividend
transaction-fee = Fee
transaction-split = Split
transaction-deposit = Deposit
transaction-withdrawal = Withdrawal
transactions-empty = No transactions yet.
transactions-search = Symbol
transactions-more = Show older transactions
transactions-total = Total
transactions-removed = removed
transactions-edit = Edit
transactions-delete = Delete
transactions-deleted = Transaction deleted.
performance-empty = Add a transaction to see your performance.
performance-benchmark = Benchmark
performance-compare = Compare
performance-without-prices = No prices for { $symbols }. Rialto uses the price of your last transaction.
performance-priced-since = Price history starts after your first transaction: { $list }. Until then, your transaction prices count.
performance-priced-item = { $symbol } since { $date }
performance-priced-more = { $list } and { $count } more
performance-returns = Returns
performance-span = From { $from } to { $to }.
performance-record = Time-weighted return and risk: from { $from } to { $to }. A day without holdings ends a record.
performance-records = Earlier records
performance-record-span = Period
performance-record-days = Days
performance-with-cash = Net contributions: deposits minus withdrawals.
performance-without-cash = No cash account: buys count as deposits, sells and dividends as withdrawals.
performance-lacking = Cash was negative by up to { $money }. Check for a missing deposit. Rialto counts the shortfall as a temporary deposit.
performance-gain = Gain
performance-simple = Simple return
performance-time-weighted = Time-weighted return
performance-yearly = Annualized return
performance-money-weighted = Money-weighted return (XIRR)
performance-same-money = Benchmark
performance-risk = Risk
performance-too-few = { $count ->
    [one] { $count } daily return so far. Risk needs at least { $least }.
   *[other] { $count } daily returns so far. Risk needs at least { $least }.
}
performance-volatility = Volatility (annualized)
performance-sharpe = Sharpe ratio
performance-sortino = Sortino ratio
performance-var = Value at risk (95%, 1 day)
performance-beta = Beta
performance-put-in = Net contributions
performance-return = Return
performance-measures = Chart
performance-chart = Value from { $from } ({ $first }) to { $to } ({ $last })
formula-gain = { $value } current value + { $out } withdrawn − { $in } contributed
formula-simple = ({ $value } + { $out } − { $in }) ÷ { $in }
formula-time-weighted = { $count } daily returns, compounded. A flow divides its day: (value + withdrawal) ÷ (value before + contribution).
formula-yearly = (1 { $total }) ^ (365 ÷ { $days } days) − 1
formula-no-year = { $days ->
    [one] Shown after one year. This portfolio has { $days } day of history.
   *[other] Shown after one year. This portfolio has { $days } days of history.
}
formula-money-weighted = The yearly rate that brings the present value of all cash flows and today’s value to zero.
formula-money-short = { $days ->
    [one] The yearly rate (XIRR) extrapolated from { $days } day. Undefined with cash flows in one direction only.
   *[other] The yearly rate (XIRR) extrapolated from { $days } days. Undefined with cash flows in one direction only.
}
formula-same-money = The same contributions invested in { $symbol }, which returned { $return }. Includes splits, not dividends.
formula-volatility = Standard deviation of { $count } daily returns × √252
formula-drawdown = From the peak on { $from } to { $to }, of the time-weighted index
formula-no-drawdown = No drawdown yet.
formula-sharpe = √252 × mean ÷ standard deviation of daily returns; risk-free rate 0
formula-sortino = √252 × mean of daily returns ÷ downside deviation
formula-var = 5% quantile of { $count } daily returns
formula-beta = Covariance with the daily returns of { $symbol } ÷ their variance
portfolios-note = Each portfolio has its own transactions. Only you see them.
portfolios-new = New portfolio
portfolios-make = Create portfolio
portfolios-made = Portfolio created.
portfolios-saved = Portfolio saved.
portfolios-deleted = Portfolio deleted.
portfolios-name = Name
portfolios-method = Cost basis method
portfolios-fifo = First in, first out (FIFO)
portfolios-average = Average cost
portfolios-delete = Delete portfolio
portfolios-csv = Export CSV
portfolios-json = Export JSON
portfolios-type-name = This deletes all its transactions. You cannot undo it. Type { $name } to confirm.
portfolios-transactions = { $count ->
    [one] { $count } transaction
   *[other] { $count } transactions
}
import-lead = Import transactions from another program, or export yours.
import-no-portfolio = Create a portfolio first.
import-into = Into { $name }
import-note = CSV or JSON, up to { $max } MB. Choose a file or drop it here. You see a preview first.
import-needs-scripts = The preview needs JavaScript. Programs can import through the API.
import-where = Where do I get a file?
import-ghostfolio = Ghostfolio: Portfolio > Activities > three-dot menu > Export Activities (JSON).
import-wealthfolio = Wealthfolio: Settings > Exports > Activities (CSV).
import-own = Rialto: the export buttons at the end of this page.
import-other = Other: a CSV file with the columns date, type, symbol, quantity, price and fee, or amount for dividends, fees, deposits and withdrawals.
import-progress = Import progress
import-sending = Uploading, { $percent }%
import-reading = Reading the file
import-taking = Importing
import-writing = { $total ->
    [one] { $done } of { $total } transaction imported
   *[other] { $done } of { $total } transactions imported
}
import-fresh = { $count ->
    [0] No new transactions
    [one] { $count } new transaction
   *[other] { $count } new transactions
}
import-known = { $count ->
    [0] No duplicates
    [one] { $count } duplicate skipped
   *[other] { $count } duplicates skipped
}
import-refused = { $count ->
    [0] No errors
    [one] { $count } line with an error
   *[other] { $count } lines with errors
}
import-unasked = { $count ->
    [one] { $count } symbol without prices yet. They load when you open the portfolio.
   *[other] { $count } symbols without prices yet. They load when you open the portfolio.
}
import-additions = { $count ->
    [one] { $count } new transaction
   *[other] { $count } new transactions
}
import-there = { $count ->
    [one] { $count } already in the portfolio
   *[other] { $count } already in the portfolio
}
import-problems = { $count ->
    [one] { $count } line with an error
   *[other] { $count } lines with errors
}
import-problems-note = Rialto skips these lines. Fix them in the file and choose it again; duplicates are skipped.
import-line = Line
import-column = Column
import-written = Value
import-what-to-do = What to do
import-first-of = Showing { $shown } of { $count }.
import-duplicates = { $count ->
    [one] Import the duplicate too: it happened twice
   *[other] Import the { $count } duplicates too: they happened twice
}
import-in-the-way = Rialto cannot import this file yet.
import-at-line = Line { $line }:
import-put-right = Fix these lines, or add the missing buys before them, and choose the file again.
import-rest = { $count ->
    [one] Skip the line of { $symbols } and import the rest
   *[other] Skip the { $count } lines of { $symbols } and import the rest
}
import-nothing = Nothing to import.
import-take = { $count ->
    [one] Import { $count } transaction
   *[other] Import { $count } transactions
}
import-other-file = Choose another file
import-done = { $count ->
    [one] { $count } transaction imported.
   *[other] { $count } transactions imported.
}
import-past = Import history
import-past-note = You can undo an import unless a later sell needs its shares.
import-file = File
import-nameless = Unnamed file
import-dividends = Added dividends
import-at = Date
import-brought = Transactions
import-earlier = Show older imports
import-undo = Undo
import-undo-of = Undo { $name }
import-undone = { $count ->
    [one] Import undone. { $count } transaction removed.
   *[other] Import undone. { $count } transactions removed.
}
import-export = Export
portfolio-dividends = Dividends
dividends-empty = Add a buy to see dividends.
dividends-paid = Dividends received
dividends-total = Total dividends
dividends-last-year = Last 12 months
dividends-cost = Cost basis
dividends-yield = Yield on cost
dividends-by-holding = Dividends by symbol
formula-dividends = Sum of dividend transactions, before fees
formula-last-year = Sum of the 365 days up to { $date }
formula-yield = { $paid } ÷ { $cost }: dividends per share of the last 12 months × current shares ÷ cost basis
dividends-missing = Missing dividends
dividends-note = Shares held the day before the ex-date × dividend per share, before taxes. You can edit them later.
dividends-choose-all = Select all
dividends-choose = { $symbol }, ex-date { $date }
dividends-ex-date = Ex-date
dividends-date = Date
dividends-per-share = Per share
dividends-take = Add selected
dividends-taken = { $count ->
    [one] { $count } dividend added.
   *[other] { $count } dividends added.
}
dividends-more = Showing { $shown }. More after you add these: { $more }.
dividends-known = { $count ->
    [one] { $count } dividend is already in your transactions, dated up to { $late } days after payment.
   *[other] { $count } dividends are already in your transactions, dated up to { $late } days after payment.
}
dividends-none = No dividends were due for your holdings.
dividends-all-there = All known dividends are in your transactions.
dividends-untold = No data source has dividends of { $symbols }. Alpha Vantage and Massive have them: ask an admin to add a key.
dividends-by-hand = Add a dividend
dividends-away = Dividends of { $symbols } are unavailable right now. Try again later.
portfolio-map-label = { $count ->
    [one] { $count } holding, sized by value
   *[other] { $count } holdings by sector, sized by value
}
portfolio-map-tile = { $symbol } { $gain }: { $name }, { $value }, { $share } of the portfolio
portfolio-map-cash = { $name }: { $value }, { $share } of the portfolio
portfolio-map-key-down = Loss
portfolio-map-key-flat = No change
portfolio-map-key-up = Gain
error-bad-kind = Choose a transaction type.
error-symbol-missing = Enter a symbol.
error-bad-date = Invalid date. Use the form 2024-12-31, from 1900 on.
error-future-date = The date is in the future. Choose an earlier one.
error-bad-number = Enter a number above zero, up to { $max }, with up to { $digits } decimals.
error-bad-ratio = Invalid split. Use whole numbers from 1 to { $max }.
error-split-changes-nothing = This split changes nothing. Old and new shares must differ, as in 1 to 4.
error-note-too-long = Note too long. The limit is { $max } characters.
error-oversold = You held { $held } { $symbol } on { $date }, not { $asked }. Check the date and the quantity.
error-too-many-units = The quantity of { $symbol } is too large from { $date } on. Check the quantity.
error-too-few-units = The quantity of { $symbol } is too small from { $date } on. Check the splits.
error-too-many-splits = You can add at most { $max } splits of { $symbol }. Delete some first.
error-too-many-instruments = A portfolio has at most { $max } symbols. Create another one.
error-ambiguous-number = Ambiguous number: thousands or decimals? Write it without separators for thousands, with decimals: 1000.00.
error-currency-differs = This line is in { $asked }, the portfolio in { $held }. Import it into another portfolio.
error-instrument-currency = This line is in { $asked }, but { $symbol } trades in { $held }. Convert the amounts, or use the symbol of the other market.
error-split-known = Rialto already applies this split. You do not need to add it.
error-removed = This holding is removed. Restore it first.
error-portfolio-exists = You already have a portfolio with this name. Choose another one.
error-too-many-portfolios = You can have at most { $max } portfolios. Delete one first.
error-too-many-transactions = You can have at most { $max } transactions. Delete some first.
error-portfolio-busy = Another change to this portfolio is running. Try again in a moment.
error-name-differs = The name does not match. Type { $name }.
error-not-in-portfolio = This portfolio does not hold this symbol.
error-bad-period = Enter a whole number of days from 1 to { $max }.
error-bad-theme = Invalid theme. Use dark or light.
error-bad-size = Invalid size. Use { $min } to { $max } pixels.
error-bad-study = Invalid indicator. Use a form such as rsi:14, with periods from 2 to { $max }.
error-too-many-studies = Choose at most { $max } indicators.
error-file-binary = This is not a text file. Save the table as CSV and choose that.
error-nothing-chosen = Choose at least one dividend.
error-dividend-not-offered = The dividend of { $symbol } with ex-date { $date } is no longer available. Reload the page.
error-import-running = Another import is running. Wait until it is done.

error-bad-direction = Invalid direction. Use long or short.
error-bad-horizon = Invalid horizon. Use days, weeks, months or years, such as 5d, 2w, 3m or 1y, up to 2y.
error-bad-reason = Reason too long. The limit is { $max } characters.
error-too-many-predictions = You can have at most { $max } open predictions.
error-withdrawal-too-late = You can withdraw a prediction only in the first two minutes.
error-bad-side = Choose buy or sell.
error-bad-order-kind = Choose market or limit.
error-bad-community = Community not found.
error-bad-season = Season not found.
error-not-joined = Join the season first.
error-season-over = This season has ended. Join the next one.
error-season-full = This season is full: { $max } members.
error-too-many-orders = You have { $max } open orders. Cancel one first.
error-order-ended = This order is no longer open.
error-order-currency = Paper trading is in { $currency }, but { $symbol } trades in { $asked }. Choose a symbol priced in { $currency }.
error-order-too-large = Order too large. Enter a smaller quantity.
error-paper-cash = This order costs about { $asked }. Your buying power is { $held }.
error-paper-units = You can sell { $held } { $symbol }, not { $asked }. Short selling is not available.
error-portfolio-managed = This portfolio belongs to paper trading. You cannot edit it.
error-bad-author = Author not found.
error-bad-state = Invalid state. Use open, scored or void.
error-file-empty = This file is empty. Choose another one.
error-file-unreadable = No transactions found. The first line needs column names such as date, type, symbol, quantity and price.
error-file-too-long = Too many transactions. The limit is { $max } per file. Split the file.
error-file-too-large = File too large. The limit is { $max } MB. Split the file.

## Instruments and charts

skip-to-chart = Skip to the chart
chart-label = Chart of { $symbol }
chart-role = chart
chart-keys = Arrow keys move by day, plus and minus zoom, Home and End go to the first and last day.
chart-spoken = { $date }: { $close }, { $change }
chart-day = Date
chart-change = Change
chart-open = O
chart-high = H
chart-low = L
chart-close = C
chart-closed-at = Close
chart-table = { $symbol } prices as a table
chart-tools = Chart tools
chart-ranges = Date range
chart-days = Custom range
chart-from = From
chart-to = To
chart-days-backwards = The start date must be before the end date.
chart-apply = Apply
chart-add = Add
chart-log = Log
chart-indicators = Indicators
chart-over-prices = On the price chart
chart-below = Below the price chart
chart-settings = Settings
chart-remove = Remove { $name }
chart-compare = Compare
chart-compare-with = Symbol
chart-compare-note = Shows the change in % since the first visible day.
chart-compare-full = Compare at most { $max } symbols. Remove one first.
chart-draw = Draw
chart-level = Horizontal line
chart-trend = Trend line
chart-level-at = Price of the line
chart-bad-level = Enter a price above zero, such as 430.50.
chart-level-name = Horizontal line at { $price }
chart-trend-name = Trend line from { $from } to { $to }
chart-click-level = Click the chart to place the line.
chart-click-first = Click the chart where the line starts.
chart-click-second = Click the chart where the line ends.
chart-save = Save
chart-save-picture = Image (PNG)
drawing-removed = { $name } removed.
drawing-not-kept = Drawing not saved. { $error } Rialto retries on your next visit.
drawing-not-removed = Drawing not removed. { $error }
drawings-not-loaded = Your drawings did not load. { $error }
error-bad-drawing = Invalid drawing. A horizontal line needs a price above zero, a trend line two days.
error-too-many-drawings = You can have at most { $max } drawings. Remove one first.
about-title = About { $symbol }
about-ask = Show company data
about-none = No company data for { $symbol }.
about-away = A data source does not answer. Reload the page in a few minutes.
about-name = Name
about-exchange = Exchange
about-industry = Industry
about-market-cap = Market cap
about-price-earnings = P/E ratio
about-yield = Dividend yield
about-site = Website
about-year = 52-week range
about-range = { $low } – { $high }
about-description = Description
about-from = Source: { $source }.
about-from-of = Source: { $source }, { $date }.
about-from-reference = Source: the company list included with Rialto.
about-trillion = { $value } trillion { $currency }
about-billion = { $value } billion { $currency }
about-million = { $value } million { $currency }
opens-in-new-tab = (opens in a new tab)
news-title = News
news-ask = Show news
news-none = No recent news about { $symbol }.
news-no-source = No data source has news about { $symbol }. Massive and Alpha Vantage have news: ask an admin to add a key.
news-away = The data source does not answer. Reload the page in a few minutes.
news-more = { $count ->
    [one] { $count } older headline
   *[other] { $count } older headlines
}
ago-now = just now
ago-minutes = { $count } min ago
ago-hours = { $count } h ago
ago-days = { $count } d ago
trade-bought = B
trade-sold = S
# family: chart-kind-
chart-kind-candles = Candles
chart-kind-line = Line
chart-kind-area = Area
# family: range-
range-1m = 1M
range-3m = 3M
range-6m = 6M
range-ytd = YTD
range-1y = 1Y
range-5y = 5Y
range-all = All
# family: study-
study-sma = SMA
study-ema = EMA
study-wma = WMA
study-bollinger = Bollinger bands
study-vwap = Anchored VWAP
study-ichimoku = Ichimoku
study-sar = Parabolic SAR
study-rsi = RSI
study-macd = MACD
study-stochastic = Stochastic
study-adx = ADX
study-atr = ATR
study-obv = OBV
study-cci = CCI
study-mfi = MFI
study-roc = ROC
study-williams = Williams %R
# family: study-setting-
study-setting-period = Days
study-setting-width = Standard deviations
study-setting-anchor = Anchor date
study-setting-conversion = Conversion line
study-setting-base = Base line
study-setting-slow = Slow
study-setting-step = Step
study-setting-most = Maximum
study-setting-fast = Fast
study-setting-signal = Signal
study-setting-smooth-k = %K smoothing
study-setting-smooth-d = %D smoothing
# family: study-line-
study-line-upper = upper
study-line-middle = middle
study-line-lower = lower
study-line-tenkan = conversion
study-line-kijun = base
study-line-span_a = span A
study-line-span_b = span B
study-line-macd = line
study-line-signal = signal
study-line-histogram = histogram
study-line-k = %K
study-line-d = %D
study-line-adx = ADX
study-line-plus = +DI
study-line-minus = −DI
rating-title = Technical rating
rating-note = 26 indicators signal Buy, Neutral or Sell by the rules below. This is not advice.
rating-as-of = At the close of { $date }.
rating-none = Not enough prices for a rating.
rating-all = Summary
rating-averages = Moving averages
rating-oscillators = Oscillators
rating-votes = All signals
verdict-strong-buy = Strong buy
verdict-buy = Buy
verdict-neutral = Neutral
verdict-sell = Sell
verdict-strong-sell = Strong sell
verdict-none = Not enough signals
track-none = Not enough history to measure a hit rate.
edge-none = No demonstrated edge: the hit rate is not above the base rate beyond chance.
edge-buy = “Buy” has an edge beyond chance. “Sell” has none.
edge-sell = “Sell” has an edge beyond chance. “Buy” has none.
edge-both = Both “Buy” and “Sell” have an edge beyond chance.
track-note = { $from } to { $to }: entry at the next open, scored { $days } trading days later, with data known at the time.
track-what = Rating
track-days = Days
track-right = Hit rate
track-interval = 95% interval
track-base = Base rate
track-mean = Mean return
track-after-buy = Rise after “buy”
track-after-sell = Fall after “sell”
track-money = Strategy
track-yearly = Annualized return
track-fall = Max drawdown
track-invested = Time invested
track-switches = Trades
track-following = Following the rating, with costs
track-holding = Buy and hold
model-title = Probability of a rise
model-none = Not enough history for a model.
model-note = A logistic regression on eight features, refitted every { $days } trading days with data known at the time. Not advice.
model-chance = After { $days } trading days from the next open
model-any-day = Base rate: { $rate }
model-brier = Brier score
model-base-brier = Base rate: { $score }
model-skill = Brier skill score
model-interval = 95%: { $interval }
model-no-interval = Not enough days for an interval
model-edge-none = No demonstrated edge: the model does not beat the base rate beyond chance.
model-edge = The model beats the base rate beyond chance.
model-brier-note = The Brier score is the mean squared error of the probability: 0 is perfect, always 50% scores 0.25.
model-counted = { $days } scored days from { $from } to { $to }; { $apart } non-overlapping.
model-reliability = Calibration
model-said = Predicted
model-happened = Observed
model-parts = Feature contributions
model-parts-note = Each feature adds to the log-odds: its z-score times its fitted weight.
model-figure = Feature
model-deviations = Z-score
model-adds = Contribution
model-week = 5-day return
model-month = 20-day return
model-half-year = 120-day return
model-rsi = RSI (14 days)
model-distance = Distance from the 50-day mean, in ATR
model-macd = MACD histogram, in ATR
model-volatility = 20-day volatility ÷ 120-day volatility
model-volume = 5-day volume ÷ 60-day volume
vote-component = Indicator
vote-value = Value
vote-vote = Signal
vote-rule = Rule
vote-for = Buy
vote-against = Sell
vote-neither = Neutral
vote-none = no signal
# family: component-
component-sma = SMA
component-ema = EMA
component-hull = Hull average
component-vwma = VWMA
component-ichimoku = Ichimoku
component-rsi = RSI
component-stochastic = Stochastic
component-cci = CCI
component-adx = ADX
component-awesome = Awesome oscillator
component-momentum = Momentum
component-macd = MACD
component-stochastic-rsi = Stochastic RSI
component-williams = Williams %R
component-bull-bear = Bull and bear power
component-ultimate = Ultimate oscillator
rule-average = Buy when the close is above it, Sell when below.
rule-ichimoku = Buy above the cloud with the conversion line above the base line, Sell when below both.
rule-rsi = Buy below 30 and rising, Sell above 70 and falling.
rule-stochastic = Buy when %K and %D are below 20 and %K is above %D; Sell above 80 and below %D.
rule-cci = Buy below −100 and rising, Sell above 100 and falling.
rule-adx = When above 20 and rising: Buy with +DI above −DI, otherwise Sell.
rule-awesome = Buy above 0 and rising, Sell below 0 and falling.
rule-momentum = Buy when rising, Sell when falling.
rule-macd = Buy above the signal line, Sell below.
rule-williams = Buy below −80 and rising, Sell above −20 and falling.
rule-bull-bear = Buy when the average rises and negative bear power rises; Sell when the average falls and positive bull power falls.
rule-ultimate = Buy above 70, Sell below 30.
markets-title = Markets
markets-watchlist = Watchlist
markets-predictions = Predictions
markets-alerts = Alerts
watchlist-first-name = My watchlist
watchlist-lists = Watchlists
watchlist-empty = Start your watchlist
watchlist-empty-note = Add a symbol to see its latest price and change.
watchlist-add-label = Symbol or name
watchlist-add = Add
watchlist-added = { $symbol } added.
watchlist-removed = { $symbol } removed.
watchlist-remove = Remove { $symbol }
watchlist-up = Move { $symbol } up: { $place } of { $count }
watchlist-down = Move { $symbol } down: { $place } of { $count }
watchlist-price = Price
watchlist-change = Day change
watchlist-chart = Price history
watchlist-chart-of = { $symbol }: last { $count } closes
watchlist-away = Data source unavailable
watchlist-name = Watchlist name
watchlist-new-name = New watchlist name
watchlist-make = Create watchlist
watchlist-made = Watchlist created.
watchlist-renamed = Watchlist renamed.
watchlist-deleted = Watchlist deleted.
watchlist-delete = Delete { $name }
alerts-empty = Create your first alert
alerts-empty-note = Choose a symbol and a condition. Rialto notifies you on every open page.
alert-new = New alert
alert-symbol = Symbol
alert-kind = Condition
alert-value = Value
alert-level = RSI level
alert-percent = Percent
alert-price-label = Price
alert-period = Indicator period (days)
alert-channel = Notify
alert-channel-none = Only me
alert-channel-gone = a deleted channel
alert-note = Note (optional)
alert-expires = Expiration date (optional)
alert-make = Create alert
alert-made = Alert created.
alert-once = An alert notifies once, when its condition is met. You can activate it again.
alert-kind-price-above = Price crosses above
alert-kind-price-below = Price crosses below
alert-kind-rises = Rises in one day by
alert-kind-falls = Falls in one day by
alert-kind-moves = Moves in one day by
alert-kind-rsi-above = RSI crosses above
alert-kind-rsi-below = RSI crosses below
alert-kind-crosses-sma = Price crosses its SMA
alert-kind-crosses-ema = Price crosses its EMA
alert-kind-crosses-macd = MACD crosses its signal line
alert-price-above = above { $value }
alert-price-below = below { $value }
alert-rises = up { $value }% or more in one day
alert-falls = down { $value }% or more in one day
alert-moves = moves { $value }% or more in one day
alert-rsi-above = RSI({ $period }) above { $value }
alert-rsi-below = RSI({ $period }) below { $value }
alert-crosses-sma = crosses its SMA({ $period })
alert-crosses-ema = crosses its EMA({ $period })
alert-crosses-macd = MACD crosses its signal line
alert-price = { $price } on { $date } ({ $source })
alert-fired = { $symbol } { $what }: { $price }
alert-by = Alert by { $name }
alert-condition = Condition
alert-state = State
alert-seen-price = Last price
alert-armed = Active
alert-rests = Triggered
alert-expired = Expired
alert-adjusted = { $value } before the split of { $date }
alert-until = until { $date }
alert-to = notifies #{ $channel }
alert-arm-of = Activate the alert on { $symbol }
alert-armed-again = Alert on { $symbol } activated.
alert-delete-of = Delete alert: { $symbol } { $what }
alert-deleted = Alert on { $symbol } deleted.
alert-set = Alert created: you get a notification when { $symbol } { $what }.
alert-set-here = Alert created: this channel gets a message when { $symbol } { $what }.
alert-will-price-above = rises above { $value }
alert-will-price-below = falls below { $value }
alert-will-rise = rises { $value }% or more in one day
alert-will-fall = falls { $value }% or more in one day
alert-will-move = moves { $value }% or more in one day
alert-will-rsi-above = has an RSI({ $period }) that rises above { $value }
alert-will-rsi-below = has an RSI({ $period }) that falls below { $value }
alert-will-cross-sma = crosses its SMA({ $period })
alert-will-cross-ema = crosses its EMA({ $period })
alert-will-cross-macd = has a MACD that crosses its signal line
alert-now = Now { $price }
alert-there = The condition is already met. The alert triggers when the price leaves and meets it again.
alert-take-back = View or delete your alerts

error-watchlist-exists = You already have a watchlist with this name. Choose another one.
error-too-many-watchlists = You can have at most { $max } watchlists. Delete one first.
error-too-many-watched = A watchlist has at most { $max } symbols. Create another one.
error-too-many-symbols = Choose at most { $max } symbols.
error-several-instruments = Several symbols match: { $symbols }. Enter the one you mean.
error-bad-alert-kind = Choose a condition.
error-bad-alert-value = Enter a number above zero, up to { $max }, with up to { $digits } decimals.
error-bad-alert-period = Enter an indicator period from 2 to { $max } days.
error-bad-alert-text = Use a form such as AAPL > 200, AAPL -3%, AAPL rsi < 30 or AAPL cross sma 200.
error-expiry-past = This date is in the past. Choose a later one.
error-too-many-alerts = You can have at most { $max } alerts. Delete one first.

## Sharing

share = Share
share-trade-of = Share the { $symbol } trade of { $date }
share-portfolio-title = Share portfolio
share-trade-title = Share trade
share-lead = Members see percentages, not amounts, as of now. The card does not update. You can delete the message.
share-more = Include
share-show-name = Portfolio name
share-show-quantities = Quantities (with prices, members can work out amounts)
share-show-amounts = Amounts
share-channel = Channel
share-comment = Comment (optional)
share-preview = Preview
share-send = Share
share-done = Shared in #{ $channel }.
share-see = View
share-title = Portfolio
share-title-of = Portfolio { $name }
share-others = { $count ->
    [one] { $count } smaller holding
   *[other] { $count } smaller holdings
}
share-units = Quantity: { $units }
share-span = Returns from { $from } to { $to }
share-best = Best holding
share-worst = Worst holding
share-bought = Bought
share-sold = Sold
share-adjusted = { $price } (split-adjusted { $adjusted })
share-since = Change since
share-now = Current price
error-nothing-to-share = This portfolio has nothing to share yet.
error-not-a-trade = You can share only buys and sells.
error-comment-too-long = Comment too long. The limit is { $max } characters.
error-bad-include = Invalid field. Use name, quantities or amounts.

## Calls

predictions-about = A prediction starts at the next open and is scored at the close on its last day. You can withdraw it for two minutes.
predictions-add-title = New prediction
predictions-add = Create prediction
predictions-created = Prediction created. You can withdraw it for two minutes.
predictions-created-still = Prediction for { $symbol } created, but its prices have ended, so it cannot be scored.
predictions-ended = Sample prices end in 2013, so new predictions cannot be scored. Ask an admin to set up a data source or to replay the sample.
predictions-direction = Direction
predictions-horizon = Horizon
predictions-reason = Reason (optional)
predictions-week = 1 week
predictions-month = 1 month
predictions-quarter = 3 months
predictions-half = 6 months
predictions-year = 1 year
predictions-two-years = 2 years
predictions-leaderboard = Leaderboard
predictions-leaderboard-empty = No scored predictions yet. The leaderboard starts with the first ones.
predictions-rule = Ranked by edge: the lower bound of the hit rate (95% Wilson interval) minus the base rate. Ranks need 10 counted predictions.
predictions-latest = Includes the latest { $count } scored predictions.
predictions-author = Member
predictions-scored = Scored
predictions-counted = Counted
predictions-rate = Hit rate
predictions-interval = ({ $low } to { $high })
predictions-base = Base rate
predictions-excess = Excess return
predictions-edge = Edge (lower bound)
predictions-engine = Rialto (technical rating)
predictions-too-few = too few to tell
predictions-list = Predictions
predictions-search = Symbol
predictions-state = State
predictions-all = All
predictions-open = open
predictions-state-scored = scored
predictions-void = void (no prices)
predictions-empty = No predictions yet. Create the first one above, or write /predict AAPL long 3m in a channel.
predictions-none-found = No predictions match. Change the symbol or the state.
predictions-more = Show older predictions
predictions-prediction = Prediction
predictions-due = Until
predictions-entry = Entry price
predictions-exit = Exit price
predictions-hit = right
predictions-miss = wrong
predictions-base-of = base rate { $base }
predictions-withdraw = Withdraw
predictions-withdraw-of = Withdraw the prediction on { $symbol }
predictions-withdrawn = Prediction withdrawn.

# Trending

markets-trending = Trending
trending-about = Symbols that members mention with cashtags such as { $example } or commands in your channels, ranked by members.
trending-span = Period
trending-channel = Channel
trending-all-channels = All channels
trending-days = Last { $days } days
trending-show = Show
trending-list = From { $from } to { $to }
trending-table = Trending symbols
trending-people = Members
trending-change = Change
trending-mentions = Messages
trending-price = Price change
trending-close = Close
trending-more = More symbols
trending-empty = No mentions in this period. Write { $example } in a message to see it here.
trending-empty-go = Go to the chat
trending-no-prices = The data source has no prices for these days.
trending-sum = Messages: { $mentions } · Members: { $people }
trending-prices-from = prices: { $source }
trending-prices-end = no prices for these days; last price: { $source }
trending-chart = Messages that mention { $symbol } from { $from } to { $to }, up to { $most } per day, and its price. The table below has the numbers.
trending-key-mentions = messages per day, up to { $most }
trending-key-price = price, { $low } to { $high }
trending-day-by-day = Daily
trending-days-of = { $symbol } by day
error-bad-days = Choose the last 7, 30 or 90 days.
error-bad-channel = Channel not found. Choose one from the list.

## Paper trading

markets-paper = Paper trading
instrument-paper = Paper trade
paper-about = Trade virtual money at real prices. An order fills at the first price after you place it. No fees, no short selling, no currency conversion.
paper-rule = Orders fill at the next price. Enter an order to see an estimate.
paper-ended = Sample prices end in 2013, so orders do not fill. Ask an admin to set up a data source or to replay the sample.
paper-seasons = Seasons
paper-empty = Join paper trading
paper-empty-note = Everyone starts { $season } with { $cash }. The season ends on { $date } with a final leaderboard.
paper-join = Join { $season }
paper-joined = You joined. Place your first order.
paper-account = { $season }, until { $date }
paper-account-closed = { $season }, ended { $date }
paper-made = Return
paper-reserved = Reserved for orders
paper-free = Buying power
paper-chart = { $count ->
    [one] Account value over { $count } day
   *[other] Account value over { $count } days
}
paper-trades = Trades
paper-ticket = New order
paper-side = Side
paper-buy = Buy
paper-sell = Sell
paper-kind = Type
paper-market = Market
paper-limit = Limit
paper-limit-price = Limit price
paper-place = Place order
paper-placed = Order for { $symbol } placed. It fills at the next price.
paper-placed-still = Order for { $symbol } placed, but its prices have ended, so it will not fill.
paper-preview = Estimate: { $estimate } of { $instrument }. Last price: { $price } ({ $source }). The order fills at the next price.
paper-preview-still = Estimate: { $estimate } of { $instrument }. Last price: { $price } ({ $source }). Its prices have ended, so the order will not fill.
paper-order = Order
paper-placed-at = Placed
paper-seen = Price at placement
paper-open-orders = Open orders
paper-buy-units = Buy { $units }
paper-sell-units = Sell { $units }
paper-buy-limit = Buy { $units } at { $limit } or less
paper-sell-limit = Sell { $units } at { $limit } or more
paper-cancel = Cancel
paper-cancel-of = Cancel the { $symbol } order: { $what }
paper-change = Edit
paper-change-of = Edit the { $symbol } order: { $what }
paper-changing = Edit { $symbol } order: { $what }
paper-changing-note = Saving replaces the order. If the new order is invalid, the old one stays.
paper-change-place = Save order
paper-change-leave = Cancel
paper-changed = Order for { $symbol } saved. It fills at the next price.
paper-sell-all = Sell all { $symbol }
paper-canceled = Order canceled.
paper-positions = Holdings
paper-positions-empty = No holdings yet. Place an order above.
paper-average = Average cost
paper-price = Price
paper-last-orders = Order history
paper-when = Date
paper-filled = filled
paper-was-canceled = canceled
paper-expired = expired
paper-rejected = rejected: account limit reached
paper-rejected-cash = rejected: not enough cash
paper-rejected-units = rejected: not enough shares
paper-waits = open
paper-leaderboard = Leaderboard
paper-leaderboard-of = Leaderboard of { $season }
paper-leaderboard-empty = No members yet. Join first.
paper-luck = Return since joining, at the latest prices. Look for members who beat the benchmark over several seasons.
paper-closed = Final leaderboard of { $date }.
paper-more = { $count ->
    [one] And { $count } more.
   *[other] And { $count } more.
}
paper-member = Member
paper-holding = Benchmark: { $symbols }, equal weights, since { $date }
