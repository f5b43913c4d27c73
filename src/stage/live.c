#include "live.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dt/home.h"
#include "dt/home_log.h"
#include "live_internal.h"

static double server_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1000.0 * (double)now.tv_sec + (double)now.tv_nsec / 1e6;
}

dt__live* dt__live_new(const dt_stage_config* config, dt__feed* feed, dt__osc* osc) {
  dt__live* live = calloc(1, sizeof *live);
  if (!live || pthread_mutex_init(&live->lock, NULL) != 0) {
    free(live);
    return NULL;
  }
  live->cutter = dt__cutter_new(config->db, feed);
  if (!live->cutter) {
    pthread_mutex_destroy(&live->lock);
    free(live);
    return NULL;
  }
  live->config = config;
  live->feed = feed;
  live->osc = osc;
  live->playing.rate_hz = 1;
  atomic_store(&live->is_over, true);
  return live;
}

/* ---- the session's thread ---- */

static dt_port* open_port(dt__live* live, dt_error* err) {
  const dt__wish* wish = live->wish;
  dt_port_config config = dt_port_config_default();
  config.device = wish->audio[0] ? wish->audio : NULL;
  config.has_midi_in = wish->midi[0] != '\0';
  config.has_midi_out = wish->midi_clock;
  if (wish->midi[0] && strcmp(wish->midi, "any") != 0) {
    config.jack.connect_midi_in = wish->midi;
    config.alsa.midi_in = wish->midi;
  }
  if (wish->has_drummer) {
    config.device = "null";
    config.has_midi_in = true;
    config.null.speed = live->config->defaults.speed > 0 ? live->config->defaults.speed : 1;
    config.null.input = dt_session_play_along;
    config.null.context = &live->along;
  }
  return dt_port_open(&config, err);
}

static double latency_of(const dt__wish* wish, const dt_port_info* info) {
  const dt_setup_latency* known = dt_setup_latency_of(&wish->setup, info->device);
  if (!isnan(wish->latency_ms))
    return wish->latency_ms;
  return known ? known->ms : (double)NAN;
}

/* Everything live can be made again; where there is no place for it, practice goes on. */
static void choose_folder(dt__live* live) {
  const dt_stage_config* config = live->config;
  char path[DT_HOME_PATH] = "";
  char text[DT_ERROR_SENTENCE_MAX + 48];
  dt_error err = {0};
  const bool is_wanted = !config->defaults.no_record && (!live->wish->has_drummer || config->db);
  if (is_wanted && dt__recording_folder(config, path, &err) != DT_OK) {
    path[0] = '\0';
    snprintf(text, sizeof text, "This session is not recorded: %s", err.sentence);
    dt__live_say_trouble(live, text);
  }
  pthread_mutex_lock(&live->lock);
  snprintf(live->folder, sizeof live->folder, "%s", path);
  pthread_mutex_unlock(&live->lock);
}

static void forget_folder(dt__live* live) {
  pthread_mutex_lock(&live->lock);
  live->folder[0] = '\0';
  pthread_mutex_unlock(&live->lock);
}

/* A session in which nothing was played leaves no folder. */
static void tidy_folder(dt__live* live, bool has_begun) {
  if (!live->folder[0] || (has_begun && !dt_session_left_empty(live->folder)))
    return;
  if (dt_session_remove(live->folder))
    forget_folder(live);
}

static void remember(dt__live* live, const dt_port_info* info) {
  const dt__wish* wish = live->wish;
  const dt_stage_config* config = live->config;
  char text[DT_ERROR_SENTENCE_MAX + 48];
  dt_error err = {0};
  const dt__given given = {.audio = wish->gives_audio ? wish->audio : NULL,
                           .midi = wish->gives_midi ? wish->midi : NULL,
                           .kit_map = config->defaults.kit_map};
  if (wish->has_drummer && !config->defaults.setup)
    return;
  if (dt__recording_remember(config, &wish->setup, &given, info, &err) == DT_OK)
    return;
  snprintf(text, sizeof text, "The device is not remembered: %s", err.sentence);
  dt__live_say_trouble(live, text);
}

static dt_status make_session(dt__live* live, dt_port* port, dt_session** session, dt_error* err) {
  const dt__wish* wish = live->wish;
  const dt_port_info* info = dt_port_info_of(port);
  const double latency_ms = latency_of(wish, info);
  live->playing.rate_hz = info->rate_hz;
  live->playing.latency_ms = isnan(latency_ms) ? 0 : latency_ms;
  const dt_session_config config = {
      .leader = {.plan = &wish->plan,
                 .charts = wish->charts,
                 .past = wish->past,
                 .past_count = wish->past_count,
                 .options = {.seed = wish->seed, .today = dt_home_today()},
                 .no_rest = wish->no_rest},
      .sound = wish->has_drummer ? wish->is_sound : !wish->midi[0],
      .kit = wish->kit[0] ? wish->kit : NULL,
      .kit_map = (const char*)wish->kit_map.bytes,
      .kit_map_size = wish->kit_map.size,
      .latency_ms = latency_ms,
      .click_db = (float)(isnan(wish->click_db) ? 0 : wish->click_db),
      .band_file = wish->band.size > 0 ? (const char*)wish->band.bytes : NULL,
      .band_file_size = wish->band.size,
      .soundfont = wish->soundfont,
      .band_db = (float)(isnan(wish->band_db) ? 0 : wish->band_db),
      .midi_clock = wish->midi_clock,
      .folder = live->folder[0] ? live->folder : NULL,
      .player = wish->has_drummer ? &wish->drummer : NULL,
      .player_bpm = isnan(wish->able_bpm) ? 0 : wish->able_bpm,
      .on_lead = dt__live_lead,
      .context = live,
  };
  return dt_session_new(session, NULL, &config, port, err);
}

static void show(dt__live* live, dt_port* port, dt_session* session) {
  pthread_mutex_lock(&live->lock);
  live->port = port;
  live->session = session;
  pthread_mutex_unlock(&live->lock);
}

static bool log_path(const dt__live* live, char path[DT_HOME_PATH]) {
  const dt_stage_config* config = live->config;
  if (config->defaults.log)
    return snprintf(path, DT_HOME_PATH, "%s", config->defaults.log) < DT_HOME_PATH;
  if (config->home)
    return dt_home_file(path, DT_HOME_PATH, config->home, "practice.log");
  return dt_home_beside(path, DT_HOME_PATH, config->db, "practice.log");
}

/* What is known of the exercises for the next time. */
static void keep_history(dt__live* live, const dt_session* session) {
  const dt_stage_config* config = live->config;
  char path[DT_HOME_PATH];
  const bool is_named = config->defaults.log || config->home || config->db;
  if ((live->wish->has_drummer && !is_named) || !log_path(live, path))
    return;
  const dt_coach* coach = dt_leader_coach(dt_session_leader(session));
  for (int i = 0; i < live->wish->plan.count; i++) {
    dt_past past;
    dt_error err = {0};
    if (dt_coach_past(coach, i, &past) && dt_practice_log_add(path, &past, &err) != DT_OK) {
      char text[DT_ERROR_SENTENCE_MAX + 64];
      snprintf(text, sizeof text, "The practice log could not be written: %s", err.sentence);
      dt__live_say_trouble(live, text);
    }
  }
}

/* A machine that is too slow for it: said once, when it is over. */
static void tell_band(dt__live* live, const dt_session* session) {
  const dt_session_state state = dt_session_look(session);
  char text[160];
  if (state.band_underruns == 0)
    return;
  snprintf(text, sizeof text, "The band was not ready in time %llu times, and silent for %.2f s.",
           (unsigned long long)state.band_underruns,
           (double)state.band_underrun_frames / live->playing.rate_hz);
  dt__live_say_trouble(live, text);
}

static dt_status practise(dt__live* live, dt_error* err) {
  dt_session* session = NULL;
  dt_port* port = open_port(live, err);
  if (!port)
    return err->status;
  pthread_mutex_lock(&live->lock);
  snprintf(live->device, sizeof live->device, "%s", dt_port_info_of(port)->device);
  pthread_mutex_unlock(&live->lock);
  remember(live, dt_port_info_of(port));
  choose_folder(live);
  dt__cutter_follow(live->cutter, live->folder, 0);
  dt_status status = make_session(live, port, &session, err);
  const bool has_begun = status == DT_OK;
  if (has_begun) {
    live->along = session; /* the simulated drummer's; the port has not started yet */
    show(live, port, session);
    if (atomic_load(&live->wants_stop))
      dt_session_stop(session);
    dt__live_say_session(live, DT__SESSION_STATE_RUNNING, NULL);
    status = dt_session_run(session, err);
    keep_history(live, session);
    tell_band(live, session);
    atomic_store(&live->gap_frames, (unsigned long long)dt_session_look(session).gap_frames);
  }
  show(live, NULL, NULL);
  dt_port_close(port); /* from here on nobody plays along */
  live->along = NULL;
  dt_session_free(session);
  tidy_folder(live, has_begun);
  dt__cutter_follow(live->cutter, NULL, 0); /* what was recorded is whole now */
  return status;
}

static void* run(void* context) {
  dt__live* live = context;
  dt_error err = {0};
  const dt_status status = practise(live, &err);
  const char* text = err.sentence[0] ? err.sentence : dt_status_sentence(status);
  atomic_store(&live->is_over, true); /* who hears of the end may begin again: he waits for us */
  dt__live_say_session(live, DT__SESSION_STATE_ENDED, status == DT_OK ? NULL : text);
  pthread_mutex_lock(&live->lock);
  live->device[0] = '\0';
  dt__playing_clear(&live->playing);
  pthread_mutex_unlock(&live->lock);
  return NULL;
}

/* ---- the server's thread ---- */

static void tidy_up(dt__live* live) {
  if (live->has_thread)
    pthread_join(live->thread, NULL);
  live->has_thread = false;
  dt__wish_free(live->wish);
  live->wish = NULL;
}

dt_status dt__live_begin(dt__live* live, const char* json, size_t size, bool is_own,
                         dt_error* err) {
  if (dt__live_is_running(live))
    return dt_fail(err, DT_CANCELLED, "A session is going on already");
  tidy_up(live);
  dt_error why = {0};
  live->wish = dt__wish_read(live->config, json, size, is_own, &why);
  if (!live->wish)
    return dt_fail(err, why.status ? why.status : DT_NO_MEMORY, "%s", why.sentence);
  const dt_exercise* first = &live->wish->plan.exercises[0];
  const dt_chart* chart = &live->wish->charts[0];
  snprintf(live->chart, sizeof live->chart, "%s", chart->name[0] ? chart->name : first->chart);
  snprintf(live->title, sizeof live->title, "%s", chart->title);
  live->take_number = 0;
  live->folder[0] = '\0'; /* the last one's; no thread is there */
  atomic_store(&live->wants_stop, false);
  atomic_store(&live->is_over, false);
  dt__live_say_session(live, DT__SESSION_STATE_STARTING, NULL); /* the thread is not there yet */
  if (pthread_create(&live->thread, NULL, run, live) != 0) {
    dt__live_say_session(live, DT__SESSION_STATE_ENDED, "No thread can be made");
    atomic_store(&live->is_over, true);
    return dt_fail(err, DT_NO_MEMORY, "No thread can be made");
  }
  live->has_thread = true;
  return DT_OK;
}

bool dt__live_is_running(dt__live* live) {
  return !atomic_load(&live->is_over);
}

void dt__live_press(dt__live* live, dt__msg_key key) {
  static const dt_leader_key keys[] = {
      [DT__KEY_GO] = DT_KEY_GO,
      [DT__KEY_AGAIN] = DT_KEY_AGAIN,
      [DT__KEY_NEXT] = DT_KEY_NEXT,
      [DT__KEY_FINISH] = DT_KEY_FINISH,
  };
  pthread_mutex_lock(&live->lock);
  if (live->session)
    dt_session_press(live->session, keys[key]);
  else if (key == DT__KEY_FINISH)
    atomic_store(&live->wants_stop, true); /* while its device is opened */
  pthread_mutex_unlock(&live->lock);
}

void dt__live_stop(dt__live* live) {
  atomic_store(&live->wants_stop, true);
  pthread_mutex_lock(&live->lock);
  if (live->session)
    dt_session_stop(live->session);
  pthread_mutex_unlock(&live->lock);
}

/* A word to the leader first, so that what is being played is judged and kept. */
void dt__live_free(dt__live* live) {
  if (!live)
    return;
  dt__live_press(live, DT__KEY_FINISH);
  for (int i = 0; i < 200 && dt__live_is_running(live); i++)
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  dt__live_stop(live);
  tidy_up(live);
  dt__cutter_free(live->cutter);
  dt__playing_clear(&live->playing);
  dt_buffer_clear(&live->told);
  dt_buffer_clear(&live->fields);
  pthread_mutex_destroy(&live->lock);
  free(live);
}

/* The port's position is that after its last block, which began silent_us ago. */
static double stream_ms(const dt__live* live) {
  dt_port_state state;
  dt_port_look(live->port, &state);
  const dt_port_info* info = dt_port_info_of(live->port);
  if (state.blocks == 0)
    return (double)NAN;
  const dt_frame began = state.position - info->period_frames;
  return 1000.0 * (double)began / info->rate_hz + (double)state.silent_us / 1000;
}

void dt__live_clock(dt__live* live, double* now_ms, double* at_ms) {
  pthread_mutex_lock(&live->lock);
  *now_ms = server_ms();
  *at_ms = live->port ? stream_ms(live) : (double)NAN;
  pthread_mutex_unlock(&live->lock);
}

void dt__live_tick(dt__live* live) {
  pthread_mutex_lock(&live->lock);
  if (live->session)
    dt__cutter_follow(live->cutter, live->folder, dt_session_look(live->session).heard);
  pthread_mutex_unlock(&live->lock);
}

int64_t dt__live_tell_beats(dt__live* live) {
  int64_t wait_us = -1;
  if (!live->osc)
    return wait_us;
  pthread_mutex_lock(&live->lock);
  const dt__playing* playing = &live->playing;
  if (live->port) {
    const double now_ms = stream_ms(live);
    dt__live_beats(live, now_ms);
    if (isfinite(now_ms) && playing->beat_next < playing->beat_count)
      wait_us = (int64_t)(1000 * (playing->beats[playing->beat_next].at_ms - now_ms)) + 100;
  }
  pthread_mutex_unlock(&live->lock);
  return wait_us;
}

bool dt__live_tell(dt__live* live, dt_buffer* fields) {
  pthread_mutex_lock(&live->lock);
  dt_status status = DT_OK;
  if (live->told.size > 0)
    status = dt_sink_write(dt_buffer_sink(fields), live->told.bytes, live->told.size);
  else {
    const dt__msg_session idle = dt__msg_session_empty();
    status = dt__msg_session_write(fields, &idle);
  }
  pthread_mutex_unlock(&live->lock);
  return status == DT_OK;
}

void dt__live_device(dt__live* live, char* text, size_t size) {
  pthread_mutex_lock(&live->lock);
  snprintf(text, size, "%s", live->device);
  pthread_mutex_unlock(&live->lock);
}

void dt__live_counters(dt__live* live, dt_json* json) {
  dt_port_state state;
  memset(&state, 0, sizeof state);
  pthread_mutex_lock(&live->lock);
  if (live->port)
    dt_port_look(live->port, &state);
  pthread_mutex_unlock(&live->lock);
  dt_json_int(json, "takes_kept", (int64_t)atomic_load(&live->kept_takes));
  dt_json_int(json, "blocks", (int64_t)state.blocks);
  dt_json_int(json, "xruns", (int64_t)state.xruns);
  dt_json_int(json, "gaps", (int64_t)state.gaps);
  dt_json_int(json, "late_blocks", (int64_t)state.late);
  dt_json_int(json, "busiest_us", state.busiest_us);
}
