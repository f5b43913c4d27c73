#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dt/align.h"
#include "dt/home.h"
#include "dt/home_keep.h"
#include "dt/report.h"

dt_status dt_home_store(dt_store** store, const char* db, bool create, char* path, dt_error* err) {
  const dt_store_options options = {.create = create};
  *store = NULL;
  path[0] = '\0';
  if (!db && !dt_home_database(path, DT_HOME_PATH)) {
    path[0] = '\0';
    return dt_fail(err, DT_NOT_FOUND, "There is no home folder for the database (HOME is not set)");
  }
  if (db && (size_t)snprintf(path, DT_HOME_PATH, "%s", db) >= DT_HOME_PATH)
    return dt_fail(err, DT_NOT_FOUND, "The name of the database is too long");
  if (!db && create && !dt_home_make_folders(path))
    return dt_fail(err, DT_IO, "Cannot make this folder (%s); name another database",
                   strerror(errno));
  const dt_status status = dt_store_open(store, path, &options, err);
  return status == DT_NOT_FOUND && !db ? DT_OK : status;
}

static dt_status report_of(const dt_record* record, const dt_verdict* verdict,
                           const dt_study* study, dt_buffer* text) {
  const dt_report_options options = {
      .file = record->file, .version = record->program, .config = &record->config, .study = study};
  dt_status status = dt_report_json(&record->take, verdict, &options, dt_buffer_sink(text));
  if (status == DT_OK)
    status = dt_sink_write(dt_buffer_sink(text), "", 1);
  return status;
}

dt_status dt_home_keep(dt_store* store, const dt_kept* kept, int64_t* number, bool* known,
                       dt_error* err) {
  dt_buffer report = {0};
  dt_record record = {
      .taken_at_s = kept->taken_at_s,
      .player = kept->player,
      .chart = kept->chart,
      .file = kept->file ? dt_home_file_name(kept->file) : NULL,
      .program = kept->program,
      .take = *kept->take,
      .config = *kept->config,
      .summary = dt_summary_of(kept->verdict),
      .judged = kept->verdict->judged,
      .judged_count = kept->verdict->judged_count,
  };
  const dt_study* study = kept->study;
  *number = 0;
  *known = false;
  if (study && study->alignment) {
    record.summary.missed_count = (int64_t)study->alignment->missed_count;
    record.summary.wrong_drum_count = (int64_t)study->alignment->wrong_count;
    record.summary.extra_count = (int64_t)study->alignment->extra_count;
  }
  dt_status status = report_of(&record, kept->verdict, study, &report);
  record.report = (const char*)report.bytes;
  if (status == DT_OK)
    status = dt_store_save(store, &record, number, known, err);
  dt_buffer_clear(&report);
  return status;
}
