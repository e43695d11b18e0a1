//! What the program writes to its log, at its most talkative.

use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, in_time, tries_socket_with},
    process::{Process, add_user},
    rest::Program,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_token_or_ticket_reaches_the_log() {
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        add_user(folder.path(), "ana", "student");
        let process = Process::start(folder.path(), &[("QUAD_LOG", "trace")]);
        let addr = process.addr;
        let mut program = Program::at(addr);
        let body = json!({ "username": "ana", "password": PASSWORD });
        let pair: Value = program
            .posts("/api/auth/token/", &body)
            .await
            .json()
            .await
            .unwrap();
        program.access = pair["access"].as_str().unwrap().to_owned();
        program.refresh = pair["refresh"].as_str().unwrap().to_owned();
        let former = program.clone();
        assert_eq!(program.refreshes().await, 200);
        let ticket = program.ticket().await;
        let header = [("authorization", format!("Bearer {}", program.access))];
        for (query, headers) in [
            (format!("?token={}", program.access), &[][..]),
            (format!("?ticket={ticket}"), &[][..]),
            (String::new(), &header[..]),
        ] {
            let mut socket = tries_socket_with(addr, &query, headers).await.unwrap();
            socket.all_until_pong().await;
        }
        // Refused ones are as secret.
        for query in [
            format!("?ticket={ticket}"),
            format!("?token={}", former.refresh),
        ] {
            assert!(tries_socket_with(addr, &query, &[]).await.is_err());
        }
        let log = process.log();
        assert!(log.lines().count() > 10, "{log}");
        assert!(!log.contains(PASSWORD));
        let secrets = [
            &former.access,
            &former.refresh,
            &program.access,
            &program.refresh,
            &ticket,
        ];
        for secret in secrets {
            // Not a part of it either: the last third is a token's signature.
            let part = &secret[secret.len() * 2 / 3..];
            assert!(!log.contains(part), "{secret} is in the log");
        }
    })
    .await;
}
