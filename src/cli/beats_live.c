#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "beats.h"
#include "dt/meter.h"

static const double STEP_S = 0.25;
static const double EAR_S = 0.030; /* dt/ear.h: a stroke is known within this of its attack */
enum { CALLS_A_STEP = 16 };

static bool add_call(dt__beats_found* found, const dt_beat_call* call) {
  if (found->call_count == found->call_capacity) {
    const size_t capacity = 2 * found->call_capacity + 256;
    dt_beat_call* more = realloc(found->calls, capacity * sizeof *more);
    if (more == NULL)
      return false;
    found->calls = more;
    found->call_capacity = capacity;
  }
  found->calls[found->call_count++] = *call;
  return true;
}

/* Calls up to now_s; those that would come after the part's last stroke are of no use. */
static dt_status take_calls(dt__beats_found* found, dt_follower* follower,
                            const dt__beats_part* part, double now_s) {
  dt_beat_call calls[CALLS_A_STEP];
  const double last_s = part->strokes[part->count - 1].time_s;
  const size_t n = dt_follower_advance(follower, now_s, calls, CALLS_A_STEP);
  for (size_t k = 0; k < n; ++k) {
    dt_beat_call call = calls[k];
    call.time_s += part->offset_s;
    call.made_s += part->offset_s;
    const bool is_in_order =
        found->call_count == 0 || call.time_s > found->calls[found->call_count - 1].time_s;
    if (calls[k].time_s <= last_s + 0.1 && is_in_order && !add_call(found, &call))
      return DT_NO_MEMORY;
  }
  return DT_OK;
}

static dt_status follow_strokes(dt__beats_found* found, dt_follower* follower,
                                const dt__beats_part* part, dt__listen_heard* heard) {
  const double last_s = part->strokes[part->count - 1].time_s;
  dt_status status = DT_OK;
  size_t next = 0;
  for (double now_s = STEP_S; now_s < last_s + 2.0 * STEP_S && status == DT_OK; now_s += STEP_S) {
    for (; next < part->count && part->strokes[next].time_s < now_s; ++next)
      dt_follower_stroke(follower, &part->strokes[next]);
    status = take_calls(found, follower, part, now_s);
    if (status == DT_OK &&
        !heard->news.tell(heard->news.context, heard->job, 1, part->offset_s + now_s))
      status = DT_CANCELLED;
  }
  return status;
}

/* When it was first sure, and how far ahead it called. */
static void describe(dt_beaten_live* live, const dt__beats_found* found, size_t from,
                     const dt__beats_part* part) {
  const double first_s = part->offset_s + part->strokes[0].time_s;
  for (size_t k = from; k < found->call_count; ++k) {
    const dt_beat_call* call = &found->calls[k];
    const double beats_a_second = call->bpm / 60.0;
    const double made_s = call->made_s + live->latency_s;
    live->least_notice_beats =
        fmin(live->least_notice_beats, (call->time_s - made_s) * beats_a_second);
    if (call->is_locked && isnan(live->lock_s)) {
      live->lock_s = made_s;
      live->lock_bars = (made_s - first_s) * beats_a_second *
                        (double)dt_meter_beat_ticks(call->meter) /
                        (double)dt_meter_bar_ticks(call->meter);
    }
  }
}

static dt_status follow_part(dt__beats_found* found, const dt__beats_part* part,
                             dt__listen_heard* heard) {
  const size_t from = found->call_count;
  dt_follower* follower = NULL;
  dt_status status = dt_follower_new(&follower, NULL, &part->config);
  if (status != DT_OK)
    return status;
  status = follow_strokes(found, follower, part, heard);
  const dt_follower_state last = dt_follower_look(follower);
  dt_follower_free(follower, NULL);
  found->last.late_strokes += last.late_strokes;
  found->last.dropped_strokes += last.dropped_strokes;
  const dt_follower_state sum = found->last;
  found->last = last;
  found->last.late_strokes = sum.late_strokes;
  found->last.dropped_strokes = sum.dropped_strokes;
  describe(&found->live, found, from, part);
  return status;
}

static bool is_same_meter(dt_meter a, dt_meter b) {
  return a.numerator == b.numerator && a.denominator == b.denominator;
}

static dt_meter common_meter(const dt_beat_section* sections, size_t count) {
  dt_meter best = {0, 0};
  size_t most = 0;
  for (size_t k = 0; k < count; ++k) {
    size_t beats = 0;
    for (size_t i = 0; i < count; ++i)
      beats += is_same_meter(sections[i].meter, sections[k].meter) ? sections[i].count : 0;
    if (beats > most) {
      most = beats;
      best = sections[k].meter;
    }
  }
  return best;
}

/* The calls as a track, so that every form can be written from them. */
static void fill_track(dt_beat_track* track, const dt_beat_call* calls, size_t count) {
  int bar = calls[0].in_bar == 1 ? -1 : 0;
  for (size_t k = 0; k < count; ++k) {
    bar += calls[k].in_bar == 1 || (k > 0 && calls[k].in_bar <= calls[k - 1].in_bar) ? 1 : 0;
    track->beats[k] = (dt_beat){.time_s = calls[k].time_s,
                                .bpm = calls[k].bpm,
                                .bar = bar < 0 ? 0 : bar,
                                .in_bar = calls[k].in_bar};
    if (k == 0 || !is_same_meter(calls[k].meter, calls[k - 1].meter))
      track->sections[track->section_count++] =
          (dt_beat_section){.first = k, .meter = calls[k].meter, .swing_ratio = 1.0};
    dt_beat_section* section = &track->sections[track->section_count - 1];
    ++section->count;
    section->bpm += (calls[k].bpm - section->bpm) / (double)section->count;
  }
  track->beat_count = count;
  track->bpm = dt_beaten_quantile_bpm(track, 0.5);
  track->meter = common_meter(track->sections, track->section_count);
}

static size_t count_sections(const dt_beat_call* calls, size_t count) {
  size_t sections = 1;
  for (size_t k = 1; k < count; ++k)
    sections += !is_same_meter(calls[k].meter, calls[k - 1].meter);
  return sections;
}

static dt_status make_track(dt__beats_found* found) {
  const size_t count = found->call_count;
  dt_beat_track* track = &found->track;
  const dt_follower_state* last = &found->last;
  track->pulse_probability = last->pulse_probability;
  track->tempo_probability = last->confidence;
  track->downbeat_probability = (double)NAN;
  for (int k = 0; k < DT_BEAT_METERS; ++k)
    track->meter_probability[k] = (double)NAN;
  memcpy(track->alternatives, last->alternatives, sizeof track->alternatives);
  track->alternative_count = last->alternative_count;
  if (count == 0)
    return DT_OK;
  const size_t sections = count_sections(found->calls, count);
  track->beats = dt_alloc(NULL, count * sizeof *track->beats);
  track->sections = dt_alloc(NULL, sections * sizeof *track->sections);
  if (track->beats == NULL || track->sections == NULL) {
    dt_release(NULL, track->beats, count * sizeof *track->beats);
    dt_release(NULL, track->sections, sections * sizeof *track->sections);
    track->beats = NULL;
    track->sections = NULL;
    return DT_NO_MEMORY;
  }
  fill_track(track, found->calls, count);
  return DT_OK;
}

dt_status dt__beats_follow(dt__beats_found* found, dt__listen_heard* heard,
                           const dt__beats_parts* parts) {
  dt_status status = DT_OK;
  found->is_live = true;
  found->live = (dt_beaten_live){
      .lock_s = (double)NAN,
      .lock_bars = (double)NAN,
      .latency_s = heard->take.source == DT_TAKE_SOUND ? EAR_S : 0.0,
      .least_notice_beats = (double)INFINITY,
  };
  for (size_t p = 0; p < parts->count && status == DT_OK; ++p)
    status = follow_part(found, &parts->items[p], heard);
  if (isnan(found->live.lock_s))
    found->call_count = 0;
  return status == DT_OK ? make_track(found) : status;
}
