//! Administering a hub: the audit log, plans, names, take-downs, by API and by command line.

mod audit;
mod plans;
mod storage;
