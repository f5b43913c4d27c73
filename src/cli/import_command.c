#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "dt/codec.h"
#include "keep.h"

typedef struct import_values {
  dt__keep keep;
} import_values;

#define AT(field) offsetof(import_values, field)

const dt__option dt__import_options[] = {
    {'p', "player", "NAME", "Who played, of a recording", DT__TEXT, AT(keep.player), 0, 0, NULL},
    {'c', "chart", "NAME", "What was played, of a recording", DT__TEXT, AT(keep.chart), 0, 0, NULL},
    {0, "at", "WHEN", "When it was played, of a recording, as in '2026-03-01 18:30' (default now)",
     DT__TEXT, AT(keep.at), 0, 0, NULL},
    {0, "db", "FILE", DT__DB_HELP, DT__FILE_OUT, AT(keep.db), 0, 0, NULL},
    DT__OPTION_END,
};

/* So many takes go to the disk together. */
enum { BATCH = 100, CHUNK = 1 << 16 };

typedef struct import_job {
  const char* path;
  const char* db;
  const dt__globals* globals;
  FILE* file;
  dt_store* store;
  char* line;
  size_t capacity;
  size_t line_number;
  size_t in_batch;
  size_t stored; /* and on the disk */
  size_t known;
  size_t batch_stored;
  dt__progress progress;
} import_job;

static const char* shown_path(const import_job* job) {
  return strcmp(job->path, "-") == 0 ? "standard input" : job->path;
}

static int refuse(const import_job* job, dt_status status, const dt_error* err) {
  if (dt__stop_asked())
    return dt__stopped_status();
  dt__complain("%s: line %zu: %s (%zu takes before it are stored)", shown_path(job),
               job->line_number, err->sentence[0] ? err->sentence : dt_status_sentence(status),
               job->stored);
  return DT__FAILED;
}

static int commit(import_job* job) {
  dt_error err = {0};
  if (job->in_batch == 0)
    return DT__DONE;
  job->in_batch = 0;
  const dt_status status = dt_store_commit(job->store, &err);
  if (status != DT_OK)
    return dt__store_error(job->db, status, &err);
  job->stored += job->batch_stored;
  job->batch_stored = 0;
  return DT__DONE;
}

static int store_record(import_job* job, const dt_record* record) {
  dt_error err = {0};
  int64_t number = 0;
  bool known = false;
  dt_status status = DT_OK;
  if (job->in_batch == 0)
    status = dt_store_begin(job->store, &err);
  if (status == DT_OK)
    job->in_batch++;
  if (status == DT_OK)
    status = dt_store_save(job->store, record, &number, &known, &err);
  if (status != DT_OK)
    return dt__store_error(job->db, status, &err);
  job->known += known;
  job->batch_stored += !known;
  return job->in_batch >= BATCH ? commit(job) : DT__DONE;
}

static int take_line(import_job* job, size_t size) {
  dt_record record;
  dt_error err = {0};
  if (size == 0)
    return DT__DONE;
  const dt_status status = dt_record_read(&record, NULL, job->line, size, &err);
  if (status != DT_OK) {
    const int result = commit(job);
    return result == DT__DONE ? refuse(job, status, &err) : result;
  }
  const int result = store_record(job, &record);
  dt_record_clear(&record, NULL);
  return result;
}

/* Room for one chunk more; a line may be as long as dt_record_read allows, and a bit. */
static bool grow(import_job* job, size_t used) {
  if (used + CHUNK <= job->capacity)
    return true;
  const size_t wanted = 2 * job->capacity + CHUNK;
  char* more = realloc(job->line, wanted);
  if (!more)
    return false;
  job->line = more;
  job->capacity = wanted;
  return true;
}

/* Takes whole lines off the front of what was read; *used is what remains. */
static int take_lines(import_job* job, size_t* used, size_t* searched) {
  int result = DT__DONE;
  size_t start = 0;
  char* base = job->line;
  for (;;) {
    const size_t from = start > *searched ? start : *searched;
    char* end = from < *used ? memchr(base + from, '\n', *used - from) : NULL;
    if (!end || result != DT__DONE)
      break;
    job->line_number++;
    job->line = base + start; /* lent to take_line */
    result = take_line(job, (size_t)(end - (base + start)));
    job->line = base;
    start = (size_t)(end - base) + 1;
  }
  memmove(base, base + start, *used - start);
  *used -= start;
  *searched = *used;
  return result;
}

static int read_lines(import_job* job) {
  size_t used = 0;
  size_t searched = 0;
  int result = DT__DONE;
  while (result == DT__DONE && dt__progress_tick(&job->progress, 0)) {
    if (used > DT_RECORD_LINE_MAX) {
      job->line_number++;
      dt_error err = {.sentence = "The line is too long"};
      return refuse(job, DT_TOO_LARGE, &err);
    }
    if (!grow(job, used))
      return dt__world_error(job->path, DT_NO_MEMORY, NULL);
    const size_t got = fread(job->line + used, 1, CHUNK, job->file);
    used += got;
    if (got == 0)
      break;
    result = take_lines(job, &used, &searched);
  }
  if (result == DT__DONE && ferror(job->file) && !dt__stop_asked())
    return dt__world_error(job->path, DT_IO, NULL);
  if (result == DT__DONE && used > 0 && !dt__stop_asked()) {
    job->line_number++;
    result = take_line(job, used);
  }
  return result;
}

/* What was whole is stored also when the user stops or a line is bad. */
static int import_lines(import_job* job) {
  int result = dt__store_open(&job->store, job->db, true);
  if (result != DT__DONE)
    return result;
  job->progress = dt__progress_begin(job->globals, "Importing");
  result = read_lines(job);
  const int committed = commit(job);
  dt__progress_end(&job->progress);
  result = result == DT__DONE ? committed : result;
  if (dt__stop_asked()) {
    dt__complain("stopped; %zu takes are stored", job->stored);
    result = 130;
  }
  /* Said as soon as it is true: closing tidies up and takes as long again. */
  if (result == DT__DONE)
    dt__note(job->globals, "%s: %zu takes stored, %zu were there already", shown_path(job),
             job->stored, job->known);
  dt_store_close(job->store);
  free(job->line);
  return result;
}

/* A MIDI file, a sound file or a list of strokes: judged as `judge` does without options. */
static int import_recording(const char* path, const dt__keep* keep, const dt__globals* globals) {
  dt__progress progress = dt__progress_begin(globals, "Listening");
  const dt_take_options options = {.progress = dt__progress_tick, .progress_ctx = &progress};
  dt_take take;
  dt_verdict verdict;
  dt_error err = {0};
  dt__mute_libraries();
  dt_status status = dt_take_load(&take, NULL, path, &options, &err);
  dt__progress_end(&progress);
  dt__unmute_libraries();
  if (status != DT_OK)
    return dt__world_error(path, status, &err);
  const dt_judge_config config = dt_judge_default(&take);
  status = dt_judge(&verdict, NULL, &take, &config, &err);
  int result = status == DT_OK ? DT__DONE : dt__world_error(path, status, &err);
  if (result == DT__DONE)
    result = dt__keep_take(keep, &take, &config, &verdict, NULL, path, globals);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
  return result;
}

/* Lines of JSON begin with a brace; no recording does. */
static bool is_lines(FILE* file) {
  int c = getc(file);
  while (c == ' ' || c == '\t' || c == '\r' || c == '\n')
    c = getc(file);
  if (c == EOF)
    return true;
  ungetc(c, file);
  return c == '{';
}

int dt__import_command(int argc, char** argv, dt__globals* globals) {
  import_values values;
  import_job job;
  const char* path = NULL;
  int result = DT__DONE;
  memset(&values, 0, sizeof values);
  memset(&job, 0, sizeof job);
  if (!dt__command_begin("import", &values, globals, argc, argv, &path, &result))
    return result;
  values.keep.save = true;
  result = dt__keep_check("import", &values.keep);
  if (result != DT__DONE)
    return result;
  job.path = path;
  job.db = values.keep.db;
  job.globals = globals;
  job.file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
  if (!job.file)
    return dt__world_error(path, errno == ENOENT ? DT_NOT_FOUND : DT_IO, NULL);
  const bool lines = job.file == stdin || is_lines(job.file);
  if (lines)
    result = import_lines(&job);
  if (job.file != stdin)
    fclose(job.file);
  return lines ? result : import_recording(path, &values.keep, globals);
}
