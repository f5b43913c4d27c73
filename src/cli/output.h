#ifndef DT_OUTPUT_H
#define DT_OUTPUT_H

#include "option.h"
#include "terminal.h"

/* A file that the user asked for; path NULL = not asked for. */
typedef struct dt__output {
  const char* option; /* "--json" */
  const char* path;
  dt_status (*write)(void* context, dt_sink sink);
  void* context;
} dt__output;

/* Refuses two outputs to one place, and an output over the input (NULL = none). On a mistake
 * message holds one sentence and the result is false. */
bool dt__outputs_agree(const dt__output* outputs, size_t count, const char* input,
                       char message[DT__MESSAGE_MAX]);

/* No text when an output goes to standard output itself, or --quiet stands beside an output. */
bool dt__outputs_silence_text(const dt__output* outputs, size_t count, const dt__globals* globals);

/* Writes each that was asked for, whole or not at all; complains itself. Exit status. */
int dt__outputs_write(const dt__output* outputs, size_t count);

/* Writes to standard output through `write` and makes sure that it arrived. Exit status. */
int dt__print(dt_status (*write)(void* context, dt_sink sink), void* context);

/* An output's write function for a take as a Standard MIDI File; context is the dt_take. */
dt_status dt__write_midi(void* take, dt_sink sink);

#endif
