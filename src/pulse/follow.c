#include <math.h>
#include <string.h>

#include "fine.h"
#include "follow.h"
#include "tuning.h"

/* Beats: a beat is called when it is EARLY away, so that it is NOTICE away even where the strokes
 * of the last 10 ms, or the look that is taken then, bring it nearer. */
static const double NOTICE = 0.5;
static const double EARLY = 0.56;

/* A reading as a grid of beats: a beat, their length, the beat's number in its bar. */
static double unit_of(const dt__lattice* l, const dt__place* at) {
  const double length = (double)l->length[at->length] / DT__FRAMES_PER_S;
  return dt__pattern_of(at->segment)->is_uneven ? 0.5 * length : length;
}

/* Beats from the start of the bar to a segment, and in the whole bar. */
static int beats_before(int segment) {
  const dt__pattern* pattern = dt__pattern_of(segment);
  int n = 0;
  for (int g = pattern->first; g < segment; ++g) {
    n += pattern->is_uneven ? dt__segment_halves[g] : 1;
  }
  return n;
}

static int beats_in_bar(const dt__pattern* pattern) {
  const int last = pattern->first + pattern->count - 1;
  return beats_before(last) + (pattern->is_uneven ? dt__segment_halves[last] : 1);
}

/* Number in its bar, from 0, of the beat at time_s, by a reading. */
static int number_at(const dt__lattice* l, const dt__place* at, double time_s) {
  const int bar = beats_in_bar(dt__pattern_of(at->segment));
  const double begin = (double)at->frame / DT__FRAMES_PER_S;
  const long ahead = (long)floor((time_s - begin) / unit_of(l, at) + 0.5);
  const long number = (beats_before(at->segment) + ahead) % bar;
  return (int)(number < 0 ? number + bar : number);
}

static bool is_four(const dt__place* at) {
  return dt__pattern_of(at->segment)->meter == 2;
}

/* Beats of the reading are those of the pulse, or twice or half as many ... or lie between them:
 * all that dt__read_judge tells apart. */
static bool agrees(const dt_follower* f, const dt__place* at) {
  double beat;
  double length;
  double sd[2];
  const double begin = (double)at->frame / DT__FRAMES_PER_S;
  const double unit = unit_of(&f->lattice, at);
  dt__fine_at(&f->fine, begin, &beat, &length, &sd[0], &sd[1]);
  if (!f->read.is_read) {
    return fabs(unit / length - 1.0) < 0.08 && fabs(begin - beat) < DT__AGREE * length;
  }
  const double octave = log2(unit / length);
  const double grid = 0.5 * fmin(unit, length);
  const double away = (begin - beat) / grid;
  return fabs(octave - floor(octave + 0.5)) < 0.11 && fabs(octave) < 2.2 &&
         fabs(away - floor(away + 0.5)) < 2.0 * DT__AGREE;
}

/* Its beats lie between those of the pulse, at the same pace. */
static bool lies_between(const dt_follower* f, const dt__place* at) {
  double beat;
  double length;
  double sd[2];
  const double begin = (double)at->frame / DT__FRAMES_PER_S;
  dt__fine_at(&f->fine, begin, &beat, &length, &sd[0], &sd[1]);
  const double octave = log2(unit_of(&f->lattice, at) / length);
  return fabs(octave) < 0.11 && fabs(begin - beat) > (0.5 - DT__AGREE) * length;
}

/* The lattice is clearly surer of beats between the pulse's than of any that lie on them. */
static bool has_moved_over(const dt_follower* f) {
  if (!lies_between(f, &f->reading[0])) {
    return false;
  }
  for (size_t k = 1; k < f->reading_count; ++k) {
    if (agrees(f, &f->reading[k]) && !lies_between(f, &f->reading[k])) {
      return f->reading[0].score > f->reading[k].score + (float)DT__HAND_OVER;
    }
  }
  return true;
}

static void take_up(dt_follower* f, const dt__place* at, double now_s) {
  const double begin = (double)at->frame / DT__FRAMES_PER_S;
  dt__fine_start(&f->fine, begin, unit_of(&f->lattice, at), &f->lattice);
  dt__read_start(f, now_s);
  f->is_following = true;
  f->beats_followed = 0;
}

/* Beats of the pulse from one beat to the next, and length in seconds. */
static double step_of(const dt_follower* f) {
  return f->read.is_read ? ldexp(1.0, -f->read.now.octave) : 1.0;
}

/* The next beat after what was called, with so much notice (beats). *number: in the bar, from 0. */
static double next_beat(const dt_follower* f, double now_s, double notice, long* number) {
  const double step = step_of(f);
  const double length = step * f->fine_length_s;
  const double after = fmax(f->called_s + 0.55 * length, now_s + notice * length);
  const double one = f->read.is_read ? 0.5 * f->read.now.half * step : 0.0;
  long k = (long)ceil((dt__pulse_at(f, after) - one) / step - 1e-6);
  *number = k;
  return dt__pulse_time(f, one + (double)k * step);
}

/* Looks at all readings, and goes over to a better one where it is clearly better. */
static void decide(dt_follower* f, double now_s) {
  dt__place reading[DT__READINGS];
  const size_t count = dt__lattice_best(&f->lattice, reading, DT__READINGS);
  f->reading_count = count;
  memcpy(f->reading, reading, count * sizeof(*reading));
  f->state.confidence = 0.0;
  if (count == 0) {
    return;
  }
  f->state.pulse_probability = dt__pulse_probability(&f->lattice, (double)reading[0].score);
  size_t mine = count;
  for (size_t k = 0; f->is_following && k < count && mine == count; ++k) {
    mine = agrees(f, &reading[k]) ? k : count;
  }
  const bool is_better =
      mine > 0 && (mine == count || reading[0].score > reading[mine].score + (float)DT__HAND_OVER);
  /* A reading between the beats of the pulse is held to be unlikely. So where the lattice itself
   * has moved over to the half beats, the pulse has to follow. */
  f->between = f->is_following && has_moved_over(f) ? f->between + 1 : 0;
  if (!f->is_following || is_better || f->between >= DT__BETWEEN_BEATS) {
    f->between = 0;
    take_up(f, &reading[0], now_s);
    mine = 0;
  }
  f->mine = reading[mine];
  f->others = is_four(&f->mine) ? 0 : f->others + 1;
  if (f->others == 0 || (f->read.is_read && f->others < DT__METER_BEATS)) {
    dt__read_judge(f, now_s);
  } else {
    f->read.is_read = false;
  }
  double sum = 0.0;
  double same = 0.0;
  for (size_t k = 0; k < count; ++k) {
    const double p = exp((double)(reading[k].score - reading[0].score) * DT__SURENESS);
    sum += p;
    same += k == mine || (f->read.is_read && agrees(f, &reading[k])) ? p : 0.0;
  }
  f->state.confidence =
      same / sum * f->state.pulse_probability * (f->read.is_read ? exp(f->read.now.log_p) : 1.0);
}

static bool is_silent(const dt_follower* f, double now_s) {
  return now_s - f->last_stroke_s > fmax(DT__COAST_BEATS * f->fine_length_s, 4.0);
}

static void call(dt_follower* f, double beat_s, long number, double now_s, dt_beat_call* out) {
  const dt__place* at = &f->mine;
  const dt__pattern* pattern = dt__pattern_of(at->segment);
  double beat;
  double length;
  double sd[2];
  dt__fine_at(&f->fine, beat_s, &beat, &length, &sd[0], &sd[1]);
  length *= step_of(f);
  const int in_bar =
      f->read.is_read ? (int)((number % 4 + 4) % 4) : number_at(&f->lattice, at, beat_s);
  *out = (dt_beat_call){.time_s = beat_s,
                        .made_s = now_s,
                        .bpm = 60.0 / length,
                        .confidence = f->state.confidence,
                        .in_bar = in_bar + 1,
                        .meter = dt_beat_meters[f->read.is_read ? 2 : pattern->meter]};
  const bool was = f->state.is_locked;
  f->sure_beats = f->state.confidence > DT__LOCK ? f->sure_beats + 1 : 0;
  f->state.is_locked = f->state.pulse_probability > 0.5 &&
                       (f->sure_beats >= 2 || (was && f->state.confidence > 0.5 * DT__LOCK));
  f->state.locked_since_s = !f->state.is_locked ? (double)NAN
                            : was               ? f->state.locked_since_s
                                                : now_s;
  f->state.bpm = out->bpm;
  f->state.bpm_sd = 60.0 / (length * length) * sd[1];
  f->state.meter = out->meter;
  out->is_locked = f->state.is_locked;
  f->called_s = beat_s;
  ++f->beats_followed;
}

/* What follows if nothing is struck until then. */
static void set_due(dt_follower* f, double now_s) {
  long number;
  const double next = next_beat(f, now_s, NOTICE, &number);
  f->due_s = next - EARLY * step_of(f) * f->fine_length_s;
  f->is_stale = false;
}

static void look_for_beat(dt_follower* f, double now_s, dt_beat_call* calls, size_t capacity,
                          size_t* count) {
  if (f->lattice.heard_count < 4) {
    return;
  }
  if (!f->is_following) {
    if (f->lattice.frame % 25 == 0) {
      decide(f, now_s);
    }
    if (!f->is_following) {
      return;
    }
    f->called_s = fmax(f->called_s, now_s - 0.5 * f->fine_length_s);
    f->is_stale = true;
  }
  if (f->is_stale) {
    set_due(f, now_s);
  }
  if (now_s < f->due_s) {
    return;
  }
  f->is_stale = true;
  if (is_silent(f, now_s)) {
    f->is_following = false;
    f->state.is_locked = false;
    f->state.locked_since_s = (double)NAN;
    return;
  }
  decide(f, now_s);
  long number = 0;
  const double next = next_beat(f, now_s, NOTICE, &number);
  if (next - now_s > (EARLY + 0.06) * step_of(f) * f->fine_length_s) {
    return; /* it is read otherwise now: its next beat is called when that is due */
  }
  if (f->state.pulse_probability < (f->state.is_locked ? DT__CALL_LOCKED : DT__CALL)) {
    f->called_s = next;
    return;
  }
  if (*count < capacity) {
    call(f, next, number, now_s, &calls[(*count)++]);
  } else {
    f->called_s = next;
  }
}

static void one_frame(dt_follower* f, dt_beat_call* calls, size_t capacity, size_t* count) {
  const double now = f->lattice.frame;
  unsigned used = 0;
  for (; used < f->pending_count && f->pending[used].frame < now; ++used) {
    const dt__heard* stroke = &f->pending[used];
    dt__lattice_hear(&f->lattice, stroke);
    f->last_stroke_s = stroke->frame / DT__FRAMES_PER_S;
    if (f->is_following) {
      dt__fine_stroke(&f->fine, f->last_stroke_s, (double)stroke->weight);
      dt__read_stroke(f, stroke);
      f->is_stale = true;
    }
  }
  f->pending_count -= used;
  memmove(f->pending, f->pending + used, f->pending_count * sizeof(*f->pending));
  dt__lattice_step(&f->lattice);
  look_for_beat(f, (double)f->lattice.frame / DT__FRAMES_PER_S, calls, capacity, count);
}

size_t dt_follower_advance(dt_follower* f, double now_s, dt_beat_call* calls, size_t capacity) {
  size_t count = 0;
  while ((double)f->lattice.frame <= now_s * DT__FRAMES_PER_S) {
    one_frame(f, calls, capacity, &count);
  }
  return count;
}

static void pend(dt_follower* f, const dt__heard* heard) {
  if (!(heard->frame >= (double)f->lattice.frame - 1.0)) {
    ++f->state.late_strokes;
  } else if (f->pending_count == DT__PENDING) {
    ++f->state.dropped_strokes;
  } else {
    f->pending[f->pending_count++] = *heard;
  }
}

void dt_follower_stroke(dt_follower* f, const dt_stroke* stroke) {
  const float confidence = stroke->confidence;
  pend(f, &(dt__heard){stroke->time_s * DT__FRAMES_PER_S,
                       confidence > 0.0F && confidence < 1.0F ? confidence : 1.0F,
                       dt__group_of(&f->loudness, stroke)});
}

void dt_follower_tap(dt_follower* f, double time_s) {
  pend(f, &(dt__heard){time_s * DT__FRAMES_PER_S, 1.0F, DT__GROUP_TAP});
}

dt_follower_state dt_follower_look(const dt_follower* f) {
  dt_follower_state state = f->state;
  const double chosen = unit_of(&f->lattice, &f->mine);
  double sum = 0.0;
  for (size_t k = 0; k < f->reading_count; ++k) {
    sum += exp((double)(f->reading[k].score - f->reading[0].score) * DT__SURENESS);
  }
  state.alternative_count = 0;
  for (size_t k = 0; k < f->reading_count && state.alternative_count < DT_BEAT_ALTERNATIVES; ++k) {
    const dt__place* at = &f->reading[k];
    if (at->frame == f->mine.frame && at->length == f->mine.length) {
      continue;
    }
    const double unit = unit_of(&f->lattice, at);
    state.alternatives[state.alternative_count++] =
        (dt_beat_alternative){60.0 / unit, chosen / unit,
                              exp((double)(at->score - f->reading[0].score) * DT__SURENESS) / sum};
  }
  return state;
}

void dt_follower_reset(dt_follower* f) {
  dt__lattice_reset(&f->lattice);
  memset(&f->state, 0, sizeof(f->state));
  memset(&f->loudness, 0, sizeof(f->loudness));
  f->state.locked_since_s = (double)NAN;
  f->pending_count = 0;
  f->reading_count = 0;
  f->mine = (dt__place){0, 0, 0, 0.0F};
  f->is_following = false;
  f->sure_beats = 0;
  f->others = 0;
  f->between = 0;
  f->beats_followed = 0;
  f->called_s = -1e9;
  f->last_stroke_s = 0.0;
  f->fine_length_s = 0.5;
  memset(&f->read, 0, sizeof(f->read));
  f->is_stale = true;
}

static void lay_out(dt_follower** f, dt_arena* arena, dt__lattice* lattice) {
  *f = dt_arena_take(arena, 1, sizeof(**f));
  dt__lattice_lay_out(*f ? &(*f)->lattice : lattice, arena);
}

dt_status dt_follower_new(dt_follower** follower, const dt_allocator* allocator,
                          const dt_beat_config* config) {
  *follower = NULL;
  if (!dt__beat_config_ok(config)) {
    return DT_BAD_ARGUMENT;
  }
  dt__lattice measured;
  dt_follower* f = NULL;
  dt_arena measure = dt_arena_measure();
  lay_out(&f, &measure, &measured);
  void* memory = dt_alloc_zero(allocator, measure.used);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  dt_arena arena = dt_arena_over(memory, measure.used);
  lay_out(&f, &arena, &measured);
  f->size = measure.used;
  dt__lattice_init(&f->lattice, config);
  dt_follower_reset(f);
  *follower = f;
  return DT_OK;
}

void dt_follower_free(dt_follower* follower, const dt_allocator* allocator) {
  if (follower) {
    dt_release(allocator, follower, follower->size);
  }
}
