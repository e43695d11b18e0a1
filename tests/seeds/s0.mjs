// A client of the first system that Quad replaces ("Real-Time Chat System"), in a process of its own, without packages:
// it speaks the paths and frames of that system's document, quoted beside each step, and nothing else of Quad.
//
//   node --experimental-websocket s0.mjs http://HOST STUDENT_TOKEN ADMIN_TOKEN
//
// The document leaves open how one signs in ("All WebSocket connections require authentication"): the tokens are given.

import assert from "node:assert/strict";

const [base, studentToken, adminToken] = process.argv.slice(2);

const call = async (token, method, path, body) => {
  const answer = await fetch(base + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
};

// Frames as they come, waited for by their type.
const connect = async (token, path) => {
  const socket = new WebSocket(`${base.replace("http", "ws")}${path}?token=${token}`);
  const frames = [];
  let wake = () => {};
  socket.onmessage = ({ data }) => {
    frames.push(JSON.parse(data));
    wake();
  };
  await new Promise((opened, failed) => {
    socket.onopen = opened;
    socket.onerror = failed;
  });
  const until = async (type, wanted = () => true) => {
    for (;;) {
      while (frames.length > 0) {
        const frame = frames.shift();
        if (frame.type === type && wanted(frame)) return frame;
      }
      await new Promise((resolve) => (wake = resolve));
    }
  };
  return { socket, until, send: (frame) => socket.send(JSON.stringify(frame)) };
};

// `POST /api/chat/rooms/create/` - Create new room
const room = await call(studentToken, "POST", "/api/chat/rooms/create/", {});
// `GET /api/chat/rooms/` - List chat rooms
const rooms = await call(adminToken, "GET", "/api/chat/rooms/?user_type=admin&user_id=1");
assert.ok(rooms.rooms.some((row) => row.id === room.id));
// `GET /api/chat/rooms/<id>/` - Get room details
assert.equal((await call(adminToken, "GET", `/api/chat/rooms/${room.id}/`)).id, room.id);

// `ws://localhost:8000/ws/chat/<room_id>/` - Real-time chat connection
const student = await connect(studentToken, `/ws/chat/${room.id}/`);
// { "type": "recent_messages", "messages": [...] }
assert.deepEqual((await student.until("recent_messages")).messages, []);

// { "type": "chat_message", "message": "Hello!", "sender_type": "student", "sender_id": 1, "sender_name": "John Doe" }
student.send({ type: "chat_message", message: "Hello!", sender_type: "student", sender_id: 1, sender_name: "John Doe" });
// { "type": "chat_message", "message": { "id", "content", "sender_type", "sender_name", "timestamp", "is_read" } }
const { message } = await student.until("chat_message");
assert.equal(message.content, "Hello!");
assert.equal(message.sender_type, "student");
assert.equal(message.is_read, false);
assert.ok(Number.isInteger(message.id));
assert.ok(message.sender_name.length > 0);
assert.ok(!Number.isNaN(Date.parse(message.timestamp)));

// `GET /api/chat/notifications/` - Get unread notifications
const news = await call(adminToken, "GET", "/api/chat/notifications/?user_type=admin&user_id=1");
assert.equal(news.total_unread, 1);

// "View History: All previous messages are loaded"
const admin = await connect(adminToken, `/ws/chat/${room.id}/`);
const recent = await admin.until("recent_messages");
assert.deepEqual(recent.messages.map((row) => row.content), ["Hello!"]);

// { "type": "typing", "sender_name": "John Doe", "is_typing": true }
admin.send({ type: "typing", sender_name: "Admin", is_typing: true });
// { "type": "typing_indicator", "sender_name": "Admin", "is_typing": true }
const typing = await student.until("typing_indicator");
assert.equal(typing.is_typing, true);
assert.ok(typing.sender_name.length > 0);

// { "type": "mark_read", "message_ids": [1, 2, 3] }; "Read Receipts: Know when your messages have been read"
admin.send({ type: "mark_read", message_ids: [message.id] });
const reads = (id) => (frame) => frame.message_ids.includes(id);
assert.deepEqual((await student.until("messages_read", reads(message.id))).message_ids, [message.id]);

// { "type": "chat_message", … } from the other side
admin.send({ type: "chat_message", message: "How can I help?", sender_type: "admin", sender_id: 1, sender_name: "Admin" });
const answer = (await student.until("chat_message")).message;
assert.equal(answer.sender_type, "admin");

// `POST /api/chat/mark-read/` - Mark messages as read
await call(studentToken, "POST", "/api/chat/mark-read/", { message_ids: [answer.id] });
assert.deepEqual((await admin.until("messages_read", reads(answer.id))).message_ids, [answer.id]);
const left = await call(studentToken, "GET", "/api/chat/notifications/?user_type=student&user_id=1");
assert.equal(left.total_unread, 0);

student.socket.close();
admin.socket.close();
console.log("s0: done");
