#ifndef DT_COMMAND_H
#define DT_COMMAND_H

#include "option.h"

/* The whole program: what main returns. */
int dt__program(int argc, char** argv);

/* Options and operand of a command in one go: complains itself. Returns true when the command shall
 * go on; else *status is the exit status (help was shown, or a mistake). *operand is NULL when an
 * optional one was left out. */
bool dt__command_begin(const char* name, void* values, dt__globals* globals, int argc, char** argv,
                       const char** operand, int* status);

/* The same for a command that takes two operands. */
bool dt__command_begin_two(const char* name, void* values, dt__globals* globals, int argc,
                           char** argv, const char* operands[2], int* status);

/* The same for a command that takes one operand or more: argv[*first] to argv[argc - 1]. */
bool dt__command_begin_many(const char* name, void* values, dt__globals* globals, int argc,
                            char** argv, int* first, int* status);

int dt__judge_command(int argc, char** argv, dt__globals* globals);
int dt__listen_command(int argc, char** argv, dt__globals* globals);
int dt__beats_command(int argc, char** argv, dt__globals* globals);
int dt__play_command(int argc, char** argv, dt__globals* globals);
int dt__charts_command(int argc, char** argv, dt__globals* globals);
int dt__history_command(int argc, char** argv, dt__globals* globals);
int dt__compare_command(int argc, char** argv, dt__globals* globals);
int dt__export_command(int argc, char** argv, dt__globals* globals);
int dt__import_command(int argc, char** argv, dt__globals* globals);
int dt__practice_command(int argc, char** argv, dt__globals* globals);
int dt__serve_command(int argc, char** argv, dt__globals* globals);
int dt__progress_command(int argc, char** argv, dt__globals* globals);
int dt__replay_command(int argc, char** argv, dt__globals* globals);
int dt__calibrate_command(int argc, char** argv, dt__globals* globals);
int dt__devices_command(int argc, char** argv, dt__globals* globals);
int dt__selftest_command(int argc, char** argv, dt__globals* globals);
int dt__help_command(int argc, char** argv, dt__globals* globals);
int dt__version_command(int argc, char** argv, dt__globals* globals);

extern const dt__option dt__judge_options[];
extern const dt__option dt__listen_options[];
extern const dt__option dt__beats_options[];
extern const dt__option dt__play_options[];
extern const dt__option dt__charts_options[];
extern const dt__option dt__history_options[];
extern const dt__option dt__compare_options[];
extern const dt__option dt__export_options[];
extern const dt__option dt__import_options[];
extern const dt__option dt__practice_options[];
extern const dt__option dt__serve_options[];
extern const dt__option dt__progress_options[];
extern const dt__option dt__replay_options[];
extern const dt__option dt__calibrate_options[];
extern const dt__option dt__devices_options[];
extern const dt__option dt__selftest_options[];

/* The name of the library's chart that is nearest to a mistyped one; NULL if none is near. */
const char* dt__nearest_chart(const char* typed);

#endif
