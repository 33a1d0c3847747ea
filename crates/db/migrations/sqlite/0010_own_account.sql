-- When a session last proved the password: dangerous acts ask for it again after a while. Sessions from before
-- have proved nothing yet.
ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;

-- The language that somebody chose to read the site in.
ALTER TABLE accounts ADD COLUMN language TEXT;
