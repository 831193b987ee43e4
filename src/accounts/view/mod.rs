//! Signing in, registering, and the card of who is signed in.

mod card;
mod entry;
mod register;
mod sign_in;

pub use card::AccountCard;
pub use register::Register;
pub use sign_in::SignIn;
