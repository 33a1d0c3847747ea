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
error-signed-out-why = Sign in with your account, then come back to this page.
error-too-often-why = That was tried too often in a short time, by you or by others behind your address.
error-busy = The hub is busy.
error-full = The hub has no space left. Tell the people who run it.
error-broken-why = It is not your fault. Try again, and if it happens once more, tell the people who run this hub the reference below.
error-wait-seconds = { $count ->
    [one] Try again in 1 second.
   *[other] Try again in { $count } seconds.
}
error-wait-minutes = { $count ->
    [one] Try again in 1 minute.
   *[other] Try again in { $count } minutes.
}
error-logged = Error { $status }, reference <code>{ $request }</code>
error-elsewhere = Another site sent this form. Open the page here and send it again.
error-earlier = This form is from an earlier sign-in; open the page again and send it once more.
error-too-long = This form is too long, or it did not arrive whole. Shorten the text.
error-form = This is no form of this page.
