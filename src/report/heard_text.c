#include <math.h>
#include <stdio.h>

#include "dt/heard.h"
#include "report_internal.h"

#define DOUBTFUL 0.5F

/* Whole velocities and hundredths of confidence are counted, so that a median needs no memory. */
enum { VELOCITY_BINS = 128, CONFIDENCE_BINS = 101 };

typedef struct tally {
  size_t strokes;
  size_t doubtful;
  size_t velocities[VELOCITY_BINS]; /* [0]: not known */
  size_t confidences[CONFIDENCE_BINS];
} tally;

static size_t bin_of(float value, size_t bins) {
  return value <= 0.0F ? 0 : value >= (float)(bins - 1) ? bins - 1 : (size_t)lroundf(value);
}

/* drum DT_DRUM_COUNT counts all. */
static void count(tally* t, const dt_strokes* strokes, dt_drum drum) {
  *t = (tally){0};
  for (size_t i = 0; i < strokes->count; ++i) {
    const dt_stroke* stroke = &strokes->items[i];
    if (drum != DT_DRUM_COUNT && stroke->drum != drum)
      continue;
    ++t->strokes;
    t->doubtful += stroke->confidence < DOUBTFUL;
    ++t->velocities[bin_of(stroke->velocity, VELOCITY_BINS)];
    ++t->confidences[bin_of(stroke->confidence * 100.0F, CONFIDENCE_BINS)];
  }
}

/* The lower median's bin from `first` on; -1 where they are empty. */
static int median_bin(const size_t* bins, size_t bin_count, size_t first) {
  size_t all = 0;
  size_t below = 0;
  for (size_t i = first; i < bin_count; ++i)
    all += bins[i];
  for (size_t i = first; i < bin_count; ++i) {
    below += bins[i];
    if (2 * below >= all && below > 0)
      return (int)i;
  }
  return -1;
}

static void put_row(dt__page* page, const char* name, const tally* t) {
  char velocity[16] = "-";
  char confidence[16] = "-";
  const int middle_velocity = median_bin(t->velocities, VELOCITY_BINS, 1);
  const int middle_confidence = median_bin(t->confidences, CONFIDENCE_BINS, 0);
  if (middle_velocity > 0)
    snprintf(velocity, sizeof velocity, "%d", middle_velocity);
  if (middle_confidence >= 0)
    snprintf(confidence, sizeof confidence, "%.2f", middle_confidence / 100.0);
  dt__put(page, "%-14s%9zu%12s%14s%12zu\n", name, t->strokes, velocity, confidence, t->doubtful);
}

static void put_table(dt__page* page, const dt_strokes* strokes, const dt_heard* heard) {
  tally t;
  count(&t, strokes, DT_DRUM_COUNT);
  dt__put(page, "\n%s%-14s%9s%12s%14s%12s%s\n", heard->color ? "\033[2m" : "", "", "strokes",
          "velocity", "confidence", "doubtful", heard->color ? "\033[0m" : "");
  put_row(page, "all", &t);
  for (int drum = 0; drum < DT_DRUM_COUNT && page->status == DT_OK; ++drum) {
    count(&t, strokes, (dt_drum)drum);
    if (t.strokes > 0)
      put_row(page, dt_drum_name((dt_drum)drum), &t);
  }
  dt__put(page,
          "\n%sMedians of velocity (1 to 127) and confidence (0 to 1); doubtful: below %.1f.%s\n",
          heard->color ? "\033[2m" : "", (double)DOUBTFUL, heard->color ? "\033[0m" : "");
}

/* "12.3 s", "4 min 12 s", "2 h 05 min" */
static void length_text(char* text, size_t size, double length_s) {
  const long seconds = lround(length_s);
  if (length_s < 59.95)
    snprintf(text, size, "%.1f s", length_s);
  else if (seconds < 3600)
    snprintf(text, size, "%ld min %02ld s", seconds / 60, seconds % 60);
  else
    snprintf(text, size, "%ld h %02ld min", seconds / 3600, seconds / 60 % 60);
}

static void put_head(dt__page* page, const dt_take* take, const dt_heard* heard) {
  const dt_strokes* strokes = &take->strokes;
  const char* name = dt__base_name(heard->file);
  char length[40];
  char sound[160] = "";
  char when[80] = "";
  char line[320];
  length_text(length, sizeof length, take->duration_s);
  if (heard->format != NULL)
    snprintf(sound, sizeof sound, " of sound (%s, %d Hz, %d channel%s)", heard->format,
             heard->rate_hz, heard->channels, heard->channels == 1 ? "" : "s");
  if (strokes->count > 0)
    snprintf(when, sizeof when, ", from %.3f s to %.3f s", strokes->items[0].time_s,
             strokes->items[strokes->count - 1].time_s);
  snprintf(line, sizeof line, "%s%s: %zu stroke%s%s", length, sound, strokes->count,
           strokes->count == 1 ? "" : "s", when);
  if (name != NULL)
    dt__put(page, "%s%.200s%s\n", heard->color ? "\033[1m" : "", name,
            heard->color ? "\033[0m" : "");
  dt__put_wrapped(page, line, NULL, NULL);
}

dt_status dt_heard_text(const dt_take* take, const dt_heard* heard, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  put_head(&page, take, heard);
  if (take->strokes.count > 0)
    put_table(&page, &take->strokes, heard);
  return page.status;
}
