#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dt/kitmap.h"
#include "listen.h"
#include "output.h"
#include "terminal.h"

static const char* command_of(const dt__listen_batch* batch) {
  return batch->settings.kind->command;
}

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

static int add_input(dt__listen_batch* batch, const char* input) {
  bool is_added = false;
  if (is_folder(input))
    is_added = dt__listen_add_folder(&batch->list, input) == DT_OK;
  else
    is_added = dt__listen_add(&batch->list, input, name_of(input)) != NULL;
  return is_added ? DT__DONE : dt__world_error(NULL, DT_NO_MEMORY, NULL);
}

/* Standard input has no name to write to, so it comes alone. */
static int add_inputs(dt__listen_batch* batch, char** inputs, int count) {
  int result = DT__DONE;
  batch->is_single = count == 1 && !is_folder(inputs[0]);
  for (int i = 0; i < count; ++i)
    if (is_dash(inputs[i]) && count > 1)
      return dt__usage_error(command_of(batch),
                             "standard input is heard alone; leave out the other files");
  if (is_dash(inputs[0]) && isatty(STDIN_FILENO) == 1)
    return dt__usage_error(command_of(batch),
                           "standard input is a terminal; pipe sound into it or name a file");
  for (int i = 0; i < count && result == DT__DONE; ++i)
    result = add_input(batch, inputs[i]);
  return result;
}

/* Is the output one file, rather than a folder of them? */
static bool writes_one(const dt__listen_batch* batch) {
  const char* output = batch->values->output;
  const size_t length = output != NULL ? strlen(output) : 0;
  return batch->is_single && (length == 0 || (output[length - 1] != '/' && !is_folder(output)));
}

static bool format_of(dt__listen_batch* batch, const char* name) {
  const char* point = strrchr(name, '.');
  if (batch->settings.kind->write_sound != NULL && point != NULL &&
      (strcasecmp(point, ".wav") == 0 || strcasecmp(point, ".flac") == 0)) {
    batch->settings.format = DT__LISTEN_CLICK;
    return true;
  }
  return dt__listen_format_of(name, &batch->settings.format);
}

static int choose_format(dt__listen_batch* batch, bool to_screen) {
  const char* output = batch->values->output;
  const char* name = output != NULL ? output + name_of(output) : "";
  batch->settings.format = DT__LISTEN_CSV;
  if (batch->values->format >= 0)
    batch->settings.format = (dt__listen_format)batch->values->format;
  else if (to_screen)
    batch->settings.format = DT__LISTEN_TEXT;
  else if (writes_one(batch) && strchr(name, '.') != NULL && !format_of(batch, name))
    return dt__usage_error(command_of(batch),
                           "--output ends in none of %s: '%.120s'; say what to write with --format",
                           batch->settings.kind->known_endings, output);
  const bool is_click = batch->settings.format == DT__LISTEN_CLICK;
  if (to_screen && (is_click || batch->settings.format == DT__LISTEN_MIDI))
    return dt__usage_error(command_of(batch), "a terminal shows no %s; name a file with --output",
                           is_click ? "sound" : "MIDI");
  if (is_click && is_dash(batch->list.jobs[0].input))
    return dt__usage_error(command_of(batch),
                           "standard input can be read only once, and a click track needs the "
                           "sound again; name a file");
  return DT__DONE;
}

static int check_kit(const dt__listen_batch* batch) {
  const dt__listen_values* values = batch->values;
  if (values->kit == NULL || dt_kitmap_named(values->kit) != NULL)
    return DT__DONE;
  char names[160] = "";
  for (size_t i = 0; dt_kitmap_at(i) != NULL; ++i) {
    const size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", dt_kitmap_at(i)->name);
  }
  return dt__usage_error(command_of(batch), "--kit knows %s, not '%.60s'; --kit-map takes your own",
                         names, values->kit);
}

static int choose_outputs(dt__listen_batch* batch) {
  const char* output = batch->values->output;
  if (!writes_one(batch)) {
    struct stat about;
    if (is_dash(output))
      return dt__usage_error(command_of(batch),
                             "several files cannot share standard output; name a folder");
    if (output != NULL && stat(output, &about) == 0 && !S_ISDIR(about.st_mode))
      return dt__usage_error(command_of(batch),
                             "--output is a file, '%.160s', and several need a folder", output);
    if (is_dash(batch->list.jobs[0].input))
      return dt__usage_error(command_of(batch),
                             "standard input has no name; name a file with --output");
    return dt__listen_name(&batch->list, &batch->settings, output);
  }
  if (output == NULL || is_dash(output))
    return DT__DONE;
  batch->list.jobs[0].output = strdup(output);
  return batch->list.jobs[0].output != NULL ? DT__DONE : dt__world_error(NULL, DT_NO_MEMORY, NULL);
}

int dt__listen_prepare(dt__listen_batch* batch, const dt__listen_values* values, char** inputs,
                       int count, const dt__globals* globals) {
  batch->values = values;
  int result = check_kit(batch);
  if (result == DT__DONE)
    result = add_inputs(batch, inputs, count);
  if (result != DT__DONE)
    return result;
  const char* output = batch->values->output;
  const bool to_screen =
      batch->is_single && (output == NULL || is_dash(output)) && isatty(STDOUT_FILENO) == 1;
  batch->settings.min_confidence = batch->values->min_confidence;
  batch->settings.kit = batch->values->kit;
  batch->settings.kit_map = batch->values->kit_map;
  batch->settings.color = to_screen && dt__wants_color(globals);
  result = choose_format(batch, to_screen);
  if (result == DT__DONE)
    result = choose_outputs(batch);
  if (result == DT__DONE)
    result = dt__listen_protect(&batch->list, command_of(batch), batch->values->force);
  return result;
}

static int thread_count(const dt__listen_values* values) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (values->threads > 0)
    return values->threads;
  return processors < 1                        ? 1
         : processors > DT__LISTEN_THREADS_MAX ? DT__LISTEN_THREADS_MAX
                                               : (int)processors;
}

static dt_status write_bytes(void* context, dt_sink sink) {
  const dt_buffer* bytes = context;
  return dt_sink_write(sink, bytes->bytes, bytes->size);
}

int dt__listen_all(dt__listen_batch* batch, const dt__globals* globals) {
  int result = dt__listen_run(&batch->settings, &batch->list, thread_count(batch->values), globals);
  dt__listen_job* first = &batch->list.jobs[0];
  if (result == DT__DONE && batch->is_single && first->stroke_count == 0)
    dt__note(globals, "%s: no strokes in it",
             is_dash(first->input) ? "standard input" : first->input);
  if (result == DT__DONE && batch->is_single && first->output == NULL)
    result = dt__print(write_bytes, &first->bytes);
  return result;
}
