//! Permissions, as pure functions.

use crate::accounts::AccountKind;

/// Permissions of a member in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u64);

impl Permissions {
    /// See the channel and read it.
    pub const VIEW: Self = Self(1);
    /// Write messages.
    pub const SEND: Self = Self(1 << 1);
    /// Create channels in the community.
    pub const CREATE_CHANNELS: Self = Self(1 << 2);

    /// No permission.
    pub const NONE: Self = Self(0);

    /// Union of two sets.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// true if it contains all of `wanted`.
    pub const fn allow(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }
}

/// An account's relation to a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    pub member: bool,
    /// Person, guest or bot.
    pub kind: AccountKind,
}

/// Returns the permissions of this membership in a channel of the community. Accounts that are not
/// members cannot even see that it exists.
pub const fn permissions(membership: Membership) -> Permissions {
    if !membership.member {
        return Permissions::NONE;
    }
    let talk = Permissions::VIEW.and(Permissions::SEND);
    match membership.kind {
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
            let stranger = permissions(Membership {
                member: false,
                kind,
            });
            assert_eq!(stranger, Permissions::NONE);
            let member = permissions(Membership { member: true, kind });
            assert!(member.allow(Permissions::VIEW.and(Permissions::SEND)));
            assert_eq!(
                member.allow(Permissions::CREATE_CHANNELS),
                kind != AccountKind::Bot
            );
        }
    }
}
