#include <math.h>
#include <string.h>

#include "track.h"

/* What lies over the beats: fills, half- and double-time feel, swing; and where any of it changes.
 */

typedef struct cursor {
  const dt_beat_track* track;
  const dt_stroke* strokes;
  size_t count;
  size_t next; /* stroke */
} cursor;

typedef struct counts {
  int drums; /* snare and toms */
  int toms;
  int backbeat; /* loud snare on the beat */
  int between;  /* and half way to the next */
} counts;

static double length_of(const dt_beat_track* track, size_t k) {
  return k + 1 < track->beat_count ? track->beats[k + 1].time_s - track->beats[k].time_s
                                   : 60.0 / track->beats[k].bpm;
}

static bool is_snare(dt_drum drum) {
  return drum == DT_SNARE || drum == DT_RIMSHOT || drum == DT_CROSS_STICK || drum == DT_CLAP;
}

/* Strokes of beat k, from a twentieth before it. Beats are asked for in order. */
static counts count_beat(cursor* c, size_t k, double snare_velocity) {
  counts n = {0, 0, 0, 0};
  const double length = length_of(c->track, k);
  const double begin = c->track->beats[k].time_s - 0.05 * length;
  while (c->next < c->count && c->strokes[c->next].time_s < begin) {
    ++c->next;
  }
  for (; c->next < c->count && c->strokes[c->next].time_s < begin + length; ++c->next) {
    const dt_stroke* s = &c->strokes[c->next];
    const double share = (s->time_s - c->track->beats[k].time_s) / length;
    const bool is_tom = dt_drum_voice(s->drum) == DT_VOICE_TOMS;
    n.toms += is_tom;
    n.drums += is_tom || is_snare(s->drum);
    if (is_snare(s->drum) && ((double)s->velocity >= 0.8 * snare_velocity)) {
      n.backbeat += fabs(share) < 0.1;
      n.between += fabs(share - 0.5) < 0.1;
    }
  }
  return n;
}

static double mean_snare(const dt_stroke* strokes, size_t count) {
  double sum = 0.0;
  double n = 0.0;
  for (size_t k = 0; k < count; ++k) {
    if (is_snare(strokes[k].drum)) {
      sum += (double)strokes[k].velocity;
      n += 1.0;
    }
  }
  return n > 0.0 ? sum / n : 0.0;
}

enum { IN_BAR_MAX = 16, COUNT_MAX = 12 };

/* A beat with far more snare and toms than that beat of the bar usually has is part of a fill. */
static void find_fills(dt_beat_track* track, const dt_stroke* strokes, size_t count) {
  int histogram[IN_BAR_MAX][COUNT_MAX] = {{0}};
  int usual[IN_BAR_MAX] = {0};
  for (int pass = 0; pass < 2; ++pass) {
    cursor c = {track, strokes, count, 0};
    for (size_t k = 0; k < track->beat_count; ++k) {
      const int in_bar = track->beats[k].in_bar % IN_BAR_MAX;
      const counts n = count_beat(&c, k, 0.0);
      if (pass == 0) {
        ++histogram[in_bar][n.drums < COUNT_MAX ? n.drums : COUNT_MAX - 1];
      } else {
        const int more = n.drums - usual[in_bar];
        track->beats[k].is_fill = more >= 3 || (more >= 1 && n.toms >= 2);
      }
    }
    for (int b = 0; pass == 0 && b < IN_BAR_MAX; ++b) {
      int total = 0;
      int below = 0;
      for (int n = 0; n < COUNT_MAX; ++n) {
        total += histogram[b][n];
      }
      while (usual[b] < COUNT_MAX - 1 && 2 * (below += histogram[b][usual[b]]) < total) {
        ++usual[b];
      }
    }
  }
}

/* How the groove of each beat's bar lies over it, judged by the loud snare strokes. */
static void find_spans(const dt_beat_track* track, const dt_stroke* strokes, size_t count,
                       unsigned char* span) {
  cursor c = {track, strokes, count, 0};
  const double loud = mean_snare(strokes, count);
  size_t bar = 0;
  int on[4] = {0};
  int between = 0;
  for (size_t k = 0; k < track->beat_count; ++k) {
    const counts n = count_beat(&c, k, loud);
    if (track->beats[k].in_bar == 1) {
      bar = k;
      memset(on, 0, sizeof(on));
      between = 0;
    }
    span[k] = DT_BEAT_AS_WRITTEN;
    on[(track->beats[k].in_bar - 1) & 3] += n.backbeat;
    between += n.between > 0;
    if (track->beats[k].in_bar == 4 && k == bar + 3) {
      const bool is_double = between >= 3 && on[1] == 0 && on[3] == 0;
      const bool is_half = on[2] > 0 && on[1] == 0 && on[3] == 0 && between == 0;
      memset(span + bar, is_double ? DT_BEAT_DOUBLE_TIME : is_half ? DT_BEAT_HALF_TIME : 0, 4);
    }
  }
  /* A bar or two are a fill or a surprise, not a feel. */
  for (size_t k = 0; k < track->beat_count;) {
    size_t end = k;
    while (end < track->beat_count && span[end] == span[k]) {
      ++end;
    }
    if (end - k < 12) {
      memset(span + k, k > 0 ? span[k - 1] : DT_BEAT_AS_WRITTEN, end - k);
    }
    k = end;
  }
}

/* Where the strokes of a section stand between its beats. */
static void find_feel(const dt_beat_track* track, dt_beat_section* section,
                      const dt_stroke* strokes, size_t count) {
  double near_half = 0.0;
  double near_third = 0.0;
  double third_sum = 0.0;
  double quarter = 0.0;
  double quarter_sum = 0.0;
  size_t i = 0;
  for (size_t k = section->first; k < section->first + section->count; ++k) {
    const double begin = track->beats[k].time_s;
    const double length = length_of(track, k);
    while (i < count && strokes[i].time_s < begin) {
      ++i;
    }
    for (; i < count && strokes[i].time_s < begin + length; ++i) {
      const double share = (strokes[i].time_s - begin) / length;
      near_half += share > 0.44 && share < 0.56;
      if (share > 0.57 && share < 0.72) {
        near_third += 1.0;
        third_sum += share;
      }
      const double half = fmod(share, 0.5) / 0.5; /* within the eighth */
      if (half > 0.36 && half < 0.76) {
        quarter += 1.0;
        quarter_sum += half;
      }
    }
  }
  section->feel = DT_BEAT_STRAIGHT;
  section->swing_ratio = 1.0;
  if (near_third > 1.5 * near_half && near_third > 0.1 * (double)section->count) {
    const double swing = third_sum / near_third;
    section->feel = DT_BEAT_SWUNG_EIGHTHS;
    section->swing_ratio = swing / (1.0 - swing);
  } else if (quarter > 0.4 * (double)section->count && quarter_sum / quarter > 0.55) {
    const double swing = quarter_sum / quarter;
    section->feel = DT_BEAT_SWUNG_SIXTEENTHS;
    section->swing_ratio = swing / (1.0 - swing);
  }
}

static bool changes(const dt_beat_track* track, const unsigned char* meter,
                    const unsigned char* span, const bool* is_new, size_t k) {
  return k == 0 || meter[k] != meter[k - 1] || span[k] != span[k - 1] ||
         (is_new[k] && fabs(track->beats[k].bpm / track->beats[k - 1].bpm - 1.0) > 0.04);
}

dt_status dt__sections(dt_beat_track* track, const dt_allocator* allocator,
                       const unsigned char* meter, const bool* is_new, const dt_stroke* strokes,
                       size_t stroke_count) {
  if (track->beat_count == 0) {
    return DT_OK;
  }
  find_fills(track, strokes, stroke_count);
  unsigned char* span = dt_alloc_zero(allocator, track->beat_count);
  if (!span) {
    return DT_NO_MEMORY;
  }
  find_spans(track, strokes, stroke_count, span);
  size_t count = 0;
  for (size_t k = 0; k < track->beat_count; ++k) {
    count += changes(track, meter, span, is_new, k);
  }
  track->sections = dt_alloc_zero(allocator, count * sizeof(dt_beat_section));
  if (!track->sections) {
    dt_release(allocator, span, track->beat_count);
    return DT_NO_MEMORY;
  }
  for (size_t k = 0; k < track->beat_count; ++k) {
    if (changes(track, meter, span, is_new, k)) {
      track->sections[track->section_count++] = (dt_beat_section){
          .first = k, .meter = dt_beat_meters[meter[k]], .span = (dt_beat_span)span[k]};
    }
    ++track->sections[track->section_count - 1].count;
  }
  for (size_t s = 0; s < track->section_count; ++s) {
    dt_beat_section* section = &track->sections[s];
    double seconds = 0.0;
    for (size_t k = section->first; k < section->first + section->count; ++k) {
      seconds += length_of(track, k);
    }
    section->bpm = 60.0 * (double)section->count / seconds;
    find_feel(track, section, strokes, stroke_count);
  }
  dt_release(allocator, span, track->beat_count);
  return DT_OK;
}
