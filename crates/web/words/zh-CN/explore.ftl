## Ids begin with: explore-, search-, docs-
