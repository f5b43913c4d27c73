#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "listen.h"
#include "terminal.h"

/* What --output's ending may say. */
static const char* const endings[] = {".csv", ".json", ".mid"};

bool dt__listen_format_of(const char* path, dt__listen_format* format) {
  const char* point = strrchr(path, '.');
  if (point == NULL)
    return false;
  for (int i = DT__LISTEN_CSV; i <= DT__LISTEN_MIDI; ++i)
    if (strcasecmp(point, endings[i]) == 0) {
      *format = (dt__listen_format)i;
      return true;
    }
  if (strcasecmp(point, ".midi") == 0)
    *format = DT__LISTEN_MIDI;
  return strcasecmp(point, ".midi") == 0;
}

/* How much of a name stays when its ending goes; all of it where the ending says nothing. */
static size_t stem_of(const char* path) {
  dt__listen_format format;
  const char* slash = strrchr(path, '/');
  const char* name = slash != NULL ? slash + 1 : path;
  const char* point = strrchr(name, '.');
  const bool is_known = dt__listen_is_sound_name(name) || dt__listen_format_of(name, &format);
  return point != NULL && point > name && is_known ? (size_t)(point - path) : strlen(path);
}

static bool name_one(dt__listen_job* job, const char* ending, const char* folder,
                     bool keeps_ending) {
  char* path =
      folder != NULL ? dt__listen_join(folder, job->input + job->below) : strdup(job->input);
  if (path == NULL)
    return false;
  const size_t stem = keeps_ending ? strlen(path) : stem_of(path);
  const size_t size = stem + strlen(ending) + 1;
  free(job->output);
  job->output = malloc(size);
  if (job->output != NULL)
    snprintf(job->output, size, "%.*s%s", (int)stem, path, ending);
  free(path);
  job->makes_folders = folder != NULL;
  return job->output != NULL;
}

/* Where an output will stand. Two ways to write one folder are one folder; one that is not there
 * yet is known by its name. */
typedef struct place {
  dev_t device;
  ino_t inode; /* 0: not there yet */
  const char* name;
  dt__listen_job* job;
} place;

static place place_of(dt__listen_job* job) {
  place at = {.name = job->output, .job = job};
  struct stat about;
  char* slash = strrchr(job->output, '/');
  if (slash != NULL)
    *slash = '\0';
  const char* folder = slash == NULL ? "." : slash == job->output ? "/" : job->output;
  if (stat(folder, &about) == 0) {
    at.device = about.st_dev;
    at.inode = about.st_ino;
    at.name = slash != NULL ? slash + 1 : job->output;
  }
  if (slash != NULL)
    *slash = '/';
  return at;
}

static int by_place(const place* a, const place* b) {
  if (a->device != b->device)
    return a->device < b->device ? -1 : 1;
  if (a->inode != b->inode)
    return a->inode < b->inode ? -1 : 1;
  return strcmp(a->name, b->name);
}

/* Then in the order of the list. */
static int by_place_and_job(const void* left, const void* right) {
  const place* a = left;
  const place* b = right;
  const int order = by_place(a, b);
  return order != 0 ? order : a->job < b->job ? -1 : a->job > b->job;
}

static size_t sort_places(const dt__listen_list* list, place* places) {
  size_t count = 0;
  for (size_t i = 0; i < list->count; ++i)
    if (list->jobs[i].output != NULL)
      places[count++] = place_of(&list->jobs[i]);
  if (count > 0)
    qsort(places, count, sizeof *places, by_place_and_job);
  return count;
}

static bool is_same_file(const char* a, const char* b) {
  struct stat first;
  struct stat second;
  if (strcmp(a, b) == 0)
    return true;
  return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/* The jobs of one place: a file named again goes (its output is taken away, for drop_nameless); of
 * different files each keeps its ending. */
static bool part(place* places, size_t count, const char* ending, const char* folder,
                 bool* has_parted) {
  bool differ = false;
  for (size_t i = 1; i < count; ++i) {
    bool is_again = false;
    for (size_t j = 0; j < i && !is_again; ++j)
      is_again =
          places[j].job->output != NULL && is_same_file(places[j].job->input, places[i].job->input);
    differ = differ || !is_again;
    if (is_again) {
      free(places[i].job->output);
      places[i].job->output = NULL;
    }
  }
  for (size_t i = 0; differ && i < count; ++i)
    if (places[i].job->output != NULL && !name_one(places[i].job, ending, folder, true))
      return false;
  *has_parted = *has_parted || differ;
  return true;
}

static void drop_nameless(dt__listen_list* list) {
  size_t kept = 0;
  for (size_t i = 0; i < list->count; ++i)
    if (list->jobs[i].output != NULL || list->jobs[i].is_done)
      list->jobs[kept++] = list->jobs[i];
    else
      free(list->jobs[i].input);
  list->count = kept;
}

/* Two jobs may still have one name: a.wav.wav beside a.wav and a.mp3. */
static int check_apart(const dt__listen_list* list, const dt__listen_kind* kind, place* places) {
  const size_t count = sort_places(list, places);
  for (size_t i = 1; i < count; ++i)
    if (by_place(&places[i - 1], &places[i]) == 0)
      return dt__usage_error(kind->command,
                             "%.90s and %.90s would both be written to %.90s; name the "
                             "folder above them, or hear them one at a time",
                             places[i - 1].job->input, places[i].job->input, places[i].job->output);
  return DT__DONE;
}

static int name_all(dt__listen_list* list, place* places, const dt__listen_settings* settings,
                    const char* folder) {
  const char* ending = settings->kind->endings[settings->format];
  bool has_parted = false;
  for (size_t i = 0; i < list->count; ++i)
    if (!list->jobs[i].is_done && !name_one(&list->jobs[i], ending, folder, false))
      return dt__world_error(NULL, DT_NO_MEMORY, NULL);
  const size_t count = sort_places(list, places);
  for (size_t from = 0, to; from < count; from = to) {
    for (to = from + 1; to < count && by_place(&places[from], &places[to]) == 0;)
      ++to;
    if (!part(places + from, to - from, ending, folder, &has_parted))
      return dt__world_error(NULL, DT_NO_MEMORY, NULL);
  }
  drop_nameless(list);
  return has_parted ? check_apart(list, settings->kind, places) : DT__DONE;
}

int dt__listen_name(dt__listen_list* list, const dt__listen_settings* settings,
                    const char* folder) {
  place* places = malloc((list->count + 1) * sizeof *places);
  if (places == NULL)
    return dt__world_error(NULL, DT_NO_MEMORY, NULL);
  const int result = name_all(list, places, settings, folder);
  free(places);
  return result;
}
