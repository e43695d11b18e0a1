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

306 accounts (300 students, three teachers, two agents, an admin) and 30 support conversations with some 2,500 messages \
over the last weeks, in several languages: open, pending and resolved ones, some unread, some waiting; and four courses \
with a room each, the largest of 300 students, one for questions to the teacher. It takes a few seconds. Running it again adds only what is missing.

FOR TRYING OUT ONLY: the accounts have a password that everybody knows, and one of them is an admin. Do not run it on a \
server that others can reach. It refuses where there are other accounts, unless --force is given.";

pub(super) const BACKUP: &str = "\
Write the whole database into FILE, also while the server runs and people write.

Everything that was acknowledged before the backup began is in it. FILE gets its name only once it is complete, \
checked and on the disk; until then it is called .quad-….part in the same folder. It holds password hashes and \
everybody's messages: keep it as you keep the database.

With SQLite, FILE is an SQLite database. With PostgreSQL it is a dump in the custom format of pg_dump, which has to be \
on PATH (Debian: sudo apt-get install postgresql-client).

Not in it: the secrets in the data folder (new ones are made at the next start; who uses tokens signs in again).

Examples:
  quad backup /backups/quad-$(date +%F).backup
  QUAD_DATABASE_URL=postgres://quad@db/quad quad backup quad.backup --force";

pub(super) const RESTORE: &str = "\
Put what FILE holds in the place of the database, as the settings name it.

Stop every server of this database first; it is refused as long as one has it open. FILE is checked before anything is \
touched: that it is whole, and of a version of Quad that this one knows. Then everything is replaced at once, or \
nothing. A database that holds accounts already is only replaced with --force; make a backup of it before.

Clients that come back are told to start afresh, since they may know messages that the backup does not have. Sessions \
are as they were: who has signed out since then is signed in again where the browser has kept its cookie.

Examples:
  quad restore /backups/quad-2026-03-01.backup
  QUAD_DATA_DIR=/tmp/trial quad restore quad.backup     look into a backup beside the real server";

pub(super) const LOAD: &str = "\
Measure how much a server carries on this machine.

A server of its own is started on a temporary database, with the message limit off, and clients connect to it by \
WebSocket, each with an account and a session of its own. Neither the settings nor the database of this installation \
are touched. Clients and server share the machine: leave it alone meanwhile, run everything twice, and compare \
figures of different runs only by their calibration.

Scenarios:
  big-room     one room that everybody reads; what one message to many costs
  pairs        many rooms that few read; what many messages cost. One transaction carries many of them
  closed-loop  one sender that waits for each acknowledgement; what one message takes where nobody else is
  idle         sockets on which nothing happens; what they take of memory and time
  restart      SIGTERM and a new start under a big room; how long until everybody is back and has everything

A room is a student's support room, and its other members are agents, each of whom \
reads every room.

Messages are due at fixed times, whatever became of those before, and every latency counts from that time: a server \
that stalls cannot hide it by making its clients wait. Clients look at their clocks every millisecond, which adds up \
to that to each latency, except in closed-loop. Rates are raised step by step, up to the first that is too much.

Figures:
  Machine      4 KiB written and synced by fdatasync, one after the other, in the folder of the database; 128 bytes \
over loopback TCP and back
  Connected    from the first packet to hello: TCP, authentication, the list of rooms
  Memory       the server's resident memory; with SQLite its caches grow during a run
  offered      messages a second that came due; acked/s: those of them that were acknowledged in that time, each \
after its commit was synced
  deliv./s     messages a second that reached a reader in that time
  ack, deliv.  milliseconds from the time due to the acknowledgement, and to each reader
  µs/deliv.    the server's CPU time for the step, divided by its deliveries
  cores        the server's CPU time a second; clients: the clients'. Where both together come near the machine's \
cores, it is the machine that is measured

Every reader checks that each room's seq comes densely and once; one of them compares the keys of all messages with \
those acknowledged. Where anything is lost or doubled, the status is 1.

Examples:
  quad load big-room --members 1000 --rate 50,100,200,400 --json big-room.json
  quad load pairs --rooms 100 --members 10 --rate 500,1000,2000,5000
  quad load closed-loop
  quad load idle --sockets 5000
  quad load restart --clients 1000
  quad load pairs --database-url postgres://quad@localhost/quad_load";

pub(super) const USER_ADD: &str = "\
Add an account, with its password on standard input: one line of at least 8 characters and at most 1024 bytes.

The server may be running meanwhile.

Examples:
  quad user add --username sofia --name \"Sofia Marques\" --role admin --password-stdin < password.txt
  pass show quad/ana | quad user add --username ana --name \"Ana Petrović\" --role student \\
      --language de --time-zone Europe/Belgrade --password-stdin";

pub(super) const USER_RESET: &str = "\
Make a link by which somebody chooses another password: once, within 72 hours. Links made before hold no more. The \
present password holds until another one is chosen; then all sessions of the account end.

Examples:
  quad user reset ana";

pub(super) const USER_IMPORT: &str = "\
Add the people of a CSV file: all of them, or nobody.

The first line names the columns, in any order: username, name and role (student, teacher, agent or admin), and where \
they are wanted email, courses (codes with ; between them) and password_hash (argon2, as a PHC string). Who has no \
password_hash gets a link by which they choose a password, once, within 72 hours; the links are printed after the import.

Everything is checked first, and every mistake is told by its line. The server may be running meanwhile.

Examples:
  quad user import people.csv > links.txt";

pub(super) const COURSE_IMPORT: &str = "\
Bring in courses, who teaches and who learns, from a CSV file in UTF-8.

The first line names the columns, in any order; others are passed over. Each further line is a course:
  code      what the school calls it for short, such as MA-101; in whatever case it is one course
  title     what it is called
  teachers  sign-in names with ; between them, of accounts that are no students'
  students  sign-in names with ; between them

Who is not on a course's line is not in it any more. Its rooms follow at once: students are members, teachers are \
hosts, and who is gone sees nothing of them. Courses that are not in the file stay as they are. The same file again \
changes nothing.

Every line that is wrong is told by its number, and then nothing is changed at all. The server may be running \
meanwhile.

Examples:
  quad course import courses.csv

  code,title,teachers,students
  MA-101,Linear algebra,okafor,ana;kofi;mei
  HI-2,\"Europe, 1789 to 1848\",okafor;ingrid,ana;yusuf";

pub(super) const SETTINGS_CHECK: &str = "\
Show every setting, its value and where it is from, and what is wrong with it.

Passwords are hidden. The status is 1 where a setting must be corrected, so that a deployment can ask first.";

const EXAMPLES: &str = "\
Examples:
  quad serve                             the server, on http://127.0.0.1:3000
  QUAD_ADDR=0.0.0.0:8080 quad serve      the same, for the whole network
  quad demo && quad serve                something to look at first
  quad backup quad.backup                everything in one file, while the server runs
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
