#include <string.h>

#include "command.h"
#include "output.h"
#include "selftest.h"

typedef struct selftest_values {
  const char* json;
  uint64_t seed;
} selftest_values;

const dt__option dt__selftest_options[] = {
    {0, "seed", "N", "Which drummer plays (default 1)", DT__SEED, offsetof(selftest_values, seed),
     0, 0, NULL},
    {'j', "json", "FILE", "Write the figures as JSON", DT__FILE_OUT,
     offsetof(selftest_values, json), 0, 0, NULL},
    DT__OPTION_END,
};

static dt_status write_text(void* context, dt_sink sink) {
  return dt__selftest_text(context, dt__speaks_utf8(), sink);
}

static dt_status write_json(void* context, dt_sink sink) {
  return dt__selftest_json(context, sink);
}

int dt__selftest_command(int argc, char** argv, dt__globals* globals) {
  selftest_values values = {.seed = 1};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("selftest", &values, globals, argc, argv, &operand, &status))
    return status;
  dt__selftest result;
  dt__progress progress = dt__progress_begin(globals, "Playing and listening");
  dt_status done = dt__selftest_run(&result, values.seed, &progress);
  dt__progress_end(&progress);
  if (done != DT_OK)
    return dt__world_error(NULL, done, NULL);
  const dt__output json = {"--json", values.json, write_json, &result};
  status = dt__outputs_write(&json, 1);
  if (status == DT__DONE && !dt__outputs_silence_text(&json, 1, globals))
    status = dt__print(write_text, &result);
  return status == DT__DONE && !result.good ? DT__FAILED : status;
}
