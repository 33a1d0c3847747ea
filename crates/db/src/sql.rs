//! One SQL text on either engine: `$1` placeholders, positional columns.
//!
//! `tx.sql("SELECT a, b FROM t WHERE c = $1").bind(c).row::<(i64, Tag)>()`. Texts are constants or
//! built from constants; values only ever travel as parameters.

use std::time::Duration;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Arguments, AssertSqlSafe, Column, Decode, Encode, Executor, Postgres, Row as _, SqlSafeStr,
    SqlStr, Sqlite, Type,
};

use crate::engine::{Connection, Tx};
use crate::error::DbError;

/// Longest wait for an answer of PostgreSQL, longer than its own limit on waiting for locks. A server or
/// network that has frozen must not hold a request up.
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// The same for statements that walk whole tables; longer than PostgreSQL's own limit.
const PATIENT_WAIT: Duration = Duration::from_secs(40);

/// A statement being put together.
pub(crate) struct Statement<'t, 'c> {
    tx: &'t mut Tx<'c>,
    text: SqlStr,
    values: Result<Values, sqlx::Error>,
    wait: Duration,
}

enum Values {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// A type that both engines can take and give.
pub(crate) trait Native:
    for<'q> Encode<'q, Sqlite>
    + for<'r> Decode<'r, Sqlite>
    + Type<Sqlite>
    + for<'q> Encode<'q, Postgres>
    + for<'r> Decode<'r, Postgres>
    + Type<Postgres>
{
}

impl Native for i64 {}
impl Native for bool {}
impl Native for String {}
impl Native for Vec<u8> {}
impl Native for Option<i64> {}
impl Native for Option<String> {}
impl Native for Option<Vec<u8>> {}

/// A value that can stand for a placeholder.
pub(crate) trait Bind {
    type Native: Native;
    fn native(self) -> Self::Native;
}

impl<'c> Tx<'c> {
    pub(crate) fn sql(&mut self, text: impl SqlSafeStr) -> Statement<'_, 'c> {
        let values = match self.engine() {
            crate::Engine::Sqlite => Values::Sqlite(SqliteArguments::default()),
            crate::Engine::Postgres => Values::Postgres(PgArguments::default()),
        };
        Statement { tx: self, text: text.into_sql_str(), values: Ok(values), wait: ANSWER_WAIT }
    }
}

/// Runs `$call` on whichever connection is open, with the arguments that fit it.
macro_rules! run {
    ($statement:ident, $method:ident) => {{
        let Statement { tx, text, values, wait } = $statement;
        match (&mut tx.connection, values?) {
            (Connection::SqliteRead(connection), Values::Sqlite(values)) => {
                Outcome::Sqlite((&mut **connection).$method(sqlx::query_with(text, values)).await?)
            }
            (Connection::SqliteWrite(connection), Values::Sqlite(values)) => {
                Outcome::Sqlite((&mut **connection).$method(sqlx::query_with(text, values)).await?)
            }
            (Connection::PostgresRead(connection), Values::Postgres(values)) => {
                let query = (&mut **connection).$method(sqlx::query_with(text, values));
                Outcome::Postgres(within(wait, query).await?)
            }
            (Connection::PostgresWrite(connection), Values::Postgres(values)) => {
                let query = (&mut **connection).$method(sqlx::query_with(text, values));
                Outcome::Postgres(within(wait, query).await?)
            }
            _ => unreachable!("the arguments were made for this connection"),
        }
    }};
}

enum Outcome<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// What PostgreSQL answers, if it does.
pub(crate) async fn answer<T>(
    query: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, DbError> {
    within(ANSWER_WAIT, query).await
}

async fn within<T>(
    wait: Duration,
    query: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, DbError> {
    match tokio::time::timeout(wait, query).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(DbError::Away("it does not answer".to_owned())),
    }
}

impl Statement<'_, '_> {
    /// The value of the next placeholder.
    pub(crate) fn bind(mut self, value: impl Bind) -> Self {
        self.push(value);
        self
    }

    /// [`Statement::bind`] for loops.
    pub(crate) fn push(&mut self, value: impl Bind) {
        if let Ok(values) = &mut self.values {
            let added = match values {
                Values::Sqlite(values) => values.add(value.native()),
                Values::Postgres(values) => values.add(value.native()),
            };
            if let Err(error) = added {
                self.values = Err(sqlx::Error::Encode(error));
            }
        }
    }

    /// For a statement that walks whole tables.
    pub(crate) const fn patient(mut self) -> Self {
        self.wait = PATIENT_WAIT;
        self
    }

    /// Runs it and returns the number of rows it changed.
    pub(crate) async fn run(self) -> Result<u64, DbError> {
        Ok(match run!(self, execute) {
            Outcome::Sqlite(result) => result.rows_affected(),
            Outcome::Postgres(result) => result.rows_affected(),
        })
    }

    pub(crate) async fn rows<T: FromRow>(self) -> Result<Vec<T>, DbError> {
        match run!(self, fetch_all) {
            Outcome::Sqlite(rows) => {
                rows.iter().map(|row| Cells::new(Row::Sqlite(row)).read()).collect()
            }
            Outcome::Postgres(rows) => {
                rows.iter().map(|row| Cells::new(Row::Postgres(row)).read()).collect()
            }
        }
    }

    pub(crate) async fn row<T: FromRow>(self) -> Result<Option<T>, DbError> {
        match run!(self, fetch_optional) {
            Outcome::Sqlite(row) => row.map(|row| Cells::new(Row::Sqlite(&row)).read()).transpose(),
            Outcome::Postgres(row) => {
                row.map(|row| Cells::new(Row::Postgres(&row)).read()).transpose()
            }
        }
    }

    /// The one row of a statement that always has one, such as a count.
    pub(crate) async fn one<T: FromRow>(self) -> Result<T, DbError> {
        self.row().await?.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }
}

#[derive(Clone, Copy)]
enum Row<'r> {
    Sqlite(&'r SqliteRow),
    Postgres(&'r PgRow),
}

/// The columns of a row, read from left to right.
pub(crate) struct Cells<'r> {
    row: Row<'r>,
    next: usize,
}

impl<'r> Cells<'r> {
    fn new(row: Row<'r>) -> Self {
        Self { row, next: 0 }
    }

    fn read<T: FromRow>(mut self) -> Result<T, DbError> {
        T::from_row(&mut self)
    }

    /// The next column.
    pub(crate) fn next<T: Cell>(&mut self) -> Result<T, DbError> {
        let value = match self.row {
            Row::Sqlite(row) => row.try_get::<T::Native, _>(self.next)?,
            Row::Postgres(row) => row.try_get::<T::Native, _>(self.next)?,
        };
        self.next += 1;
        T::read(value).ok_or_else(|| self.corrupt::<T>())
    }

    fn corrupt<T>(&self) -> DbError {
        let column = self.next - 1;
        let column = match self.row {
            Row::Sqlite(row) => row.column(column).name(),
            Row::Postgres(row) => row.column(column).name(),
        };
        DbError::Corrupt { what: format!("`{column}` is no {}", std::any::type_name::<T>()) }
    }
}

/// A type that a column is read into.
pub(crate) trait Cell: Sized {
    type Native: Native;
    /// `None` when the value is none that this program ever writes.
    fn read(value: Self::Native) -> Option<Self>;
}

/// A type that a row, or the next few columns of one, is read into.
pub(crate) trait FromRow: Sized {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError>;
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Cell),+> FromRow for ($($name,)+) {
            fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
                Ok(($(cells.next::<$name>()?,)+))
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);

/// Reads a record whose fields stand in the order of the columns.
macro_rules! record {
    ($record:ident { $($field:ident),+ $(,)? }) => {
        impl crate::sql::FromRow for $record {
            fn from_row(
                cells: &mut crate::sql::Cells<'_>,
            ) -> Result<Self, crate::error::DbError> {
                Ok(Self { $($field: cells.next()?),+ })
            }
        }
    };
}

pub(crate) use record;

/// `head` and `($n, $n+1, ..)` with `count` placeholders, for `IN`.
pub(crate) fn in_list(head: &'static str, first: usize, count: usize) -> AssertSqlSafe<String> {
    let mut text = String::from(head);
    push_placeholders(&mut text, first, count);
    AssertSqlSafe(text)
}

/// Texts, each with a list of as many placeholders behind it, and `tail`.
pub(crate) fn in_lists(
    pieces: &[(&'static str, usize)],
    tail: &'static str,
) -> AssertSqlSafe<String> {
    let (mut text, mut next) = (String::new(), 1);
    for (piece, count) in pieces {
        text.push_str(piece);
        push_placeholders(&mut text, next, *count);
        next += count;
    }
    text.push_str(tail);
    AssertSqlSafe(text)
}

/// `head`, `rows` times `($1, .. $columns)` with counting placeholders, and `tail`, for `VALUES`.
pub(crate) fn rows_list(
    head: &'static str,
    columns: usize,
    rows: usize,
    tail: &'static str,
) -> AssertSqlSafe<String> {
    rows_list_after(head, 1, columns, rows, tail)
}

/// The same, where the numbers before `first` are taken.
pub(crate) fn rows_list_after(
    head: &'static str,
    first: usize,
    columns: usize,
    rows: usize,
    tail: &'static str,
) -> AssertSqlSafe<String> {
    let mut text = String::from(head);
    for row in 0..rows {
        text.push_str(if row == 0 { "" } else { ", " });
        push_placeholders(&mut text, first + row * columns, columns);
    }
    text.push_str(tail);
    AssertSqlSafe(text)
}

/// The pattern of `LIKE .. ESCAPE '!'` for whatever holds `part`, in lower case; empty for an empty part.
pub(crate) fn containing(part: &str) -> String {
    match part {
        "" => String::new(),
        part => format!("%{}%", escaped(&part.to_lowercase())),
    }
}

/// Text for the inside of a `LIKE` pattern with `ESCAPE '!'`.
pub(crate) fn escaped(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    for letter in part.chars() {
        if matches!(letter, '%' | '_' | '!') {
            text.push('!');
        }
        text.push(letter);
    }
    text
}

fn push_placeholders(text: &mut String, first: usize, count: usize) {
    for number in first..first + count {
        text.push_str(if number == first { "($" } else { ", $" });
        text.push_str(&number.to_string());
    }
    text.push(')');
}

/// `items` and then the last one again until there are `count`, so that a few statement texts serve
/// lists of every length and stay prepared.
pub(crate) fn padded<T>(items: &[T], count: usize) -> impl Iterator<Item = &T> {
    items.iter().chain(items.last().into_iter().cycle()).take(count)
}
