## Ids begin with: repository-, tags-, image-, insights-
