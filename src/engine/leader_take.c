#include <math.h>
#include <string.h>

#include "leader_internal.h"

/* How long the band is told before it has to begin, and strokes may take to be known. */
#define LEAD_S  0.3
#define GRACE_S 0.15

dt_frame dt__take_frame(const dt_leader* leader, dt_tick tick) {
  const double seconds = dt_tempo_map_seconds(&leader->take.part.map, (double)tick);
  return leader->take.first + llround(seconds * leader->config.rate_hz);
}

static void unjudge(dt_leader* leader) {
  dt__leader_take* take = &leader->take;
  if (take->is_studied)
    dt_study_clear(&take->study, leader->allocator);
  if (take->is_judged) {
    dt_verdict_clear(&take->verdict, leader->allocator);
    dt_alignment_clear(&take->alignment, leader->allocator);
  }
  take->is_studied = take->is_judged = false;
}

void dt__take_clear(dt_leader* leader) {
  unjudge(leader);
  dt_take_clear(&leader->take.take, leader->allocator);
  dt_part_clear(&leader->take.part, leader->allocator);
  memset(&leader->take, 0, sizeof leader->take);
}

/* The count-in and the part as one click, time and tick 0 at the count-in's first beat. */
static dt_status make_click(dt_leader* leader) {
  const dt__leader_take* take = &leader->take;
  const dt_tempo_map* part = &take->part.map;
  dt_tempo_map* click = &leader->take.take.click;
  const dt_allocator* allocator = leader->allocator;
  click->ticks_per_quarter = DT_TICKS_PER_QUARTER;
  dt_status status = dt_tempo_map_set_tempo(click, allocator, 0, 6e7 / dt_tempo_map_bpm(part, 0));
  if (status == DT_OK)
    status = dt_tempo_map_set_meter(click, allocator, 0, dt_tempo_map_meter(part, 0));
  for (size_t i = 0; status == DT_OK && i < part->tempo_count; i++)
    status = dt_tempo_map_set_tempo(click, allocator, take->part_tick + part->tempi[i].tick,
                                    part->tempi[i].us_per_quarter);
  for (size_t i = 0; status == DT_OK && i < part->meter_count; i++)
    status = dt_tempo_map_set_meter(click, allocator, take->part_tick + part->meters[i].tick,
                                    part->meters[i].meter);
  leader->take.take.has_click = true;
  return status;
}

static dt_status lend_song(dt_leader* leader, const dt_band_song** lent) {
  if (leader->song_count == leader->song_room) {
    const size_t room = leader->song_room ? 2 * leader->song_room : 16;
    const size_t size = sizeof(dt_band_song*);
    dt_band_song** more =
        dt_resize(leader->allocator, leader->songs, leader->song_room * size, room * size);
    if (!more)
      return DT_NO_MEMORY;
    leader->songs = more;
    leader->song_room = room;
  }
  dt_band_song* song = NULL;
  const dt_status status = dt_band_song_new(&song, leader->allocator, &leader->take.part);
  if (status != DT_OK)
    return status;
  leader->songs[leader->song_count++] = song;
  *lent = song;
  return DT_OK;
}

static void start_band(dt_leader* leader, const dt_band_song* song) {
  const dt_frame start = leader->take.start;
  dt_band_start* begin = &dt__lead_band(leader, DT_BAND_START, start)->start;
  begin->song = song;
  begin->bpm = 0;
  begin->times = 1;
  begin->count_in_bars = leader->ask.count_in_bars;
}

dt_status dt__take_begin(dt_leader* leader) {
  dt__take_clear(leader);
  dt__leader_take* take = &leader->take;
  take->chart = &leader->config.charts[leader->ask.exercise];
  dt__sync_take_tempo(leader);
  dt_status status = dt_coach_part(&take->part, leader->allocator, take->chart, &leader->coach);
  if (status != DT_OK)
    return status;
  const int rate_hz = leader->config.rate_hz;
  const dt_tick count_in = leader->ask.count_in_bars * take->part.bars[0].length;
  const double count_in_s =
      (double)count_in / DT_TICKS_PER_QUARTER * 60 / dt_tempo_map_bpm(&take->part.map, 0);
  take->part_tick = count_in;
  take->start = dt__sync_start(leader, leader->now + (dt_frame)(LEAD_S * rate_hz));
  take->first = take->start + llround(count_in_s * rate_hz);
  take->end = dt__take_frame(leader, take->part.end);
  take->take.source = leader->config.heard ? DT_TAKE_SOUND : DT_TAKE_MIDI;
  take->take.clock_jitter_s = leader->config.jitter_s;
  take->take.latency_s = (double)leader->config.latency_frames / rate_hz;
  const dt_band_song* song = NULL;
  status = make_click(leader);
  if (status == DT_OK)
    status = lend_song(leader, &song);
  if (status != DT_OK)
    return status;
  start_band(leader, song);
  leader->state = DT__PLAYING;
  dt_lead* lead = dt__lead_add(leader, DT_LEAD_TAKE);
  lead->ask = leader->ask;
  lead->start = take->start;
  lead->first = take->first;
  lead->end = take->end;
  lead->part = &take->part;
  dt__take_cues(leader);
  return DT_OK;
}

/* is_own: a whole take without a click is held to the player's own time. */
static dt_status judge(dt_leader* leader, bool is_own, dt_error* err) {
  dt__leader_take* take = &leader->take;
  unjudge(leader);
  dt_strokes_sort(&take->take.strokes);
  const double length_s = (double)(leader->now - take->start) / leader->config.rate_hz;
  const size_t count = take->take.strokes.count;
  take->take.duration_s = length_s;
  if (count > 0 && take->take.strokes.items[count - 1].time_s > length_s)
    take->take.duration_s = take->take.strokes.items[count - 1].time_s;
  take->config = dt_judge_default(&take->take);
  if (is_own)
    take->config.mode = DT_GRID_FREE;
  take->config.level = leader->config.plan->exercises[leader->ask.exercise].level;
  dt_status status =
      dt_align(&take->alignment, leader->allocator, &take->take, &take->config, take->chart, err);
  if (status != DT_OK)
    return status;
  take->config.chart = take->chart;
  take->config.alignment = &take->alignment;
  status = dt_judge(&take->verdict, leader->allocator, &take->take, &take->config, err);
  if (status != DT_OK) {
    dt_alignment_clear(&take->alignment, leader->allocator);
    return status;
  }
  take->is_judged = true;
  return DT_OK;
}

/* The bars that are over, as they were heard so far. */
static dt_status hear_bars(dt_leader* leader, int done, dt_error* err) {
  dt__leader_take* take = &leader->take;
  dt_status status = judge(leader, false, err);
  if (status != DT_OK)
    return status;
  dt_marks marks = {0};
  status = dt_marks_make(&marks, leader->allocator, &take->take, &take->verdict, &take->alignment,
                         take->chart);
  if (status != DT_OK)
    return dt_fail(err, status, "No memory to judge the bar.");
  dt_bars_heard(take->bars, DT_STOP_BARS_MAX, &take->take, &marks, &take->alignment, &take->part,
                take->part_tick, done);
  dt_marks_clear(&marks, leader->allocator);
  return DT_OK;
}

dt_status dt__take_bars(dt_leader* leader, dt_stop* stop, dt_error* err) {
  dt__leader_take* take = &leader->take;
  const dt_frame grace =
      leader->config.latency_frames + (dt_frame)(GRACE_S * leader->config.rate_hz);
  while (take->bars_done < (int)take->part.bar_count && take->bars_done < DT_STOP_BARS_MAX) {
    const dt_part_bar* bar = &take->part.bars[take->bars_done];
    if (leader->now < dt__take_frame(leader, bar->tick + bar->length) + grace)
      return DT_OK;
    dt_cue cue;
    dt_coach_cue(&leader->coach, take->bars_done, &cue);
    const dt_status status = hear_bars(leader, take->bars_done + 1, err);
    if (status != DT_OK)
      return status;
    const dt_bar_heard* heard = &take->bars[take->bars_done++];
    dt__lead_add(leader, DT_LEAD_BAR)->bar = *heard;
    if (cue.role == DT_ROLE_LISTEN)
      continue;
    *stop = dt_coach_bar(&leader->coach, heard);
    if (stop->stop)
      return DT_OK;
  }
  return DT_OK;
}

dt_status dt__take_finish(dt_leader* leader, const dt_stop* stop, bool abandoned, dt_error* err) {
  dt__leader_take* take = &leader->take;
  dt_status status = judge(leader, leader->ask.mode == DT_MODE_OWN && !stop, err);
  if (status != DT_OK)
    return status;
  status = dt_study_make(&take->study, leader->allocator, &take->take, &take->verdict,
                         &take->alignment, take->chart);
  if (status != DT_OK)
    return dt_fail(err, status, "No memory to judge the take.");
  take->is_studied = true;
  dt_shown shown = dt_shown_of(&take->verdict, &take->study, take->bars, take->bars_done,
                               leader->ask.bpm, leader->ask.bars);
  shown.heard = leader->config.heard;
  if (leader->ask.mode == DT_MODE_OWN)
    shown.wander_ms = (double)NAN; /* there was no click to stay with */
  shown.played_s = fmax(0.1, (double)(leader->now - take->first) / leader->config.rate_hz);
  shown.stopped = stop != NULL;
  shown.stopped_for = stop ? stop->why : DT_CLEAN;
  shown.abandoned = abandoned;
  const dt_clean clean = dt_coach_took(&leader->coach, &shown);
  dt_lead* lead = dt__lead_add(leader, DT_LEAD_JUDGED);
  lead->ask = leader->ask;
  lead->judged = (dt_lead_judged){
      .number = ++leader->take_count,
      .take = &take->take,
      .chart = take->chart,
      .config = &take->config,
      .verdict = &take->verdict,
      .study = &take->study,
      .alignment = &take->alignment,
      .shown = shown,
      .clean = clean,
      .gap_frames = take->gap_frames,
      .latency_ms = (double)leader->config.latency_frames * 1000 / leader->config.rate_hz,
      .jitter_ms = leader->config.jitter_s * 1000,
  };
  return DT_OK;
}
