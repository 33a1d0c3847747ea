//! Every query on both engines.
