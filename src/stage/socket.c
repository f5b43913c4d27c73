#include <stdlib.h>
#include <string.h>

#include "server_internal.h"

/* What a page may say: a second, and at once. */
#define SAY_RATE  40.0
#define SAY_BURST 120.0
#define RESUME_US ((lws_usec_t)10000000) /* it has to speak first within */

enum { GO_ON = 0, CLOSE = -1 };

static int end_with(dt__socket* socket, enum lws_close_status status, const char* why) {
  unsigned char text[64];
  const size_t length = strlen(why);
  memcpy(text, why, length);
  lws_close_reason(socket->wsi, status, text, length);
  socket->is_closing = true;
  return CLOSE;
}

static int arrive(dt__socket* socket, struct lws* wsi) {
  dt_stage* stage = lws_context_user(lws_get_context(wsi));
  if (!stage->switching)
    return CLOSE;
  memset(socket, 0, sizeof *socket);
  socket->wsi = wsi;
  socket->who = stage->switching->who;
  socket->next = stage->sockets;
  socket->link = &stage->sockets;
  if (socket->next)
    socket->next->link = &socket->next;
  stage->sockets = socket;
  stage->socket_count++;
  stage->counters.sockets++;
  dt__now_follow(stage->now, stage->feed);
  socket->hello_seq = dt__now_seq(stage->now);
  socket->seq = socket->hello_seq;
  socket->state_at = SIZE_MAX;
  lws_set_timer_usecs(wsi, RESUME_US);
  lws_callback_on_writable(wsi);
  return GO_ON;
}

static void leave(dt_stage* stage, dt__socket* socket) {
  if (!socket || !socket->link)
    return;
  *socket->link = socket->next;
  if (socket->next)
    socket->next->link = socket->link;
  socket->link = NULL;
  stage->socket_count--;
}

/* ---- what the page says ---- */

static void resume(dt_stage* stage, dt__socket* socket, const char* epoch, int64_t after) {
  uint64_t bytes = 0;
  const bool is_ours = strcmp(epoch, stage->epoch) == 0 && after > 0 &&
                       dt__feed_after(stage->feed, (uint64_t)after, &bytes);
  if (is_ours)
    socket->seq = (uint64_t)after;
  else {
    socket->seq = socket->hello_seq;
    socket->state_at = 0;
    dt__feed_after(stage->feed, socket->seq, &bytes);
  }
  socket->allowed = bytes + DT__SLOW_BYTES;
  socket->is_resumed = true;
  lws_set_timer_usecs(socket->wsi, LWS_SET_TIMER_USEC_CANCEL);
}

static int obey(dt_stage* stage, dt__socket* socket, const dt__msg_heard* heard) {
  switch (heard->type) {
  case DT__HEARD_RESUME:
    if (socket->is_resumed)
      return end_with(socket, LWS_CLOSE_STATUS_POLICY_VIOLATION, "resumed twice");
    resume(stage, socket, heard->resume.epoch, heard->resume.after);
    break;
  case DT__HEARD_PRESS:
    dt__live_press(stage->live, heard->press.key);
    break;
  case DT__HEARD_PING:
    socket->owes_pong = true;
    socket->pong_ms = heard->ping.t_ms;
    break;
  }
  lws_callback_on_writable(socket->wsi);
  return GO_ON;
}

static int hear(dt_stage* stage, dt__socket* socket, const char* bytes, size_t size) {
  dt__msg_heard heard;
  if (socket->is_closing)
    return CLOSE;
  if (lws_frame_is_binary(socket->wsi))
    return end_with(socket, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "text only");
  if (size > DT__MSG_FRAME_MAX - socket->text_size)
    return end_with(socket, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "too large");
  memcpy(socket->text + socket->text_size, bytes, size);
  socket->text_size += size;
  if (!lws_is_final_fragment(socket->wsi) || lws_remaining_packet_payload(socket->wsi) > 0)
    return GO_ON;
  const size_t whole = socket->text_size;
  socket->text_size = 0;
  if (!dt__bucket_take(&socket->bucket, SAY_RATE, SAY_BURST, dt__stage_us()))
    return end_with(socket, LWS_CLOSE_STATUS_POLICY_VIOLATION, "too many frames");
  if (!dt__msg_read(&heard, socket->text, whole))
    return end_with(socket, LWS_CLOSE_STATUS_INVALID_PAYLOAD, "no message of this schema");
  return obey(stage, socket, &heard);
}

/* ---- what the page is told ---- */

static bool put(dt_buffer* frame, const char* fields, size_t size) {
  const dt_sink sink = dt_buffer_sink(frame);
  return dt_sink_printf(sink, "{\"v\":%d,", DT__MSG_VERSION) == DT_OK &&
         dt_sink_write(sink, fields, size) == DT_OK && dt_sink_write(sink, "}", 1) == DT_OK;
}

static bool make_hello(dt_stage* stage, const dt__socket* socket, dt_buffer* frame) {
  dt_buffer fields = {0};
  const uint64_t oldest = dt__feed_oldest(stage->feed);
  const dt__msg_hello hello = {.program = DT__VERSION,
                               .epoch = stage->epoch,
                               .oldest = oldest > 0 ? (int64_t)oldest - 1 : 0,
                               .newest = (int64_t)socket->hello_seq};
  const bool is_made = dt__msg_hello_write(&fields, &hello) == DT_OK &&
                       put(frame, (const char*)fields.bytes, fields.size);
  dt_buffer_clear(&fields);
  return is_made;
}

static bool make_pong(dt_stage* stage, const dt__socket* socket, dt_buffer* frame) {
  dt_buffer fields = {0};
  dt__msg_pong pong = dt__msg_pong_empty();
  pong.t_ms = socket->pong_ms;
  dt__live_clock(stage->live, &pong.server_ms, &pong.stream_ms);
  const bool is_made = dt__msg_pong_write(&fields, &pong) == DT_OK &&
                       put(frame, (const char*)fields.bytes, fields.size);
  dt_buffer_clear(&fields);
  return is_made;
}

/* The next frame for this page, if there is one: greeting, pong, the state, then the feed. False:
 * there was no memory, or what it would need is gone. */
static bool next_frame(dt_stage* stage, dt__socket* socket, dt_buffer* frame) {
  frame->size = 0;
  if (!socket->is_greeted) {
    socket->is_greeted = true;
    return make_hello(stage, socket, frame);
  }
  if (socket->owes_pong) {
    socket->owes_pong = false;
    return make_pong(stage, socket, frame);
  }
  if (!socket->is_resumed)
    return true;
  while (socket->state_at != SIZE_MAX) {
    if (socket->state_at >= dt__now_count(stage->now))
      socket->state_at = SIZE_MAX;
    else if (dt__now_get(stage->now, socket->state_at++, socket->hello_seq, frame))
      return true;
  }
  if (socket->seq >= dt__feed_newest(stage->feed))
    return true;
  return dt__feed_get(stage->feed, ++socket->seq, frame);
}

/* A page that does not read is cut off once it is a megabyte behind; what it was behind when it
 * came back does not count, as long as it gets less. */
static bool is_slow(dt_stage* stage, dt__socket* socket) {
  uint64_t bytes = 0;
  if (!socket->is_resumed)
    return false;
  if (!dt__feed_after(stage->feed, socket->seq, &bytes) || bytes > socket->allowed)
    return true;
  if (bytes + DT__SLOW_BYTES < socket->allowed)
    socket->allowed = bytes + DT__SLOW_BYTES;
  return false;
}

static int tell(dt_stage* stage, dt__socket* socket) {
  dt_buffer* frame = &stage->scratch;
  if (socket->is_closing)
    return CLOSE;
  if (!next_frame(stage, socket, frame))
    return CLOSE; /* it may come again */
  if (frame->size == 0)
    return GO_ON;
  unsigned char* bytes = stage->chunk;
  unsigned char* large = NULL;
  if (frame->size > DT__CHUNK) {
    large = malloc(LWS_PRE + frame->size);
    if (!large)
      return CLOSE;
    bytes = large;
  }
  memcpy(bytes + LWS_PRE, frame->bytes, frame->size);
  const int wrote = lws_write(socket->wsi, bytes + LWS_PRE, frame->size, LWS_WRITE_TEXT);
  free(large);
  if (wrote < 0)
    return CLOSE;
  lws_callback_on_writable(socket->wsi);
  return GO_ON;
}

void dt__sockets_tell(dt_stage* stage) {
  dt__now_follow(stage->now, stage->feed);
  for (dt__socket* socket = stage->sockets; socket; socket = socket->next) {
    if (!socket->is_closing && is_slow(stage, socket)) {
      stage->counters.dropped_slow++;
      socket->is_closing = true;
      lws_set_timeout(socket->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    } else
      lws_callback_on_writable(socket->wsi);
  }
}

int dt__socket_callback(struct lws* wsi, enum lws_callback_reasons reason, void* user, void* in,
                        size_t size) {
  dt_stage* stage = lws_context_user(lws_get_context(wsi));
  dt__socket* socket = user;
  switch (reason) {
  case LWS_CALLBACK_ESTABLISHED:
    return arrive(socket, wsi);
  case LWS_CALLBACK_RECEIVE:
    return hear(stage, socket, in, size);
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return tell(stage, socket);
  case LWS_CALLBACK_TIMER:
    return socket && socket->link && !socket->is_resumed
               ? end_with(socket, LWS_CLOSE_STATUS_POLICY_VIOLATION, "no word came")
               : GO_ON;
  case LWS_CALLBACK_CLOSED:
    leave(stage, socket);
    return GO_ON;
  default:
    return GO_ON;
  }
}
