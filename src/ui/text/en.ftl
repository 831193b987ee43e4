### English. The other catalogues have the same keys with the same values in them.
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

## Pages in sections

back-to-chat = Back to the chat
all-sections = All sections
skip-to-section = Skip to the section
with-key = { $what } ({ $key })

## Settings

settings-title = Settings
settings-profile = Profile
profile-username-stays = The username stays: others mention you by it.
settings-appearance = Appearance
settings-language = Language
settings-save = Save
undo = Undo
profile-name = Shown name
profile-saved = Your name is saved.
profile-guest = Guests keep the name they came with. Create an account to have a picture and a name of your own.
picture-title = Picture
picture-note = PNG, JPEG, WebP or GIF of up to 4 MB. Choose a file or drop one here; it is cut to a square.
picture-send = Use this picture
picture-remove = Remove the picture
picture-removed = The picture is removed.
picture-sending = Sending, { $percent } %
appearance-example = How it looks
appearance-example-text = Volume is back above its average, and the close was near the high.
appearance-theme = Theme
appearance-theme-note = Night by the water, or paper and ink.
appearance-system = As my system
appearance-dark = Dark
appearance-light = Light
appearance-density = Density
appearance-density-note = How much fits on the screen.
appearance-comfortable = Comfortable
appearance-compact = Compact
appearance-prices = Colours of prices
appearance-prices-note = Signs and marks say the same as the colours.
appearance-green-red = Green and red
appearance-blue-orange = Blue and orange
appearance-motion = Motion
appearance-motion-note = Whether things fade and slide.
appearance-reduced = Nothing moves
appearance-clock = Clock
appearance-clock-note = How times of day are written.
appearance-usual = As usual here
appearance-24 = 24 hours
appearance-12 = 12 hours
appearance-zone = Time zone
appearance-zone-note = Start typing a city, such as Europe/Madrid, or a distance such as UTC+05:30. Leave it empty to follow this device.
appearance-zone-own = As this device
language-note = The pages, figures and dates follow it. What people write stays as they wrote it.
language-of-browser = As my browser asks

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
sign-in-lead = Good to see you again.
sign-in-name = Username or email
sign-in-password = Password
sign-in-submit = Sign in
sign-in-pending = Signing in
sign-in-to-register = New here?
sign-in-register-link = Create an account
register-title = Create an account
register-lead = One account for chat, markets and your portfolio.
register-setup-lead = This account becomes the first admin.
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
refused-title = Too many requests
refused-retry = Try again

## Channels

channels-title = Channels
channel-new = New channel
channel-new-name = Channel name
channel-new-hint = Short and plain, like earnings or options.
channel-new-create = Create channel
channel-delete = Delete channel
channel-delete-sure = This deletes #{ $channel } and all its messages for everyone. You cannot undo it.
channel-delete-type = Type { $channel } to confirm
channel-delete-mistyped = This is not the name of the channel.
channel-deleted = #{ $channel } was deleted.
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
completions-instruments = Instruments
cashtag-chart = Open the chart

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
timeline-empty-write = Write the first message
timeline-loading = The messages are on their way
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

## Finder and keys

finder-open = Find anything
finder-hint = A channel, a person, a page, something to do
finder-recent = Recent
finder-channels = Channels
finder-members = Members
finder-pages = Pages
finder-actions = Actions
finder-count = { $count ->
    [one] { $count } result
   *[other] { $count } results
}
finder-nothing = Nothing fits “{ $query }”. Try fewer letters, or # for channels, @ for members, > for actions.
keys-title = Keys
keys-page = Everywhere
keys-composer = Writing a message
keys-messages = Among the messages
keys-edit = Editing a message
keys-list = In an open list
key-find = Find anything
key-keys = Show the keys
key-channel-up = Channel above
key-channel-down = Channel below
key-unread-up = Unread channel above
key-unread-down = Unread channel below
key-mark-read = To the newest message, all is read
key-back = Back to the chat
key-next-pane = Next part of the page
key-previous-pane = Previous part of the page
key-send = Send
key-new-line = New line
key-edit-last = Edit your last message, when the box is empty
key-complete = Complete the chosen command
key-older = Message above
key-newer = Message below
key-first = First message on the page
key-last = Last message on the page
key-actions = What can be done with the message
key-actions-back = Back to the message
key-edit = Edit your message
key-delete = Delete your message
key-copy = Copy the text
key-to-composer = Back to writing
key-save-edit = Save
key-leave-edit = Leave it as it was
key-above = Entry above
key-below = Entry below
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

connection-lost = The connection is lost. What you write is kept and sent as soon as it is back.
offline = You are offline. What you write is kept and sent later.
reload-needed = A new version is ready. Reload the page to go on.

## Installed and offline

channel-unknown = Unknown channel
channel-away-title = This channel needs the connection
channel-away-text = It opens as soon as the connection is back. Channels that you had open before can be read meanwhile.
members-were-here = Here before the connection was lost, { $count }
member-unknown = not known whether here
new-build = A new version is ready. What you are writing is kept.
later = Later
install-app = Install the app
screenshot-label = A channel with its messages, quotes and members
offline-title = Offline
offline-reason = You are offline.
offline-away = Rialto cannot be reached right now.
offline-updated = Last updated { $time }.
offline-back = Rialto can be reached again.
offline-on = Go on
offline-writing = What you write is kept and sent when you are back, as
offline-waiting = Waits to be sent
offline-nothing-title = Nothing to read here yet
offline-nothing-text = Channels that you have read on this device stay readable without a network. There are none yet.

## Errors; the values are the error's details
# family: error-

error-malformed = That could not be understood. Check what you entered and try again.
error-unauthenticated = Sign in to do this.
error-forbidden = You may not do this here.
error-not-found = There is nothing here. It may have been removed.
error-unavailable = This is not available right now. Try again in a moment.
error-busy = The server is busy. Try again in a moment.
error-storage-full = The disk of this instance is full, so nothing was saved. You can still read; tell the people who run this place.
error-internal = Something went wrong on our side. Nothing was changed; try again in a moment.
error-conflict = Somebody changed this in the meantime. Reload the page and try again.
error-rate-limited = { $seconds ->
    [one] That was a little fast. Try again in { $seconds } second.
   *[other] That was a little fast. Try again in { $seconds } seconds.
}
error-rate-limited-soon = That was a little fast. Try again in a moment.
error-method-not-allowed = This address does not take that kind of request.
error-too-large = That is more than we can take. Make it smaller and try again.
error-uri-too-long = This address is too long. Shorten it and try again.
error-unsupported-media-type = That kind of file or data is not understood here.
error-cross-origin = This request came from another site and was stopped. Open the page again and try from here.
error-bad-idempotency-key = The key of this request cannot be read. Reload the page and try again.
error-idempotency-key-reused = Your first attempt was saved; these changes were not. Check it, then send these again if they are still needed.
error-bad-limit = The number of items must be from 1 to { $max }.
error-bad-cursor = This list has changed. Reload the page to see it from the start.
error-message-empty = Write something first.
error-message-too-long = { $max ->
    [one] A message holds at most { $max } character.
   *[other] A message holds at most { $max } characters.
}
error-message-characters = This message holds characters that cannot be shown. Remove them and try again.
error-message-marks = Too many accents on one letter. Remove some and try again.
error-nonce-used = Another message has the same id. Send this one again.
error-message-rate = { $seconds ->
    [one] You can send again in { $seconds } second.
   *[other] You can send again in { $seconds } seconds.
}
error-name-empty = Enter a name.
error-name-too-long = { $max ->
    [one] A name holds at most { $max } character.
   *[other] A name holds at most { $max } characters.
}
error-name-characters = Names hold no invisible characters, and few accents on one letter.
error-channel-exists = There is already a channel of this name. Choose another one.
error-channel-in-use = Other members have written in this channel. Ask an admin to delete it.
error-last-channel = A community keeps at least one channel.
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
error-password-common = This password is easy to guess. Choose a longer or less common one.
error-password-needed = Enter your own password.
error-setup-token-wrong = This set-up link is wrong or was used. Use the link that the server printed last, or register without it.
error-too-many-attempts = { $seconds ->
    [one] Too many attempts in a short time. Try again in { $seconds } second.
   *[other] Too many attempts in a short time. Try again in { $seconds } seconds.
}
error-too-many-guesses = Too many wrong attempts at this account. Sign in from a network that you used before, set a new password by a link, or try again tomorrow.
error-registration-closed = New accounts are closed here. Ask the people who run this place for one.
error-guests-off = Guests cannot look in here. Create an account to join.
error-bad-preference = This is not one of the choices. Reload the page and choose again.
error-bad-zone = There is no such time zone. Choose one from the list, or a distance such as UTC+05:30.
error-picture-broken = This picture cannot be read. Save it anew or choose another one.
error-picture-missing = Choose a picture first.
error-picture-too-large = A picture has at most 4 MB. Make it smaller and try again.
error-picture-too-wide = A picture has at most { $max } pixels on a side. Make it smaller and try again.
error-picture-too-many-pixels = This picture has too many pixels. Make it smaller and try again.
error-too-many-values = That is more than { $max } values. Choose a shorter period or fewer indicators.
error-picture-unknown = This is not a picture that can be shown here. Choose a PNG, JPEG, WebP or GIF file.
error-name-in-use = Somebody here has this name already. Choose another one.
error-session-ended = You have been signed out. Sign in to go on.

## Bots

command-stock = The last known price of a stock
command-chart = The course of a stock as an image
command-compare = Up to five stocks side by side
command-call = What you expect of a price; it is scored when its time has come
command-alert = Be told when a price, a change or an indicator gets there
command-help = What you can ask the bots
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
bot-no-quote-nameless = No quote for that.
bot-no-quote-hint = Try a code such as AAPL.US or MSFT.US.
bot-market-unavailable = Prices are not available right now.
bot-market-unavailable-hint = Ask for { $symbol } again in a few minutes.
bot-which-one = Say which one:
bot-how-to = It is written like this:
bot-chart-alt = { $symbol } from { $from } to { $to }: from { $first } to { $last } ({ $change }), lowest { $low }, highest { $high }; { $source }
bot-compare-title = { $symbols } from { $from } to { $to }
bot-compare-return = Return
bot-compare-volatility = Volatility
bot-compare-fall = Deepest fall
bot-rating-title = Technical rating:
rating-strong-buy = strong buy
rating-buy = buy
rating-neutral = neutral
rating-sell = sell
rating-strong-sell = strong sell
rating-record = { $days ->
    [one] After { $days } day such ratings were right { $rate } of the time; the price went that way after any day { $base } of the time.
   *[other] After { $days } days such ratings were right { $rate } of the time; the price went that way after any day { $base } of the time.
}
rating-no-edge = That shows nothing that could not be chance.
call-long = rises
call-short = falls
call-until = until { $date }
call-close = Last close
call-entry = Begins
call-entry-rule = at the next open
call-record = Record so far
call-record-few = { $n ->
    [0] No call scored yet
    [one] { $n } call scored: too few to tell
   *[other] { $n } calls scored: too few to tell
}
call-record-of = { $n ->
    [one] { $n } call, { $rate } came true ({ $low } to { $high }); { $base } was to be expected
   *[other] { $n } calls, { $rate } came true ({ $low } to { $high }); { $base } was to be expected
}
error-no-common-days = There are no days with prices of all of them in this time.
error-bad-symbol = A symbol has 1 to { $max } letters, digits, or . - ^ =
error-unknown-symbol = There is no price for { $symbol }. Check the code.
error-market-sign-in = These prices are not kept here. Sign in to have them asked for.
error-market-unavailable = Prices are not available right now. Try again in a few minutes.
message-delete-sure = The message disappears for everybody. This cannot be undone.
error-too-many-channels = { $max ->
    [one] A community has at most { $max } channel.
   *[other] A community has at most { $max } channels.
}
error-bad-nonce = This message could not be sent. Reload the page and try again.
error-too-many-connections = This account is open in too many windows. Close some and reload.
error-too-many-connections-address = Too many connections from your network. Close some, or try again in a moment.
error-too-many-topics = Too many channels are open at once. Reload the page.
error-too-many-own-channels = { $max ->
    [one] You can create at most { $max } channel. Delete one first.
   *[other] You can create at most { $max } channels. Delete one first.
}
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

## Keeping an account

error-password-wrong = This is not your current password. Check it and try again.
error-no-password = This account signs in without a password, so there is nothing to confirm.
error-second-factor-required = This account asks for a code as well. Open your authenticator app.
error-second-factor-wrong = This code is not right, or was used before. Wait for the next one and try again.
error-second-factor-on = Two-factor sign-in is on already. Reload the page to see it.
error-second-factor-off = Two-factor sign-in is off already. Reload the page to see it.
error-second-factor-not-begun = This set-up was begun anew somewhere else. Start again here.
error-challenge-over = That took a little long. Enter your password again.
error-account-leaving = This account is about to be deleted. Sign in on the page to keep it.
error-last-operator = You run this place alone. Name somebody who takes over.
error-successor-unknown = There is no other person of this name here. Check it and try again.
error-messages-keep-or-delete = Choose what happens to your messages.
account-deleted = Deleted account
done-ended = This session was ended. Sign in to go on.
done-left = Your account is on its way out. To keep it, sign in here before its time is over.
done-deleted = Your account is deleted. Thank you for having been here.
settings-sessions = Sessions
settings-security = Security
settings-data = Your data

## Sessions

sessions-lead = Every device that is signed in to your account. End what you do not know or do not use any more; it is signed out at once.
sessions-alone = You are signed in on this device only.
sessions-end-others = End all other sessions
session-current = This device
session-end = End
session-end-of = End the session of { $device }
session-last-used = Last used:
session-since = Signed in:
device-app-on-system = { $app } on { $system }
device-unknown = Unknown device

## Security

password-title = Password
password-lead = A new password signs out all your other devices. This one goes on.
password-current = Current password
password-new = New password
password-submit = Change password
password-changed = Your password is changed, and your other devices are signed out.
second-factor-title = Two-factor sign-in
second-factor-lead = With your password alone nobody gets in: a sign-in also asks for a code that an app on your phone shows. Any authenticator app will do.
second-factor-needs-script = Turning it on needs JavaScript in your browser.
second-factor-begin = Set up two-factor sign-in
second-factor-scan = Scan this with your authenticator app.
second-factor-qr = QR code for your authenticator app
second-factor-type = Or type this key into it:
second-factor-open = Open an app on this device
second-factor-first-code = Enter the code that the app shows now.
second-factor-code = Code
second-factor-code-hint = The six figures that your app shows, or a recovery code.
second-factor-confirm = Turn on
second-factor-is-on = Two-factor sign-in is on.
second-factor-off = Turn off two-factor sign-in
second-factor-off-lead = Your password alone will be enough to sign in.
second-factor-turned-off = Two-factor sign-in is off.
recovery-title = Recovery codes
recovery-lead = Two-factor sign-in is on with these recovery codes. Each gets you in once when you do not have your phone. Keep them somewhere safe: they are not shown again.
recovery-copy = Copy
recovery-copied = Recovery codes copied
recovery-download = Save as a file
recovery-print = Print
recovery-kept = I have kept them
recovery-left = { $count ->
    [one] { $count } recovery code is left.
   *[other] { $count } recovery codes are left.
}
recovery-renew = Make new recovery codes
recovery-renew-lead = The old ones stop working.
recovery-renew-submit = Make new codes
code-title = Enter a code
code-lead = Your password is right. One more step.
code-back = Begin again

## Your data

copy-title = Take a copy along
copy-lead = Your profile, your sessions and everything that you have written, as one ZIP file: to read in a browser, and as JSON for programs.
copy-request = Prepare a copy
copy-again = Prepare a new copy
copy-preparing = Your copy is being prepared. You can leave this page.
copy-progress = { $done } of { $total } lines written. You can leave this page.
copy-failed = The copy could not be made. Nothing was lost; try again in a moment.
copy-download = Download the copy
copy-size = About { $size } kB.
copy-until = It can be fetched until
leave-title = Delete the account
leave-lead = { $days ->
    [0] Your account is deleted at once. This cannot be undone.
    [one] You are signed out everywhere at once, and have { $days } day to change your mind: sign in again to keep the account. Until then others see no difference.
   *[other] You are signed out everywhere at once, and have { $days } days to change your mind: sign in again to keep the account. Until then others see no difference.
}
leave-what-goes = Then your profile, your email, your settings and your sessions are erased. Nobody else ever gets your username, so that nobody can pass for you.
leave-messages = What happens to your messages?
leave-messages-keep = They stay
leave-messages-keep-hint = Under “Deleted account”, so that conversations stay readable.
leave-messages-delete = They are deleted too
leave-messages-delete-hint = An empty line stays in their place.
leave-successor = Who runs this place after you?
leave-successor-hint = A username or an email; needed when nobody else runs it.
leave-submit = Delete my account
come-back-title = Keep your account?
come-back-lead = You asked to delete this account.
come-back-until = It will be deleted on
come-back-submit = Keep my account
come-back-not = Let it be deleted

## At the door

sign-in-forgot = Forgot your password?
register-invite = Invite code
register-invite-hint = Whoever invited you has it.
forgot-title = Forgot your password?
forgot-lead = You get a link by which you set a new one.
forgot-submit = Send the link
forgot-sent = If there is an account with this address, a link is on its way to it. It is good for a day; look into your spam folder too.
forgot-ask = This place sends no mail. Ask the people who run it for a link: they can make one for you.
forgot-back = Back to sign in
reset-title = Set a new password
reset-lead = For the account of { $name }.
reset-password = New password
reset-note = Everybody who is signed in to this account will be signed out.
reset-submit = Set the password
reset-done = Your password is set. Sign in with it.
reset-over-title = This link is over
reset-over-next = Ask for a new one
error-reset-over = This link was used or is too old. Ask for a new one.
error-mail-off = This place sends no mail. Ask the people who run it for a link.
error-invite-needed = An invite code is needed here. Ask somebody who is here for one.
error-invite-wrong = This is not the invite code. Check it and try again.
error-account-suspended = This account is suspended. Ask the people who run this place.

## Letters

mail-reset-subject = A new password for { $instance }
mail-hello = Hello { $name },
mail-reset-text = somebody, probably you, asked for a new password for your account at { $instance }.
mail-reset-link = Set a new password
mail-reset-once = The link works once and for a day.
mail-reset-ignore = If this was not you, nothing has to be done: without the link nobody can change your password.
mail-factor-removed-subject = Two-factor authentication removed from your account at { $instance }
mail-factor-removed-text = an admin of { $instance } removed two-factor authentication from your account. A sign-in now takes only your password.
mail-reset-made-subject = A password link for your account at { $instance }
mail-reset-made-text = an admin of { $instance } made a link that sets a new password for your account. The link works once, for a day.
mail-security-link = Check your security settings
mail-security-not-you = If you did not ask for this, ask the admins.

## For operators

operator-title = This instance
operator-accounts = Accounts
operator-settings = Settings
operator-health = Health
operator-record = Record
operator-search = Search for a name or an address
operator-find = Search
table-loading = Loading
operator-no-accounts = There is no such account. Try a part of the name.
operator-more-accounts = Show older accounts
operator-is-operator = operator
operator-is-suspended = suspended
operator-is-guest = guest
operator-has-factor = two steps
operator-created = Created
operator-last-seen = Last seen
operator-never = never
operator-sessions = Sessions
operator-actions = Actions
operator-actions-of = Actions for { $name }
operator-reset-link = Make a password link
operator-end-sessions = End all sessions
operator-suspend = Suspend
operator-unsuspend = Let in again
operator-make-operator = Make an operator
operator-unmake-operator = Operator no more
operator-remove-factor = Remove the second step
operator-own-password = Your password
operator-link-made = Give this link to { $name }. It is shown only now.
operator-link-once = It works once and for a day; links made before it work no more.
error-only-operator = Nobody else runs this place. Make somebody else an operator first.
error-not-yourself = You cannot suspend yourself.
error-not-a-person = This is possible for people’s accounts only.
instance-note = What you change here holds at once for everybody, and in the place of what Leptos.toml says.
instance-save = Save
instance-saved = Saved. It holds from now on.
instance-file-value = Leptos.toml says: { $value }
instance-nothing = nothing
instance-back = Back to the file’s value
operator-yes = yes
operator-no = no
# family: instance-setting-
instance-setting-name = Name
instance-setting-description = Description
instance-setting-registration = New accounts
instance-setting-invite_code = Invite code
instance-setting-guests = Guests
instance-setting-message_count = Messages of one person
instance-setting-message_seconds = In so many seconds
instance-setting-message_length = Longest message
instance-setting-language = Language
# family: instance-hint-
instance-hint-name = What this place is called. People see it before they sign in.
instance-hint-description = One sentence on what this place is.
instance-hint-registration = Who may create an account.
instance-hint-invite_code = What invited people enter when they register: 6 to 64 letters, figures and marks.
instance-hint-guests = Guests come in with a name only and stay for a day.
instance-hint-message_count = So many messages may one person send in the time below.
instance-hint-message_seconds = From 1 to 3600.
instance-hint-message_length = In characters, up to 4000.
instance-hint-language = For those whose browser asks for a language that is not there.
guests-may = People may look in as guests
registration-open = Everybody
registration-invite = Whoever has the invite code
registration-shut = Nobody
# family: instance-language-
instance-language-en = English
instance-language-es = Español
error-setting-text = Between { $min } and { $max } characters, without spaces at the ends.
error-setting-figure = A whole number from { $min } to { $max }.
error-setting-invite = An invite code has { $min } to { $max } letters, figures and marks.
error-setting-language = There is no such language here. Choose one of the list.
error-setting-unknown = There is no setting of this name.
health-well = All is well.
health-unwell = The database cannot be written. Look at the disk and at the log.
health-version = Version
health-build = Build
health-uptime = Running for
health-database = Database
health-queue = Changes waiting
health-connections = Open connections
health-topics = Topics listened to
health-people = People with an account
health-checked = Last database check
health-workers = Background workers
health-worker-down = restarting
health-restarts = { $count ->
    [one] { $count } restart
   *[other] { $count } restarts
}
health-backup = Last backup
health-no-backup = none yet; run “rialto backup”
health-letters = Letters
health-mail-off = no mail server is set up
health-mail = { $waiting } waiting, { $failed } given up
health-mail-last = The mail server said: { $what }
health-at = As of
uptime-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
uptime-hours = { $hours } h { $minutes } min
uptime-days = { $days } d { $hours } h { $minutes } min
record-note = What operators did, and what they should know of. Nothing in it is ever changed.
record-empty = Nothing has been done yet.
record-more = Show older entries
record-gone = a deleted account
record-command-line = The command line
record-reset-link = { $actor } made a password link for { $subject }
record-password-reset = { $actor } set a new password by a link
record-sessions-ended = { $actor } ended all sessions of { $subject }
record-suspended = { $actor } suspended { $subject }
record-unsuspended = { $actor } let { $subject } in again
record-operator-made = { $actor } made { $subject } an operator
record-operator-unmade = { $actor } took the operator’s rights from { $subject }
record-factor-removed = { $actor } removed the second step of { $subject }
record-setting-changed = { $actor } changed a setting: { $detail }
record-setting-reset = { $actor } went back to the file’s value: { $detail }
record-channel-deleted = { $actor } deleted the channel #{ $detail }

## Portfolio

portfolio-title = Portfolio
portfolio-holdings = Holdings
portfolio-performance = Performance
portfolio-transactions = Transactions
portfolio-portfolios = Portfolios
portfolio-import = Import and export
portfolio-empty = What do you hold?
portfolio-empty-note = Write down your first purchase. From then on this page shows what it is worth, what it earned, and how both were computed.
portfolio-empty-import = Or bring along what you wrote down elsewhere.
portfolio-add-title = Add a transaction
portfolio-edit-title = Change this transaction
portfolio-add = Add
portfolio-added = The transaction is written down.
portfolio-edited = The transaction is changed, and all that follows from it.
portfolio-unrealised = Gain of what is held
portfolio-day = Last day
portfolio-realised = Gain of what was sold
portfolio-income = Dividends less fees
portfolio-cash = Cash
portfolio-cash-negative = More was spent than was put in. A deposit may be missing.
portfolio-age-sample = Sample prices of { $date }: real, but old. They serve for trying things out.
portfolio-age-replay = Prices of { $date }, played again: real, but old, and moving as if it were now.
portfolio-age-folder = Prices at the end of { $date } or later, from the operator’s own files.
portfolio-age-stooq = Prices of { $date } or later, from stooq.
portfolio-age-alpha_vantage = Prices at the end of { $date } or later, from Alpha Vantage.
portfolio-age-massive = Prices at the end of { $date } or later, from Massive.
portfolio-no-prices = Some prices are not known now; those of the last trades stand in for them.
portfolio-currencies = Prices of what is held are in different currencies: { $currencies }. The sums on these pages add them as they are, so they mean little. Keep a portfolio for each currency.
portfolio-instrument = Instrument
portfolio-average = Average cost
portfolio-price = Price
portfolio-value = Value
portfolio-gain = Gain
portfolio-weight = Share
portfolio-sold = sold
portfolio-take-out-of = Take { $symbol } out without a sale
portfolio-taken-out = { $symbol } is out. Its transactions count no more.
portfolio-bring-back = Bring back
portfolio-bring-back-of = Bring { $symbol } back
portfolio-sectors = By sector
portfolio-sector = Sector
portfolio-concentration = Concentration (sum of squared shares): { $index }, as much as { $equal } equal parts.
portfolio-lots-of = Lots of { $symbol }
portfolio-by-fifo = What was bought first is sold first.
portfolio-by-average = All units have cost their average.
portfolio-bought = Bought
portfolio-each = Each
portfolio-cost = Cost
portfolio-sales = Sales
portfolio-more-lots = View more lots
portfolio-more-sales = View more sales
portfolio-proceeds = Brought
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
sector-unknown = Sector not known
entry-kind = Kind
entry-symbol = Symbol
entry-date = Day
entry-quantity = Units
entry-price = Price of each
entry-fee = Fee
entry-amount = Amount
entry-from = Old units
entry-to = New units
entry-note = Note
transaction-buy = Purchase
transaction-sell = Sale
transaction-dividend = Dividend
transaction-fee = Fee
transaction-split = Split
transaction-deposit = Deposit
transaction-withdrawal = Withdrawal
transactions-empty = There are no transactions here yet.
transactions-search = Symbol
transactions-more = Show older transactions
transactions-total = Total
transactions-removed = taken out
transactions-edit = Change
transactions-delete = Delete
transactions-deleted = The transaction is gone.
performance-empty = Performance begins with the first transaction.
performance-benchmark = Symbol to compare with
performance-compare = Compare
performance-without-prices = There are no prices for { $symbols }: those of their last trades are taken.
performance-priced-since = Prices begin later than the first transaction: { $list }. Until then the prices of your own transactions stand in. The day of the change counts in the returns, and not in the risk.
performance-priced-item = { $symbol } since { $date }
performance-priced-more = { $list } and { $count } more
performance-returns = Returns
performance-span = From { $from } to { $to }.
performance-with-cash = Cash counts: deposits and withdrawals are the money that comes and goes.
performance-without-cash = No cash is kept: every purchase puts money in, every sale and dividend takes it out.
performance-lacking = Up to { $money } more was spent than was put in: a deposit may be missing. What was lacking counts as put in on its day, and as given back by what came in later.
performance-gain = Gain
performance-simple = Simple return
performance-time-weighted = Time-weighted return
performance-yearly = The same for a year
performance-money-weighted = Money-weighted return (XIRR)
performance-same-money = The same money elsewhere
performance-risk = Risk
performance-too-few = { $count ->
    [one] There is one daily return; { $least } are needed to say anything.
   *[other] There are { $count } daily returns; { $least } are needed to say anything.
}
performance-volatility = Volatility of a year
performance-drawdown = Deepest fall
performance-sharpe = Sharpe ratio
performance-sortino = Sortino ratio
performance-var = One day in twenty is worse than
performance-beta = Beta
performance-put-in = Money put in
performance-return = Return
performance-measures = What is drawn
performance-chart = Value from { $from } ({ $first }) to { $to } ({ $last })
formula-gain = { $value } worth now + { $out } taken out − { $in } put in
formula-simple = ({ $value } + { $out } − { $in }) ÷ { $in }
formula-time-weighted = Product of { $count } daily returns (value + taken out) ÷ (value before + put in), less 1. How much money was there does not matter.
formula-yearly = (1 { $total }) to the power of 365 ÷ { $days } days, less 1
formula-no-year = Stated from a year on; this portfolio is { $days } days old.
formula-money-weighted = The yearly rate at which all that went in and out, and today’s value, are worth nothing together. Not defined where all money went one way.
formula-money-short = The yearly rate at which all that went in and out, and today’s value, are worth nothing together. Of { $days } days: what they brought is carried on for a whole year. Not defined where all money went one way.
formula-same-money = What the same money on the same days would be worth in { $symbol }, which itself returned { $return }. Splits count, its dividends do not.
formula-volatility = Deviation of { $count } daily returns × √252
formula-drawdown = From the peak of { $from } to { $to }, of the time-weighted index
formula-no-drawdown = It has not fallen yet.
formula-sharpe = √252 × mean ÷ deviation of the daily returns, with a riskless rate of 0
formula-sortino = √252 × mean of the daily returns ÷ root of the mean square of those below 0
formula-var = 5 % quantile of { $count } daily returns
formula-beta = Covariance with the daily returns of { $symbol } ÷ their variance
portfolios-note = Each portfolio has its own transactions. Nobody but you sees them.
portfolios-new = New portfolio
portfolios-make = Make it
portfolios-made = The portfolio is made.
portfolios-saved = Saved.
portfolios-deleted = The portfolio is gone.
portfolios-name = Name
portfolios-method = Cost of what is sold
portfolios-fifo = First in, first out
portfolios-average = Average cost
portfolios-delete = Delete this portfolio
portfolios-csv = Save as CSV
portfolios-json = Save as JSON
portfolios-type-name = All its transactions go with it and cannot be brought back. Type { $name } to go on.
portfolios-transactions = { $count ->
    [one] One transaction
   *[other] { $count } transactions
}
import-lead = Bring transactions along from another program, or take yours elsewhere.
import-no-portfolio = There is no portfolio yet that transactions could go into. Make one first.
import-into = Into { $name }
import-note = CSV or JSON of up to { $max } MB. Choose a file or drop one here; you see what it would bring before anything is changed.
import-needs-scripts = A file is looked at before it is taken in, which needs scripts. Without them, programs can send it: see the API.
import-where = Where do I get a file?
import-ghostfolio = Ghostfolio: Portfolio, Activities, then the menu with three dots, Export activities. It writes JSON.
import-wealthfolio = Wealthfolio: Settings, Exports, then Activities as CSV.
import-own = Rialto: the two buttons at the end of this page.
import-other = A table of your own: the first line names the columns date, type, symbol, quantity, price and fee; amount for dividends, fees, deposits and withdrawals.
import-progress = How far the file is
import-sending = Sending, { $percent } %
import-reading = Reading the file
import-taking = Taking the file in
import-writing = { $done } of { $total } transactions are written
import-fresh = { $count ->
    [0] Nothing new
    [one] One new transaction
   *[other] { $count } new transactions
}
import-known = { $count ->
    [0] No duplicates
    [one] One duplicate that is left out
   *[other] { $count } duplicates that are left out
}
import-refused = { $count ->
    [0] No line with an error
    [one] One line with an error
   *[other] { $count } lines with errors
}
import-unasked = { $count ->
    [one] The prices of one instrument are not asked for yet. They come, with its splits, when its portfolio is looked at
   *[other] The prices of { $count } instruments are not asked for yet. They come, with their splits, when the portfolio is looked at
}
import-additions = { $count ->
    [one] One new transaction
   *[other] { $count } new transactions
}
import-there = { $count ->
    [one] One that the portfolio has already
   *[other] { $count } that the portfolio has already
}
import-problems = { $count ->
    [one] One line with an error
   *[other] { $count } lines with errors
}
import-problems-note = These lines are left out. Put them right in the file and choose it again: what is there by then counts as a duplicate.
import-line = Line
import-column = Column
import-written = What it says
import-what-to-do = What to do
import-first-of = The first { $shown } of { $count } are shown.
import-duplicates = { $count ->
    [one] Take the duplicate in too: it happened twice
   *[other] Take the { $count } duplicates in too: they happened twice
}
import-in-the-way = This file cannot be taken in as it is.
import-at-line = Line { $line }:
import-put-right = Put these lines right in the file, or add the purchases that are missing before them, and choose it again.
import-rest = { $count ->
    [one] Leave out the line of { $symbols } and take in the rest
   *[other] Leave out the { $count } lines of { $symbols } and take in the rest
}
import-nothing = There is nothing to take in.
import-take = { $count ->
    [one] Import one transaction
   *[other] Import { $count } transactions
}
import-other-file = Choose another file
import-done = { $count ->
    [one] One transaction is imported.
   *[other] { $count } transactions are imported.
}
import-past = Files that were taken in
import-past-note = Each can be taken back as a whole, for as long as no sale needs what it brought.
import-file = File
import-nameless = A file without a name
import-dividends = Dividends that were taken over
import-at = When
import-brought = Transactions
import-earlier = Show earlier files
import-undo = Take back
import-undo-of = Take back { $name }
import-undone = { $count ->
    [one] One transaction is gone again.
   *[other] { $count } transactions are gone again.
}
import-export = Take yours along
portfolio-dividends = Dividends
dividends-empty = Dividends begin with the first purchase.
dividends-paid = What was paid
dividends-total = All dividends
dividends-last-year = Of the last twelve months
dividends-cost = Cost of what is held
dividends-yield = Yield on cost
dividends-by-holding = Dividends by instrument
formula-dividends = Sum of the dividends in the history, fees not taken off
formula-last-year = Sum of those of the 365 days until { $date }
formula-yield = { $paid } ÷ { $cost }: what each share was paid in these twelve months, times the shares held now, ÷ what these have cost
dividends-missing = Not in the history yet
dividends-note = Computed from the shares that were held at the end of the day before the ex-date, with the splits until then, times what a share paid. Before taxes. Each is written down as a dividend that can be changed afterwards.
dividends-choose-all = All of them
dividends-choose = { $symbol }, ex-date { $date }
dividends-ex-date = Ex-date
dividends-date = Written down with
dividends-per-share = For each
dividends-take = Take over what is chosen
dividends-taken = { $count ->
    [one] One dividend is in the history.
   *[other] { $count } dividends are in the history.
}
dividends-more = These are { $shown }. { $more } more come when these are taken over.
dividends-known = { $count ->
    [one] One is in the history already: a dividend of the instrument between the ex-date and { $late } days after the payment, or { $window } days after the ex-date where the payment is not known.
   *[other] { $count } are in the history already: a dividend of the instrument between the ex-date and { $late } days after the payment, or { $window } days after the ex-date where the payment is not known.
}
dividends-none = No dividend was due for what was held.
dividends-all-there = Every dividend that the sources know of is in the history.
dividends-untold = No source of this server tells of dividends of { $symbols }. The bundled sample and files of prices have none; Alpha Vantage and Massive tell of them, where whoever runs this server has a key.
dividends-by-hand = Write a dividend down
dividends-away = Nobody could be asked about { $symbols } just now. Look again later.
portfolio-map-label = { $count ->
    [one] One holding, drawn by its value
   *[other] { $count } holdings in their sectors, drawn by their value
}
portfolio-map-tile = { $symbol } { $gain }: { $name }, { $value }, { $share } of all
portfolio-map-cash = { $name }: { $value }, { $share } of all
portfolio-map-key-down = Loss
portfolio-map-key-flat = Neither
portfolio-map-key-up = Gain
error-bad-kind = Choose what kind of transaction it is.
error-symbol-missing = Which instrument? Enter its symbol.
error-bad-date = Enter the day as 2024-12-31, from 1900 on.
error-future-date = This day has not come yet. Enter it when it has.
error-bad-figure = Enter a figure above zero and at most { $max }, such as 1234.56, with at most { $digits } digits behind the point.
error-bad-ratio = A split is so many old units for so many new ones: whole numbers from 1 to { $max }.
error-note-too-long = A note has at most { $max } characters.
error-oversold = On { $date } there are { $held } of { $symbol } to sell, and not { $asked }. Short sales are not kept here: check the day and the units.
error-too-many-units = Since { $date } there would be more of { $symbol } than can be counted. Check the units.
error-too-few-units = Since { $date } there would be too little of { $symbol } to be counted. Check the splits.
error-too-many-splits = At most { $max } splits of { $symbol } are written down by hand. Take out those that did not happen.
error-too-many-instruments = A portfolio has at most { $max } instruments. Begin another one.
error-ambiguous-figure = This can be thousands or a figure with decimals, and nothing in the file tells. Write it without a mark between thousands, with decimals: 1000.00.
error-currency-differs = This line is in { $asked }, the rest in { $held }. A portfolio has one currency: take these lines into another portfolio, from a file of their own.
error-instrument-currency = This line is in { $asked }, and prices of { $symbol } are in { $held }. Change the amounts to { $held }, or the symbol to the one of the market where it was traded.
error-split-known = This split is known and applied already. It needs no transaction.
error-removed = This position was taken out. Bring it back first.
error-portfolio-exists = You have a portfolio of this name. Choose another one.
error-too-many-portfolios = An account has at most { $max } portfolios.
error-too-many-transactions = An account has at most { $max } transactions. Delete some first.
error-portfolio-busy = This portfolio is being changed. Try again in a moment.
error-name-differs = This is not the name of the portfolio: { $name }.
error-not-in-portfolio = The portfolio does not hold this.
error-bad-period = The days of a history are a whole number from 1 to { $max }.
error-bad-theme = An image is dark or light.
error-bad-size = An image has from { $min } to { $max } pixels.
error-bad-study = An indicator is its name with its settings, such as rsi:14; periods are 2 to { $max }.
error-too-many-studies = At most { $max } indicators at once.
error-file-binary = This is not a text but a file of another program, such as a workbook or a picture. Save the table as CSV and choose that.
error-nothing-chosen = Choose at least one dividend.
error-dividend-not-offered = The dividend of { $symbol } with the ex-date { $date } is not offered any more: it may be in the history by now. Load the page again.
error-import-running = Another file is being taken into this portfolio. Wait until it is done.

error-bad-direction = A call is long or short.
error-bad-horizon = A horizon is a number of days, weeks, months or years, such as 5d, 2w, 3m or 1y; at most 2y.
error-bad-reason = A reason has at most { $max } characters.
error-too-many-calls = A member has at most { $max } open calls.
error-call-stands = A call can be taken back within two minutes; after that it stands.
error-bad-side = Choose whether to buy or to sell.
error-bad-order-kind = Choose a market or a limit order.
error-bad-community = There is no such community.
error-bad-season = There is no such season.
error-not-joined = Join the season first.
error-season-over = This season is over. The next one has begun: join it.
error-season-full = This season has its { $max } members already.
error-too-many-orders = You have { $max } open orders already. Cancel one, or wait until some are filled.
error-order-ended = This order is not open any more: it was filled, or it came to its end.
error-order-too-large = This is more than can be counted. Enter fewer units.
error-paper-cash = This would take about { $asked }. You have { $held } that no open order needs.
error-paper-units = You have { $held } of { $symbol } that no open order offers, and not { $asked }. Short sales are refused.
error-portfolio-kept = This portfolio is kept by paper trading. Nothing in it is written, changed or deleted by hand.
error-bad-author = There is no such author.
error-bad-state = A call is open, scored or void.
error-file-empty = There is nothing in this file.
error-file-unreadable = This is no table of transactions. Its first line must name columns such as date, type, symbol, quantity and price.
error-file-too-long = A file has at most { $max } transactions. Divide it.
error-file-too-large = A file has at most { $max } MB. Divide it.

## Instruments and charts

skip-to-chart = Skip to the instrument
chart-label = Chart of { $symbol }
chart-role = chart
chart-keys = Arrow keys go from day to day, plus and minus zoom, Home and End lead to the first and the last day.
chart-spoken = { $date }: { $close }, { $change }
chart-day = Day
chart-change = Change
chart-open = O
chart-high = H
chart-low = L
chart-close = C
chart-closed-at = Close
chart-table = Prices of { $symbol } as a table
chart-tools = Tools of the chart
chart-ranges = Stretch of time
chart-days = Other days
chart-from = From
chart-to = To
chart-days-backwards = Enter two days, the earlier one first.
chart-apply = Apply
chart-add = Add
chart-log = Log
chart-indicators = Indicators
chart-over-prices = Over the prices
chart-below = Below the prices
chart-settings = Settings
chart-remove = Remove { $name }
chart-compare = Compare
chart-compare-with = Symbol
chart-compare-note = All prices are then shown in per cent since the first day in view.
chart-compare-full = A chart compares at most { $max } instruments. Remove one first.
chart-draw = Draw
chart-level = Level
chart-trend = Trend line
chart-level-at = Level at the price
chart-bad-level = Enter a price above zero, such as 430.50.
chart-level-name = Level at { $price }
chart-trend-name = Line from { $from } to { $to }
chart-click-level = Click on the chart where the level is to be.
chart-click-first = Click on the chart where the line begins.
chart-click-second = Click on the chart where the line ends.
chart-save = Save
chart-save-picture = Picture (PNG)
chart-save-table = Table (CSV)
drawing-removed = { $name }: taken away.
drawing-not-kept = The drawing is not kept yet. { $error } It is tried again with your next visit.
drawing-not-removed = The drawing is still there. { $error }
drawings-not-loaded = What you drew before is not shown. { $error }
error-bad-drawing = A level is at a price above zero; a line goes from one day to another.
error-too-many-drawings = There is room for { $max } drawings. Take one away first.
about-title = About { $symbol }
about-ask = Show what is known
about-none = Nothing more is known of { $symbol } here.
about-away = A source that could tell more does not answer now. Reload the page in some minutes.
about-name = Name
about-exchange = Exchange
about-industry = Industry
about-market-cap = Market capitalisation
about-price-earnings = Price to earnings (P/E)
about-yield = Dividend yield
about-site = Site
about-year = Range of 52 weeks
about-range = { $low } to { $high }
about-description = What it does
about-from = From { $source }.
about-from-of = From { $source }, { $date }.
about-from-reference = From the list of companies that comes with Rialto.
about-trillion = { $value } trillion { $currency }
about-billion = { $value } billion { $currency }
about-million = { $value } million { $currency }
opens-in-new-tab = (opens in a new tab)
news-title = News
news-ask = Show the headlines
news-none = Nothing was written about { $symbol } lately.
news-no-source = No source here has news of { $symbol }. Massive and Alpha Vantage have news; an operator can give Rialto a key of one of them.
news-away = The source of news does not answer now. Reload the page in some minutes.
news-more = { $count ->
    [one] One older headline
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
study-setting-width = Width in deviations
study-setting-anchor = Since
study-setting-conversion = Conversion line
study-setting-base = Base line
study-setting-slow = Slow
study-setting-step = Step
study-setting-most = At most
study-setting-fast = Fast
study-setting-signal = Signal
study-setting-smooth-k = Smoothing of %K
study-setting-smooth-d = Smoothing of %D
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
rating-title = What the indicators say
rating-note = Twenty-six indicators vote, each by a rule that is stated below. It is a reading, not advice.
rating-as-of = As of the close of { $date }.
rating-none = There are too few prices for a rating.
rating-all = Together
rating-averages = Moving averages
rating-oscillators = Oscillators
rating-votes = Every vote with its rule
verdict-strong-buy = Strong buy
verdict-buy = Buy
verdict-neutral = Neutral
verdict-sell = Sell
verdict-strong-sell = Strong sell
verdict-none = Too few votes
track-none = The past of this instrument is too short to say how often such readings were right.
edge-none = No demonstrated edge: such readings were not right more often than chance would be.
edge-buy = “Buy” was followed by a rise more often than other days, beyond chance. “Sell” was not.
edge-sell = “Sell” was followed by a fall more often than other days, beyond chance. “Buy” was not.
edge-both = Both “buy” and “sell” came true more often than on other days, beyond chance.
track-note = From { $from } to { $to }: bought at the next open, looked at { $days } trading days later. No reading knew what came after it. Stretches overlap, so the interval counts only as many as do not.
track-what = Reading
track-days = Days
track-right = Came true
track-interval = 95% interval
track-base = Any day
track-mean = Mean return
track-after-buy = Rise after “buy”
track-after-sell = Fall after “sell”
track-money = Money
track-yearly = Return of a year
track-fall = Deepest fall
track-invested = Time invested
track-switches = Switches
track-following = Following the reading, with costs
track-holding = Buying and holding
model-title = The chance of a rise
model-none = The past of this instrument is too short for a model of it.
model-note = A logistic regression over eight figures of this instrument’s own past, fitted anew every { $days } trading days. On each day it knew only what was known before that day. It is a reading, not advice.
model-chance = After { $days } trading days above the next open
model-any-day = Any day: { $rate }
model-brier = Brier score
model-base-brier = Base rate: { $score }
model-skill = Better than the base rate by
model-interval = 95%: { $interval }
model-no-interval = Too few days for an interval
model-edge-none = No demonstrated edge: what it said was not closer to what happened than the base rate was, beyond chance.
model-edge = What it said was closer to what happened than the base rate was, beyond chance.
model-brier-note = The Brier score is the mean squared distance between the chance that was told and what happened: 0 is perfect, and always saying one half scores 0.25.
model-counted = { $days } days from { $from } to { $to } are scored; { $apart } of their stretches do not overlap.
model-reliability = What it said and what happened
model-said = It said
model-happened = It rose
model-parts = What the chance is made of
model-parts-note = A figure adds to the logarithm of the odds: its distance from its mean, in deviations, times the weight that the past gave it.
model-figure = Figure
model-deviations = From its mean
model-adds = Adds
model-week = Return of 5 days
model-month = Return of 20 days
model-half-year = Return of 120 days
model-rsi = RSI of 14 days
model-distance = From the mean of 50 days, in true ranges
model-macd = MACD histogram, in true ranges
model-volatility = Swings of 20 days against those of 120
model-volume = Volume of 5 days against that of 60
vote-component = Indicator
vote-value = Value
vote-vote = Vote
vote-rule = Rule
vote-for = for
vote-against = against
vote-neither = neither
vote-none = no vote
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
rule-average = For while the close is above it, against below.
rule-ichimoku = For above the cloud with the conversion line above the base line, against below both.
rule-rsi = For below 30 and rising, against above 70 and falling.
rule-stochastic = For where %K and %D are below 20 and %K is above %D; against above 80 and below.
rule-cci = For below −100 and rising, against above 100 and falling.
rule-adx = Where it is above 20 and rising: for with +DI above −DI, else against.
rule-awesome = For above 0 and rising, against below 0 and falling.
rule-momentum = For while it rises, against while it falls.
rule-macd = For above its signal, against below.
rule-williams = For below −80 and rising, against above −20 and falling.
rule-bull-bear = For where the average rises and a bear power below 0 does; against where it falls and a bull power above 0 does.
rule-ultimate = For above 70, against below 30.
markets-title = Markets
markets-watchlist = Watchlist
markets-calls = Calls
markets-alerts = Alerts
markets-unseen = { $count ->
    [one] 1 notice that you have not seen
   *[other] { $count } notices that you have not seen
}
watchlist-first-name = My watchlist
watchlist-lists = Lists
watchlist-empty = What do you want to keep an eye on?
watchlist-empty-note = Add the first instrument by its symbol or its name. From then on this page shows its last known price, and how old that is.
watchlist-add-label = Symbol or name
watchlist-add = Add
watchlist-added = { $symbol } is on the list.
watchlist-removed = { $symbol } is off the list.
watchlist-remove = Remove { $symbol }
watchlist-up = Move { $symbol } up: { $place } of { $count }
watchlist-down = Move { $symbol } down: { $place } of { $count }
watchlist-instrument = Instrument
watchlist-price = Price
watchlist-change = Day
watchlist-course = Last closes
watchlist-course-of = { $symbol }: course of the last { $count } closes
watchlist-acts = Actions
watchlist-away = The source of prices is away
watchlist-no-price = No price
watchlist-name = Name of this list
watchlist-new-name = Name of a new list
watchlist-make = Make a list
watchlist-made = The list is made.
watchlist-renamed = The list has its new name.
watchlist-deleted = The list is gone.
watchlist-delete = Delete { $name }
alerts-empty = What should you be told of?
alerts-empty-note = Choose an instrument and what you wait for. You are told on every page that you have open, and find it here later.
alerts-told = What you were told
alerts-see = I have seen these
alert-fresh = New
alert-new = New alert
alert-symbol = Instrument
alert-kind = What you wait for
alert-value = Value
alert-level = Level of the RSI
alert-percent = Per cent
alert-price-label = Price
alert-period = Days of the indicator
alert-channel = Where it is told
alert-channel-none = Only to me
alert-channel-gone = a channel that is gone
alert-note = Note for yourself
alert-expires = Last day (optional)
alert-make = Set the alert
alert-made = The alert is set.
alert-once = An alert tells once, when the price changes sides. Then it rests until you set it again.
alert-kind-price-above = Price crosses above
alert-kind-price-below = Price crosses below
alert-kind-rises = Rises in a day by
alert-kind-falls = Falls in a day by
alert-kind-moves = Moves in a day by
alert-kind-rsi-above = RSI crosses above
alert-kind-rsi-below = RSI crosses below
alert-kind-crosses-sma = Price crosses its SMA
alert-kind-crosses-ema = Price crosses its EMA
alert-kind-crosses-macd = MACD crosses its signal
alert-price-above = above { $value }
alert-price-below = below { $value }
alert-rises = up by { $value } per cent or more in a day
alert-falls = down by { $value } per cent or more in a day
alert-moves = { $value } per cent or more away in a day
alert-rsi-above = RSI({ $period }) above { $value }
alert-rsi-below = RSI({ $period }) below { $value }
alert-crosses-sma = across its SMA({ $period })
alert-crosses-ema = across its EMA({ $period })
alert-crosses-macd = MACD across its signal
alert-price = { $price } on { $date } ({ $source })
alert-fired = { $symbol } { $what }: { $price }
alert-by = An alert of { $name }
alert-look = Look
alert-condition = Waits for
alert-state = State
alert-seen-price = Last price seen
alert-armed = Awake
alert-rests = Has told, rests
alert-expired = Its time is over
alert-adjusted = was { $value } before the split of { $date }
alert-until = until { $date }
alert-to = told in #{ $channel }
alert-posting = It is about to be posted.
alert-posted = It was posted in its channel.
alert-refused = It was not posted: you may not write in its channel any more. Only you were told.
alert-arm-of = Set the alert of { $symbol } again
alert-armed-again = The alert of { $symbol } is awake again.
alert-delete-of = Delete the alert: { $symbol } { $what }
alert-deleted = The alert of { $symbol } is gone.
alert-set = I will tell you when { $symbol } { $what }.
alert-set-here = I will say it here when { $symbol } { $what }.
alert-will-price-above = rises above { $value }
alert-will-price-below = falls below { $value }
alert-will-rise = rises by { $value } per cent or more in a day
alert-will-fall = falls by { $value } per cent or more in a day
alert-will-move = moves by { $value } per cent or more in a day
alert-will-rsi-above = has an RSI({ $period }) that rises above { $value }
alert-will-rsi-below = has an RSI({ $period }) that falls below { $value }
alert-will-cross-sma = crosses its SMA({ $period })
alert-will-cross-ema = crosses its EMA({ $period })
alert-will-cross-macd = has a MACD that crosses its signal
alert-now = Now { $price }
alert-there = It is there already: I tell when it has come back and gets there again.
alert-take-back = Your alerts: look at it or take it back

error-watchlist-exists = You have a list of this name. Choose another one.
error-too-many-watchlists = An account has at most { $max } watchlists.
error-too-many-watched = A watchlist has at most { $max } instruments. Begin another one.
error-too-many-symbols = Ask for at most { $max } instruments at once.
error-several-instruments = Several instruments are called so: { $symbols }. Enter the symbol of the one that you mean.
error-bad-alert-kind = Choose what you wait for.
error-bad-alert-value = Enter a figure above zero and at most { $max }, with at most { $digits } digits behind the point.
error-bad-alert-period = An indicator looks at 2 to { $max } days.
error-bad-alert-text = Write it as AAPL > 200, AAPL -3%, AAPL rsi < 30 or AAPL cross sma 200.
error-expiry-past = This day is over. Choose a later one.
error-too-many-alerts = An account has at most { $max } alerts. Delete one first.

## Sharing

share = Share
share-trade-of = Share the trade in { $symbol } of { $date }
share-portfolio-title = Share this portfolio
share-trade-title = Share this trade
share-lead = Others see per cents and no amounts, as they are at this moment. What is shared does not change later; you can delete the message.
share-more = Show more
share-show-name = What the portfolio is called
share-show-quantities = Units. With the prices, others can work out amounts
share-show-amounts = Amounts of money
share-channel = Channel
share-comment = A few words beside it (optional)
share-preview = What others will see
share-send = Share it
share-done = It is shared in #{ $channel }.
share-see = Go there
share-title = A portfolio
share-title-of = Portfolio { $name }
share-others = { $count ->
    [one] 1 smaller one
   *[other] { $count } smaller ones
}
share-units = { $units } units
share-span = Returns from { $from } to { $to }
share-best = Best position
share-worst = Worst position
share-bought = Bought
share-sold = Sold
share-adjusted = { $price } (for one of today’s shares { $adjusted })
share-since = Price since then
share-now = Price now
error-nothing-to-share = There is nothing in this portfolio that could be shown yet.
error-not-a-trade = Only purchases and sales can be shared.
error-comment-too-long = Write at most { $max } characters beside it.
error-bad-include = A card can show the name, quantities and amounts, nothing else.

## Calls

calls-about = A call says which way a price will go, and until when. It begins at the open after it was made and is scored at the close of the last trading day within its time. It can be taken back for two minutes; then nothing changes it.
calls-add-title = Make a call
calls-add = Make the call
calls-made = Your call is noted. You can take it back for two minutes.
calls-direction = The price
calls-horizon = For
calls-reason = Because (may be empty)
calls-week = a week
calls-month = a month
calls-quarter = three months
calls-half = six months
calls-year = a year
calls-two-years = two years
calls-records = Records
calls-records-empty = No call has been scored yet. Records will be here as soon as the first ones have come to their end.
calls-rule = Ranked by skill, not by luck: the lower end of the 95 % interval (Wilson) of how often the calls came true, less how often the same directions came true on the same instruments over such times before. Calls of one author on one instrument that overlap count as the part of their time that does not. Under 10 calls so counted it is too few to tell.
calls-latest = These are the records of the latest { $count } calls that were scored; older ones are not counted any more.
calls-place = Place
calls-author = By
calls-scored = Scored
calls-counted = Count as
calls-rate = Came true
calls-interval = ({ $low } to { $high })
calls-base = To be expected
calls-excess = Return beyond that
calls-edge = Skill at least
calls-engine = Rialto (technical rating)
calls-too-few = too few to tell
calls-list = Calls
calls-search = Symbol
calls-state = State
calls-all = All
calls-open = open
calls-state-scored = scored
calls-void = void: no prices
calls-empty = Nobody has made a call here yet. Make the first one above, or write /call AAPL long 3m in a channel.
calls-none-found = No call is like this. Change the symbol or the state.
calls-call = Call
calls-due = Until
calls-entry = Began at
calls-exit = Ended at
calls-result = Result
calls-hit = came true
calls-miss = did not
calls-base-of = before: { $base } of the time
calls-take-back = Take back
calls-take-back-of = Take back the call on { $symbol }
calls-taken-back = The call is taken back.

# Pulse: what is spoken of.

markets-pulse = Pulse
pulse-about = What members speak of, by cashtags such as { $example } and commands in their messages, in the channels that you can read. What counts first is how many members do: one loud voice is no pulse. An edited message counts as it is now, a deleted one not at all.
pulse-span = Over which days
pulse-channel = In which channel
pulse-all-channels = All channels
pulse-days = Last { $days } days
pulse-show = Show
pulse-list = From { $from } to { $to }
pulse-table = Instruments that are spoken of
pulse-people = Members
pulse-change = More or fewer
pulse-mentions = Messages
pulse-price = Price change
pulse-close = Close
pulse-more = Further instruments
pulse-empty = Nobody has spoken of an instrument in these days. Write { $example } in a message, and it will be here a moment later.
pulse-empty-go = Go to the chat
pulse-no-prices = The source of prices has none of these days, so there is no price change to show.
pulse-sum = { $mentions } messages by { $people } members
pulse-prices-from = prices: { $source }
pulse-prices-end = no prices of these days; the last one: { $source }
pulse-chart = Messages that speak of { $symbol } from { $from } to { $to }, at most { $most } in a day, against its price. The table below has the figures.
pulse-key-mentions = messages a day, up to { $most }
pulse-key-price = price, { $low } to { $high }
pulse-day-by-day = Day by day
pulse-days-of = { $symbol } day by day
error-bad-days = Choose the last 7, 30 or 90 days.
error-bad-channel = This is not a channel. Choose one from the list.

## Paper trading

markets-paper = Paper trading
instrument-paper = Paper trade
paper-about = Trade with money that is none, at prices that are. An order is filled at the next price: the first one that is certain to be newer than the order, never the one that you see. Prices count as they are, whatever their currency; there are no fees and no short sales.
paper-rule = The order is filled at the next price, which nobody knows yet. What it comes to is shown here as soon as the ticket says enough.
paper-ended = These are sample prices that ended in 2013: no next price will come, so orders wait until the season ends. Choose a source of prices, or play the sample as a moving market.
paper-seasons = Seasons
paper-empty = Do you want to take part?
paper-empty-note = Everybody who takes part in { $season } begins with { $cash }. The season ends with { $date }; then the standing is final, and the next one begins.
paper-join = Join { $season }
paper-joined = You take part. Place your first order.
paper-account = { $season }, until { $date }
paper-account-closed = { $season }, ended { $date }
paper-made = Return
paper-reserved = For open orders
paper-free = Free for new orders
paper-course = What your account was worth on { $count } days
paper-trades = Trades
paper-ticket = Place an order
paper-side = Side
paper-buy = Buy
paper-sell = Sell
paper-kind = Type
paper-market = Market: at the next price
paper-limit = Limit: not worse than
paper-limit-price = Limit
paper-place = Place the order
paper-placed = Your order for { $symbol } is placed. It is filled at the next price.
paper-placed-still = Your order for { $symbol } is placed, but its prices have come to their end: it waits in vain.
paper-preview = About { $estimate } of { $instrument }; the last price is { $price } ({ $source }). The order is filled at the next one.
paper-preview-still = About { $estimate } of { $instrument }; the last price is { $price } ({ $source }). Its prices have come to their end: no next price will come.
paper-order = Order
paper-placed-at = Placed
paper-seen = Price then
paper-open-orders = Open orders
paper-buy-units = Buy { $units }
paper-sell-units = Sell { $units }
paper-buy-limit = Buy { $units } at { $limit } or less
paper-sell-limit = Sell { $units } at { $limit } or more
paper-cancel = Cancel
paper-cancel-of = Cancel the order on { $symbol }: { $what }
paper-change = Change
paper-change-of = Change the order on { $symbol }: { $what }
paper-changing = Change your order on { $symbol }: { $what }
paper-changing-note = It is taken back and placed anew in one step. Like any order it is filled at a price that comes after it; if it cannot be placed, the old one stays.
paper-change-place = Change the order
paper-change-leave = Leave it as it is
paper-changed = Your order for { $symbol } is changed. It is filled at the next price.
paper-sell-all = Sell what you hold of { $symbol }
paper-cancelled = The order is cancelled.
paper-positions = Positions
paper-positions-empty = You hold nothing yet. Place an order above.
paper-average = Paid each
paper-price = Price
paper-value = Value
paper-last-orders = Last orders
paper-when = Done
paper-filled = filled
paper-was-cancelled = cancelled
paper-expired = season ended
paper-refused = refused: the account cannot take it
paper-refused-cash = refused: not enough cash at that price
paper-refused-units = refused: not as many units
paper-waits = waits
paper-told-bought = Paper trading: bought { $units } { $symbol } at { $price }
paper-told-sold = Paper trading: sold { $units } { $symbol } at { $price }
paper-told-cash = Paper trading: { $units } { $symbol } were not bought. At { $price } there was not enough cash
paper-told-units = Paper trading: { $units } { $symbol } were not sold. There were not as many units
paper-told-refused = Paper trading: the order for { $units } { $symbol } was refused. The account cannot take it
paper-told-expired-buy = Paper trading: the season ended before { $units } { $symbol } were bought
paper-told-expired-sell = Paper trading: the season ended before { $units } { $symbol } were sold
paper-standing = Standing
paper-standing-of = Standing of { $season }
paper-standing-empty = Nobody takes part yet. Be the first.
paper-luck = The return since joining, at the last known prices. Much of it is luck: a quarter is short, and one bold purchase can win it. Look whether somebody beats the market row over several seasons. Whoever has not traded has no place.
paper-closed = This is the final standing, taken on { $date }.
paper-more = { $count ->
    [one] And one more.
   *[other] And { $count } more.
}
paper-member = Member
paper-holding = The market: { $symbols } in equal parts, held since { $date }
