## Ids begin with: organization-
