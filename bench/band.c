/*
 * What the band costs, and where its onsets stand. Markdown on standard output.
 *
 *   bench_band
 *
 * Cost: processor time of this thread for one second of sound at 48 kHz, in percent of one core;
 * the median of nine runs of 20 s of sound each.
 * Onsets: a click of each kind is rendered alone, at each rate; the first sample that is not zero
 * against the event's frame, and the time from there to 5 % and to half of the first peak (5 % is
 * what the ear calls the attack, dt/ear.h).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dt/band.h"
#include "dt/chart_text.h"

enum { RATE = 48000, SECONDS = 20, RUNS = 9, BLOCK_MOST = 4096 };

static void die(const char* what) {
  fprintf(stderr, "bench_band: %s\n", what);
  exit(1);
}

/* Processor time: other work on the machine does not count. */
static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static dt_band* make_band(int rate_hz, int voices, bool has_kit) {
  dt_band_config config = dt_band_config_default(rate_hz);
  config.voices = voices;
  config.has_kit = has_kit;
  config.channel_count = 2;
  config.events = 8192;
  dt_band* band = NULL;
  if (dt_band_new(&band, NULL, &config) != DT_OK)
    die("no band");
  return band;
}

static void put(dt_band* band, const dt_band_command* command) {
  if (dt_band_put(band, command) != DT_OK)
    die("a command was refused");
}

static dt_band_song* make_song(const char* text, double bpm) {
  dt_chart chart = {0};
  dt_part part = {0};
  dt_error error = {.sentence = ""};
  dt_band_song* song = NULL;
  if (dt_chart_parse(&chart, NULL, text, strlen(text), &error) != DT_OK ||
      dt_part_from_chart(&part, NULL, &chart, 8, bpm) != DT_OK ||
      dt_band_song_new(&song, NULL, &part) != DT_OK)
    die(error.sentence);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
  return song;
}

typedef struct scene {
  const char* name;
  const char* chart; /* NULL: click alone */
  double bpm;
  int divide;
  int voices;
  bool ramp; /* levels that move all the time */
} scene;

/* Crashes and rides ring for seconds: every voice is always taken. */
static const char busy[] = "meter: 4/4\nstep: 1/16\n\n"
                           "crash |x-x-x-x-x-x-x-x-|\n"
                           "ride  |xxxxxxxxxxxxxxxx|\n"
                           "snare |xxxxxxxxxxxxxxxx|\n"
                           "kick  |xxxxxxxxxxxxxxxx|\n";
static const char rock[] = "meter: 4/4\nstep: 1/8\n\n"
                           "hi-hat |xxxxxxxx|\n"
                           "snare  |--x---x-|\n"
                           "kick   |x---x---|\n";

static const scene scenes[] = {
    {"silence", NULL, 0, 0, 24, false},
    {"click, quarters", NULL, 120, 1, 24, false},
    {"click, sixteenths at 300", NULL, 300, 4, 24, false},
    {"rock and click", rock, 120, 1, 24, false},
    {"busy chart at 200, 24 voices always taken", busy, 200, 4, 24, false},
    {"the same, levels moving", busy, 200, 4, 24, true},
    {"busy chart at 200, 64 voices always taken", busy, 200, 4, 64, false},
};

static void put_scene(dt_band* band, const scene* s, const dt_band_song* song) {
  dt_band_command c = dt_band_command_of(DT_BAND_CLICK, 0);
  c.click.divide = s->divide;
  put(band, &c);
  for (int bus = 0; s->ramp && bus < DT_BAND_BUS_COUNT; bus++) {
    c = dt_band_command_of(DT_BAND_LEVEL, 0);
    c.level.bus = (dt_band_bus)bus;
    c.level.db = -40;
    c.level.ramp_ms = 600000;
    put(band, &c);
  }
  c = dt_band_command_of(DT_BAND_MIDI, 0);
  put(band, &c);
  if (s->bpm == 0)
    return;
  c = dt_band_command_of(DT_BAND_START, 0);
  c.start.bpm = s->bpm;
  c.start.song = song;
  c.start.times = 0;
  put(band, &c);
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

/* Percent of a core. */
static double run_scene(const scene* s, size_t block) {
  dt_band_song* song = s->chart ? make_song(s->chart, s->bpm) : NULL;
  dt_band* band = make_band(RATE, s->voices, true);
  put_scene(band, s, song);
  static float left[BLOCK_MOST];
  static float right[BLOCK_MOST];
  float* out[2] = {left, right};
  double percent[RUNS];
  dt_frame at = 0;
  for (int r = -1; r < RUNS; r++) { /* the first, unmeasured, fills the voices */
    const double begin = now_s();
    for (const dt_frame end = at + (dt_frame)RATE * SECONDS; at < end; at += (dt_frame)block)
      dt_band_process(band, at, out, block);
    const double took = (now_s() - begin) / SECONDS * 100;
    if (r >= 0)
      percent[r] = took;
  }
  qsort(percent, RUNS, sizeof *percent, by_size);
  dt_band_free(band);
  dt_band_song_free(song);
  return percent[RUNS / 2];
}

static void costs(void) {
  static const size_t blocks[] = {16, 64, 256, 1024};
  printf("## Cost at %d Hz, two channels, %% of a core\n\n", RATE);
  printf("| scene | 16 frames | 64 | 256 | 1024 |\n|---|---|---|---|---|\n");
  for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
    printf("| %s |", scenes[i].name);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
      printf(" %.3f |", run_scene(&scenes[i], blocks[b]));
      fflush(stdout);
    }
    printf("\n");
  }
  printf("\n");
}

typedef struct onset {
  long first; /* sample that is not zero, from the event's frame */
  double to_5_ms;
  double to_half_ms;
} onset;

static onset onset_of(int rate_hz, dt_band_sound sound, bool spoken) {
  dt_band* band = make_band(rate_hz, 1, false);
  dt_band_command c = dt_band_command_of(DT_BAND_CLICK, 0);
  c.click.sound = sound;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 1000);
  c.start.bpm = 60;
  c.start.count_in_bars = spoken ? 1 : 0;
  c.start.spoken = spoken;
  put(band, &c);
  const size_t length = 1000 + (size_t)rate_hz / 2;
  float* x = malloc(sizeof *x * 2 * length);
  if (!x)
    die("no memory");
  float* out[2] = {x, x + length};
  dt_band_process(band, 0, out, length);
  onset o = {.first = -1};
  size_t first = 0;
  while (first < length && x[first] == 0)
    first++;
  o.first = (long)first - 1000;
  /* The first peak: within two milliseconds, as the ear sees it. */
  float peak = 0;
  for (size_t i = first; i < first + (size_t)rate_hz / 500; i++)
    peak = fmaxf(peak, fabsf(x[i]));
  size_t at = first;
  while (fabsf(x[at]) < 0.05F * peak)
    at++;
  o.to_5_ms = (double)(at - first) * 1000 / rate_hz;
  while (fabsf(x[at]) < 0.5F * peak)
    at++;
  o.to_half_ms = (double)(at - first) * 1000 / rate_hz;
  free(x);
  dt_band_free(band);
  return o;
}

static void onsets(void) {
  static const int rates[] = {8000, 44100, 48000, 96000, 192000};
  static const char* const names[] = {"beep", "woodblock", "hi-hat", "spoken one"};
  printf(
      "## Onsets\n\n| sound | rate, Hz | first sample - event, frames | to 5 %% of the first peak, "
      "ms | to half, ms |\n|---|---|---|---|---|\n");
  for (int s = 0; s < 4; s++)
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
      const onset o = onset_of(rates[r], s < 3 ? (dt_band_sound)s : DT_BAND_BEEP, s == 3);
      printf("| %s | %d | %ld | %.3f | %.3f |\n", names[s], rates[r], o.first, o.to_5_ms,
             o.to_half_ms);
    }
  printf("\n");
}

/* Ten hours at a tempo that no whole number of frames divides. */
static void drift(void) {
  dt_band* band = make_band(RATE, 1, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.bpm = 97.3;
  put(band, &c);
  static float x[RATE];
  static float y[RATE];
  float* out[2] = {x, y};
  long beats = 0;
  double worst = 0;
  for (dt_frame at = 0; at < (dt_frame)RATE * 36000; at += RATE) {
    dt_band_process(band, at, out, RATE);
    const dt_band_event* events = NULL;
    const size_t count = dt_band_events(band, &events);
    for (size_t i = 0; i < count; i++) {
      if (events[i].kind != DT_BAND_TICKED)
        continue;
      /* 97.3 = 973/10: frame = beats * 60 * 48000 * 10 / 973, its whole part and remainder. */
      const long long tenths = (long long)beats * 60 * RATE * 10;
      const double off = (double)(events[i].frame - tenths / 973) - (double)(tenths % 973) / 973;
      worst = fmax(worst, fabs(off));
      beats++;
    }
  }
  printf(
      "## Drift\n\n%ld beats in ten hours at 97.3 bpm: none is further than %.4f frames from its "
      "exact time (0.5 is rounding to the nearest frame).\n",
      beats, worst);
  dt_band_free(band);
}

int main(void) {
  printf("# The band\n\n");
  costs();
  onsets();
  drift();
  return 0;
}
