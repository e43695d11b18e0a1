//! The command line: what `quad` understands, and which settings and services a command gets.
//!
//! Answers go to standard output, the log and what went wrong to standard error. To add a command: a variant of
//! `Command` with its help, and a line in [`run`]; its body stands in a file of its own.
//!
//! Must not know: SQL, axum.

mod backup;
mod course;
mod failure;
mod help;
mod load;
mod password;
mod people;
mod user;

use std::{io::Write, path::PathBuf};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use tokio::runtime::{Builder, Runtime};

pub use self::failure::Failure;
use super::{
    demo,
    service::Services,
    settings::{Settings, Source, report},
    telemetry,
};

/// Chat for schools and course platforms, in one program that you host yourself.
#[derive(Debug, Parser)]
#[command(name = "quad", version, long_about = help::ABOUT)]
struct Cli {
    /// The settings file [default: Leptos.toml, where it exists]
    #[arg(long, global = true, value_name = "FILE", long_help = help::CONFIG)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server until it is told to stop (also without any command)
    #[command(long_about = help::SERVE)]
    Serve,
    /// Fill the database with accounts and conversations to try Quad out
    #[command(long_about = help::DEMO)]
    Demo(Demo),
    /// Write the whole database into one file, also while the server runs
    #[command(long_about = help::BACKUP)]
    Backup(backup::Backup),
    /// Put a backup in the place of the database
    #[command(long_about = help::RESTORE)]
    Restore(backup::Restore),
    /// Measure how much a server carries on this machine
    #[command(long_about = help::LOAD)]
    Load(load::Load),
    /// Manage accounts
    #[command(subcommand)]
    User(User),
    /// Manage courses
    #[command(subcommand)]
    Course(Course),
    /// Look at the settings
    #[command(subcommand)]
    Settings(SettingsCommand),
}

#[derive(Debug, Args)]
struct Demo {
    /// Go on although there are accounts that are not the demo's
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Subcommand)]
enum User {
    /// Add an account, with its password on standard input
    #[command(long_about = help::USER_ADD)]
    Add(user::Add),
    #[command(flatten)]
    Keep(people::Keep),
}

#[derive(Debug, Subcommand)]
enum Course {
    /// Bring in courses, who teaches and who learns, from a CSV file
    #[command(long_about = help::COURSE_IMPORT)]
    Import(course::Import),
}

#[derive(Debug, Subcommand)]
enum SettingsCommand {
    /// Show every setting, its value and where it is from, and what is wrong with it
    #[command(long_about = help::SETTINGS_CHECK)]
    Check,
}

/// Does what the command line asks. Misuse ends the process with status 2, as `--help` does with 0.
///
/// Errors: what the person at the terminal must know; nothing was said yet.
pub fn run() -> Result<(), Failure> {
    let cli = parse();
    let source = Source::with_config(cli.config);
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(&source),
        Command::Demo(Demo { force }) => {
            let settings = start(&source)?;
            one_thread()?.block_on(with_services(&settings, async |services| {
                say(&demo::fill(services, force).await?.to_string())
            }))
        }
        Command::Backup(backup) => {
            let settings = start(&source)?;
            say(&one_thread()?.block_on(backup.run(&settings))?)
        }
        Command::Restore(restore) => {
            let settings = start(&source)?;
            say(&one_thread()?.block_on(restore.run(&settings))?)
        }
        Command::Load(load) => load.run(),
        Command::User(User::Add(add)) => {
            let settings = start(&source)?;
            let new = add.read(&settings.school, std::io::stdin().lock())?;
            one_thread()?.block_on(with_services(&settings, async |services| {
                say(&user::add(services, new).await?)
            }))
        }
        Command::User(User::Keep(keep)) => {
            let settings = start(&source)?;
            one_thread()?.block_on(with_services(&settings, async |services| {
                say(&keep.run(services).await?)
            }))
        }
        Command::Course(Course::Import(import)) => {
            let settings = start(&source)?;
            let lines = import.read()?;
            one_thread()?.block_on(with_services(&settings, async |services| {
                say(&import.bring_in(services, &lines).await?)
            }))
        }
        Command::Settings(SettingsCommand::Check) => {
            say(&report::report(&source))?;
            Settings::load(&source)?;
            say("\nAll settings are valid.\n")
        }
    }
}

fn parse() -> Cli {
    let command = Cli::command().after_long_help(help::after());
    Cli::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

fn serve(source: &Source) -> Result<(), Failure> {
    let settings = start(source)?;
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    Ok(runtime.block_on(super::run(settings))?)
}

fn start(source: &Source) -> Result<Settings, Failure> {
    let settings = Settings::load(source)?;
    telemetry::init(&settings.log);
    Ok(settings)
}

fn one_thread() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Opens the services, lets `work` use them, and closes them whatever came of it.
async fn with_services(
    settings: &Settings,
    work: impl AsyncFnOnce(&Services) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let services = Services::open(settings).await?;
    let done = work(&services).await;
    services.close().await;
    done
}

/// Writes to standard output. A reader that has gone, as `head` does, is no failure.
fn say(text: &str) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_quad_serves() {
        assert!(Cli::try_parse_from(["quad"]).unwrap().command.is_none());
        let cli = Cli::try_parse_from(["quad", "serve", "--config", "a.toml"]).unwrap();
        assert!(matches!(cli.command, Some(Command::Serve)));
        assert_eq!(cli.config, Some(PathBuf::from("a.toml")));
    }

    #[test]
    fn the_long_help_names_every_variable() {
        let help = Cli::command()
            .after_long_help(help::after())
            .render_long_help()
            .to_string();
        for setting in super::super::settings::table::ALL {
            assert!(help.contains(setting.env), "{}", setting.env);
        }
    }
}
