#include <stdio.h>
#include <string.h>

#include "command.h"
#include "output.h"
#include "terminal.h"

static dt_status write_program_help(void* context, dt_sink sink) {
  (void)context;
  return dt__print_program_help(sink);
}

static dt_status write_command_help(void* context, dt_sink sink) {
  return dt__print_command_help(context, sink);
}

static dt_status write_man(void* context, dt_sink sink) {
  (void)context;
  return dt__print_man(sink);
}

static dt_status write_completions(void* context, dt_sink sink) {
  return dt__print_completions(*(const int*)context, sink);
}

static dt_status write_version(void* context, dt_sink sink) {
  (void)context;
  return dt_sink_printf(sink, "doubletime %s\n", DT__VERSION);
}

static int no_such_command(const char* typed) {
  const char* near = dt__nearest_command(typed);
  if (near)
    return dt__usage_error(NULL, "there is no command '%.60s'; did you mean %s?", typed, near);
  return dt__usage_error(NULL, "there is no command '%.60s'", typed);
}

static int show_command_help(const dt__command* command) {
  dt__command copy = *command;
  return dt__print(write_command_help, &copy);
}

/* Options, --help and --version; *first is the first operand's index. */
static bool begin_options(const dt__command* command, void* values, dt__globals* globals, int argc,
                          char** argv, int* first, int* status) {
  char message[DT__MESSAGE_MAX];
  *first = dt__options_parse(command->options, values, globals, argc, argv, false, message);
  if (*first < 0)
    *status = dt__usage_error(command->name, "%s", message);
  else if (globals->help)
    *status = show_command_help(command);
  else if (globals->version)
    *status = dt__print(write_version, NULL);
  else
    return true;
  return false;
}

/* operands has room for `most`; what was left out is NULL. */
static bool begin(const char* name, void* values, dt__globals* globals, int argc, char** argv,
                  const char** operands, int most, int* status) {
  const dt__command* command = dt__command_named(name);
  int first = 0;
  if (!begin_options(command, values, globals, argc, argv, &first, status))
    return false;
  for (int i = 0; i < most; ++i)
    operands[i] = first + i < argc ? argv[first + i] : NULL;
  if (!command->operand && operands[0])
    *status =
        dt__usage_error(name, "'%.60s' is too much; this command takes options only", operands[0]);
  else if (first + most < argc)
    *status = dt__usage_error(name, "'%.60s' is too much; %s %s at a time", argv[first + most],
                              most == 1 ? "one" : "only", command->operand);
  else if (command->operand && !command->operand_optional && !operands[most - 1])
    *status = dt__usage_error(name, "name %s", command->operand_help);
  else
    return true;
  return false;
}

bool dt__command_begin(const char* name, void* values, dt__globals* globals, int argc, char** argv,
                       const char** operand, int* status) {
  return begin(name, values, globals, argc, argv, operand, 1, status);
}

bool dt__command_begin_two(const char* name, void* values, dt__globals* globals, int argc,
                           char** argv, const char* operands[2], int* status) {
  return begin(name, values, globals, argc, argv, operands, 2, status);
}

bool dt__command_begin_many(const char* name, void* values, dt__globals* globals, int argc,
                            char** argv, int* first, int* status) {
  const dt__command* command = dt__command_named(name);
  if (!begin_options(command, values, globals, argc, argv, first, status))
    return false;
  if (*first < argc)
    return true;
  *status = dt__usage_error(name, "name %s", command->operand_help);
  return false;
}

int dt__help_command(int argc, char** argv, dt__globals* globals) {
  const char* topic = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("help", NULL, globals, argc, argv, &topic, &status))
    return status;
  if (!topic)
    return dt__print(write_program_help, NULL);
  const dt__command* command = dt__command_named(topic);
  return command ? show_command_help(command) : no_such_command(topic);
}

int dt__version_command(int argc, char** argv, dt__globals* globals) {
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("version", NULL, globals, argc, argv, &operand, &status))
    return status;
  return dt__print(write_version, NULL);
}

static int no_command(void) {
  char names[DT__MESSAGE_MAX] = "";
  for (const dt__command* c = dt__commands; c->name; c++) {
    const size_t used = strlen(names);
    const char* between = used == 0 ? "" : c[1].name ? ", " : " or ";
    snprintf(names + used, sizeof names - used, "%s%s", between, c->name);
  }
  return dt__usage_error(NULL, "name a command: %s", names);
}

int dt__program(int argc, char** argv) {
  dt__globals globals = {.color = DT__COLOR_AUTO, .shell = -1};
  char message[DT__MESSAGE_MAX];
  dt__catch_stops();
  int first = dt__options_parse(NULL, NULL, &globals, argc, argv, true, message);
  if (first < 0)
    return dt__usage_error(NULL, "%s", message);
  if (globals.help)
    return dt__print(write_program_help, NULL);
  if (globals.version)
    return dt__print(write_version, NULL);
  if (globals.man)
    return dt__print(write_man, NULL);
  if (globals.shell >= 0)
    return dt__print(write_completions, &globals.shell);
  if (first >= argc)
    return no_command();
  const dt__command* command = dt__command_named(argv[first]);
  if (!command)
    return no_such_command(argv[first]);
  return command->run(argc - first, argv + first, &globals);
}
