#include <stdio.h>
#include <string.h>

#include "leader_internal.h"

#define CLOCK_JITTER_MS 1.0 /* usual by USB */

const char* dt_leader_key_name(dt_leader_key key) {
  static const char* const names[DT_KEY_COUNT] = {"go", "again", "next", "finish"};
  return key >= 0 && key < DT_KEY_COUNT ? names[key] : "";
}

const char* dt_lead_kind_name(dt_lead_kind kind) {
  static const char* const names[] = {"band", "take",  "stroke", "bar",  "stop", "judged",
                                      "rest", "pause", "done",   "away", "back", "trouble"};
  return (size_t)kind < sizeof names / sizeof names[0] ? names[kind] : "";
}

dt_status dt_leader_new(dt_leader** out, const dt_allocator* allocator,
                        const dt_leader_config* config) {
  *out = NULL;
  if (config->rate_hz < 8000 || config->rate_hz > 192000 || dt_plan_check(config->plan))
    return DT_BAD_ARGUMENT;
  dt_leader* leader = dt_alloc_zero(allocator, sizeof *leader);
  if (!leader)
    return DT_NO_MEMORY;
  leader->allocator = allocator;
  leader->config = *config;
  leader->queue = dt_alloc(allocator, DT_LEADER_QUEUE * sizeof *leader->queue);
  if (!leader->queue) {
    dt_leader_free(leader);
    return DT_NO_MEMORY;
  }
  dt_chart_facts facts[DT_PLAN_EXERCISES_MAX];
  for (int i = 0; i < config->plan->count; i++)
    facts[i] = dt_chart_facts_of(&config->charts[i]);
  dt_coach_start(&leader->coach, config->plan, facts, config->past, config->past_count,
                 &config->options);
  leader->config.plan = &leader->coach.plan; /* the coach's own copy */
  leader->config.past = NULL;
  if (dt_midiclock_init(&leader->sync.clock, config->rate_hz, CLOCK_JITTER_MS) != DT_OK) {
    dt_leader_free(leader);
    return DT_BAD_ARGUMENT;
  }
  *out = leader;
  return DT_OK;
}

void dt_leader_free(dt_leader* leader) {
  if (!leader)
    return;
  dt__take_clear(leader);
  for (size_t i = 0; i < leader->song_count; i++)
    dt_band_song_free(leader->songs[i]);
  const dt_allocator* allocator = leader->allocator;
  dt_release(allocator, leader->songs, leader->song_room * sizeof(dt_band_song*));
  dt_release(allocator, leader->queue, DT_LEADER_QUEUE * sizeof *leader->queue);
  dt_release(allocator, leader, sizeof *leader);
}

dt_lead* dt__lead_add(dt_leader* leader, dt_lead_kind kind) {
  size_t at = leader->first + leader->waiting;
  if (leader->waiting < DT_LEADER_QUEUE)
    leader->waiting++;
  else {
    leader->lost++;
    at--;
  }
  dt_lead* lead = &leader->queue[at % DT_LEADER_QUEUE];
  memset(lead, 0, sizeof *lead);
  lead->kind = kind;
  lead->at = leader->now;
  return lead;
}

dt_band_command* dt__lead_band(dt_leader* leader, dt_band_command_kind kind, dt_frame at) {
  dt_lead* lead = dt__lead_add(leader, DT_LEAD_BAND);
  lead->command = dt_band_command_of(kind, at);
  return &lead->command;
}

bool dt_leader_next(dt_leader* leader, dt_lead* lead) {
  if (leader->waiting == 0)
    return false;
  *lead = leader->queue[leader->first];
  leader->first = (leader->first + 1) % DT_LEADER_QUEUE;
  leader->waiting--;
  return true;
}

size_t dt_leader_lost(const dt_leader* leader) {
  return leader->lost;
}

const dt_coach* dt_leader_coach(const dt_leader* leader) {
  return &leader->coach;
}

void dt_leader_press(dt_leader* leader, dt_leader_key key) {
  if (key >= 0 && key < DT_KEY_COUNT)
    leader->pressed[key] = true;
}

static bool take_key(dt_leader* leader, dt_leader_key key) {
  const bool was = leader->pressed[key];
  leader->pressed[key] = false;
  return was;
}

/* A band that is told to begin within the gap begins after it, so the take's grid is not its any
 * more; and over a long gap the band goes on where it was (dt/band.h). */
static void mark_gap(dt__leader_take* take, dt_frame at, dt_frame until, dt_frame second) {
  if (at >= take->end || until <= take->start)
    return;
  if (at <= take->start || (until <= take->first && until - at > second / 2))
    take->is_count_in_lost = true;
  else if (until > take->first)
    take->gap_frames += until - at;
}

void dt_leader_gap(dt_leader* leader, dt_frame at, dt_frame frames) {
  const dt_frame until = at + frames;
  if (leader->state == DT__PLAYING)
    mark_gap(&leader->take, at, until, leader->config.rate_hz);
  if (until > leader->deaf_until)
    leader->deaf_until = until;
}

void dt_leader_song_back(dt_leader* leader, const dt_band_song* song) {
  for (size_t i = 0; i < leader->song_count; i++) {
    if (leader->songs[i] != song)
      continue;
    dt_band_song_free(leader->songs[i]);
    leader->songs[i] = leader->songs[--leader->song_count];
    return;
  }
}

bool dt_leader_is_playing(const dt_leader* leader) {
  return leader->state == DT__PLAYING;
}

dt_status dt_leader_stroke(dt_leader* leader, const dt_stroke* stroke) {
  dt_stroke played = *stroke;
  played.time_s -= (double)leader->config.latency_frames / leader->config.rate_hz;
  leader->heard_any = true;
  return dt__take_stroke(leader, &played);
}

dt_frame dt_leader_next_step(const dt_leader* leader) {
  return (leader->steps + 1) * leader->config.rate_hz / DT_LEADER_STEP_HZ;
}

/* ---- what is next ---- */

static void say_done(dt_leader* leader, const char* text) {
  leader->state = DT__OVER;
  snprintf(dt__lead_add(leader, DT_LEAD_DONE)->text, DT_SAY_MAX, "%s", text);
}

static void pause_with(dt_leader* leader, const char* text) {
  leader->state = DT__PAUSED;
  leader->heard_any = false;
  snprintf(dt__lead_add(leader, DT_LEAD_PAUSE)->text, DT_SAY_MAX, "%s", text);
}

static dt_status ask(dt_leader* leader) {
  dt_coach_next(&leader->coach, &leader->ask);
  if (leader->ask.act == DT_ACT_DONE) {
    say_done(leader, leader->ask.say);
    return DT_OK;
  }
  if (leader->ask.act == DT_ACT_PLAY && dt__sync_is_ready(leader))
    return dt__take_begin(leader);
  if (leader->ask.act == DT_ACT_PLAY) {
    pause_with(leader, dt__sync_wait_text(leader));
    leader->state = DT__WAITING;
    return DT_OK;
  }
  leader->state = DT__RESTING;
  const double rest_s = leader->config.no_rest ? 0 : leader->ask.rest_s;
  leader->rest_from = leader->now;
  leader->rest_until = leader->now + (dt_frame)(rest_s * leader->config.rate_hz);
  dt_lead* lead = dt__lead_add(leader, DT_LEAD_REST);
  lead->ask = leader->ask;
  lead->end = leader->rest_until;
  memcpy(lead->text, leader->ask.say, sizeof lead->text);
  return DT_OK;
}

/* What was skipped counts as rested where rests are skipped on purpose. */
static void end_rest(dt_leader* leader) {
  const double rested_s = (double)(leader->now - leader->rest_from) / leader->config.rate_hz;
  dt_coach_rested(&leader->coach, leader->config.no_rest ? leader->ask.rest_s : rested_s);
  leader->state = DT__ASKING;
}

/* Before it has begun there is nothing to stop: it is stopped as it begins. */
static dt_status give_up(dt_leader* leader, dt_error* err) {
  const dt_frame start = leader->take.start;
  dt__lead_band(leader, DT_BAND_STOP, leader->now > start ? leader->now : start);
  return dt__take_finish(leader, NULL, true, err);
}

/* Too much of it was lost. */
static dt_status begin_again(dt_leader* leader, dt_error* err) {
  dt_lead* lead = dt__lead_add(leader, DT_LEAD_STOP);
  if (leader->take.is_count_in_lost)
    snprintf(lead->text, sizeof lead->text, "The count-in was lost: again.");
  else
    snprintf(lead->text, sizeof lead->text, "%.1f s of sound were lost: again.",
             (double)leader->take.gap_frames / leader->config.rate_hz);
  leader->state = DT__ASKING;
  return give_up(leader, err);
}

static dt_status play_on(dt_leader* leader, dt_error* err) {
  dt__leader_take* take = &leader->take;
  const dt_frame second = leader->config.rate_hz;
  if (take->gap_frames > second / 2 || take->is_count_in_lost)
    return begin_again(leader, err);
  const char* trouble = dt__sync_trouble(leader);
  if (trouble) {
    snprintf(dt__lead_add(leader, DT_LEAD_STOP)->text, DT_SAY_MAX, "%s", trouble);
    leader->state = DT__ASKING;
    return give_up(leader, err);
  }
  dt__take_cues(leader);
  dt_stop stop = {0};
  dt_status status = dt__sync_follow(leader);
  if (status == DT_OK)
    status = dt__take_bars(leader, &stop, err);
  if (status != DT_OK)
    return status;
  if (stop.stop && take->take.strokes.count == 0) {
    status = give_up(leader, err);
    pause_with(leader, "Nothing heard. Play a stroke to go on.");
  } else if (stop.stop) {
    dt__lead_band(leader, DT_BAND_STOP, leader->now);
    dt_lead* lead = dt__lead_add(leader, DT_LEAD_STOP);
    dt_coach_stop_text(&leader->coach, &stop, lead->text);
    leader->state = DT__ASKING;
    status = dt__take_finish(leader, &stop, false, err);
  } else if (leader->now >= take->end + leader->config.latency_frames + second / 4) {
    const bool is_silent = take->take.strokes.count == 0;
    leader->state = DT__ASKING;
    status = dt__take_finish(leader, NULL, is_silent, err);
    if (is_silent)
      pause_with(leader, "Nothing heard. Play a stroke to go on.");
  }
  return status;
}

static dt_status obey(dt_leader* leader, dt_error* err) {
  const bool playing = leader->state == DT__PLAYING;
  dt_status status = DT_OK;
  if (take_key(leader, DT_KEY_FINISH)) {
    if (playing)
      status = give_up(leader, err);
    say_done(leader, "Enough for today.");
  } else if (take_key(leader, DT_KEY_NEXT)) {
    if (playing)
      status = give_up(leader, err);
    dt_coach_skip(&leader->coach);
    leader->state = DT__ASKING;
  } else if (take_key(leader, DT_KEY_AGAIN)) {
    if (playing)
      status = give_up(leader, err);
    if (playing || leader->state == DT__PAUSED)
      leader->state = DT__ASKING;
  } else if (take_key(leader, DT_KEY_GO)) {
    if (playing) {
      status = give_up(leader, err);
      pause_with(leader, "Pause. Press space to go on.");
    } else if (leader->state == DT__RESTING)
      end_rest(leader);
    else if (leader->state != DT__WAITING)
      leader->state = DT__ASKING;
  }
  return status;
}

dt_status dt_leader_step(dt_leader* leader, dt_error* err) {
  leader->now = dt_leader_next_step(leader);
  leader->steps++;
  dt__sync_step(leader);
  if (leader->now < leader->deaf_until) /* nobody hears what would begin here */
    return DT_OK;
  dt_status status = DT_OK;
  if (leader->state != DT__OVER)
    status = obey(leader, err);
  if (status != DT_OK)
    return status;
  switch (leader->state) {
  case DT__ASKING:
    status = ask(leader);
    break;
  case DT__WAITING:
    if (dt__sync_is_ready(leader))
      status = dt__take_begin(leader);
    break;
  case DT__PLAYING:
    return play_on(leader, err);
  case DT__RESTING:
    if (leader->now >= leader->rest_until)
      end_rest(leader);
    break;
  case DT__PAUSED:
    if (leader->heard_any)
      leader->state = DT__ASKING;
    break;
  case DT__OVER:
    break;
  }
  return status == DT_OK ? DT_OK : dt_fail(err, status, "The next take could not be made ready.");
}
