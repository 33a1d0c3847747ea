//! Questions to a person. They are asked on a terminal only; elsewhere the command says which
//! option answers them.

use std::io::{IsTerminal, Read, Write};

use anyhow::{Context, bail};
use console::Term;
use roadstead_types::Secret;

use super::Failure;

/// Longest password that is read; more is surely the wrong file.
const PASSWORD_BYTES: u64 = 4096;

/// Whether somebody is there to answer.
pub fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for a line. `option` is what a script would give instead.
pub fn line(question: &str, option: &str) -> Result<String, Failure> {
    needs_person(option)?;
    prompt(question)?;
    let answer = Term::stderr().read_line().context("the terminal cannot be read")?;
    Ok(answer.trim().to_owned())
}

/// Asks for a secret, which is not shown.
pub fn secret(question: &str, option: &str) -> Result<Secret, Failure> {
    needs_person(option)?;
    prompt(question)?;
    let answer = Term::stderr().read_secure_line().context("the terminal cannot be read")?;
    Ok(Secret::new(answer))
}

/// Asks for a new password, twice.
pub fn new_password() -> Result<Secret, Failure> {
    let option = "--password-stdin";
    loop {
        let first = secret("Password: ", option)?;
        if secret("Password again: ", option)? == first {
            return Ok(first);
        }
        eprintln!("These are not the same.");
    }
}

/// A question that no answer means no to.
pub fn yes(question: &str) -> Result<bool, Failure> {
    let answer = line(&format!("{question} [y/N] "), "--yes")?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// Goes on only after a yes, or with `--yes`.
pub fn confirm(question: &str, said_yes: bool) -> Result<(), Failure> {
    if said_yes || yes(question)? {
        return Ok(());
    }
    Err(Failure::Failed(anyhow::anyhow!("nothing was changed")))
}

/// For what cannot be taken back easily: the name has to be typed.
pub fn confirm_by_name(warning: &str, name: &str, said_yes: bool) -> Result<(), Failure> {
    if said_yes {
        return Ok(());
    }
    needs_person("--yes")?;
    eprintln!("{warning}");
    if line(&format!("Type `{name}` to go on: "), "--yes")? == name {
        return Ok(());
    }
    Err(Failure::Failed(anyhow::anyhow!("nothing was changed")))
}

/// A password never stands on a command line, where every user of the machine could read it.
pub fn read_password(from_stdin: bool) -> Result<Secret, Failure> {
    if !from_stdin {
        let text = "give the password on standard input, with --password-stdin";
        return Err(Failure::Usage(text.to_owned()));
    }
    read_line().map(Secret::new).map_err(Failure::Failed)
}

/// A password from standard input or, on a terminal, asked for.
pub fn password(from_stdin: bool) -> Result<Secret, Failure> {
    match from_stdin {
        true => read_password(true),
        false => secret("Password: ", "--password-stdin"),
    }
}

fn read_line() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(PASSWORD_BYTES)
        .read_to_string(&mut text)
        .context("the password cannot be read from standard input")?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.contains('\n') {
        bail!("standard input has more than one line; a password is one line");
    }
    Ok(password.to_owned())
}

fn needs_person(option: &str) -> Result<(), Failure> {
    match is_interactive() {
        true => Ok(()),
        false => Err(Failure::Usage(format!("there is no terminal to ask on; give {option}"))),
    }
}

/// On standard error: standard output is for results.
fn prompt(question: &str) -> Result<(), Failure> {
    eprint!("{question}");
    std::io::stderr().flush().context("the terminal cannot be written")?;
    Ok(())
}
