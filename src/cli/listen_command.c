#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "dt/kitmap.h"
#include "listen.h"
#include "output.h"
#include "terminal.h"

#define THREADS_MAX 256

typedef struct listen_values {
  int format; /* index into format_choices = dt__listen_format; -1: not given */
  const char* output;
  int threads; /* 0: as many as there are processors */
  double min_confidence;
  const char* kit;
  const char* kit_map;
  bool force;
} listen_values;

static const char* const format_choices[] = {"csv", "json", "midi", "labels", "text", NULL};

#define AT(field) offsetof(listen_values, field)

const dt__option dt__listen_options[] = {
    {'f', "format", "FORMAT",
     "csv, json, midi, labels or text (default: by the ending of --output, else csv; text for one "
     "FILE on a terminal)",
     DT__CHOICE, AT(format), 0, 0, format_choices},
    {'o', "output", "PLACE",
     "Where to write: a file for one FILE (- is standard output), a folder for several (it is made "
     "where it is missing)",
     DT__FILE_OUT, AT(output), 0, 0, NULL},
    {0, "min-confidence", "P",
     "Leave out strokes that are less sure than this, 0 to 1 (default 0: all that the ear reports)",
     DT__NUMBER, AT(min_confidence), 0, 1, NULL},
    {'j', "threads", "N", "Files heard at a time (default: as many as there are processors)",
     DT__INTEGER, AT(threads), 1, THREADS_MAX, NULL},
    {0, "force", NULL, "Replace outputs that are there already", DT__FLAG, AT(force), 0, 0, NULL},
    {0, "kit", "NAME",
     "MIDI: the kit's note map: gm, roland, alesis or yamaha (default: the one that fits best)",
     DT__TEXT, AT(kit), 0, 0, NULL},
    {0, "kit-map", "FILE",
     "MIDI: your own notes on top of it: lines of NOTE DRUM, as in '22 hihat_closed'", DT__FILE_IN,
     AT(kit_map), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct listen_job {
  listen_values values;
  dt__listen_settings settings;
  dt__listen_list list;
  bool is_single; /* one file, and no folder was named */
} listen_job;

static bool is_dash(const char* path) {
  return path != NULL && strcmp(path, "-") == 0;
}

static bool is_folder(const char* path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static size_t name_of(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static int add_input(listen_job* job, const char* input) {
  bool is_added = false;
  if (is_folder(input))
    is_added = dt__listen_add_folder(&job->list, input) == DT_OK;
  else
    is_added = dt__listen_add(&job->list, input, name_of(input)) != NULL;
  return is_added ? DT__DONE : dt__world_error(NULL, DT_NO_MEMORY, NULL);
}

/* Standard input has no name to write to, so it comes alone. */
static int add_inputs(listen_job* job, char** inputs, int count) {
  int result = DT__DONE;
  job->is_single = count == 1 && !is_folder(inputs[0]);
  for (int i = 0; i < count; ++i)
    if (is_dash(inputs[i]) && count > 1)
      return dt__usage_error("listen", "standard input is heard alone; leave out the other files");
  if (is_dash(inputs[0]) && isatty(STDIN_FILENO) == 1)
    return dt__usage_error("listen",
                           "standard input is a terminal; pipe sound into it or name a file");
  for (int i = 0; i < count && result == DT__DONE; ++i)
    result = add_input(job, inputs[i]);
  return result;
}

/* Is the output one file, rather than a folder of them? */
static bool writes_one(const listen_job* job) {
  const char* output = job->values.output;
  const size_t length = output != NULL ? strlen(output) : 0;
  return job->is_single && (length == 0 || (output[length - 1] != '/' && !is_folder(output)));
}

static int choose_format(listen_job* job, bool to_screen) {
  const char* output = job->values.output;
  const char* name = output != NULL ? output + name_of(output) : "";
  job->settings.format = DT__LISTEN_CSV;
  if (job->values.format >= 0)
    job->settings.format = (dt__listen_format)job->values.format;
  else if (to_screen)
    job->settings.format = DT__LISTEN_TEXT;
  else if (writes_one(job) && strchr(name, '.') != NULL &&
           !dt__listen_format_of(name, &job->settings.format))
    return dt__usage_error("listen",
                           "--output ends in none of .csv, .json and .mid: '%.120s'; say what to "
                           "write with --format",
                           output);
  if (to_screen && job->settings.format == DT__LISTEN_MIDI)
    return dt__usage_error("listen", "a terminal shows no MIDI; name a file with --output");
  return DT__DONE;
}

static int check_kit(const listen_values* values) {
  if (values->kit == NULL || dt_kitmap_named(values->kit) != NULL)
    return DT__DONE;
  char names[160] = "";
  for (size_t i = 0; dt_kitmap_at(i) != NULL; ++i) {
    const size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", dt_kitmap_at(i)->name);
  }
  return dt__usage_error("listen", "--kit knows %s, not '%.60s'; --kit-map takes your own", names,
                         values->kit);
}

static int choose_outputs(listen_job* job) {
  const char* output = job->values.output;
  if (!writes_one(job)) {
    struct stat about;
    if (is_dash(output))
      return dt__usage_error("listen", "several files cannot share standard output; name a folder");
    if (output != NULL && stat(output, &about) == 0 && !S_ISDIR(about.st_mode))
      return dt__usage_error("listen", "--output is a file, '%.160s', and several need a folder",
                             output);
    if (is_dash(job->list.jobs[0].input))
      return dt__usage_error("listen", "standard input has no name; name a file with --output");
    return dt__listen_name(&job->list, job->settings.format, output);
  }
  if (output == NULL || is_dash(output))
    return DT__DONE;
  job->list.jobs[0].output = strdup(output);
  return job->list.jobs[0].output != NULL ? DT__DONE : dt__world_error(NULL, DT_NO_MEMORY, NULL);
}

static int prepare(listen_job* job, char** inputs, int count, const dt__globals* globals) {
  int result = check_kit(&job->values);
  if (result == DT__DONE)
    result = add_inputs(job, inputs, count);
  if (result != DT__DONE)
    return result;
  const char* output = job->values.output;
  const bool to_screen =
      job->is_single && (output == NULL || is_dash(output)) && isatty(STDOUT_FILENO) == 1;
  job->settings.min_confidence = job->values.min_confidence;
  job->settings.kit = job->values.kit;
  job->settings.kit_map = job->values.kit_map;
  job->settings.color = to_screen && dt__wants_color(globals);
  result = choose_format(job, to_screen);
  if (result == DT__DONE)
    result = choose_outputs(job);
  if (result == DT__DONE)
    result = dt__listen_protect(&job->list, job->values.force);
  return result;
}

static int thread_count(const listen_values* values) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (values->threads > 0)
    return values->threads;
  return processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (int)processors;
}

static dt_status write_bytes(void* context, dt_sink sink) {
  const dt_buffer* bytes = context;
  return dt_sink_write(sink, bytes->bytes, bytes->size);
}

static int work(listen_job* job, const dt__globals* globals) {
  int result = dt__listen_run(&job->settings, &job->list, thread_count(&job->values), globals);
  dt__listen_job* first = &job->list.jobs[0];
  if (result == DT__DONE && job->is_single && first->stroke_count == 0)
    dt__note(globals, "%s: no strokes in it",
             is_dash(first->input) ? "standard input" : first->input);
  if (result == DT__DONE && job->is_single && first->output == NULL)
    result = dt__print(write_bytes, &first->bytes);
  return result;
}

int dt__listen_command(int argc, char** argv, dt__globals* globals) {
  listen_job job;
  memset(&job, 0, sizeof job);
  job.values.format = -1;
  int first = 0;
  int result = DT__DONE;
  if (!dt__command_begin_many("listen", &job.values, globals, argc, argv, &first, &result))
    return result;
  result = prepare(&job, argv + first, argc - first, globals);
  if (result == DT__DONE)
    result = work(&job, globals);
  dt__listen_clear(&job.list);
  return result;
}
