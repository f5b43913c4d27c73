/*
 * The whole live chain on a JACK server without a sound card: another client plays strokes of the
 * own kit, or notes, at known frames; the session hears them. Prints Markdown: how many arrived,
 * how exact their times are, and how long after its attack each stroke was told.
 *
 *   bench_live [--sound|--midi] [--period 256] [--seconds 30] [--strokes 8] [--busy N]
 *              [--seed 900001] [--band]    --band: with a bass and comping line (FluidSynth)
 *   bench_live --soak [--minutes 30]     64 frames, 20 strokes a second, two busy loops, MIDI
 * unless
 *              [--sound]                 --sound; a row a minute, and what came of every stroke
 *
 * The session's positions are compared with the server's own frames: the port says by how much they
 * differ at every moment, and why (dt_port_state). Do not run it under nice.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void nap_ms(int ms) {
  const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
  nanosleep(&pause, NULL);
}

#include <jack/midiport.h>

#include "../test/port/jack_server.h"
#include "dt/chart_file.h"
#include "dt/rng.h"
#include "dt/session.h"
#include "dt/smf.h"
#include "dt/synthkit.h"
#include "live_watch.h"

#define STROKES_MAX 200000
#define RATE_HZ     48000
/* Nearer than half the distance of two strokes, 20 a second. Until a loss that only the clock tells
 * is told (8 blocks), what is heard stands too early by it. */
#define NEAR_FRAMES 700

typedef struct stroke_list {
  double at[STROKES_MAX]; /* frames of whoever counts */
  double us[STROKES_MAX]; /* CLOCK_MONOTONIC: of the attack, and when it was told */
  int count;
} stroke_list;

typedef struct live {
  bool sound;
  int period;
  double seconds;
  double strokes_a_second;
  int busy;
  uint64_t seed;
  jack_client_t* client;
  jack_port_t* audio_out;
  jack_port_t* midi_out;
  dt_synthkit* kit;
  float* snare; /* one stroke, from its attack on */
  int snare_frames;
  dt_rng rng;
  _Atomic bool plays;
  double next; /* by the server's counter, from the first cycle on */
  int64_t base;
  bool has_base;
  stroke_list played;
  stroke_list heard;
  uint32_t expected; /* of the server's counter */
  _Atomic int odd_cycles;
  _Atomic int xruns;
  bool is_soak;
  bool has_band;
  dt_buffer band;
  live_watch watch;
  dt_port_state end; /* as both were when the strokes were over */
  int end_peer_xruns;
  dt_port* port;
  dt_session* session;
} live;

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static double draw_gap(live* l) {
  const double mean = RATE_HZ / l->strokes_a_second;
  return floor(mean * (0.6 + 0.8 * dt_rng_uniform(&l->rng)));
}

static void play_sound(const live* l, float* out, int64_t at, int frames) {
  for (int i = l->played.count; i-- > 0;) {
    const int64_t from = (int64_t)l->played.at[i] - at;
    if (from + l->snare_frames < 0)
      return;
    for (int64_t k = from < 0 ? -from : 0; k < l->snare_frames && from + k < frames; k++)
      out[from + k] += l->snare[k];
  }
}

static int process(jack_nframes_t frames, void* context) {
  live* l = context;
  const jack_nframes_t raw = jack_last_frame_time(l->client);
  const int64_t now = (int64_t)raw;
  /* A cycle whose time is not where the last one ended plays no new stroke: a client that is called
   * late is told the time of the next cycle, so it could not be said when. */
  const bool is_odd = l->has_base && raw != l->expected;
  l->expected = raw + frames;
  atomic_fetch_add(&l->odd_cycles, is_odd);
  if (!l->has_base) {
    l->has_base = true;
    l->base = now;
    l->next = RATE_HZ;
  }
  const int64_t at = now - l->base;
  /* A sound card's callback comes when the block's last frame is in. (The dummy server's own clock
   * stays behind after a late start.) */
  const double block_us = now_us() - frames * 1e6 / RATE_HZ;
  float* out = jack_port_get_buffer(l->audio_out, frames);
  void* midi = jack_port_get_buffer(l->midi_out, frames);
  memset(out, 0, frames * sizeof(float));
  jack_midi_clear_buffer(midi);
  while (atomic_load(&l->plays) && l->next < (double)(at + frames) &&
         l->played.count < STROKES_MAX) {
    if (l->next >= (double)at && !is_odd) { /* what fell into a lost cycle was not played */
      static const uint8_t note[3] = {0x99, 38, 100};
      l->played.us[l->played.count] = block_us + (l->next - (double)at) * 1e6 / RATE_HZ;
      l->played.at[l->played.count++] = l->next;
      (void)jack_midi_event_write(midi, (jack_nframes_t)(l->next - (double)at), note, 3);
    }
    l->next += draw_gap(l);
  }
  if (l->sound)
    play_sound(l, out, at, (int)frames);
  return 0;
}

static void on_lead(void* context, const dt_lead* lead, const char* text) {
  (void)text;
  live* l = context;
  if (lead->kind != DT_LEAD_STROKE || l->heard.count == STROKES_MAX)
    return;
  l->heard.us[l->heard.count] = now_us();
  l->heard.at[l->heard.count++] = lead->stroke.stroke.time_s * RATE_HZ;
}

static int on_xrun(void* context) {
  live* l = context;
  atomic_fetch_add(&l->xruns, 1);
  return 0;
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static double quantile(double* sorted, int count, double share) {
  return count > 0 ? sorted[(int)(share * (count - 1))] : (double)NAN;
}

static void* keep_busy(void* context) {
  const _Atomic bool* stop = context;
  volatile double x = 1;
  while (!atomic_load(stop))
    x = x * 1.0000001 + 1e-9;
  return NULL;
}

static void* run_session(void* context) {
  live* l = context;
  dt_error err = {0};
  if (dt_session_run(l->session, &err) != DT_OK)
    fprintf(stderr, "bench_live: %s\n", err.sentence);
  return NULL;
}

/* Every stroke that was played, and where it came. */
typedef struct matches {
  double error_ms[STROKES_MAX]; /* by the server's frames: nothing is taken off */
  double told_ms[STROKES_MAX];
  int count;
  int exact;  /* to the frame */
  int in_gap; /* not heard, where frames were lost */
  int missed; /* not heard, and nobody knows why */
} matches;

static void match(const live* l, matches* m) {
  for (int a = 0, b = 0; a < l->played.count; a++) {
    const int64_t at = l->base + (int64_t)l->played.at[a];
    while (b < l->heard.count &&
           live_server_frame(&l->watch, l->heard.at[b], at) < at - NEAR_FRAMES)
      b++;
    const dt_frame away =
        b < l->heard.count ? live_server_frame(&l->watch, l->heard.at[b], at) - at : INT64_MAX;
    if (away >= NEAR_FRAMES) {
      const bool is_in_gap = live_is_in_gap(&l->watch, at);
      m->in_gap += is_in_gap;
      m->missed += !is_in_gap;
      continue;
    }
    const double part = l->heard.at[b] - round(l->heard.at[b]);
    m->exact += away == 0 && fabs(part) < 0.01;
    m->error_ms[m->count] = ((double)away + part) * 1000 / RATE_HZ;
    m->told_ms[m->count++] = (l->heard.us[b] - l->played.us[a]) / 1000;
    b++;
  }
}

static void report_soak(const live* l, const matches* m, const dt_port_state* port) {
  const live_watch* w = &l->watch;
  const dt_frame apart = w->first.device_offset - port->device_offset;
  const dt_frame by_clock = port->by_clock_frames - w->first.by_clock_frames;
  const dt_frame ahead = port->ahead_frames - w->first.ahead_frames;
  printf(
      "\n%d strokes played, %d heard of them (%d at their very frame), %d fell into gaps that were "
      "told, %d missing; %d heard that were not played. %llu xruns seen, %d told to the other "
      "client, whose time was odd in %d cycles. Of %lld frames in %llu gaps the session saw %lld. "
      "The position is %lld frames (%.1f ms) from the server's counter, of which %lld lost by the "
      "clock alone and %lld the counter going back: %s. Resident: %.2f MiB after a minute, %.2f at "
      "the end, %.2f at most.\n",
      l->played.count, m->count, m->exact, m->in_gap, m->missed, l->heard.count - m->count,
      (unsigned long long)(port->xruns - w->xruns_before), l->end_peer_xruns - w->peer_xruns_before,
      atomic_load(&l->odd_cycles), (long long)port->gap_frames, (unsigned long long)port->gaps,
      (long long)dt_session_look(l->session).gap_frames, (long long)apart,
      (double)apart * 1000 / RATE_HZ, (long long)by_clock, (long long)ahead,
      apart == by_clock + ahead ? "it adds up" : "IT DOES NOT ADD UP", w->first_mib, w->last_mib,
      w->most_mib);
}

static int report(live* l) {
  static matches m;
  match(l, &m);
  const dt_port_state state = l->end;
  const dt_session_state seen = dt_session_look(l->session);
  qsort(m.error_ms, (size_t)m.count, sizeof *m.error_ms, by_size);
  qsort(m.told_ms, (size_t)m.count, sizeof *m.told_ms, by_size);
  const double sd =
      (quantile(m.error_ms, m.count, 0.75) - quantile(m.error_ms, m.count, 0.25)) / 1.349;
  if (l->is_soak)
    printf("\n");
  printf(
      "| by | period | busy loops | played | heard of them | heard in all | median error, ms | "
      "robust SD, ms | 98 %% within, ms | told after, ms: median | p99 | xruns | frames in gaps | "
      "lost in queues |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  printf(
      "| %s | %d | %d | %d | %d | %d | %.4f | %.4f | %.3f | %.1f | %.1f | %llu | %lld | %llu |\n",
      l->sound ? "sound" : "MIDI", l->period, l->busy, l->played.count, m.count, l->heard.count,
      quantile(m.error_ms, m.count, 0.5), sd,
      quantile(m.error_ms, m.count, 0.99) - quantile(m.error_ms, m.count, 0.01),
      quantile(m.told_ms, m.count, 0.5), quantile(m.told_ms, m.count, 0.99),
      (unsigned long long)state.xruns, (long long)seen.gap_frames,
      (unsigned long long)(seen.lost_blocks + seen.lost_midi));
  if (l->is_soak)
    report_soak(l, &m, &state);
  if (l->has_band)
    printf("\nThe band: %llu times not ready in time, %llu frames silent; %llu notes up to 1.3 ms "
           "late.\n",
           (unsigned long long)seen.band_underruns, (unsigned long long)seen.band_underrun_frames,
           (unsigned long long)seen.band_inexact);
  return m.missed == 0 && seen.lost_blocks + seen.lost_midi == 0 ? 0 : 1;
}

static bool join(live* l) {
  l->client = jack_client_open("player", JackNoStartServer, NULL);
  if (!l->client)
    return false;
  l->audio_out = jack_port_register(l->client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
  l->midi_out = jack_port_register(l->client, "midi", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  jack_set_process_callback(l->client, process, l);
  jack_set_xrun_callback(l->client, on_xrun, l);
  return jack_activate(l->client) == 0;
}

static bool make_snare(live* l) {
  l->kit = dt_synthkit_new(NULL, RATE_HZ, l->seed);
  if (!l->kit)
    return false;
  const dt_stroke stroke = dt_stroke_at(0, DT_SNARE);
  l->snare_frames = RATE_HZ / 5;
  l->snare = calloc((size_t)l->snare_frames, sizeof *l->snare);
  if (l->snare)
    dt_synthkit_add(l->kit, &stroke, l->snare, (size_t)l->snare_frames, 0);
  return l->snare != NULL;
}

/* Four bars of a walking bass, and a chord of four notes twice a bar. */
static bool make_band(live* l) {
  static const uint8_t bass[4][4] = {
      {38, 41, 45, 41}, {43, 47, 50, 47}, {36, 40, 43, 45}, {36, 40, 43, 37}};
  static const uint8_t chords[4][4] = {
      {60, 64, 65, 69}, {59, 62, 65, 69}, {59, 62, 64, 67}, {60, 62, 64, 67}};
  static dt_midi_event events[256];
  dt_smf smf = {.map = {.ticks_per_quarter = 480}, .events = events};
  events[smf.event_count++] = (dt_midi_event){.status = 0xC0, .data1 = 32};
  for (int step = 0; step < 32; step++) { /* eighths */
    const dt_tick tick = 240 * step;
    const int bar = step / 8;
    const bool is_chord = step % 8 == 0 || step % 8 == 3;
    for (int off = 0; off < 2; off++) {
      const dt_tick at = tick + (off ? 200 : 0);
      const uint8_t status = off ? 0x80 : 0x90;
      if (step % 2 == 0)
        events[smf.event_count++] = (dt_midi_event){
            .tick = at, .status = status, .data1 = bass[bar][step % 8 / 2], .data2 = 90};
      for (int k = 0; k < 4 && is_chord; k++)
        events[smf.event_count++] = (dt_midi_event){
            .tick = at, .status = (uint8_t)(status + 1), .data1 = chords[bar][k], .data2 = 70};
    }
  }
  return dt_smf_write(&smf, dt_buffer_sink(&l->band)) == DT_OK;
}

static int measure(live* l) {
  dt_error err = {0};
  dt_plan plan = dt_plan_default();
  plan.count = 1;
  plan.exercises[0] = dt_exercise_default();
  plan.exercises[0].mode = DT_MODE_OWN;
  plan.exercises[0].minutes = 120;
  plan.limits.ceiling_min = 480;
  snprintf(plan.exercises[0].chart, DT_PLAN_CHART_MAX, "rock");
  dt_chart chart;
  if (dt_chart_load(&chart, NULL, "rock", &err) != DT_OK)
    return 1;
  dt_port_config config = dt_port_config_default();
  config.device = "jack";
  config.has_midi_in = true;
  config.jack.connect_in = "player:out";
  config.jack.connect_midi_in = "player:midi";
  config.jack.connect_out = "";
  l->port = dt_port_open(&config, &err);
  const dt_session_config session = {
      .leader = {.plan = &plan,
                 .charts = &chart,
                 .options = {.seed = l->seed, .today = 1},
                 .no_rest = true},
      .sound = l->sound,
      .latency_ms = 0,
      .band_file = l->has_band ? (const char*)l->band.bytes : NULL,
      .band_file_size = l->band.size,
      .on_lead = on_lead,
      .context = l,
  };
  if (!l->port || dt_session_new(&l->session, NULL, &session, l->port, &err) != DT_OK) {
    fprintf(stderr, "bench_live: %s\n", err.sentence);
    return 1;
  }
  pthread_t thread;
  pthread_t busy[16];
  _Atomic bool stop = false;
  for (int i = 0; i < l->busy && i < 16; i++)
    pthread_create(&busy[i], NULL, keep_busy, &stop);
  pthread_create(&thread, NULL, run_session, l);
  l->watch.port = l->port;
  l->watch.session = l->session;
  l->watch.peer_xruns = &l->xruns;
  l->watch.rows = l->is_soak ? stdout : NULL;
  if (!live_watch_begin(&l->watch))
    return 1;
  nap_ms(1000);
  atomic_store(&l->plays, true);
  nap_ms((int)(1000 * l->seconds));
  atomic_store(&l->plays, false);
  nap_ms(500);
  live_watch_end(&l->watch);
  dt_port_look(l->port, &l->end);
  l->end_peer_xruns = atomic_load(&l->xruns);
  dt_session_stop(l->session);
  pthread_join(thread, NULL);
  atomic_store(&stop, true);
  for (int i = 0; i < l->busy && i < 16; i++)
    pthread_join(busy[i], NULL);
  const int result = report(l);
  live_watch_free(&l->watch);
  dt_port_close(l->port);
  dt_session_free(l->session);
  dt_chart_clear(&chart, NULL);
  return result;
}

int main(int argc, char** argv) {
  live* l = calloc(1, sizeof *l);
  if (!l)
    return 1;
  *l = (live){.sound = true, .period = 256, .seconds = 30, .strokes_a_second = 8, .seed = 900001};
  for (int i = 1; i < argc; i++) {
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--midi") == 0)
      l->sound = false;
    else if (strcmp(argv[i], "--sound") == 0)
      l->sound = true;
    else if (strcmp(argv[i], "--band") == 0)
      l->has_band = true;
    else if (strcmp(argv[i], "--soak") == 0) {
      l->is_soak = true;
      l->sound = false;
      l->period = 64;
      l->strokes_a_second = 20;
      l->busy = 2;
      l->seconds = 1800;
    } else if (strcmp(argv[i], "--minutes") == 0 && ++i)
      l->seconds = 60 * atof(value);
    else if (strcmp(argv[i], "--period") == 0 && ++i)
      l->period = atoi(value);
    else if (strcmp(argv[i], "--seconds") == 0 && ++i)
      l->seconds = atof(value);
    else if (strcmp(argv[i], "--strokes") == 0 && ++i)
      l->strokes_a_second = atof(value);
    else if (strcmp(argv[i], "--busy") == 0 && ++i)
      l->busy = atoi(value);
    else if (strcmp(argv[i], "--seed") == 0 && ++i)
      l->seed = strtoull(value, NULL, 10);
  }
  live_make_resident(l, sizeof *l);
  l->rng = dt_rng_seeded(l->seed, 0);
  if (!has_jackd()) {
    fprintf(stderr, "bench_live: jackd is not installed\n");
    return 1;
  }
  jack_server server = jack_server_named();
  int result = 1;
  if (make_snare(l) && (!l->has_band || make_band(l)) &&
      jack_server_start(&server, RATE_HZ, l->period) && join(l)) {
    result = measure(l);
    jack_client_close(l->client);
  }
  jack_server_end(&server, SIGTERM);
  free(l->snare);
  dt_buffer_clear(&l->band);
  dt_synthkit_free(l->kit);
  free(l);
  return result;
}
