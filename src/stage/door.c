#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server_internal.h"

/* How long each may last. A head that comes sign by sign, a body that trickles and an answer that
 * is not read each end the connection. */
#define HEAD_US   ((lws_usec_t)5000000)
#define IDLE_US   ((lws_usec_t)15000000)
#define BODY_US   ((lws_usec_t)10000000)
#define ANSWER_US ((lws_usec_t)10000000)
#define JOB_US    ((lws_usec_t)300000000)
#define LINGER_US ((lws_usec_t)1000000)
#define BODY_STEP ((uint64_t)65536) /* of a body, at least, in each BODY_US */

enum { GO_ON = 0, CLOSE = -1 };

static void answer(dt__visit* visit) {
  visit->phase = DT__ANSWER;
  lws_rx_flow_control(visit->wsi, 0);
  lws_set_timer_usecs(visit->wsi, ANSWER_US);
  if (!dt__answer_begin(visit))
    visit->closes = true;
  lws_callback_on_writable(visit->wsi);
}

static void refuse(dt__visit* visit, int status, const char* sentence) {
  dt__refuse(&visit->reply, status, "%s", sentence);
  visit->closes = true;
  answer(visit);
}

static void route(dt__visit* visit) {
  if (dt__route_later(visit->stage, visit)) {
    visit->phase = DT__WAIT;
    lws_rx_flow_control(visit->wsi, 0);
    lws_set_timer_usecs(visit->wsi, JOB_US);
    return;
  }
  if (visit->reply.status == 0)
    dt__route(visit->stage, visit);
  answer(visit);
}

void dt__visits_answer(dt_stage* stage) {
  dt__reply reply = {0};
  dt__visit* visit = NULL;
  while ((visit = dt__jobs_take(stage->jobs, &reply))) {
    visit->reply = reply;
    memset(&reply, 0, sizeof reply);
    answer(visit);
  }
}

static bool is_upload(const dt__visit* visit) {
  return strcmp(visit->head.path, "/api/v1/uploads") == 0 &&
         strcmp(visit->head.method, "POST") == 0;
}

static bool begin_upload(dt__visit* visit) {
  const dt__request request = {
      .method = visit->head.method, .path = "/uploads", .query = visit->head.query};
  visit->upload = dt__upload_begin(visit->stage->api, &request, visit->head.length, &visit->reply);
  return visit->upload != NULL;
}

/* The body is to come: room for it, and the word that it may come. */
static void await_body(dt__visit* visit) {
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
  visit->body_mark = visit->body_left;
  if (!is_upload(visit) && visit->head.length > DT__BODY_MAX) {
    refuse(visit, 413, "This is too large.");
    return;
  }
  if (is_upload(visit) && !begin_upload(visit)) {
    visit->closes = true;
    answer(visit);
    return;
  }
  visit->phase = DT__BODY;
  lws_set_timer_usecs(visit->wsi, BODY_US);
  if (visit->head.headers[DT__HEADER_EXPECT][0]) {
    unsigned char line[LWS_PRE + sizeof go_on];
    memcpy(line + LWS_PRE, go_on, sizeof go_on - 1);
    if (lws_write(visit->wsi, line + LWS_PRE, sizeof go_on - 1, LWS_WRITE_RAW) < 0)
      visit->phase = DT__OVER;
  }
}

static void begin(dt__visit* visit) {
  dt_stage* stage = visit->stage;
  visit->closes = visit->head.closes;
  visit->body_left = visit->head.length;
  int status = dt__guards(stage, visit);
  const bool is_live = strcmp(visit->head.path, "/api/v1/live") == 0;
  if (status == 0 && is_live)
    status = dt__guards_socket(stage, visit);
  const char* expect = visit->head.headers[DT__HEADER_EXPECT];
  if (status == 0 && expect[0] && !dt__head_has(expect, "100-continue")) {
    refuse(visit, 400, "What is expected here is not known.");
    return;
  }
  if (status != 0) {
    visit->closes = visit->closes || visit->head.length > 0 || status == 429;
    answer(visit);
  } else if (is_live) {
    visit->phase = DT__SWITCH;
    lws_rx_flow_control(visit->wsi, 0);
    lws_callback_on_writable(visit->wsi);
  } else if (visit->head.length > 0)
    await_body(visit);
  else
    route(visit);
}

static void end_body(dt__visit* visit) {
  if (!visit->upload) {
    route(visit);
    return;
  }
  dt__upload_end(visit->upload, &visit->reply);
  visit->upload = NULL;
  answer(visit);
}

/* Takes what belongs to the body; how much. */
static size_t take_body(dt__visit* visit, const char* bytes, size_t size) {
  const size_t count = size < visit->body_left ? size : (size_t)visit->body_left;
  const bool is_kept = visit->upload
                           ? dt__upload_data(visit->upload, bytes, count)
                           : dt_sink_write(dt_buffer_sink(&visit->body), bytes, count) == DT_OK;
  visit->body_left -= count;
  if (is_kept) {
    if (visit->body_left == 0)
      end_body(visit);
    return count;
  }
  if (visit->upload)
    dt__upload_end(visit->upload, &visit->reply); /* not all: its reply says why */
  else
    dt__refuse(&visit->reply, 503, "There is no memory for this.");
  visit->upload = NULL;
  visit->closes = true;
  answer(visit);
  return size;
}

static size_t take_head(dt__visit* visit) {
  int status = 0;
  const long used = dt__head_read(&visit->head, visit->in, visit->in_size, &status);
  if (used < 0) {
    memset(&visit->head, 0, sizeof visit->head);
    visit->stage->counters.refused++;
    refuse(visit, status, "This is no request that is understood here.");
    return visit->in_size;
  }
  if (used > 0)
    begin(visit);
  return (size_t)used;
}

/* What is in `in` is one head after the other, and their bodies. */
static void go_on(dt__visit* visit) {
  while (visit->in_size > 0 && (visit->phase == DT__HEAD || visit->phase == DT__BODY)) {
    const size_t used =
        visit->phase == DT__HEAD ? take_head(visit) : take_body(visit, visit->in, visit->in_size);
    if (used == 0)
      return;
    visit->in_size -= used;
    memmove(visit->in, visit->in + used, visit->in_size);
  }
}

static int take_in(dt__visit* visit, const char* bytes, size_t size) {
  while (size > 0) {
    if (visit->phase == DT__LINGER)
      return GO_ON;
    const bool is_direct = visit->phase == DT__BODY && visit->in_size == 0;
    if (is_direct) {
      const size_t used = take_body(visit, bytes, size);
      bytes += used;
      size -= used;
      continue;
    }
    const size_t room = sizeof visit->in - visit->in_size;
    const size_t count = size < room ? size : room;
    if (count == 0) /* more than may be waiting behind a request that is answered */
      return CLOSE;
    if (visit->phase == DT__HEAD && visit->in_size == 0)
      lws_set_timer_usecs(visit->wsi, HEAD_US);
    memcpy(visit->in + visit->in_size, bytes, count);
    visit->in_size += count;
    bytes += count;
    size -= count;
    go_on(visit);
  }
  return visit->phase == DT__OVER ? CLOSE : GO_ON;
}

/* The answer is out. */
static int finish(dt__visit* visit) {
  const bool is_unread = visit->body_left > 0 || visit->in_size > 0;
  dt__answer_clear(visit);
  dt_buffer_clear(&visit->body);
  if (visit->closes && !is_unread)
    return CLOSE;
  if (visit->closes) {
    /* Closed with something unread, the answer might never arrive. */
    visit->phase = DT__LINGER;
    shutdown(lws_get_socket_fd(visit->wsi), SHUT_WR);
    lws_set_timer_usecs(visit->wsi, LINGER_US);
    lws_rx_flow_control(visit->wsi, 1);
    return GO_ON;
  }
  visit->phase = DT__HEAD;
  visit->body_left = 0;
  lws_set_timer_usecs(visit->wsi, visit->in_size > 0 ? HEAD_US : IDLE_US);
  go_on(visit);
  if (visit->phase == DT__HEAD || visit->phase == DT__BODY)
    lws_rx_flow_control(visit->wsi, 1);
  return visit->phase == DT__OVER ? CLOSE : GO_ON;
}

static int write_on(dt__visit* visit) {
  unsigned char* chunk = visit->stage->chunk + LWS_PRE;
  const long count = dt__answer_next(visit, chunk, DT__CHUNK);
  if (count < 0)
    return CLOSE;
  if (count == 0)
    return finish(visit);
  if (lws_write(visit->wsi, chunk, (size_t)count, LWS_WRITE_RAW) < 0)
    return CLOSE;
  lws_set_timer_usecs(visit->wsi, ANSWER_US);
  lws_callback_on_writable(visit->wsi);
  return GO_ON;
}

/* libwebsockets reads a request of our own words, never the visitor's; this connection ends, its
 * socket goes on. */
static int become_socket(dt__visit* visit) {
  dt_stage* stage = visit->stage;
  char head[512];
  if (visit->in_size > 0)
    return CLOSE; /* a page waits for the answer before it speaks */
  const int size = snprintf(head, sizeof head,
                            "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n"
                            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Protocol: " DT__MSG_SUBPROTOCOL "\r\n\r\n",
                            visit->head.headers[DT__HEADER_WS_KEY]);
  const int fd = dup(lws_get_socket_fd(visit->wsi));
  if (fd < 0)
    return CLOSE;
  stage->switching = visit;
  lws_adopt_socket_vhost_readbuf(stage->vhost, fd, head, (size_t)size);
  stage->switching = NULL;
  return CLOSE;
}

static void drop_oldest_stranger(dt_stage* stage) {
  dt__visit* oldest = NULL;
  for (dt__visit* visit = stage->visits; visit; visit = visit->next)
    if (!visit->is_known)
      oldest = visit; /* the newest stand first */
  if (!oldest)
    return;
  oldest->is_known = true; /* the next one is the next oldest */
  lws_set_timeout(oldest->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

static int arrive(dt__visit* visit, struct lws* wsi) {
  dt_stage* stage = lws_context_user(lws_get_context(wsi));
  memset(visit, 0, sizeof *visit);
  visit->wsi = wsi;
  visit->stage = stage;
  visit->file = -1;
  visit->next = stage->visits;
  visit->link = &stage->visits;
  if (visit->next)
    visit->next->link = &visit->next;
  stage->visits = visit;
  if (++stage->visit_count > DT__VISITS_MAX / 2)
    drop_oldest_stranger(stage);
  if (!dt__local_address(lws_get_socket_fd(wsi), visit->address, sizeof visit->address))
    return CLOSE;
  lws_set_timer_usecs(wsi, HEAD_US);
  return GO_ON;
}

static void leave(dt__visit* visit) {
  if (!visit || !visit->link)
    return;
  *visit->link = visit->next;
  if (visit->next)
    visit->next->link = visit->link;
  visit->link = NULL;
  visit->stage->visit_count--;
  if (visit->phase == DT__WAIT)
    dt__jobs_forget(visit->stage->jobs, visit);
  if (visit->upload)
    dt__upload_end(visit->upload, &visit->reply); /* cut off */
  visit->upload = NULL;
  dt__answer_clear(visit);
  dt_buffer_clear(&visit->body);
}

/* A body may be slow, but not for ever. */
static int run_out(dt__visit* visit) {
  if (visit->phase != DT__BODY || visit->body_mark - visit->body_left < BODY_STEP)
    return CLOSE;
  visit->body_mark = visit->body_left;
  lws_set_timer_usecs(visit->wsi, BODY_US);
  return GO_ON;
}

int dt__door_callback(struct lws* wsi, enum lws_callback_reasons reason, void* user, void* in,
                      size_t size) {
  dt__visit* visit = user;
  switch (reason) {
  case LWS_CALLBACK_RAW_ADOPT:
    return arrive(visit, wsi);
  case LWS_CALLBACK_RAW_RX:
    return take_in(visit, in, size);
  case LWS_CALLBACK_RAW_WRITEABLE:
    return visit->phase == DT__ANSWER   ? write_on(visit)
           : visit->phase == DT__SWITCH ? become_socket(visit)
                                        : GO_ON;
  case LWS_CALLBACK_TIMER:
    return visit && visit->link ? run_out(visit) : GO_ON;
  case LWS_CALLBACK_RAW_CLOSE:
    leave(visit);
    return GO_ON;
  /* libwebsockets' own reader stands here only while a connection becomes a socket. */
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: {
    const dt_stage* stage = lws_context_user(lws_get_context(wsi));
    return stage->switching ? GO_ON : CLOSE;
  }
  case LWS_CALLBACK_HTTP:
  case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
    return CLOSE;
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED: {
    dt_stage* stage = lws_context_user(lws_get_context(wsi));
    if (stage && stage->jobs) {
      dt__sockets_tell(stage);
      dt__visits_answer(stage);
    }
    return GO_ON;
  }
  default:
    return GO_ON;
  }
}
