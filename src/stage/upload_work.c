#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dt/align.h"
#include "dt/codec.h"
#include "dt/home_charts.h"
#include "dt/home_keep.h"
#include "dt/study.h"
#include "kept_sound.h"
#include "uploads_internal.h"

/* What a recording becomes on its way. */
typedef struct work {
  dt__upload* upload;
  dt_sound_info sound;
  bool is_too_long;
  double from; /* the share that this part of the work begins at, and what it is of the state */
  double part;
  dt_take take;
  dt_chart chart;
  dt_alignment alignment;
  dt_judge_config config;
  dt_verdict verdict;
  dt_study study;
  bool is_flac;
  dt_error err;
} work;

static bool tick(void* context, double done) {
  work* w = context;
  if (w->sound.rate_hz > 0 &&
      (double)w->sound.frame_count > (double)DT__UPLOAD_HOURS * 3600 * w->sound.rate_hz)
    w->is_too_long = true;
  dt__upload_share(w->upload, isfinite(done) ? w->from + w->part * done : (double)NAN);
  return !w->is_too_long && !atomic_load(&w->upload->is_cancelled);
}

static dt_status hear(work* w) {
  const dt_take_options options = {.progress = tick, .progress_ctx = w, .sound = &w->sound};
  w->part = 1;
  dt_status status = dt_take_load(&w->take, NULL, w->upload->path, &options, &w->err);
  if (w->is_too_long)
    status = dt_fail(&w->err, DT_TOO_LARGE, "The recording has more than %d hours; cut it in parts",
                     DT__UPLOAD_HOURS);
  else if (status == DT_OK && w->take.strokes.count == 0)
    status = dt_fail(&w->err, DT_TOO_FEW, "No stroke was heard in it; is it the right file?");
  return status;
}

static void configure(work* w) {
  const dt__upload* upload = w->upload;
  w->config = dt_judge_default(&w->take);
  w->config.level = (dt_level)upload->level;
  if (upload->grid >= 0)
    w->config.mode = (dt_grid_mode)upload->grid;
  if (!isnan(upload->bpm)) {
    w->config.mode = DT_GRID_TEMPO;
    w->config.bpm = upload->bpm;
    w->config.start_s = -1;
  }
}

static dt_status judge(work* w) {
  const dt__upload* upload = w->upload;
  dt_status status = DT_OK;
  configure(w);
  if (upload->chart[0]) {
    status =
        dt_home_chart_load(&w->chart, upload->uploads->api->home, upload->chart, NULL, &w->err);
    if (status == DT_OK)
      status = dt_align(&w->alignment, NULL, &w->take, &w->config, &w->chart, &w->err);
    w->config.chart = &w->chart;
    w->config.alignment = &w->alignment;
  }
  if (status == DT_OK)
    status = dt_judge(&w->verdict, NULL, &w->take, &w->config, &w->err);
  if (status == DT_OK)
    status =
        dt_study_make(&w->study, NULL, &w->take, &w->verdict, w->config.alignment, w->config.chart);
  dt__upload_share(w->upload, 0.1);
  return status;
}

static dt_status prepare(work* w) {
  const dt__upload* upload = w->upload;
  if (w->take.source != DT_TAKE_SOUND)
    return DT_OK;
  w->from = 0.1;
  w->part = 0.8;
  return dt__prepare_sound(upload->path, upload->wave, upload->flac, &w->is_flac, tick, w, &w->err);
}

static dt_status keep(work* w, int64_t* number) {
  const dt__upload* upload = w->upload;
  const dt__api* api = upload->uploads->api;
  dt_store* store = NULL;
  char path[DT_HOME_PATH];
  bool is_known = false;
  const dt_kept kept = {
      .taken_at_s = (int64_t)time(NULL),
      .player = api->player,
      .chart = upload->chart[0] ? upload->chart : NULL,
      .file = upload->name[0] ? upload->name : NULL,
      .program = DT__VERSION,
      .take = &w->take,
      .config = &w->config,
      .verdict = &w->verdict,
      .study = &w->study,
  };
  dt_status status = dt_home_store(&store, api->db, true, path, &w->err);
  if (status == DT_OK)
    status = dt_home_keep(store, &kept, number, &is_known, &w->err);
  dt_store_close(store);
  return status;
}

/* The take is in the history now, whatever becomes of its sound. */
static void keep_sound(work* w, int64_t number) {
  const dt__upload* upload = w->upload;
  const char* db = upload->uploads->api->db;
  char path[DT_HOME_PATH];
  char text[DT_ERROR_SENTENCE_MAX + 48];
  const char* type = NULL;
  dt_status status = DT_OK;
  if (w->take.source == DT_TAKE_SOUND && !dt__kept_sound(db, number, path, sizeof path, &type))
    status =
        dt__keep_sound(db, number, w->is_flac ? upload->flac : upload->path, upload->wave, &w->err);
  snprintf(text, sizeof text, "The take is kept, but not its sound: %s", w->err.sentence);
  dt__upload_sweep(upload);
  dt__upload_move(w->upload, DT__DONE, number, status == DT_OK ? NULL : text);
}

static void clear(work* w) {
  dt_study_clear(&w->study, NULL);
  dt_verdict_clear(&w->verdict, NULL);
  dt_alignment_clear(&w->alignment, NULL);
  dt_chart_clear(&w->chart, NULL);
  dt_take_clear(&w->take, NULL);
}

void dt__upload_work(dt__upload* upload) {
  work w;
  int64_t number = 0;
  memset(&w, 0, sizeof w);
  w.upload = upload;
  dt_status status = atomic_load(&upload->is_cancelled) ? DT_CANCELLED : hear(&w);
  if (status == DT_OK) {
    dt__upload_move(upload, DT__JUDGING, 0, NULL);
    status = judge(&w);
  }
  if (status == DT_OK)
    status = prepare(&w);
  if (status == DT_OK && atomic_load(&upload->is_cancelled))
    status = DT_CANCELLED;
  if (status == DT_OK)
    status = keep(&w, &number);
  if (status == DT_OK) {
    keep_sound(&w, number);
  } else {
    dt__upload_sweep(upload);
    dt__upload_move(upload, status == DT_CANCELLED ? DT__CANCELLED : DT__FAILED, 0,
                    status == DT_CANCELLED ? "Cancelled"
                    : w.err.sentence[0]    ? w.err.sentence
                                           : dt_status_sentence(status));
  }
  clear(&w);
}
