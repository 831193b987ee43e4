//! Communities, their channels and members, and who may do what in them.

mod model;

pub use model::{Channel, ChannelCreated, Community, Member, MemberPage, Overview, Presence};
