//! The longer texts of `--help`.

use crate::server::settings::report;

pub(super) const ABOUT: &str = "\
Chat for schools and course platforms, in one program that you host yourself.

Students write to the school's support desk and to their courses; staff answer from one list. Quad keeps everything in \
one database: SQLite, which needs no setting up, or PostgreSQL.";

pub(super) const CONFIG: &str = "\
The settings file, as the variable QUAD_CONFIG names it [default: Leptos.toml, where it exists]";

pub(super) const SERVE: &str = "\
Run the server until it is told to stop.

The database is opened, and brought up to date, before the first request is taken. On SIGTERM or Ctrl-C no new \
connection is taken, and what is under way ends first.";

pub(super) const DEMO: &str = "\
Fill the database with accounts and conversations to try Quad out.

Six accounts (three students, a teacher, an agent, an admin) and three support conversations over the last two weeks. \
Running it again adds only what is missing.

FOR TRYING OUT ONLY: the accounts have a password that everybody knows, and one of them is an admin. Do not run it on a \
server that others can reach. It refuses where there are other accounts, unless --force is given.";

pub(super) const USER_ADD: &str = "\
Add an account, with its password on standard input: one line of at least 8 characters and at most 1024 bytes.

The server may be running meanwhile.

Examples:
  quad user add --username sofia --name \"Sofia Marques\" --role admin --password-stdin < password.txt
  pass show quad/ana | quad user add --username ana --name \"Ana Petrović\" --role student \\
      --language de --time-zone Europe/Belgrade --password-stdin";

pub(super) const SETTINGS_CHECK: &str = "\
Show every setting, its value and where it is from, and what is wrong with it.

Passwords are hidden. The status is 1 where a setting must be corrected, so that a deployment can ask first.";

const EXAMPLES: &str = "\
Examples:
  quad serve                             the server, on http://127.0.0.1:3000
  QUAD_ADDR=0.0.0.0:8080 quad serve      the same, for the whole network
  quad demo && quad serve                something to look at first
  quad settings check                    what would hold, and why";

const EXIT: &str = "\
Exit status:
  0  done
  1  it could not be done; standard error says why
  2  the command line was not understood";

/// Examples, variables and exit statuses, as they stand below the options.
pub(super) fn after() -> String {
    let variables = report::variables();
    format!(
        "{EXAMPLES}\n\nVariables (they go before the settings file, which goes before the defaults):\n\
         {variables}  QUAD_CONFIG\n      The settings file, unless --config names it.\n\n{EXIT}"
    )
}
