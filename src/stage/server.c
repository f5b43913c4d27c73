#include "server_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <math.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "osc.h"

#define PORT_FIRST 8700
#define PORT_LAST  8799
#define TICK_US    250000

int64_t dt__stage_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool address_text(const struct sockaddr* address, char* text, size_t size) {
  if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6* six = (const struct sockaddr_in6*)(const void*)address;
    return inet_ntop(AF_INET6, &six->sin6_addr, text, (socklen_t)size) != NULL;
  }
  const struct sockaddr_in* four = (const struct sockaddr_in*)(const void*)address;
  return inet_ntop(AF_INET, &four->sin_addr, text, (socklen_t)size) != NULL;
}

bool dt__local_address(int fd, char* text, size_t size) {
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  return getsockname(fd, (struct sockaddr*)&address, &length) == 0 &&
         address_text((const struct sockaddr*)&address, text, size);
}

/* ---- listening ---- */

static int listen_at(const char* address, int port) {
  char service[16];
  struct addrinfo* found = NULL;
  const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                  .ai_socktype = SOCK_STREAM};
  snprintf(service, sizeof service, "%d", port);
  if (getaddrinfo(address, service, &wanted, &found) != 0) {
    errno = EINVAL;
    return -1;
  }
  const int yes = 1;
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool is_good = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0;
  if (is_good && found->ai_family == AF_INET6)
    is_good = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) == 0;
  is_good = is_good && bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 256) == 0;
  const int reason = errno;
  freeaddrinfo(found);
  if (is_good)
    return fd;
  if (fd >= 0)
    close(fd);
  errno = reason;
  return -1;
}

static bool is_any(const char* address) {
  return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

/* The loopback is part of 0.0.0.0, and is not bound twice. */
static bool bind_port(dt_stage* stage, int port) {
  stage->listener_count = 0;
  if (strcmp(stage->listen, "0.0.0.0") != 0) {
    stage->listeners[0] = listen_at("127.0.0.1", port);
    if (stage->listeners[0] < 0)
      return false;
    stage->listener_count = 1;
  }
  if (stage->listen[0]) {
    const int fd = listen_at(stage->listen, port);
    if (fd < 0) {
      const int reason = errno;
      if (stage->listener_count > 0)
        close(stage->listeners[0]);
      stage->listener_count = 0;
      errno = reason;
      return false;
    }
    stage->listeners[stage->listener_count++] = fd;
  }
  stage->port = port;
  return true;
}

static dt_status bind_any(dt_stage* stage, int wanted, dt_error* err) {
  if (wanted > 0)
    return bind_port(stage, wanted)
               ? DT_OK
               : dt_fail(err, DT_IO, "Cannot listen on %s port %d: %s",
                         stage->listen[0] ? stage->listen : "127.0.0.1", wanted, strerror(errno));
  for (int port = PORT_FIRST; port <= PORT_LAST; port++) {
    if (bind_port(stage, port))
      return DT_OK;
    if (errno != EADDRINUSE)
      break;
  }
  return dt_fail(err, DT_IO, "Cannot listen on %s: %s",
                 stage->listen[0] ? stage->listen : "127.0.0.1", strerror(errno));
}

static dt_status check_listen(dt_stage* stage, const char* listen, dt_error* err) {
  unsigned char bytes[16];
  if (!listen || strncmp(listen, "127.", 4) == 0 || strcmp(listen, "::1") == 0)
    return DT_OK;
  if (inet_pton(AF_INET, listen, bytes) != 1 && inet_pton(AF_INET6, listen, bytes) != 1)
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "'%.60s' is no address of this machine, as in 192.168.1.7 ('ip -br a' lists "
                   "them)",
                   listen);
  snprintf(stage->listen, sizeof stage->listen, "%s", listen);
  return DT_OK;
}

/* The address that others see, where it listens on all of them: the first that is up. */
static void find_own(char* text, size_t size) {
  struct ifaddrs* all = NULL;
  if (getifaddrs(&all) != 0)
    return;
  for (const struct ifaddrs* at = all; at; at = at->ifa_next) {
    char own[64];
    if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET &&
        address_text(at->ifa_addr, own, sizeof own) && strncmp(own, "127.", 4) != 0) {
      snprintf(text, size, "%s", own);
      break;
    }
  }
  freeifaddrs(all);
}

static void write_addresses(dt_stage* stage) {
  snprintf(stage->address, sizeof stage->address, "http://127.0.0.1:%d/?token=%s", stage->port,
           stage->pairing.token);
  if (!stage->listen[0])
    return;
  char own[64];
  snprintf(own, sizeof own, "%s", stage->listen);
  if (is_any(own))
    find_own(own, sizeof own);
  snprintf(stage->pair_address, sizeof stage->pair_address,
           strchr(own, ':') ? "http://[%s]:%d/pair" : "http://%s:%d/pair", own, stage->port);
}

/* ---- libwebsockets ---- */

static int accept_all(dt_stage* stage, int listener) {
  for (int i = 0; i < 64; i++) {
    const int fd = accept(listener, NULL, NULL);
    if (fd < 0)
      return 0;
    /* No more than this waits in the system for a page that does not read. */
    const int buffer = 131072;
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    if (stage->visit_count >= DT__VISITS_MAX) {
      close(fd);
      continue;
    }
    lws_adopt_descriptor_vhost(stage->vhost, LWS_ADOPT_SOCKET,
                               (lws_sock_file_fd_type){.sockfd = fd}, "door", NULL);
  }
  return 0;
}

static int listener_callback(struct lws* wsi, enum lws_callback_reasons reason, void* user,
                             void* in, size_t size) {
  (void)user;
  (void)in;
  (void)size;
  if (reason != LWS_CALLBACK_RAW_RX_FILE)
    return 0;
  return accept_all(lws_context_user(lws_get_context(wsi)), lws_get_socket_fd(wsi));
}

static const struct lws_protocols protocols[] = {
    {"door", dt__door_callback, sizeof(dt__visit), 4096, 0, NULL, 0},
    {DT__MSG_SUBPROTOCOL, dt__socket_callback, sizeof(dt__socket), 4096, 0, NULL, 0},
    {"listener", listener_callback, 0, 0, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* A page that is silent for long is asked whether it is there. */
static const lws_retry_bo_t validity = {.secs_since_valid_ping = 20, .secs_since_valid_hangup = 35};

static bool make_context(dt_stage* stage) {
  struct lws_context_creation_info info;
  memset(&info, 0, sizeof info);
  lws_set_log_level(0, NULL);
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.protocols = protocols;
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS |
                 LWS_SERVER_OPTION_VALIDATE_UTF8;
  info.user = stage;
  info.fd_limit_per_thread = DT__VISITS_MAX + DT__SOCKETS_MAX + 32;
  info.timeout_secs = 5;
  info.retry_and_idle_policy = &validity;
  info.vhost_name = "stage";
  stage->context = lws_create_context(&info);
  stage->vhost = stage->context ? lws_create_vhost(stage->context, &info) : NULL;
  for (int i = 0; stage->vhost && i < stage->listener_count; i++) {
    const int fd = stage->listeners[i];
    if (!lws_adopt_descriptor_vhost(stage->vhost, LWS_ADOPT_RAW_FILE_DESC,
                                    (lws_sock_file_fd_type){.filefd = fd}, "listener", NULL))
      return false;
    stage->listeners[i] = -1; /* libwebsockets closes it */
  }
  return stage->vhost != NULL;
}

/* From any thread, after each message. */
static void wake(void* context) {
  dt_stage* stage = context;
  pthread_mutex_lock(&stage->wake_lock);
  if (stage->context && !stage->is_deaf)
    lws_cancel_service(stage->context);
  pthread_mutex_unlock(&stage->wake_lock);
}

/* ---- four times a second ---- */

static void put_clock(dt_stage* stage) {
  dt__msg_clock clock = dt__msg_clock_empty();
  dt_buffer fields = {0};
  dt__live_clock(stage->live, &clock.server_ms, &clock.stream_ms);
  if (isfinite(clock.stream_ms) && dt__msg_clock_write(&fields, &clock) == DT_OK)
    dt__feed_put(stage->feed, (const char*)fields.bytes, fields.size);
  dt_buffer_clear(&fields);
}

static void tell_beats(lws_sorted_usec_list_t* sul) {
  dt_stage* stage = lws_container_of(sul, dt_stage, beat);
  const int64_t wait_us = dt__live_tell_beats(stage->live);
  const bool is_near = wait_us >= 0 && wait_us < TICK_US;
  lws_sul_schedule(stage->context, 0, &stage->beat, tell_beats, is_near ? wait_us : TICK_US / 5);
}

static void tick(lws_sorted_usec_list_t* sul) {
  dt_stage* stage = lws_container_of(sul, dt_stage, tick);
  if (stage->config.wants_end && stage->config.wants_end())
    atomic_store(&stage->is_stopping, true);
  put_clock(stage);
  dt__live_tick(stage->live);
  lws_sul_schedule(stage->context, 0, &stage->tick, tick, TICK_US);
}

/* ---- beginning and ending ---- */

static dt_status furnish(dt_stage* stage, dt_error* err) {
  const dt_stage_config* config = &stage->config;
  dt_status status = check_listen(stage, config->listen, err);
  if (status == DT_OK && config->osc)
    status = dt__osc_new(&stage->osc, config->osc, err);
  if (status != DT_OK)
    return status;
  if (!dt__pairing_begin(&stage->pairing) || !dt__guard_random(stage->epoch, sizeof stage->epoch))
    return dt_fail(err, DT_IO, "This system has no random numbers");
  stage->feed = dt__feed_new(wake, stage);
  stage->now = dt__now_new();
  stage->live = stage->feed ? dt__live_new(config, stage->feed, stage->osc) : NULL;
  stage->measure = stage->feed ? dt__measure_new(&stage->config, stage->feed) : NULL;
  if (!stage->live || !stage->now || !stage->measure)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the server");
  const dt__api_config api = {.db = config->db,
                              .home = config->home,
                              .player = config->player,
                              .setup = config->defaults.setup,
                              .log = config->defaults.log,
                              .band = config->defaults.band,
                              .soundfont = config->defaults.soundfont,
                              .feed = stage->feed};
  status = dt__api_new(&stage->api, &api, err);
  dt__api_config slow = api;
  slow.no_uploads = true;
  if (status == DT_OK)
    status = dt__jobs_new(&stage->jobs, &slow, wake, stage, err);
  if (status == DT_OK)
    status = bind_any(stage, config->port, err);
  if (status == DT_OK && !make_context(stage))
    status = dt_fail(err, DT_NO_MEMORY, "libwebsockets cannot be started");
  write_addresses(stage);
  return status;
}

dt_status dt_stage_new(dt_stage** made, const dt_stage_config* config, dt_error* err) {
  *made = NULL;
  dt_stage* stage = calloc(1, sizeof *stage);
  if (!stage)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the server");
  pthread_mutex_init(&stage->wake_lock, NULL);
  stage->config = *config;
  const dt_status status = furnish(stage, err);
  if (status != DT_OK) {
    dt_stage_free(stage);
    return status;
  }
  *made = stage;
  return DT_OK;
}

const char* dt_stage_address(const dt_stage* stage) {
  return stage->address;
}

const char* dt_stage_once(dt_stage* stage) {
  snprintf(stage->once, sizeof stage->once, "http://127.0.0.1:%d/?token=%s", stage->port,
           dt__pairing_once(&stage->pairing, dt__stage_us()));
  return stage->once;
}

const char* dt_stage_pair_address(const dt_stage* stage) {
  return stage->pair_address[0] ? stage->pair_address : NULL;
}

const char* dt_stage_code(dt_stage* stage) {
  int wait_s = 0;
  return dt__pairing_show(&stage->pairing, dt__stage_us(), &wait_s);
}

dt_status dt_stage_begin(dt_stage* stage, const char* json, dt_error* err) {
  return dt__live_begin(stage->live, json, strlen(json), true, err);
}

dt_status dt_stage_run(dt_stage* stage, dt_error* err) {
  lws_sul_schedule(stage->context, 0, &stage->tick, tick, TICK_US);
  if (stage->osc)
    lws_sul_schedule(stage->context, 0, &stage->beat, tell_beats, TICK_US);
  while (!atomic_load(&stage->is_stopping))
    if (lws_service(stage->context, 0) < 0)
      return dt_fail(err, DT_IO, "The server has failed: %s", strerror(errno));
  return DT_OK;
}

void dt_stage_stop(dt_stage* stage) {
  atomic_store(&stage->is_stopping, true);
  lws_cancel_service(stage->context);
}

/* The session first: it wakes the server to the last. */
void dt_stage_free(dt_stage* stage) {
  if (!stage)
    return;
  dt__live_free(stage->live);
  dt__measure_free(stage->measure);
  dt__jobs_end(stage->jobs);
  pthread_mutex_lock(&stage->wake_lock);
  stage->is_deaf = true;
  pthread_mutex_unlock(&stage->wake_lock);
  struct lws_context* context = stage->context;
  if (context) {
    lws_sul_cancel(&stage->tick);
    lws_sul_cancel(&stage->beat);
    lws_context_destroy(context);
  }
  stage->context = NULL;
  for (int i = 0; i < stage->listener_count; i++)
    if (stage->listeners[i] >= 0)
      close(stage->listeners[i]);
  dt__jobs_free(stage->jobs);
  dt__api_free(stage->api);
  dt__osc_free(stage->osc);
  dt__now_free(stage->now);
  dt__feed_free(stage->feed);
  dt_buffer_clear(&stage->scratch);
  pthread_mutex_destroy(&stage->wake_lock);
  free(stage);
}
