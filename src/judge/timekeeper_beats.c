#include <math.h>
#include <string.h>

#include "dt/meter.h"
#include "timekeeper_internal.h"

/* From judged strokes to one value per beat. */

#define BEATS_MAX 1000000.0

static const double ON_BEAT = 0.01; /* of a beat: grid positions are a twelfth apart at least */

/* Of one voice on one beat. */
typedef struct place {
  size_t beat; /* from the first */
  dt_voice voice;
  double value_ms;
} place;

typedef struct reduction {
  const dt_take* take;
  const dt_verdict* verdict;
  double beat_quarters;
  double first_s; /* free: origin of the times */
  long first;     /* beat of bar 1 counted from its first */
  size_t count;
} reduction;

/* Is the stroke on a beat? Which? */
static bool on_beat(const reduction* r, size_t i, long* beat) {
  const dt_judged* judged = &r->verdict->judged[i];
  if (judged->outlier || judged->ornament || isnan(judged->asynchrony_ms)) {
    return false;
  }
  const double at = judged->beat / r->beat_quarters;
  const double nearest = round(at);
  if (fabs(at - nearest) > ON_BEAT || fabs(nearest) > BEATS_MAX) {
    return false;
  }
  *beat = (long)nearest;
  return true;
}

static dt_voice voice_of(const reduction* r, size_t i) {
  return dt_drum_voice(r->take->strokes.items[r->verdict->judged[i].stroke].drum);
}

static double value_of(const reduction* r, size_t i) {
  const dt_judged* judged = &r->verdict->judged[i];
  return r->verdict->phase_known
             ? judged->asynchrony_ms
             : 1e3 * (r->take->strokes.items[judged->stroke].time_s - r->first_s);
}

static dt_voice busiest(const reduction* r) {
  size_t strokes[DT_VOICE_COUNT] = {0};
  int best = 0;
  long beat = 0;
  for (size_t i = 0; i < r->verdict->judged_count; ++i) {
    if (on_beat(r, i, &beat)) {
      ++strokes[voice_of(r, i)];
    }
  }
  for (int v = 1; v < DT_VOICE_COUNT; ++v) {
    best = strokes[v] > strokes[best] ? v : best;
  }
  return (dt_voice)best;
}

/* The beats that the strokes of a voice (or of all) span. */
static dt_status measure(reduction* r, const dt_take* take, const dt_verdict* verdict,
                         dt_voice voice) {
  long last = 0;
  bool any = false;
  for (size_t i = 0; i < verdict->judged_count; ++i) {
    long beat = 0;
    if (on_beat(r, i, &beat) && (voice == DT_VOICE_COUNT || voice_of(r, i) == voice)) {
      r->first = any && r->first < beat ? r->first : beat;
      last = any && last > beat ? last : beat;
      r->first_s = any ? r->first_s : take->strokes.items[verdict->judged[i].stroke].time_s;
      any = true;
    }
  }
  if (any && (double)last - (double)r->first >= BEATS_MAX) {
    return DT_TOO_LARGE;
  }
  r->count = any ? (size_t)(last - r->first) + 1 : 0;
  return DT_OK;
}

static reduction reduction_of(const dt_take* take, const dt_verdict* verdict) {
  const double ticks = (double)dt_meter_beat_ticks(verdict->meter);
  return (reduction){
      .take = take, .verdict = verdict, .beat_quarters = ticks / DT_TICKS_PER_QUARTER};
}

/* Beats in a bar, and the series moved so that place 0 is the first beat played. */
static int cycle_of(const reduction* r) {
  const double bar = 4.0 * r->verdict->meter.numerator / r->verdict->meter.denominator;
  const int beats = (int)lround(bar / r->beat_quarters);
  return beats >= 1 && beats <= DT__KEEPER_CYCLE_MAX ? beats : 1;
}

static bool make_room(dt_beats* beats, const dt_allocator* allocator, size_t count) {
  beats->value_ms = dt_alloc(allocator, count * sizeof(double));
  beats->strokes = dt_alloc(allocator, count * sizeof(double));
  beats->count = count;
  if (!beats->value_ms || !beats->strokes) {
    dt_beats_clear(beats, allocator);
    return false;
  }
  for (size_t k = 0; k < count; ++k) {
    beats->value_ms[k] = (double)NAN;
    beats->strokes[k] = 1.0;
  }
  return true;
}

static dt_status prepare(reduction* r, dt_beats* beats, const dt_allocator* allocator,
                         dt_voice voice) {
  const dt_status status = measure(r, r->take, r->verdict, voice);
  if (status != DT_OK || r->count == 0) {
    return status;
  }
  if (!make_room(beats, allocator, r->count)) {
    return DT_NO_MEMORY;
  }
  beats->cycle = cycle_of(r);
  beats->detector_ms = r->verdict->instrument_jitter_ms;
  return DT_OK;
}

dt_status dt_beats_of(dt_beats* beats, const dt_allocator* allocator, const dt_take* take,
                      const dt_verdict* verdict, dt_voice voice) {
  memset(beats, 0, sizeof(*beats));
  reduction r = reduction_of(take, verdict);
  const dt_voice wanted = voice == DT_VOICE_COUNT ? busiest(&r) : voice;
  const dt_status status = prepare(&r, beats, allocator, wanted);
  if (status != DT_OK || r.count == 0) {
    return status;
  }
  for (size_t i = 0; i < verdict->judged_count; ++i) {
    long beat = 0;
    if (on_beat(&r, i, &beat) && voice_of(&r, i) == wanted) {
      double* value = &beats->value_ms[beat - r.first];
      *value = isnan(*value) ? value_of(&r, i) : *value;
    }
  }
  return DT_OK;
}

/* The first stroke of each voice on each beat, in order of beat and voice. */
static size_t list_places(const reduction* r, place* list) {
  size_t n = 0;
  for (size_t i = 0; i < r->verdict->judged_count; ++i) {
    long beat = 0;
    if (!on_beat(r, i, &beat)) {
      continue;
    }
    const place p = {(size_t)(beat - r->first), voice_of(r, i), value_of(r, i)};
    size_t k = n;
    while (k > 0 && (list[k - 1].beat > p.beat ||
                     (list[k - 1].beat == p.beat && list[k - 1].voice > p.voice))) {
      --k;
    }
    if (k > 0 && list[k - 1].beat == p.beat && list[k - 1].voice == p.voice) {
      continue;
    }
    memmove(list + k + 1, list + k, (n - k) * sizeof(place));
    list[k] = p;
    ++n;
  }
  return n;
}

static size_t end_of_beat(const place* list, size_t n, size_t start) {
  size_t end = start;
  while (end < n && list[end].beat == list[start].beat) {
    ++end;
  }
  return end;
}

/*
 * Offset of each voice from the mean of the beats that it shares, by a few rounds of fitting
 * voices and beats in turn (least squares of two crossed factors). Voices that share no beat with
 * another keep 0.
 */
static void voice_offsets(const place* list, size_t n, double* offset) {
  enum { ROUNDS = 30 };
  memset(offset, 0, DT_VOICE_COUNT * sizeof(double));
  for (int round = 0; round < ROUNDS; ++round) {
    double sum[DT_VOICE_COUNT] = {0};
    double count[DT_VOICE_COUNT] = {0};
    for (size_t start = 0; start < n;) {
      const size_t end = end_of_beat(list, n, start);
      double mean = 0.0;
      for (size_t i = start; i < end; ++i) {
        mean += (list[i].value_ms - offset[list[i].voice]) / (double)(end - start);
      }
      for (size_t i = start; i < end && end - start > 1; ++i) {
        sum[list[i].voice] += list[i].value_ms - mean;
        count[list[i].voice] += 1.0;
      }
      start = end;
    }
    for (int v = 0; v < DT_VOICE_COUNT; ++v) {
      offset[v] = count[v] > 0.0 ? sum[v] / count[v] : 0.0;
    }
  }
}

static void take_unisons(dt_beats* beats, const place* list, size_t n, const double* offset) {
  bool shares[DT_VOICE_COUNT] = {false};
  double voices = 0.0;
  for (size_t start = 0; start < n;) {
    const size_t end = end_of_beat(list, n, start);
    const double count = (double)(end - start);
    double mean = 0.0;
    for (size_t i = start; i < end; ++i) {
      mean += (list[i].value_ms - offset[list[i].voice]) / count;
    }
    for (size_t i = start; i < end && end - start > 1; ++i) {
      const double d = list[i].value_ms - offset[list[i].voice] - mean;
      beats->unison_ms2 += d * d;
      voices += !shares[list[i].voice];
      shares[list[i].voice] = true;
    }
    beats->unison_df += count - 1.0;
    beats->value_ms[list[start].beat] = mean;
    beats->strokes[list[start].beat] = count;
    start = end;
  }
  beats->unison_df -= fmax(voices - 1.0, 0.0);
  if (beats->unison_df < 1.0 || !(beats->unison_ms2 > 0.0)) {
    beats->unison_df = beats->unison_ms2 = 0.0;
  }
}

dt_status dt_beats_together(dt_beats* beats, const dt_allocator* allocator, const dt_take* take,
                            const dt_verdict* verdict) {
  memset(beats, 0, sizeof(*beats));
  reduction r = reduction_of(take, verdict);
  const dt_status status = prepare(&r, beats, allocator, DT_VOICE_COUNT);
  if (status != DT_OK || r.count == 0) {
    return status;
  }
  const size_t size = verdict->judged_count * sizeof(place);
  place* list = dt_alloc(allocator, size);
  if (!list) {
    dt_beats_clear(beats, allocator);
    return DT_NO_MEMORY;
  }
  const size_t n = list_places(&r, list);
  double offset[DT_VOICE_COUNT];
  voice_offsets(list, n, offset);
  take_unisons(beats, list, n, offset);
  dt_release(allocator, list, size);
  return DT_OK;
}

void dt_beats_clear(dt_beats* beats, const dt_allocator* allocator) {
  dt_release(allocator, beats->value_ms, beats->count * sizeof(double));
  dt_release(allocator, beats->strokes, beats->count * sizeof(double));
  memset(beats, 0, sizeof(*beats));
}
