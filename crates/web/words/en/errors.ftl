## Ids begin with: error-

error-missing = Nothing is moored here
error-missing-why = This page or repository does not exist, or it is private and you do not have access. If you expected to see it, check the name or sign in with another account.
error-signed-out = Sign in first
error-forbidden = This is not yours to change
error-too-often = Too many requests
error-refused = This does not work as asked
error-broken = Something went wrong here
error-search-here = This page
error-explore = Go to explore
error-number = Error { $status }
