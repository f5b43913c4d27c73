#include <math.h>
#include <string.h>

#include "dt/beats.h"
#include "dt/meter.h"
#include "judge_internal.h"

/*
 * A free take by the bar-pointer model: its smoothed beats are the player's own pulse, its bar
 * lines, metre, fills and sections the take's.
 */

/* Beyond these the model's memory, which grows with time, and not with the strokes alone, is not
 * worth it: no pulse outlasts such a silence. */
static const double SILENCE_MAX_S = 40.0;
static const double SPAN_MAX_S = 3600.0;
static const double SAME_OCTAVE = 0.15; /* tempi this near are one reading */
static const double SAME_TEMPO = 0.04;
static const double UNLIKELY = 0.01; /* what is no alternative has less */
/* How much the opinion of the first form weighs on the octave, its odds against the model's. Half
 * of it is best on the Groove MIDI training split, but reads half-time grooves at half their tempo.
 */
static const double FIRST_WEIGHT = 2.0;
static const double METER_SURE = 0.9;
enum { METER_BARS = 8, BEATS_MIN = 4 };
static const double BEFORE_S = 1.0; /* lists of strokes may begin before 0, the model does not */

static bool is_for_model(const dt_strokes* strokes) {
  for (size_t i = 1; i < strokes->count; ++i) {
    if (strokes->items[i].time_s - strokes->items[i - 1].time_s > SILENCE_MAX_S) {
      return false;
    }
  }
  return strokes->count > 0 &&
         strokes->items[strokes->count - 1].time_s - strokes->items[0].time_s <= SPAN_MAX_S;
}

/* From the user, or from the file; and one that the model knows. */
static bool is_meter_known(const dt__work* work) {
  bool is_known = false;
  for (int k = 0; k < DT_BEAT_METERS; ++k) {
    is_known |= dt_beat_meters[k].numerator == work->meter.numerator &&
                dt_beat_meters[k].denominator == work->meter.denominator;
  }
  return is_known && (work->config.meter.numerator > 0 || work->take->has_click);
}

/* tempo_bpm: near which it must be, beats a minute; 0: anywhere. */
static dt_status track(const dt__work* work, double tempo_bpm, dt_beat_track* out,
                       double* offset_s) {
  const dt_strokes* strokes = &work->take->strokes;
  const size_t bytes = strokes->count * sizeof(dt_stroke);
  dt_stroke* own = dt_alloc(work->allocator, bytes);
  memset(out, 0, sizeof(*out));
  if (!own) {
    return DT_NO_MEMORY;
  }
  *offset_s = strokes->items[0].time_s - BEFORE_S;
  for (size_t i = 0; i < strokes->count; ++i) {
    own[i] = strokes->items[i];
    own[i].time_s = fmax(own[i].time_s - *offset_s, 0.0);
  }
  dt_beat_config config = dt_beat_default();
  config.tempo_bpm = tempo_bpm;
  if (is_meter_known(work)) {
    config.meter = work->meter;
  }
  const dt_status status = dt_beat_track_find(out, work->allocator, own, strokes->count,
                                              own[strokes->count - 1].time_s, &config);
  dt_release(work->allocator, own, bytes);
  return status;
}

/* How sure the model is of a tempo this many times its own, and of those within `width` of it. */
static double octave_probability(const dt_beat_track* t, double ratio, double width) {
  double sum = fabs(ratio - 1.0) < width ? t->tempo_probability : 0.0;
  for (size_t k = 0; k < t->alternative_count; ++k) {
    if (fabs(t->alternatives[k].ratio / ratio - 1.0) < width) {
      sum += t->alternatives[k].probability;
    }
  }
  return fmin(fmax(sum, UNLIKELY), 1.0);
}

/* Quarter notes a beat. A 12/8 nobody asked for is a 4/4 in triplets. */
static double beat_quarters(const dt__work* work, const dt_beat_track* t) {
  const bool is_shuffle = t->meter.numerator == 12 && !is_meter_known(work);
  return is_shuffle ? 1.0 : (double)dt_meter_beat_ticks(t->meter) / DT_TICKS_PER_QUARTER;
}

static double quarters_a_minute(const dt__work* work, const dt_beat_track* t) {
  const size_t last = t->beat_count - 1;
  return 60.0 * beat_quarters(work, t) * (double)last /
         (t->beats[last].time_s - t->beats[0].time_s);
}

/* Quarter notes from the first beat; *beat moves up to the beat before. Straight on at both ends.
 */
static double quarters_at(const dt_beat_track* t, double time_s, double beat_quarters,
                          size_t* beat) {
  while (*beat + 2 < t->beat_count && t->beats[*beat + 1].time_s <= time_s) {
    ++*beat;
  }
  const double from = t->beats[*beat].time_s;
  const double to = t->beats[*beat + 1].time_s;
  return beat_quarters * ((double)*beat + (time_s - from) / (to - from));
}

/* Quarter notes by which the first "one" is off a whole number of bars. */
static double bar_shift(const dt_beat_track* t, double beat_quarters, double bar) {
  for (size_t k = 0; k < t->beat_count; ++k) {
    if (t->beats[k].in_bar == 1) {
      return -fmod(beat_quarters * (double)k, bar);
    }
  }
  return 0.0;
}

static int section_at(const dt_beat_track* t, size_t beat) {
  for (size_t k = 0; k < t->section_count; ++k) {
    if (beat < t->sections[k].first + t->sections[k].count) {
      return (int)k + 1;
    }
  }
  return (int)t->section_count;
}

/* What the pulse hears each stroke in; a stroke belongs to the beat whose eighth it is nearest to
 * or after. */
static void fill_sections(const dt__work* work, const dt_beat_track* t, double offset_s,
                          dt_verdict* verdict) {
  const dt_strokes* strokes = &work->take->strokes;
  size_t beat = 0;
  size_t counted = 0; /* beats whose fills are counted */
  int fill = 0;
  for (size_t i = 0; i < strokes->count; ++i) {
    const double at = quarters_at(t, strokes->items[i].time_s - offset_s, 1.0, &beat);
    const double own = fmin(fmax(floor(at + 0.125), 0.0), (double)t->beat_count - 1.0);
    for (; counted <= (size_t)own; ++counted) {
      fill += t->beats[counted].is_fill && (counted == 0 || !t->beats[counted - 1].is_fill);
    }
    verdict->judged[i].fill = t->beats[(size_t)own].is_fill ? fill : 0;
    verdict->judged[i].section = section_at(t, (size_t)own);
  }
  verdict->has_sections = true;
}

/* A metre is believed from eight bars on; until then it is 4/4. */
static bool is_meter_heard(const dt__work* work, const dt_beat_track* t) {
  double probability = 0.0;
  for (int k = 0; k < DT_BEAT_METERS; ++k) {
    if (dt_beat_meters[k].numerator == t->meter.numerator &&
        dt_beat_meters[k].denominator == t->meter.denominator) {
      probability = t->meter_probability[k];
    }
  }
  return work->config.meter.numerator == 0 && !work->take->has_click && probability >= METER_SURE &&
         t->beats[t->beat_count - 1].bar >= METER_BARS;
}

static void use_track(dt__work* work, const dt_beat_track* t, double offset_s,
                      dt_verdict* verdict) {
  const double beat = beat_quarters(work, t);
  if (is_meter_heard(work, t)) {
    work->meter = verdict->meter = t->meter;
  }
  const double bar = dt__bar_quarters(work->meter);
  double shift = bar_shift(t, beat, bar);
  size_t at = 0;
  for (size_t i = 0; i < work->count; ++i) {
    work->own_beat[i] = quarters_at(t, work->time_s[i] - offset_s, beat, &at) + shift;
  }
  shift = -bar * floor((work->own_beat[0] + 0.25) / bar);
  for (size_t i = 0; i < work->count; ++i) {
    work->own_beat[i] += shift;
  }
  work->bpm = quarters_a_minute(work, t);
  fill_sections(work, t, offset_s, verdict);
}

/* The octave: the model and the first form (which has heard the tempo `first_bpm`) are two
 * witnesses. log odds for the model's; infinite where they agree. */
static double odds_for_model(const dt__work* work, const dt_beat_track* t, double first_bpm,
                             double first_probability) {
  const double ratio = first_bpm / quarters_a_minute(work, t);
  if (fabs(ratio - 1.0) < SAME_TEMPO) {
    return (double)INFINITY;
  }
  const double first = fmin(first_probability, 1.0 - UNLIKELY);
  return log(octave_probability(t, 1.0, SAME_TEMPO) / octave_probability(t, ratio, SAME_TEMPO)) -
         FIRST_WEIGHT * log(2.0 * first / (1.0 - first));
}

/* The model's beats at the first form's tempo, in place of its own. */
static dt_status track_at(const dt__work* work, double first_bpm, dt_beat_track* t,
                          double* offset_s, bool* found) {
  const double bpm = first_bpm / beat_quarters(work, t);
  *found = false;
  if (bpm < 30.0 || bpm > 300.0) {
    return DT_OK;
  }
  dt_beat_track_clear(t, work->allocator);
  const dt_status status = track(work, bpm, t, offset_s);
  *found = status == DT_OK && t->beat_count >= BEATS_MIN &&
           fabs(first_bpm / quarters_a_minute(work, t) - 1.0) < SAME_TEMPO;
  return status;
}

dt_status dt__find_beats(dt__work* work, dt_verdict* verdict, bool* found) {
  dt_beat_track t;
  double offset_s = 0.0;
  *found = false;
  if (!is_for_model(&work->take->strokes)) {
    return DT_OK;
  }
  dt_status status = track(work, 0.0, &t, &offset_s);
  *found = status == DT_OK && t.beat_count >= BEATS_MIN;
  if (*found) {
    const double odds = odds_for_model(work, &t, work->bpm, verdict->tempo_probability);
    verdict->tempo_probability =
        isinf(odds) ? octave_probability(&t, 1.0, SAME_OCTAVE) : 1.0 / (1.0 + exp(-fabs(odds)));
    if (odds < 0.0) {
      status = track_at(work, work->bpm, &t, &offset_s, found);
    }
  }
  if (*found) {
    use_track(work, &t, offset_s, verdict);
  }
  dt_beat_track_clear(&t, work->allocator);
  return status;
}
