## Ids begin with: admin-
