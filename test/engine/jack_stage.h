#ifndef DT_TEST_JACK_STAGE_H
#define DT_TEST_JACK_STAGE_H

/* A session on a JACK server without a sound card, beside another program that plays to it. Only
 * frames are compared, never the time of day: on a busy machine a server loses frames; such a
 * stretch is played again. */
#include "jack_drummer.h"

typedef struct stage {
  jack_server server;
  other_drummer* drummer;
  pid_t drummer_pid;
  char path[64];
  dt_port* port;
  dt_session* session;
  pthread_t thread;
  bool has_thread;
  dt_status status;
  dt_error err;
  dt_plan plan;
  dt_chart chart;
  double heard[STROKES_MAX]; /* frames */
  _Atomic int heard_count;
  _Atomic int away_count; /* said while the server was away */
  _Atomic int back_count;
  dt_leader_sync sync;
  _Atomic int take_count;
  _Atomic int wait_count;
  _Atomic int stopped_count;
  dt_frame take_start; /* of the last take, by the server's counter */
  double take_bpm;
} stage;

static stage here;

static inline void on_lead(void* context, const dt_lead* lead, const char* text) {
  (void)text;
  stage* s = context;
  dt_port_state port;
  dt_port_look(s->port, &port);
  if (lead->kind == DT_LEAD_AWAY && port.condition == DT_PORT_GONE &&
      strcmp(lead->text, "No input: jack is away. Waiting for it.") == 0)
    atomic_fetch_add(&s->away_count, 1);
  if (lead->kind == DT_LEAD_BACK && strncmp(lead->text, "Back. ", 6) == 0)
    atomic_fetch_add(&s->back_count, 1);
  if (lead->kind == DT_LEAD_TAKE) {
    s->take_start = lead->start + port.device_offset;
    s->take_bpm = lead->ask.bpm;
    atomic_fetch_add(&s->take_count, 1);
  }
  if (strcmp(lead->text, "Waiting for the JACK transport to roll.") == 0)
    atomic_fetch_add(&s->wait_count, 1);
  if (strcmp(lead->text, "The transport stopped.") == 0)
    atomic_fetch_add(&s->stopped_count, 1);
  const int count = atomic_load(&s->heard_count);
  /* Which drums the ear takes a sound for is for its own tests to say. */
  if (lead->kind != DT_LEAD_STROKE || count == STROKES_MAX || lead->stroke.stroke.drum != DT_SNARE)
    return;
  s->heard[count] = lead->stroke.stroke.time_s * RATE_HZ;
  atomic_store(&s->heard_count, count + 1);
}

static inline void fill_snare(other_drummer* d) {
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE_HZ, SEED);
  assert_non_null(kit);
  const dt_stroke stroke = dt_stroke_at(0, DT_SNARE);
  dt_synthkit_add(kit, &stroke, d->snare, SNARE_MAX, 0);
  for (int i = 0; i < SNARE_MAX / 2; i++) /* a cut would be a stroke too */
    d->snare[SNARE_MAX - 1 - i] *= 2 * (float)i / SNARE_MAX;
  dt_synthkit_free(kit);
}

static inline void start_drummer_with(stage* s, int gap_frames, uint64_t seed, int bpm) {
  snprintf(s->path, sizeof s->path, "/tmp/doubletime-drummer-XXXXXX");
  const int file = mkstemp(s->path);
  assert_true(file >= 0);
  assert_int_equal(ftruncate(file, sizeof(other_drummer)), 0);
  close(file);
  s->drummer = map_drummer(s->path);
  assert_non_null(s->drummer);
  s->drummer->gap_frames = gap_frames;
  atomic_store(&s->drummer->bpm, bpm);
  s->drummer->rng = dt_rng_seeded(seed, 0);
  fill_snare(s->drummer);
  s->drummer_pid = fork();
  if (s->drummer_pid == 0) {
    execl("/proc/self/exe", "drummer", "drummer", s->path, (char*)NULL);
    _exit(127);
  }
  assert_true(wait_for_count(&s->drummer->has_joined, 1, 20000));
}

static inline void start_drummer(stage* s, int gap_frames, uint64_t seed) {
  start_drummer_with(s, gap_frames, seed, 0);
}

static inline void end_drummer(stage* s) {
  if (s->drummer_pid > 0) {
    kill(s->drummer_pid, SIGKILL);
    waitpid(s->drummer_pid, NULL, 0);
    unlink(s->path);
  }
  if (s->drummer != NULL)
    munmap(s->drummer, sizeof(other_drummer));
  s->drummer_pid = 0;
  s->drummer = NULL;
}

static inline void* run_session(void* context) {
  stage* s = context;
  s->status = dt_session_run(s->session, &s->err);
  return NULL;
}

static inline void start_session(stage* s, bool sound, const char* folder) {
  s->plan = dt_plan_default();
  s->plan.count = 1;
  s->plan.exercises[0] = dt_exercise_default();
  s->plan.exercises[0].mode = DT_MODE_OWN;
  s->plan.exercises[0].minutes = 120;
  s->plan.limits.ceiling_min = 480;
  snprintf(s->plan.exercises[0].chart, DT_PLAN_CHART_MAX, "rock");
  assert_int_equal(dt_chart_load(&s->chart, NULL, "rock", &s->err), DT_OK);
  dt_port_config config = dt_port_config_default();
  config.device = "jack";
  config.has_midi_in = true;
  config.jack.connect_in = "^drummer:out$";
  config.jack.connect_midi_in = "^drummer:midi$";
  config.jack.connect_out = "";
  s->port = dt_port_open(&config, &s->err);
  if (s->port == NULL)
    fail_msg("%s", s->err.sentence);
  const dt_session_config session = {.leader = {.plan = &s->plan,
                                                .charts = &s->chart,
                                                .options = {.seed = SEED, .today = 20000},
                                                .no_rest = true,
                                                .sync = s->sync},
                                     .sound = sound,
                                     .folder = folder,
                                     .on_lead = on_lead,
                                     .context = s};
  atomic_store(&s->heard_count, 0);
  atomic_store(&s->away_count, 0);
  atomic_store(&s->take_count, 0);
  atomic_store(&s->wait_count, 0);
  atomic_store(&s->stopped_count, 0);
  atomic_store(&s->back_count, 0);
  if (dt_session_new(&s->session, NULL, &session, s->port, &s->err) != DT_OK)
    fail_msg("%s", s->err.sentence);
  s->has_thread = pthread_create(&s->thread, NULL, run_session, s) == 0;
  assert_true(s->has_thread);
}

static inline void stop_session(stage* s) {
  if (s->has_thread) {
    dt_session_stop(s->session);
    pthread_join(s->thread, NULL);
  }
  s->has_thread = false;
}

static inline void forget_session(stage* s) {
  stop_session(s);
  dt_port_close(s->port);
  dt_session_free(s->session);
  dt_chart_clear(&s->chart, NULL);
  s->port = NULL;
  s->session = NULL;
}

static inline int clear_stage(void** state) {
  (void)state;
  if (here.session != NULL)
    forget_session(&here);
  end_drummer(&here);
  jack_server_end(&here.server, SIGTERM);
  here.sync = DT_SYNC_NONE;
  return 0;
}

/* Waits for a condition of the session, never for a time of day. */
static inline bool wait_for_heard(const stage* s, int frames) {
  for (int i = 0; i < 3000; i++) {
    if (dt_session_look(s->session).heard >= frames)
      return true;
    nap_ms(10);
  }
  return false;
}

/* Everything that real time bent so far. */
static inline uint64_t disturbances(const stage* s) {
  dt_port_state now;
  dt_port_look(s->port, &now);
  return now.xruns + now.gaps + now.backwards + now.returns +
         (uint64_t)atomic_load(&s->drummer->odd_count);
}

/* Some strokes in a row, of both lists. */
typedef struct stretch {
  int played;
  int played_count;
  int heard;
  int heard_count;
  bool is_undisturbed;
  dt_frame offset; /* the server's counter less the session's position */
} stretch;

/* The drummer plays so many strokes, and they are waited for. */
static inline stretch play_some(stage* s, int strokes) {
  stretch one = {.played = atomic_load(&s->drummer->count), .heard = atomic_load(&s->heard_count)};
  const uint64_t before = disturbances(s);
  atomic_store(&s->drummer->plays, 1);
  assert_true(wait_for_count(&s->drummer->count, one.played + strokes, 60000));
  atomic_store(&s->drummer->plays, 0);
  assert_true(wait_for_heard(s, (int)dt_session_look(s->session).heard + RATE_HZ / 2));
  one.played_count = atomic_load(&s->drummer->count) - one.played;
  one.heard_count = atomic_load(&s->heard_count) - one.heard;
  one.is_undisturbed = disturbances(s) == before;
  dt_port_state port;
  dt_port_look(s->port, &port);
  one.offset = port.device_offset;
  return one;
}

static inline bool has_stage(void) {
  if (has_jackd())
    return true;
  print_message("jackd is not installed: sessions on JACK were not tested\n");
  return false;
}

/* Stretches in which nothing came between: their number, which a busy machine makes small. */
static inline int play_undisturbed(stage* s, bool sound, int gap_frames, stretch good[STRETCHES]) {
  int count = 0;
  int tries = 0;
  assert_true(jack_server_start(&s->server, RATE_HZ, PERIOD));
  start_drummer(s, gap_frames, SEED);
  start_session(s, sound, NULL);
  assert_true(wait_for_condition(s->port, DT_PORT_RUNNING, 30000));
  assert_true(wait_for_heard(s, RATE_HZ / 2));
  for (; tries < TRIES && count < STRETCHES; tries++) {
    good[count] = play_some(s, STROKES);
    count += good[count].is_undisturbed;
  }
  stop_session(s);
  assert_int_equal(s->status, DT_OK);
  const dt_session_state end = dt_session_look(s->session);
  assert_int_equal(end.lost_blocks + end.lost_midi, 0);
  print_message("%d stretches of %d strokes, %d of them undisturbed\n", tries, STROKES, count);
  if (count == 0)
    print_message("the server could not keep up: nothing is said about times\n");
  return count;
}

#endif
