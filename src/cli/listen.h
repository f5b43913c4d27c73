#ifndef DT_LISTEN_H
#define DT_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/codec.h"
#include "dt/sink.h"
#include "option.h"
#include "terminal.h"

/* What the commands that hear many files are made of, `listen` and `beats`: their common options
 * (listen_prepare.c), a list of jobs (listen_list.c, listen_folder.c), names for what they write
 * (listen_name.c, listen_protect.c), threads that work them off (listen_run.c), the work itself
 * (listen_hear.c), and what is said about it (listen_say.c). */

typedef enum dt__listen_format {
  DT__LISTEN_CSV,
  DT__LISTEN_JSON,
  DT__LISTEN_MIDI,
  DT__LISTEN_LABELS,
  DT__LISTEN_TEXT,
  DT__LISTEN_CLICK, /* sound */
  DT__LISTEN_FORMATS
} dt__listen_format;

struct dt__listen_heard;

/* A command: what it makes of the files that were heard. */
typedef struct dt__listen_kind {
  const char* command;                     /* "listen" */
  const char* counted;                     /* "stroke": what job->made_count counts */
  const char* endings[DT__LISTEN_FORMATS]; /* of outputs; NULL: it does not write that */
  const char* known_endings;               /* of --output, as people say them */
  /* Both fill job->made_count. write_sound is for DT__LISTEN_CLICK, NULL where there is none; its
   * path may be "-". */
  dt_status (*write)(struct dt__listen_heard* heard, dt_sink sink, dt_error* err);
  dt_status (*write_sound)(struct dt__listen_heard* heard, const char* path, dt_error* err);
} dt__listen_kind;

typedef struct dt__listen_settings {
  const dt__listen_kind* kind;
  const void* extra; /* what more the kind must know */
  dt__listen_format format;
  double min_confidence;
  const char* kit;     /* as in dt_take_options */
  const char* kit_map; /* as in dt_take_options */
  bool color;
} dt__listen_settings;

/* One file. While a run lasts, what stands below `part_done` is under its lock. */
typedef struct dt__listen_job {
  char* input;
  size_t below;       /* where its name below the folder that was named begins, in input */
  char* output;       /* NULL: into `bytes` */
  bool makes_folders; /* those that its output lacks */
  double weight;      /* of the work: bytes */
  bool is_left;       /* its output is there already and stays */

  double part_done; /* 0..1 */
  double heard_s;   /* of sound */
  bool is_done;     /* finished, well or not; a job of which this is set is not worked on */
  dt_status status;
  bool is_output_at_fault; /* else the input is */
  dt_error err;
  size_t stroke_count;
  size_t made_count; /* strokes, or what else the kind counts */
  dt_buffer bytes;
} dt__listen_job;

typedef struct dt__listen_list {
  dt__listen_job* jobs;
  size_t count;
  size_t capacity;
} dt__listen_list;

/* Adds a job for one file; NULL without memory. */
dt__listen_job* dt__listen_add(dt__listen_list* list, const char* input, size_t below);
void dt__listen_clear(dt__listen_list* list);

/* Adds the sound files of a folder and those in it, by name and in the order of their names. What
 * begins with a point is left out, links to folders are not followed. A folder that cannot be read,
 * or has no sound file in it, becomes a job that has failed. Errors: DT_NO_MEMORY. */
dt_status dt__listen_add_folder(dt__listen_list* list, const char* folder) DT_NODISCARD;

/* "a/b" from "a" or "a/" and "b"; NULL without memory. */
char* dt__listen_join(const char* folder, const char* name);

/* Does this name end as sound files do? */
bool dt__listen_is_sound_name(const char* name);

/* The format that a file's ending asks for; false where it says none. */
bool dt__listen_format_of(const char* path, dt__listen_format* format);

/* Gives every job its output: beside its input or (folder not NULL) below folder, NAME.csv for
 * NAME.wav; where two would get one name, NAME.wav.csv and NAME.mp3.csv. A file that was named
 * twice loses its second job. Complains itself; exit status. */
int dt__listen_name(dt__listen_list* list, const dt__listen_settings* settings, const char* folder);

/* Refuses outputs that are inputs, and marks what is there already unless force is set. Complains
 * itself; exit status. */
int dt__listen_protect(dt__listen_list* list, const char* command, bool force);

typedef struct dt__listen_news {
  /* Called now and then by the thread that hears; false stops it. */
  bool (*tell)(void* context, dt__listen_job* job, double part_done, double heard_s);
  void* context;
} dt__listen_news;

/* What a kind writes from. */
typedef struct dt__listen_heard {
  const dt__listen_settings* settings;
  dt__listen_job* job;
  dt__listen_news news;
  dt_take take;
  dt_sound_info sound; /* rate_hz 0: the take is no sound */
} dt__listen_heard;

/* Hears job->input and writes what the kind makes of it to job->output or job->bytes; fills the
 * job's results but for is_done. Any thread. */
void dt__listen_hear(const dt__listen_settings* settings, dt__listen_job* job,
                     dt__listen_news news);

/* Works all jobs off with so many threads; the results do not depend on their number. Says what
 * failed in the order of the list. Exit status. */
int dt__listen_run(const dt__listen_settings* settings, dt__listen_list* list, int thread_count,
                   const dt__globals* globals);

/* What is said of a run, on standard error: one line while it lasts; why one job failed; what came
 * of all (its result is the exit status). `done` counts finished jobs. */
void dt__listen_show(const dt__listen_list* list, size_t done, dt__progress* progress);
void dt__listen_complain(const dt__listen_job* job);
int dt__listen_end(const dt__listen_list* list, const char* counted, bool was_stopped,
                   double elapsed_s, const dt__globals* globals);

/* The options that such commands share, and one run of such a command. */
typedef struct dt__listen_values {
  int format; /* dt__listen_format; -1: not given */
  const char* output;
  int threads; /* 0: as many as there are processors */
  double min_confidence;
  const char* kit;
  const char* kit_map;
  bool force;
} dt__listen_values;

enum { DT__LISTEN_THREADS_MAX = 256 };

typedef struct dt__listen_batch {
  const dt__listen_values* values;
  dt__listen_settings settings;
  dt__listen_list list;
  bool is_single; /* one file, and no folder was named */
} dt__listen_batch;

/* From zero but for settings.kind and settings.extra: jobs with their outputs. Complains itself;
 * exit status. */
int dt__listen_prepare(dt__listen_batch* batch, const dt__listen_values* values, char** inputs,
                       int count, const dt__globals* globals);

/* Hears all, and prints what has no file to go to. Exit status. */
int dt__listen_all(dt__listen_batch* batch, const dt__globals* globals);

#endif
