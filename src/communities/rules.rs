//! Who may do what: pure functions on data.

use crate::accounts::AccountKind;

/// What somebody may do in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u64);

impl Permissions {
    /// See the channel and read it.
    pub const VIEW: Self = Self(1);
    /// Write messages.
    pub const SEND: Self = Self(1 << 1);
    /// Make channels in the community.
    pub const CREATE_CHANNELS: Self = Self(1 << 2);

    /// Nothing at all.
    pub const NONE: Self = Self(0);

    /// Both together.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Does it hold all of `wanted`?
    pub const fn allow(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }
}

/// What somebody is to a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Are they a member?
    pub member: bool,
    /// Person, guest or bot.
    pub kind: AccountKind,
}

/// What somebody of this standing may do in a channel of the community. Who is no member may
/// not even know that it exists.
pub const fn permissions(standing: Standing) -> Permissions {
    if !standing.member {
        return Permissions::NONE;
    }
    let talk = Permissions::VIEW.and(Permissions::SEND);
    match standing.kind {
        AccountKind::Person | AccountKind::Guest => talk.and(Permissions::CREATE_CHANNELS),
        AccountKind::Bot => talk,
        AccountKind::Deleted => Permissions::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_see_nothing_and_bots_create_nothing() {
        for kind in [AccountKind::Person, AccountKind::Guest, AccountKind::Bot] {
            let stranger = permissions(Standing {
                member: false,
                kind,
            });
            assert_eq!(stranger, Permissions::NONE);
            let member = permissions(Standing { member: true, kind });
            assert!(member.allow(Permissions::VIEW.and(Permissions::SEND)));
            assert_eq!(
                member.allow(Permissions::CREATE_CHANNELS),
                kind != AccountKind::Bot
            );
        }
    }
}
