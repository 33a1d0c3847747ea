//! Administering a hub: the audit log, plans, names, take-downs, by API and by command line.

mod announcements;
mod audit;
mod jobs;
mod official;
mod people;
mod plans;
mod reserved;
mod settings;
mod storage;
mod takedowns;
