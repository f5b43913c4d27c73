/*
 * A whole session on a JACK server without a sound card: another program plays notes and the kit's
 * sounds at known frames of the server, and each must arrive as a stroke. Only frames are compared,
 * never the time of day: on a busy machine a server loses frames; such a stretch is played again.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../port/port_support.h"

#include "../port/jack_server.h"

#include <jack/midiport.h>
#include <pthread.h>
#include <sys/mman.h>

#include "dt/chart_file.h"
#include "dt/rng.h"
#include "dt/session.h"
#include "dt/stat.h"
#include "dt/synthkit.h"

#define RATE_HZ     48000
#define PERIOD      256
#define STROKES_MAX 4096
#define SNARE_MAX   (RATE_HZ / 5)
#define STROKES     12 /* of a stretch */
#define STRETCHES   6
#define TRIES       15
#define SEED        731001 /* developed on 731000 */

/* ---- the other program: started anew with other arguments, it shares a mapped file ---- */

typedef struct other_drummer {
  uint32_t at[STROKES_MAX]; /* by the server's counter */
  float loud[STROKES_MAX];
  _Atomic int count;
  _Atomic int odd_count; /* cycles whose time is not where the one before ended */
  _Atomic int has_joined;
  _Atomic int plays;
  /* The transport's frame less the server's counter, while it rolls. */
  _Atomic int transport_ahead;
  _Atomic int is_rolling;
  _Atomic int bpm; /* told as timebase master; 0: it is none */
  float snare[SNARE_MAX];
  int gap_frames; /* mean distance of strokes */
  dt_rng rng;
  uint32_t next;
  uint32_t expected;
  bool has_begun;
  bool has_counter;
  jack_client_t* client;
  jack_port_t* out;
  jack_port_t* midi_out;
} other_drummer;

static uint32_t draw_gap(other_drummer* d) {
  return (uint32_t)(d->gap_frames * (0.6 + 0.8 * dt_rng_uniform(&d->rng)));
}

static void ring_on(const other_drummer* d, float* out, uint32_t now, uint32_t frames) {
  for (int i = atomic_load(&d->count); i-- > 0;) {
    const int32_t from = (int32_t)(d->at[i] - now);
    if (from + SNARE_MAX < 0)
      return;
    for (int32_t k = from < 0 ? -from : 0; k < SNARE_MAX && from + k < (int32_t)frames; k++)
      out[from + k] += d->loud[i] * d->snare[k];
  }
}

/* A cycle whose time is in doubt plays no new stroke: it could not be said when. */
static int other_process(jack_nframes_t frames, void* context) {
  static const uint8_t note[3] = {0x99, 38, 100};
  other_drummer* d = context;
  const uint32_t now = jack_last_frame_time(d->client);
  const bool is_odd = d->has_counter && now != d->expected;
  d->has_counter = true;
  d->expected = now + frames;
  atomic_fetch_add(&d->odd_count, is_odd);
  jack_position_t position;
  const bool is_rolling = jack_transport_query(d->client, &position) == JackTransportRolling;
  if (is_rolling && !is_odd)
    atomic_store(&d->transport_ahead, (int32_t)(position.frame - now));
  atomic_store(&d->is_rolling, is_rolling);
  float* out = jack_port_get_buffer(d->out, frames);
  void* midi = jack_port_get_buffer(d->midi_out, frames);
  memset(out, 0, frames * sizeof(float));
  jack_midi_clear_buffer(midi);
  if (!atomic_load(&d->plays))
    d->has_begun = false;
  else if (!d->has_begun) {
    d->has_begun = true;
    d->next = now + RATE_HZ / 4;
  }
  while (d->has_begun && (int32_t)(d->next - (now + frames)) < 0) {
    const int count = atomic_load(&d->count);
    if ((int32_t)(d->next - now) >= 0 && !is_odd && count < STROKES_MAX) {
      (void)jack_midi_event_write(midi, d->next - now, note, sizeof note);
      d->at[count] = d->next;
      d->loud[count] = (float)(0.3 + 0.7 * dt_rng_uniform(&d->rng));
      atomic_store(&d->count, count + 1);
    }
    d->next += draw_gap(d);
  }
  ring_on(d, out, now, frames);
  return 0;
}

static void tell_tempo(jack_transport_state_t state, jack_nframes_t frames,
                       jack_position_t* position, int is_new, void* context) {
  (void)state, (void)frames, (void)is_new;
  const other_drummer* d = context;
  position->valid = JackPositionBBT;
  position->beats_per_bar = 4;
  position->beat_type = 4;
  position->ticks_per_beat = 960;
  position->bar = position->beat = 1;
  position->beats_per_minute = atomic_load(&d->bpm);
}

static other_drummer* map_drummer(const char* path) {
  const int file = open(path, O_RDWR);
  if (file < 0)
    return NULL;
  void* at = mmap(NULL, sizeof(other_drummer), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return at == MAP_FAILED ? NULL : at;
}

static int other_main(const char* path) {
  other_drummer* d = map_drummer(path);
  if (d == NULL)
    return 1;
  jack_set_error_function(hush);
  jack_set_info_function(hush);
  d->client = jack_client_open("drummer", JackNoStartServer, NULL);
  if (d->client == NULL)
    return 1;
  d->out = jack_port_register(d->client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
  d->midi_out = jack_port_register(d->client, "midi", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  jack_set_process_callback(d->client, other_process, d);
  if (jack_activate(d->client) == 0)
    atomic_store(&d->has_joined, 1);
  if (atomic_load(&d->bpm) > 0)
    (void)jack_set_timebase_callback(d->client, 0, tell_tempo, d);
  for (;;)
    nap_ms(1000);
}

/* ---- the stage ---- */

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

static void on_lead(void* context, const dt_lead* lead, const char* text) {
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

static void fill_snare(other_drummer* d) {
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE_HZ, SEED);
  assert_non_null(kit);
  const dt_stroke stroke = dt_stroke_at(0, DT_SNARE);
  dt_synthkit_add(kit, &stroke, d->snare, SNARE_MAX, 0);
  for (int i = 0; i < SNARE_MAX / 2; i++) /* a cut would be a stroke too */
    d->snare[SNARE_MAX - 1 - i] *= 2 * (float)i / SNARE_MAX;
  dt_synthkit_free(kit);
}

static void start_drummer_with(stage* s, int gap_frames, uint64_t seed, int bpm) {
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

static void start_drummer(stage* s, int gap_frames, uint64_t seed) {
  start_drummer_with(s, gap_frames, seed, 0);
}

static void end_drummer(stage* s) {
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

static void* run_session(void* context) {
  stage* s = context;
  s->status = dt_session_run(s->session, &s->err);
  return NULL;
}

static void start_session(stage* s, bool sound, const char* folder) {
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

static void stop_session(stage* s) {
  if (s->has_thread) {
    dt_session_stop(s->session);
    pthread_join(s->thread, NULL);
  }
  s->has_thread = false;
}

static void forget_session(stage* s) {
  stop_session(s);
  dt_port_close(s->port);
  dt_session_free(s->session);
  dt_chart_clear(&s->chart, NULL);
  s->port = NULL;
  s->session = NULL;
}

static int clear_stage(void** state) {
  (void)state;
  if (here.session != NULL)
    forget_session(&here);
  end_drummer(&here);
  jack_server_end(&here.server, SIGTERM);
  here.sync = DT_SYNC_NONE;
  return 0;
}

/* Waits for a condition of the session, never for a time of day. */
static bool wait_for_heard(const stage* s, int frames) {
  for (int i = 0; i < 3000; i++) {
    if (dt_session_look(s->session).heard >= frames)
      return true;
    nap_ms(10);
  }
  return false;
}

/* Everything that real time bent so far. */
static uint64_t disturbances(const stage* s) {
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
static stretch play_some(stage* s, int strokes) {
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

static bool has_stage(void) {
  if (has_jackd())
    return true;
  print_message("jackd is not installed: sessions on JACK were not tested\n");
  return false;
}

/* Stretches in which nothing came between: their number, which a busy machine makes small. */
static int play_undisturbed(stage* s, bool sound, int gap_frames, stretch good[STRETCHES]) {
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

/* ---- what must hold ---- */

static void every_note_arrives_at_its_frame(void** state) {
  (void)state;
  stage* s = &here;
  stretch good[STRETCHES];
  const int count = has_stage() ? play_undisturbed(s, false, RATE_HZ / 20, good) : 0;
  for (int k = 0; k < count; k++) {
    const uint32_t* played = s->drummer->at + good[k].played;
    const double* heard = s->heard + good[k].heard;
    assert_int_equal(good[k].heard_count, good[k].played_count);
    for (int i = 0; i < good[k].played_count; i++)
      assert_int_equal(llround(heard[i]) + good[k].offset, played[i]);
  }
}

/* Against the server's own frames: the port says by how much its positions differ from them. */
static void every_sound_arrives_within_half_a_millisecond(void** state) {
  (void)state;
  stage* s = &here;
  stretch good[STRETCHES];
  static double away_ms[STROKES_MAX];
  static double scratch[STROKES_MAX];
  size_t all = 0;
  const int count = has_stage() ? play_undisturbed(s, true, RATE_HZ / 8, good) : 0;
  for (int k = 0; k < count; k++) {
    /* None lost, and none that was not played. */
    assert_int_equal(good[k].heard_count, good[k].played_count);
    const size_t strokes = (size_t)good[k].played_count;
    for (size_t i = 0; i < strokes; i++)
      away_ms[all + i] = (s->heard[good[k].heard + (int)i] + (double)good[k].offset -
                          s->drummer->at[good[k].played + (int)i]) *
                         1000 / RATE_HZ;
    all += strokes;
  }
  if (all == 0)
    return;
  const double sd_ms = dt_robust_sd(away_ms, all, scratch);
  const double median_ms = dt_median(away_ms, all, scratch);
  print_message("%zu strokes: median %+.3f ms, robust SD %.3f ms\n", all, median_ms, sd_ms);
  assert_true(sd_ms < 0.5);
  assert_true(fabs(median_ms) < 0.3);
  for (size_t i = 0; i < all; i++)
    assert_true(fabs(away_ms[i]) < 10);
}

/* A take's count-in begins on a bar line of the transport, and not before it rolls. */
static void check_transport(stage* s, double bpm) {
  const double bar = 4 * 60.0 / bpm * RATE_HZ;
  const int takes = atomic_load(&s->take_count);
  const uint64_t before = disturbances(s);
  assert_int_equal(dt_port_transport(s->port, DT_PORT_TRANSPORT_ROLL, 12345), DT_OK);
  assert_true(wait_for_count(&s->take_count, takes + 1, 60000));
  assert_true(fabs(s->take_bpm - bpm) < 1e-6);
  const double bars = (double)(s->take_start + atomic_load(&s->drummer->transport_ahead)) / bar;
  if (disturbances(s) == before)
    assert_true(fabs(bars - round(bars)) * bar <= 1);
  else
    print_message("the server could not keep up: the place of the bar line was not checked\n");
  const int stopped = atomic_load(&s->stopped_count);
  const int waits = atomic_load(&s->wait_count);
  assert_int_equal(dt_port_transport(s->port, DT_PORT_TRANSPORT_STOP, -1), DT_OK);
  assert_true(wait_for_count(&s->stopped_count, stopped + 1, 20000));
  assert_true(wait_for_count(&s->wait_count, waits + 1, 20000));
}

static void the_band_goes_with_the_transport(void** state) {
  (void)state;
  stage* s = &here;
  if (!has_stage())
    return;
  s->sync = DT_SYNC_JACK;
  assert_true(jack_server_start(&s->server, RATE_HZ, PERIOD));
  start_drummer_with(s, RATE_HZ / 8, SEED, 93);
  start_session(s, false, NULL);
  assert_true(wait_for_condition(s->port, DT_PORT_RUNNING, 30000));
  assert_true(wait_for_count(&s->wait_count, 1, 30000));
  nap_ms(500);
  assert_int_equal(atomic_load(&s->take_count), 0); /* it does not roll yet */
  for (int i = 0; i < 3; i++)
    check_transport(s, 93);
  stop_session(s);
  assert_int_equal(s->status, DT_OK);
}

static void remove_session(const char* folder) {
  static const char* const names[] = {"session.txt", "plan.txt",   "chart-1.txt",
                                      "past.txt",    "events.txt", "decisions.txt"};
  char path[128];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
}

static void assert_exact(const stage* s, const stretch* one) {
  if (!one->is_undisturbed) {
    print_message("the server could not keep up: these times were not checked\n");
    return;
  }
  assert_int_equal(one->heard_count, one->played_count);
  for (int i = 1; i < one->played_count; i++)
    assert_int_equal(llround(s->heard[one->heard + i] - s->heard[one->heard]),
                     s->drummer->at[one->played + i] - s->drummer->at[one->played]);
}

static void a_session_outlives_its_server(void** state) {
  (void)state;
  stage* s = &here;
  if (!has_stage())
    return;
  char folder[64] = "/tmp/doubletime-session-XXXXXX";
  assert_non_null(mkdtemp(folder));
  assert_true(jack_server_start(&s->server, RATE_HZ, PERIOD));
  start_drummer(s, RATE_HZ / 20, SEED);
  start_session(s, false, folder);
  assert_true(wait_for_heard(s, RATE_HZ / 2));
  const stretch before = play_some(s, STROKES);
  assert_exact(s, &before);
  const dt_frame gap_before = dt_session_look(s->session).gap_frames;
  jack_server_end(&s->server, SIGKILL);
  assert_true(wait_for_condition(s->port, DT_PORT_GONE, 30000));
  assert_true(wait_for_count(&s->away_count, 1, 10000)); /* not when it is back: now */
  assert_int_equal(atomic_load(&s->back_count), 0);
  end_drummer(s);
  nap_ms(500);
  assert_true(jack_server_start(&s->server, RATE_HZ, PERIOD));
  start_drummer(s, RATE_HZ / 20, SEED + 1);
  assert_true(wait_for_condition(s->port, DT_PORT_RUNNING, 30000));
  assert_true(wait_for_heard(s, (int)dt_session_look(s->session).heard + RATE_HZ / 2));
  assert_int_equal(atomic_load(&s->back_count), 1);
  const stretch after = play_some(s, STROKES);
  assert_exact(s, &after);
  stop_session(s);
  assert_int_equal(s->status, DT_OK);
  dt_port_state port;
  dt_port_look(s->port, &port);
  const dt_session_state end = dt_session_look(s->session);
  print_message("%.2f s counted as lost\n", (double)(end.gap_frames - gap_before) / RATE_HZ);
  assert_int_equal(port.returns, 1);
  assert_true(end.gap_frames - gap_before >= RATE_HZ / 2);
  assert_int_equal(end.gap_frames, port.gap_frames);
  assert_int_equal(end.lost_blocks + end.lost_midi, 0);
  assert_true(after.heard_count > 0);
  assert_true(s->heard[after.heard] - s->heard[after.heard - 1] > RATE_HZ / 2.0);
  forget_session(s);
  bool same = false;
  assert_int_equal(dt_session_replay(folder, NULL, NULL, &same, &s->err), DT_OK);
  if (!same)
    fail_msg("%s", s->err.sentence);
  remove_session(folder);
}

int main(int argc, char** argv) {
  if (argc == 3 && strcmp(argv[1], "drummer") == 0)
    return other_main(argv[2]);
  here.server = jack_server_named();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(every_note_arrives_at_its_frame, clear_stage),
      cmocka_unit_test_teardown(every_sound_arrives_within_half_a_millisecond, clear_stage),
      cmocka_unit_test_teardown(a_session_outlives_its_server, clear_stage),
      cmocka_unit_test_teardown(the_band_goes_with_the_transport, clear_stage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
