#include <math.h>
#include <string.h>

#include "command.h"
#include "dt/file.h"
#include "keep.h"

typedef struct export_values {
  dt__which which;
  const char* output;
  const char* db;
} export_values;

#define AT(field) offsetof(export_values, field)

const dt__option dt__export_options[] = {
    DT__WHICH_OPTIONS(AT),
    {'o', "output", "FILE", "Where to write (default -, standard output)", DT__FILE_OUT, AT(output),
     0, 0, NULL},
    {0, "db", "FILE", DT__DB_HELP, DT__FILE_IN, AT(db), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct export_job {
  dt_store* store;
  dt_sink sink;
  dt__progress progress;
  size_t done;
  bool sink_failed; /* else the store did */
  dt_error err;
} export_job;

static dt_status write_take(void* context, int64_t number) {
  export_job* job = context;
  dt_record record;
  if (!dt__progress_tick(&job->progress, (double)NAN))
    return DT_CANCELLED;
  dt_status status = dt_store_load(job->store, number, NULL, &record, &job->err);
  if (status != DT_OK)
    return status;
  status = dt_record_write(&record, job->sink);
  job->sink_failed = status != DT_OK;
  job->done += status == DT_OK;
  dt_record_clear(&record, NULL);
  return status;
}

int dt__export_command(int argc, char** argv, dt__globals* globals) {
  export_values values;
  export_job job;
  dt_filter filter;
  dt_outfile file;
  const char* operand = NULL;
  int result = DT__DONE;
  memset(&values, 0, sizeof values);
  memset(&job, 0, sizeof job);
  values.which = (dt__which){.word = -1, .drum = -1};
  values.output = "-";
  if (!dt__command_begin("export", &values, globals, argc, argv, &operand, &result))
    return result;
  result = dt__which_filter("export", &values.which, &filter);
  if (result == DT__DONE)
    result = dt__store_open(&job.store, values.db, false);
  if (result != DT__DONE)
    return result;
  dt_status status = dt_outfile_open(&file, values.output, &job.err);
  if (status != DT_OK) {
    dt_store_close(job.store);
    return dt__world_error(values.output, status, &job.err);
  }
  job.sink = dt_file_sink(file.file);
  job.progress = dt__progress_begin(globals, "Writing");
  if (job.store)
    status = dt_store_each(job.store, &filter, write_take, &job, &job.err);
  dt__progress_end(&job.progress);
  dt_store_close(job.store);
  if (status != DT_OK) {
    dt_outfile_abandon(&file);
    return job.sink_failed || status == DT_CANCELLED ? dt__world_error(values.output, status, NULL)
                                                     : dt__store_error(values.db, status, &job.err);
  }
  status = dt_outfile_commit(&file, &job.err);
  if (status != DT_OK)
    return dt__world_error(values.output, status, &job.err);
  dt__note(globals, "%zu takes written", job.done);
  return DT__DONE;
}
