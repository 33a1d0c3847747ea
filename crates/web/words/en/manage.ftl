## Ids begin with: manage-
