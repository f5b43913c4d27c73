#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dt/backing.h"
#include "dt/chart_file.h"
#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_bands.h"
#include "dt/home_charts.h"
#include "dt/home_log.h"
#include "dt/kitmap.h"
#include "fields.h"
#include "live_internal.h"

#define PLAN_BYTES_MAX ((size_t)1 << 20)
#define MAP_BYTES_MAX  ((size_t)1 << 20)
#define PLAN_FILE      "practice.plan"

static const char* mode_name(int i) {
  return dt_mode_name((dt_practice_mode)i);
}
static const char* limbs_name(int i) {
  return dt_limbs_name((dt_limbs)i);
}
static const char* tone_name(int i) {
  return dt_tone_name((dt_tone)i);
}
static const char* level_name(int i) {
  static const char* const names[] = {"beginner", "player", "pro"};
  return names[i];
}

/* ---- the plan ---- */

static dt_status read_plan(dt__wish* wish, const char* path, dt_error* err) {
  dt_buffer text = {0};
  dt_status status = dt_file_read(&text, path, PLAN_BYTES_MAX, err);
  if (status == DT_OK)
    status = dt_plan_parse(&wish->plan, (const char*)text.bytes, text.size, err);
  dt_buffer_clear(&text);
  return status;
}

static const char* home_of(const dt_stage_config* config, char folder[DT_HOME_PATH]) {
  if (config->home || !config->db)
    return config->home;
  snprintf(folder, DT_HOME_PATH, "%s", config->db);
  char* slash = strrchr(folder, '/');
  if (slash)
    *slash = '\0';
  else
    strcpy(folder, ".");
  return folder;
}

static bool is_plan_file(const char* name) {
  const size_t length = strlen(name);
  return length > 5 && strcmp(name + length - 5, ".plan") == 0;
}

/* The player's plan, a plan's file (from the command line only), or one chart. */
static void read_exercises(dt__fields* in, const dt_stage_config* config, dt__wish* wish,
                           bool is_own) {
  char folder[DT_HOME_PATH];
  char path[DT_HOME_PATH];
  char chart[DT_PLAN_CHART_MAX];
  bool is_plan = false;
  const bool has_chart = dt__read_text(in, "chart", chart, sizeof chart);
  dt__read_flag(in, "plan", &is_plan);
  if (in->status != DT_OK)
    return;
  if (is_plan == has_chart) {
    in->status = dt_fail(in->err, DT_BAD_DATA, "Say either a 'chart' or \"plan\": true");
  } else if (is_plan) {
    if (!dt_home_file(path, sizeof path, home_of(config, folder), PLAN_FILE))
      in->status = dt_fail(in->err, DT_NOT_FOUND, "There is no home folder for the plan");
    else
      in->status = read_plan(wish, path, in->err);
  } else if (is_own && is_plan_file(chart))
    in->status = read_plan(wish, chart, in->err);
  else {
    wish->plan.exercises[0] = dt_exercise_default();
    snprintf(wish->plan.exercises[0].chart, DT_PLAN_CHART_MAX, "%s", chart);
    wish->plan.count = 1;
  }
}

/* What is said besides, over what the plan says. */
static void read_goals(dt__fields* in, dt__wish* wish) {
  const int mode = dt__read_word(in, "mode", DT_MODE_COUNT, mode_name);
  const int limbs = dt__read_word(in, "limbs", DT_LIMBS_COUNT, limbs_name);
  const int level = dt__read_word(in, "level", DT_LEVEL_PRO + 1, level_name);
  const int tone = dt__read_word(in, "tone", DT_TONE_COUNT, tone_name);
  double from = 0, to = 0, tempo = 0, minutes = 0;
  const bool has_from = dt__read_number(in, "from_bpm", 20, 400, &from);
  const bool has_to = dt__read_number(in, "to_bpm", 20, 400, &to);
  const bool has_tempo = dt__read_number(in, "tempo_bpm", 20, 400, &tempo);
  const bool has_minutes = dt__read_number(in, "minutes", 0.5, 120, &minutes);
  const int bars = dt__read_whole(in, "bars", 1, DT_PLAN_BARS_MAX);
  const int subdivisions = dt__read_whole(in, "subdivisions", 1, DT_PLAN_SUBDIVISIONS_MAX);
  for (int i = 0; i < wish->plan.count; i++) {
    dt_exercise* exercise = &wish->plan.exercises[i];
    exercise->mode = mode >= 0 ? (dt_practice_mode)mode : exercise->mode;
    exercise->limbs = limbs >= 0 ? (dt_limbs)limbs : exercise->limbs;
    exercise->level = level >= 0 ? (dt_level)level : exercise->level;
    exercise->from_bpm = has_from ? from : exercise->from_bpm;
    exercise->to_bpm = has_to ? to : exercise->to_bpm;
    exercise->bpm = has_tempo ? tempo : exercise->bpm;
    exercise->minutes = has_minutes ? minutes : exercise->minutes;
    exercise->bars = bars > 0 ? bars : exercise->bars;
    exercise->subdivisions = subdivisions > 0 ? subdivisions : exercise->subdivisions;
  }
  if (tone >= 0)
    wish->plan.tone = (dt_tone)tone;
  const char* wrong = in->status == DT_OK ? dt_plan_check(&wish->plan) : NULL;
  if (wrong)
    in->status = dt_fail(in->err, DT_BAD_DATA, "%s", wrong);
}

static void load_charts(dt__fields* in, const dt_stage_config* config, dt__wish* wish,
                        bool is_own) {
  char folder[DT_HOME_PATH];
  for (int i = 0; in->status == DT_OK && i < wish->plan.count; i++) {
    const char* name = wish->plan.exercises[i].chart;
    dt_chart* chart = &wish->charts[i];
    dt_error why = {0};
    in->status = dt_home_chart_load(chart, home_of(config, folder), name, NULL, &why);
    if (in->status != DT_OK && is_own)
      in->status = dt_chart_load(chart, NULL, name, &why);
    if (in->status == DT_OK)
      wish->chart_count++;
    else
      dt_fail(in->err, in->status, "%.60s: %.180s", name, why.sentence);
  }
}

/* ---- the instrument ---- */

static void choose(char* place, size_t size, const char* text) {
  snprintf(place, size, "%s", text ? text : "");
}

static void read_kit_map(dt__fields* in, dt__wish* wish, const char* path) {
  if (in->status != DT_OK || !path || !path[0])
    return;
  dt_error why = {0};
  in->status = dt_file_read(&wish->kit_map, path, MAP_BYTES_MAX, &why);
  dt_kitmap map = *dt_kitmap_at(0);
  if (in->status == DT_OK)
    in->status = dt_kitmap_extend(&map, (const char*)wish->kit_map.bytes, wish->kit_map.size, &why);
  if (in->status != DT_OK)
    dt_fail(in->err, in->status, "%.60s: %.180s", path, why.sentence);
}

static void read_drummer(dt__fields* in, const dt_stage_config* config, dt__wish* wish) {
  char words[512];
  choose(words, sizeof words, config->defaults.drummer);
  dt__read_text(in, "drummer", words, sizeof words);
  if (!words[0] || in->status != DT_OK)
    return;
  dt_error why = {0};
  wish->has_drummer = true;
  wish->drummer = dt_drummer_default();
  wish->drummer.seed = wish->seed;
  in->status = dt_drummer_parse(&wish->drummer, words, &why);
  if (in->status != DT_OK)
    dt_fail(in->err, DT_BAD_DATA, "%s", why.sentence);
}

/* The request, else the command line, else what was set up; a simulated drummer has no setup. */
static void read_instrument(dt__fields* in, const dt_stage_config* config, dt__wish* wish) {
  const dt_stage_defaults* defaults = &config->defaults;
  char setup_path[DT_HOME_PATH];
  double seed = 0;
  wish->seed = defaults->seed ? defaults->seed : 1;
  if (dt__read_number(in, "seed", 0, 9007199254740992.0, &seed))
    wish->seed = (uint64_t)seed;
  wish->is_sound = defaults->sound;
  wish->no_rest = defaults->no_rest;
  wish->midi_clock = defaults->midi_clock;
  wish->latency_ms = defaults->latency_ms;
  wish->click_db = defaults->click_db;
  wish->able_bpm = defaults->able_bpm;
  choose(wish->audio, sizeof wish->audio, defaults->audio);
  choose(wish->midi, sizeof wish->midi, defaults->midi);
  choose(wish->kit, sizeof wish->kit, defaults->kit);
  wish->gives_audio =
      dt__read_text(in, "audio", wish->audio, sizeof wish->audio) || defaults->audio != NULL;
  wish->gives_midi =
      dt__read_text(in, "midi", wish->midi, sizeof wish->midi) || defaults->midi != NULL;
  dt__read_text(in, "kit", wish->kit, sizeof wish->kit);
  dt__read_number(in, "latency_ms", -500, 2000, &wish->latency_ms);
  dt__read_number(in, "click_db", -60, 12, &wish->click_db);
  dt__read_number(in, "able_bpm", 20, 400, &wish->able_bpm);
  dt__read_flag(in, "sound", &wish->is_sound);
  dt__read_flag(in, "no_rest", &wish->no_rest);
  dt__read_flag(in, "midi_clock", &wish->midi_clock);
  read_drummer(in, config, wish);
  if (in->status != DT_OK)
    return;
  const bool has_setup = !wish->has_drummer || defaults->setup;
  if (has_setup && dt__setup_path(config, setup_path))
    in->status = dt_setup_read(&wish->setup, setup_path, in->err);
  if (!wish->audio[0] && !wish->has_drummer)
    choose(wish->audio, sizeof wish->audio, wish->setup.device);
  if (!wish->midi[0])
    choose(wish->midi, sizeof wish->midi, wish->setup.midi);
  if (strcmp(wish->midi, "none") == 0)
    wish->midi[0] = '\0';
  if (wish->kit[0] && !dt_kitmap_named(wish->kit))
    dt__fields_fail(in, "kit", "no kit that is known");
  const bool by_midi = wish->has_drummer ? !wish->is_sound : wish->midi[0] != '\0';
  const bool is_set_up = !wish->kit[0] && by_midi;
  read_kit_map(in, wish,
               defaults->kit_map ? defaults->kit_map
               : is_set_up       ? wish->setup.kit_map
                                 : NULL);
}

/* ---- the band ---- */

/* One of the player's by its name, "none", or, where nothing is said, the command line's. */
static dt_status find_band(dt__wish* wish, const dt_stage_config* config, const char* name,
                           dt_error* err) {
  char folder[DT_HOME_PATH];
  if (strcmp(name, "none") == 0)
    return DT_OK;
  if (name[0])
    return dt_home_band_read(&wish->band, home_of(config, folder), name, err);
  if (!config->defaults.band)
    return DT_OK;
  return dt_file_read(&wish->band, config->defaults.band, DT_HOME_BAND_MAX, err);
}

/* Bar by bar with every chart of the plan. */
static dt_status check_band(const dt__wish* wish, dt_error* err) {
  dt_backing* backing = NULL;
  dt_status status = dt_backing_new(&backing, NULL, wish->band.bytes, wish->band.size,
                                    dt_tempo_map_meter(&wish->charts[0].map, 0), err);
  for (int i = 0; status == DT_OK && i < wish->chart_count; i++)
    status = dt_backing_fits(backing, &wish->charts[i], err);
  dt_backing_free(backing);
  return status;
}

static void load_band(dt__fields* in, const dt_stage_config* config, dt__wish* wish,
                      const char* name) {
  dt_error why = {0};
  if (in->status != DT_OK)
    return;
  wish->soundfont = config->defaults.soundfont;
  in->status = find_band(wish, config, name, &why);
  if (in->status == DT_OK && wish->band.size > 0)
    in->status = check_band(wish, &why);
  if (in->status != DT_OK)
    dt_fail(in->err, in->status, "The band: %.200s", why.sentence);
}

static void read_history(dt__fields* in, const dt_stage_config* config, dt__wish* wish) {
  char folder[DT_HOME_PATH];
  char path[DT_HOME_PATH];
  if (in->status != DT_OK)
    return;
  if (config->defaults.log)
    choose(path, sizeof path, config->defaults.log);
  else if (!dt_home_file(path, sizeof path, home_of(config, folder), "practice.log"))
    return;
  in->status = dt_practice_log_read(path, &wish->past, &wish->past_count, in->err);
}

dt__wish* dt__wish_read(const dt_stage_config* config, const char* json, size_t size, bool is_own,
                        dt_error* err) {
  json_error_t where;
  char band[DT_CHART_NAME_MAX] = "";
  dt__wish* wish = calloc(1, sizeof *wish);
  json_t* root = wish ? json_loadb(json ? json : "", size, JSON_REJECT_DUPLICATES, &where) : NULL;
  dt__fields in = {.root = root, .status = wish ? DT_OK : DT_NO_MEMORY, .err = err};
  if (!wish)
    dt_fail(err, DT_NO_MEMORY, "No memory for a session");
  else if (!json_is_object(root))
    in.status = dt_fail(err, DT_BAD_DATA, "The request is no JSON object");
  if (in.status == DT_OK) {
    wish->plan = dt_plan_default();
    read_exercises(&in, config, wish, is_own);
  }
  if (in.status == DT_OK)
    read_goals(&in, wish);
  if (in.status == DT_OK)
    read_instrument(&in, config, wish);
  if (in.status == DT_OK) {
    wish->band_db = config->defaults.band_db;
    dt__read_text(&in, "band", band, sizeof band);
    dt__read_number(&in, "band_level_db", -60, 12, &wish->band_db);
  }
  if (in.status == DT_OK && in.used != json_object_size(root))
    in.status = dt_fail(err, DT_BAD_DATA, "The request has a field that is not known here");
  load_charts(&in, config, wish, is_own);
  load_band(&in, config, wish, band);
  read_history(&in, config, wish);
  json_decref(root);
  if (in.status == DT_OK)
    return wish;
  if (err)
    err->status = in.status;
  dt__wish_free(wish);
  return NULL;
}

void dt__wish_free(dt__wish* wish) {
  if (!wish)
    return;
  for (int i = 0; i < wish->chart_count; i++)
    dt_chart_clear(&wish->charts[i], NULL);
  dt_release(NULL, wish->past, wish->past_count * sizeof *wish->past);
  dt_buffer_clear(&wish->kit_map);
  dt_buffer_clear(&wish->band);
  free(wish);
}
