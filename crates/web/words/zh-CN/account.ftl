## Ids begin with: account-, signin-
