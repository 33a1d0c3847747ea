## Ids begin with: account-, signin-

signin-motto = Your images, safe in harbour.
signin-docker = Pull and push with the Docker client
signin-team = Share private repositories with your team
signin-publisher = See who published every tag
signin-username = Username or email
signin-password = Password
signin-reset = Reset password
signin-terminal = From a terminal:
signin-empty = Type your username and your password.
signin-wrong = That username and password do not match. Check both and try again.
signin-token = Access tokens are for machines. Sign in here with your password.
signin-code-title = Enter your code
signin-code-why = { $name } has a second factor. Open your authenticator, or use a recovery code.
signin-code = Code
signin-code-wrong = This code does not match, or it took too long. Try the next one, or sign in anew.
signin-continue = Continue
signin-anew = Sign in anew
