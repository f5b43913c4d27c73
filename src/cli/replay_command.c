#include <string.h>

#include "command.h"
#include "dt/session.h"
#include "terminal.h"

typedef struct replay_values {
  bool all;
} replay_values;

const dt__option dt__replay_options[] = {
    {0, "all", NULL, "Print every decision, strokes and clicks included", DT__FLAG,
     offsetof(replay_values, all), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct listener {
  const replay_values* values;
  const dt__globals* globals;
  size_t count;
} listener;

static void on_lead(void* context, const dt_lead* lead, const char* text) {
  listener* l = context;
  l->count++;
  const bool is_small = lead->kind == DT_LEAD_BAND || lead->kind == DT_LEAD_STROKE;
  if (!l->globals->quiet && (l->values->all || !is_small))
    printf("%s\n", text);
}

int dt__replay_command(int argc, char** argv, dt__globals* globals) {
  replay_values values = {0};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("replay", &values, globals, argc, argv, &operand, &status))
    return status;
  listener l = {.values = &values, .globals = globals};
  dt_error err = {0};
  bool same = false;
  const dt_status done = dt_session_replay(operand, on_lead, &l, &same, &err);
  if (done != DT_OK)
    return dt__world_error(operand, done, &err);
  if (!same)
    return dt__world_error(operand, DT_BAD_DATA, &err);
  printf("%zu decisions, the same as then.\n", l.count);
  return DT__DONE;
}
