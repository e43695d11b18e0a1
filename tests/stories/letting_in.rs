//! Asking, deciding and keeping order by commands of the native socket.

use quad::{
    model::{JoinRequest, Role, RoomDraft, RoomKind, UserId, WireError},
    protocol::{Command, Event},
};

use crate::{
    app::{Socket, TestApp},
    on_both_databases,
};

impl Socket {
    async fn request(&mut self) -> JoinRequest {
        let change = self.until(|event| match event {
            Event::JoinRequest(change) => Some(change),
            _ => None,
        });
        change.await.request
    }

    async fn denial(&mut self) -> JoinRequest {
        let change = self.until(|event| match event {
            Event::JoinDenied(change) => Some(change),
            _ => None,
        });
        change.await.request
    }

    async fn refusal(&mut self) -> WireError {
        let error = self.until(|event| match event {
            Event::Error(error) => Some(error.error),
            _ => None,
        });
        error.await
    }

    async fn comer(&mut self) -> (bool, UserId) {
        self.until(|event| match event {
            Event::MemberJoined(change) => Some((true, change.member.user.id)),
            Event::MemberLeft(change) => Some((false, change.member.user.id)),
            _ => None,
        })
        .await
    }
}

async fn who_asks_is_let_in_and_put_out_over_the_socket(app: TestApp) {
    let tom = app.person("tom", Role::Teacher).await;
    let draft = RoomDraft {
        is_listed: true,
        ..RoomDraft::new(RoomKind::Private, "Board")
    };
    let room_id = tom.creates_as(draft).await;
    let (mut host, _) = tom.connects().await;
    let ana = app.student("ana").await;
    let (mut phone, hello) = ana.connects().await;
    let ask = |note: &str| Command::JoinRequest {
        room_id,
        note: note.to_owned(),
    };
    phone.sends(&ask("Please")).await;
    let asked = host.request().await;
    assert_eq!(
        (asked.user.id, asked.note.as_str()),
        (hello.user.id, "Please")
    );
    phone.sends(&ask("Please!")).await;
    assert_eq!(phone.refusal().await, WireError::AlreadyExists);

    let request_id = asked.id;
    let deny = Command::DenyJoin {
        room_id,
        request_id,
    };
    phone.sends(&deny).await;
    assert_eq!(phone.refusal().await, WireError::NotFound, "not yet inside");
    host.sends(&deny).await;
    assert_eq!(phone.denial().await.id, request_id);
    let approve = Command::ApproveJoin {
        room_id,
        request_id,
    };
    host.sends(&approve).await;
    assert_eq!(host.refusal().await, WireError::Conflict);

    phone.sends(&ask("")).await;
    let request_id = host.request().await.id;
    host.sends(&Command::ApproveJoin {
        room_id,
        request_id,
    })
    .await;
    assert_eq!(host.comer().await, (true, hello.user.id));
    let kick = Command::KickUser {
        room_id,
        user_id: hello.user.id,
    };
    phone.sends(&kick).await;
    assert_eq!(phone.refusal().await, WireError::Forbidden);
    host.sends(&kick).await;
    assert_eq!(host.comer().await, (false, hello.user.id));
    let removed = phone.until(|event| match event {
        Event::RoomRemoved { room_id, .. } => Some(room_id),
        _ => None,
    });
    assert_eq!(removed.await, room_id);
}

on_both_databases!(who_asks_is_let_in_and_put_out_over_the_socket);
