//! Sockets that come and go by the thousand leave nothing behind.

use std::{fs, path::Path};

use quad::protocol::Event;
use tokio::task::JoinSet;

use crate::{
    app::{Person, TestApp},
    in_time,
    process::Process,
};

const PEOPLE: usize = 20;
const ROUNDS: usize = 3;
/// Sockets of one person in one round, one after the other.
const EACH: usize = 60;
/// What may be more after the last round than after the first: the allocator keeps some.
const MIB_MORE: usize = 24;

fn open_files(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/fd")).unwrap().count()
}

fn resident_mib(id: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.unwrap().split_whitespace().nth(1).unwrap();
    kib.parse::<usize>().unwrap() / 1024
}

/// Comes, is greeted, goes: every other time without a word.
async fn comes_and_goes(person: Person) {
    for n in 0..EACH {
        let mut socket = person.connects().await.0;
        if n % 2 == 0 {
            socket.all_until_pong().await;
            socket.stream.close(None).await.unwrap();
            while let Ok(event) = socket.next_or_end().await {
                assert!(!matches!(event, Event::Error(_)), "{event:?}");
            }
        }
    }
}

async fn a_round(people: &[Person]) {
    let mut coming = JoinSet::new();
    for person in people {
        coming.spawn(comes_and_goes(person.again()));
    }
    coming.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_sockets_that_came_and_went_leave_nothing_behind() {
    in_time(async {
        let school = TestApp::on_sqlite().await;
        let mut people = Vec::new();
        for n in 0..PEOPLE {
            people.push(school.student(&format!("student{n}")).await);
        }
        school.services.close().await;
        let folder: &Path = school.folder();
        let process = Process::start(folder, &[]);
        let people: Vec<_> = people
            .iter()
            .map(|person| person.at_address(process.addr))
            .collect();
        let files = open_files(process.id());
        a_round(&people).await;
        let mib = resident_mib(process.id());
        for _ in 1..ROUNDS {
            a_round(&people).await;
        }
        // The last ones are still being let go.
        while open_files(process.id()) > files + PEOPLE / 2 {
            tokio::task::yield_now().await;
        }
        let more = resident_mib(process.id()).saturating_sub(mib);
        assert!(more <= MIB_MORE, "{more} MiB more than {mib}");
        assert!(process.stop().success());
    })
    .await;
}
