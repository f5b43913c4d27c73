#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dt/home.h"
#include "dt/home_keep.h"
#include "live_internal.h"

#define AWAY_FROM_MIDDLE_MS 12.0 /* of a bar's mean, to be called early or late */

/* Makes the message's fields and puts them into the feed. */
#define SAY(live, type, message)                                                                   \
  do {                                                                                             \
    (live)->fields.size = 0;                                                                       \
    if (dt__msg_##type##_write(&(live)->fields, (message)) == DT_OK)                               \
      dt__feed_put((live)->feed, (const char*)(live)->fields.bytes, (live)->fields.size);          \
  } while (0)

static double ms_of(const dt__live* live, dt_frame at) {
  return 1000.0 * (double)at / live->playing.rate_hz;
}

static const char* name_or_null(const char* text) {
  return text[0] ? text : NULL;
}

void dt__live_say_session(dt__live* live, dt__msg_session_state state, const char* text) {
  const dt__wish* wish = live->wish;
  dt__msg_session session = dt__msg_session_empty();
  session.state = state;
  session.text = text;
  session.chart = name_or_null(live->chart);
  session.title = name_or_null(live->title);
  session.mode = wish ? dt_mode_name(wish->plan.exercises[0].mode) : NULL;
  session.device = name_or_null(live->device);
  session.recorded = live->folder[0] ? dt_home_file_name(live->folder) : NULL;
  live->fields.size = 0;
  if (dt__msg_session_write(&live->fields, &session) != DT_OK)
    return;
  pthread_mutex_lock(&live->lock);
  live->told.size = 0;
  if (dt_sink_write(dt_buffer_sink(&live->told), live->fields.bytes, live->fields.size) != DT_OK)
    live->told.size = 0;
  pthread_mutex_unlock(&live->lock);
  dt__feed_put(live->feed, (const char*)live->fields.bytes, live->fields.size);
}

void dt__live_say_trouble(dt__live* live, const char* text) {
  const dt__msg_trouble trouble = {.text = text};
  SAY(live, trouble, &trouble);
}

/* ---- a take begins ---- */

static const char* piece_name(dt_piece piece) {
  static const char* const names[] = {"whole", "from_bar", "loop", "slow_loop", "right", "left"};
  return (unsigned)piece < sizeof names / sizeof *names ? names[piece] : "";
}

static void follow_exercise(dt__live* live, int exercise) {
  const dt_chart* chart = &live->wish->charts[exercise];
  const char* name = live->wish->plan.exercises[exercise].chart;
  snprintf(live->chart, sizeof live->chart, "%s", chart->name[0] ? chart->name : name);
  snprintf(live->title, sizeof live->title, "%s", chart->title);
}

static void say_take(dt__live* live, const dt_lead* lead) {
  const dt_instruction* ask = &lead->ask;
  follow_exercise(live, ask->exercise);
  live->take_start = lead->start;
  pthread_mutex_lock(&live->lock);
  const bool is_known =
      dt__playing_begin(&live->playing, lead, live->wish->plan.exercises[ask->exercise].level);
  pthread_mutex_unlock(&live->lock);
  if (!is_known)
    dt__live_say_trouble(live, "There is no memory to show this take. Practice goes on.");
  const dt__playing* playing = &live->playing;
  const double later_ms = playing->latency_ms;
  const dt__msg_take take = {
      .number = ++live->take_number,
      .chart = live->chart,
      .mode = dt_mode_name(ask->mode),
      .piece = piece_name(ask->piece),
      .say = ask->say,
      .bpm = ask->bpm,
      .bars = ask->bars,
      .count_in_bars = ask->count_in_bars,
      .from_bar = ask->from_bar,
      .loop_bars = ask->loop_bars,
      .burst = ask->burst,
      .cold = ask->cold,
      .start_ms = ms_of(live, lead->start) + later_ms,
      .first_ms = ms_of(live, lead->first) + later_ms,
      .end_ms = ms_of(live, lead->end) + later_ms,
      .beats = playing->beats,
      .beat_count = playing->beat_count,
      .notes = playing->notes,
      .note_count = playing->note_count,
  };
  SAY(live, take, &take);
}

/* ---- while it is played ---- */

static dt__msg_side side_of(const dt__live* live, double asynchrony_ms) {
  if (isnan(asynchrony_ms))
    return DT__SIDE_NONE;
  if (fabs(asynchrony_ms) <= live->playing.tolerance_ms)
    return DT__SIDE_ON;
  return asynchrony_ms < 0 ? DT__SIDE_EARLY : DT__SIDE_LATE;
}

static void say_stroke(dt__live* live, const dt_lead_stroke* at) {
  dt__playing* playing = &live->playing;
  const dt__msg_stroke stroke = {
      .at_ms = 1000 * at->stroke.time_s + playing->latency_ms,
      .drum = dt_drum_name(at->stroke.drum),
      .velocity = (int64_t)lround((double)at->stroke.velocity),
      .asynchrony_ms = at->asynchrony_ms,
      .side = side_of(live, at->asynchrony_ms),
      .note = dt__playing_note(playing, at),
      .bar = at->bar,
      .beat = at->beat,
  };
  if (!isnan(at->asynchrony_ms)) {
    playing->in_bar++;
    playing->sum_ms += at->asynchrony_ms;
  }
  SAY(live, stroke, &stroke);
  dt__osc_stroke(live->osc, stroke.drum, (int)stroke.velocity, stroke.asynchrony_ms,
                 dt__msg_side_name(stroke.side));
}

/* The middle of what was heard in the bar, in one word; as the terminal's screen says it. */
static void say_bar(dt__live* live, const dt_bar_heard* heard) {
  dt__playing* playing = &live->playing;
  const double mean_ms = playing->in_bar > 0 ? playing->sum_ms / playing->in_bar : (double)NAN;
  dt__msg_bar bar = dt__msg_bar_empty();
  bar.bar = heard->bar;
  bar.written = heard->written;
  bar.mean_ms = mean_ms;
  bar.missed = heard->missed;
  bar.extra = heard->extra;
  bar.word = "GOOD";
  bar.tint = DT__TINT_GOOD;
  if (heard->missed > 0)
    bar.word = "MISSED", bar.tint = DT__TINT_BAD;
  else if (mean_ms < -AWAY_FROM_MIDDLE_MS)
    bar.word = "EARLY", bar.tint = DT__TINT_EARLY;
  else if (mean_ms > AWAY_FROM_MIDDLE_MS)
    bar.word = "LATE", bar.tint = DT__TINT_LATE;
  playing->in_bar = 0;
  playing->sum_ms = 0;
  playing->last_bar = heard->bar;
  SAY(live, bar, &bar);
  char figure[24] = "";
  if (!isnan(mean_ms))
    snprintf(figure, sizeof figure, "%+.0f", mean_ms);
  dt__osc_word(live->osc, bar.word, figure, dt__msg_tint_name(bar.tint));
}

static void say_stop(dt__live* live, const dt_lead* lead) {
  const dt__msg_stop stop = {.text = lead->text, .bar = live->playing.last_bar};
  SAY(live, stop, &stop);
}

/* ---- a take is over ---- */

static int64_t keep(dt__live* live, const dt_lead* lead) {
  const dt_lead_judged* judged = &lead->judged;
  const dt_stage_config* config = live->config;
  char path[DT_HOME_PATH];
  dt_store* store = NULL;
  dt_error err = {0};
  int64_t number = 0;
  bool is_known = false;
  if (judged->take->strokes.count == 0 || (live->wish->has_drummer && !config->db))
    return DT__MSG_NULL;
  const char* name = live->wish->plan.exercises[lead->ask.exercise].chart;
  const dt_kept kept = {.taken_at_s = (int64_t)time(NULL),
                        .player = config->player,
                        .chart = live->chart,
                        .file = name,
                        .program = DT__VERSION,
                        .take = judged->take,
                        .config = judged->config,
                        .verdict = judged->verdict,
                        .study = judged->study};
  dt_status status = dt_home_store(&store, config->db, true, path, &err);
  if (status == DT_OK)
    status = dt_home_keep(store, &kept, &number, &is_known, &err);
  dt_store_close(store);
  if (status == DT_OK) {
    atomic_fetch_add(&live->kept_takes, 1);
    return number;
  }
  char text[DT_ERROR_SENTENCE_MAX + 96];
  live->lost_takes++;
  snprintf(text, sizeof text, "This take could not be kept: %s. Practice goes on.", err.sentence);
  dt__live_say_trouble(live, text);
  return DT__MSG_NULL;
}

/* The take's sound is where its strokes are: from its first click on, as late as they arrived. */
static void keep_sound(dt__live* live, const dt_lead* lead, int64_t number) {
  const dt__wish* wish = live->wish;
  const bool is_sound = wish->has_drummer ? wish->is_sound : !wish->midi[0];
  dt__cut cut = {.number = number};
  if (!is_sound || !live->folder[0] || number == DT__MSG_NULL)
    return;
  const dt_frame later = llround(live->playing.latency_ms * live->playing.rate_hz / 1000);
  snprintf(cut.folder, sizeof cut.folder, "%s", live->folder);
  cut.from = live->take_start + later;
  cut.to = lead->at + later;
  if (!dt__cutter_put(live->cutter, &cut))
    dt__live_say_trouble(live, "There is no memory to keep the sound of this take.");
}

static void word_of(dt__msg_judged* said, const dt_lead_judged* judged, char figure[24]) {
  const dt_verdict* verdict = judged->verdict;
  figure[0] = '\0';
  said->unit = "";
  said->tint = DT__TINT_BAD;
  switch (judged->shown.abandoned ? DT_CRITERION_COUNT : judged->clean.failed) {
  case DT_CLEAN:
    said->word = "CLEAN";
    said->unit = "bpm";
    said->tint = DT__TINT_GOOD;
    snprintf(figure, 24, "%.4g", judged->shown.bpm);
    break;
  case DT_FAIL_MISSED:
    said->word = "MISSED";
    snprintf(figure, 24, "%d", judged->shown.missed);
    break;
  case DT_FAIL_SCATTER:
    said->word = "LOOSE";
    said->unit = "ms";
    snprintf(figure, 24, "%.0f", verdict->all.scatter_ms.value);
    break;
  case DT_FAIL_DRIFT:
    said->word = verdict->bpm_change > 0 ? "RUSHING" : "DRAGGING";
    said->unit = "bpm";
    said->tint = verdict->bpm_change > 0 ? DT__TINT_EARLY : DT__TINT_LATE;
    snprintf(figure, 24, "%+.1f", verdict->bpm_change);
    break;
  case DT_FAIL_PLACEMENT:
    said->word = "MOVED";
    break;
  case DT_FAIL_DYNAMICS:
    said->word = "LEVELS";
    break;
  case DT_CRITERION_COUNT:
    said->word = "AGAIN";
    said->tint = DT__TINT_PLAIN;
    break;
  }
  said->figure = figure;
}

static void say_ladder(dt__live* live, const dt_instruction* ask) {
  if (!ask->counts || (ask->mode != DT_MODE_LADDER && ask->mode != DT_MODE_RETENTION))
    return;
  const dt_coach* coach = dt_leader_coach(dt_session_leader(live->session));
  const dt_clean_tempo* tempo = &coach->exercises[ask->exercise].tempo;
  const double goal_bpm = live->wish->plan.exercises[ask->exercise].to_bpm;
  dt__msg_ladder ladder = dt__msg_ladder_empty();
  if (tempo->bpm > 0) {
    ladder.clean_bpm = tempo->bpm;
    ladder.low_bpm = tempo->low_bpm;
    ladder.high_bpm = tempo->high_bpm;
  }
  ladder.asked_bpm = ask->bpm;
  ladder.goal_bpm = goal_bpm > 0 ? goal_bpm : (double)NAN;
  ladder.trials = coach->ladder.takes;
  SAY(live, ladder, &ladder);
}

static void say_judged(dt__live* live, const dt_lead* lead) {
  const dt_lead_judged* judged = &lead->judged;
  char figure[24];
  dt__msg_judged said = dt__msg_judged_empty();
  said.number = live->take_number;
  said.take = keep(live, lead);
  keep_sound(live, lead, said.take);
  said.clean = judged->clean.failed == DT_CLEAN && !judged->shown.abandoned;
  said.stopped = judged->shown.stopped;
  word_of(&said, judged, figure);
  said.bpm = judged->shown.bpm;
  said.placement_ms = judged->shown.placement_ms.value;
  said.drift_percent = judged->shown.drift_percent.value;
  said.scatter_ms = judged->shown.scatter_ms.value;
  said.missed = judged->shown.missed;
  said.extra = judged->shown.extra;
  SAY(live, judged, &said);
  dt__osc_word(live->osc, said.word, figure, dt__msg_tint_name(said.tint));
  say_ladder(live, &lead->ask);
}

/* ---- the rest ---- */

static void say_device(dt__live* live, bool is_away, const char* text) {
  const dt__msg_device device = {.is_away = is_away, .text = text};
  SAY(live, device, &device);
}

void dt__live_lead(void* context, const dt_lead* lead, const char* text) {
  dt__live* live = context;
  (void)text;
  switch (lead->kind) {
  case DT_LEAD_TAKE:
    say_take(live, lead);
    break;
  case DT_LEAD_STROKE:
    say_stroke(live, &lead->stroke);
    break;
  case DT_LEAD_BAR:
    say_bar(live, &lead->bar);
    break;
  case DT_LEAD_STOP:
    say_stop(live, lead);
    break;
  case DT_LEAD_JUDGED:
    say_judged(live, lead);
    break;
  case DT_LEAD_REST: {
    const dt__msg_rest rest = {.until_ms = ms_of(live, lead->end), .text = lead->text};
    SAY(live, rest, &rest);
    break;
  }
  case DT_LEAD_PAUSE: {
    const dt__msg_pause pause = {.text = lead->text};
    SAY(live, pause, &pause);
    break;
  }
  case DT_LEAD_DONE: {
    const dt__msg_done done = {.text = lead->text};
    SAY(live, done, &done);
    break;
  }
  case DT_LEAD_AWAY:
  case DT_LEAD_BACK:
    say_device(live, lead->kind == DT_LEAD_AWAY, lead->text);
    break;
  case DT_LEAD_TROUBLE:
    dt__live_say_trouble(live, lead->text);
    break;
  case DT_LEAD_BAND:
    break;
  }
}

void dt__live_beats(dt__live* live, double stream_ms) {
  dt__playing* playing = &live->playing;
  while (playing->beat_next < playing->beat_count &&
         playing->beats[playing->beat_next].at_ms <= stream_ms) {
    const dt__msg_beat* beat = &playing->beats[playing->beat_next++];
    if (stream_ms - beat->at_ms < 200) /* what is long past is not told any more */
      dt__osc_beat(live->osc, (int)beat->bar, (int)beat->beat, playing->bpm);
  }
}
