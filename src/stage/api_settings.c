#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api_internal.h"
#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_setup.h"
#include "dt/kitmap.h"
#include "dt/pads.h"

#define KIT_MAX    ((size_t)1 << 20)
#define PAGE_MAX   ((size_t)4096)
#define FIRST_LINE "doubletime page 1\n"

static const char* const tones[] = {"plain", "kind", "stern", NULL};
static const char* const levels[] = {"player", "beginner", "pro", NULL};
static const char* const themes[] = {"auto", "light", "dark", "stage", NULL};

/* Choices of the page that the setup file knows nothing of; the first of each is the default. */
typedef struct choice {
  const char* name;
  const char* const* words;
} choice;
static const choice choices[] = {{"tone", tones}, {"level", levels}, {"theme", themes}};
enum { CHOICES = 3 };

typedef struct settings {
  dt_setup setup;
  int chosen[CHOICES];
} settings;

static int word_of(const choice* of, const char* text, size_t size) {
  for (int i = 0; of->words[i]; i++)
    if (strlen(of->words[i]) == size && memcmp(of->words[i], text, size) == 0)
      return i;
  return -1;
}

/* ---- reading ---- */

/* Lines "tone kind"; what is not known is passed over. */
static void read_choices(settings* s, const char* text, size_t size) {
  const char* end = text + size;
  while (text < end) {
    const char* stop = memchr(text, '\n', (size_t)(end - text));
    const size_t length = (size_t)((stop ? stop : end) - text);
    for (int i = 0; i < CHOICES; i++) {
      const size_t name = strlen(choices[i].name);
      if (length <= name || memcmp(text, choices[i].name, name) != 0 || text[name] != ' ')
        continue;
      const int word = word_of(&choices[i], text + name + 1, length - name - 1);
      s->chosen[i] = word >= 0 ? word : s->chosen[i];
    }
    text = stop ? stop + 1 : end;
  }
}

static dt_status read_settings(const dt__api* api, settings* s, dt_error* err) {
  char path[DT_HOME_PATH];
  dt_buffer text = {0};
  memset(s, 0, sizeof *s);
  if (!dt_home_file(path, sizeof path, api->home, "page"))
    return DT_OK;
  if (access(path, F_OK) == 0 && dt_file_read(&text, path, PAGE_MAX, NULL) == DT_OK && text.bytes)
    read_choices(s, (const char*)text.bytes, text.size);
  dt_buffer_clear(&text);
  if (!dt__api_setup(api, path))
    return DT_OK;
  return dt_setup_read(&s->setup, path, err);
}

/* The latency that holds now: of the chosen device, or the newest. */
static const dt_setup_latency* latency_of(const dt_setup* setup) {
  if (setup->device[0])
    return dt_setup_latency_of(setup, setup->device);
  return setup->latency_count > 0 ? &setup->latencies[0] : NULL;
}

static void put_text(dt_json* json, const char* key, const char* text) {
  dt_json_string(json, key, text[0] ? text : NULL);
}

static void put_latencies(dt_json* json, const dt_setup* setup) {
  dt_json_begin_array(json, "latencies");
  for (int i = 0; i < setup->latency_count; i++) {
    const dt_setup_latency* one = &setup->latencies[i];
    dt_json_begin_object(json, NULL);
    dt_json_string(json, "device", one->device);
    dt_json_number(json, "ms", one->ms, 2);
    dt__json_or_null(json, "low_ms", isfinite(one->low_ms), one->low_ms, 2);
    dt__json_or_null(json, "high_ms", isfinite(one->high_ms), one->high_ms, 2);
    dt_json_string(json, "day", one->day);
    dt_json_int(json, "rate_hz", one->rate_hz);
    dt_json_int(json, "period_frames", one->period_frames);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void answer(const settings* s, dt__reply* reply) {
  const dt_setup_latency* latency = latency_of(&s->setup);
  dt_json json = dt__reply_json(reply);
  dt_json_begin_object(&json, NULL);
  put_text(&json, "audio", s->setup.device);
  put_text(&json, "midi", strcmp(s->setup.midi, "none") == 0 ? "" : s->setup.midi);
  put_text(&json, "kit", s->setup.kit_map[0] ? dt_home_file_name(s->setup.kit_map) : "");
  dt__json_or_null(&json, "latency_ms", latency != NULL, latency ? latency->ms : 0, 2);
  dt__json_or_null(&json, "latency_low_ms", latency && isfinite(latency->low_ms),
                   latency ? latency->low_ms : 0, 2);
  dt__json_or_null(&json, "latency_high_ms", latency && isfinite(latency->high_ms),
                   latency ? latency->high_ms : 0, 2);
  dt_json_string(&json, "latency_day", latency ? latency->day : NULL);
  put_latencies(&json, &s->setup);
  for (int i = 0; i < CHOICES; i++)
    dt_json_string(&json, choices[i].name, choices[i].words[s->chosen[i]]);
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
}

void dt__answer_settings(dt__api* api, const dt__request* request, const dt__parts* parts,
                         dt__reply* reply) {
  settings s;
  dt_error err = {0};
  (void)request;
  (void)parts;
  if (read_settings(api, &s, &err) == DT_OK)
    answer(&s, reply);
  else
    dt__refuse(reply, 503, "The setup cannot be read: %s", err.sentence);
}

/* ---- changing ---- */

/* A field that was given; false: refused. */
typedef bool (*take_fn)(const dt__api* api, settings* s, const json_t* value, dt_error* err);

static bool refuse(dt_error* err, const char* sentence) {
  (void)dt_fail(err, DT_BAD_ARGUMENT, "%s", sentence);
  return false;
}

/* null empties it. */
static bool take_name(char* place, size_t size, const json_t* value, const char* sentence,
                      dt_error* err) {
  bool is_changed = false;
  const char* text = json_is_null(value) ? "" : json_string_value(value);
  const bool is_text = text && (json_is_null(value) || strlen(text) == json_string_length(value));
  if (!is_text || !dt_setup_choose(place, size, text, &is_changed))
    return refuse(err, sentence);
  return true;
}

static bool take_audio(const dt__api* api, settings* s, const json_t* value, dt_error* err) {
  (void)api;
  return take_name(s->setup.device, sizeof s->setup.device, value,
                   "audio is a device's name, as /devices has them, or null", err);
}

static bool take_midi(const dt__api* api, settings* s, const json_t* value, dt_error* err) {
  (void)api;
  return take_name(s->setup.midi, sizeof s->setup.midi, value,
                   "midi is a port's name, as /devices has them, or null", err);
}

/* A file's name cannot come from a page: only the one that is there, or none. */
static bool take_kit(const dt__api* api, settings* s, const json_t* value, dt_error* err) {
  const char* text = json_string_value(value);
  (void)api;
  if (json_is_null(value)) {
    s->setup.kit_map[0] = '\0';
    return true;
  }
  if (text && s->setup.kit_map[0] && strcmp(text, dt_home_file_name(s->setup.kit_map)) == 0)
    return true;
  return refuse(err, "kit can only be taken away, with null; kit_text brings another map");
}

static dt_status keep_file(const char* path, const char* text, size_t size, dt_error* err) {
  dt_outfile out = {0};
  (void)dt_home_make_folders(path); /* what failed is said below */
  const dt_status status = dt_outfile_open(&out, path, err);
  if (status != DT_OK)
    return status;
  if (size > 0)
    (void)fwrite(text, 1, size, out.file); /* commit looks whether it failed */
  return dt_outfile_commit(&out, err);
}

static bool take_kit_text(const dt__api* api, settings* s, const json_t* value, dt_error* err) {
  char path[DT_HOME_PATH];
  dt_ghosts ghosts;
  bool is_changed = false;
  const char* text = json_string_value(value);
  const size_t size = json_string_length(value);
  if (!text || size > KIT_MAX)
    return refuse(err, "kit_text is the text of a kit map, at most 1 MiB");
  dt_kitmap map = *dt_kitmap_at(0);
  if (dt_kitmap_extend(&map, text, size, err) != DT_OK ||
      dt_ghosts_parse(&ghosts, text, size, 48000, err) != DT_OK)
    return false;
  if (!dt_home_file(path, sizeof path, api->home, "page.kit"))
    return refuse(err, "There is no home folder for the kit map (HOME is not set)");
  return keep_file(path, text, size, err) == DT_OK &&
         (dt_setup_choose_kit_map(&s->setup, path, &is_changed) ||
          refuse(err, "The name of the home folder is too long for the setup"));
}

static bool drop_latency(dt_setup* setup, const char* device) {
  int kept = 0;
  for (int i = 0; i < setup->latency_count; i++)
    if (strcmp(setup->latencies[i].device, device) != 0)
      setup->latencies[kept++] = setup->latencies[i];
  setup->latency_count = kept;
  return true;
}

/* Of the device that is chosen; null: not measured. */
static bool take_latency(const dt__api* api, settings* s, const json_t* value, dt_error* err) {
  const dt_setup_latency* now = latency_of(&s->setup);
  const double ms = json_number_value(value);
  dt_port_info info = {.rate_hz = now ? now->rate_hz : 48000,
                       .period_frames = now ? now->period_frames : 0};
  (void)api;
  snprintf(info.device, sizeof info.device, "%s",
           s->setup.device[0] ? s->setup.device
           : now              ? now->device
                              : "");
  if (json_is_null(value))
    return drop_latency(&s->setup, info.device);
  if (!json_is_number(value) || !(fabs(ms) <= 2000))
    return refuse(err, "latency_ms is a number of milliseconds from -2000 to 2000, or null");
  if (now && fabs(ms - now->ms) < 0.005)
    return true;
  if (!info.device[0])
    return refuse(err, "Choose a sound device first: a latency belongs to one");
  dt_setup_put_latency(&s->setup, &info, ms);
  return true;
}

static bool take_choice(settings* s, int index, const json_t* value, dt_error* err) {
  char words[96] = "";
  const char* text = json_string_value(value);
  const int word = text ? word_of(&choices[index], text, json_string_length(value)) : -1;
  if (word >= 0) {
    s->chosen[index] = word;
    return true;
  }
  for (int i = 0; choices[index].words[i]; i++) {
    const size_t used = strlen(words);
    snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? ", " : "",
             choices[index].words[i]);
  }
  (void)dt_fail(err, DT_BAD_ARGUMENT, "%s is one of %s", choices[index].name, words);
  return false;
}

/* The device first: the latency is its. */
static const struct {
  const char* name;
  take_fn take;
} fields[] = {{"audio", take_audio},
              {"midi", take_midi},
              {"kit", take_kit},
              {"kit_text", take_kit_text},
              {"latency_ms", take_latency}};
enum { FIELDS = 5 };

/* What the answer has and nobody can choose. */
static bool is_told_only(const char* name) {
  static const char* const names[] = {"latency_low_ms", "latency_high_ms", "latency_day",
                                      "latencies", NULL};
  for (int i = 0; names[i]; i++)
    if (strcmp(names[i], name) == 0)
      return true;
  return false;
}

static bool is_field(const char* name) {
  for (int i = 0; i < FIELDS; i++)
    if (strcmp(fields[i].name, name) == 0)
      return true;
  for (int i = 0; i < CHOICES; i++)
    if (strcmp(choices[i].name, name) == 0)
      return true;
  return is_told_only(name);
}

static bool take_all(const dt__api* api, settings* s, json_t* wishes, dt_error* err) {
  const char* name = NULL;
  json_t* value = NULL;
  if (!json_is_object(wishes))
    return refuse(err, "Settings are one JSON object");
  json_object_foreach(wishes, name, value) {
    if (!is_field(name)) {
      (void)dt_fail(err, DT_BAD_ARGUMENT, "There is no setting called '%s'", dt__show(name).text);
      return false;
    }
  }
  for (int i = 0; i < CHOICES; i++) {
    value = json_object_get(wishes, choices[i].name);
    if (value && !take_choice(s, i, value, err))
      return false;
  }
  for (int i = 0; i < FIELDS; i++) {
    value = json_object_get(wishes, fields[i].name);
    if (value && !fields[i].take(api, s, value, err))
      return false;
  }
  return true;
}

static dt_status keep(const dt__api* api, const settings* s, dt_error* err) {
  char path[DT_HOME_PATH];
  char text[256];
  if (!dt__api_setup(api, path))
    return dt_fail(err, DT_IO, "There is no home folder for them (HOME is not set)");
  (void)dt_home_make_folders(path); /* what failed is said below */
  dt_status status = dt_setup_write(&s->setup, path, err);
  snprintf(text, sizeof text, FIRST_LINE "tone %s\nlevel %s\ntheme %s\n", tones[s->chosen[0]],
           levels[s->chosen[1]], themes[s->chosen[2]]);
  if (status == DT_OK && dt_home_file(path, sizeof path, api->home, "page"))
    status = keep_file(path, text, strlen(text), err);
  return status;
}

void dt__answer_settings_put(dt__api* api, const dt__request* request, const dt__parts* parts,
                             dt__reply* reply) {
  settings s;
  dt_error err = {0};
  json_error_t wrong;
  (void)parts;
  json_t* wishes = json_loadb(request->body_size > 0 ? (const char*)request->body : "",
                              request->body_size, JSON_REJECT_DUPLICATES, &wrong);
  if (!wishes) {
    dt__refuse(reply, 422, "This is not JSON: line %d, column %d", wrong.line, wrong.column);
    return;
  }
  dt_status status = read_settings(api, &s, &err);
  if (status != DT_OK)
    dt__refuse(reply, 503, "The setup cannot be read: %s", err.sentence);
  else if (!take_all(api, &s, wishes, &err))
    dt__refuse_error(reply, err.status, &err);
  else if (keep(api, &s, &err) != DT_OK)
    dt__refuse(reply, 503, "The settings cannot be kept: %s", err.sentence);
  else
    answer(&s, reply);
  json_decref(wishes);
}
