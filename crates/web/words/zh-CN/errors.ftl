## Ids begin with: error-
