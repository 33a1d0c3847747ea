//! The row of page numbers below a list.

/// Results are not followed further than this many.
const MOST_RESULTS: u64 = 10_000;

#[derive(Clone, Debug)]
pub struct Pager {
    pub current: u64,
    pub last: u64,
    /// The list's path and its other parameters.
    base: String,
    /// What the number is called in the address.
    parameter: &'static str,
}

impl Pager {
    /// `query` is what else was asked for, as `name=value&..`.
    pub fn new(path: &str, query: &str, current: u64, total: u64, size: u32) -> Self {
        let last = total.min(MOST_RESULTS).div_ceil(u64::from(size)).max(1);
        let base = if query.is_empty() { format!("{path}?") } else { format!("{path}?{query}&") };
        Self { current: current.clamp(1, last), last, base, parameter: "page" }
    }

    /// For the second list of a page, whose number has a name of its own.
    pub fn by(self, parameter: &'static str) -> Self {
        Self { parameter, ..self }
    }

    pub fn href(&self, number: impl std::borrow::Borrow<u64>) -> String {
        format!("{}{}={}", self.base, self.parameter, number.borrow())
    }

    /// The first, the last and the neighbours; nothing where some are left out.
    pub fn steps(&self) -> Vec<Option<u64>> {
        let near = self.current.saturating_sub(2)..=self.current.saturating_add(2);
        let mut steps = Vec::new();
        let mut previous = 0;
        for number in (1..=self.last).filter(|it| *it == 1 || *it == self.last || near.contains(it))
        {
            if number > previous + 1 {
                steps.push(None);
            }
            steps.push(Some(number));
            previous = number;
        }
        steps
    }
}

/// The number of the page that is asked for, from 1; what is no number is the first.
pub fn number(text: &str) -> u64 {
    text.parse().unwrap_or(1).clamp(1, MOST_RESULTS)
}

#[cfg(test)]
mod tests {
    use super::Pager;

    #[test]
    fn far_pages_are_left_out() {
        let pager = Pager::new("/search", "q=a", 5, 200, 20);

        let expected = [Some(1), None, Some(3), Some(4), Some(5), Some(6), Some(7), None, Some(10)];
        assert_eq!(pager.steps(), expected);
        assert_eq!(pager.href(6), "/search?q=a&page=6");
    }

    #[test]
    fn a_page_beyond_the_last_is_the_last() {
        let pager = Pager::new("/search", "", 99, 21, 20);

        assert_eq!((pager.current, pager.last), (2, 2));
        assert_eq!(pager.href(1), "/search?page=1");
    }
}
