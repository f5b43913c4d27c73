#include <string.h>

#include "dt/backing.h"
#include "dt/file.h"
#include "dt/pads.h"
#include "practice.h"

#define KIT_MAP_BYTES_MAX ((size_t)1 << 20)
#define BAND_BYTES_MAX    ((size_t)16 << 20)

static dt_status read_kit_map(dt_buffer* file, const char* path, dt_error* err) {
  dt_status status = dt_file_read(file, path, KIT_MAP_BYTES_MAX, err);
  const char* text = file->bytes ? (const char*)file->bytes : "";
  dt_kitmap map = *dt_kitmap_at(0);
  dt_ghosts ghosts;
  if (status == DT_OK)
    status = dt_kitmap_extend(&map, text, file->size, err);
  if (status == DT_OK)
    status = dt_ghosts_parse(&ghosts, text, file->size, 48000, err);
  return status;
}

static dt_status read_band(dt_buffer* file, const char* path, const dt__practice_plan* plan,
                           const dt__globals* globals, dt_error* err) {
  dt_backing* backing = NULL;
  dt_status status = dt_file_read(file, path, BAND_BYTES_MAX, err);
  if (status == DT_OK)
    status = dt_backing_new(&backing, NULL, file->bytes, file->size,
                            dt_tempo_map_meter(&plan->charts[0].map, 0), err);
  for (int i = 0; status == DT_OK && i < plan->chart_count; i++) {
    const dt_chart* chart = &plan->charts[i];
    status = dt_backing_fits(backing, chart, err);
    if (status == DT_OK && dt_backing_swings(backing, chart->swing_pair, chart->swing))
      dt__note(globals, "%s is straight: it swings as %s does, %.0f %%", path,
               plan->plan.exercises[i].chart, 100 * chart->swing);
  }
  dt_backing_free(backing);
  return status;
}

int dt__practice_files_read(dt__practice_files* files, const dt__practice_values* values,
                            const dt__practice_plan* plan, const dt__globals* globals) {
  dt_error err = {0};
  dt_status status = DT_OK;
  if (values->kit_map)
    status = read_kit_map(&files->kit_map, values->kit_map, &err);
  if (status != DT_OK)
    return dt__world_error(values->kit_map, status, &err);
  if (values->band)
    status = read_band(&files->band, values->band, plan, globals, &err);
  return status == DT_OK ? DT__DONE : dt__world_error(values->band, status, &err);
}

void dt__practice_files_clear(dt__practice_files* files) {
  dt_buffer_clear(&files->kit_map);
  dt_buffer_clear(&files->band);
}
