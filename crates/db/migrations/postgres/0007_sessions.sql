-- What `docker login` keeps for a password is a session from now on, which its owner sees and ends. A refresh
-- token of its own has only who signed in with an access token; others sign in once more.
DELETE FROM refresh_tokens WHERE access_token_id IS NULL;
