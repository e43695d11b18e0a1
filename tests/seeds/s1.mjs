// A client of the second system that Quad replaces ("Contact Us" chat), in a process of its own, without packages: it
// polls the paths of that system's document, quoted beside each step, and knows nothing else of Quad.
//
//   node s1.mjs http://HOST USER_TOKEN ADMIN_TOKEN

import assert from "node:assert/strict";

const [base, userToken, adminToken] = process.argv.slice(2);

// headers: { 'Authorization': 'Bearer your-jwt-token', 'Content-Type': 'application/json' }
const call = async (token, method, path, body) => {
  const response = await fetch(base + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, data: await response.json() };
};
const ok = async (...what) => {
  const { status, data } = await call(...what);
  assert.ok(status < 300, `${what.slice(1, 3)}: ${status}`);
  return data;
};

// "JWT authentication required for all endpoints"
assert.equal((await call("your-jwt-token", "GET", "/api/chat/conversations/")).status, 401);

// POST /api/chat/conversation/   # Create new conversation
const made = await call(userToken, "POST", "/api/chat/conversation/");
assert.equal(made.status, 201);
// GET  /api/chat/conversation/   # Get/create user's conversation
const { id } = await ok(userToken, "GET", "/api/chat/conversation/");
assert.equal(id, made.data.id);

// POST /api/chat/conversations/{id}/messages/     # Send message
const hello = { content: "Hello, I need help with my course", message_type: "text" };
const sent = await ok(userToken, "POST", `/api/chat/conversations/${id}/messages/`, hello);
assert.equal(sent.content, hello.content);
assert.equal(sent.message_type, "text");

// GET  /api/chat/conversations/  # List all conversations (admin)
const all = await ok(adminToken, "GET", "/api/chat/conversations/");
const row = all.results.find((conversation) => conversation.id === id);
assert.equal(row.unread_count, 1);
assert.equal(row.last_message_preview, hello.content);
// "Users can only access their own conversations"
assert.deepEqual((await ok(userToken, "GET", "/api/chat/conversations/")).results.map((own) => own.id), [id]);

// GET  /api/chat/conversations/{id}/ # Get conversation details
assert.equal((await ok(adminToken, "GET", `/api/chat/conversations/${id}/`)).messages.length, 1);
// GET  /api/chat/unread-count/       # Get unread message count
assert.deepEqual(await ok(adminToken, "GET", "/api/chat/unread-count/"), { unread_count: 1 });
// GET  /api/chat/conversations/{id}/unread-count/ # Get conversation unread count
assert.deepEqual(await ok(adminToken, "GET", `/api/chat/conversations/${id}/unread-count/`), { unread_count: 1 });
// POST /api/chat/conversations/{id}/mark-read/    # Mark conversation as read
assert.equal((await ok(adminToken, "POST", `/api/chat/conversations/${id}/mark-read/`)).updated_count, 1);
assert.deepEqual(await ok(adminToken, "GET", "/api/chat/unread-count/"), { unread_count: 0 });

// "Reply to users directly from the interface"
const answers = [];
for (let n = 1; n <= 25; n += 1) {
  answers.push(await ok(adminToken, "POST", `/api/chat/conversations/${id}/messages/`, { content: `answer ${n}` }));
}
// GET  /api/chat/conversations/{id}/messages/     # Get messages (paginated); page_size = 20
const poll = await ok(userToken, "GET", `/api/chat/conversations/${id}/messages/`);
assert.equal(poll.count, 26);
assert.equal(poll.results.length, 20);
assert.equal(poll.results.at(-1).content, "answer 25");
const older = await fetch(poll.next, { headers: { Authorization: `Bearer ${userToken}` } });
const rest = await older.json();
assert.equal(rest.results.length, 6);
assert.equal(rest.next, null);
// The user's own is read, the answers are not: "Read Status: Visual indicators for message read status"
assert.equal(rest.results[0].is_read, true);
assert.equal(poll.results.at(-1).is_read, false);

// POST /api/chat/messages/mark-read/ # Mark specific messages as read
const read = { message_ids: answers.slice(0, 10).map((answer) => answer.id) };
assert.equal((await ok(userToken, "POST", "/api/chat/messages/mark-read/", read)).updated_count, 10);
assert.deepEqual(await ok(userToken, "GET", "/api/chat/unread-count/"), { unread_count: 15 });

console.log("s1: done");
