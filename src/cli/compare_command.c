#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "compare_print.h"
#include "dt/codec.h"
#include "dt/home.h"
#include "keep.h"
#include "output.h"

typedef struct compare_values {
  double bpm; /* NAN: not given; of files */
  double start_s;
  bool free;
  uint64_t seed;
  const char* json;
  const char* db;
} compare_values;

#define AT(field) offsetof(compare_values, field)

const dt__option dt__compare_options[] = {
    {'t', "tempo", "BPM", "The tempo meant in files, as for judge", DT__NUMBER, AT(bpm), 20, 400,
     NULL},
    {'s', "start", "SECONDS", "When the first beat of bar 1 falls in files, with --tempo",
     DT__NUMBER, AT(start_s), 0, 86400, NULL},
    {'f', "free", NULL, "Find tempo and phase of files in their strokes", DT__FLAG, AT(free), 0, 0,
     NULL},
    {0, "seed", "NUMBER", "Of the random draws: the same seed, the same answer (default 1)",
     DT__SEED, AT(seed), 0, 0, NULL},
    {'j', "json", "FILE", "Write everything as JSON", DT__FILE_OUT, AT(json), 0, 0, NULL},
    {0, "db", "FILE", DT__DB_HELP, DT__FILE_IN, AT(db), 0, 0, NULL},
    DT__OPTION_END,
};

/* One of the two takes, judged. */
typedef struct side {
  char name[280];
  dt_record record;
  dt_verdict verdict;
} side;

typedef struct compare_job {
  compare_values values;
  side sides[2];
  dt_comparison comparison;
  bool utf8;
} compare_job;

/* Digits alone are a take's number; ./12 is a file. 0: not a number. */
static int64_t number_of(const char* text) {
  if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
    return 0;
  return strtoll(text, NULL, 10);
}

static int load_stored(compare_job* job, side* s, int64_t number) {
  dt_store* store = NULL;
  dt_error err = {0};
  int result = dt__store_open(&store, job->values.db, false);
  if (result != DT__DONE)
    return result;
  if (!store) {
    dt__complain("take %lld: there are no takes yet: doubletime judge FILE --save",
                 (long long)number);
    return DT__FAILED;
  }
  const dt_status status = dt_store_load(store, number, NULL, &s->record, &err);
  dt_store_close(store);
  snprintf(s->name, sizeof s->name, "take %lld", (long long)number);
  return status == DT_OK ? DT__DONE : dt__store_error(job->values.db, status, &err);
}

static int load_file(const compare_job* job, side* s, const char* path,
                     const dt__globals* globals) {
  dt__progress progress = dt__progress_begin(globals, "Listening");
  const dt_take_options options = {.progress = dt__progress_tick, .progress_ctx = &progress};
  dt_error err = {0};
  dt__mute_libraries();
  const dt_status status = dt_take_load(&s->record.take, NULL, path, &options, &err);
  dt__progress_end(&progress);
  dt__unmute_libraries();
  if (status != DT_OK)
    return dt__world_error(path, status, &err);
  snprintf(s->name, sizeof s->name, "%.255s", dt_home_file_name(path));
  s->record.config = dt_judge_default(&s->record.take);
  if (!isnan(job->values.bpm)) {
    s->record.config.mode = DT_GRID_TEMPO;
    s->record.config.bpm = job->values.bpm;
    s->record.config.start_s = isnan(job->values.start_s) ? -1 : job->values.start_s;
  }
  if (job->values.free)
    s->record.config.mode = DT_GRID_FREE;
  return DT__DONE;
}

/* Stored takes are judged again, so that both are judged by the same program. */
static int load(compare_job* job, side* s, const char* operand, const dt__globals* globals) {
  const int64_t number = number_of(operand);
  const int result = number > 0 ? load_stored(job, s, number) : load_file(job, s, operand, globals);
  if (result != DT__DONE)
    return result;
  dt_error err = {0};
  const dt_status status = dt_judge(&s->verdict, NULL, &s->record.take, &s->record.config, &err);
  return status == DT_OK ? DT__DONE : dt__world_error(s->name, status, &err);
}

static dt_status write_text(void* context, dt_sink sink) {
  const compare_job* job = context;
  const dt_compared a = {job->sides[0].name, &job->sides[0].verdict};
  const dt_compared b = {job->sides[1].name, &job->sides[1].verdict};
  return dt__compare_text(&job->comparison, &a, &b, job->utf8, sink);
}

static dt_status write_json(void* context, dt_sink sink) {
  const compare_job* job = context;
  const dt_compared a = {job->sides[0].name, &job->sides[0].verdict};
  const dt_compared b = {job->sides[1].name, &job->sides[1].verdict};
  return dt_report_compare_json(&job->comparison, &a, &b, DT__VERSION, sink);
}

static int compare(compare_job* job, const dt__globals* globals) {
  side* const s = job->sides;
  dt_compare(&job->comparison, &s[0].record.take, &s[0].verdict, &s[1].record.take, &s[1].verdict,
             job->values.seed);
  job->utf8 = dt__speaks_utf8();
  const dt__output outputs[] = {{"--json", job->values.json, write_json, job}};
  int result = dt__outputs_write(outputs, 1);
  if (result == DT__DONE && !dt__outputs_silence_text(outputs, 1, globals))
    result = dt__print(write_text, job);
  return result;
}

int dt__compare_command(int argc, char** argv, dt__globals* globals) {
  compare_job job;
  const char* operands[2] = {NULL, NULL};
  int status = DT__DONE;
  memset(&job, 0, sizeof job);
  job.values.bpm = (double)NAN;
  job.values.start_s = (double)NAN;
  job.values.seed = 1;
  if (!dt__command_begin_two("compare", &job.values, globals, argc, argv, operands, &status))
    return status;
  if (!isnan(job.values.start_s) && isnan(job.values.bpm))
    return dt__usage_error("compare", "--start needs --tempo beside it");
  if (job.values.free && !isnan(job.values.bpm))
    return dt__usage_error("compare", "--free finds the tempo and --tempo gives it; choose one");
  for (int i = 0; i < 2 && status == DT__DONE; ++i)
    status = load(&job, &job.sides[i], operands[i], globals);
  if (status == DT__DONE)
    status = compare(&job, globals);
  for (int i = 0; i < 2; ++i) {
    dt_verdict_clear(&job.sides[i].verdict, NULL);
    dt_record_clear(&job.sides[i].record, NULL);
  }
  return status;
}
