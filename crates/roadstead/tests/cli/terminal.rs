//! What a person at a terminal sees; `script` (util-linux) gives the program a terminal.

use std::process::Stdio;
use std::time::Duration;

use roadstead_testkit::{Hub, Tool, Tools, image};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::desk::Machine;

/// A program on a terminal, and somebody who reads and types.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    fn run(machine: &Machine, line: &str) -> Self {
        assert!(Tools::find("script").is_some(), "`script` of util-linux is needed");
        let program = Tool::roadstead_path();
        let command = format!("stty cols 120; exec {} {line}", program.display());
        let mut script = Command::new("script");
        script.args(["-qefc", &command, "/dev/null"]).envs(machine.environment());
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = script.spawn().unwrap();
        let (keys, screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, keys, screen, seen: String::new() }
    }

    /// Waits for a question at the end of what is seen, and answers it.
    async fn answer(&mut self, question: &str, answer: &str) {
        let asked = tokio::time::timeout(Duration::from_secs(60), async {
            while !self.seen.ends_with(question) && self.read().await > 0 {}
        });
        let _ = asked.await;
        assert!(self.seen.ends_with(question), "`{question}` was not asked:\n{}", self.seen);
        // What is typed before the echo is off is thrown away, as by any password prompt.
        tokio::time::sleep(Duration::from_millis(400)).await;
        self.keys.write_all(format!("{answer}\n").as_bytes()).await.unwrap();
    }

    /// Reads to the end; returns everything seen and the exit code.
    async fn end(mut self) -> (String, Option<i32>) {
        while self.read().await > 0 {}
        let status = self.child.wait().await.unwrap();
        (self.seen.replace('\r', ""), status.code())
    }

    async fn read(&mut self) -> usize {
        let mut buffer = [0; 4096];
        let read = self.screen.read(&mut buffer).await.unwrap_or(0);
        self.seen += &String::from_utf8_lossy(&buffer[..read]);
        read
    }
}

#[tokio::test]
async fn login_offers_an_account_when_the_name_is_free() {
    let hub = Hub::with().args(["--sign-up", "open"]).start().await;
    hub.admin_user("root-of-hub").await;
    let machine = Machine::new();
    let line = format!("login {}", hub.address());
    let question =
        format!("There is no account `dora` at {} yet. Create it? [y/N] ", hub.address());

    let mut terminal = Terminal::run(&machine, &line);
    terminal.answer("Username: ", "dora").await;
    terminal.answer(&question, "y").await;
    terminal.answer("E-mail: ", "dora@example.test").await;
    terminal.answer("Password: ", "a good password").await;
    terminal.answer("Password again: ", "another").await;
    terminal.answer("Password: ", "a good password").await;
    terminal.answer("Password again: ", "a good password").await;
    let (seen, code) = terminal.end().await;

    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("These are not the same.\n"), "{seen}");
    assert!(seen.ends_with("The account `dora` was created.\nLogin Succeeded\n"), "{seen}");
    assert!(!seen.contains("good password"), "{seen}");
    hub.anonymous().with_basic("dora", "a good password").get("/v2/").await.is(200);
}

#[tokio::test]
async fn a_table_is_for_people_and_tabs_are_for_pipes() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().file("a", "a").build(), &["1.0"]).await;
    let machine = Machine::of(&hub, &alice).await;
    machine
        .tool("token create ci --scope repo:read --password-stdin")
        .input(alice.password.clone())
        .run()
        .await
        .succeeds();

    let mut terminal = Terminal::run(&machine, "token ls");
    terminal.answer("Password: ", &alice.password).await;
    let (seen, _) = terminal.end().await;
    let piped = machine.tool("token ls --password-stdin").input(alice.password.clone()).run().await;

    let head = "LABEL  SCOPE      ACTIVE  EXPIRES  LAST USED\n";
    assert!(seen.contains(head) && seen.contains("  ci     repo:read  yes     never"), "{seen}");
    let line = piped.succeeds().stdout;
    let cells: Vec<&str> = line.trim_end().split('\t').collect();
    assert_eq!(cells[1..], ["ci", "repo:read", "yes", "never", "never"]);
}

#[tokio::test]
async fn a_repository_is_deleted_by_typing_its_name() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().file("a", "a").build(), &["1"]).await;
    let machine = Machine::of(&hub, &alice).await;

    let piped = machine.run("repo rm alice/app").await.exits(2);
    assert_eq!(piped.stderr, "error: there is no terminal to ask on; give --yes\n");
    let rm = async |typed: &str| {
        let mut terminal = Terminal::run(&machine, "repo rm alice/app");
        terminal.answer("Type `alice/app` to go on: ", typed).await;
        terminal.end().await
    };
    let (seen, code) = rm("alice/ap").await;
    assert!(code == Some(1) && seen.ends_with("error: nothing was changed\n"), "{seen}");
    alice.repo("alice/app").manifest("1").await.is(200);
    let (seen, code) = rm("alice/app").await;

    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("This deletes alice/app with all its tags.\n"), "{seen}");
    assert!(seen.ends_with("alice/app was deleted\n"), "{seen}");
    alice.repo("alice/app").manifest("1").await.is(404);
}

#[tokio::test]
async fn login_asks_for_a_code_where_there_is_a_second_factor() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let codes = alice.turn_on_second_factor().await.recovery_codes;
    let machine = Machine::new();

    let refused = machine.login(&hub, "alice", &alice.password).await.exits(4);
    refused.says("use an access token in its place");
    let mut terminal = Terminal::run(&machine, &format!("login {} -u alice", hub.address()));
    terminal.answer("Password: ", &alice.password).await;
    terminal.answer("Code of your authenticator, or a recovery code: ", &codes[0]).await;
    let (seen, code) = terminal.end().await;

    assert!(code == Some(0) && seen.ends_with("Login Succeeded\n"), "{seen}");
    machine.run("repo create alice/app").await.succeeds();
    let mut terminal = Terminal::run(&machine, "token create ci --scope repo:read");
    terminal.answer("Password: ", &alice.password).await;
    terminal.answer("Code of your authenticator, or a recovery code: ", &codes[1]).await;
    let (seen, code) = terminal.end().await;
    assert!(code == Some(0) && seen.contains("rsd_pat_"), "{seen}");
}
