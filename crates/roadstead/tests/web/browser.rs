//! Somebody with a browser: a cookie that is kept, and forms sent with the mark of their page.

use roadstead_testkit::{Answer, Client, Hub, User};

pub struct Browser {
    nobody: Client,
    cookie: String,
    mark: String,
}

impl Browser {
    pub async fn sign_in(hub: &Hub, user: &User) -> Self {
        let fields = [("username", user.name.as_str()), ("password", user.password.as_str())];
        let answer = hub.anonymous().post("/signin").form(&fields).await.is(303);
        Self::with(hub, &answer).await
    }

    /// With the session that an answer gave.
    pub async fn with(hub: &Hub, answer: &Answer) -> Self {
        let nobody = hub.anonymous();
        let mut browser = Self { nobody, cookie: String::new(), mark: String::new() };
        browser.keep(answer).await;
        browser
    }

    /// Goes on with the session that an answer gave.
    pub async fn keep(&mut self, answer: &Answer) {
        let cookies = answer.header("set-cookie");
        let (_, rest) = cookies.split_once("session=").expect("a session in a cookie");
        self.cookie = format!("session={}", rest.split(';').next().unwrap());
        self.mark = value_of(&self.get("/docs").await.is(200).text(), "mark");
    }

    /// As htmx asks for a part of a page.
    pub async fn get_part(&self, path: &str) -> Answer {
        let ask = self.nobody.get(path).header("cookie", self.cookie.as_str());
        ask.header("hx-request", "true").await
    }

    /// As htmx sends a form.
    pub async fn send_part(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().copied().chain([("mark", self.mark.as_str())]).collect();
        let ask = self.nobody.post(path).form(&fields).header("cookie", self.cookie.as_str());
        ask.header("hx-request", "true").await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.nobody.get(path).header("cookie", self.cookie.as_str()).await
    }

    /// Sends a form with the mark that the pages of this session carry.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().copied().chain([("mark", self.mark.as_str())]).collect();
        self.send_unmarked(path, &fields).await
    }

    pub async fn send_unmarked(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.nobody.post(path).form(fields).header("cookie", self.cookie.as_str()).await
    }
}

/// What a hidden field of a page holds.
pub fn value_of(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}
