#ifndef DT_OPTION_H
#define DT_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dt/sink.h"

/*
 * One table says everything about a command: the parser, the help, the manual page and the shell
 * completions are all made from it, so they cannot disagree (git's parse-options idea).
 */
typedef enum dt__kind {
  DT__FLAG,     /* bool: true when given */
  DT__TEXT,     /* const char*: any text */
  DT__FILE_IN,  /* const char*: a file to read */
  DT__FILE_OUT, /* const char*: a file to write; "-" is standard output */
  DT__NUMBER,   /* double in low..high */
  DT__INTEGER,  /* int in low..high */
  DT__SEED,     /* uint64_t, any */
  DT__CHOICE,   /* int: index into choices */
  DT__METER     /* dt_meter: "7/8" */
} dt__kind;

typedef struct dt__option {
  char letter;          /* 'q', or 0 */
  const char* name;     /* "quiet"; NULL ends the table */
  const char* argument; /* "BPM"; NULL for a flag */
  const char* help;     /* one or two sentences without a stop; NULL = hidden */
  dt__kind kind;
  size_t offset;              /* of the target inside the values the table belongs to */
  double low, high;           /* DT__NUMBER, DT__INTEGER: range, both ends allowed */
  const char* const* choices; /* DT__CHOICE: ends with NULL */
} dt__option;

#define DT__OPTION_END                                                                             \
  { 0, NULL, NULL, NULL, DT__FLAG, 0, 0, 0, NULL }

/* Options every command takes. */
typedef struct dt__globals {
  bool quiet;
  bool help;
  bool version;
  bool man;
  int color; /* index into dt__color_choices */
  int shell; /* index into dt__shell_choices, -1 = none asked for */
} dt__globals;

enum { DT__COLOR_AUTO, DT__COLOR_ALWAYS, DT__COLOR_NEVER };
enum { DT__SHELL_BASH, DT__SHELL_ZSH, DT__SHELL_FISH };
extern const dt__option dt__global_options[];

typedef struct dt__command {
  const char* name;    /* "judge" */
  const char* operand; /* "TAKE", shown in the synopsis; NULL = takes none */
  bool operand_optional;
  const char* operand_help;   /* what to give, for the message when it is missing */
  const char* operand_lister; /* shell command that lists what to complete; NULL = files */
  const char* summary;        /* one line, no stop */
  const char* const* paragraphs;
  const char* const* examples; /* pairs: what for, command line; ends with NULL */
  const dt__option* options;
  /* argv[0] is the command's name. Returns the exit status. */
  int (*run)(int argc, char** argv, dt__globals* globals);
} dt__command;

/* The commands, in the order shown; a NULL name ends the table. */
extern const dt__command dt__commands[];
const dt__command* dt__command_named(const char* name);

#define DT__MESSAGE_MAX 320

/*
 * Reads options up to the end of argv (operands may stand between them), or, with stop_at_operand,
 * to the first operand. Targets must hold their defaults before; options may be NULL. Returns the
 * index of the first operand: argv is reordered so that all operands come last. On a mistake
 * returns -1 and message holds one sentence. After --help it returns at once.
 */
int dt__options_parse(const dt__option* options, void* values, dt__globals* globals, int argc,
                      char** argv, bool stop_at_operand, char message[DT__MESSAGE_MAX]);

/* The name of options (of both tables) or commands nearest to a mistyped one; NULL if none is
 * near. */
const char* dt__nearest_option(const dt__option* options, const char* typed);
const char* dt__nearest_command(const char* typed);

/* True when b is a likely misspelling of a; *distance is then lowered. (Damerau, CACM 7, 1964:
 * a wrong, missing, extra or swapped letter each count 1.) */
bool dt__is_nearer(const char* a, const char* b, size_t* distance);

/* Everything made from the tables. */
dt_status dt__print_program_help(dt_sink sink);
dt_status dt__print_command_help(const dt__command* command, dt_sink sink);
dt_status dt__print_man(dt_sink sink);
dt_status dt__print_completions(int shell, dt_sink sink);

#endif
