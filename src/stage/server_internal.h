#ifndef DT_STAGE_SERVER_INTERNAL_H
#define DT_STAGE_SERVER_INTERNAL_H

#include <libwebsockets.h>
#include <pthread.h>
#include <stdatomic.h>

#include "api.h"
#include "dt/stage.h"
#include "feed.h"
#include "head.h"
#include "jobs.h"
#include "live.h"
#include "measure.h"
#include "messages.h"
#include "now.h"
#include "page.h"
#include "pairing.h"
#include "uploads.h"

/*
 * The server: one thread, libwebsockets' poll loop. A connection is a raw one, its requests are
 * read by head.c; only what was found to be a clean request for the socket is handed to
 * libwebsockets' own reader, in words written here.
 *
 *   server.c   listening, beginning, ending, the clock
 *   door.c     a connection: head, body, answer (states of dt__visit)
 *   guards.c   who is it, and may they
 *   routes.c   what is answered
 *   answer.c   an answer as bytes: head, page, body or file
 *   socket.c   /api/v1/live
 */
#define DT__VISITS_MAX  512                 /* connections at once */
#define DT__SOCKETS_MAX 160                 /* of them, pages that listen */
#define DT__SLOW_BYTES  ((uint64_t)1 << 20) /* a page may be behind by so much */
#define DT__CHUNK       ((size_t)32768)

typedef enum dt__phase {
  DT__HEAD,   /* reading a head */
  DT__BODY,   /* reading its body */
  DT__WAIT,   /* for jobs.h */
  DT__ANSWER, /* writing the answer */
  DT__SWITCH, /* becoming a socket */
  DT__LINGER, /* the answer is out before all was read: the rest is thrown away for a moment */
  DT__OVER
} dt__phase;

typedef struct dt__visit {
  struct lws* wsi;
  struct dt_stage* stage;
  struct dt__visit* next; /* of stage->visits */
  struct dt__visit** link;
  dt__phase phase;
  char address[64]; /* that it came in at */
  bool is_known;    /* it has shown a token */
  char in[DT__HEAD_MAX];
  size_t in_size;
  dt__head head;
  dt__who who;
  dt_buffer body;
  dt__upload* upload;
  uint64_t body_left;
  uint64_t body_mark; /* body_left when the timer was set */
  /* The answer. */
  dt__reply reply;
  dt_buffer out; /* its head */
  const dt__page_file* page;
  const char* cookie; /* a token to be set */
  const char* allow;  /* of a 405 */
  int file;           /* -1 */
  uint64_t file_left;
  size_t sent; /* of head and body */
  bool closes;
} dt__visit;

typedef struct dt__socket {
  struct lws* wsi;
  struct dt__socket* next;
  struct dt__socket** link;
  dt__who who;
  bool is_greeted;
  bool is_resumed;
  uint64_t hello_seq; /* the newest one when it came */
  uint64_t seq;       /* the last one sent */
  size_t state_at;    /* next message of the state; SIZE_MAX: the state is sent */
  uint64_t allowed;   /* bytes that it may be behind */
  dt__bucket bucket;
  bool owes_pong;
  double pong_ms;
  char text[DT__HEAD_MAX]; /* a frame from the page that came in parts */
  size_t text_size;
  bool is_closing;
} dt__socket;

typedef struct dt__counters {
  uint64_t requests;
  uint64_t refused;      /* by a guard */
  uint64_t dropped_slow; /* pages that did not read */
  uint64_t sockets;
} dt__counters;

struct dt_stage {
  dt_stage_config config;
  struct lws_context* context;
  struct lws_vhost* vhost;
  dt__feed* feed;
  dt__now* now;
  dt__api* api;
  dt__jobs* jobs;
  dt__live* live;
  dt__measure* measure;
  dt__osc* osc;
  dt__pairing pairing;
  int listeners[2];
  int listener_count;
  int port;
  char listen[64]; /* "" loopback only */
  char epoch[17];
  char address[160];
  char once[160];
  char pair_address[128];
  atomic_bool is_stopping;
  pthread_mutex_t wake_lock; /* for is_deaf: threads wake the server while it ends */
  bool is_deaf;
  dt__visit* visits;
  int visit_count;
  dt__socket* sockets;
  int socket_count;
  const dt__visit* switching; /* while it becomes a socket */
  dt__bucket strangers;
  dt__bucket guests;
  dt__counters counters;
  lws_sorted_usec_list_t tick;
  lws_sorted_usec_list_t beat; /* for OSC */
  dt_buffer scratch;
  unsigned char chunk[LWS_PRE + DT__CHUNK];
};

int64_t dt__stage_us(void); /* CLOCK_MONOTONIC */

/* The address of this machine that a connection came in at, "127.0.0.1". */
bool dt__local_address(int fd, char* text, size_t size);

/* door.c, socket.c: protocols of libwebsockets. */
int dt__door_callback(struct lws* wsi, enum lws_callback_reasons reason, void* user, void* in,
                      size_t size);
int dt__socket_callback(struct lws* wsi, enum lws_callback_reasons reason, void* user, void* in,
                        size_t size);
void dt__sockets_tell(dt_stage* stage); /* there may be something new */

/* guards.c: 0 and who it is, or the status of the refusal, whose sentence is in the reply. */
int dt__guards(dt_stage* stage, dt__visit* visit);
int dt__guards_socket(dt_stage* stage, dt__visit* visit);

/* routes.c: fills the reply of a request that has passed the guards. */
void dt__route(dt_stage* stage, dt__visit* visit);
/* True: it takes long, and is a job now: dt__visits_answer will go on with it. */
bool dt__route_later(dt_stage* stage, dt__visit* visit);

/* door.c: answers that were jobs. */
void dt__visits_answer(dt_stage* stage);

/* answer.c: makes the bytes of the answer's head; opens its file. */
bool dt__answer_begin(dt__visit* visit);
/* The next bytes into chunk: how many; 0: all are out; -1: the file has failed. */
long dt__answer_next(dt__visit* visit, unsigned char* chunk, size_t room);
void dt__answer_clear(dt__visit* visit);

#endif
