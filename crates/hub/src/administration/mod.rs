//! What administrators decide for the whole hub: take-downs, settings, reserved names, announcements, who
//! maintains official images. On [`Hub`](crate::Hub), proved by a [`SystemKey`](crate::accounts::SystemKey).
//!
//! What requests must know without asking the database is kept in memory; see `live`.

mod announcements;
mod census;
mod error;
mod live;
mod official;
mod reserved;
mod settings;
mod takedowns;

pub use announcements::{Announcement, NewAnnouncement};
pub use census::{Census, NamespaceUse};
pub use error::AdministrationError;
pub(crate) use live::Live;
pub use official::Maintainer;
pub use reserved::ReservedName;
pub(crate) use reserved::find_bar;
pub use roadstead_db::announcements::Level;
pub use settings::{HubSetting, SettingView};
pub use takedowns::{Takedown, TakenDown};
