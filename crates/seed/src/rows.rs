//! Tables, and rows on their way into them.

#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
}

#[derive(Clone, Debug)]
pub enum Cell {
    Null,
    Integer(i64),
    Boolean(bool),
    Text(String),
    Bytes(Vec<u8>),
}

pub type Row = Vec<Cell>;

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Self::Integer(value.cast_signed())
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&[u8]> for Cell {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! row {
    ($($cell:expr),+ $(,)?) => { vec![$(crate::rows::Cell::from($cell)),+] };
}
pub(crate) use row;

/// Rows that are written together, in the order in which their tables came first.
#[derive(Debug, Default)]
pub struct Batch(pub Vec<(&'static Table, Vec<Row>)>);

impl Batch {
    pub fn add(&mut self, table: &'static Table, row: Row) {
        let known = self.0.iter().position(|(known, _)| known.name == table.name);
        let at = known.unwrap_or_else(|| {
            self.0.push((table, Vec::new()));
            self.0.len() - 1
        });
        self.0[at].1.push(row);
    }
}
